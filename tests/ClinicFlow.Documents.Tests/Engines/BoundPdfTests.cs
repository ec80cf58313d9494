using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Engines;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>
/// PDFs of bound records, for which the engine keeps what is of the template. The yardstick is the same record's DOCX, read by an engine that has seen nothing else:
/// byte for byte the same.
/// </summary>
public sealed class BoundPdfTests
{
    private static readonly RenderOptions Options = new() { Culture = CultureInfo.GetCultureInfo("en-GB"), JobTime = new DateTime(2026, 11, 23), MissingData = MissingData.Blank };

    // The first again at the end: nothing of the second may have stayed.
    private static readonly string[] Names = ["Anna", "Zoë Gruber-Horvath, who has a name so long that it wraps onto a second line of the paragraph and moves what is below", "Anna"];

    [Fact]
    public void A_thousand_different_documents_on_many_threads_are_what_each_is_alone()
    {
        var sample = Checkout.PathOf("samples", "consent-forms");
        var docx = File.ReadAllBytes(Path.Combine(sample, "consent-form.docx"));
        var template = TemplateCompiler.Compile(new MemoryStream(docx));
        var data = File.ReadAllText(Path.Combine(sample, "patients.csv")).Split('\n');
        var records = new List<MergeRecord>();
        for (var copy = 0; copy < 10; copy++)
        {
            // Each patient ten times, each time with other names and numbers.
            var text = string.Join('\n', data.Select((line, i) => i == 0 ? line : line.Replace("SA-2026", $"SA-{copy}x26", StringComparison.Ordinal).Replace("Dr. ", $"Dr. Nr{copy} ", StringComparison.Ordinal)));
            using var reader = RecordSource.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "patients.csv");
            records.AddRange(reader.Read(TestContext.Current.CancellationToken).Cast<RecordRead.Good>().Select(read => read.Record));
        }

        Assert.Equal(1000, records.Count);
        var engine = new NativeEngine();
        var together = new byte[records.Count][];
        Parallel.For(0, records.Count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, i => together[i] = engine.Convert(Bind(template, records[i])).Pdf.ToArray());

        Assert.Equal(records.Count, together.Select(pdf => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(pdf))).Distinct(StringComparer.Ordinal).Count());
        Parallel.For(0, records.Count, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, i =>
        {
            // The DOCX knows nothing of what is kept; every twentieth also comes from a template that was compiled for it alone.
            var alone = i % 20 == 0
                ? new NativeEngine().Convert(Bind(TemplateCompiler.Compile(new MemoryStream(docx)), records[i])).Pdf
                : new NativeEngine().Convert(Bind(template, records[i]).ToDocx()).Pdf;
            Assert.True(alone.Span.SequenceEqual(together[i]), $"Record {i} is another document alone.");
        });
    }

    [Fact]
    public void Real_documents_as_templates_give_what_their_files_give()
    {
        var wrong = new List<string>();
        var made = 0;
        Parallel.ForEach(Files(), new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, file =>
        {
            try
            {
                if (WithField(File.ReadAllBytes(file)) is not { } docx)
                {
                    return;
                }

                var template = TemplateCompiler.Compile(new MemoryStream(docx), new TemplateOptions { AllowMacros = true });
                if (!template.CanRender)
                {
                    return;
                }

                var engine = new NativeEngine();
                foreach (var name in Names)
                {
                    if (template.Bind(Record(name), Options) is not BindResult.Bound { Document: var bound })
                    {
                        return; // it has fields that want a value
                    }

                    var kept = engine.Convert(bound);
                    var alone = new NativeEngine().Convert(bound.ToDocx());
                    if (!kept.Pdf.Span.SequenceEqual(alone.Pdf.Span))
                    {
                        throw new InvalidDataException($"another file for {name.Length} letters: {kept.Pages} pages, {alone.Pages} of the file");
                    }

                    var (found, expected) = (string.Join(' ', kept.Gaps.Select(gap => $"{gap.Code} {gap.Place}").Order(StringComparer.Ordinal)), string.Join(' ', alone.Gaps.Select(gap => $"{gap.Code} {gap.Place}").Order(StringComparer.Ordinal)));
                    if (found != expected)
                    {
                        throw new InvalidDataException($"other gaps: {found}; of the file: {expected}");
                    }
                }

                Interlocked.Increment(ref made);
            }
            catch (ClinicFlowException)
            {
                // Protected, damaged, or with a picture that cannot be drawn.
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                lock (wrong)
                {
                    wrong.Add($"{Path.GetFileName(file)}: {e.GetType().Name} {e.Message} {string.Join(" | ", (e.StackTrace ?? "").Split('\n').Take(3))}");
                }
            }
        });
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Order(StringComparer.Ordinal)));
        Assert.True(made > 0, "Nothing was rendered.");
    }

    [Fact]
    public void What_is_written_to_a_buffer_is_the_file()
    {
        // The second has a drawing of its own; the third a list of its own, and goes by its DOCX.
        foreach (var (body, name) in new[] { (Row(Cell("{{name}}")), "Anna"), (Row(Cell("{{name}}{{qr name}}")), "Anna"), (Row(Cell("{{markdown name}}")), "1. one\n2. two") })
        {
            var bound = Bind(TemplateCompiler.Compile(new MemoryStream(Merge.WordFile.FromBody(Grid(body) + "<w:p/>"))), Record(name));
            var engine = new NativeEngine();
            var output = new ArrayBufferWriter<byte>();
            output.Write("before"u8);
            var said = engine.Convert(bound, output, TestContext.Current.CancellationToken);
            var file = engine.Convert(bound, TestContext.Current.CancellationToken);
            Assert.True(output.WrittenSpan[6..].SequenceEqual(file.Pdf.Span));
            Assert.Equal((0, file.Pages, file.Engine), (said.Pdf.Length, said.Pages, said.Engine));
        }
    }

    public static TheoryData<string> Bodies => new(
        "<w:p><w:r><w:t>Dear {{name}}, born {{born}}.</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>{{name}}</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{{name}}</w:t></w:r><w:r><w:t xml:space=\"preserve\"> and {{born}}</w:t></w:r></w:p>",
        "<w:p><w:pPr><w:outlineLvl w:val=\"0\"/></w:pPr><w:r><w:t>{{name}}</w:t></w:r></w:p><w:p><w:r><w:t>Under it.</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>{{#items}}</w:t></w:r></w:p><w:p><w:r><w:t>- {{label}} for {{name}}</w:t></w:r></w:p><w:p><w:r><w:t>A line that is the same.</w:t></w:r></w:p><w:p><w:r><w:t>{{/items}}</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>{{#if born}}Born {{born}}{{/if}} {{name}}</w:t></w:r></w:p>",
        "<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>{{name}}</w:t></w:r><w:r><w:tab/><w:t>{{born}}</w:t></w:r><w:r><w:br/><w:t>{{name}} again</w:t></w:r></w:p>",
        "<w:p><w:hyperlink w:anchor=\"here\"><w:r><w:t>{{name}}</w:t></w:r></w:hyperlink></w:p><w:p><w:bookmarkStart w:id=\"1\" w:name=\"here\"/><w:r><w:t>{{born}}</w:t></w:r><w:bookmarkEnd w:id=\"1\"/></w:p>",
        "<w:p><w:r><w:t>\uE000 is the template's own sign: {{name}}</w:t></w:r></w:p>",
        "<w:p><w:ins w:id=\"5\" w:author=\"A\"><w:r><w:t>{{name}}</w:t></w:r></w:ins><w:del w:id=\"6\" w:author=\"A\"><w:r><w:delText>old</w:delText></w:r></w:del></w:p>",
        "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w=\"3000\"/><w:gridCol w:w=\"3000\"/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>{{#items}}{{label}}</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Same{{/items}}</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>",
        "<w:p><w:r><w:t>{{name}}</w:t></w:r><w:r><w:pict><v:rect xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" style=\"width:0;height:1.5pt\" o:hr=\"t\" o:hrpct=\"500\" fillcolor=\"#a0a0a0\" stroked=\"f\"/></w:pict></w:r><w:r><w:t>{{born}}</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>{{name}} in a section with numbers beside its lines</w:t></w:r></w:p><w:p><w:r><w:t>The same in all.</w:t></w:r></w:p><w:p><w:pPr><w:sectPr><w:lnNumType w:countBy=\"1\" w:restart=\"continuous\"/></w:sectPr></w:pPr><w:r><w:t>{{born}}</w:t></w:r></w:p><w:p><w:r><w:t>{{name}}</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>{{name}}</w:t></w:r></w:p>" + string.Concat(Enumerable.Range(1, 36).Select(i => $"<w:p><w:r><w:t>Line {i}</w:t></w:r></w:p>")) + "<w:p><w:r><w:pict><v:rect xmlns:v=\"urn:schemas-microsoft-com:vml\" style=\"position:absolute;margin-left:0;margin-top:100pt;width:400pt;height:90pt;mso-position-vertical-relative:page\" fillcolor=\"#ffcc00\"><w10:wrap xmlns:w10=\"urn:schemas-microsoft-com:office:word\" type=\"topAndBottom\"/></v:rect></w:pict></w:r><w:r><w:t>{{born}}</w:t></w:r></w:p>",
        Equations.Omml.Among("{{name}} ", Equations.Omml.Fraction(Equations.Omml.Run("a"), Equations.Omml.Run("b")) + Equations.Omml.Run("=c"), " {{born}}") + Equations.Omml.Alone(Equations.Omml.Run("x=y")),
        "<w:tbl><w:tblPr><w:tblBorders><w:top w:val=\"single\" w:sz=\"4\"/><w:insideH w:val=\"single\" w:sz=\"4\"/></w:tblBorders><w:tblCellSpacing w:w=\"60\" w:type=\"dxa\"/></w:tblPr><w:tblGrid><w:gridCol w:w=\"3000\"/><w:gridCol w:w=\"3000\"/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>{{name}}</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Same</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>",
        Grid(Row(Cell("{{name}}"), Cell("Same")) + Row(Cell("Same"), Cell("Same")) + Row("<w:tc>" + Grid(Row(Cell("in it"), Cell("{{born}}"))) + "<w:p/></w:tc>", Cell("{{born}}{{name}}"))) + "<w:p/>" + Grid(Row(Cell("All the same"), Cell("here"))),
        Grid(Row(Cell("{{name}}"), Cell("1")) + Row(Cell("{{#if born}}{{born}}"), Cell("{{/if}}")) + Row("<w:tc><w:tcPr><w:vMerge w:val=\"restart\"/><w:textDirection w:val=\"btLr\"/></w:tcPr><w:p><w:r><w:t>{{name}}</w:t></w:r></w:p></w:tc>", Cell("Same"))) + "<w:p/>");

    private static string Grid(string rows)
        => $"<w:tbl><w:tblPr><w:tblBorders><w:top w:val=\"double\" w:sz=\"4\"/><w:insideH w:val=\"single\" w:sz=\"4\"/></w:tblBorders></w:tblPr><w:tblGrid><w:gridCol w:w=\"3000\"/><w:gridCol w:w=\"3000\"/></w:tblGrid>{rows}</w:tbl>";

    private static string Row(params string[] cells) => $"<w:tr>{string.Concat(cells)}</w:tr>";

    private static string Cell(string text) => $"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>";

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Paragraphs_in_which_texts_differ_are_what_files_give(string body) => AssertSame(Merge.WordFile.FromBody(body));

    [Fact]
    public void Words_that_are_divided_are_what_files_give()
    {
        const string language = "<w:rPr><w:lang w:val=\"en-GB\"/></w:rPr>";
        var text = string.Concat(Enumerable.Repeat("Consultation and anaesthesia, documentation of complications; ", 12));
        AssertSame(Merge.WordFile.FromBody(
            $"<w:p><w:r>{language}<w:t>{text}</w:t></w:r></w:p><w:p><w:pPr><w:jc w:val=\"both\"/></w:pPr><w:r>{language}<w:t>{text}{{{{name}}}} {text}{{{{born}}}}</w:t></w:r></w:p>",
            ("word/settings.xml", $"<w:settings {Merge.WordFile.Names}><w:autoHyphenation/><w:consecutiveHyphenLimit w:val=\"2\"/><w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>")));
    }

    private static void AssertSame(byte[] docx)
    {
        var template = TemplateCompiler.Compile(new MemoryStream(docx));
        Assert.Empty(template.Problems);
        var engine = new NativeEngine();
        string[] names = ["Anna", "", "Two\\nlines", "A\\tB", "<b>&amp;", "\u05E9\u05DC\u05D5\u05DD", "Ng\u1ECDc \uD83D\uDE00", "\uE000\uE001", "\u0645\u0631\u062D\u0628\u0627 Anna", new string('x', 400), "Anna", "Berta", "Cäsar", "Dora", "Emil"];
        for (var i = 0; i < names.Length; i++)
        {
            var json = $"[{{\"name\":\"{names[i]}\",\"born\":\"{(i % 3 == 0 ? "" : $"19{i}0")}\",\"items\":[{string.Join(',', Enumerable.Range(0, i % 4).Select(k => $"{{\"label\":\"{(k == 1 ? names[i] : $"label {k}")}\"}}"))}]}}]";
            using var reader = RecordSource.Open(new MemoryStream(Encoding.UTF8.GetBytes(json)), "one.json");
            var bound = Bind(template, Assert.IsType<RecordRead.Good>(Assert.Single(reader.Read(TestContext.Current.CancellationToken))).Record);
            var stop = TestContext.Current.CancellationToken;
            Assert.True(engine.Convert(bound, stop).Pdf.Span.SequenceEqual(new NativeEngine().Convert(bound.ToDocx(), stop).Pdf.Span), $"name {i}");
        }
    }

    private static BoundDocument Bind(CompiledTemplate template, MergeRecord record) => Assert.IsType<BindResult.Bound>(template.Bind(record, Options)).Document;

    private static MergeRecord Record(string name)
    {
        using var reader = RecordSource.Open(new MemoryStream(Encoding.UTF8.GetBytes($"name\n\"{name}\"")), "one.csv");
        return Assert.IsType<RecordRead.Good>(Assert.Single(reader.Read())).Record;
    }

    // A paragraph with a field before all others, and a field in the last text of the body.
    private static byte[]? WithField(byte[] docx)
    {
        using var stream = new MemoryStream();
        stream.Write(docx);
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true);
            if (zip.GetEntry("word/document.xml") is not { } entry)
            {
                return null;
            }

            string xml;
            using (var reader = new StreamReader(entry.Open()))
            {
                xml = reader.ReadToEnd();
            }

            var body = xml.IndexOf("<w:body>", StringComparison.Ordinal);
            if (body < 0)
            {
                return null;
            }

            xml = xml.Insert(body + 8, "<w:p><w:r><w:t>{{name}}</w:t></w:r></w:p>");
            if (xml.LastIndexOf("</w:t>", StringComparison.Ordinal) is > 0 and var text)
            {
                xml = xml.Insert(text, "{{name}}");
            }

            entry.Delete();
            using var writer = new StreamWriter(zip.CreateEntry("word/document.xml").Open());
            writer.Write(xml);
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return stream.ToArray();
    }

    private static IEnumerable<string> Files()
    {
        yield return Checkout.PathOf("samples", "consent-forms", "consent-form.docx");
        foreach (var file in Layout.Corpus.Folder() is { } corpus ? Directory.EnumerateFiles(corpus, "*.docx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray() : [])
        {
            yield return file;
        }
    }
}
