using System.Collections.Immutable;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Pages;

/// <summary>
/// Draws the kinds of border line. Word fills rectangles for solid ones; so do we, so that thin lines meet without seams.
/// Evidence: docs/layout.md, "Borders".
/// </summary>
internal static class BorderLines
{
    /// <summary>One stroke of a compound line, from its outer side inwards.</summary>
    private readonly record struct Band(double Offset, double Width);

    /// <summary>Width of all strokes and gaps together.</summary>
    public static double WidthOf(Border? border)
    {
        if (border is null)
        {
            return 0;
        }

        var bands = BandsOf(border);
        return bands[^1].Offset + bands[^1].Width;
    }

    /// <summary>A horizontal border from <paramref name="left"/> to <paramref name="right"/> whose upper side is at <paramref name="top"/>.</summary>
    // isOuterBelow: the outer side is below, and compound kinds are mirrored.
    public static void AddHorizontal(FragmentBuilder into, Border border, double left, double right, double top, bool isOuterBelow = false)
        => Add(into, border, left, right, top, isOuterBelow, isVertical: false);

    /// <summary>A vertical border whose left side is at <paramref name="left"/>.</summary>
    public static void AddVertical(FragmentBuilder into, Border border, double top, double bottom, double left, bool isOuterRight = false)
        => Add(into, border, top, bottom, left, isOuterRight, isVertical: true);

    private static void Add(FragmentBuilder into, Border border, double from, double to, double across, bool isMirrored, bool isVertical)
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
                into.Add(Wave(from, to, across + band.Offset, band.Width, color, isVertical));
            }

            return;
        }

        var dash = DashOf(border.Style);
        foreach (var band in bands)
        {
            var at = across + (isMirrored ? total - band.Offset - band.Width : band.Offset);
            if (dash == DashKind.Solid)
            {
                into.Add(isVertical
                    ? new Fill((float)at, (float)from, (float)band.Width, (float)(to - from), color)
                    : new Fill((float)from, (float)at, (float)(to - from), (float)band.Width, color));
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
        BorderStyle.DotDash or BorderStyle.DashDotStroked => DashKind.DashDot,
        BorderStyle.DotDotDash => DashKind.DashDotDot,
        _ => DashKind.Solid,
    };

    private static Band[] BandsOf(Border border)
    {
        // A width of nothing is drawn as Word's thinnest line, a quarter of a point.
        var w = Math.Max(0.25, border.Width.Value);
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
            BorderStyle.Wave => [new(0, w)],
            BorderStyle.DoubleWave => [new(0, w), new(3 * w, w)],
            _ => [new(0, w)],
        };
    }

    private static Shape Wave(double from, double to, double across, double width, Paint color, bool isVertical)
    {
        var verbs = ImmutableArray.CreateBuilder<PathVerb>();
        var points = ImmutableArray.CreateBuilder<PathPoint>();
        var step = Math.Max(1.5, 3 * width);
        var isUp = true;
        void Point(double along, double over) => points.Add(isVertical ? new((float)over, (float)along) : new((float)along, (float)over));

        verbs.Add(PathVerb.Move);
        Point(from, across + (width / 2));

        // At most a few thousand points however long and thin the line is.
        step = Math.Max(step, (to - from) / 4000);
        for (var at = from; at < to; at += step)
        {
            var end = Math.Min(at + step, to);
            var peak = across + (width / 2) + (isUp ? -step / 3 : step / 3);
            verbs.Add(PathVerb.Curve);
            Point(at + ((end - at) * 0.36), peak);
            Point(at + ((end - at) * 0.64), peak);
            Point(end, across + (width / 2));
            isUp = !isUp;
        }

        return new(verbs.ToImmutable(), points.ToImmutable(), null, color, (float)width, DashKind.Solid);
    }
}
