using System.Collections.Immutable;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Pages;

/// <summary>
/// Draws the kinds of border line. Word fills rectangles for solid ones; so do we, so that thin lines meet without seams.
/// Evidence: docs/layout.md, "Borders".
/// </summary>
internal static class BorderLines
{
    // A shadow is never thinner.
    private const double ThinnestShadow = 0.8;

    /// <summary>One stroke of a compound line, from its outer side inwards; how much lighter it is than the others, of lines in relief.</summary>
    private readonly record struct Band(double Offset, double Width, double Lighter = 0);

    /// <summary>Width of all strokes and gaps together.</summary>
    public static double WidthOf(Border? border)
    {
        if (border is null)
        {
            return 0;
        }

        // Asked of each edge of each cell, and nearly always of this kind.
        if (border.Style == BorderStyle.Single)
        {
            return LineOf(border);
        }

        var bands = BandsOf(border);
        return bands[^1].Offset + bands[^1].Width;
    }

    /// <summary>A horizontal border from <paramref name="left"/> to <paramref name="right"/> whose upper side is at <paramref name="top"/>.</summary>
    // isOuterBelow: the outer side is below, and compound kinds are mirrored. isMitred: at both ends it meets others of a box at its outer corners.
    public static void AddHorizontal(FragmentBuilder into, Border border, double left, double right, double top, bool isOuterBelow = false, bool isMitred = false)
        => Add(into, border, left, right, top, isOuterBelow, isVertical: false, isMitred);

    /// <summary>A vertical border whose left side is at <paramref name="left"/>.</summary>
    public static void AddVertical(FragmentBuilder into, Border border, double top, double bottom, double left, bool isOuterRight = false, bool isMitred = false)
        => Add(into, border, top, bottom, left, isOuterRight, isVertical: true, isMitred);

    /// <summary>The shadow to the right of a box and below it, as thick as its lines.</summary>
    /// <param name="into">Where.</param>
    /// <param name="right">The box's line at the right; none, no shadow.</param>
    /// <param name="bottom">The box's line below.</param>
    /// <param name="box">With its lines.</param>
    /// <param name="isStart">Whether the box begins here, and does not go on from above.</param>
    public static void AddShadow(FragmentBuilder into, Border? right, Border? bottom, Box box, bool isStart = true)
    {
        var across = right is { HasShadow: true } ? Math.Max(ThinnestShadow, WidthOf(right)) : 0;
        var down = bottom is { HasShadow: true } ? Math.Max(ThinnestShadow, WidthOf(bottom)) : 0;
        var top = isStart ? Math.Max(across, down) : 0;
        into.Add(new Fill((float)box.Right, (float)(box.Top + top), (float)across, (float)(box.Height - top), Paint.Black));
        into.Add(new Fill((float)(box.Left + Math.Max(across, down)), (float)box.Bottom, (float)(box.Width - Math.Max(across, down) + across), (float)down, Paint.Black));
    }

    private static void Add(FragmentBuilder into, Border border, double from, double to, double across, bool isMirrored, bool isVertical, bool isMitred)
    {
        if (to <= from)
        {
            return;
        }

        var color = PaintOf(border);
        var bands = BandsOf(border);
        var total = bands[^1].Offset + bands[^1].Width;
        if (border.Style is BorderStyle.Wave or BorderStyle.DoubleWave)
        {
            foreach (var band in bands)
            {
                into.Add(Wave(from, to, across + band.Offset + (band.Width / 2), LineOf(border), color, isVertical));
            }

            return;
        }

        if (border.Style == BorderStyle.DashDotStroked)
        {
            into.Add(Slanted(from, to, across, total, color, isVertical));
            return;
        }

        var dash = DashOf(border.Style);
        foreach (var band in bands)
        {
            var at = across + (isMirrored ? total - band.Offset - band.Width : band.Offset);
            if (dash == DashKind.Solid)
            {
                var paint = band.Lighter == 0 ? color : Lighter(color, band.Lighter);
                var cut = isMitred && border.Style is BorderStyle.ThreeDEmboss or BorderStyle.ThreeDEngrave ? band.Offset : 0;
                into.Add(isVertical
                    ? new Fill((float)at, (float)(from + cut), (float)band.Width, (float)(to - from - (2 * cut)), paint)
                    : new Fill((float)(from + cut), (float)at, (float)(to - from - (2 * cut)), (float)band.Width, paint));
            }
            else
            {
                var middle = (float)(at + (band.Width / 2));
                into.Add(isVertical
                    ? new Stroke(middle, (float)from, middle, (float)to, (float)band.Width, color, dash)
                    : new Stroke((float)from, middle, (float)to, middle, (float)band.Width, color, dash));
            }
        }
    }

    public static Paint PaintOf(Border border) => border.Color is { } rgb ? PaintOf(rgb) : Paint.Black;

    public static Paint PaintOf(Rgb rgb) => Paint.Rgb((rgb.Red << 16) | (rgb.Green << 8) | rgb.Blue);

    public static DashKind DashOf(BorderStyle style) => style switch
    {
        BorderStyle.Dotted => DashKind.Dotted,
        BorderStyle.Dashed => DashKind.Dashed,
        BorderStyle.DashSmallGap => DashKind.DashedSmallGap,
        BorderStyle.DotDash => DashKind.DashDot,
        BorderStyle.DotDotDash => DashKind.DashDotDot,
        _ => DashKind.Solid,
    };

    private static Band[] BandsOf(Border border)
    {
        var w = LineOf(border);
        const double Thin = 0.75;
        return border.Style switch
        {
            BorderStyle.Double => [new(0, w), new(2 * w, w)],
            BorderStyle.Triple => [new(0, w), new(2 * w, w), new(4 * w, w)],
            BorderStyle.ThinThickSmallGap => [new(0, w), new(w + Thin, Thin)],
            BorderStyle.ThickThinSmallGap => [new(0, Thin), new(2 * Thin, w)],
            BorderStyle.ThinThickThinSmallGap => [new(0, Thin), new(2 * Thin, w), new((3 * Thin) + w, Thin)],
            BorderStyle.ThinThickMediumGap => [new(0, w), new(1.5 * w, w / 2)],
            BorderStyle.ThickThinMediumGap => [new(0, w / 2), new(w, w)],
            BorderStyle.ThinThickThinMediumGap => [new(0, w / 2), new(w, w), new(2.5 * w, w / 2)],
            BorderStyle.ThinThickLargeGap => [new(0, 1.5), new(1.5 + w, Thin)],
            BorderStyle.ThickThinLargeGap => [new(0, Thin), new(Thin + w, 1.5)],
            BorderStyle.ThinThickThinLargeGap => [new(0, Thin), new(Thin + w, 1.5), new(2.25 + (2 * w), Thin)],
            BorderStyle.Wave => [new(0, WaveHeight * w)],
            BorderStyle.DoubleWave => [new(0, WaveHeight * w), new((WaveHeight + 0.5) * w, WaveHeight * w)],
            BorderStyle.ThreeDEmboss => Relief(border, w, darkensInwards: true),
            BorderStyle.ThreeDEngrave => Relief(border, w, darkensInwards: false),
            _ => [new(0, w)],
        };
    }

    // A width of nothing is drawn as Word's thinnest line, a quarter of a point.
    private static double LineOf(Border border) => Math.Max(0.25, border.Width.Value);

    // Three tones a sixth of the range apart, the border's own colour among them: the darkest of dark colours, the lightest of light ones.
    private static Band[] Relief(Border border, double w, bool darkensInwards)
    {
        const double Step = 1 / 6.0;
        var color = border.Color ?? Rgb.Black;
        var lightness = (Math.Max(color.Red, Math.Max(color.Green, color.Blue)) + Math.Min(color.Red, Math.Min(color.Green, color.Blue))) / 510.0;
        var lightest = lightness >= 0.5 ? 0 : lightness >= 0.25 ? Step : 2 * Step;
        var (outer, inner) = darkensInwards ? (lightest, lightest - (2 * Step)) : (lightest - (2 * Step), lightest);
        return [new(0, w / 2, outer), new(w / 2, w, lightest - Step), new(1.5 * w, w / 2, inner)];
    }

    private static Paint Lighter(Paint color, double share)
    {
        return Paint.Rgb((Channel(color.Red) << 16) | (Channel(color.Green) << 8) | Channel(color.Blue));

        int Channel(byte value) => (int)Math.Round(Math.Clamp(value + (share * 255), 0, 255));
    }

    // How high a wave is, by the thickness of its line.
    private const double WaveHeight = 2.5;

    // A barber's pole: thick and thin strokes by turns, all leaning the same way.
    private static Shape Slanted(double from, double to, double across, double width, Paint color, bool isVertical)
    {
        var verbs = ImmutableArray.CreateBuilder<PathVerb>();
        var points = ImmutableArray.CreateBuilder<PathPoint>();
        var step = Math.Max(4 * width, (to - from) / 4000);
        for (var at = from - width; at < to; at += step)
        {
            Stroke(at, 2 * width);
            Stroke(at + (2.75 * width), 0.5 * width);
        }

        return new(verbs.ToImmutable(), points.ToImmutable(), color, null, 0, DashKind.Solid);

        // Cut off at the ends of the line.
        void Stroke(double at, double length)
        {
            var (lower, lowerEnd) = (Math.Clamp(at, from, to), Math.Clamp(at + length, from, to));
            var (upper, upperEnd) = (Math.Clamp(at + width, from, to), Math.Clamp(at + width + length, from, to));
            if (lowerEnd <= lower && upperEnd <= upper)
            {
                return;
            }

            verbs.AddRange(PathVerb.Move, PathVerb.Line, PathVerb.Line, PathVerb.Line, PathVerb.Close);
            points.AddRange(At(lower, across + width), At(lowerEnd, across + width), At(upperEnd, across), At(upper, across));
        }

        PathPoint At(double along, double over) => isVertical ? new((float)over, (float)along) : new((float)along, (float)over);
    }

    // Its middle is given.
    private static Shape Wave(double from, double to, double middle, double width, Paint color, bool isVertical)
    {
        var verbs = ImmutableArray.CreateBuilder<PathVerb>();
        var points = ImmutableArray.CreateBuilder<PathPoint>();
        var step = 3 * width;
        var isUp = true;
        void Point(double along, double over) => points.Add(isVertical ? new((float)over, (float)along) : new((float)along, (float)over));

        verbs.Add(PathVerb.Move);
        Point(from, middle);

        // At most a few thousand points however long and thin the line is.
        step = Math.Max(step, (to - from) / 4000);
        for (var at = from; at < to; at += step)
        {
            var end = Math.Min(at + step, to);

            // Three quarters of the way to its control points a curve turns.
            var peak = middle + (isUp ? -width : width);
            verbs.Add(PathVerb.Curve);
            Point(at + ((end - at) * 0.36), peak);
            Point(at + ((end - at) * 0.64), peak);
            Point(end, middle);
            isUp = !isUp;
        }

        return new(verbs.ToImmutable(), points.ToImmutable(), null, color, (float)width, DashKind.Solid);
    }
}
