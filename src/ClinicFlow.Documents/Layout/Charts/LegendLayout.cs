using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Charts;
using ClinicFlow.Documents.Model.Reading;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>An entry of a legend: what it says, and the look that it explains.</summary>
internal sealed record LegendEntry(LaidText Text, PointLook Look, ChartKind Kind);

/// <summary>A legend: which entries it has, how large it is, and drawing it. Evidence: docs/layout.md, "Charts".</summary>
internal sealed class LegendLayout
{
    // In parts of the text's size: the key, a line as key, and the gaps before it, between it and its text, and behind that.
    private const double KeySize = 0.5274;
    private const double LineKey = 2.4;
    private const double Before = 0.486;
    private const double Between = 0.24;
    private const double Behind = 0.4;
    private const double BetweenEntries = 0.735;
    private const double Pitch = 1.5;

    private readonly ChartLegend _legend;
    private readonly LegendEntry[] _entries;
    private readonly double _size;
    private readonly double _key;
    private readonly double _row;
    private readonly int _columns;
    private readonly double _column;
    private readonly bool _isWide;
    private readonly bool _isBox;

    private LegendLayout(ChartLegend legend, LegendEntry[] entries, double roomWidth, double roomHeight, (double Width, double Height)? box)
    {
        (_legend, _entries, _size) = (legend, entries, legend.Format.Size.Value);
        _key = entries.Any(entry => entry.Kind is ChartKind.Line or ChartKind.Scatter && entry.Look.Outline is not null) ? LineKey * _size : KeySize * _size;
        _row = Pitch * entries.Max(entry => entry.Text.Height / entry.Text.Lines) + entries.Max(entry => entry.Text.Height - (entry.Text.Height / entry.Text.Lines));
        var text = entries.Max(entry => entry.Text.Width);
        _isWide = legend.Side is LegendSide.Top or LegendSide.Bottom;
        if (box is { } stated)
        {
            // A box that is stated is filled row by row, as many entries beside each other as find room, all as far apart as it is large.
            _isBox = true;
            _columns = Math.Clamp((int)((stated.Width / (((Before + Between) * _size) + _key + text)) + 0.05), 1, entries.Length);
            var rows = (entries.Length + _columns - 1) / _columns;
            _column = Math.Max(stated.Width / _columns, ((Before + Between) * _size) + _key + text);
            _row = Math.Max(stated.Height / rows, _row / Pitch);
            (Width, Height) = (_columns * _column, rows * _row);
            return;
        }

        if (_isWide)
        {
            var all = entries.Sum(WidthOf);
            _columns = all <= roomWidth ? entries.Length : Math.Clamp((int)(roomWidth / ((BetweenEntries * _size) + _key + (Between * _size) + text)), 1, entries.Length);
            _column = _columns == entries.Length ? 0 : (BetweenEntries * _size) + _key + (Between * _size) + text;
            Width = _column == 0 ? all : _columns * _column;
        }
        else
        {
            // Entries move together before a second column begins.
            var line = _row / Pitch;
            _row = Math.Clamp(roomHeight / entries.Length, line, _row);
            var rows = Math.Max(1, Math.Min(entries.Length, (int)((roomHeight / _row) + 1e-6)));
            _columns = (entries.Length + rows - 1) / rows;
            _column = ((Before + Between + Behind) * _size) + _key + text;
            Width = _columns * _column;
        }

        Height = (entries.Length + _columns - 1) / _columns * _row;
    }

    public double Width { get; }

    public double Height { get; }

    /// <summary>Measures a legend; null where it has no entries.</summary>
    /// <param name="chart">Whose.</param>
    /// <param name="letters">Sets text.</param>
    /// <param name="roomWidth">How wide it may be.</param>
    /// <param name="roomHeight">How high it may be.</param>
    /// <param name="whole">How large the chart is.</param>
    public static LegendLayout? Of(Chart chart, ChartLetters letters, double roomWidth, double roomHeight, (double Width, double Height) whole)
    {
        if (chart.Legend is not { } legend)
        {
            return null;
        }

        var entries = EntriesOf(chart, legend, letters, roomWidth);
        (double, double)? box = legend.Place is { IsMoved: false, Width: { } w, Height: { } h } ? (w * whole.Width, h * whole.Height) : null;
        return entries.Count == 0 ? null : new LegendLayout(legend, [.. entries], roomWidth, roomHeight, box);
    }

    private static List<LegendEntry> EntriesOf(Chart chart, ChartLegend legend, ChartLetters letters, double roomWidth)
    {
        var isTall = legend.Side is LegendSide.Right or LegendSide.Left or LegendSide.TopRight;
        var widest = isTall ? roomWidth * 0.4 : roomWidth * 0.9;
        if (legend.Place is { IsMoved: false } place)
        {
            // No farther than to the end of a box that is stated, and of the chart.
            var room = Math.Min(place.Width ?? 1, 1 - Math.Clamp(place.Left ?? 0, 0, 0.9)) * roomWidth;
            widest = Math.Max(roomWidth * 0.05, Math.Min(isTall ? room : widest, room - ((Before + Between + KeySize) * legend.Format.Size.Value)));
        }

        // Words are never divided.
        var words = chart.Groups.SelectMany(group => group.VariesColors && group.Series.Length > 0 ? chart.Categories : group.Series.Select(series => series.Name)).SelectMany(name => name.Split(' ', '-', '\n'));
        widest = Math.Max(widest, words.Select(word => letters.Lay(word, legend.Format).Width).DefaultIfEmpty(0).Max() + 0.1);
        var entries = new List<LegendEntry>();
        var number = 0;

        // 1. Points where each has a colour of its own, else series.
        foreach (var group in chart.Groups)
        {
            if (group.VariesColors && group.Series.Length > 0)
            {
                var series = group.Series[0];
                for (var i = 0; i < series.Values.Length; i++)
                {
                    Add(i < chart.Categories.Length ? chart.Categories[i] : "", series.Looks[i], group.Kind);
                }
            }
            else
            {
                foreach (var series in group.Series)
                {
                    Add(series.ShownName, series.Look, group.Kind);
                }
            }
        }

        // 2. Bars that lie stand upwards, and so do their entries; what is stacked is listed from its top.
        var first = chart.Groups[0];
        var isReversed = chart.IsTurned
            ? first.Grouping == ChartGrouping.Apart != (chart.Axes[0].Category.IsReversed)
            : isTall && first.Grouping != ChartGrouping.Apart;
        if (isReversed && !first.VariesColors)
        {
            entries.Reverse();
        }

        // 3. Lines through points come last.
        foreach (var trend in chart.Groups.SelectMany(group => group.Series).SelectMany(series => series.Trends))
        {
            Add(trend.Name, new PointLook(null, trend.Line), ChartKind.Line);
        }

        return entries;

        void Add(string name, PointLook look, ChartKind kind)
        {
            if (!legend.Deleted.Contains(number++))
            {
                entries.Add(new(letters.Lay([ChartText.ParagraphOf(ChartText.InlinesOf(name.Length > 0 ? name : " ", legend.Format), legend.Format, ParagraphAlignment.Start)], widest), look, kind));
            }
        }
    }

    private double WidthOf(LegendEntry entry) => (BetweenEntries * _size) + _key + (Between * _size) + entry.Text.Width;

    /// <summary>Draws it.</summary>
    public void Paint(ChartCanvas canvas, double left, double top)
    {
        canvas.Frame(new Box(left, top, Width, Height), new(_legend.Frame.Fill, _legend.Frame.Outline));
        var x = left + (_isWide && !_isBox ? 0.557 * _size : Before * _size);

        // In a box that is stated the columns stand in the middle of their share.
        x += _isBox ? Math.Max(0, (_column - ((Before + Between) * _size) - _key - _entries.Max(entry => entry.Text.Width)) / 2) : 0;
        for (var i = 0; i < _entries.Length; i++)
        {
            var entry = _entries[i];
            var (row, column) = _isWide || _isBox ? (i / _columns, i % _columns) : (i % RowsOf(), i / RowsOf());
            var at = _column > 0 ? x + (column * _column) : x;
            var middle = top + ((row + 0.5) * _row);
            PaintKey(canvas, entry.Look, entry.Kind, at, middle, _key, _size);
            canvas.Text(entry.Text, at + _key + (Between * _size), middle - (entry.Text.Height / 2) - (ChartCanvas.Rise * _size));
            if (_column == 0)
            {
                x += WidthOf(entry);
            }
        }
    }

    private int RowsOf() => (_entries.Length + _columns - 1) / _columns;

    /// <summary>How wide a key is: that of a line where there are lines.</summary>
    public static double KeyWidth(Chart chart, double size)
        => (chart.Groups.Any(group => group.Kind is ChartKind.Line or ChartKind.Scatter && group.Series.Any(series => series.Look.Outline is not null)) ? LineKey : KeySize) * size;

    /// <summary>Draws the look of a series.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="look">What it looks like.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="left">Where the key begins.</param>
    /// <param name="middle">The key's middle.</param>
    /// <param name="width">How wide keys are.</param>
    /// <param name="size">Of the text beside it.</param>
    public static void PaintKey(ChartCanvas canvas, PointLook look, ChartKind kind, double left, double middle, double width, double size)
    {
        if (kind is ChartKind.Line or ChartKind.Scatter)
        {
            canvas.Polyline([new(left, middle), new(left + width, middle)], false, null, look.Outline, look.IsRound);
            MarkerSigns.Paint(canvas, look.Marker, left + (width / 2), middle);
            return;
        }

        var side = KeySize * size;
        canvas.Rectangle(new Box(left + ((width - side) / 2), middle - (side / 2), side, side), look.Fill, look.Outline);
    }
}
