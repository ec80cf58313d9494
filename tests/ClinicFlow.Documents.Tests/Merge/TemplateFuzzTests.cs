using System.Buffers;
using System.IO.Compression;
using System.Xml.Linq;
using Xunit;

namespace ClinicFlow.Documents.Tests.Merge;

/// <summary>Templates that nobody would write: trees of real ones with parts moved, doubled, dropped and renamed. Seeded, so that a failure comes again.</summary>
public sealed class TemplateFuzzTests
{
    private const string Json = """{"name":"Ana","yes":true,"no":"no","n":3.5,"born":"1980-03-07","items":[{"n":"a","d":[1,2]},{"n":"b","d":[]}],"note":"<p>x<ul><li>y</ul>","photo":"aGVsbG8=","g":{"x":1}}""";

    private static readonly string Seed = WordFile.BodyOf("""
        {{name}} {{#if yes}}a{{else if no}}b{{else}}c{{/if}} «MERGEFIELD name \* Upper»
        {{#each items}}
        Item {{@index}} {{n}} {{#each d}}{{this}}{{/each}}
        {{/each}}
        | {{#each items}}{{n}} | {{name}}{{/each}} |
        | Sum | «=SUM(ABOVE)» |
        «IF "{{name}}" = "Ana" "yes" "no"» «SET a "b"»«REF a» «NEXT»«SKIPIF 1 = 2»
        {{html note}}
        {{checkbox yes}}{{qr name}}{{barcode code39 name}}{{markdown note}}
        «MERGEFIELD TableStart:items»«MERGEFIELD n»«MERGEFIELD TableEnd:items» «PAGE» «DATE \@ "d.M.yyyy"»
        """) + "<w:sdt><w:sdtPr><w:tag w:val=\"name\"/><w:text/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>x</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        + "<w:p><w:fldSimple w:instr=\"MERGEFIELD name\"><w:r><w:t>x</w:t></w:r></w:fldSimple><w:hyperlink w:anchor=\"a\"><w:r><w:t>{{name}}</w:t></w:r></w:hyperlink><w:bookmarkStart w:id=\"1\" w:name=\"a\"/><w:bookmarkEnd w:id=\"1\"/></w:p>";

    [Fact]
    public void No_template_whatever_its_tree_ends_in_anything_but_a_result()
    {
        var record = Check.Record(Json);
        var options = Check.Options with { MissingData = MissingData.Blank };
        var rendered = 0;
        for (var seed = 0; seed < 3000; seed++)
        {
            var template = WordFile.FromBody(Mutate(new Random(seed)));
            try
            {
                var compiled = Check.Compile(template);
                if (!compiled.CanRender)
                {
                    continue;
                }

                var output = new ArrayBufferWriter<byte>();
                if (compiled.RenderDocx(record, options, output) is RenderResult.Rendered)
                {
                    rendered++;
                    AssertWellFormed(output.WrittenSpan.ToArray());
                }
                else
                {
                    Assert.Equal(0, output.WrittenCount);
                }
            }
            catch (TemplatePackageException)
            {
                // Refused with its reason: so be it.
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}: {e}");
            }
        }

        Assert.True(rendered > 100, $"Only {rendered} templates could be rendered: the mutations are too wild to test anything.");
    }

    [Fact]
    public void Sections_nested_deep_and_tags_without_number_end_in_bounded_time()
    {
        Check.Text(string.Concat(Enumerable.Repeat("{{#if yes}}", 200)) + "x" + string.Concat(Enumerable.Repeat("{{/if}}", 200)), Json, "x");
        Assert.Equal(["too-many-tags @ body, paragraph 1"], Check.Problems(string.Concat(Enumerable.Repeat("{{name}}", 2000))));
        var deep = string.Concat(Enumerable.Repeat("{{#each items}}", 100)) + "x" + string.Concat(Enumerable.Repeat("{{/each}}", 100));
        Assert.IsType<RenderResult.Refused>(Check.Result(deep, Json, Check.Options with { MaxDocumentBytes = 1 << 20 }));
    }

    [Fact]
    public void A_tag_inside_the_properties_of_a_run_is_no_crash()
    {
        const string begin = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>";
        var body = "<w:p>" + begin + WordFile.Run("MERGEFIELD name", "instrText") + "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>"
            + "<w:r><w:rPr><w:p><w:r><w:t>{{name}}</w:t></w:r></w:p></w:rPr><w:t>old</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>";
        var compiled = Check.Compile(WordFile.FromBody(body));
        Assert.IsType<RenderResult.Rendered>(compiled.RenderDocx(Check.Record(Json), Check.Options, new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public void A_record_that_makes_a_document_without_end_is_refused()
    {
        var many = $"{{\"items\":[{string.Join(',', Enumerable.Repeat("1", 5000))}]}}";
        var refused = Assert.IsType<RenderResult.Refused>(Check.Result("{{#each items}}{{#each ../items}}some text {{/each}}{{/each}}", many, Check.Options with { MaxDocumentBytes = 1 << 22 }));
        Assert.Equal("document-too-large", refused.Problems[^1].Code);
    }

    private static string Mutate(Random random)
    {
        var root = XElement.Parse($"<x {WordFile.Names}>{Seed}</x>", LoadOptions.PreserveWhitespace);
        for (var n = random.Next(1, 8); n > 0; n--)
        {
            var all = root.Descendants().ToArray();
            var one = all[random.Next(all.Length)];
            var other = all[random.Next(all.Length)];
            switch (random.Next(7))
            {
                case 0:
                    one.Remove();
                    break;
                case 1:
                    other.AddAfterSelf(new XElement(one));
                    break;
                case 2 when !other.AncestorsAndSelf().Contains(one):
                    one.Remove();
                    other.Add(one);
                    break;
                case 3:
                    one.Name = other.Name;
                    break;
                case 4 when !one.HasElements && one.Value.Length > 0:
                    var at = random.Next(one.Value.Length);
                    one.Value = one.Value.Remove(at, random.Next(one.Value.Length - at)).Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 5 when one.LastAttribute is { IsNamespaceDeclaration: false } attribute && attribute.Name.Namespace != XNamespace.Xml:
                    attribute.Value = Pieces[random.Next(Pieces.Length)];
                    break;
                case 6:
                    one.RemoveNodes();
                    break;
            }
        }

        return string.Concat(root.Nodes().Select(node => node.ToString(SaveOptions.DisableFormatting)));
    }

    private static readonly string[] Pieces = ["{{", "}}", "{{/each}}", "{{else}}", "{{#each items}}", "{{name", "\"", "IF", "begin", "end", "separate", "\uFDD03\uFDD1", "-1", "99999999999", "", "TableStart:items", "\\@", "{{image photo}}"];

    private static void AssertWellFormed(byte[] docx)
    {
        using var zip = new ZipArchive(new MemoryStream(docx));
        foreach (var entry in zip.Entries.Where(entry => entry.Name.EndsWith(".xml", StringComparison.Ordinal) || entry.Name.EndsWith(".rels", StringComparison.Ordinal)))
        {
            using var stream = entry.Open();
            XDocument.Load(stream);
        }
    }
}
