using System.Globalization;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Tests.Merge;
using ClinicFlow.Documents.Tests.Pdf;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>
/// Pictures that records bring, as of a patient or a signature, in documents of one template of which the engine keeps the rest. Each PDF must be byte for byte that of
/// its own DOCX, made by an engine that has seen nothing else: no picture of one record may be another's.
/// </summary>
public sealed class RecordPictureTests
{
    private static readonly RenderOptions Options = new() { Culture = CultureInfo.GetCultureInfo("en-GB"), JobTime = new DateTime(2026, 11, 23), MissingData = MissingData.Blank };

    // A logo of the template in grey, a photo in a frame that is washed out, one in its own size, a signature for some, one in each item of a list; and the photo again above each page.
    private static readonly string Body =
        $"<w:p>{Drawing(1, "Our logo", "logo", "<a:grayscl/>")}<w:r><w:t>Dear {{{{name}}}}</w:t></w:r></w:p>"
        + $"<w:p>{Drawing(2, "{{photo}}", "old", "<a:lum bright=\"70000\" contrast=\"-70000\"/>")}</w:p>"
        + $"<w:p>{WordFile.Run("{{image photo | width:20mm}}")}</w:p>"
        + $"<w:p>{WordFile.Run("{{#if signature}}")}</w:p><w:p>{WordFile.Run("Signed: {{image signature | fit:40mm,10mm}}")}</w:p><w:p>{WordFile.Run("{{/if}}")}</w:p>"
        + $"<w:p>{WordFile.Run("{{#each scans}}")}</w:p><w:p>{WordFile.Run("{{image picture | width:15mm}} {{name}}")}</w:p><w:p>{WordFile.Run("{{/each}}")}</w:p>"
        + "<w:p><w:r><w:t>A paragraph that is the same for all.</w:t></w:r></w:p>";

    [Fact]
    public void Are_each_in_the_document_of_their_record_alone()
    {
        var template = TemplateCompiler.Compile(new MemoryStream(Template()));
        Assert.Empty(template.Problems);
        var records = Enumerable.Range(0, 120).Select(Record).ToArray();
        var engine = new NativeEngine();
        var together = new byte[records.Length][];

        Parallel.For(0, records.Length, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken }, i => together[i] = engine.Convert(Bind(template, records[i])).Pdf.ToArray());

        Assert.Equal(records.Length, together.Select(pdf => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(pdf))).Distinct(StringComparer.Ordinal).Count());
        for (var i = 0; i < records.Length; i++)
        {
            Assert.True(new NativeEngine().Convert(Bind(template, records[i]).ToDocx(), TestContext.Current.CancellationToken).Pdf.Span.SequenceEqual(together[i]), $"Record {i} is another document alone.");
        }
    }

    [Fact]
    public void Are_gone_with_their_document()
    {
        var template = TemplateCompiler.Compile(new MemoryStream(Template()));
        var engine = new NativeEngine();
        var bare = Bind(template, Check.Record("""{"name":"Berta"}"""));
        var before = engine.Convert(bare, TestContext.Current.CancellationToken).Pdf.ToArray();

        _ = engine.Convert(Bind(template, Record(5)), TestContext.Current.CancellationToken);

        Assert.Equal(before, engine.Convert(bare, TestContext.Current.CancellationToken).Pdf.ToArray());
    }

    private static byte[] Template() => DrawnFile.With(
        WordFile.FromBody(
            "",
            ("word/document.xml", $"<w:document {WordFile.Names}><w:body>{Body}<w:sectPr><w:headerReference w:type=\"default\" r:id=\"head\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1417\" w:right=\"1417\" w:bottom=\"1134\" w:left=\"1417\" w:header=\"708\" w:footer=\"708\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"),
            ("word/header1.xml", $"<w:hdr {WordFile.Names}><w:p>{WordFile.Run("{{name}} {{image photo | height:8mm}}")}</w:p></w:hdr>"),
            ("word/_rels/document.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                + string.Concat(new[] { ("logo", "image", "media/logo.png"), ("old", "image", "media/old.png"), ("head", "header", "header1.xml") }.Select(r => $"<Relationship Id=\"{r.Item1}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{r.Item2}\" Target=\"{r.Item3}\"/>"))
                + "</Relationships>")),
        ("word/media/logo.png", PictureMaker.Png(2, 8, 60, 20)),
        ("word/media/old.png", PictureMaker.Png(0, 8, 33, 44)));

    // Each has a photo of another size, some a signature, and none to four scans, of which the second is the photo again.
    private static MergeRecord Record(int i)
    {
        var photo = Uri(PictureMaker.Png(2, 8, 20 + i, 30));
        var scans = string.Join(',', Enumerable.Range(0, i % 5).Select(k => $$"""{"picture":"{{(k == 1 ? photo : Uri(PictureMaker.Png(0, 8, 10 + i, 12 + k)))}}","name":"scan {{k}} of {{i}}"}"""));
        var signature = i % 3 == 0 ? "" : Uri(PictureMaker.Png(6, 8, 50 + i, 10));
        return Check.Record($$"""{"name":"Patient {{i}}","photo":"{{(i % 7 == 6 ? "" : photo)}}","signature":"{{signature}}","scans":[{{scans}}]}""");

        static string Uri(byte[] png) => $"data:image/png;base64,{Convert.ToBase64String(png)}";
    }

    private static BoundDocument Bind(CompiledTemplate template, MergeRecord record) => Assert.IsType<BindResult.Bound>(template.Bind(record, Options)).Document;

    private static string Drawing(int id, string alternativeText, string image, string tone)
        => $"<w:r><w:drawing><wp:inline><wp:extent cx=\"900000\" cy=\"600000\"/><wp:docPr id=\"{id}\" name=\"Picture {id}\" descr=\"{alternativeText}\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr><pic:cNvPr id=\"{id}\" name=\"x\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"{image}\">{tone}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"900000\" cy=\"600000\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>";
}
