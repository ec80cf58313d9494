using System.IO.Compression;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Layout.Charts;
using ClinicFlow.Documents.Model.Charts;
using Xunit;

namespace ClinicFlow.Documents.Tests.Charts;

/// <summary>What else charts have: titles that nobody typed, axes of days, tables, trend lines, bars of all sorts. The charts are 360 by 216 pt.</summary>
public sealed class ChartKindTests
{
    private const string Delete = "<c:autoTitleDeleted val=\"0\"/>";
    private const string RightLegend = "<c:legend><c:legendPos val=\"r\"/><c:overlay val=\"0\"/></c:legend>";
    private const string Shows = "<c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/><c:showCatName val=\"0\"/><c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/>";
    private const string Red = "<c:spPr><a:ln w=\"38100\"><a:solidFill><a:srgbClr val=\"FF0000\"/></a:solidFill></a:ln></c:spPr>";

    private static string One => ChartFile.Series(0, "Visits", "4472C4", "Ann,Bob", [10, 20]);

    private static string TwoLines => Smooth(ChartFile.Series(0, "Old", "0000FF", "Ann,Bob,Cy", [10, 20, 10], mark: "")) + Smooth(ChartFile.Series(1, "New", "00FF00", "Ann,Bob,Cy", [20, 5, 40], mark: ""));

    // --- Titles ---
    [Fact]
    public void One_series_gives_its_name_to_a_title_that_no_element_stands_for_only_where_that_is_said_not_to_be_deleted()
    {
        Assert.Equal(1, Count(ChartFile.Part(ChartFile.Columns(One), before: Delete), "Visits"));
        Assert.Equal(0, Count(ChartFile.Part(ChartFile.Columns(One)), "Visits"));
        Assert.Equal(0, Count(ChartFile.Part(ChartFile.Columns(One), before: Delete.Replace("val=\"0\"", "val=\"1\"", StringComparison.Ordinal)), "Visits"));
        Assert.Equal(0, Count(ChartFile.Part(ChartFile.Columns(One + ChartFile.Series(1, "Other", "FF0000", "Ann,Bob", [1, 2])), before: Delete), "Visits"));
    }

    [Theory]
    [InlineData("hu-HU", "Diagramcím")]
    [InlineData("en-GB", "Chart")]
    [InlineData("de-AT", "Diagrammtitel")]
    public void A_title_that_nobody_typed_says_Words_own_words_in_the_charts_language(string language, string word)
    {
        var two = One + ChartFile.Series(1, "Other", "FF0000", "Ann,Bob", [1, 2]);
        var part = ChartFile.Part(ChartFile.Columns(two), before: $"<c:title><c:overlay val=\"0\"/></c:title>{Delete}").Replace("en-US", language, StringComparison.Ordinal);
        Assert.Equal(1, Count(part, word));

        // So does that of one series without a name.
        Assert.Equal(1, Count(part.Replace(two, One.Replace("<c:v>Visits</c:v>", "<c:v></c:v>", StringComparison.Ordinal), StringComparison.Ordinal), word));
        Assert.Equal("a title whose text is not stored", ChartFile.Gap(part.Replace(language, "pl-PL", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_title_of_an_axis_that_nobody_typed_says_so()
    {
        var words = ChartFile.Words(ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(One, categoryAxis: "<c:title><c:overlay val=\"0\"/></c:title>"))));
        Assert.True(words.Single(word => word.Word == "Axis").Top > words.Single(word => word.Word == "Ann").Bottom);
    }

    // --- Categories and days ---
    [Fact]
    public void Labels_that_stand_at_the_ends_of_an_axis_are_whole_and_within_the_chart()
    {
        var series = Smooth(ChartFile.Series(0, "Old", "0000FF", "Kategorie-eins,zwei,Kategorie-drei", [10, 20, 10], mark: ""));
        var part = ChartFile.Part(ChartFile.Group("lineChart", "<c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>", series)).Replace("crossBetween val=\"between\"", "crossBetween val=\"midCat\"", StringComparison.Ordinal);
        var words = ChartFile.Words(ChartFile.Pdf(part));

        Assert.InRange(words.Single(word => word.Word == "Kategorie-eins").Left, 6, 12);
        Assert.InRange(words.Single(word => word.Word == "Kategorie-drei").Right, 348, 354);
    }

    [Fact]
    public void Days_stand_as_far_apart_as_they_are_in_their_order()
    {
        // 1, 8 and 3 January 2020, in this order.
        var words = ChartFile.Words(ChartFile.Pdf(Days([43831, 43838, 43833], "d.m.", "<c:baseTimeUnit val=\"days\"/>")));
        string[] days = [.. words.Where(word => word.Word.EndsWith(".1.", StringComparison.Ordinal)).OrderBy(word => word.Left).Select(word => word.Word)];
        Assert.Equal(["1.1.", "2.1.", "3.1.", "4.1.", "5.1.", "6.1.", "7.1.", "8.1."], days);

        // The column of the third stands at the third day: 30 of 35 high.
        var pdf = ChartFile.Pdf(Days([43831, 43838, 43833], "d.m.", "<c:baseTimeUnit val=\"days\"/>"));
        double At(string day) => words.Where(word => word.Word == day).Select(word => (word.Left + word.Right) / 2).First();
        var (top, bottom) = (Middle(words, "35"), Middle(words, "0"));
        double Height(double value) => bottom - ((bottom - top) * value / 35);
        Assert.Equal(
            ["4472C4", "FFFFFF", "FFFFFF", "4472C4", "FFFFFF", "4472C4", "FFFFFF"],
            ChartFile.Colors(pdf, (At("1.1."), Height(9)), (At("1.1."), Height(12)), (At("2.1."), Height(3)), (At("3.1."), Height(28)), (At("3.1."), Height(32)), (At("8.1."), Height(18)), (At("8.1."), Height(22))));
    }

    [Fact]
    public void Days_have_a_label_every_so_often_as_the_axis_says()
    {
        var words = ChartFile.Words(ChartFile.Pdf(Days([43831, 43859, 43845], "d.m.", "<c:majorUnit val=\"14\"/><c:majorTimeUnit val=\"days\"/><c:baseTimeUnit val=\"days\"/>")));
        Assert.Equal(["1.1.", "15.1.", "29.1."], words.Where(word => word.Word.EndsWith(".1.", StringComparison.Ordinal)).OrderBy(word => word.Left).Select(word => word.Word));

        // Months are alike wide, however many days they have.
        words = ChartFile.Words(ChartFile.Pdf(Days([43831, 43862, 43952], "d.m.", "<c:baseTimeUnit val=\"months\"/>")));
        var months = words.Where(word => word.Word.StartsWith("1.", StringComparison.Ordinal)).OrderBy(word => word.Left).ToArray();
        Assert.Equal(["1.1.", "1.2.", "1.3.", "1.4.", "1.5."], months.Select(word => word.Word));
        Assert.Equal(months[1].Left - months[0].Left, months[4].Left - months[3].Left, 0.3);
    }

    [Theory]
    [InlineData("en-US", "1/9/2020")]
    [InlineData("de-DE", "09.01.2020")]
    [InlineData("fr-FR", "09/01/2020")]
    [InlineData("hu-HU", "09.")]
    public void The_machines_short_day_is_that_of_the_charts_language(string language, string shown)
    {
        var part = Days([43839], "m/d/yyyy", "<c:baseTimeUnit val=\"days\"/>").Replace("en-US", language, StringComparison.Ordinal);
        Assert.Equal(1, Count(part, shown));
        Assert.Equal("a number format that is not known here", ChartFile.Gap(part.Replace(language, "cs-CZ", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_axis_that_follows_its_data_is_one_of_days_only_where_these_are()
    {
        var days = Days([43831, 43841, 43833], "d.m.", "").Replace("dateAx", "catAx", StringComparison.Ordinal);
        Assert.Equal(1, Count(days, "5.1."));
        Assert.Equal(0, Count(days.Replace("<c:auto val=\"1\"/>", "<c:auto val=\"0\"/>", StringComparison.Ordinal), "5.1."));
        Assert.Equal(0, Count(Days([3, 9, 4], "General", ""), "7"));
    }

    [Theory]
    [InlineData("<c:baseTimeUnit val=\"weeks\"/>", "d.m.", "baseTimeUnit weeks")]
    [InlineData("<c:baseTimeUnit val=\"months\"/>", "d.m.", "an axis of months that shows days")]
    [InlineData("<c:majorUnit val=\"1\"/><c:majorTimeUnit val=\"days\"/><c:baseTimeUnit val=\"months\"/>", "mmm", "labels of an axis of days that are closer than its days")]
    [InlineData("<c:majorUnit val=\"0.5\"/><c:baseTimeUnit val=\"days\"/>", "d.m.", "majorUnit 0.5")]
    [InlineData("<c:majorUnit val=\"-3\"/><c:baseTimeUnit val=\"days\"/>", "d.m.", "majorUnit -3")]
    [InlineData("<c:crossesAt val=\"43835\"/><c:baseTimeUnit val=\"days\"/>", "d.m.", "an axis of days with limits of its own")]
    public void What_is_not_known_of_days_is_named(string axis, string code, string reason) => Assert.Equal(reason, ChartFile.Gap(Days([43831, 43838, 43833], code, axis)));

    [Fact]
    public void Days_without_end_are_named_and_not_drawn()
    {
        Assert.Equal("an axis of days whose labels are not stated", ChartFile.Gap(Days([43831, 43931, 43833], "d.m.", "<c:baseTimeUnit val=\"days\"/>")));
        Assert.Equal("an axis of more than 5,000 days", ChartFile.Gap(Days([100, 43931, 43833], "d.m.", "<c:baseTimeUnit val=\"days\"/>")));
        Assert.Equal("a day that is not stored", ChartFile.Gap(Days([-4, 43931, 43833], "d.m.", "<c:baseTimeUnit val=\"days\"/>")));
        Assert.Equal("a day that is not stored", ChartFile.Gap(Days([1e99, 43931, 43833], "d.m.", "<c:baseTimeUnit val=\"days\"/>")));
    }

    [Fact]
    public void What_categories_have_in_common_stands_below_them_once_between_lines()
    {
        static string Levels(string part) => System.Text.RegularExpressions.Regex.Replace(
            part, "<c:cat>.*?</c:cat>", "<c:cat><c:multiLvlStrRef><c:f>b</c:f><c:multiLvlStrCache><c:ptCount val=\"4\"/><c:lvl><c:pt idx=\"0\"><c:v>Ann</c:v></c:pt><c:pt idx=\"1\"><c:v>Bob</c:v></c:pt><c:pt idx=\"2\"><c:v>Cy</c:v></c:pt><c:pt idx=\"3\"><c:v>Dan</c:v></c:pt></c:lvl><c:lvl><c:pt idx=\"0\"><c:v>2024</c:v></c:pt><c:pt idx=\"3\"><c:v>2025</c:v></c:pt></c:lvl></c:multiLvlStrCache></c:multiLvlStrRef></c:cat>");
        var part = Levels(ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "Visits", "4472C4", "a", [10, 20, 30, 40]))));
        var pdf = ChartFile.Pdf(part);
        var words = ChartFile.Words(pdf);
        (double X, double Y) At(string text) => words.Where(word => word.Word == text).Select(word => ((word.Left + word.Right) / 2, (word.Top + word.Bottom) / 2)).Single();

        Assert.True(At("2024").Y > At("Ann").Y + 8);
        Assert.Equal(At("Bob").X, At("2024").X, 0.5);
        Assert.Equal(At("Dan").X, At("2025").X, 0.5);
        var between = (At("Cy").X + At("Dan").X) / 2;
        string Darkest(double x, double y) => ChartFile.Colors(pdf, [.. Enumerable.Range(-6, 13).Select(step => (x + (step / 4.0), y))]).Min(StringComparer.Ordinal)!;
        Assert.Equal("898989", Darkest(between, At("2024").Y));
        Assert.Equal("FFFFFF", Darkest((At("Bob").X + At("Cy").X) / 2, At("Ann").Y));

        // Of bars that lie they stand upright at the left.
        words = ChartFile.Words(ChartFile.Pdf(part.Replace("barDir val=\"col\"", "barDir val=\"bar\"", StringComparison.Ordinal)));
        Assert.True(At("2024").X < At("Bob").X - 8);
        Assert.Equal(At("Bob").Y, At("2024").Y, 1.0);
        Assert.Equal("categories on several levels that do not stand beside an axis", ChartFile.Gap(part.Replace("<c:crosses val=\"autoZero\"/>", "<c:crosses val=\"autoZero\"/><c:noMultiLvlLbl val=\"1\"/>", StringComparison.Ordinal).Replace("<c:crosses val=\"autoZero\"/><c:noMultiLvlLbl val=\"1\"/><c:crossBetween", "<c:crosses val=\"autoZero\"/><c:crossBetween", StringComparison.Ordinal)));
    }

    // --- What stands between and beside series ---
    [Fact]
    public void Bars_for_up_and_down_reach_from_the_first_series_to_the_last_and_lines_from_the_least_to_the_largest()
    {
        const string Bars = "<c:upDownBars><c:gapWidth val=\"100\"/><c:upBars><c:spPr><a:solidFill><a:srgbClr val=\"FFFF00\"/></a:solidFill></c:spPr></c:upBars><c:downBars/></c:upDownBars>";
        var words = ChartFile.Words(ChartFile.Pdf(Lines(TwoLines, Bars)));
        double Height(double value) => Middle(words, "0") - ((Middle(words, "0") - Middle(words, "45")) * value / 45);
        double At(string name) => words.Where(word => word.Word == name).Select(word => (word.Left + word.Right) / 2).First();

        // Down, where nothing is said, is the text's colour at a tint of 95 %.
        Assert.Equal(["FFFF00", "3F3F3F", "FFFFFF"], ChartFile.Colors(ChartFile.Pdf(Lines(TwoLines, Bars)), (At("Ann") - 10, Height(15)), (At("Bob") - 10, Height(12)), (At("Bob") - 40, Height(12))));

        var lines = ChartFile.Colors(ChartFile.Pdf(Lines(TwoLines, $"<c:hiLowLines>{Red}</c:hiLowLines>")), (At("Bob"), Height(13)), (At("Bob"), Height(3)));
        Assert.Equal(["FF0000", "FFFFFF"], lines);
        lines = ChartFile.Colors(ChartFile.Pdf(Lines(TwoLines, $"<c:dropLines>{Red}</c:dropLines>")), (At("Bob"), Height(13)), (At("Bob"), Height(3)));
        Assert.Equal(["FF0000", "FF0000"], lines);
    }

    [Fact]
    public void Error_bars_reach_beyond_their_points_and_the_axis_beyond_them()
    {
        var bars = $"<c:errBars><c:errBarType val=\"both\"/><c:errValType val=\"fixedVal\"/><c:noEndCap val=\"0\"/><c:val val=\"4\"/>{Red}</c:errBars>";
        var pdf = ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "Visits", "4472C4", "Ann,Bob", [10, 22], bars))));
        var words = ChartFile.Words(pdf);
        double Height(double value) => Middle(words, "0") - ((Middle(words, "0") - Middle(words, "30")) * value / 30);
        double At(string name) => words.Where(word => word.Word == name).Select(word => (word.Left + word.Right) / 2).First();

        Assert.Equal(["FF0000", "FF0000", "FF0000", "FFFFFF", "FFFFFF"], ChartFile.Colors(pdf, (At("Bob"), Height(25)), (At("Bob"), Height(19)), (At("Bob") + 2, Height(26)), (At("Bob"), Height(27)), (At("Bob") + 2, Height(24.5))));

        // In parts of the value: no bar of ten beyond 11.
        pdf = ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "Visits", "4472C4", "Ann,Bob", [10, 27], bars.Replace("fixedVal", "percentage", StringComparison.Ordinal).Replace("<c:val val=\"4\"/>", "<c:val val=\"10\"/>", StringComparison.Ordinal)))));
        words = ChartFile.Words(pdf);
        double Higher(double value) => Middle(words, "0") - ((Middle(words, "0") - Middle(words, "30")) * value / 30);
        Assert.Equal(["FF0000", "FFFFFF"], ChartFile.Colors(pdf, (At("Ann"), Higher(10.6)), (At("Ann"), Higher(12))));
    }

    [Fact]
    public void A_trend_line_runs_by_least_squares_and_comes_last_in_the_legend()
    {
        // Through 10, 20, 10 and 20: from 12 to 18.
        const string Said = "<c:dispRSqr val=\"0\"/><c:dispEq val=\"0\"/>";
        var series = ChartFile.Series(0, "Old", "0000FF", "Ann,Bob,Cy,Dan", [10, 20, 10, 20], $"<c:trendline>{Red}<c:trendlineType val=\"linear\"/>{Said}</c:trendline>", mark: "<c:marker><c:symbol val=\"none\"/></c:marker>");
        var pdf = ChartFile.Pdf(Lines(Smooth(series), "", RightLegend));
        var words = ChartFile.Words(pdf);
        double Height(double value) => Middle(words, "0") - ((Middle(words, "0") - Middle(words, "25")) * value / 25);
        double At(string name) => words.Where(word => word.Word == name).Select(word => (word.Left + word.Right) / 2).First();

        Assert.Equal(["FF0000", "FF0000", "FFFFFF"], ChartFile.Colors(pdf, (At("Ann") + 1, Height(12)), (At("Dan") - 1, Height(18)), (At("Dan") + 10, Height(18.7))));
        Assert.True(words.Single(word => word.Word == "Linear").Top > words.First(word => word.Word == "Old").Top);
        Assert.Contains(words, word => word.Word == "(Old)");
        Assert.Equal("a trend line whose name is not stored", ChartFile.Gap(Lines(Smooth(series), "", RightLegend).Replace("en-US", "de-DE", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("exp", new double[] { 1, 2, 4, 8 }, 2.5, 2.828)]
    [InlineData("power", new double[] { 3, 12, 27, 48 }, 2.5, 18.75)]
    [InlineData("log", new double[] { 0, 0.6931, 1.0986, 1.3863 }, 2.5, 0.9163)]
    [InlineData("linear", new double[] { 2, 4, 6, 8 }, 2.5, 5)]
    public void Curves_go_through_points_that_lie_on_them(string kind, double[] values, double at, double value)
    {
        var parsed = kind switch { "exp" => TrendKind.Exponential, "power" => TrendKind.Power, "log" => TrendKind.Logarithmic, _ => TrendKind.Linear };
        var curve = TrendCurve.Of(parsed, [.. values.Select((y, i) => (i + 1.0, y))]);

        Assert.NotNull(curve);
        Assert.Equal(value, curve(at), 0.001);
        Assert.Null(TrendCurve.Of(TrendKind.Exponential, [(1, -1), (2, 3)]));
    }

    [Fact]
    public void A_smooth_line_is_a_curve_through_its_points()
    {
        // From a top point the straight line falls at once, the curve does not.
        var series = Smooth(ChartFile.Series(0, "Old", "0000FF", "Ann,Bob,Cy", [0, 20, 0], mark: ""));
        var straight = Lines(series, "");
        var words = ChartFile.Words(ChartFile.Pdf(straight));
        double Height(double value) => Middle(words, "0") - ((Middle(words, "0") - Middle(words, "25")) * value / 25);
        double At(string name) => words.Where(word => word.Word == name).Select(word => (word.Left + word.Right) / 2).First();
        var (x, step) = (At("Bob"), At("Cy") - At("Bob"));

        Assert.Equal(["0000FF", "0000FF", "FFFFFF"], ChartFile.Colors(ChartFile.Pdf(straight), (x, Height(20)), (x + (step * 0.2), Height(16)), (x + (step * 0.2), Height(18.5))));
        Assert.Equal(["0000FF", "FFFFFF", "0000FF"], ChartFile.Colors(ChartFile.Pdf(straight.Replace("smooth val=\"0\"", "smooth val=\"1\"", StringComparison.Ordinal)), (x, Height(20)), (x + (step * 0.2), Height(16)), (x + (step * 0.2), Height(18.5))));
        Assert.Equal("a line of which is not said whether it is smooth", ChartFile.Gap(straight.Replace("<c:smooth val=\"0\"/>", "", StringComparison.Ordinal)));
    }

    // --- Axes ---
    [Fact]
    public void A_logarithmic_axis_has_equal_steps_for_powers_of_ten()
    {
        static string Chart(params double[] values) => ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "Visits", "4472C4", "Ann,Bob", values))).Replace(
            "<c:valAx><c:axId val=\"2\"/><c:scaling>", "<c:valAx><c:axId val=\"2\"/><c:scaling><c:logBase val=\"10\"/>", StringComparison.Ordinal);
        var pdf = ChartFile.Pdf(Chart(5, 200));
        var words = ChartFile.Words(pdf);
        Assert.Equal(["1", "10", "100", "1000"], words.Where(word => char.IsDigit(word.Word[0])).OrderByDescending(word => word.Top).Select(word => word.Word));
        Assert.Equal(Middle(words, "1") - Middle(words, "10"), Middle(words, "100") - Middle(words, "1000"), 0.3);

        // 200 is 2.3 powers of ten.
        var bob = words.Where(word => word.Word == "Bob").Select(word => (word.Left + word.Right) / 2).First();
        double Height(double power) => Middle(words, "1") - ((Middle(words, "1") - Middle(words, "10")) * power);
        Assert.Equal(["4472C4", "FFFFFF"], ChartFile.Colors(pdf, (bob, Height(2.25)), (bob, Height(2.35))));
        Assert.Equal("a logarithmic axis whose ends are not known", ChartFile.Gap(Chart(0, 200)));
        Assert.Equal("a logarithmic axis whose ends are not known", ChartFile.Gap(Chart(50, 200)));
        Assert.Equal("a logarithmic axis whose ends are not known", ChartFile.Gap(Chart(5, 1000)));
    }

    [Fact]
    public void Minor_gridlines_are_lighter_than_major_ones()
    {
        var pdf = ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(One, valueAxis: "<c:minorGridlines/><c:majorUnit val=\"10\"/><c:minorUnit val=\"5\"/>")));
        var words = ChartFile.Words(pdf);
        var between = (Middle(words, "10") + Middle(words, "20")) / 2;
        string Darkest(double y) => ChartFile.Colors(pdf, [.. Enumerable.Range(-6, 13).Select(step => (200.0, y + (step / 4.0)))]).Min(StringComparer.Ordinal)!;

        Assert.Equal("898989", Darkest(Middle(words, "20")));
        Assert.Equal("BCBCBC", Darkest(between));
    }

    [Fact]
    public void A_table_of_the_data_stands_below_the_plot_area_with_a_row_for_each_series()
    {
        var two = ChartFile.Series(0, "Old", "FF0000", "Ann,Bob", [12, 23]) + ChartFile.Series(1, "New", "0000FF", "Ann,Bob", [8, double.NaN]);
        var words = ChartFile.Words(ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(two) + "<c:dTable><c:showHorzBorder val=\"1\"/><c:showVertBorder val=\"1\"/><c:showOutline val=\"1\"/><c:showKeys val=\"1\"/></c:dTable>")));
        (double X, double Y) At(string text) => words.Where(word => word.Word == text).Select(word => ((word.Left + word.Right) / 2, (word.Top + word.Bottom) / 2)).Single();

        Assert.True(Middle(words, "0") < At("Ann").Y && At("Ann").Y < At("Old").Y && At("Old").Y < At("New").Y && At("New").Y < 216);
        Assert.Equal(At("Old").Y, At("12").Y, 0.5);
        Assert.Equal(At("Old").Y, At("23").Y, 0.5);
        Assert.Equal(At("New").Y, At("8").Y, 0.5);
        Assert.Equal(At("Ann").X, At("12").X, 0.5);
        Assert.Equal(At("Ann").X, At("8").X, 0.5);
        Assert.Equal(At("Bob").X, At("23").X, 0.5);
    }

    // --- Labels ---
    [Fact]
    public void Labels_of_several_parts_are_lists_as_the_document_writes_them()
    {
        var labels = $"<c:dLbls>{Shows.Replace("showCatName val=\"0\"", "showCatName val=\"1\"", StringComparison.Ordinal)}</c:dLbls>";
        var part = ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "Visits", "4472C4", "Ann,Bob", [10, 20], labels)));
        const string Settings = "<w:settings xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:listSeparator w:val=\";\"/></w:settings>";

        Assert.Contains(ChartFile.Words(ChartFile.Pdf(part, more: ("word/settings.xml", Settings))), word => word.Word == "Ann;");
        Assert.Equal("labels of several parts with nothing stated between them", ChartFile.Gap(part));
    }

    [Fact]
    public void A_field_in_a_labels_own_text_shows_what_it_stands_for()
    {
        const string Own = "<c:dLbls><c:dLbl><c:idx val=\"1\"/><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:t>got</a:t></a:r></a:p><a:p><a:fld id=\"{0}\" type=\"TYPE\"><a:rPr lang=\"en-US\"/><a:pPr/><a:t>[WERT]</a:t></a:fld></a:p></c:rich></c:tx>";
        string Chart(string type) => ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "Visits", "4472C4", "Ann,Bob", [10, 23], $"{Own.Replace("TYPE", type, StringComparison.Ordinal)}{Shows}</c:dLbl>{Shows}</c:dLbls>")));

        Assert.Equal(1, Count(Chart("VALUE"), "23"));
        Assert.Equal(2, Count(Chart("CATEGORYNAME"), "Bob"));
        Assert.Equal(1, Count(Chart("SERIESNAME"), "Visits"));
        Assert.Equal(0, Count(Chart("VALUE"), "[WERT]"));
        Assert.Equal("text with fld", ChartFile.Gap(Chart("CELLRANGE")));
    }

    [Fact]
    public void Labels_of_areas_stand_in_their_middle()
    {
        var series = ChartFile.Series(0, "Old", "AACCEE", "Ann,Bob,Cy", [23, 23, 23], $"<c:dLbls>{Shows}</c:dLbls>", mark: "");
        var words = ChartFile.Words(ChartFile.Pdf(ChartFile.Part(ChartFile.Group("areaChart", "<c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>", series))));

        Assert.Equal(3, words.Count(word => word.Word == "23"));
        Assert.Equal(Middle(words, "0") - ((Middle(words, "0") - Middle(words, "25")) * 11.5 / 25), Middle(words, "23"), 1);
    }

    [Fact]
    public void A_label_that_was_moved_has_a_line_to_its_point_where_that_is_said()
    {
        const string Lines = "<c:extLst><c:ext uri=\"{CE6537A1-D6FC-4f65-9D91-7224C49458BB}\" xmlns:c15=\"http://schemas.microsoft.com/office/drawing/2012/chart\"><c15:showLeaderLines val=\"SHOW\"/><c15:leaderLines><c:spPr><a:ln w=\"38100\"><a:solidFill><a:srgbClr val=\"FF0000\"/></a:solidFill></a:ln></c:spPr></c15:leaderLines></c:ext></c:extLst>";
        string Chart(string show) => ChartFile.Part(ChartFile.Columns(ChartFile.Series(
            0, "Visits", "4472C4", "Ann,Bob", [6, 23],
            $"<c:dLbls><c:dLbl><c:idx val=\"0\"/><c:layout><c:manualLayout><c:x val=\"0\"/><c:y val=\"-0.3\"/></c:manualLayout></c:layout>{Shows}</c:dLbl>{Shows}{Lines.Replace("SHOW", show, StringComparison.Ordinal)}</c:dLbls>")));
        var words = ChartFile.Words(ChartFile.Pdf(Chart("1")));
        var ann = words.Where(word => word.Word == "Ann").Select(word => (word.Left + word.Right) / 2).First();
        var label = words.Single(word => word.Word == "6");

        Assert.Equal(ann, (label.Left + label.Right) / 2, 1);
        Assert.Equal(["FF0000", "FFFFFF"], ChartFile.Colors(ChartFile.Pdf(Chart("1")), (ann, label.Bottom + 10), (ann, label.Top - 10)));
        Assert.Equal(["FFFFFF"], ChartFile.Colors(ChartFile.Pdf(Chart("0")), (ann, label.Bottom + 10)));
    }

    [Fact]
    public void Labels_outside_a_pie_stand_beside_it_and_each_other()
    {
        var labels = $"<c:dLbls>{Shows.Replace("showCatName val=\"0\"", "showCatName val=\"1\"", StringComparison.Ordinal)}<c:separator>-</c:separator></c:dLbls>".Replace("<c:showLegendKey", "<c:dLblPos val=\"bestFit\"/><c:showLegendKey", StringComparison.Ordinal);
        var series = ChartFile.Series(0, "Visits", "4472C4", "datalabel1,datalabel2,datalabel3,datalabel4,datalabel5,datalabel6,datalabel7,datalabel8", [2, 2, 2, 2, 2, 2, 2, 2], labels, mark: "");
        var words = ChartFile.Words(ChartFile.Pdf(ChartFile.Part($"<c:pieChart><c:varyColors val=\"1\"/>{series}<c:firstSliceAng val=\"0\"/></c:pieChart>")));

        Assert.Equal(8, words.Count);
        foreach (var (one, left, top, right, bottom) in words)
        {
            Assert.True(left > 0 && top > 0 && right < 360 && bottom < 216, one);
            Assert.All(words.Where(other => other.Word != one), other => Assert.True(other.Left >= right || other.Right <= left || other.Top >= bottom || other.Bottom <= top, $"{one} {other.Word}"));
        }
    }

    [Fact]
    public void A_word_of_a_legend_is_never_divided()
    {
        var place = RightLegend.Replace("<c:overlay", "<c:layout><c:manualLayout><c:xMode val=\"edge\"/><c:yMode val=\"edge\"/><c:x val=\"0.7\"/><c:y val=\"0.4\"/><c:w val=\"0.12\"/><c:h val=\"0.2\"/></c:manualLayout></c:layout><c:overlay", StringComparison.Ordinal);
        Assert.Equal(1, Count(ChartFile.Part(ChartFile.Columns(One.Replace("<c:v>Visits</c:v>", "<c:v>Governmental</c:v>", StringComparison.Ordinal)), after: place), "Governmental"));
    }

    [Fact]
    public void A_legend_fills_the_box_that_is_stated()
    {
        static string Legend(string box, string side) => $"<c:legend><c:legendPos val=\"{side}\"/><c:layout><c:manualLayout><c:xMode val=\"edge\"/><c:yMode val=\"edge\"/>{box}</c:manualLayout></c:layout><c:overlay val=\"0\"/></c:legend>";
        var three = One + ChartFile.Series(1, "Other", "FF0000", "Ann,Bob", [1, 2]) + ChartFile.Series(2, "Third", "00FF00", "Ann,Bob", [1, 2]);

        // A narrow one has them below each other, a wide one beside each other, whatever side it was at.
        var narrow = ChartFile.Words(ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(three), after: Legend("<c:x val=\"0.84\"/><c:y val=\"0.4\"/><c:w val=\"0.15\"/><c:h val=\"0.5\"/>", "b"))));
        Assert.True(Middle(narrow, "Visits") + 30 < Middle(narrow, "Other") && Middle(narrow, "Other") + 30 < Middle(narrow, "Third"));
        Assert.All(narrow, word => Assert.InRange(word.Right, 0, 360));
        var wide = ChartFile.Words(ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(three), after: Legend("<c:x val=\"0\"/><c:y val=\"0.85\"/><c:w val=\"1\"/><c:h val=\"0.1\"/>", "r"))));
        var row = ((string[])["Visits", "Other", "Third"]).Select(name => wide.Single(word => word.Word == name)).ToArray();
        Assert.All(row, word => Assert.Equal(row[0].Top, word.Top, 0.1));
        Assert.Equal(120, row[1].Left - row[0].Left, 1.0);
    }

    [Fact]
    public void Labels_of_categories_keep_their_words_beside_an_axis_in_the_middle_of_a_stated_plot_area()
    {
        var series = ChartFile.Series(0, "Visits", "4472C4", "Krankenhausaufenthalt eins,zwei", [-5, 20]);
        var part = ChartFile.Part(ChartFile.Columns(series)).Replace("barDir val=\"col\"", "barDir val=\"bar\"", StringComparison.Ordinal).Replace(
            "<c:layout/>", "<c:layout><c:manualLayout><c:layoutTarget val=\"inner\"/><c:xMode val=\"edge\"/><c:yMode val=\"edge\"/><c:x val=\"0.05\"/><c:y val=\"0.1\"/><c:w val=\"0.9\"/><c:h val=\"0.7\"/></c:manualLayout></c:layout>", StringComparison.Ordinal);

        Assert.Equal(1, Count(part, "Krankenhausaufenthalt"));
    }

    [Fact]
    public void No_label_reaches_beyond_the_chart()
    {
        var labels = $"<c:dLbls><c:dLbl><c:idx val=\"0\"/><c:layout><c:manualLayout><c:x val=\"-0.9\"/><c:y val=\"-0.9\"/></c:manualLayout></c:layout>{Shows}</c:dLbl>{Shows}</c:dLbls>";
        var label = ChartFile.Words(ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "Visits", "4472C4", "Ann,Bob", [1234, 2], labels))))).Single(word => word.Word == "1234");
        Assert.InRange(label.Left, -0.5, 1);
        Assert.InRange(label.Top, -1, 1);
    }

    [Theory]
    [InlineData("en-GB", "Series2")]
    [InlineData("de-CH", "Datenreihen2")]
    public void A_series_without_a_name_is_called_as_Word_calls_it_in_the_charts_language(string language, string name)
    {
        var part = ChartFile.Part(ChartFile.Columns(One + ChartFile.Series(1, "", "FF0000", "Ann,Bob", [1, 2])), after: RightLegend).Replace("en-US", language, StringComparison.Ordinal);
        Assert.Equal(1, Count(part, name));
        Assert.Equal("a series whose name is not stored", ChartFile.Gap(part.Replace(language, "pl-PL", StringComparison.Ordinal)));
    }

    // --- Looks ---
    [Fact]
    public void A_chart_without_series_is_its_frame()
    {
        var pdf = ChartFile.Pdf(ChartFile.Part(ChartFile.Columns(""), space: "<c:spPr><a:solidFill><a:srgbClr val=\"FFEE00\"/></a:solidFill></c:spPr>"));
        Assert.Empty(ChartFile.Words(pdf));
        Assert.Equal(["FFEE00", "FFEE00"], ChartFile.Colors(pdf, (180, 100), (20, 200)));
    }

    [Fact]
    public void Chart_styles_say_what_series_look_like_that_say_nothing()
    {
        static string Chart(string style, int series) => ChartFile.Part(ChartFile.Columns(string.Concat(Enumerable.Range(0, series).Select(i => System.Text.RegularExpressions.Regex.Replace(ChartFile.Series(i, "Visits", "4472C4", "Ann", [23]), "<c:spPr>.*?</c:spPr>", "")))))
            .Replace("<c:roundedCorners val=\"0\"/>", $"<c:roundedCorners val=\"0\"/><c:style val=\"{style}\"/>", StringComparison.Ordinal);
        static string Middle(byte[] pdf) => ChartFile.Colors(pdf, (195, 100))[0];
        var (first, second, third, fourth) = (Middle(ChartFile.Pdf(Chart("1", 1))), Middle(ChartFile.Pdf(Chart("2", 1))), Middle(ChartFile.Pdf(Chart("3", 1))), Middle(ChartFile.Pdf(Chart("4", 1))));

        // Greys, accents by number, one accent each.
        Assert.Equal("5F5F5F", first);
        Assert.Equal(second, third);
        Assert.NotEqual(third, fourth);
        Assert.Equal(second, Middle(ChartFile.Pdf(Chart("10", 1))));
        Assert.Equal("the chart style 4 of several series or points", ChartFile.Gap(Chart("4", 2)));
        Assert.Equal("the chart style 17", ChartFile.Gap(Chart("17", 1)));
        Assert.Equal("the chart style 0", ChartFile.Gap(Chart("0", 1)));
    }

    [Fact]
    public void Columns_may_have_patterns()
    {
        var part = ChartFile.Part(ChartFile.Columns(One)).Replace("<a:solidFill><a:srgbClr val=\"4472C4\"/></a:solidFill>", "<a:pattFill prst=\"dkVert\"><a:fgClr><a:srgbClr val=\"FF0000\"/></a:fgClr><a:bgClr><a:srgbClr val=\"00FF00\"/></a:bgClr></a:pattFill>", StringComparison.Ordinal);
        var pdf = ChartFile.Pdf(part);
        var bob = ChartFile.Words(pdf).Where(word => word.Word == "Bob").Select(word => (word.Left + word.Right) / 2).First();

        var colors = ChartFile.Colors(pdf, [.. Enumerable.Range(0, 40).Select(step => (bob + (step / 4.0), 150.0))]);
        Assert.Contains("FF0000", colors);
        Assert.Contains("00FF00", colors);
    }

    [Fact]
    public void What_Word_2007_left_out_is_as_that_had_it_and_of_others_not_known()
    {
        const string Made = "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>Microsoft Office Word</Application><AppVersion>12.0000</AppVersion></Properties>";
        var series = Smooth(ChartFile.Series(0, "Visits", "0000FF", "Ann,Bob", [10, 20], mark: "")).Replace("<c:smooth val=\"0\"/>", "", StringComparison.Ordinal);
        var part = Lines(series, "").Replace("<c:delete val=\"0\"/>", "", StringComparison.Ordinal).Replace("<c:majorTickMark val=\"out\"/><c:minorTickMark val=\"none\"/>", "", StringComparison.Ordinal)
            .Replace("<c:roundedCorners val=\"0\"/>", "", StringComparison.Ordinal).Replace("<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>", "<c:spPr><a:solidFill><a:srgbClr val=\"FFEE00\"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>", StringComparison.Ordinal);
        var pdf = ChartFile.Pdf(part, more: ("docProps/app.xml", Made));
        var words = ChartFile.Words(pdf);

        // Axes, square corners, a tick outside at the end of each mark, and the series's name as a title.
        Assert.Contains(words, word => word.Word == "Ann");
        Assert.Contains(words, word => word.Word == "Visits");
        Assert.Equal(["FFEE00"], ChartFile.Colors(pdf, (0.5, 0.5)));
        var twenty = words.Single(word => word.Word == "20");
        Assert.Contains("898989", ChartFile.Colors(pdf, [.. Enumerable.Range(-4, 9).Select(step => (twenty.Right + 7.5, ((twenty.Top + twenty.Bottom) / 2) + (step / 4.0)))]));

        Assert.Equal("a line of which is not said whether it is smooth", ChartFile.Gap(part));
        Assert.Single(new NativeEngine().Convert(ChartFile.Docx(part, null, ("docProps/app.xml", Made.Replace("12.0000", "16.0000", StringComparison.Ordinal))), TestContext.Current.CancellationToken).Gaps);
    }

    [Fact]
    public void A_plot_area_may_have_a_picture()
    {
        // Two dots: red and green.
        var png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP4z8DA8J8BAAf/Af8Bf4mnAAAAAElFTkSuQmCC");
        const string Types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
        var part = ChartFile.Part($"{ChartFile.Columns(One)}<c:spPr><a:blipFill><a:blip r:embed=\"rIdP\"/><a:stretch><a:fillRect/></a:stretch></a:blipFill></c:spPr>");
        using var file = new MemoryStream();
        file.Write(ChartFile.Docx(part, null, ("word/charts/_rels/chart1.xml.rels", $"<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rIdP\" Type=\"{Types}image\" Target=\"../media/image1.png\"/></Relationships>")));
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("word/media/image1.png").Open();
            entry.Write(png);
        }

        var made = new NativeEngine().Convert(file.ToArray(), TestContext.Current.CancellationToken);
        Assert.Empty(made.Gaps);
        Assert.Equal(["FF0000", "00FF00"], ChartFile.Colors(made.Pdf.ToArray(), (60, 30), (340, 30)));
        Assert.Equal("an area with a picture", ChartFile.Gap(part.Replace("<a:stretch><a:fillRect/></a:stretch>", "<a:tile/>", StringComparison.Ordinal)));
    }

    private static string Smooth(string series) => ChartFile.Line(series);

    private static string Lines(string series, string more, string after = "")
        => ChartFile.Part(ChartFile.Group("lineChart", "<c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>", $"{series}{more}"), after: after);

    // Columns of 10, 20, 30 … by days.
    private static string Days(double[] days, string code, string axis)
    {
        var series = ChartFile.Series(0, "Visits", "4472C4", string.Join(',', days.Select(_ => "x")), [.. days.Select((_, i) => 10.0 * (i + 1))]);
        var cat = $"<c:cat><c:numRef><c:f>b</c:f><c:numCache><c:formatCode>{code}</c:formatCode><c:ptCount val=\"{days.Length}\"/>{string.Concat(days.Select((day, i) => FormattableString.Invariant($"<c:pt idx=\"{i}\"><c:v>{day:R}</c:v></c:pt>")))}</c:numCache></c:numRef></c:cat>";
        series = System.Text.RegularExpressions.Regex.Replace(series, "<c:cat>.*?</c:cat>", cat);
        return ChartFile.Part(ChartFile.Columns(series, categoryAxis: $"<c:auto val=\"1\"/>{axis}")).Replace("catAx", "dateAx", StringComparison.Ordinal);
    }

    private static int Count(string part, string word) => ChartFile.Words(ChartFile.Pdf(part)).Count(one => one.Word == word);

    private static double Middle(List<(string Word, double Left, double Top, double Right, double Bottom)> words, string word)
        => words.Where(one => one.Word == word).Select(one => (one.Top + one.Bottom) / 2).First();
}
