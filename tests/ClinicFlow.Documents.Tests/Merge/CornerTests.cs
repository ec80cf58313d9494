using System.Buffers;
using System.IO.Compression;
using System.Xml.Linq;
using Xunit;

namespace ClinicFlow.Documents.Tests.Merge;

/// <summary>What clinic staff build in Word sooner or later.</summary>
public sealed class CornerTests
{
    private const string Two = """{"items":[{"n":"a","sub":[{"m":"1"},{"m":"2"}]},{"n":"b","sub":[]}],"yes":true,"no":false,"name":"Ana"}""";
    private static readonly XNamespace W = WordFile.W;

    [Fact]
    public void Columns_are_repeated_and_the_grid_with_them()
    {
        var docx = Check.Render(WordFile.FromText("| Drug | {{#each items as columns}}{{n}}{{/each}} |"), Two);
        Assert.Equal("| Drug | a | b |\n", WordFile.TextOf(docx));
        Assert.Equal(3, WordFile.Part(docx).Descendants(W + "gridCol").Count());
    }

    [Fact]
    public void A_table_within_a_row_that_repeats_repeats_with_it()
    {
        var inner = WordFile.BodyOf("| {{#each sub}}{{m}}{{/each}} |").Replace("<w:p/>", "", StringComparison.Ordinal);
        var body = "<w:tbl><w:tblPr><w:tblW w:w=\"0\" w:type=\"auto\"/></w:tblPr><w:tblGrid><w:gridCol w:w=\"4000\"/></w:tblGrid><w:tr><w:tc><w:tcPr><w:tcW w:w=\"4000\" w:type=\"dxa\"/></w:tcPr>"
            + $"<w:p>{WordFile.Run("{{#each items}}{{n}}")}</w:p>{inner}<w:p>{WordFile.Run("{{/each}}")}</w:p></w:tc></w:tr></w:tbl><w:p/>";
        var docx = Check.Render(WordFile.FromBody(body), Two);
        Assert.Equal(["a", "1", "2", "b"], WordFile.Part(docx).Descendants(W + "t").Select(t => t.Value).Where(t => t.Length > 0));
    }

    [Fact]
    public void An_else_branch_of_rows_stands_where_the_list_is_empty()
        => Check.Text("| {{#each items where n = \"z\"}}{{n}} | x |\n| {{else}}none | y{{/each}} |", Two, "| none | y |\n");

    [Fact]
    public void List_items_are_repeated_with_their_numbering()
    {
        const string item = "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr>";
        var numbering = $"<w:numbering {WordFile.Names}><w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1.\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>";
        var docx = Check.Render(WordFile.FromBody(item + WordFile.Run("{{#each items}}{{n}}{{/each}}") + "</w:p>", ("word/numbering.xml", numbering)), Two);
        Assert.Equal("ab", WordFile.TextOf(docx));
        docx = Check.Render(WordFile.FromBody($"<w:p>{WordFile.Run("{{#each items}}")}</w:p>{item}{WordFile.Run("{{n}}")}</w:p><w:p>{WordFile.Run("{{/each}}")}</w:p>", ("word/numbering.xml", numbering)), Two);
        Assert.Equal("a\nb", WordFile.TextOf(docx));
        Assert.Equal(2, WordFile.Part(docx).Descendants(W + "numPr").Count());
    }

    [Fact]
    public void Deleted_text_is_not_looked_at_and_inserted_text_is()
    {
        var body = $"<w:p><w:del w:id=\"1\" w:author=\"a\"><w:r><w:delText>{{{{gone}}}}</w:delText></w:r></w:del><w:ins w:id=\"2\" w:author=\"a\">{WordFile.Run("{{na")}</w:ins>{WordFile.Run("me}}")}</w:p>";
        Check.Body(body, Two, "Ana");
    }

    [Fact]
    public void A_tag_is_read_through_bookmarks_links_and_breaks_of_the_last_rendering()
    {
        var body = $"<w:p>{WordFile.Run("{{")}<w:bookmarkStart w:id=\"1\" w:name=\"b\"/>{WordFile.Run("na")}<w:bookmarkEnd w:id=\"1\"/><w:r><w:lastRenderedPageBreak/><w:t>me}}}}</w:t></w:r></w:p>"
            + $"<w:p><w:hyperlink w:anchor=\"b\">{WordFile.Run("{{name}} in a link")}</w:hyperlink></w:p>";
        Check.Body(body, Two, "Ana\nAna in a link");
    }

    [Fact]
    public void A_field_inside_the_address_of_a_link_is_merged_and_the_link_stays()
    {
        const string begin = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>";
        const string separate = "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>";
        const string end = "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
        var body = "<w:p>" + begin + WordFile.Run("HYPERLINK \"https://x.example/", "instrText") + begin + WordFile.Run("MERGEFIELD name", "instrText") + separate + WordFile.Run("n", "instrText") + end
            + WordFile.Run("\"", "instrText") + separate + WordFile.Run("here") + end + "</w:p>";
        Check.Body(body, Two, "{HYPERLINK \"https://x.example/Ana\"|here}");
    }

    [Fact]
    public void IF_over_PAGE_stays_live_with_its_merge_fields_filled()
    {
        const string begin = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>";
        const string end = "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
        var body = "<w:p>" + begin + WordFile.Run("IF ", "instrText") + begin + WordFile.Run("PAGE", "instrText") + end + WordFile.Run(" = 1 \"", "instrText") + begin + WordFile.Run("MERGEFIELD name", "instrText") + end
            + WordFile.Run("\" \"\"", "instrText") + end + "</w:p>";
        Check.Body(body, Two, "{IF {PAGE} = 1 \"Ana\" \"\"}");
    }

    [Fact]
    public void A_branch_of_IF_may_be_a_table()
    {
        const string begin = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>";
        const string end = "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
        var table = WordFile.BodyOf("| {{name}} |").Replace("<w:p/>", "", StringComparison.Ordinal);
        var body = "<w:p>" + begin + WordFile.Run("IF {{yes}} = true \"", "instrText") + "</w:p>" + table + "<w:p>" + WordFile.Run("\" \"none\"", "instrText") + end + "</w:p>";
        Assert.Contains("| Ana |", WordFile.TextOf(Check.Render(WordFile.FromBody(body), Two)), StringComparison.Ordinal);
        Assert.DoesNotContain("Ana", WordFile.TextOf(Check.Render(WordFile.FromBody(body), Two.Replace("\"yes\":true", "\"yes\":false", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_footnote_in_a_repeated_section_is_a_note_of_its_own_each_time()
    {
        var notes = $"<w:footnotes {WordFile.Names}><w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:separator/></w:r></w:p></w:footnote><w:footnote w:type=\"continuationSeparator\" w:id=\"0\"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>"
            + $"<w:footnote w:id=\"1\"><w:p><w:r><w:footnoteRef/></w:r>{WordFile.Run(" about {{name}}")}</w:p></w:footnote></w:footnotes>";
        var body = $"<w:p>{WordFile.Run("{{#each items}}")}</w:p><w:p>{WordFile.Run("{{n}}")}<w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p><w:p>{WordFile.Run("{{/each}}")}</w:p>";
        var docx = Check.Render(WordFile.FromBody(body, ("word/footnotes.xml", notes)), Two);
        Assert.Equal("a\nb", WordFile.TextOf(docx));
        var references = WordFile.Part(docx).Descendants(W + "footnoteReference").Select(reference => reference.Attribute(W + "id")!.Value).ToArray();
        Assert.Equal(2, references.Distinct().Count());
        Assert.All(references, id => Assert.Contains(WordFile.Part(docx, "word/footnotes.xml").Root!.Elements(), note => note.Attribute(W + "id")!.Value == id && note.Value == " about Ana"));
    }

    [Fact]
    public void Text_boxes_are_bound_in_both_of_their_forms()
    {
        var box = $"<w:txbxContent><w:p>{WordFile.Run("{{name}}")}</w:p></w:txbxContent>";
        const string wps = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape";
        var body = $"<w:p><w:r><mc:AlternateContent><mc:Choice xmlns:wps=\"{wps}\" Requires=\"wps\"><w:drawing><wp:inline><wp:extent cx=\"900000\" cy=\"900000\"/><wp:docPr id=\"1\" name=\"Box\"/><a:graphic><a:graphicData uri=\"{wps}\"><wps:wsp><wps:cNvSpPr/><wps:spPr/><wps:txbx>{box}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
            + $"<mc:Fallback><w:pict><v:rect xmlns:v=\"urn:schemas-microsoft-com:vml\"><v:textbox>{box}</v:textbox></v:rect></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>";
        var compiled = Check.Compile(WordFile.FromBody(body));
        Assert.Equal(["name"], compiled.Fields.Select(field => field.Name));
        var output = new ArrayBufferWriter<byte>();
        Assert.IsType<RenderResult.Rendered>(compiled.RenderDocx(Check.Record(Two), Check.Options, output));
        Assert.Equal(["Ana", "Ana"], WordFile.Part(output.WrittenSpan.ToArray()).Descendants(W + "t").Select(t => t.Value).Where(text => text.Length > 0));
    }

    [Fact]
    public void A_dotx_gives_documents()
    {
        using var package = new MemoryStream();
        package.Write(WordFile.FromText("{{name}}"));
        using (var zip = new ZipArchive(package, ZipArchiveMode.Update, leaveOpen: true))
        {
            string types;
            using (var reader = new StreamReader(zip.GetEntry("[Content_Types].xml")!.Open()))
            {
                types = reader.ReadToEnd().Replace("document.main+xml", "template.main+xml", StringComparison.Ordinal);
            }

            zip.GetEntry("[Content_Types].xml")!.Delete();
            using var writer = new StreamWriter(zip.CreateEntry("[Content_Types].xml").Open());
            writer.Write(types);
        }

        var docx = Check.Render(package.ToArray(), Two);
        Assert.Equal("Ana", WordFile.TextOf(docx));
        Assert.Contains("wordprocessingml.document.main+xml", WordFile.Part(docx, "[Content_Types].xml").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Mail_merge_settings_and_links_to_the_data_source_are_cut()
    {
        var settings = $"<w:settings {WordFile.Names}><w:mailMerge><w:mainDocumentType w:val=\"formLetters\"/><w:dataType w:val=\"textFile\"/><w:query w:val=\"x\"/><w:dataSource r:id=\"rId1\"/></w:mailMerge><w:defaultTabStop w:val=\"708\"/></w:settings>";
        const string rels = "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/mailMergeSource\" Target=\"file:///C:/patients.csv\" TargetMode=\"External\"/></Relationships>";
        var docx = Check.Render(WordFile.FromBody($"<w:p>{WordFile.Run("{{name}}")}</w:p>", ("word/settings.xml", settings), ("word/_rels/settings.xml.rels", rels)), Two);
        Assert.DoesNotContain("mailMerge", WordFile.Part(docx, "word/settings.xml").ToString(), StringComparison.Ordinal);
        Assert.Empty(WordFile.Part(docx, "word/_rels/settings.xml.rels").Root!.Elements());
    }

    [Fact]
    public void Content_from_outside_is_refused()
    {
        const string rels = "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId9\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" Target=\"http://evil.example/x.png\" TargetMode=\"External\"/></Relationships>";
        var compiled = Check.Compile(WordFile.FromBody("<w:p/>", ("word/_rels/document.xml.rels", rels)));
        Assert.Equal("external-content", Assert.Single(compiled.Problems).Code);
    }
}
