using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using ClinicFlow.Documents.Engines;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using UglyToad.PdfPig.Writer;
using Xunit;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>Tests that start processes run one after another, so that each can say which processes are its own.</summary>
[CollectionDefinition("engine processes", DisableParallelization = true)]
public sealed class EngineProcesses;

/// <summary>A directory of a test, with what it takes to make documents, fake engines and claims about leftovers.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class EngineCase : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("engine-case-").FullName;

    public string Temp => Path.Combine(_directory, "temp");

    public LibreOfficeOptions Options => new() { TemporaryFolder = Temp, Processes = 1 };

    /// <summary>Where fake engines write down their calls, one line each.</summary>
    public string[] Calls => File.Exists(CallsPath) ? File.ReadAllLines(CallsPath) : [];

    public string IdsPath => Path.Combine(_directory, "ids");

    private string CallsPath => Path.Combine(_directory, "calls");

    /// <summary>
    /// A shell script in the place of LibreOffice. For each document it runs <paramref name="perDocument"/>, which knows
    /// <c>$in</c>, <c>$out</c>, <c>$text</c> (what the document holds) and the functions <c>say</c>, which prints the line
    /// that LibreOffice prints between loading and writing a document, and <c>make</c>, which does so and writes a whole PDF.
    /// </summary>
    public string FakeEngine(string perDocument)
    {
        var path = Path.Combine(_directory, "fake-engine");
        File.WriteAllText(path, $$"""
            #!/bin/sh
            echo $$ >> "{{IdsPath}}"
            documents=""
            while [ $# -gt 0 ]; do
              case "$1" in
                --outdir) folder="$2"; shift;;
                *.docx) documents="$documents $1";;
              esac
              shift
            done
            echo $documents | wc -w >> "{{CallsPath}}"
            say() { echo "convert $in -> $out using filter : writer_pdf_Export"; }
            make() { say; printf '%%PDF-1.4\n%s\n%%%%EOF\n' "$text" > "$out"; }
            for in in $documents; do
              out="$folder/$(basename "$in" .docx).pdf"
              text=$(cat "$in")
              {{perDocument}}
            done
            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public static PdfSource Fake(string text) => new($"row {text}", Encoding.ASCII.GetBytes(text));

    public static PdfSource Letter(string name, params string[] paragraphs) => new(name, Docx(body =>
    {
        foreach (var text in paragraphs) { body.Append(new Paragraph(new Run(new Text(text)))); }
    }));

    public static byte[] Docx(Action<Body> write)
    {
        using var stream = new MemoryStream();
        using (var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            var main = document.AddMainDocumentPart();
            var body = new Body();
            write(body);
            main.Document = new Document(body);
        }

        return stream.ToArray();
    }

    /// <summary>A PDF of blank pages, each so many points wide, the height always 500.</summary>
    public static byte[] Pdf(params int[] widths)
    {
        using var builder = new PdfDocumentBuilder();
        foreach (var width in widths) { builder.AddPage(width, 500); }

        return builder.Build();
    }

    /// <summary>How many pages a PDF has.</summary>
    public int Pages(ReadOnlyMemory<byte> pdf) => PdfMerge.CountPages(new PdfMergePart("a PDF", Keep(pdf.Span)));

    /// <summary>Writes a file of its own, and tells its path.</summary>
    public string Keep(ReadOnlySpan<byte> bytes)
    {
        var path = Path.Combine(_directory, $"{Guid.NewGuid():N}.pdf");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public static async Task<PdfConversionException> FailureOf(Task conversion)
        => await Assert.ThrowsAsync<PdfConversionException>(() => conversion);

    /// <summary>Waits, within reason, until a claim holds.</summary>
    public static async Task Until(Func<bool> holds)
    {
        var held = holds();
        for (var i = 0; i < 1000 && !held; i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            held = holds();
        }

        Assert.True(held);
    }

    /// <summary>Claims that no process the fake engines wrote down lives.</summary>
    public void NoProcessIsLeft()
    {
        var ids = File.ReadAllLines(IdsPath);

        Assert.NotEmpty(ids);
        Assert.DoesNotContain(ids, id => IsAlive(int.Parse(id, CultureInfo.InvariantCulture)));
    }

    /// <summary>Ids of all processes whose command line speaks of this test's directory.</summary>
    public int[] ProcessesHere() => [.. Directory.EnumerateDirectories("/proc")
        .Select(entry => int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0 && CommandLine(id).Contains(_directory, StringComparison.Ordinal))];

    /// <summary>Files under the temporary root, profiles and the lock aside.</summary>
    public string[] DocumentsLeft() => Directory.Exists(Temp)
        ? [.. Directory.EnumerateFileSystemEntries(Temp, "*", SearchOption.AllDirectories).Where(path => path.Contains("batch-", StringComparison.Ordinal))]
        : [];

    public string[] Profiles() => Directory.Exists(Temp)
        ? [.. Directory.EnumerateDirectories(Temp, "clinicflow-pdf-*").SelectMany(folder => Directory.EnumerateDirectories(folder, "profile-*"))]
        : [];

    public string[] FilesLeft() => Directory.Exists(Temp) ? Directory.GetFileSystemEntries(Temp) : [];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static bool IsAlive(int id)
    {
        try
        {
            // A zombie that its new parent has yet to reap is dead: state Z, third field after the name in brackets.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
