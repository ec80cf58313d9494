using System.Collections.Immutable;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>Where the colours of a shape's gradient stand in its box (ECMA-376 Part 1, 20.1.8.33 to 20.1.8.46). Evidence: docs/layout.md, "Shapes".</summary>
internal static class ShapeGradients
{
    /// <summary>A gradient along a line or in circles.</summary>
    public static Gradient Of(Model.Fill fill, double width, double height) => new(
        [.. fill.Stops.Select(stop => new ColorStop((float)stop.At, DrawingPainter.PaintOf(stop.Color, 1)))],
        fill.Path != GradientPath.Linear,
        fill.Path switch
        {
            GradientPath.Linear => Along(fill.Angle, fill.IsScaled, width, height),
            GradientPath.Circle => Around(fill.Focus, width, height),
            _ => new(width / 2, 0, 0, height / 2, width / 2, height / 2),
        });

    // The first and the last colour are at the corners that lie farthest back and ahead.
    private static Matrix Along(double degrees, bool isScaled, double width, double height)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var (across, down) = isScaled ? (1.0, 1.0) : (width, height);
        var length = Math.Abs(across * cos) + Math.Abs(down * sin);
        var (stretchX, stretchY) = isScaled ? (width, height) : (1.0, 1.0);
        var (axisX, axisY) = (cos * length * stretchX, sin * length * stretchY);
        return new(axisX, axisY, -sin * stretchX, cos * stretchY, (width - axisX) / 2, (height - axisY) / 2);
    }

    // The last colour is at the corner that lies farthest from the middle.
    private static Matrix Around(Crop focus, double width, double height)
    {
        var (x, y) = (width * (focus.Left + 1 - focus.Right) / 2, height * (focus.Top + 1 - focus.Bottom) / 2);
        var (farX, farY) = (Math.Max(x, width - x), Math.Max(y, height - y));
        var radius = Math.Sqrt((farX * farX) + (farY * farY));
        return new(radius, 0, 0, radius, x, y);
    }

    /// <summary>Rectangles in each other, each over the one before, so that no seam shows between them. They end where the box does.</summary>
    public static void AddNested(FragmentBuilder into, Model.Fill fill, double width, double height, int node)
    {
        const int Bands = 128;
        var (focus, region) = (fill.Focus, fill.Region);
        for (var i = 0; i < Bands; i++)
        {
            // From the edge inwards.
            var share = (double)i / Bands;
            var left = Math.Max(0, width * Between(region.Left, focus.Left));
            var top = Math.Max(0, height * Between(region.Top, focus.Top));
            var right = Math.Min(width, width * (1 - Between(region.Right, focus.Right)));
            var bottom = Math.Min(height, height * (1 - Between(region.Bottom, focus.Bottom)));
            if (right <= left || bottom <= top)
            {
                continue;
            }

            into.Add(
                new Shape(
                    [PathVerb.Move, PathVerb.Line, PathVerb.Line, PathVerb.Line, PathVerb.Close],
                    [new((float)left, (float)top), new((float)right, (float)top), new((float)right, (float)bottom), new((float)left, (float)bottom)],
                    DrawingPainter.PaintOf(ColorAt(fill.Stops, 1 - share - (0.5 / Bands)), fill.Opacity), null, 0, Pages.DashKind.Solid),
                node);

            double Between(double outer, double inner) => outer + ((inner - outer) * share);
        }
    }

    /// <summary>A colour with white (above 0) or black (below) mixed in.</summary>
    public static Rgb Shaded(Rgb color, double shade)
    {
        var (toward, share) = (shade > 0 ? 255 : 0, Math.Abs(shade));
        return shade == 0 ? color : new(Mix(color.Red), Mix(color.Green), Mix(color.Blue));

        byte Mix(byte value) => (byte)Math.Round(value + ((toward - value) * share));
    }

    public static Model.Fill Shaded(Model.Fill fill, double shade) => fill with { Stops = [.. fill.Stops.Select(stop => stop with { Color = Shaded(stop.Color, shade) })] };

    private static Rgb ColorAt(ImmutableArray<GradientStop> stops, double share)
    {
        var after = 0;
        while (after < stops.Length && stops[after].At < share)
        {
            after++;
        }

        if (after == 0 || after == stops.Length)
        {
            return stops[Math.Min(after, stops.Length - 1)].Color;
        }

        var (a, b) = (stops[after - 1], stops[after]);
        var part = b.At > a.At ? (share - a.At) / (b.At - a.At) : 1;
        byte Mix(byte x, byte y) => (byte)Math.Round(x + ((y - x) * part));
        return new(Mix(a.Color.Red, b.Color.Red), Mix(a.Color.Green, b.Color.Green), Mix(a.Color.Blue, b.Color.Blue));
    }
}
