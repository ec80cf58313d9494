using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Block arrows beyond the plain ones, and boxes with an arrow (presetShapeDefinitions).</summary>
internal static class PresetArrows
{
    /// <summary>The shape of that name; null where it is not among these. Arguments as of <see cref="PresetPaths.Of"/>.</summary>
    public static Geometry? Of(string preset, double w, double h, ImmutableArray<double> adjustments)
    {
        double Adjust(int index, double standard, double most) => Math.Clamp(index < adjustments.Length ? adjustments[index] / 100_000 : standard, 0, most);
        var s = Math.Min(w, h);
        var (hc, vc) = (w / 2, h / 2);
        var pen = new PresetPen(w, h);
        switch (preset)
        {
            case "notchedRightArrow":
                var (half, head) = (h * Adjust(0, 0.5, 1) / 2, s * Adjust(1, 0.5, w / s));
                var notch = half * head / vc;
                pen.Polygon(0, vc - half, w - head, vc - half, w - head, 0, w, vc, w - head, h, w - head, vc + half, 0, vc + half, notch, vc);
                return pen.Done(notch / w, (vc - half) / h, 1 - ((head - notch) / w), (vc + half) / h);
            case "stripedRightArrow":
                var (shaft, tip) = (h * Adjust(0, 0.5, 1) / 2, s * Adjust(1, 0.5, 0.84375 * w / s));
                pen.Polygon(0, vc - shaft, s / 32, vc - shaft, s / 32, vc + shaft, 0, vc + shaft).Polygon(s / 16, vc - shaft, s / 8, vc - shaft, s / 8, vc + shaft, s / 16, vc + shaft);
                pen.Polygon(s * 5 / 32, vc - shaft, w - tip, vc - shaft, w - tip, 0, w, vc, w - tip, h, w - tip, vc + shaft, s * 5 / 32, vc + shaft);
                return pen.Done(s * 5 / 32 / w, (vc - shaft) / h, 1 - ((tip - (shaft * tip / vc)) / w), (vc + shaft) / h);
            case "bentArrow":
                return Bent();
            case "bentUpArrow":
                var (thick, wing, rise) = (s * Adjust(0, 0.25, 0.5), s * Adjust(1, 0.25, 0.5), s * Adjust(2, 0.25, 0.5));
                var middle = w - wing;
                pen.Polygon(0, h - thick, middle - (thick / 2), h - thick, middle - (thick / 2), rise, middle - wing, rise, middle, 0, w, rise, middle + (thick / 2), rise, middle + (thick / 2), h, 0, h);
                return pen.Done(0, 1 - (thick / h), (middle + (thick / 2)) / w, 1);
            case "leftUpArrow":
                var (arm, side) = (s * Adjust(1, 0.25, 0.5), s * Adjust(0, 0.25, 1) / 2);
                var point = s * Adjust(2, 0.25, 1);
                var (x, y) = (w - arm, h - arm);
                pen.Polygon(
                    0, y, point, y - arm, point, y - side, x - side, y - side, x - side, point, x - arm, point, x, 0, w, point, x + side, point, x + side, y + side, point, y + side, point, h);
                return pen.Done(point / w, (y - side) / h, (x + side) / w, (y + side) / h);
            case "quadArrow":
                var (reach, line) = (s * Adjust(1, 0.225, 0.5), s * Adjust(0, 0.225, 1) / 2);
                var out1 = s * Adjust(2, 0.225, 0.5);
                pen.Polygon(
                    0, vc, out1, vc - reach, out1, vc - line, hc - line, vc - line, hc - line, out1, hc - reach, out1, hc, 0, hc + reach, out1, hc + line, out1, hc + line, vc - line, w - out1, vc - line,
                    w - out1, vc - reach, w, vc, w - out1, vc + reach, w - out1, vc + line, hc + line, vc + line, hc + line, h - out1, hc + reach, h - out1, hc, h, hc - reach, h - out1, hc - line, h - out1,
                    hc - line, vc + line, out1, vc + line, out1, vc + reach);
                return pen.Done(0, (vc - line) / h, 1, (vc + line) / h);
            case "rightArrowCallout":
                return Box(w, h, (a, b) => (a, b), (a, b, c, d) => (a, b, c, d));
            case "leftArrowCallout":
                return Box(w, h, (a, b) => (w - a, b), (a, b, c, d) => (1 - c, b, 1 - a, d));
            case "downArrowCallout":
                return Box(h, w, (a, b) => (b, a), (a, b, c, d) => (b, a, d, c));
            case "upArrowCallout":
                return Box(h, w, (a, b) => (b, h - a), (a, b, c, d) => (b, 1 - c, d, 1 - a));
            default:
                return null;
        }

        Geometry Bent()
        {
            var wide = s * Adjust(1, 0.25, 0.5);
            var thickness = Math.Min(s * Adjust(0, 0.25, 1), 2 * wide);
            var (lead, length) = (wide - (thickness / 2), s * Adjust(2, 0.25, 0.5));
            var outer = Math.Min(s * Adjust(3, 0.4375, 100), Math.Min(w - length, h - lead));
            var inner = Math.Max(0, outer - thickness);
            pen.Move(0, h).Line(0, lead + outer).Arc(outer, outer, 180, 90).Line(w - length, lead).Line(w - length, 0).Line(w, wide).Line(w - length, (2 * lead) + thickness).Line(w - length, lead + thickness)
                .Line(thickness + inner, lead + thickness).Arc(inner, inner, 270, -90).Line(thickness, h).Close();
            return pen.Done(0, 0, 1, 1);
        }

        // Drawn to the right in a box of that length and breadth.
        Geometry Box(double length, double breadth, Func<double, double, (double X, double Y)> at, Func<double, double, double, double, (double Left, double Top, double Right, double Bottom)> text)
        {
            var center = breadth / 2;
            var (broad, narrow, ahead) = (s * Adjust(1, 0.25, 0.5 * breadth / s), s * Adjust(0, 0.25, 1) / 2, s * Adjust(2, 0.25, length / s));
            narrow = Math.Min(narrow, broad);
            var end = length * Math.Min(Adjust(3, 0.64977, 1), 1 - (ahead / length));
            ReadOnlySpan<(double A, double B)> corners =
            [
                (0, 0), (end, 0), (end, center - narrow), (length - ahead, center - narrow), (length - ahead, center - broad), (length, center),
                (length - ahead, center + broad), (length - ahead, center + narrow), (end, center + narrow), (end, breadth), (0, breadth),
            ];
            var places = new double[corners.Length * 2];
            for (var i = 0; i < corners.Length; i++)
            {
                (places[2 * i], places[(2 * i) + 1]) = at(corners[i].A, corners[i].B);
            }

            var (left, top, right, bottom) = text(0, 0, end / length, 1);
            return pen.Polygon(places).Done(left, top, right, bottom);
        }
    }
}
