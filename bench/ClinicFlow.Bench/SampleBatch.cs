using System.Globalization;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Bench;

/// <summary>The sample's template and records, in memory.</summary>
internal sealed class SampleBatch
{
    private SampleBatch(byte[] docx, CompiledTemplate template, MergeRecord[] records)
    {
        Docx = docx;
        Template = template;
        Records = records;
    }

    public byte[] Docx { get; }

    public CompiledTemplate Template { get; }

    public MergeRecord[] Records { get; }

    public static RenderOptions Options { get; } = new() { Culture = CultureInfo.GetCultureInfo("en-GB"), JobTime = new DateTime(2026, 11, 23, 9, 0, 0), MissingData = MissingData.Blank };

    public static string Folder { get; } = Find();

    public static SampleBatch Load()
    {
        var docx = File.ReadAllBytes(Path.Combine(Folder, "consent-form.docx"));
        var template = TemplateCompiler.Compile(new MemoryStream(docx));
        if (!template.CanRender)
        {
            throw new InvalidOperationException(string.Join('\n', template.Problems.Select(problem => $"{problem.Code} {problem.Message} {problem.Place} {problem.Place.Text}")));
        }

        using var stream = File.OpenRead(Path.Combine(Folder, "patients.json"));
        using var reader = RecordSource.Open(stream, "patients.json");
        return new SampleBatch(docx, template, [.. reader.Read().Cast<RecordRead.Good>().Select(read => read.Record)]);
    }

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.Exists(Path.Combine(folder, "samples", "consent-forms")))
            {
                return Path.Combine(folder, "samples", "consent-forms");
            }
        }

        throw new DirectoryNotFoundException("samples/consent-forms is not above the program.");
    }
}
