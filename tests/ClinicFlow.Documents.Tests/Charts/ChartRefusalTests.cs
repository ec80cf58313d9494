using System.Globalization;
using ClinicFlow.Documents.Engines;
using Xunit;

namespace ClinicFlow.Documents.Tests.Charts;

/// <summary>What is not drawn of charts, or not known, refuses the chart by name.</summary>
public sealed class ChartRefusalTests
{
    private static readonly string Plain = ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "A", "4472C4", "x,y", [1, 2])));

    [Fact]
    public void A_plain_chart_is_drawn() => Assert.Empty(new NativeEngine().Convert(ChartFile.Docx(Plain), TestContext.Current.CancellationToken).Gaps);

    [Theory]
    [InlineData("<c:barDir val=\"col\"/>", "<c:barDir val=\"up\"/>", "barDir up")]
    [InlineData("<c:grouping val=\"clustered\"/>", "<c:grouping val=\"heaped\"/>", "grouping heaped")]
    [InlineData("<c:plotVisOnly val=\"1\"/>", "<c:newThing/>", "newThing")]
    [InlineData("<c:plotVisOnly val=\"1\"/>", "<x:newThing xmlns:x=\"urn:x\"/>", "newThing")]
    [InlineData("<c:chart>", "<c:chart><c:view3D/>", "three dimensions")]
    [InlineData("<c:layout/>", "<c:layout/><c:dTable><c:newThing/></c:dTable>", "newThing")]
    [InlineData("<c:layout/>", "<c:layout/><c:dTable><c:spPr><a:solidFill><a:srgbClr val=\"FF0000\"/></a:solidFill></c:spPr></c:dTable>", "a table of the data with an area")]
    [InlineData("<c:layout/>", "<c:layout/><c:radarChart/>", "a radar chart")]
    [InlineData("<c:layout/>", "<c:layout/><c:dateAx/>", "other than one or two pairs of axes")]
    [InlineData("<c:layout/>", "<c:layout><c:manualLayout><c:x val=\"0.1\"/></c:manualLayout></c:layout>", "a plot area whose place is stated in part")]
    [InlineData("<c:invertIfNegative val=\"0\"/>", "<c:trendline/>", "a trend line of which is not said whether its equation shows")]
    [InlineData("<c:invertIfNegative val=\"0\"/>", "<c:trendline><c:trendlineType val=\"poly\"/></c:trendline>", "a trend line: poly")]
    [InlineData("<c:invertIfNegative val=\"0\"/>", "<c:trendline><c:trendlineType val=\"linear\"/><c:dispRSqr val=\"0\"/><c:dispEq val=\"1\"/></c:trendline>", "a trend line with its equation")]
    [InlineData("<c:invertIfNegative val=\"0\"/>", "<c:trendline><c:trendlineType val=\"linear\"/><c:forward val=\"1\"/></c:trendline>", "a trend line beyond its points")]
    [InlineData("<c:invertIfNegative val=\"0\"/>", "<c:errBars/>", "error bars of which is not said whether their ends are marked")]
    [InlineData("<c:invertIfNegative val=\"0\"/>", "<c:errBars><c:errValType val=\"stdDev\"/><c:noEndCap val=\"1\"/><c:val val=\"1\"/></c:errBars>", "error bars: stdDev")]
    [InlineData("<c:orientation val=\"minMax\"/>", "<c:logBase val=\"10\"/><c:orientation val=\"minMax\"/>", "a logarithmic axis that is not one of values")]
    [InlineData("<c:orientation val=\"minMax\"/>", "<c:logBase val=\"2\"/><c:orientation val=\"minMax\"/>", "a logarithmic axis of another base than ten")]
    [InlineData("<c:orientation val=\"minMax\"/>", "<c:orientation val=\"sideways\"/>", "orientation sideways")]
    [InlineData("<c:majorTickMark val=\"out\"/>", "", "an axis without majorTickMark")]
    [InlineData("<c:crossBetween val=\"between\"/>", "<c:majorUnit val=\"0.000001\"/><c:dispUnits/>", "units of display")]
    [InlineData("<c:crossBetween val=\"between\"/>", "<c:majorUnit val=\"0\"/>", "an axis with too many marks or none")]
    [InlineData("<c:roundedCorners val=\"0\"/>", "<c:style val=\"26\"/>", "the chart style 26")]
    [InlineData("<c:roundedCorners val=\"0\"/>", "<c:userShapes/>", "drawings in the chart")]
    [InlineData("<a:srgbClr val=\"4472C4\"/>", "<a:schemeClr val=\"nothing\"/>", "an area of an unknown colour")]
    [InlineData("<a:solidFill><a:srgbClr val=\"4472C4\"/></a:solidFill>", "<a:pattFill prst=\"pct80\"/>", "an area with a pattern")]
    [InlineData("<a:solidFill><a:srgbClr val=\"4472C4\"/></a:solidFill>", "<a:blipFill/>", "an area with a picture")]
    [InlineData("<a:solidFill><a:srgbClr val=\"4472C4\"/></a:solidFill>", "<a:effectLst><a:glow/></a:effectLst>", "a shadow, glow or other effect")]
    [InlineData("<c:v>2</c:v>", "<c:v>#N/A</c:v>", "a value that is no number")]
    [InlineData("<c:v>2</c:v>", "<c:v>NaN</c:v>", "a value that is no number")]
    [InlineData("<c:v>2</c:v>", "<c:v>1e300</c:v>", "a value that is no number")]
    [InlineData("<c:ptCount val=\"2\"/>", "<c:ptCount val=\"2000000000\"/>", "more than 5,000 points")]
    [InlineData("<c:ptCount val=\"2\"/>", "<c:ptCount val=\"-2\"/>", "more than 5,000 points")]
    [InlineData("<c:ptCount val=\"2\"/>", "<c:ptCount val=\"1\"/>", "a point beyond the number of points")]
    [InlineData("<c:formatCode>General</c:formatCode>", "<c:formatCode>[broken</c:formatCode>", "a number format that is not known here")]
    [InlineData("sz=\"1000\"", "sz=\"1000\" cap=\"all\"", "text with cap")]
    [InlineData("sz=\"1000\"", "sz=\"99999999\"", "text with sz")]
    public void What_is_not_drawn_is_named(string instead, string put, string reason)
    {
        // Of the number formats, that of the axis is General, and that of the values is asked by labels.
        const string Labels = "<c:dLbls><c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/><c:showCatName val=\"0\"/><c:showSerName val=\"0\"/><c:showPercent val=\"0\"/></c:dLbls>";
        var part = Plain.Replace("<c:cat>", Labels + "<c:cat>", StringComparison.Ordinal);
        Assert.Contains(instead, part, StringComparison.Ordinal);

        Assert.Equal(reason, ChartFile.Gap(part.Replace(instead, put, StringComparison.Ordinal)));
    }

    [Fact]
    public void Negative_bars_that_may_change_their_colour_are_not_drawn()
    {
        static string Chart(string mark) => ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "A", "4472C4", "x,y", [1, -2], mark: mark)));

        Assert.Equal("negative bars in another colour", ChartFile.Gap(Chart("")));
        Assert.Equal("negative bars in another colour", ChartFile.Gap(Chart("<c:invertIfNegative val=\"1\"/>")));
        Assert.Empty(new NativeEngine().Convert(ChartFile.Docx(Chart("<c:invertIfNegative val=\"0\"/>")), TestContext.Current.CancellationToken).Gaps);
    }

    [Fact]
    public void Blanks_of_a_line_of_which_nothing_is_said_are_not_drawn()
    {
        static string Chart(double second) => ChartFile.Part(ChartFile.Group(
            "lineChart", "<c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>", ChartFile.Line(ChartFile.Series(0, "A", "4472C4", "x,y,z", [1, second, 3], mark: "")))).Replace("<c:dispBlanksAs val=\"gap\"/>", "", StringComparison.Ordinal);

        Assert.Empty(new NativeEngine().Convert(ChartFile.Docx(Chart(2)), TestContext.Current.CancellationToken).Gaps);
        Assert.Equal("blanks, of which is not said how they are shown", ChartFile.Gap(Chart(double.NaN)));
    }

    [Fact]
    public void Axes_that_are_not_two_at_two_sides_are_not_drawn()
    {
        var (columns, line) = (ChartFile.Series(0, "A", "4472C4", "x,y", [1, 2]), ChartFile.Line(ChartFile.Series(1, "B", "FF0000", "x,y", [10, 20], mark: "")));
        var chart = ChartFile.Part(ChartFile.ColumnsAndLine(columns, line));
        Assert.Empty(new NativeEngine().Convert(ChartFile.Docx(chart), TestContext.Current.CancellationToken).Gaps);

        Assert.Equal("two pairs of axes at one side", ChartFile.Gap(chart.Replace("crosses val=\"max\"", "crosses val=\"min\"", StringComparison.Ordinal)));
        Assert.Equal("a second axis of categories", ChartFile.Gap(chart.Replace("delete val=\"1\"", "delete val=\"0\"", StringComparison.Ordinal)));
        Assert.Equal("axes that are not there", ChartFile.Gap(chart.Replace("<c:catAx><c:axId val=\"11\"/>", "<c:catAx><c:axId val=\"99\"/>", StringComparison.Ordinal)));
        Assert.Equal("groups of series that do not go together", ChartFile.Gap(ChartFile.Part(ChartFile.Columns(columns).Replace("<c:catAx>", "<c:barChart><c:barDir val=\"col\"/><c:axId val=\"1\"/><c:axId val=\"2\"/></c:barChart><c:catAx>", StringComparison.Ordinal))));
    }

    [Fact]
    public void A_part_that_is_no_chart_or_not_there_is_named()
    {
        Assert.Equal("a part that cannot be read", ChartFile.Gap("<c:chartSpace"));
        Assert.Equal("other", ChartFile.Gap("<other/>"));
        var gap = Assert.Single(new NativeEngine().Convert(ChartFile.Docx(Plain, $"<w:p>{ChartFile.Inline(id: "rIdNone")}</w:p>"), TestContext.Current.CancellationToken).Gaps);
        Assert.Equal("reference-broken", gap.Code);
    }

    [Fact]
    public void Many_points_are_drawn_and_too_many_are_not()
    {
        static string Chart(int series, int points) => ChartFile.Part(ChartFile.Group(
            "lineChart", "<c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>",
            string.Concat(Enumerable.Range(0, series).Select(i => ChartFile.Series(i, "A", "4472C4", "x", [.. Enumerable.Range(0, points).Select(x => (double)(x * i % 97))], mark: "<c:smooth val=\"0\"/>")))));

        Assert.Empty(new NativeEngine().Convert(ChartFile.Docx(Chart(4, 5000).Replace("<a:ln><a:noFill/></a:ln>", "<a:ln w=\"9525\"><a:solidFill><a:srgbClr val=\"FF0000\"/></a:solidFill></a:ln>", StringComparison.Ordinal)), TestContext.Current.CancellationToken).Gaps);
        Assert.Equal("more than 20,000 points", ChartFile.Gap(Chart(5, 5000)));
        Assert.Equal("more than 255 series", ChartFile.Gap(Chart(256, 1)));
    }

    [Fact]
    public void A_chart_that_is_shown_again_and_again_ends_at_a_limit()
    {
        // 20,000 points and more, a thousand times.
        var part = ChartFile.Part(ChartFile.Group(
            "lineChart", "<c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>",
            string.Concat(Enumerable.Range(0, 4).Select(i => ChartFile.Series(i, "A", "4472C4", "x", [.. Enumerable.Range(0, 5000).Select(x => (double)x)], mark: "<c:smooth val=\"0\"/>")))));
        var body = string.Concat(Enumerable.Repeat($"<w:p>{ChartFile.Inline(100, 60)}</w:p>", 1000));

        var error = Assert.Throws<ClinicFlow.Documents.Layout.LayoutLimitException>(() => new NativeEngine().Convert(ChartFile.Docx(part, body), TestContext.Current.CancellationToken));

        Assert.Equal("too-much-drawing", error.Code);
        Assert.Contains("charts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_numbers_a_chart_states_it_is_drawn_or_named()
    {
        // Every number of the part in turn becomes one that nobody meant.
        var part = ChartFile.Part(
            ChartFile.Columns(ChartFile.Series(0, "A", "4472C4", "x,y", [1, 2]), "<c:gapWidth val=\"50\"/><c:overlap val=\"10\"/>", "<c:lblOffset val=\"100\"/><c:tickLblSkip val=\"1\"/><c:tickMarkSkip val=\"1\"/>", "<c:majorUnit val=\"1\"/><c:minorUnit val=\"1\"/>"),
            after: "<c:legend><c:legendPos val=\"r\"/><c:layout><c:manualLayout><c:xMode val=\"edge\"/><c:yMode val=\"edge\"/><c:x val=\"0.8\"/><c:y val=\"0.4\"/><c:w val=\"0.1\"/><c:h val=\"0.1\"/></c:manualLayout></c:layout><c:overlay val=\"0\"/></c:legend>");
        var numbers = System.Text.RegularExpressions.Regex.Matches(part, "(?<=val=\"|<c:v>|sz=\")-?[0-9.]+(?=[\"<])");
        Assert.InRange(numbers.Count, 30, 100);
        foreach (var number in numbers.Cast<System.Text.RegularExpressions.Match>())
        {
            foreach (var put in (string[])["0", "-1", "1e99", "-1e99", "1e-99", "NaN", "99999999999", ""])
            {
                var changed = string.Create(CultureInfo.InvariantCulture, $"{part[..number.Index]}{put}{part[(number.Index + number.Length)..]}");
                var made = new NativeEngine().Convert(ChartFile.Docx(changed), TestContext.Current.CancellationToken);
                Assert.Equal(1, made.Pages);
                Assert.All(made.Gaps, gap => Assert.Equal("chart-part", gap.Code));
            }
        }
    }
}
