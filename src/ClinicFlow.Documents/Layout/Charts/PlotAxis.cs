using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>One axis of a plot: where on the page its values or categories lie, and its labels. Evidence: docs/layout.md, "Charts".</summary>
internal sealed class PlotAxis
{
    /// <summary>How far marks reach out.</summary>
    public const double TickLength = 3.17;

    // Between a mark's end and the label: beside an axis that stands, and below one that lies; in parts of the size.
    private const double GapBeside = 0.586;
    private const double GapBelow = 0.327;

    private readonly Chart _chart;
    private readonly int _pair;
    private readonly ChartLetters _letters;
    private double _depth;
    private double _ownDepth;
    private LaidText[][] _levels = [];

    /// <param name="chart">Whose.</param>
    /// <param name="pair">The index of its pair.</param>
    /// <param name="isCategory">Whether it is the first of the pair.</param>
    /// <param name="letters">Sets labels.</param>
    public PlotAxis(Chart chart, int pair, bool isCategory, ChartLetters letters)
    {
        var isScatter = chart.Groups[0].Kind == ChartKind.Scatter;
        (_chart, _pair, _letters) = (chart, pair, letters);
        (Axis, IsHorizontal, IsOfCategories) = (isCategory ? chart.Axes[pair].Category : chart.Axes[pair].Value, isCategory != chart.IsTurned, isCategory && !isScatter);
        (Least, Most) = IsOfCategories ? default : isCategory ? PlotValues.RangeAcross(chart) : PlotValues.RangeOf(chart, pair);
        Gap = TickLength + ((IsHorizontal ? GapBelow : GapBeside) * Axis.Format.Size.Value * (IsOfCategories ? Axis.LabelDistance : 1));
    }

    public ChartAxis Axis { get; }

    public bool IsHorizontal { get; }

    public bool IsOfCategories { get; }

    public double Least { get; }

    public double Most { get; }

    /// <summary>How many categories, or days, it spans.</summary>
    public int Count => Math.Max(1, _chart.Days?.Count ?? _chart.Categories.Length);

    /// <summary>Whether categories stand between marks.</summary>
    public bool IsBetween => _chart.Axes[_pair].Value.IsBetween || _chart.Groups.Any(group => group.Pair == _pair && group.Kind is ChartKind.Column or ChartKind.Bar);

    public AxisScale Scale { get; private set; }

    /// <summary>Where it begins and ends, from the left or from above.</summary>
    public double From { get; private set; }

    public double To { get; private set; }

    public double Length => To - From;

    /// <summary>Between the axis and its labels.</summary>
    public double Gap { get; }

    /// <summary>Each label with its place along the axis.</summary>
    public IReadOnlyList<(LaidText Text, double At)> Labels { get; private set; } = [];

    /// <summary>How labels are turned.</summary>
    public double Rotation { get; private set; }

    /// <summary>How far labels reach away from the axis, without the gap.</summary>
    public double LabelDepth { get; private set; }

    /// <summary>Half of what the last label needs beyond the axis's end.</summary>
    public double Overhang { get; private set; }

    /// <summary>How far a label of a category, also a leaning one, reaches beyond the axis's beginning.</summary>
    public double Underhang { get; private set; }

    /// <summary>Whether it has labels of its own; those of a table of the data are the table's.</summary>
    public bool HasLabels => !Axis.IsDeleted && Axis.Labels != TickLabels.None && !(IsOfCategories && _chart.Table is not null);

    /// <summary>Gives it a length; scale and labels follow.</summary>
    /// <param name="from">Where it begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="depth">How far labels may reach away from it.</param>
    public void SetPlace(double from, double to, double depth)
    {
        (From, To) = (from, Math.Max(to, from + 1));
        _depth = Math.Max(1, depth);
        if (IsOfCategories)
        {
            LayCategories();
        }
        else
        {
            LayValues();
        }
    }

    /// <summary>Where a value lies.</summary>
    public double PlaceOf(double value) => PlaceOfShare(Scale.ShareOf(value));

    /// <summary>Where a value lies, or the end beyond which it is.</summary>
    public double PlaceWithin(double value) => PlaceOfShare(Math.Clamp(Scale.ShareOf(value), 0, 1));

    /// <summary>Where a share of the axis lies, counted in its direction: to the right, or upwards.</summary>
    public double PlaceOfShare(double share)
    {
        var counted = Axis.IsReversed ? 1 - share : share;
        return IsHorizontal ? From + (counted * Length) : To - (counted * Length);
    }

    /// <summary>The share of a category's middle, or of another part of it: 0 its beginning, 1 its end.</summary>
    public double ShareOfCategory(int category, double part = 0.5) => ShareOfPlace(_chart.Days?.Places[category] ?? category, part);

    private double ShareOfPlace(int category, double part = 0.5)
        => IsBetween ? (category + part) / Count : Count == 1 ? 0.5 : (double)category / (Count - 1);

    /// <summary>Where this axis is crossed by another that states where.</summary>
    public double CrossingPlace(ChartAxis other)
    {
        switch (other.Crosses)
        {
            case AxisCrossing.Least:
                return PlaceOfShare(0);
            case AxisCrossing.Most:
                return PlaceOfShare(1);
            case AxisCrossing.Value when IsOfCategories:
                return PlaceOfShare(Math.Clamp(IsBetween ? (other.CrossesAt - 1) / Count : Count == 1 ? 0 : (other.CrossesAt - 1) / (Count - 1), 0, 1));
            case AxisCrossing.Value:
                return PlaceWithin(other.CrossesAt);
            default:
                return IsOfCategories ? PlaceOfShare(0) : PlaceWithin(Scale.IsLogarithmic ? 1 : 0);
        }
    }

    /// <summary>The value at which bars and areas begin.</summary>
    public double BaseValue(ChartAxis other) => other.Crosses switch
    {
        AxisCrossing.Least => Scale.Min,
        AxisCrossing.Most => Scale.Max,
        AxisCrossing.Value => Math.Clamp(other.CrossesAt, Scale.Min, Scale.Max),
        _ => Math.Clamp(Scale.IsLogarithmic ? 1 : 0, Scale.Min, Scale.Max),
    };

    private void LayValues()
    {
        // Marks lie apart by a third more than a line; across by what the labels need.
        var line = _letters.Lay("0", Axis.Format).Height;
        var spacing = 1.33 * line;
        if (IsHorizontal && HasLabels)
        {
            spacing = (0.4 * line) + WidestOf(AxisScale.Of(Least, Most, Axis, Length, spacing));
        }

        Scale = AxisScale.Of(Least, Most, Axis, Length, spacing);
        Rotation = Axis.Rotation ?? 0;
        var labels = new List<(LaidText, double)>();
        for (var i = 0; HasLabels && i <= Scale.Steps; i++)
        {
            labels.Add((_letters.Lay(Axis.Numbers.Show(Scale.At(i)), Axis.Format), PlaceOf(Scale.At(i))));
        }

        SetLabels(labels);
    }

    private double WidestOf(AxisScale scale)
    {
        var widest = 0.0;
        for (var i = 0; i <= Math.Min(scale.Steps, 100); i++)
        {
            widest = Math.Max(widest, _letters.Lay(Axis.Numbers.Show(scale.At(i)), Axis.Format).Width);
        }

        return widest;
    }

    private void LayCategories()
    {
        if (!HasLabels)
        {
            SetLabels([]);
            return;
        }

        (int Place, string Text)[] categories = _chart.Days is { } days ? [.. days.Labels] : [.. _chart.Categories.Select((text, i) => (i, text))];
        var line = _letters.Lay("0", Axis.Format).Height;

        // What lies between two labels; those of days may be several days apart.
        var slot = Length / (IsBetween ? Count : Math.Max(1, Count - 1)) * (categories.Length > 1 ? categories[1].Place - categories[0].Place : 1);
        Rotation = Axis.Rotation ?? 0;
        var step = Axis.LabelStep ?? 1;
        var width = double.PositiveInfinity;
        if (!IsHorizontal)
        {
            step = Axis.LabelStep ?? Math.Max(1, (int)Math.Ceiling(line / slot));
        }
        else if (Axis.Rotation is null or 0)
        {
            // In one line, else in several, else aslant, else upright, and where that is too close not each of them.
            var widest = 0.0;
            var word = 0.0;
            for (var i = 0; i < categories.Length; i += step)
            {
                widest = Math.Max(widest, _letters.Lay(categories[i].Text, Axis.Format).Width);
                foreach (var part in widest > slot * step ? categories[i].Text.Split(' ') : [])
                {
                    word = Math.Max(word, _letters.Lay(part, Axis.Format).Width);
                }
            }

            if (widest > slot * step)
            {
                if (word <= slot * step)
                {
                    width = slot * step;
                }
                else if (Axis.Rotation is null)
                {
                    Rotation = slot * step >= line * 1.2 && _chart.Levels.IsEmpty ? -45 : -90;
                    step = Axis.LabelStep ?? Math.Max(1, (int)Math.Ceiling(line / slot));
                }
                else
                {
                    step = Axis.LabelStep ?? Math.Max(1, (int)Math.Ceiling(widest / slot));
                }
            }
        }
        else
        {
            step = Axis.LabelStep ?? Math.Max(1, (int)Math.Ceiling(line / slot));
        }

        // What would reach too far away goes on in another line, but no word is divided.
        var sin = Math.Abs(Math.Sin(Rotation * Math.PI / 180));
        var reach = IsHorizontal ? Rotation == 0 ? width : (_depth - (Math.Sqrt(1 - (sin * sin)) * line)) / sin : _depth;
        if (reach < double.PositiveInfinity)
        {
            foreach (var word in categories.SelectMany(category => category.Text.Split(' ', '-', '\n')))
            {
                reach = Math.Max(reach, _letters.Lay(word, Axis.Format).Width + 0.1);
            }
        }

        var labels = new List<(LaidText, double)>();
        for (var i = 0; i < categories.Length; i += step)
        {
            var (place, text) = categories[i];
            var laid = _letters.Lay(text, Axis.Format);
            labels.Add((laid.Width <= reach ? laid : _letters.Lay(text, Axis.Format, Math.Max(line, reach)), PlaceOfShare(ShareOfPlace(place))));
        }

        SetLabels(labels);

        // What categories have in common stands below them, in rows.
        _ownDepth = LabelDepth;
        _levels = [.. _chart.Levels.Select(level => level.Select(span => _letters.Lay(span.Text, Axis.Format, Math.Max(line, WidthOf(span)))).ToArray())];
        LabelDepth += _levels.Sum(HeightOf);
    }

    private double WidthOf(CategorySpan span) => span.Count * Length / (IsBetween ? Count : Math.Max(1, Count - 1));

    private double HeightOf(LaidText[] level) => level.Select(text => text.Height).DefaultIfEmpty(0).Max() + (GapBelow * Axis.Format.Size.Value);

    // Rows below the labels, or columns of upright text beside them, with lines between what is not in common, from the axis down.
    private void PaintLevels(ChartCanvas canvas, double at, bool isOutward)
    {
        var away = isOutward == IsHorizontal ? 1 : -1;
        var depth = Gap + _ownDepth;
        for (var l = 0; l < _levels.Length; l++)
        {
            var height = HeightOf(_levels[l]);
            for (var i = 0; i < _levels[l].Length; i++)
            {
                var (span, text) = (_chart.Levels[l][i], _levels[l][i]);
                var (from, to) = (PlaceOfShare(ShareOfCategory(span.From, 0)), PlaceOfShare(ShareOfCategory(span.From + span.Count - 1, 1)));
                var middle = at + (away * (depth + (height / 2)));
                if (IsHorizontal)
                {
                    canvas.TextAround(text, (from + to) / 2, middle);
                }
                else
                {
                    canvas.TextAround(text, middle, (from + to) / 2, -90);
                }

                if (Axis.Line is { } line)
                {
                    PaintAlong(canvas, from, at, from, at + (away * (depth + height)), line);
                    PaintAlong(canvas, to, at, to, at + (away * (depth + height)), line);
                }
            }

            depth += height;
        }
    }

    private void SetLabels(List<(LaidText Text, double At)> labels)
    {
        Labels = labels;
        LabelDepth = 0;
        (Overhang, Underhang) = (0, 0);
        var (sin, cos) = Math.SinCos(Math.Abs(Rotation) * Math.PI / 180);
        foreach (var (text, at) in labels)
        {
            LabelDepth = Math.Max(LabelDepth, IsHorizontal ? (text.Width * sin) + (text.Height * cos) : (text.Width * cos) + (text.Height * sin));
            if (IsHorizontal && Rotation == 0)
            {
                (Overhang, Underhang) = (Math.Max(Overhang, at + (text.Width / 2) - To), IsOfCategories ? Math.Max(Underhang, From - (at - (text.Width / 2))) : 0);
            }
            else if (IsHorizontal && Rotation is < 0 and > -89)
            {
                Underhang = Math.Max(Underhang, From - (at - (text.Width * cos) - (text.Height * sin / 2)));
            }
        }
    }

    /// <summary>Draws marks and labels along a line.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="at">Where the axis stands on the other one.</param>
    /// <param name="labelsAt">Where the labels stand on the other one.</param>
    /// <param name="isOutward">Whether marks and labels stand to the left or below.</param>
    /// <param name="areLabelsOutward">Whether labels do.</param>
    public void Paint(ChartCanvas canvas, double at, double labelsAt, bool isOutward, bool areLabelsOutward)
    {
        if (Axis.IsDeleted)
        {
            return;
        }

        if (Axis.Line is { } line)
        {
            PaintAlong(canvas, From, at, To, at, line);
            PaintTicks(canvas, Axis.MajorTicks, MajorPlaces(), at, isOutward, TickLength, line);
            PaintTicks(canvas, Axis.MinorTicks, MinorPlaces(), at, isOutward, TickLength * 2 / 3, line);
        }

        foreach (var (text, place) in Labels)
        {
            PaintLabel(canvas, text, place, labelsAt, areLabelsOutward);
        }

        PaintLevels(canvas, labelsAt, areLabelsOutward);
    }

    public IEnumerable<double> MajorPlaces()
    {
        if (!IsOfCategories)
        {
            for (var i = 0; i <= Scale.Steps; i++)
            {
                yield return PlaceOf(Scale.At(i));
            }

            yield break;
        }

        if (_chart.Days is { } days)
        {
            // At the beginning of each day that has a label, and at the end.
            foreach (var (place, _) in days.Labels)
            {
                yield return PlaceOfShare(ShareOfPlace(place, 0));
            }

            if (IsBetween)
            {
                yield return PlaceOfShare(1);
            }

            yield break;
        }

        var step = Axis.MarkStep ?? 1;
        var marks = IsBetween ? Count : Count - 1;

        // Marks that no eye could tell apart.
        step = Math.Max(step, (int)Math.Ceiling(marks / Math.Max(1, Length)));
        for (var i = 0; i <= marks; i += step)
        {
            yield return PlaceOfShare(marks == 0 ? 0.5 : (double)i / marks);
        }
    }

    public IEnumerable<double> MinorPlaces()
    {
        if (IsOfCategories)
        {
            yield break;
        }

        if (Scale.IsLogarithmic)
        {
            for (var i = 0; i <= Scale.Steps; i++)
            {
                for (var factor = 1; factor < 10 && Scale.At(i) * factor <= Scale.Max * (1 + 1e-9); factor++)
                {
                    yield return PlaceOf(Scale.At(i) * factor);
                }
            }

            yield break;
        }

        var unit = Axis.MinorUnit ?? Scale.Step / 5;
        var count = (Scale.Max - Scale.Min) / unit;
        if (count > Length)
        {
            yield break;
        }

        for (var i = 0; i <= count + 1e-6; i++)
        {
            yield return PlaceOf(Scale.Min + (i * unit));
        }
    }

    private void PaintTicks(ChartCanvas canvas, TickMark mark, IEnumerable<double> places, double at, bool isOutward, double length, Stroke line)
    {
        if (mark == TickMark.None)
        {
            return;
        }

        // Outside is to the left or below.
        var outward = IsHorizontal == isOutward ? 1 : -1;
        var (from, to) = (mark == TickMark.Outside ? 0 : -length * outward, mark == TickMark.Inside ? 0 : length * outward);
        foreach (var place in places)
        {
            PaintAlong(canvas, place, at + from, place, at + to, line);
        }
    }

    private void PaintAlong(ChartCanvas canvas, double along1, double across1, double along2, double across2, Stroke line)
    {
        if (IsHorizontal)
        {
            canvas.Line(along1, across1, along2, across2, line);
        }
        else
        {
            canvas.Line(across1, along1, across2, along2, line);
        }
    }

    private void PaintLabel(ChartCanvas canvas, LaidText text, double place, double at, bool isOutward)
    {
        if (Rotation == 0)
        {
            if (IsHorizontal)
            {
                canvas.Text(text, place - (text.Width / 2), isOutward ? at + Gap : at - Gap - text.Height);
            }
            else
            {
                canvas.Text(text, isOutward ? at - Gap - text.Width : at + Gap, place - (text.Height / 2) - (ChartCanvas.Rise * text.Size));
            }

            return;
        }

        var (sin, cos) = Math.SinCos(Rotation * Math.PI / 180);
        if (!IsHorizontal)
        {
            var depth = ((Math.Abs(cos) * text.Width) + (Math.Abs(sin) * text.Height)) / 2;
            canvas.TextAround(text, isOutward ? at - Gap - depth : at + Gap + depth, place, Rotation);
            return;
        }

        // The end of the text that lies nearer the axis stands at the mark; upright text stands around it.
        var away = ((Math.Abs(sin) * text.Width) + (Math.Abs(cos) * text.Height)) / 2;
        var aside = Math.Abs(Math.Abs(Rotation) - 90) < 1 ? 0 : Math.Abs(cos) * text.Width / 2;
        var x = Rotation < 0 == isOutward ? place - aside : place + aside;
        canvas.TextAround(text, x, isOutward ? at + Gap + away : at - Gap - away, Rotation);
    }
}
