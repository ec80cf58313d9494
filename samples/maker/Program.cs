using System.IO.Compression;
using System.Text;
using ClinicFlow.SampleMaker;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;

// Writes the files of samples/consent-forms into the folder named, or into the one the program is started from.
// The same bytes come out at every run.
var folder = Directory.CreateDirectory(args.Length > 0 ? args[0] : ".").FullName;
var template = Pack(ConsentTemplate.MakeParts());
var errors = Validate(template);
if (errors.Count > 0)
{
    Console.Error.WriteLine("The template is not valid; nothing was written.");
    Console.Error.WriteLine(string.Join('\n', errors));
    return 1;
}

var patients = Patients.Make();
File.WriteAllBytes(Path.Combine(folder, "consent-form.docx"), template);
File.WriteAllBytes(Path.Combine(folder, "patients.csv"), PatientFiles.WriteCsv(patients));
File.WriteAllBytes(Path.Combine(folder, "patients.json"), PatientFiles.WriteJson(patients));
Console.WriteLine($"Wrote consent-form.docx and {patients.Count} patients to {folder}");
return 0;

static byte[] Pack(IReadOnlyList<(string Name, byte[] Content)> parts)
{
    using var file = new MemoryStream();
    using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true, Encoding.ASCII))
    {
        foreach (var (name, content) in parts)
        {
            var entry = zip.CreateEntry(name, CompressionLevel.Optimal);

            // Word writes the first day that ZIP can hold, and the bytes stay the same from run to run.
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            entry.ExternalAttributes = 0;
            using var stream = entry.Open();
            stream.Write(content);
        }
    }

    return file.ToArray();
}

static List<string> Validate(byte[] template)
{
    using var document = WordprocessingDocument.Open(new MemoryStream(template), isEditable: false);
    return [.. new OpenXmlValidator(FileFormatVersions.Microsoft365).Validate(document).Select(error => $"{error.Part?.Uri} {error.Path?.XPath}: {error.Description}")];
}
