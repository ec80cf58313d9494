using System.Buffers;
using System.IO.Compression;
using Xunit;

namespace ClinicFlow.Documents.Tests.Merge;

public sealed class DrawnTests
{
    // One red pixel.
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

    [Fact]
    public void An_image_becomes_a_part_with_a_relationship()
    {
        var docx = Check.Render(WordFile.FromText("{{image photo | fit:40mm,30mm}}"), $"{{\"photo\":\"data:image/png;base64,{Png}\"}}");
        Assert.Equal("[drawing]", WordFile.TextOf(docx));
        using var zip = new ZipArchive(new MemoryStream(docx));
        Assert.Equal(Convert.FromBase64String(Png).Length, zip.GetEntry("word/media/record1.png")!.Length);
    }

    [Fact]
    public void The_same_image_twice_is_one_part()
    {
        var docx = Check.Render(WordFile.FromText("{{#each rows}}\n{{image photo}}\n{{/each}}"), $"{{\"photo\":\"{Png}\",\"rows\":[1,2,3]}}");
        Assert.Equal("[drawing]\n[drawing]\n[drawing]", WordFile.TextOf(docx));
        using var zip = new ZipArchive(new MemoryStream(docx));
        Assert.Single(zip.Entries, entry => entry.FullName.StartsWith("word/media/", StringComparison.Ordinal));
    }

    [Fact]
    public void One_patients_image_is_not_in_the_next_ones_document()
    {
        var compiled = Check.Compile(WordFile.FromText("{{image photo}}"));
        var first = new ArrayBufferWriter<byte>();
        var second = new ArrayBufferWriter<byte>();
        compiled.RenderDocx(Check.Record($"{{\"photo\":\"{Png}\"}}"), Check.Options, first);
        compiled.RenderDocx(Check.Record("{\"photo\":\"\"}"), Check.Options, second);
        using var zip = new ZipArchive(new MemoryStream(second.WrittenSpan.ToArray()));
        Assert.DoesNotContain(zip.Entries, entry => entry.FullName.StartsWith("word/media/", StringComparison.Ordinal));
        using var rels = new StreamReader(zip.GetEntry("word/_rels/document.xml.rels")!.Open());
        Assert.DoesNotContain("record1", rels.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_file_is_opened_by_the_callers_rule_only()
    {
        var asked = new List<string>();
        var options = Check.Options with { OpenImage = name => { asked.Add(name); return name == "a.png" ? new MemoryStream(Convert.FromBase64String(Png)) : null; } };
        Assert.Equal("[drawing]", WordFile.TextOf(Check.Render(WordFile.FromText("{{image photo}}"), """{"photo":"a.png"}""", options)));
        Assert.Equal(["image-not-usable photo"], Check.Refusals("{{image photo}}", """{"photo":"../../etc/b.png"}""", options));
        Assert.Equal(["a.png", "../../etc/b.png"], asked);
    }

    [Theory]
    [InlineData("{{image photo}}", """{"photo":"no base64 at all"}""", "image-not-usable photo")]
    [InlineData("{{image photo}}", """{"photo":"aGVsbG8gd29ybGQ="}""", "image-not-usable photo")]
    [InlineData("{{barcode ean13 code}}", """{"code":"123"}""", "barcode-not-possible code")]
    [InlineData("{{image photo}}", "{}", "value-missing photo")]
    public void What_cannot_be_drawn_is_refused(string template, string json, string expected) => Assert.Equal([expected], Check.Refusals(template, json));

    [Theory]
    [InlineData("{{qr mrn | size:20mm}}", "[drawing]")]
    [InlineData("{{barcode code128 mrn}}", "[drawing]SA-4711")]
    [InlineData("«DISPLAYBARCODE \"4711\" QR»", "[drawing]")]
    [InlineData("«MERGEBARCODE mrn CODE128»", "[drawing]")]
    [InlineData("{{checkbox yes}} {{checkbox no}}", "☒ ☐")]
    public void Symbols_and_boxes_are_drawn(string template, string expected) => Check.Text(template, """{"mrn":"SA-4711","yes":true,"no":false}""", expected);

    [Fact]
    public void Rich_content_takes_its_paragraphs_place()
        => Check.Text("before\n{{html note}}\nafter {{html short}}", """{"note":"<p>One <b>two</b></p><ul><li>a</li><li>b</li></ul><script>alert(1)</script>","short":"<i>x</i>"}""", "before\nOne two\na\nb\nafter x");

    [Fact]
    public void Numbered_lists_start_anew()
    {
        var docx = Check.Render(WordFile.FromText("{{markdown a}}\n{{markdown a}}"), """{"a":"1. x\n2. y"}""");
        var ids = WordFile.Part(docx).Descendants(WordFile.W + "numId").Select(id => id.Attribute(WordFile.W + "val")!.Value).ToArray();
        Assert.Equal(4, ids.Length);
        Assert.Equal(2, ids.Distinct().Count());
        Assert.Equal(ids.Distinct().Count() + 1, WordFile.Part(docx, "word/numbering.xml").Root!.Elements(WordFile.W + "num").Count());
    }

    [Theory]
    [InlineData("{{html note}}")]
    [InlineData("{{image photo}}")]
    public void Relationships_made_from_nothing_have_no_prefix_which_LibreOffice_would_not_read(string template)
    {
        var docx = Check.Render(WordFile.FromText(template), $$"""{"note":"<ul><li>a</li></ul>","photo":"{{Png}}"}""");

        using var zip = new ZipArchive(new MemoryStream(docx));
        using var reader = new StreamReader(zip.GetEntry("word/_rels/document.xml.rels")!.Open());
        Assert.Contains("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship ", reader.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_whose_alternative_text_is_a_tag_is_replaced_in_its_frame()
    {
        var drawing = "<w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"900000\" cy=\"900000\"/><wp:docPr id=\"1\" name=\"Picture 1\" descr=\"{{photo}}\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr><pic:cNvPr id=\"1\" name=\"x\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"rId9\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"900000\" cy=\"900000\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>";
        var rels = "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId9\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" Target=\"media/old.png\"/></Relationships>";
        var template = WordFile.FromBody($"<w:p><w:r>{drawing}</w:r></w:p>", ("word/_rels/document.xml.rels", rels), ("word/media/old.png", "not looked at"));
        var compiled = Check.Compile(template);
        Assert.Equal(["photo Image"], compiled.Fields.Select(field => $"{field.Name} {field.Type}"));
        var output = new ArrayBufferWriter<byte>();
        Assert.IsType<RenderResult.Rendered>(compiled.RenderDocx(Check.Record($"{{\"photo\":\"{Png}\"}}"), Check.Options, output));
        var part = WordFile.Part(output.WrittenSpan.ToArray());
        var embed = part.Descendants().Single(element => element.Name.LocalName == "blip").Attributes().Single(attribute => attribute.Name.LocalName == "embed").Value;
        var target = WordFile.Part(output.WrittenSpan.ToArray(), "word/_rels/document.xml.rels").Root!.Elements().Single(element => element.Attribute("Id")!.Value == embed).Attribute("Target")!.Value;
        Assert.Equal("/word/media/record1.png", target);
        Assert.Equal("900000", part.Descendants().First(element => element.Name.LocalName == "extent").Attribute("cx")!.Value);
    }
}
