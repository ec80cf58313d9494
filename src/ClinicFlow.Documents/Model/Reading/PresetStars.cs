using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Stars, explosions and regular polygons (presetShapeDefinitions).</summary>
internal static class PresetStars
{
    /// <summary>The shape of that name; null where it is not among these. Arguments as of <see cref="PresetPaths.Of"/>.</summary>
    public static Geometry? Of(string preset, double w, double h, ImmutableArray<double> adjustments)
    {
        double Depth(double standard) => Math.Clamp(adjustments.Length > 0 ? adjustments[0] / 100_000 : standard, 0, 0.5) * 2;
        var pen = new PresetPen(w, h);
        switch (preset)
        {
            case "star4":
                return Star(4, Depth(0.125), 1, 1);
            case "star6":
                return Star(6, Depth(0.28868), 1.1547, 1);
            case "star7":
                return Star(7, Depth(0.34601), 1.02572, 1.0521);
            case "star8":
                return Star(8, Depth(0.375), 1, 1);
            case "star10":
                return Star(10, Depth(0.42533), 1.05146, 1);
            case "star12":
                return Star(12, Depth(0.375), 1, 1);
            case "star16":
                return Star(16, Depth(0.375), 1, 1);
            case "star24":
                return Star(24, Depth(0.375), 1, 1);
            case "star32":
                return Star(32, Depth(0.375), 1, 1);
            case "heptagon":
                return Regular(7, -90, 1.02572, 1.0521, 0.8 * 0.5);
            case "decagon":
                return Regular(10, 0, 1, 1.05146, 0.9 * 0.5);
            case "dodecagon":
                return Points(0, 0.134, 0.866, 7906, 2894, 2894, 7906, 0, 13_694, 0, 18_706, 2894, 21_600, 7906, 21_600, 13_694, 18_706, 18_706, 13_694, 21_600, 7906, 21_600, 2894, 18_706, 0, 13_694);
            case "irregularSeal1":
                return Points(
                    10_800, 4627 / 21_600.0, 16_702 / 21_600.0,
                    5800, 14_522, 0, 14_155, 5325, 18_380, 4457, 16_702, 7315, 21_097, 8137, 17_607, 10_475, 21_600, 13_290, 16_837, 12_942, 18_145, 18_095, 14_020, 14_457, 13_247, 19_737,
                    10_532, 14_935, 8485, 21_600, 7715, 15_627, 4762, 17_617, 5667, 13_937, 135, 14_587, 3722, 11_775, 0, 8615, 4627, 7617, 370, 2295, 7312, 6320, 8352, 2295);
            case "irregularSeal2":
                return Points(
                    11_462, 5372 / 21_600.0, 14_640 / 21_600.0,
                    4342, 14_790, 0, 14_525, 5777, 18_007, 3172, 16_380, 6532, 21_600, 6645, 16_985, 9402, 18_270, 11_290, 16_380, 12_310, 18_877, 15_632, 14_640, 14_350, 14_942, 17_370,
                    12_180, 15_935, 11_612, 18_842, 9872, 17_370, 8700, 19_712, 7527, 18_125, 4917, 21_600, 4805, 18_240, 1285, 17_825, 3330, 15_370, 0, 12_877, 3935, 11_592, 1172, 8270,
                    5372, 7817, 4502, 3625, 8550, 6382, 9722, 1887);
            default:
                return null;
        }

        // Points on an ellipse, a little larger where that makes them touch the box, and dents between them.
        Geometry Star(int points, double depth, double stretchX, double stretchY)
        {
            var (rx, ry, middle) = (w / 2 * stretchX, h / 2 * stretchY, h / 2 * stretchY);
            var corners = new double[points * 4];
            for (var i = 0; i < points * 2; i++)
            {
                var (sin, cos) = Math.SinCos((-Math.PI / 2) + (Math.PI * i / points));
                var r = i % 2 == 0 ? 1 : depth;
                (corners[2 * i], corners[(2 * i) + 1]) = ((w / 2) + (rx * r * cos), middle + (ry * r * sin));
            }

            var inset = 0.5 - (0.5 * depth * 0.70711);
            return pen.Polygon(corners).Done(inset, inset, 1 - inset, 1 - inset);
        }

        Geometry Regular(int corners, double start, double stretchX, double stretchY, double half)
        {
            var places = new double[corners * 2];
            for (var i = 0; i < corners; i++)
            {
                var (sin, cos) = Math.SinCos((start + (360.0 * i / corners)) * Math.PI / 180);
                var middle = start == 0 ? h / 2 : h / 2 * stretchY;
                (places[2 * i], places[(2 * i) + 1]) = ((w / 2) + (w / 2 * stretchX * cos), middle + (h / 2 * stretchY * sin));
            }

            return pen.Polygon(places).Done(0.5 - half, 0.5 - half, 0.5 + half, 0.5 + half);
        }

        // Given in 21,600ths of the size.
        Geometry Points(double firstX, double from, double to, params ReadOnlySpan<double> rest)
        {
            double[] corners = [firstX, .. rest];
            for (var i = 0; i < corners.Length; i++)
            {
                corners[i] *= (i % 2 == 0 ? w : h) / 21_600;
            }

            return pen.Polygon(corners).Done(from, from, to, to);
        }
    }
}
