using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Single figures of no other family (presetShapeDefinitions).</summary>
internal static class PresetFigures
{
    /// <summary>The shape of that name; null where it is not among these. Arguments as of <see cref="PresetPaths.Of"/>.</summary>
    public static Geometry? Of(string preset, double w, double h, ImmutableArray<double> adjustments)
    {
        double Adjust(int index, double standard, double most = 0.5, double least = 0) => Math.Clamp(index < adjustments.Length ? adjustments[index] / 100_000 : standard, least, most);
        double Free(int index, double standard) => index < adjustments.Length ? adjustments[index] / 100_000 : standard;
        double Degrees(int index, double standard) => index < adjustments.Length ? adjustments[index] / 60_000 : standard;
        var s = Math.Min(w, h);
        var (hc, vc) = (w / 2, h / 2);
        var pen = new PresetPen(w, h);
        switch (preset)
        {
            case "lineInv":
                return pen.Move(0, h).Line(w, 0).EndPart(isFilled: false, isStroked: true).Done(0, 0, 1, 1);
            case "bentConnector2":
                return pen.Move(0, 0).Line(w, 0).Line(w, h).EndPart(isFilled: false, isStroked: true).Done(0, 0, 1, 1);
            case "bentConnector3":
                var knee = w * Free(0, 0.5);
                return pen.Move(0, 0).Line(knee, 0).Line(knee, h).Line(w, h).EndPart(isFilled: false, isStroked: true).Done(0, 0, 1, 1);
            case "bentConnector4":
                var (kneeX, kneeY) = (w * Free(0, 0.5), h * Free(1, 0.5));
                return pen.Move(0, 0).Line(kneeX, 0).Line(kneeX, kneeY).Line(w, kneeY).Line(w, h).EndPart(isFilled: false, isStroked: true).Done(0, 0, 1, 1);
            case "bentConnector5":
                var (firstX, middleY, lastX) = (w * Free(0, 0.5), h * Free(1, 0.5), w * Free(2, 0.5));
                return pen.Move(0, 0).Line(firstX, 0).Line(firstX, middleY).Line(lastX, middleY).Line(lastX, h).Line(w, h).EndPart(isFilled: false, isStroked: true).Done(0, 0, 1, 1);
            case "curvedConnector2":
                return pen.Move(0, 0).Curve(hc, 0, w, vc, w, h).EndPart(isFilled: false, isStroked: true).Done(0, 0, 1, 1);
            case "curvedConnector3":
                var bend = w * Free(0, 0.5);
                return pen.Move(0, 0).Curve(bend / 2, 0, bend, h / 4, bend, vc).Curve(bend, h * 3 / 4, (w + bend) / 2, h, w, h).EndPart(isFilled: false, isStroked: true).Done(0, 0, 1, 1);
            case "arc":
                var (fromX, fromY, openStart, openSweep) = Arc(Degrees(0, 270), Degrees(1, 0));
                pen.Move(fromX, fromY).Arc(hc, vc, openStart, openSweep).Line(hc, vc).Close().EndPart(isFilled: true, isStroked: false);
                return pen.Move(fromX, fromY).Arc(hc, vc, openStart, openSweep).EndPart(isFilled: false, isStroked: true).Done(0, 0, 1, 1);
            case "pie":
                var (pieX, pieY, pieStart, pieSweep) = Arc(Degrees(0, 0), Degrees(1, 270));
                return pen.Move(pieX, pieY).Arc(hc, vc, pieStart, pieSweep).Line(hc, vc).Close().Done(0.14645, 0.14645, 0.85355, 0.85355);
            case "chord":
                var (chordX, chordY, chordStart, chordSweep) = Arc(Degrees(0, 45), Degrees(1, 270));
                return pen.Move(chordX, chordY).Arc(hc, vc, chordStart, chordSweep).Close().Done(0.14645, 0.14645, 0.85355, 0.85355);
            case "blockArc":
                var (arcX, arcY, arcStart, arcSweep) = Arc(Degrees(0, 180), Degrees(1, 0));
                var ring = s * Adjust(2, 0.25);
                var (innerX, innerY) = OnEllipse(hc - ring, vc - ring, arcStart + arcSweep);
                return pen.Move(arcX, arcY).Arc(hc, vc, arcStart, arcSweep).Line(innerX, innerY).Arc(hc - ring, vc - ring, arcStart + arcSweep, -arcSweep).Close().Done(0, 0, 1, 1);
            case "noSmoking":
                return NoSmoking(s * Adjust(0, 0.1875));
            case "plaque":
                var bite = s * Adjust(0, 0.16667);
                pen.Move(0, bite).Arc(bite, bite, 90, -90).Line(w - bite, 0).Arc(bite, bite, 180, -90).Line(w, h - bite).Arc(bite, bite, 270, -90).Line(bite, h).Arc(bite, bite, 0, -90).Close();
                return pen.Done(bite * 0.70711 / w, bite * 0.70711 / h, 1 - (bite * 0.70711 / w), 1 - (bite * 0.70711 / h));
            case "moon":
                return Moon(Adjust(0, 0.5, 0.875));
            case "lightningBolt":
                var zigzag = new double[] { 8472, 0, 12_860, 6080, 11_050, 6797, 16_577, 12_007, 14_767, 12_877, 21_600, 21_600, 10_012, 14_915, 12_222, 13_987, 5022, 9705, 7602, 8382, 0, 3890 };
                return pen.Polygon([.. zigzag.Select((value, i) => value * (i % 2 == 0 ? w : h) / 21_600)]).Done(8757 / 21_600.0, 7437 / 21_600.0, 13_917 / 21_600.0, 14_277 / 21_600.0);
            case "corner":
                var (foot, stem) = (s * Adjust(0, 0.5, h / s), s * Adjust(1, 0.5, w / s));
                return pen.Polygon(0, 0, stem, 0, stem, h - foot, w, h - foot, w, h, 0, h).Done(0, 1 - (foot / h), 1, 1);
            case "diagStripe":
                var stripe = Adjust(0, 0.5, 1);
                return pen.Polygon(0, h * stripe, w * stripe, 0, w, 0, 0, h).Done(0, 0, (stripe / 2) + 0.5, (stripe / 2) + 0.5);
            case "halfFrame":
                var bar = s * Adjust(1, 0.33333, w / s);
                var top = s * Adjust(0, 0.33333, (h - (h * bar / w)) / s);
                return pen.Polygon(0, 0, w, 0, w - (top * w / h), top, bar, top, bar, h - (bar * h / w), 0, h).Done(0, 0, 1, 1);
            case "teardrop":
                var drop = Adjust(0, 1, 2);
                var (tipX, tipY) = (hc + (hc * drop), vc - (vc * drop));
                pen.Move(0, vc).Arc(hc, vc, 180, 90).Quadratic((hc + tipX) / 2, 0, tipX, tipY).Quadratic(w, (vc + tipY) / 2, w, vc).Arc(hc, vc, 0, 90).Arc(hc, vc, 90, 90).Close();
                return pen.Done(0.14645, 0.14645, 0.85355, 0.85355);
            case "wave":
                return Wave(Adjust(0, 0.125, 0.2), Adjust(1, 0, 0.1, -0.1));
            case "snipRoundRect":
                var (round, snip) = (s * Adjust(0, 0.16667), s * Adjust(1, 0.16667));
                return pen.Move(0, round).Arc(round, round, 180, 90).Line(w - snip, 0).Line(w, snip).Line(w, h).Line(0, h).Close().Done(round * 0.29289 / w, round * 0.29289 / h, 1 - (snip / 2 / w), 1);
            case "mathPlus":
                var (longX, longY, thick) = (w * 0.36745, h * 0.36745, s * Adjust(0, 0.2352, 0.7349) / 2);
                pen.Polygon(
                    hc - longX, vc - thick, hc - thick, vc - thick, hc - thick, vc - longY, hc + thick, vc - longY, hc + thick, vc - thick, hc + longX, vc - thick,
                    hc + longX, vc + thick, hc + thick, vc + thick, hc + thick, vc + longY, hc - thick, vc + longY, hc - thick, vc + thick, hc - longX, vc + thick);
                return pen.Done(0.13255, (vc - thick) / h, 0.86745, (vc + thick) / h);
            case "mathMinus":
                var half = Adjust(0, 0.2352, 1) / 2;
                return pen.Polygon(w * 0.13255, h * (0.5 - half), w * 0.86745, h * (0.5 - half), w * 0.86745, h * (0.5 + half), w * 0.13255, h * (0.5 + half)).Done(0.13255, 0.5 - half, 0.86745, 0.5 + half);
            case "mathEqual":
                var stroke = Adjust(0, 0.2352, 0.36745);
                var gap = Adjust(1, 0.1176, 1 - (2 * stroke)) / 2;
                pen.Polygon(w * 0.13255, h * (0.5 - gap - stroke), w * 0.86745, h * (0.5 - gap - stroke), w * 0.86745, h * (0.5 - gap), w * 0.13255, h * (0.5 - gap));
                pen.Polygon(w * 0.13255, h * (0.5 + gap), w * 0.86745, h * (0.5 + gap), w * 0.86745, h * (0.5 + gap + stroke), w * 0.13255, h * (0.5 + gap + stroke));
                return pen.Done(0.13255, 0.5 - gap - stroke, 0.86745, 0.5 + gap + stroke);
            default:
                return null;
        }

        (double X, double Y, double Start, double Sweep) Arc(double start, double end)
        {
            var sweep = end - start;
            var (x, y) = OnEllipse(hc, vc, start);
            return (x, y, start, sweep <= 0 ? sweep + 360 : sweep);
        }

        // The point that is seen from the middle at an angle.
        (double X, double Y) OnEllipse(double rx, double ry, double degrees)
        {
            var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
            var angle = Math.Atan2(rx * sin, ry * cos);
            return (hc + (rx * Math.Cos(angle)), vc + (ry * Math.Sin(angle)));
        }

        // A ring, and what a bar from the upper left to the lower right leaves of its inside.
        Geometry NoSmoking(double thickness)
        {
            var (rx, ry) = (hc - thickness, vc - thickness);
            if (rx <= 0 || ry <= 0)
            {
                return pen.Ellipse(0, 0, w, h, true).Done(0.14645, 0.14645, 0.85355, 0.85355);
            }

            var slope = Math.Atan2(h, w);
            var half = Math.Atan2(thickness / 2, Reach(slope));
            var first = slope - half;
            var (x, y) = (Reach(first) * Math.Cos(first), Reach(first) * Math.Sin(first));
            var (start, sweep) = (first * 180 / Math.PI, -180 + (2 * half * 180 / Math.PI));
            pen.Ellipse(0, 0, w, h, true).Move(hc + x, vc + y).Arc(rx, ry, start, sweep).Close().Move(hc - x, vc - y).Arc(rx, ry, start - 180, sweep).Close();
            return pen.Done(0.14645, 0.14645, 0.85355, 0.85355);

            // From the middle to the inner edge.
            double Reach(double angle)
            {
                var (a, b) = (ry * Math.Cos(angle), rx * Math.Sin(angle));
                return rx * ry / Math.Sqrt((a * a) + (b * b));
            }
        }

        // In a half circle of radius 1 around (1, 0): the inner edge goes through both ends and (a, 0).
        Geometry Moon(double a)
        {
            var center = (2 - (a * a)) / (2 * (1 - a));
            var radius = center - a;
            var opening = Math.Atan2(1, 1 - center) * 180 / Math.PI;
            pen.Move(w, h).CircleArc(w, vc, 90, 180).CircleArc(radius * w, radius * vc, -opening, (2 * opening) - 360).Close();
            return pen.Done(a * 0.29289, 0.2, a, 0.8);
        }

        Geometry Wave(double height, double slant)
        {
            var (crest, lower) = (h * height * 10 / 3, h * (1 - height));
            var y = h * height;
            var shift = w * slant * 2;
            var (x2, x5) = (Math.Max(0, -shift), w - Math.Max(0, shift));
            var (x6, x10) = (Math.Max(0, shift), w + Math.Min(0, shift));
            var third = (Math.Min(0, shift) + x5) / 3;
            pen.Move(x2, y).Curve(x2 + third, y - crest, (x2 + third + x5) / 2, y + crest, x5, y).Line(x10, lower).Curve((x6 + third + x10) / 2, lower + crest, x6 + third, lower - crest, x6, lower).Close();
            return pen.Done(Math.Max(x2, x6) / w, 2 * height, Math.Min(x5, x10) / w, 1 - (2 * height));
        }
    }
}
