using System.Globalization;
using System.IO.Compression;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Model.Metafiles;
using ClinicFlow.Documents.Tests.Merge;
using ClinicFlow.Documents.Tests.Model.Metafiles;
using ClinicFlow.Documents.Tests.Pdf;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>Documents with metafiles as PDF. The picture's left top stands at 70.85 pt from the left and the top of the page.</summary>
public sealed class MetafilePdfTests
{
    private const int EmuPerPoint = 12_700;

    // 400 by 300 pixels are 300 by 225 pt.
    private static EmfFile File => new EmfFile(400, 300).Add(EmfRecord.SetBkMode, 1).NoPen();

    [Fact]
    public async Task A_document_with_an_EMF_stays_native_and_its_text_is_text_within_the_figure()
    {
        var docx = Docx(Inline(300, 225), File.Brush(1, 0xFF0000).Add(EmfRecord.Rectangle, 0, 0, 50, 50).Font(2, -16, "Arial").Text(60, 20, "Größe 12 €", [12, 6, 9, 9, 9, 5, 9, 9, 5, 9]).File());
        await using var choice = new EngineChoice(PdfEngineKind.Auto, new LibreOfficeOptions { Executable = "/nowhere/soffice" });

        var made = await choice.MakeAsync(new PdfSource("emf", docx), TestContext.Current.CancellationToken);
        var pdf = made.Pdf.ToArray();

        Assert.Equal(PdfEngineKind.Native, made.Engine);
        Assert.Empty(made.Gaps);
        PdfTool.CheckFile(pdf);
        Assert.Equal(["Größe 12 €"], PdfTool.Text(pdf));
        Assert.Matches("""Figure[^\n]*\n\s*"Größe 12 €""", PdfTool.Run(pdf, "pdfinfo", "-struct-text", "FILE"));
        Assert.Equal(pdf, new NativeEngine().Convert(docx, TestContext.Current.CancellationToken).Pdf.ToArray());
    }

    [Fact]
    public void Text_stands_where_the_file_says_at_the_pictures_size()
    {
        // The picture is drawn at half its width and its whole height: letters are half as wide, and as high as they were.
        var pdf = Pdf(Inline(150, 225), File.Font(1, -32, "Arial").Add(EmfRecord.SetTextAlign, 24).Text(200, 150, "Hxx", [100, 40, 40]).Text(40, 150, "I", [10]).File());

        var words = PdfTool.Run(pdf, "pdftotext", "-bbox", "FILE", "-").Split('\n').Where(line => line.Contains("<word", StringComparison.Ordinal)).ToArray();
        double Number(string name, string line) => double.Parse(line.Split(name + "=\"")[1].Split('"')[0], CultureInfo.InvariantCulture);
        var h = Assert.Single(words, word => word.Contains(">Hxx<", StringComparison.Ordinal));
        Assert.Equal(70.85 + (200 * 0.375), Number("xMin", h), 0.1);

        // The last x begins at 340 and is half an em of half the width.
        Assert.Equal(70.85 + (340 * 0.375) + (24 * 0.5 * 0.5), Number("xMax", h), 0.1);

        // 24 pt of Arial: the line from ascent to descent is 1.117 em.
        Assert.Equal(24 * 1.117, Number("yMax", h) - Number("yMin", h), 0.5);
        Assert.Equal(70.85 + (150 * 0.75) + (24 * 0.212), Number("yMax", h), 0.5);
    }

    [Fact]
    public void Text_hangs_from_the_top_that_its_font_states_for_Windows()
    {
        // Calibri (here Carlito) reaches 0.952 em up and 0.269 em down; its lines begin 0.75 em above the baseline. 40 pixels are 30 pt.
        var pdf = Pdf(Inline(300, 225), File.Font(1, -40, "Calibri").Text(0, 100, "Em", [36, 32]).Font(2, 40, "Calibri").Text(200, 100, "Cell", [17, 16, 8, 8]).File());
        var baselines = PdfTool.Run(pdf, "mutool", "draw", "-F", "stext", "FILE").Split("<char ").Where(c => c.Contains("c=\"E\"", StringComparison.Ordinal) || c.Contains("c=\"C\"", StringComparison.Ordinal))
            .Select(c => double.Parse(c.Split(" y=\"")[1].Split('"')[0], CultureInfo.InvariantCulture)).ToArray();

        Assert.Equal(70.85 + 75 + (30 * 0.952), baselines[0], 0.1);
        Assert.Equal(70.85 + 75 + (30 * 0.952 / (0.952 + 0.269)), baselines[1], 0.1);
    }

    [Fact]
    public void A_picture_is_cropped_and_turned_as_others_are()
    {
        // Red and blue above green and black, over the edge of the picture.
        var file = File.Brush(1, 0x0000FF).Add(EmfRecord.Rectangle, -500, -500, 200, 150).Brush(2, 0xFF0000).Add(EmfRecord.Rectangle, 200, -500, 900, 150)
            .Brush(3, 0x00FF00).Add(EmfRecord.Rectangle, -500, 150, 200, 900).Brush(4, 0).Add(EmfRecord.Rectangle, 200, 150, 900, 900).File();

        Assert.Equal(["FF0000", "0000FF", "00FF00", "000000", "FFFFFF"], Colors(Pdf(Inline(300, 225), file), (10, 10), (290, 10), (10, 215), (290, 215), (305, 100)));

        // Without its left half and its upper third.
        Assert.Equal(["0000FF", "0000FF", "000000", "000000", "FFFFFF"], Colors(Pdf(Inline(300, 225, "<a:srcRect l=\"50000\" t=\"33333\"/>"), file), (10, 10), (290, 40), (10, 215), (290, 215), (305, 100)));

        // Room at its left.
        Assert.Equal(["FFFFFF", "FF0000", "0000FF"], Colors(Pdf(Inline(300, 225, "<a:srcRect l=\"-100000\"/>"), file), (140, 10), (160, 10), (290, 10)));

        // Turned by a quarter: what was at the left is above, around the middle.
        Assert.Equal(["00FF00", "FF0000", "000000", "0000FF"], Colors(Pdf(Inline(225, 225, "", 5_400_000), file), (10, 10), (215, 10), (10, 215), (215, 215)));
        Assert.Equal(["0000FF", "000000", "FFFFFF"], Colors(Pdf(Inline(225, 225, "<a:srcRect l=\"50000\"/>", 5_400_000), file), (215, 112), (10, 112), (235, 112)));
    }

    [Fact]
    public void Bitmaps_go_in_as_images_and_keep_their_holes()
    {
        byte[] pixels = [255, 0, 0, 255, 255, 255, 0, 0, 0, 0, 255, 0, 255, 0, 0, 0];
        var pdf = Pdf(Inline(300, 225), File.Brush(1, 0x00FFFF).Add(EmfRecord.Rectangle, 0, 0, 400, 300)
            .Bitmap((0, 0, 200, 200), EmfFile.Header(2, 2, 24), pixels, (0, 0, 2, 2)).Blt(EmfRecord.TransparentBlt, (200, 0, 200, 200), 0xFF0000, EmfFile.Header(2, 2, 24), pixels, (0, 0, 2, 2)).File());

        PdfTool.CheckFile(pdf);
        Assert.Equal(["FF0000", "0000FF", "FF0000", "FFFF00"], Colors(pdf, (10, 10), (10, 140), (160, 10), (160, 140)));
        Assert.Equal(3, PdfTool.Run(pdf, "pdfimages", "-list", "FILE").Split('\n').Count(line => line.Contains("image", StringComparison.Ordinal) || line.Contains("smask", StringComparison.Ordinal)));
    }

    [Fact]
    public void Turned_cut_and_dashed_drawing_is_sound()
    {
        var file = File.Font(1, -16, "Arial", escapement: 450, isUnderlined: true).Text(100, 100, "Turned", [12, 9, 6, 9, 9, 9])
            .Add(EmfRecord.SaveDC).Add(EmfRecord.IntersectClipRect, 50, 50, 150, 150).Pen(2, 1, 1, 255).Add(EmfRecord.MoveToEx, 0, 100).Add(EmfRecord.LineTo, 400, 100)
            .Font(3, -16, "Times New Roman").Text(60, 60, "Cut", options: 4, box: (60, 60, 100, 80)).Add(EmfRecord.RestoreDC, -1)
            .Pen(4, 0, 5, 0xFF00).Add(EmfRecord.Ellipse, 10, 10, 100, 100).Text(200, 200, "Plain").File();
        var pdf = Pdf(Inline(300, 225), file);

        PdfTool.CheckFile(pdf);
        var text = PdfTool.Run(pdf, "pdftotext", "-raw", "FILE", "-");
        Assert.All(["Turned", "Cut", "Plain"], word => Assert.Contains(word, text, StringComparison.Ordinal));

        // Each group that begins ends.
        var content = PdfTool.Run(pdf, "qpdf", "--qdf", "--object-streams=disable", "FILE", "-");
        Assert.Equal(content.Split('\n').Sum(line => line.Split(' ').Count(word => word == "q")), content.Split('\n').Sum(line => line.Split(' ').Count(word => word == "Q")));
    }

    [Fact]
    public void Wherever_a_picture_can_stand_a_metafile_can()
    {
        const string Vml = """
            <w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" style="width:100pt;height:75pt;rotation:90"><v:imagedata r:id="rIdM" cropright="32768f"/></v:shape></w:pict></w:r></w:p>
            <w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>with a bullet</w:t></w:r></w:p>
            """;
        var floating = Inline(90, 68).Replace("<wp:inline>", """
            <wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>
            <wp:positionH relativeFrom="column"><wp:posOffset>3000000</wp:posOffset></wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>
            """, StringComparison.Ordinal).Replace("<wp:docPr", "<wp:wrapSquare wrapText=\"bothSides\"/><wp:docPr", StringComparison.Ordinal).Replace("</wp:inline>", "</wp:anchor>", StringComparison.Ordinal);
        var cell = $"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w=\"3000\"/></w:tblGrid><w:tr><w:tc>{Inline(60, 45)}</w:tc></w:tr></w:tbl>";
        var headed = "<w:p><w:pPr><w:sectPr><w:headerReference w:type=\"default\" r:id=\"rIdP0\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1417\" w:right=\"1417\" w:bottom=\"1134\" w:left=\"1417\" w:header=\"708\" w:footer=\"708\" w:gutter=\"0\"/></w:sectPr></w:pPr></w:p>";
        var made = new NativeEngine().Convert(
            Docx(
                Inline(120, 90) + floating + cell + Vml + headed + "<w:p/>",
                File.Brush(1, 0xFF0000).Add(EmfRecord.Rectangle, 0, 0, 50, 50).Font(2, -60, "Arial").Text(60, 20, "Sign", [40, 14, 34, 34]).File(),
                ("word/header1.xml", $"<?xml version=\"1.0\"?><w:hdr {WordFile.Names}>{Inline(40, 30)}</w:hdr>"),
                ("word/numbering.xml", $"""
                    <?xml version="1.0"?><w:numbering {WordFile.Names}><w:numPicBullet w:numPicBulletId="0"><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" style="width:9pt;height:9pt"><v:imagedata r:id="rIdM"/></v:shape></w:pict></w:numPicBullet>
                    <w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/><w:lvlPicBulletId w:val="0"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="720" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>
                    <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>
                    """)),
            TestContext.Current.CancellationToken);
        var pdf = made.Pdf.ToArray();

        Assert.Empty(made.Gaps);
        PdfTool.CheckFile(pdf);

        // In the text, floating, in a cell, turned, as a bullet; and in the headers of two pages.
        var text = PdfTool.Run(pdf, "pdftotext", "-raw", "FILE", "-");
        Assert.Equal(7, text.Split("Sign").Length - 1);
        Assert.Contains("with a bullet", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Documents_of_one_template_with_a_metafile_are_what_each_is_alone()
    {
        var docx = Docx("<w:p><w:r><w:t>Dear {{name}}</w:t></w:r></w:p>" + Inline(300, 225), File.Brush(1, 0xFF0000).Add(EmfRecord.Rectangle, 0, 0, 50, 50).Font(2, -16, "Arial", escapement: 300).Text(60, 120, "Same in all", [11, 9, 13, 9, 4, 4, 9, 4, 9, 4, 4]).File());
        var template = TemplateCompiler.Compile(new MemoryStream(docx));
        var engine = new NativeEngine();
        foreach (var name in (string[])["Anna", "Zoë", "Anna"])
        {
            using var reader = Documents.Data.RecordSource.Open(new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"name\n{name}")), "one.csv");
            var record = Assert.IsType<Documents.Data.RecordRead.Good>(Assert.Single(reader.Read(TestContext.Current.CancellationToken))).Record;
            var bound = Assert.IsType<BindResult.Bound>(template.Bind(record, new RenderOptions { Culture = CultureInfo.GetCultureInfo("en-GB"), JobTime = new DateTime(2026, 11, 23) })).Document;
            var pdf = engine.Convert(bound, TestContext.Current.CancellationToken).Pdf;

            Assert.True(pdf.Span.SequenceEqual(new NativeEngine().Convert(bound.ToDocx(), TestContext.Current.CancellationToken).Pdf.Span));
            Assert.Contains("Same in all", PdfTool.Run(pdf.ToArray(), "pdftotext", "-raw", "FILE", "-").ReplaceLineEndings(" "), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_large_metafile_that_is_shown_very_often_is_refused()
    {
        var file = File.Pen(1, 0, 1, 255);
        for (var i = 0; i < 2000; i++)
        {
            file.Points(EmfRecord.Polyline16, [.. Enumerable.Range(0, 200).Select(x => (x, (x * i) % 300))]);
        }

        var many = string.Concat(Enumerable.Range(0, 100).Select(i => Inline(2 + i, 2)));

        Assert.Equal("too-much-drawing", Assert.Throws<Documents.Layout.LayoutLimitException>(() => new NativeEngine().Convert(Docx(many, file.File()), TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public async Task A_metafile_that_is_not_drawn_is_never_left_out_and_its_record_is_named()
    {
        var docx = Docx(Inline(300, 225), File.Add(EmfRecord.Rectangle, 0, 0, 9, 9).Add(EmfRecord.MaskBlt, new int[40]).File());
        await using var choice = new EngineChoice(PdfEngineKind.Auto, new LibreOfficeOptions { Executable = "/nowhere/soffice" });

        var error = await Assert.ThrowsAsync<PdfConversionException>(() => choice.MakeAsync(new PdfSource("emf", docx), TestContext.Current.CancellationToken));
        var gap = Assert.Single(new NativeEngine().Convert(docx, TestContext.Current.CancellationToken).Gaps);

        Assert.Equal("pdf-engine-missing", error.Code);
        Assert.Equal(("picture-metafile", "a metafile (EMF, WMF) that is not drawn here: the record MaskBlt", "body, paragraph 1"), (gap.Code, gap.What, gap.Place.ToString()));
    }

    [Fact]
    public void A_packed_metafile_is_opened()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(File.Font(1, -16, "Arial").Text(60, 20, "Packed").File());
        }

        Assert.Equal(["Packed"], PdfTool.Text(Pdf(Inline(300, 225), packed.ToArray())));
        Assert.Equal("picture-unknown", Assert.Single(new NativeEngine().FindGaps(Docx(Inline(300, 225), packed.ToArray()[..30]))).Code);
    }

    [Fact]
    public void Signs_of_a_symbol_font_are_drawn_by_another_and_copied_as_what_they_are()
    {
        var pdf = Pdf(Inline(300, 225), File.Font(1, -16, "Symbol", charset: 2).Text(60, 20, "\uF0B4\uF0B8a", [12, 12, 12]).Font(2, -16, "Wingdings", charset: 2).Text(60, 60, "\uF0FC", [12]).File());

        PdfTool.CheckFile(pdf);
        Assert.Equal(["×÷α", "✔"], PdfTool.Text(pdf));
    }

    [Fact]
    public void An_embedded_object_is_shown_by_its_picture()
    {
        const string Object = """
            <w:p><w:r><w:object w:dxaOrig="6000" w:dyaOrig="4500"><v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" id="_x0000_i1025" style="width:300pt;height:225pt" o:ole=""><v:imagedata r:id="rIdM" o:title=""/></v:shape>
            <o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" Type="Embed" ProgID="Excel.Sheet.12" ShapeID="_x0000_i1025" DrawAspect="Content" ObjectID="_1"/></w:object></w:r></w:p>
            """;
        var made = new NativeEngine().Convert(Docx(Object, File.Font(1, -16, "Arial").Text(60, 20, "Sum").File()), TestContext.Current.CancellationToken);
        var bare = new NativeEngine().Convert(WordFile.FromBody("<w:p><w:r><w:object w:dxaOrig=\"6000\" w:dyaOrig=\"4500\"/></w:r></w:p>"), TestContext.Current.CancellationToken);

        Assert.Empty(made.Gaps);
        Assert.Equal(["Sum"], PdfTool.Text(made.Pdf.ToArray()));
        Assert.Equal("embedded-object-bare", Assert.Single(bare.Gaps).Code);
    }

    [Fact]
    public void Whatever_a_damaged_file_still_draws_can_be_laid_out_and_written()
    {
        var whole = File.Pen(1, 0, 3, 255).Brush(2, 0xFF0000).Add(EmfRecord.Rectangle, 10, 20, 90, 60).Add(EmfRecord.IntersectClipRect, 10, 10, 250, 250).Font(3, -16, "Arial", escapement: 450).Text(10, 50, "Some text אבג")
            .Font(4, 16, "Wingdings", charset: 2).Text(10, 70, "ab").Bitmap((10, 20, 40, 40), EmfFile.Header(2, 2, 24), new byte[16], (0, 0, 2, 2)).AddBytes(EmfRecord.SetWorldTransform, EmfFile.Bytes(2f, 0f, 0f, 2f, 0f, 0f)).Text(10, 50, "More").File();
        var random = new Random(11);
        var drawn = 0;
        for (var round = 0; round < 2000 && drawn < 150; round++)
        {
            byte[] file = [.. whole];
            for (var hits = random.Next(1, 6); hits > 0; hits--)
            {
                var at = random.Next(88, file.Length);
                file[at] = random.Next(2) == 0 ? (byte)(file[at] ^ (1 << random.Next(8))) : (byte)random.Next(256);
            }

            if (MetafileReader.ReadEmf(file).Drawing is not null)
            {
                var pdf = Pdf(Inline(300, 225), file);
                if (drawn++ % 15 == 0)
                {
                    var said = PdfTool.Run(pdf, "qpdf", "--check", "FILE");
                    Assert.Contains("No syntax or stream encoding errors", said, StringComparison.Ordinal);
                }
            }
        }

        Assert.Equal(150, drawn);
    }

    private static byte[] Pdf(string body, byte[] picture)
    {
        var made = new NativeEngine().Convert(Docx(body, picture));
        Assert.Empty(made.Gaps);
        return made.Pdf.ToArray();
    }

    private static string Inline(int widthPoints, int heightPoints, string crop = "", int turn = 0) => string.Create(CultureInfo.InvariantCulture, $"""
        <w:p><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr><w:r><w:drawing><wp:inline><wp:extent cx="{widthPoints * EmuPerPoint}" cy="{heightPoints * EmuPerPoint}"/><wp:docPr id="1" name="p" descr="A drawing"/>
        <a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr>
        <pic:blipFill><a:blip r:embed="rIdM"/>{crop}<a:stretch><a:fillRect/></a:stretch></pic:blipFill>
        <pic:spPr><a:xfrm rot="{turn}"><a:off x="0" y="0"/><a:ext cx="{widthPoints * EmuPerPoint}" cy="{heightPoints * EmuPerPoint}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>
        </a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>
        """);

    // A document whose picture rIdM is a metafile.
    private static byte[] Docx(string body, byte[] picture, params (string Name, string Xml)[] parts)
    {
        using var file = new MemoryStream();
        const string Types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
        const string Picture = $"<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rIdM\" Type=\"{Types}image\" Target=\"media/m.emf\"/>";
        var related = string.Concat(parts.Select((part, i) => $"<Relationship Id=\"rIdP{i}\" Type=\"{Types}{(part.Name.Contains("header", StringComparison.Ordinal) ? "header" : "numbering")}\" Target=\"{part.Name[5..]}\"/>"));
        file.Write(WordFile.FromBody(body, [("word/_rels/document.xml.rels", $"{Picture}{related}</Relationships>"), .. parts, .. parts.Select(part => ($"word/_rels/{part.Name[5..]}.rels", $"{Picture}</Relationships>"))]));
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("word/media/m.emf").Open();
            entry.Write(picture);
        }

        return file.ToArray();
    }

    // Colours of the first page at places counted from the picture's left top, in points.
    private static string[] Colors(byte[] pdf, params (int X, int Y)[] places)
    {
        // 320 pixels a row, behind a header of 15 bytes.
        var numbers = PdfTool.Run(pdf, "sh", "-c", "pdftoppm -r 72 -f 1 -l 1 -x 71 -y 71 -W 320 -H 250 FILE | tail -c +16 | od -An -v -w960 -tx1").Split('\n');
        return [.. places.Select(place => string.Concat(numbers[place.Y].Split(' ', StringSplitOptions.RemoveEmptyEntries).AsSpan(3 * place.X, 3).ToArray()).ToUpperInvariant())];
    }
}
