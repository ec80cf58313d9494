using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Reading;
using ClinicFlow.Documents.Package;
using ClinicFlow.Documents.Tests.Merge;
using Xunit;

namespace ClinicFlow.Documents.Tests.Model;

/// <summary>
/// What a document's styles, lists, tables and fields come to, as text to be approved. A case is a file: parts of WordprocessingML under
/// <c>--- body</c>, <c>--- styles</c> …, and the model under <c>--- expected</c>. UPDATE=1 ./test rewrites the last.
/// </summary>
public sealed class ModelCaseTests
{
    private static string Folder { get; } = Checkout.PathOf("tests", "ClinicFlow.Documents.Tests", "Model", "Cases");

    public static TheoryData<string> Cases => [.. Directory.GetFiles(Folder, "*.case").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_document_comes_to_these_values(string name)
    {
        var path = Path.Combine(Folder, name + ".case");
        var parts = Split(File.ReadAllText(path));

        var text = ModelText.Of(Read(parts));

        if (Environment.GetEnvironmentVariable("UPDATE") == "1")
        {
            var file = File.ReadAllText(path);
            var at = file.IndexOf("--- expected\n", StringComparison.Ordinal);
            File.WriteAllText(path, (at < 0 ? file.TrimEnd() + "\n" : file[..at]) + "--- expected\n" + text);
            return;
        }

        Assert.Equal(parts["expected"], text);
    }

    [Fact]
    public void There_are_cases() => Assert.True(Cases.Count >= 8, "The cases are gone.");

    private static WordDocument Read(Dictionary<string, string> parts)
    {
        var names = parts.Keys.Where(part => part is not ("body" or "expected" or "why")).ToArray();
        var files = names.Select(part => ($"word/{part}.xml", Root(part, parts[part]))).ToList();
        files.Add(("word/_rels/document.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
            + string.Concat(names.Select((part, i) => $"<Relationship Id=\"{part}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{part.TrimEnd('1', '2')}\" Target=\"{part}.xml\"/>"))
            + "<Relationship Id=\"site\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink\" Target=\"https://example.org/\" TargetMode=\"External\"/></Relationships>"));
        var docx = WordFile.FromBody(parts["body"], [.. files]);
        return DocumentReader.Read(OpcPackage.Open(new MemoryStream(docx), PackageLimits.Default, allowMacros: false), PackageLimits.Default);
    }

    private static string Root(string part, string xml) => part switch
    {
        "theme" => $"<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\">{xml}</a:theme>",
        "header1" or "header2" => $"<w:hdr {WordFile.Names}>{xml}</w:hdr>",
        "footer1" => $"<w:ftr {WordFile.Names}>{xml}</w:ftr>",
        _ => $"<w:{part} {WordFile.Names} xmlns:v=\"urn:schemas-microsoft-com:vml\">{xml}</w:{part}>",
    };

    private static Dictionary<string, string> Split(string file)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in file.Split("--- ", StringSplitOptions.RemoveEmptyEntries))
        {
            var line = part.IndexOf('\n', StringComparison.Ordinal);
            parts[part[..line].Trim()] = part[(line + 1)..];
        }

        return parts;
    }
}
