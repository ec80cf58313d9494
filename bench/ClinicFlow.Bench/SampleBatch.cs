using System.Globalization;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Bench;

/// <summary>A template and its records in memory: the sample's, or those of a letter of 20 pages.</summary>
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
        using var stream = File.OpenRead(Path.Combine(Folder, "patients.json"));
        using var reader = RecordSource.Open(stream, "patients.json");
        return Of(File.ReadAllBytes(Path.Combine(Folder, "consent-form.docx")), [.. reader.Read().Cast<RecordRead.Good>().Select(read => read.Record)]);
    }

    /// <summary>Loads one by its name: <c>sample</c>, or <c>long</c>.</summary>
    public static SampleBatch Load(string name) => name switch
    {
        "sample" => Load(),

        // 20 pages: 210 paragraphs of prose with a field in each, and a table with six more.
        "long" => Of(ConsentLetter.Docx(paragraphs: 210), ConsentLetter.Records(100)),
        _ => throw new ArgumentException($"There is no template {name}: sample or long.", nameof(name)),
    };

    private static SampleBatch Of(byte[] docx, MergeRecord[] records)
    {
        var template = TemplateCompiler.Compile(new MemoryStream(docx));
        return template.CanRender ? new SampleBatch(docx, template, records)
            : throw new InvalidOperationException(string.Join('\n', template.Problems.Select(problem => $"{problem.Code} {problem.Message} {problem.Place} {problem.Place.Text}")));
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
