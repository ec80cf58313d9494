using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Speech bubbles and boxes with a line that points somewhere (presetShapeDefinitions).</summary>
internal static class PresetCallouts
{
    /// <summary>The shape of that name; null where it is not among these. Arguments as of <see cref="PresetPaths.Of"/>.</summary>
    public static Geometry? Of(string preset, double w, double h, ImmutableArray<double> adjustments)
    {
        double Adjust(int index, double standard) => index < adjustments.Length ? adjustments[index] / 100_000 : standard;
        switch (preset)
        {
            case "wedgeRectCallout":
                return Wedge(w, h, Adjust(0, -0.20833), Adjust(1, 0.625), 0);
            case "wedgeRoundRectCallout":
                return Wedge(w, h, Adjust(0, -0.20833), Adjust(1, 0.625), Math.Min(w, h) * Math.Clamp(Adjust(2, 0.16667), 0, 0.5));
            case "wedgeEllipseCallout":
                return Ellipse(w, h, Adjust(0, -0.20833), Adjust(1, 0.625));
        }

        // The number at the end tells how many stretches the line has.
        ReadOnlySpan<double> standard = preset[^1] switch
        {
            '1' => [0.1875, -0.08333, 1.125, -0.38333],
            '2' => [0.1875, -0.08333, 0.1875, -0.16667, 1.125, -0.46667],
            '3' => [0.1875, -0.08333, 0.1875, -0.16667, 1, -0.16667, 1.12963, -0.08333],
            _ => [],
        };
        (bool HasBorder, bool HasBar)? kind = preset[..^1] switch
        {
            "callout" => (false, false),
            "accentCallout" => (false, true),
            "borderCallout" => (true, false),
            "accentBorderCallout" => (true, true),
            _ => null,
        };
        if (kind is not var (hasBorder, hasBar) || standard.IsEmpty)
        {
            return null;
        }

        var pen = new PresetPen(w, h);
        pen.Polygon(0, 0, w, 0, w, h, 0, h).EndPart(isFilled: true, isStroked: hasBorder);
        var first = w * Adjust(1, standard[1]);
        if (hasBar)
        {
            pen.Move(first, 0).Line(first, h);
        }

        pen.Move(first, h * Adjust(0, standard[0]));
        for (var i = 2; i < standard.Length; i += 2)
        {
            pen.Line(w * Adjust(i + 1, standard[i + 1]), h * Adjust(i, standard[i]));
        }

        return pen.EndPart(isFilled: false, isStroked: true).Done(0, 0, 1, 1);
    }

    // The wedge goes out of the side that its tip lies beyond, from the half of it that is nearer to the tip.
    private static Geometry Wedge(double w, double h, double across, double down, double corner)
    {
        var (dx, dy) = (w * across, h * down);
        var (tipX, tipY) = ((w / 2) + dx, (h / 2) + dy);
        var isUpOrDown = Math.Abs(dy) > Math.Abs(dx * h / w);
        var (x1, x2) = dx > 0 ? (w * 7 / 12, w * 10 / 12) : (w * 2 / 12, w * 5 / 12);
        var (y1, y2) = dy > 0 ? (h * 7 / 12, h * 10 / 12) : (h * 2 / 12, h * 5 / 12);
        var pen = new PresetPen(w, h);
        pen.Move(0, corner).Arc(corner, corner, 180, 90);
        Side(isUpOrDown && dy <= 0, x1, 0, x2, 0);
        pen.Line(w - corner, 0).Arc(corner, corner, 270, 90);
        Side(!isUpOrDown && dx > 0, w, y1, w, y2);
        pen.Line(w, h - corner).Arc(corner, corner, 0, 90);
        Side(isUpOrDown && dy > 0, x2, h, x1, h);
        pen.Line(corner, h).Arc(corner, corner, 90, 90);
        Side(!isUpOrDown && dx <= 0, 0, y2, 0, y1);
        var inset = corner * 0.29289;
        return pen.Close().Done(inset / w, inset / h, 1 - (inset / w), 1 - (inset / h));

        void Side(bool hasTip, double fromX, double fromY, double toX, double toY)
        {
            if (hasTip)
            {
                pen.Line(fromX, fromY).Line(tipX, tipY).Line(toX, toY);
            }
        }
    }

    // The wedge is 22 degrees wide.
    private static Geometry Ellipse(double w, double h, double across, double down)
    {
        const double Half = 11;
        var (dx, dy) = (w * across, h * down);
        var direction = Math.Atan2(dy * w, dx * h) * 180 / Math.PI;
        var start = (direction + Half) * Math.PI / 180;
        var pen = new PresetPen(w, h);
        pen.Move((w / 2) + dx, (h / 2) + dy).Line((w / 2) + (w / 2 * Math.Cos(start)), (h / 2) + (h / 2 * Math.Sin(start))).CircleArc(w / 2, h / 2, direction + Half, 360 - (2 * Half)).Close();
        return pen.Done(0.14645, 0.14645, 0.85355, 0.85355);
    }
}
