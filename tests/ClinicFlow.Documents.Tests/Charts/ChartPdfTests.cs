using System.Globalization;
using System.Text;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Tests.Layout;
using ClinicFlow.Documents.Tests.Pdf;
using Xunit;

namespace ClinicFlow.Documents.Tests.Charts;

/// <summary>Pages with charts: what stands where. The charts are 360 by 216 pt.</summary>
public sealed class ChartPdfTests
{
    private const string RightLegend = "<c:legend><c:legendPos val=\"r\"/><c:overlay val=\"0\"/></c:legend>";
    private const string ShowValues = "<c:dLbls>SIDE<c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/><c:showCatName val=\"0\"/><c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/></c:dLbls>";

    private static string TwoSeries => ChartFile.Series(0, "Old", "FF0000", "Ann,Bob", [10, 20]) + ChartFile.Series(1, "New", "0000FF", "Ann,Bob", [5, 24]);

    [Fact]
    public void Words_stand_where_Word_printed_them()
    {
        // Four charts of a document that Word printed: columns, bars that lie, legends at the right and below.
        if (Corpus.Folder() is not { } folder)
        {
            Assert.Skip("The documents that Word printed are not on this machine.");
            return;
        }

        var file = Path.Combine(folder, "word-pdf", "2e7f2c2ee8df.docx");
        var word = ChartFile.Words(File.ReadAllBytes(Path.ChangeExtension(file, ".pdf")));
        var own = ChartFile.Words(new NativeEngine().Convert(File.ReadAllBytes(file), TestContext.Current.CancellationToken).Pdf.ToArray());

        Assert.Equal(word.Count, own.Count);
        foreach (var (text, left, top, _, _) in word)
        {
            Assert.Contains(own, other => other.Word == text && Math.Abs(other.Left - left) < 1 && Math.Abs(other.Top - top) < 1.5);
        }
    }

    [Fact]
    public void Columns_stand_on_the_axis_as_high_as_their_values_with_gaps_by_the_gap_width()
    {
        var pdf = ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(TwoSeries, "<c:gapWidth val=\"100\"/>")));
        var words = ChartFile.Words(pdf);

        // Marks from 0 to 25 by 5; the plot begins 11 pt below the chart's top.
        Assert.Equal(["0", "5", "10", "15", "20", "25"], words.Where(word => char.IsDigit(word.Word[0])).OrderByDescending(word => word.Top).Select(word => word.Word));
        var top = Middle(words, "25");
        var bottom = Middle(words, "0");
        Assert.Equal(11, top, 0.6);
        var left = words.Single(word => word.Word == "25").Right + 9.03;
        var category = (360 - 11 - left) / 2;
        Assert.Equal(left + (category / 2), Center(words, "Ann"), 0.5);

        // Two columns and a gap of one share a category: columns from a sixth to five sixths of it.
        double Height(double value) => bottom - ((bottom - top) * value / 25);
        Assert.Equal(
            ["FFFFFF", "FF0000", "FF0000", "FFFFFF", "0000FF", "FFFFFF", "0000FF", "0000FF"],
            ChartFile.Colors(
                pdf, (left + (category * 0.13), Height(2)), (left + (category * 0.2), Height(2)), (left + (category * 0.3), Height(9.2)), (left + (category * 0.3), Height(11)),
                (left + (category * 0.6), Height(4.2)), (left + (category * 0.6), Height(6)), (left + (category * 1.8), Height(23.5)), (left + (category * 1.52), Height(2))));
    }

    [Fact]
    public void Stacked_columns_stand_on_each_other_and_their_legend_is_listed_from_the_top()
    {
        var part = ChartFile.Part(ChartFile.Columns(TwoSeries, "<c:gapWidth val=\"100\"/><c:overlap val=\"100\"/>").Replace("clustered", "stacked", StringComparison.Ordinal), after: RightLegend);
        var pdf = ChartFile.Pdf(part);
        var words = ChartFile.Words(pdf);
        var (top, bottom) = (Middle(words, "50"), Middle(words, "0"));
        var x = Center(words, "Bob");

        Assert.True(Middle(words, "New") < Middle(words, "Old"));
        Assert.Equal(["FF0000", "0000FF", "FFFFFF"], ChartFile.Colors(pdf, (x, bottom - ((bottom - top) * 18 / 50)), (x, bottom - ((bottom - top) * 22 / 50)), (x, bottom - ((bottom - top) * 47 / 50))));
    }

    [Fact]
    public void Bars_that_lie_are_listed_in_the_order_in_which_they_stand()
    {
        var pdf = ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(TwoSeries).Replace("val=\"col\"", "val=\"bar\"", StringComparison.Ordinal), after: RightLegend));
        var words = ChartFile.Words(pdf);

        Assert.True(Middle(words, "Bob") < Middle(words, "Ann"));
        Assert.True(Middle(words, "New") < Middle(words, "Old"));
        Assert.True(Center(words, "0") < Center(words, "20"));
        var (zero, twenty) = (Center(words, "0"), Center(words, "20"));
        Assert.Equal(["FF0000", "0000FF", "FFFFFF"], ChartFile.Colors(pdf, (zero + ((twenty - zero) * 0.9), Middle(words, "Bob") + 8), (zero + ((twenty - zero) * 1.1), Middle(words, "Bob") - 8), (zero + ((twenty - zero) * 0.4), Middle(words, "Ann") - 8)));
    }

    [Fact]
    public void Values_below_zero_hang_from_the_axis_and_labels_may_stay_at_the_foot()
    {
        var series = ChartFile.Series(0, "Old", "FF0000", "Ann,Bob", [10, -20]);
        var pdf = ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(series).Replace("<c:tickLblPos val=\"nextTo\"/><c:crossAx val=\"2\"/>", "<c:tickLblPos val=\"low\"/><c:crossAx val=\"2\"/>", StringComparison.Ordinal)));
        var words = ChartFile.Words(pdf);

        Assert.Equal(["-25", "-20", "-15", "-10", "-5", "0", "5", "10", "15"], words.Where(word => word.Word is not ("Ann" or "Bob")).OrderByDescending(word => word.Top).Select(word => word.Word));
        Assert.True(Middle(words, "Ann") > Middle(words, "-25"));
        Assert.Equal(["FF0000", "FFFFFF"], ChartFile.Colors(pdf, (Center(words, "Bob"), Middle(words, "-15") + 4), (Center(words, "Bob"), Middle(words, "5") - 6)));
    }

    [Fact]
    public void A_line_with_an_axis_of_its_own_is_measured_by_that()
    {
        var line = ChartFile.Line(ChartFile.Series(1, "Share", "0000FF", "Ann,Bob", [0.25, 0.25], mark: ""));
        var pdf = ChartFile.Pdf(ChartFile.Part(ChartFile.ColumnsAndLine(ChartFile.Series(0, "Old", "FF0000", "Ann,Bob", [100, 200]), line)));
        var words = ChartFile.Words(pdf);

        // The axis of the line stands at the right, from 0 to 0.3.
        Assert.Equal(words.Single(word => word.Word == "0.3").Left, words.Single(word => word.Word == "0.05").Left, 0.1);
        Assert.InRange(words.Single(word => word.Word == "0.3").Right, 345, 354);
        Assert.Equal(Middle(words, "250"), Middle(words, "0.3"), 0.5);
        var (x, y) = ((Center(words, "Ann") + Center(words, "Bob")) / 2, Middle(words, "0.25"));
        Assert.Equal(["0000FF", "FF0000"], ChartFile.Colors(pdf, (x, y + 0.4), (Center(words, "Bob"), Middle(words, "100") + 3)));
    }

    [Fact]
    public void A_reversed_axis_runs_the_other_way()
    {
        var part = ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "Old", "FF0000", "Ann,Bob", [10, 20]), valueAxis: "<c:scaling><c:orientation val=\"maxMin\"/></c:scaling>"));
        var words = ChartFile.Words(ChartFile.Pdf(part));

        Assert.True(Middle(words, "0") < Middle(words, "20"));
        Assert.True(Middle(words, "Ann") < Middle(words, "0"));
    }

    [Fact]
    public void Labels_of_points_stand_where_they_are_asked_for()
    {
        double Top(string side) => Middle(ChartFile.Words(ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(
            ChartFile.Series(0, "Old", "FF8080", "Ann,Bob", [17, 23], ShowValues.Replace("SIDE", side.Length > 0 ? $"<c:dLblPos val=\"{side}\"/>" : "", StringComparison.Ordinal)))))), "17");

        Assert.Equal(Top(""), Top("outEnd"));
        Assert.True(Top("outEnd") < Top("inEnd") - 10);
        Assert.True(Top("inEnd") < Top("ctr") - 20);
        Assert.True(Top("ctr") < Top("inBase") - 20);
    }

    [Theory]
    [InlineData("; ", "Ann; 12")]
    [InlineData(" ", "Ann 12")]
    [InlineData("\n", "Ann\n12")]
    public void Parts_of_a_label_are_parted_by_what_the_file_says(string separator, string text)
    {
        var labels = ShowValues.Replace("SIDE", "", StringComparison.Ordinal).Replace("showCatName val=\"0\"", "showCatName val=\"1\"", StringComparison.Ordinal).Replace("</c:dLbls>", $"<c:separator>{separator}</c:separator></c:dLbls>", StringComparison.Ordinal);
        var part = ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "S", "FF8080", "Ann,Bob", [12, 23], labels), categoryAxis: "<c:tickLblPos val=\"none\"/>"));

        var words = ChartFile.Words(ChartFile.Pdf(part)).OrderBy(word => word.Left).ToList();
        var (name, value) = (words.Single(word => word.Word.StartsWith("Ann", StringComparison.Ordinal)), words.Single(word => word.Word == "12"));

        Assert.Equal(text, name.Word + (value.Top > name.Bottom - 2 ? "\n" : " ") + value.Word);
    }

    [Theory]
    [InlineData(0.30000000000000004, "0.3")]
    [InlineData(1 / 3.0, "0.333333333")]
    [InlineData(12.345678901, "12.3456789")]
    [InlineData(98765432101, "98765432101")]
    [InlineData(1.5e12, "1.5E+12")]
    [InlineData(-0.05, "-0.05")]
    public void Numbers_without_a_format_are_shown_with_ten_digits(double number, string text)
        => Assert.Equal(text, ClinicFlow.Documents.Model.Charts.ValueFormat.General(new(CultureInfo.InvariantCulture, false)).Show(number));

    [Fact]
    public void Shares_of_a_pie_are_slices_clockwise_from_above_each_with_its_colour()
    {
        var pdf = ChartFile.Pdf(ChartFile.Part($"<c:pieChart><c:varyColors val=\"1\"/>{Pie}<c:firstSliceAng val=\"0\"/></c:pieChart>", after: RightLegend));
        var words = ChartFile.Words(pdf);

        // The pie's middle is that of what the legend leaves.
        var x = (11 + (words.Single(word => word.Word == "One").Left - 23.5)) / 2;
        Assert.Equal(["4472C4", "ED7D31", "A5A5A5"], ChartFile.Colors(pdf, (x + 30, 108), (x - 20, 158), (x - 20, 58)));
        Assert.Equal(["25%", "25%", "50%", "One", "Three", "Two"], words.Select(word => word.Word).Order(StringComparer.Ordinal));
    }

    // Half, a quarter, a quarter.
    private static string Pie => ChartFile.Series(0, "S", "000000", "One,Two,Three", [4, 2, 2], """
        <c:dLbls><c:dLblPos val="inEnd"/><c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="1"/></c:dLbls>
        """, mark: "").Replace("<c:spPr><a:solidFill><a:srgbClr val=\"000000\"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>", "", StringComparison.Ordinal);

    [Fact]
    public void A_doughnut_has_a_hole_and_a_pulled_slice_stands_apart()
    {
        var ring = ChartFile.Pdf(ChartFile.Part($"<c:doughnutChart><c:varyColors val=\"1\"/>{Pie.Replace("<c:dLblPos val=\"inEnd\"/>", "", StringComparison.Ordinal)}<c:firstSliceAng val=\"0\"/><c:holeSize val=\"50\"/></c:doughnutChart>"));
        Assert.Equal(["FFFFFF", "4472C4"], ChartFile.Colors(ring, (180 + 40, 108), (180 + 60, 108)));

        var pulled = ChartFile.Pdf(ChartFile.Part($"<c:pieChart><c:varyColors val=\"1\"/>{Pie.Replace("<c:dLbls>", "<c:dPt><c:idx val=\"0\"/><c:bubble3D val=\"0\"/><c:explosion val=\"25\"/></c:dPt><c:dLbls>", StringComparison.Ordinal)}</c:pieChart>"));
        Assert.Equal(["FFFFFF", "4472C4"], ChartFile.Colors(pulled, (180 + 8, 108), (180 + 40, 108)));
    }

    [Theory]
    [InlineData("gap", "FFFFFF")]
    [InlineData("span", "FF0000")]
    public void A_blank_is_a_gap_in_a_line_or_spanned(string blanks, string color)
    {
        var series = ChartFile.Series(0, "S", "000000", "a,b,c", [9.5, double.NaN, 9.5], mark: "<c:marker><c:symbol val=\"none\"/></c:marker>", more: "")
            .Replace("<a:solidFill><a:srgbClr val=\"000000\"/></a:solidFill><a:ln><a:noFill/></a:ln>", "<a:ln w=\"38100\"><a:solidFill><a:srgbClr val=\"FF0000\"/></a:solidFill></a:ln>", StringComparison.Ordinal)
            .Replace("</c:val>", "</c:val><c:smooth val=\"0\"/>", StringComparison.Ordinal);
        var pdf = ChartFile.Pdf(ChartFile.Part(ChartFile.Group("lineChart", "<c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>", series)).Replace("dispBlanksAs val=\"gap\"", $"dispBlanksAs val=\"{blanks}\"", StringComparison.Ordinal));
        var words = ChartFile.Words(pdf);

        Assert.Equal([color], ChartFile.Colors(pdf, (Center(words, "b") + 8, ((Middle(words, "9") + Middle(words, "10")) / 2) + 0.35)));
    }

    [Fact]
    public void Numbers_follow_their_format_and_the_decimal_sign_of_the_document()
    {
        var part = ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "S", "FF0000", "a", [1234.5]), valueAxis: "<c:numFmt formatCode=\"#,##0.0\" sourceLinked=\"0\"/><c:majorUnit val=\"700\"/>"));
        const string Settings = "<w:settings xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:decimalSymbol w:val=\",\"/></w:settings>";

        Assert.Contains(ChartFile.Words(ChartFile.Pdf(part)), word => word.Word == "1,400.0");
        Assert.Contains(ChartFile.Words(new NativeEngine().Convert(ChartFile.Docx(part, null, ("word/settings.xml", Settings)), TestContext.Current.CancellationToken).Pdf.ToArray()), word => word.Word == "1.400,0");
    }

    [Fact]
    public void Labels_of_categories_go_on_in_another_line_before_they_are_turned()
    {
        double Height(string categories) => ChartFile.Words(ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "S", "FF0000", categories, [1, 1, 1, 1, 1, 1])))))
            .Where(word => word.Word.Any(char.IsLetter)).Max(word => word.Bottom) - ChartFile.Words(ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "S", "FF0000", categories, [1, 1, 1, 1, 1, 1]))))).Where(word => word.Word.Any(char.IsLetter)).Min(word => word.Top);

        Assert.InRange(Height("a,b,c,d,e,f"), 8, 13);
        Assert.InRange(Height("early visits in May,b,c,d,e,f"), 20, 26);
        Assert.InRange(Height("Gastroenterology,b,c,d,e,f"), 40, 80);
    }

    [Fact]
    public void A_title_stands_above_and_takes_its_room_unless_it_lies_over_the_plot()
    {
        const string Title = "<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:r><a:t>Visits </a:t></a:r><a:r><a:rPr i=\"1\"/><a:t>each year</a:t></a:r></a:p></c:rich></c:tx><c:overlay val=\"0\"/></c:title>";
        var apart = ChartFile.Words(ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(TwoSeries), Title)));
        var over = ChartFile.Words(ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(TwoSeries), Title.Replace("overlay val=\"0\"", "overlay val=\"1\"", StringComparison.Ordinal))));

        Assert.Equal(180, (apart.Single(word => word.Word == "Visits").Left + apart.Single(word => word.Word == "year").Right) / 2, 1.0);
        Assert.True(Middle(apart, "25") > apart.Single(word => word.Word == "Visits").Bottom);
        Assert.Equal(11, Middle(over, "25"), 0.6);
    }

    [Fact]
    public async Task A_chart_is_a_figure_with_its_text_and_the_document_stays_native()
    {
        var docx = ChartFile.Docx(ChartFile.Part(ChartFile.Columns(TwoSeries), after: RightLegend));
        await using var choice = new EngineChoice(PdfEngineKind.Auto, new LibreOfficeOptions { Executable = "/nowhere/soffice" });

        var made = await choice.MakeAsync(new PdfSource("chart", docx), TestContext.Current.CancellationToken);
        var pdf = made.Pdf.ToArray();

        Assert.Equal(PdfEngineKind.Native, made.Engine);
        Assert.Empty(made.Gaps);
        PdfTool.CheckFile(pdf);
        Assert.Matches("Figure[^\n]*\\n(\\s*\"[^\n]*\n)*\\s*\"[^\n]*Ann", PdfTool.Run(pdf, "pdfinfo", "-struct-text", "FILE"));
        Assert.Contains("Visits by year", PdfTool.Run(pdf, "sh", "-c", "qpdf --qdf --object-streams=disable FILE - | strings"), StringComparison.Ordinal);
        Assert.Equal(pdf, new NativeEngine().Convert(docx, TestContext.Current.CancellationToken).Pdf.ToArray());
    }

    [Fact]
    public void A_chart_stands_in_a_cell_and_beside_text_as_a_picture_does()
    {
        var part = ChartFile.Part(ChartFile.Columns(TwoSeries));
        var small = ChartFile.Inline(200, 120);
        var floating = small.Replace("<wp:inline>", "<wp:anchor distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\" simplePos=\"0\" relativeHeight=\"1\" behindDoc=\"0\" locked=\"0\" layoutInCell=\"1\" allowOverlap=\"1\"><wp:positionH relativeFrom=\"page\"><wp:posOffset>3810000</wp:posOffset></wp:positionH><wp:positionV relativeFrom=\"page\"><wp:posOffset>5080000</wp:posOffset></wp:positionV>", StringComparison.Ordinal)
            .Replace("<wp:docPr", "<wp:wrapNone/><wp:docPr", StringComparison.Ordinal).Replace("</wp:inline>", "</wp:anchor>", StringComparison.Ordinal);
        var cell = $"<w:tbl><w:tblPr><w:tblW w:w=\"0\" w:type=\"auto\"/></w:tblPr><w:tblGrid><w:gridCol w:w=\"2000\"/><w:gridCol w:w=\"4500\"/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>left</w:t></w:r></w:p></w:tc><w:tc><w:p>{small}</w:p></w:tc></w:tr></w:tbl><w:p>{floating}</w:p>";

        var words = ChartFile.Words(ChartFile.Pdf(part, cell));

        var ann = words.Where(word => word.Word == "Ann").OrderBy(word => word.Top).ToArray();
        Assert.Equal(2, ann.Length);
        Assert.InRange(ann[0].Left, 60, 300);
        Assert.InRange(ann[0].Bottom, 100, 125);
        Assert.InRange(ann[1].Left + ChartFile.Origin, 300 + 40, 300 + 80);
        Assert.InRange(ann[1].Bottom + ChartFile.Origin, 400 + 105, 400 + 118);
    }

    [Fact]
    public void A_chart_stands_in_a_header_and_in_a_text_box()
    {
        const string Types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
        const string Names = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"";
        var box = "<w:p><w:r><w:drawing><wp:inline><wp:extent cx=\"3810000\" cy=\"2540000\"/><wp:docPr id=\"2\" name=\"b\"/><a:graphic><a:graphicData uri=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"><wps:wsp xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"><wps:cNvSpPr txBox=\"1\"/><wps:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"3810000\" cy=\"2540000\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></wps:spPr><wps:txbx><w:txbxContent>"
            + $"<w:p>{ChartFile.Inline(200, 120)}</w:p></w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>";
        var body = $"{box}<w:p><w:pPr><w:sectPr><w:headerReference w:type=\"default\" r:id=\"rIdP0\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1417\" w:right=\"1417\" w:bottom=\"1134\" w:left=\"1417\" w:header=\"708\" w:footer=\"708\" w:gutter=\"0\"/></w:sectPr></w:pPr></w:p>";
        var docx = ChartFile.Docx(
            ChartFile.Part(ChartFile.Columns(TwoSeries)), body, ("word/header1.xml", $"<w:hdr {Names}><w:p>{ChartFile.Inline(150, 100)}</w:p></w:hdr>"),
            ("word/_rels/header1.xml.rels", $"<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rIdC\" Type=\"{Types}chart\" Target=\"charts/chart1.xml\"/></Relationships>"));

        var made = new NativeEngine().Convert(docx, TestContext.Current.CancellationToken);
        var ann = ChartFile.Words(made.Pdf.ToArray()).Where(word => word.Word == "Ann").OrderBy(word => word.Top).ToArray();

        Assert.Empty(made.Gaps);
        Assert.Equal(2, ann.Length);

        // The header begins 35.4 pt below the page's edge and is 100 pt high; the box follows it.
        Assert.InRange(ann[0].Bottom + ChartFile.Origin, 35.4 + 85, 35.4 + 100);
        Assert.InRange(ann[1].Bottom + ChartFile.Origin, 35.4 + 100 + 100, 35.4 + 100 + 150);
    }

    [Fact]
    public void A_chart_in_a_template_gives_the_same_bytes_bound_and_from_a_file()
    {
        var template = TemplateCompiler.Compile(new MemoryStream(ChartFile.Docx(
            ChartFile.Part(ChartFile.Columns(TwoSeries), after: RightLegend), $"<w:p><w:r><w:t>Dear {{{{name}}}}</w:t></w:r></w:p><w:p>{ChartFile.Inline()}</w:p><w:p><w:r><w:t>{{{{name}}}} </w:t></w:r>{ChartFile.Inline(200, 100)}</w:p>")));
        var engine = new NativeEngine();
        foreach (var name in (string[])["Anna", "Zoë Gruber-Horvath", "Anna"])
        {
            using var reader = RecordSource.Open(new MemoryStream(Encoding.UTF8.GetBytes($"name\n{name}")), "one.csv");
            var record = Assert.IsType<RecordRead.Good>(Assert.Single(reader.Read(TestContext.Current.CancellationToken))).Record;
            var bound = Assert.IsType<BindResult.Bound>(template.Bind(record, new RenderOptions { Culture = CultureInfo.GetCultureInfo("en-GB"), JobTime = new DateTime(2026, 11, 23) })).Document;

            var made = engine.Convert(bound, TestContext.Current.CancellationToken);

            Assert.Empty(made.Gaps);
            Assert.Equal(new NativeEngine().Convert(bound.ToDocx(), TestContext.Current.CancellationToken).Pdf.ToArray(), made.Pdf.ToArray());
            Assert.Contains(name, string.Join('\n', PdfTool.Text(made.Pdf.ToArray())), StringComparison.Ordinal);
        }
    }

    private static double Middle(List<(string Word, double Left, double Top, double Right, double Bottom)> words, string word)
        => words.Where(one => one.Word == word).Select(one => (one.Top + one.Bottom) / 2).First();

    private static double Center(List<(string Word, double Left, double Top, double Right, double Bottom)> words, string word)
        => words.Where(one => one.Word == word).Select(one => (one.Left + one.Right) / 2).First();
}
