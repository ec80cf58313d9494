using System.Globalization;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Tests.Merge;
using ClinicFlow.Documents.Tests.Pdf;
using Xunit;

namespace ClinicFlow.Documents.Tests.Charts;

/// <summary>Makes small documents with one chart, and tells where things of it stand. The chart's left top stands at 70.85 pt from the left and the top of the page.</summary>
internal static class ChartFile
{
    public const double Origin = 70.85;

    private const string Types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

    /// <summary>Text in Arial of 10 pt, so that widths are those of a font that is there.</summary>
    private const string Text = """<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1000"><a:latin typeface="Arial"/></a:defRPr></a:pPr><a:endParaRPr/></a:p></c:txPr>""";

    /// <summary>A chart part.</summary>
    /// <param name="plot">What stands in c:plotArea.</param>
    /// <param name="before">What stands before it in c:chart.</param>
    /// <param name="after">What stands behind it.</param>
    /// <param name="space">What stands in c:chartSpace behind the chart.</param>
    public static string Part(string plot, string before = "", string after = "", string space = $"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{Text}") => $"""
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
        <c:lang val="en-US"/><c:roundedCorners val="0"/><c:chart>{before}<c:plotArea><c:layout/>{plot}</c:plotArea>{after}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>{space}</c:chartSpace>
        """;

    /// <summary>Columns, or what else has two axes.</summary>
    public static string Group(string name, string settings, string series, string categoryAxis = "", string valueAxis = "", bool isTurned = false)
        => $"<c:{name}>{settings}{series}<c:axId val=\"1\"/><c:axId val=\"2\"/></c:{name}>{Axes(categoryAxis, valueAxis, isTurned)}";

    public static string Columns(string series, string settings = "", string categoryAxis = "", string valueAxis = "")
        => Group("barChart", $"<c:barDir val=\"col\"/><c:grouping val=\"clustered\"/><c:varyColors val=\"0\"/>{settings}", series, categoryAxis, valueAxis);

    private static string Axes(string category, string value, bool isTurned) => $"""
        <c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="{(isTurned ? "l" : "b")}"/><c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="2"/><c:crosses val="autoZero"/>{category}</c:catAx>
        <c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="{(isTurned ? "b" : "l")}"/><c:majorGridlines/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="1"/><c:crosses val="autoZero"/><c:crossBetween val="between"/>{value}</c:valAx>
        """;

    /// <summary>Columns, and a line with axes of its own at the other side.</summary>
    public static string ColumnsAndLine(string columns, string line)
    {
        var other = Group("lineChart", "<c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>", line).Replace("axId val=\"", "axId val=\"1", StringComparison.Ordinal).Replace("crossAx val=\"", "crossAx val=\"1", StringComparison.Ordinal)
            .Replace("<c:majorGridlines/>", "", StringComparison.Ordinal).Replace("<c:crosses val=\"autoZero\"/><c:crossBetween", "<c:crosses val=\"max\"/><c:crossBetween", StringComparison.Ordinal);
        var at = other.IndexOf("<c:delete val=\"0\"/>", StringComparison.Ordinal);
        return Columns(columns) + other[..at] + "<c:delete val=\"1\"/>" + other[(at + "<c:delete val=\"0\"/>".Length)..];
    }

    /// <summary>A line of the series's colour.</summary>
    public static string Line(string series) => System.Text.RegularExpressions.Regex.Replace(
        series.Replace("</c:val>", "</c:val><c:smooth val=\"0\"/>", StringComparison.Ordinal), "<a:solidFill>(.*?)</a:solidFill><a:ln><a:noFill/></a:ln>", "<a:ln w=\"38100\"><a:solidFill>$1</a:solidFill></a:ln>");

    /// <summary>A series; a value that is not a number is a blank.</summary>
    public static string Series(int index, string name, string color, string categories, double[] values, string more = "", string mark = "<c:invertIfNegative val=\"0\"/>")
    {
        var points = string.Concat(values.Select((value, i) => double.IsNaN(value) ? "" : string.Create(CultureInfo.InvariantCulture, $"<c:pt idx=\"{i}\"><c:v>{value}</c:v></c:pt>")));
        var names = categories.Split(',');
        return $"""
            <c:ser><c:idx val="{index}"/><c:order val="{index}"/><c:tx><c:strRef><c:f>a</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{name}</c:v></c:pt></c:strCache></c:strRef></c:tx>
            <c:spPr><a:solidFill><a:srgbClr val="{color}"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>{mark}{more}
            <c:cat><c:strRef><c:f>b</c:f><c:strCache><c:ptCount val="{names.Length}"/>{string.Concat(names.Select((category, i) => $"<c:pt idx=\"{i}\"><c:v>{category}</c:v></c:pt>"))}</c:strCache></c:strRef></c:cat>
            <c:val><c:numRef><c:f>c</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="{values.Length}"/>{points}</c:numCache></c:numRef></c:val></c:ser>
            """;
    }

    public static string Inline(double width = 360, double height = 216, string id = "rIdC") => string.Create(CultureInfo.InvariantCulture, $"""
        <w:r><w:drawing><wp:inline><wp:extent cx="{(long)(width * 12_700)}" cy="{(long)(height * 12_700)}"/><wp:docPr id="1" name="c" descr="Visits by year"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{id}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>
        """);

    /// <summary>A document with the chart in its first line.</summary>
    public static byte[] Docx(string part, string? body = null, params (string Name, string Xml)[] more)
    {
        var related = $"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rIdC" Type="{Types}chart" Target="charts/chart1.xml"/>{string.Concat(more.Where(one => one.Name.StartsWith("word/", StringComparison.Ordinal) && !one.Name.Contains("_rels", StringComparison.Ordinal)).Select((one, i) => $"<Relationship Id=\"rIdP{i}\" Type=\"{Types}{(one.Name.Contains("header", StringComparison.Ordinal) ? "header" : "settings")}\" Target=\"{one.Name[5..]}\"/>"))}</Relationships>""";
        return WordFile.FromBody(body ?? $"<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\"/></w:pPr>{Inline()}</w:p>", [("word/charts/chart1.xml", part), ("word/_rels/document.xml.rels", related), .. more]);
    }

    public static byte[] Pdf(string part, string? body = null, params (string Name, string Xml)[] more)
    {
        var made = new NativeEngine().Convert(Docx(part, body, more));
        Assert.Empty(made.Gaps);
        return made.Pdf.ToArray();
    }

    /// <summary>Why a chart is not drawn.</summary>
    public static string Gap(string part)
    {
        var gap = Assert.Single(new NativeEngine().Convert(Docx(part)).Gaps);
        Assert.Equal("chart-part", gap.Code);
        return gap.What["a chart with something that is not drawn here: ".Length..];
    }

    /// <summary>Each word of the first page with its box, counted from the chart's left top.</summary>
    public static List<(string Word, double Left, double Top, double Right, double Bottom)> Words(byte[] pdf)
    {
        var words = new List<(string, double, double, double, double)>();
        foreach (var line in PdfTool.Run(pdf, "pdftotext", "-l", "1", "-bbox", "FILE", "-").Split('\n').Where(line => line.Contains("<word", StringComparison.Ordinal)))
        {
            double Number(string name) => double.Parse(line.Split(name + "=\"")[1].Split('"')[0], CultureInfo.InvariantCulture) - Origin;
            words.Add((System.Net.WebUtility.HtmlDecode(line.Split('>')[1].Split('<')[0]), Number("xMin"), Number("yMin"), Number("xMax"), Number("yMax")));
        }

        return words;
    }

    /// <summary>Colours at places counted from the chart's left top, in points.</summary>
    public static string[] Colors(byte[] pdf, params (double X, double Y)[] places)
    {
        // Four pixels a point, 1,600 a row, behind a header.
        const int Scale = 4;
        var numbers = PdfTool.Run(pdf, "sh", "-c", "pdftoppm -r 288 -f 1 -l 1 -x 283 -y 283 -W 1600 -H 1000 FILE | tail -c +18 | od -An -v -w4800 -tx1").Split('\n');
        return [.. places.Select(place => string.Concat(numbers[(int)(place.Y * Scale)].Split(' ', StringSplitOptions.RemoveEmptyEntries).AsSpan(3 * (int)(place.X * Scale), 3).ToArray()).ToUpperInvariant())];
    }
}
