using System.IO.Compression;
using System.Text;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Reading;
using ClinicFlow.Documents.Package;
using ClinicFlow.Documents.Tests.Merge;
using Xunit;

namespace ClinicFlow.Documents.Tests.Model;

/// <summary>The reader and the native engine on real documents, where the machine has them, and on damaged ones.</summary>
public sealed class CorpusModelTests
{
    [Fact]
    public void Every_document_is_read_and_rendered_or_refused_with_a_reason()
    {
        var engine = new NativeEngine();
        var wrong = new List<string>();
        var made = 0;
        foreach (var file in Files())
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            try
            {
                var pdf = engine.Convert(File.ReadAllBytes(file), limit.Token);
                Assert.True(PdfMerge.CountPages(pdf.Pdf) == pdf.Pages);
                made++;
            }
            catch (ClinicFlowException)
            {
                // Protected, damaged, or with a picture that cannot be drawn: refused with its reason.
            }
            catch (Exception e)
            {
                wrong.Add($"{Path.GetFileName(file)}: {e.GetType().Name} {e.Message} {string.Join(" | ", (e.StackTrace ?? "").Split('\n').Take(3))}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(made > 0, "Nothing was rendered.");
    }

    [Fact]
    public void A_document_is_read_the_same_way_each_time()
    {
        foreach (var file in Files().Take(20))
        {
            var bytes = File.ReadAllBytes(file);
            Assert.Equal(ModelText.Of(Read(bytes)), ModelText.Of(Read(bytes)));
        }
    }

    [Fact]
    public void Mutated_parts_end_in_a_model_or_in_a_refusal()
    {
        var seeds = Files().OrderBy(file => new FileInfo(file).Length).Take(12).Select(File.ReadAllBytes).ToArray();
        var read = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var mutated = Mutate(seeds[seed % seeds.Length], random);
            try
            {
                Read(mutated);
                read++;
            }
            catch (TemplatePackageException)
            {
                // Refused with its reason: so be it.
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }

        Assert.True(read > 40, "Nearly nothing was read; the mutations only break XML.");
    }

    [Fact]
    public void Deep_and_wide_documents_cost_bounded_time()
    {
        // Tables in tables beyond what anybody writes, and a table of 60 columns and 500 rows.
        var nested = string.Concat(Enumerable.Repeat("<w:tbl><w:tblPr/><w:tr><w:tc>", 60)) + "<w:p/>" + string.Concat(Enumerable.Repeat("</w:tc></w:tr></w:tbl><w:p/>", 60));
        var wide = "<w:tbl><w:tblPr/>" + string.Concat(Enumerable.Repeat("<w:tr>" + string.Concat(Enumerable.Repeat("<w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>", 60)) + "</w:tr>", 500)) + "</w:tbl><w:p/>";

        var deep = Read(WordFile.FromBody(nested));
        var broad = Read(WordFile.FromBody(wide));

        Assert.Contains(deep.Unfaithful, found => found.Code == "nested-deep");
        Assert.Equal(500, Assert.IsType<Table>(broad.Sections[0].Blocks[0]).Rows.Length);
    }

    [Fact]
    public void Equal_formats_are_one_object()
    {
        var document = Read(WordFile.FromBody("<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r></w:p><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>b</w:t></w:r></w:p>"));

        var paragraphs = document.Sections[0].Blocks.Cast<Paragraph>().ToArray();

        Assert.Same(paragraphs[0].Format, paragraphs[1].Format);
        Assert.Same(paragraphs[0].Inlines[0].Format, paragraphs[1].Inlines[0].Format);
    }

    private static WordDocument Read(byte[] docx) => DocumentReader.Read(OpcPackage.Open(new MemoryStream(docx), PackageLimits.Default, allowMacros: true), PackageLimits.Default);

    // One part: attribute values become other numbers and words, elements are dropped, doubled or renamed.
    private static byte[] Mutate(byte[] docx, Random random)
    {
        using var output = new MemoryStream();
        using (var source = new ZipArchive(new MemoryStream(docx)))
        using (var target = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            var xml = source.Entries.Where(entry => entry.FullName.StartsWith("word/", StringComparison.Ordinal) && entry.FullName.EndsWith(".xml", StringComparison.Ordinal)).ToArray();
            var chosen = xml[random.Next(xml.Length)].FullName;
            foreach (var entry in source.Entries)
            {
                using var stream = entry.Open();
                using var buffer = new MemoryStream();
                stream.CopyTo(buffer);
                using var made = target.CreateEntry(entry.FullName).Open();
                made.Write(entry.FullName == chosen ? Encoding.UTF8.GetBytes(Mutate(Encoding.UTF8.GetString(buffer.ToArray()), random)) : buffer.ToArray());
            }
        }

        return output.ToArray();
    }

    private static string Mutate(string xml, Random random)
    {
        string[] values = ["", "0", "-1", "99999999999", "-2147483648", "NaN", "1e308", "auto", "true", "50%", "xyz", "\U0001F600", "65535"];
        var text = new StringBuilder(xml);
        for (var i = 0; i < 8; i++)
        {
            var all = text.ToString();
            var quote = all.IndexOf("=\"", random.Next(all.Length), StringComparison.Ordinal);
            var end = quote < 0 ? -1 : all.IndexOf('"', quote + 2);
            if (end > 0 && all.LastIndexOf("xmlns", quote, StringComparison.Ordinal) < all.LastIndexOf(' ', quote))
            {
                text.Remove(quote + 2, end - quote - 2).Insert(quote + 2, values[random.Next(values.Length)]);
            }

            // An empty element more, or one less.
            all = text.ToString();
            var slash = all.IndexOf("/>", random.Next(all.Length), StringComparison.Ordinal);
            var start = slash < 0 ? -1 : all.LastIndexOf('<', slash);
            if (start > 0)
            {
                _ = random.Next(2) == 0 ? text.Remove(start, slash + 2 - start) : text.Insert(start, all[start..(slash + 2)]);
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Files()
    {
        yield return Checkout.PathOf("samples", "consent-forms", "consent-form.docx");
        var corpus = Checkout.PathOf("..", "shared", "corpus");
        foreach (var file in Directory.Exists(corpus) ? Directory.EnumerateFiles(corpus, "*.docx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray() : [])
        {
            yield return file;
        }
    }
}
