using System.Globalization;
using System.IO.Compression;
using System.Text;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Tests.Merge;
using ClinicFlow.Documents.Tests.Pdf;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>Small documents with drawings, as PDF. The text begins 70.85 pt from the left and the top of the page, which is 595.3 by 841.9 pt.</summary>
internal static class DrawnFile
{
    public const double Margin = 70.85;

    private const string Names = "xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\" xmlns:wpg=\"http://schemas.microsoft.com/office/word/2010/wordprocessingGroup\" "
        + "xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:w10=\"urn:schemas-microsoft-com:office:word\"";

    /// <summary>A word of a page and its box in points from the page's left top.</summary>
    public sealed record Word(string Text, double Left, double Top, double Right, double Bottom)
    {
        public bool IsUpright => Right - Left >= Bottom - Top;
    }

    /// <summary>A paragraph with a float at the page's (100, 100) of 200 by 100 pt, which is what a graphic of Word's says.</summary>
    public static string Float(string graphicData, double width = 200, double height = 100) => string.Create(CultureInfo.InvariantCulture, $"""
        <w:p {Names}><w:r><w:drawing><wp:anchor behindDoc="0" relativeHeight="1"><wp:positionH relativeFrom="page"><wp:posOffset>1270000</wp:posOffset></wp:positionH><wp:positionV relativeFrom="page"><wp:posOffset>1270000</wp:posOffset></wp:positionV><wp:extent cx="{width * 12700}" cy="{height * 12700}"/><wp:wrapNone/><wp:docPr id="1" name="d"/><a:graphic>{graphicData}</a:graphic></wp:anchor></w:drawing></w:r></w:p>
        """);

    /// <summary>A float that is a shape.</summary>
    /// <param name="properties">What stands in wps:spPr.</param>
    /// <param name="rest">What comes behind it.</param>
    public static string Shape(string properties, string rest = "<wps:bodyPr/>") => Float($"""
        <a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:spPr>{properties}</wps:spPr>{rest}</wps:wsp></a:graphicData>
        """);

    /// <summary>A paragraph with VML at the page's (100, 100) of 200 by 100 pt.</summary>
    public static string Vml(string attributes, string content, string style = "", string element = "rect") => $"""
        <w:p {Names}><w:r><w:pict><v:{element} style="position:absolute;margin-left:100pt;margin-top:100pt;width:200pt;height:100pt;mso-position-horizontal-relative:page;mso-position-vertical-relative:page;{style}" {attributes}>{content}</v:{element}></w:pict></w:r></w:p>
        """;

    public static byte[] Docx(string body, params (string Name, string Xml)[] parts) => WordFile.FromBody(body, parts);

    /// <summary>Adds files to a document, or replaces them.</summary>
    public static byte[] With(byte[] docx, params (string Name, byte[] Bytes)[] files)
    {
        using var stream = new MemoryStream();
        stream.Write(docx);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                zip.GetEntry(name)?.Delete();
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    /// <summary>Codes of what is not drawn as Word does.</summary>
    public static string Gaps(byte[] docx) => string.Join(' ', new NativeEngine().FindGaps(docx).Select(gap => gap.Code).Distinct(StringComparer.Ordinal));

    public static string Gaps(string body, params (string Name, string Xml)[] parts) => Gaps(Docx(body, parts));

    /// <summary>The PDF, in which other people's programs find nothing wrong.</summary>
    public static byte[] Pdf(byte[] docx)
    {
        var pdf = new NativeEngine().Convert(docx).Pdf.ToArray();
        PdfTool.CheckFile(pdf);
        return pdf;
    }

    public static byte[] Pdf(string body, params (string Name, string Xml)[] parts) => Pdf(Docx(body, parts));

    /// <summary>Fails unless records bound to the template (which may name <c>{{name}}</c>) give the file and the gaps that their documents give.</summary>
    public static void CheckBound(string body, params (string Name, string Xml)[] parts)
    {
        var template = TemplateCompiler.Compile(new MemoryStream(Docx(body + "<w:p><w:r><w:t>{{name}}</w:t></w:r></w:p>", parts)));
        var engine = new NativeEngine();
        foreach (var name in (string[])["Anna", "王", "Anna"])
        {
            using var reader = RecordSource.Open(new MemoryStream(Encoding.UTF8.GetBytes($"name\n{name}")), "one.csv");
            var record = Assert.IsType<RecordRead.Good>(Assert.Single(reader.Read())).Record;
            var bound = Assert.IsType<BindResult.Bound>(template.Bind(record, new RenderOptions { Culture = CultureInfo.InvariantCulture, JobTime = new DateTime(2026, 11, 26) })).Document;
            var (kept, alone) = (engine.Convert(bound), new NativeEngine().Convert(bound.ToDocx()));
            Assert.True(kept.Pdf.Span.SequenceEqual(alone.Pdf.Span), $"Another file for {name}.");
            Assert.Equal(alone.Gaps.Select(gap => gap.Code).Order(StringComparer.Ordinal), kept.Gaps.Select(gap => gap.Code).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>The words of the first page.</summary>
    public static Word[] Words(byte[] pdf)
    {
        double Number(string name, string line) => double.Parse(line.Split(name + "=\"")[1].Split('"')[0], CultureInfo.InvariantCulture);
        return [.. PdfTool.Run(pdf, "pdftotext", "-bbox", "-l", "1", "FILE", "-").Split('\n').Where(line => line.Contains("<word", StringComparison.Ordinal))
            .Select(line => new Word(line.Split('>')[1].Split('<')[0], Number("xMin", line), Number("yMin", line), Number("xMax", line), Number("yMax", line)))];
    }

    public static Word[] Words(string body, params (string Name, string Xml)[] parts) => Words(Pdf(body, parts));

    /// <summary>What is written of the pages, to be read.</summary>
    public static string Content(byte[] pdf) => PdfTool.Run(pdf, "qpdf", "--qdf", "--object-streams=disable", "FILE", "-");
}
