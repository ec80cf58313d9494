using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>The table of the data below a plot area: a column for each category, below it, and a row for each series. Evidence: docs/layout.md, "Charts".</summary>
internal sealed class ChartTableLayout
{
    // In parts of the text's size: what a row is higher than its text, and around text at the sides.
    private const double RowGap = 0.3;
    private const double SideGap = 0.3;

    private readonly ChartTable _table;
    private readonly ChartLetters _letters;
    private readonly string[] _categories;
    private readonly (LaidText Name, ChartSeries Series, ChartKind Kind)[] _rows;
    private readonly double _size;
    private readonly double _key;

    public ChartTableLayout(Chart chart, ChartLetters letters, double widest)
    {
        (_table, _letters) = (chart.Table!, letters);
        _size = _table.Format.Size.Value;
        _categories = [.. chart.Categories];
        _key = _table.HasKeys ? LegendLayout.KeyWidth(chart, _size) + (SideGap * _size) : 0;
        _rows =
        [
            .. chart.Groups.SelectMany(group => group.Series.Select(series => (series, group.Kind))).OrderBy(row => row.series.Order)
                .Select(row => (letters.Lay(row.series.ShownName, _table.Format, widest), row.series, row.Kind)),
        ];
        NamesWidth = _key + (2 * SideGap * _size) + _rows.Max(row => row.Name.Width);
    }

    /// <summary>How wide the column of names is, which stands left of the plot area.</summary>
    public double NamesWidth { get; }

    /// <summary>How high it is where the plot area is so wide.</summary>
    public double HeightAt(double width) => HeadHeight(width) + _rows.Sum(row => RowHeight(row.Name, row.Series, width));

    private double Room(double width) => Math.Max(1, (width / Math.Max(1, _categories.Length)) - (2 * SideGap * _size));

    private double HeadHeight(double width) => (RowGap * _size) + _categories.Select(text => _letters.Lay(text, _table.Format, Room(width)).Height).Append(_letters.Lay("0", _table.Format).Height).Max();

    private double RowHeight(LaidText name, ChartSeries series, double width) => (RowGap * _size) + series.Cells.Select(text => _letters.Lay(text, _table.Format, Room(width)).Height).Append(name.Height).Max();

    /// <summary>Draws it below the plot area.</summary>
    public void Paint(ChartCanvas canvas, Box inner)
    {
        var (left, top, slot) = (inner.Left - NamesWidth, inner.Bottom, inner.Width / Math.Max(1, _categories.Length));
        var head = HeadHeight(inner.Width);
        PaintCells(canvas, _categories, inner, top, head);
        var at = top + head;
        foreach (var (name, series, kind) in _rows)
        {
            var height = RowHeight(name, series, inner.Width);
            if (_table.HasRows)
            {
                canvas.Line(left, at, inner.Right, at, _table.Line);
            }

            if (_table.HasKeys)
            {
                LegendLayout.PaintKey(canvas, series.Look, kind, left + (SideGap * _size), at + (height / 2), _key - (SideGap * _size), _size);
            }

            canvas.Text(name, left + _key + (SideGap * _size), at + ((height - name.Height) / 2) - (ChartCanvas.Rise * _size));
            PaintCells(canvas, [.. series.Cells], inner, at, height);
            at += height;
        }

        // The corner above the names is left open.
        for (var i = 0; _table.HasColumns && i < _categories.Length; i++)
        {
            canvas.Line(inner.Left + (i * slot), top, inner.Left + (i * slot), at, _table.Line);
        }

        if (_table.HasFrame)
        {
            canvas.Line(left, top + head, left, at, _table.Line);
            canvas.Line(left, at, inner.Right, at, _table.Line);
            canvas.Line(inner.Right, top, inner.Right, at, _table.Line);
            canvas.Line(left, top + head, inner.Left, top + head, _table.Line);
            canvas.Line(inner.Left, top, inner.Left, top + head, _table.Line);
            canvas.Line(inner.Left, top, inner.Right, top, _table.Line);
        }
    }

    private void PaintCells(ChartCanvas canvas, string[] texts, Box inner, double top, double height)
    {
        var slot = inner.Width / Math.Max(1, _categories.Length);
        for (var i = 0; i < Math.Min(texts.Length, _categories.Length); i++)
        {
            var text = _letters.Lay(texts[i], _table.Format, Room(inner.Width));
            canvas.Text(text, inner.Left + ((i + 0.5) * slot) - (text.Width / 2), top + ((height - text.Height) / 2) - (ChartCanvas.Rise * _size));
        }
    }
}
