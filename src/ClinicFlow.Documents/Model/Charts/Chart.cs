using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Charts;

/// <summary>A chart in place of a picture.</summary>
internal sealed record ChartContent : DrawingContent
{
    public required Chart Chart { get; init; }
}

/// <summary>A chart (c:chartSpace, ECMA-376 Part 1 §21.2) with every colour, font and default worked out: what its part stores, and nothing of the workbook behind it.</summary>
internal sealed record Chart
{
    public required ChartFrame Area { get; init; }

    /// <summary>Whether the corners of the whole are round.</summary>
    public bool IsRounded { get; init; }

    public required ChartFrame PlotArea { get; init; }

    /// <summary>Where the plot area stands; null for wherever there is room.</summary>
    public ManualPlace? PlotPlace { get; init; }

    /// <summary>Null for none.</summary>
    public ChartTitle? Title { get; init; }

    /// <summary>Null for none.</summary>
    public ChartLegend? Legend { get; init; }

    /// <summary>Drawn in this order; at least one, which may be empty where nothing is plotted.</summary>
    public required ImmutableArray<ChartGroup> Groups { get; init; }

    /// <summary>One pair or two; none for pies.</summary>
    public ImmutableArray<AxisPair> Axes { get; init; } = [];

    /// <summary>As they are shown; as many as the longest series has points.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>What several categories have in common, from the innermost level on; empty where there is one level.</summary>
    public ImmutableArray<ImmutableArray<CategorySpan>> Levels { get; init; } = [];

    /// <summary>Where the first axis is one of days: its span; null for an axis of categories.</summary>
    public DaySpan? Days { get; init; }

    /// <summary>The table of the data below the plot area; null for none.</summary>
    public ChartTable? Table { get; init; }

    public BlankDisplay Blanks { get; init; }

    /// <summary>How much there is to draw: points, and characters of text.</summary>
    public long Weight { get; init; }

    /// <summary>Whether bars lie, so that categories stand along the left side.</summary>
    public bool IsTurned => Groups[0].Kind == ChartKind.Bar;

    public bool IsRound => Groups[0].Kind is ChartKind.Pie or ChartKind.Doughnut;

    /// <summary>Whether nothing is plotted: then there are no axes either.</summary>
    public bool IsEmpty => Groups.All(group => group.Series.IsEmpty);
}

/// <summary>What neighbouring categories have in common (c:lvl, §21.2.2.99).</summary>
/// <param name="From">The first of them.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Text">What it says.</param>
internal sealed record CategorySpan(int From, int Count, string Text);

/// <summary>c:dTable (§21.2.2.54).</summary>
/// <param name="Format">Of its text.</param>
/// <param name="Line">Its lines; null for none.</param>
/// <param name="HasRows">Whether there are lines between rows.</param>
/// <param name="HasColumns">Whether there are lines between columns.</param>
/// <param name="HasFrame">Whether there is a line around it.</param>
/// <param name="HasKeys">Whether a series is shown with its look, as in a legend.</param>
internal sealed record ChartTable(CharacterFormat Format, Stroke? Line, bool HasRows, bool HasColumns, bool HasFrame, bool HasKeys);

/// <summary>An axis of days, months or years (c:dateAx, §21.2.2.39): each has a place of its own, also those without a value.</summary>
/// <param name="Count">How many days, months or years it spans.</param>
/// <param name="Places">Of each point, which of them it stands at, from 0.</param>
/// <param name="Labels">The labels with the place of each.</param>
internal sealed record DaySpan(int Count, ImmutableArray<int> Places, ImmutableArray<(int Place, string Text)> Labels);

/// <summary>The axes of some groups.</summary>
/// <param name="Category">Along which categories stand, or the values across of a scatter chart.</param>
/// <param name="Value">Along which values stand.</param>
internal sealed record AxisPair(ChartAxis Category, ChartAxis Value);

/// <summary>An area and the line around it; null for none.</summary>
internal readonly record struct ChartFrame(Fill? Fill, Stroke? Outline);

/// <summary>c:manualLayout (§21.2.2.95), in parts of the chart.</summary>
/// <param name="IsInner">Of a plot area: without the labels of its axes.</param>
/// <param name="IsMoved">Whether left and top are a way from where it would stand by itself.</param>
/// <param name="Left">Null where nothing is said.</param>
/// <param name="Top">Null where nothing is said.</param>
/// <param name="Width">Null for its own.</param>
/// <param name="Height">Null for its own.</param>
internal sealed record ManualPlace(bool IsInner, bool IsMoved, double? Left, double? Top, double? Width, double? Height);

/// <param name="Text">Centred.</param>
/// <param name="Frame">Around it.</param>
/// <param name="IsOverlay">Whether it lies over the plot area, which then keeps its room.</param>
/// <param name="Place">Null for where it stands by itself.</param>
/// <param name="Rotation">Clockwise, in degrees.</param>
internal sealed record ChartTitle(ImmutableArray<Paragraph> Text, ChartFrame Frame, bool IsOverlay, ManualPlace? Place, double Rotation);

/// <param name="Side">Where it stands.</param>
/// <param name="Format">Of its text.</param>
/// <param name="Frame">Around it.</param>
/// <param name="IsOverlay">Whether it lies over the plot area.</param>
/// <param name="Place">Null for where it stands by itself.</param>
/// <param name="Deleted">The entries that are left out, by number.</param>
internal sealed record ChartLegend(LegendSide Side, CharacterFormat Format, ChartFrame Frame, bool IsOverlay, ManualPlace? Place, ImmutableHashSet<int> Deleted);

internal enum LegendSide
{
    Right,
    Left,
    Top,
    Bottom,
    TopRight,
}

internal enum BlankDisplay
{
    Gap,
    Zero,
    Span,
}

internal enum ChartKind
{
    Column,

    /// <summary>Bars that lie.</summary>
    Bar,
    Line,
    Area,
    Pie,
    Doughnut,
    Scatter,
}

internal enum ChartGrouping
{
    /// <summary>Beside each other, or over each other.</summary>
    Apart,
    Stacked,

    /// <summary>Stacked, each in parts of all.</summary>
    Percent,
}

/// <summary>Series that are drawn alike (c:barChart, c:lineChart …).</summary>
internal sealed record ChartGroup
{
    public required ChartKind Kind { get; init; }

    /// <summary>The index of its axes.</summary>
    public int Pair { get; init; }

    public ChartGrouping Grouping { get; init; }

    /// <summary>Between groups of bars, in parts of a bar's width.</summary>
    public double GapWidth { get; init; } = 1.5;

    /// <summary>How far bars of one category lie over each other, in parts of their width; negative: apart.</summary>
    public double Overlap { get; init; }

    /// <summary>Of pies: where the first slice begins, clockwise from above, in degrees.</summary>
    public double FirstAngle { get; init; }

    /// <summary>Of doughnuts: the hole's diameter in parts of the whole.</summary>
    public double Hole { get; init; } = 0.5;

    /// <summary>Of lines: bars from the first series to the last one; null for none.</summary>
    public UpDownBars? UpDown { get; init; }

    /// <summary>Of lines: from the least to the largest value of a category; null for none.</summary>
    public Stroke? Range { get; init; }

    /// <summary>Of lines and areas: from the largest value of a category to the axis; null for none.</summary>
    public Stroke? Drop { get; init; }

    /// <summary>Whether each point of the only series has a colour, and an entry in the legend, of its own.</summary>
    public bool VariesColors { get; init; }

    /// <summary>In the order in which they are drawn.</summary>
    public required ImmutableArray<ChartSeries> Series { get; init; }
}

/// <summary>c:upDownBars (§21.2.2.227).</summary>
/// <param name="GapWidth">Between two of them, in parts of their width.</param>
/// <param name="Up">Where the last series is above the first one.</param>
/// <param name="Down">Where it is not.</param>
internal sealed record UpDownBars(double GapWidth, ChartFrame Up, ChartFrame Down);

internal sealed record ChartSeries
{
    /// <summary>The number by which a legend leaves its entry out.</summary>
    public int Order { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Its name, or the one that Word gives it.</summary>
    public string ShownName => Name.Length > 0 ? Name : FormattableString.Invariant($"{Unnamed}{Order + 1}");

    /// <summary>What a series without a name is called, before its number.</summary>
    public string Unnamed { get; init; } = "Series";

    /// <summary>Null for a blank.</summary>
    public required ImmutableArray<double?> Values { get; init; }

    /// <summary>Of scatter charts: across.</summary>
    public ImmutableArray<double?> Across { get; init; } = [];

    /// <summary>How each point looks; as many as there are values. One object for all that look alike.</summary>
    public required ImmutableArray<PointLook> Looks { get; init; }

    /// <summary>How the series itself looks, in the legend.</summary>
    public required PointLook Look { get; init; }

    /// <summary>Whether lines from point to point are curves.</summary>
    public bool IsSmooth { get; init; }

    /// <summary>Lines through its points.</summary>
    public ImmutableArray<TrendLine> Trends { get; init; } = [];

    /// <summary>Bars from its points.</summary>
    public ImmutableArray<ErrorBars> Errors { get; init; } = [];

    /// <summary>How a table of the data shows each value; empty where there is no table.</summary>
    public ImmutableArray<string> Cells { get; init; } = [];

    /// <summary>Of each point; null for none. Empty where no point has one.</summary>
    public ImmutableArray<PointLabel?> Labels { get; init; } = [];
}

/// <summary>c:trendline (§21.2.2.211).</summary>
/// <param name="Kind">How it runs.</param>
/// <param name="Name">In a legend.</param>
/// <param name="Line">Null for none.</param>
/// <param name="Period">Of a moving average: over how many points.</param>
internal sealed record TrendLine(TrendKind Kind, string Name, Stroke? Line, int Period);

internal enum TrendKind
{
    Linear,
    Exponential,
    Logarithmic,
    Power,
    MovingAverage,
}

/// <summary>c:errBars (§21.2.2.55): how far beyond each point a bar reaches.</summary>
/// <param name="IsAcross">Whether they lie along the first axis.</param>
/// <param name="HasCaps">Whether their ends are marked.</param>
/// <param name="Line">Null for none.</param>
/// <param name="Plus">Null where there is none.</param>
/// <param name="Minus">Null where there is none.</param>
internal sealed record ErrorBars(bool IsAcross, bool HasCaps, Stroke? Line, ImmutableArray<double?> Plus, ImmutableArray<double?> Minus);

/// <param name="Fill">Null for none.</param>
/// <param name="Outline">The outline, or the line to this point; null for none.</param>
/// <param name="Marker">Null for none.</param>
/// <param name="Explosion">How far a slice is pulled out, in parts of the radius.</param>
internal sealed record PointLook(Fill? Fill, Stroke? Outline, PointMarker? Marker = null, double Explosion = 0)
{
    /// <summary>Whether a line has round ends.</summary>
    public bool IsRound { get; init; }
}

internal sealed record PointMarker(MarkerSign Sign, double Size, Fill? Fill, Stroke? Outline);

internal enum MarkerSign
{
    Circle,
    Square,
    Diamond,
    Triangle,
    Cross,
    Star,
    Plus,
    Dash,
    Dot,
}

/// <param name="Text">What it says.</param>
/// <param name="Frame">Around it.</param>
/// <param name="Side">Where it stands.</param>
/// <param name="Rotation">Clockwise, in degrees.</param>
/// <param name="Move">How far it was moved from there, in parts of the chart.</param>
internal sealed record PointLabel(ImmutableArray<Paragraph> Text, ChartFrame Frame, LabelSide Side, double Rotation, ShapePoint Move)
{
    /// <summary>The line from its mark to where it was moved; null for none.</summary>
    public Stroke? Leader { get; init; }

    /// <summary>How many letters it has.</summary>
    public int Length => Text.Sum(paragraph => paragraph.Inlines.OfType<TextRun>().Sum(run => run.Text.Length));
}

/// <summary>c:dLblPos (§21.2.3.10).</summary>
internal enum LabelSide
{
    Center,
    InsideBase,
    InsideEnd,
    OutsideEnd,
    Left,
    Right,
    Above,
    Below,

    /// <summary>Inside the slice where it fits, else outside.</summary>
    BestFit,
}

/// <summary>An axis (c:catAx, c:valAx).</summary>
internal sealed record ChartAxis
{
    public bool IsDeleted { get; init; }

    public bool IsReversed { get; init; }

    /// <summary>Null for what the values ask for.</summary>
    public double? Min { get; init; }

    public double? Max { get; init; }

    public double? MajorUnit { get; init; }

    /// <summary>Whether equal steps are powers of ten.</summary>
    public bool IsLogarithmic { get; init; }

    public double? MinorUnit { get; init; }

    public TickMark MajorTicks { get; init; }

    public TickMark MinorTicks { get; init; }

    public TickLabels Labels { get; init; }

    public required CharacterFormat Format { get; init; }

    /// <summary>How numbers are shown.</summary>
    public required ValueFormat Numbers { get; init; }

    /// <summary>Clockwise, in degrees; null for as it fits.</summary>
    public double? Rotation { get; init; }

    /// <summary>Null for none.</summary>
    public Stroke? Line { get; init; }

    public Stroke? MajorGrid { get; init; }

    public Stroke? MinorGrid { get; init; }

    public ChartTitle? Title { get; init; }

    /// <summary>Where on the other axis this one stands.</summary>
    public AxisCrossing Crosses { get; init; }

    /// <summary>For <see cref="AxisCrossing.Value"/>.</summary>
    public double CrossesAt { get; init; }

    /// <summary>Of an axis of values: whether categories stand between the marks of the other axis, and not at them.</summary>
    public bool IsBetween { get; init; } = true;

    /// <summary>Every how many categories there is a label; null for as it fits.</summary>
    public int? LabelStep { get; init; }

    /// <summary>Every how many categories there is a mark; null for each.</summary>
    public int? MarkStep { get; init; }

    /// <summary>How far labels of categories stand away, 1 for the usual.</summary>
    public double LabelDistance { get; init; } = 1;

    /// <summary>Whether the axis is that of shares of 100 %.</summary>
    public bool IsOfShares { get; init; }
}

internal enum AxisCrossing
{
    /// <summary>At zero where the other axis has it, else at its nearer end.</summary>
    Automatic,
    Least,
    Most,
    Value,
}

internal enum TickMark
{
    None,
    Outside,
    Inside,
    Cross,
}

internal enum TickLabels
{
    /// <summary>Beside the axis.</summary>
    Next,

    /// <summary>At the least end of the other axis.</summary>
    Low,
    High,
    None,
}
