using System.Text.Json;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using UglyToad.PdfPig;
using Xunit;

namespace ClinicFlow.Cli.Tests;

/// <summary>The choice of engines, with the real ones.</summary>
public sealed class ConvertTests
{
    [Fact]
    public async Task A_plain_document_is_made_without_LibreOffice_and_the_report_tells_of_pages_and_fonts()
    {
        using var folder = new TestFolder();
        folder.Template("plain.docx", "Jürgen Müller", "second");

        var result = await Cli.RunAsync(folder.Path, "convert", "plain.docx", "-o", "made", "--json", "report.json");

        Assert.Equal(0, result.ExitCode);
        var conversion = Report(folder).GetProperty("conversions")[0];
        Assert.Equal("native", conversion.GetProperty("engine").GetString());
        Assert.Equal(1, conversion.GetProperty("pages").GetInt32());
        Assert.NotEmpty(conversion.GetProperty("fonts").EnumerateArray());
        Assert.Empty(conversion.GetProperty("reasons").EnumerateArray());
        using var pdf = PdfDocument.Open(folder["made/plain.pdf"]);
        Assert.Contains("Müller", pdf.GetPage(1).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_with_something_unknown_goes_to_LibreOffice_with_the_place_as_reason()
    {
        using var folder = new TestFolder();
        WithUnknown(folder["strange.docx"]);

        var auto = await Cli.RunAsync(folder.Path, "convert", "strange.docx", "-o", "made", "--json", "report.json");

        Assert.Equal(0, auto.ExitCode);
        var conversion = Report(folder).GetProperty("conversions")[0];
        Assert.Equal("libreoffice", conversion.GetProperty("engine").GetString());
        var reason = Assert.Single(conversion.GetProperty("reasons").EnumerateArray());
        Assert.Equal("element-unknown", reason.GetProperty("code").GetString());
        Assert.Equal("body, paragraph 2", reason.GetProperty("place").GetString());
    }

    [Fact]
    public async Task Native_makes_it_all_the_same_and_says_what_is_missing()
    {
        using var folder = new TestFolder();
        WithUnknown(folder["strange.docx"]);

        var native = await Cli.RunAsync(folder.Path, "convert", "strange.docx", "-o", "made", "--engine", "native", "--json");

        Assert.Equal(0, native.ExitCode);
        var conversion = native.Json.GetProperty("conversions")[0];
        Assert.Equal("native", conversion.GetProperty("engine").GetString());
        Assert.Equal("element-unknown", conversion.GetProperty("notRendered")[0].GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("--engine", "word")]
    [InlineData("--json", "other.docx")]
    public async Task What_cannot_be_meant_is_refused_before_the_first_file(string option, string value)
    {
        using var folder = new TestFolder();
        folder.Template("plain.docx", "text");

        var result = await Cli.RunAsync(folder.Path, "convert", "plain.docx", "-o", "made", option, value);

        Assert.Equal(2, result.ExitCode);
        Assert.False(Directory.Exists(folder["made"]));
        Assert.Contains("usage", result.Errors, StringComparison.Ordinal);
    }

    private static JsonElement Report(TestFolder folder) => JsonDocument.Parse(File.ReadAllText(folder["report.json"])).RootElement;

    private static void WithUnknown(string path)
    {
        using var document = WordprocessingDocument.Create(path, WordprocessingDocumentType.Document);
        var run = new Run(new Text("known"));
        run.AppendChild(new OpenXmlUnknownElement("w", "newThing", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"));
        document.AddMainDocumentPart().Document = new Document(new Body(new Paragraph(new Run(new Text("first"))), new Paragraph(run)));
    }
}
