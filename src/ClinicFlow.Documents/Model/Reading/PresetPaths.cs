using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// Preset shapes that are drawn like custom ones: their outlines as paths in parts of the size, and where their text stands
/// (ECMA-376 Part 1, 20.1.10.56 and presetShapeDefinitions).
/// </summary>
internal static class PresetPaths
{
    private const double Left = 180;
    private const double Up = 270;

    /// <summary>The shape of that name; null where it is not among these.</summary>
    /// <param name="preset">The preset's name.</param>
    /// <param name="width">The shape's width, in any unit; corners are measured by its shorter side.</param>
    /// <param name="height">The shape's height in that unit.</param>
    /// <param name="adjustments">Its settings in 100,000ths.</param>
    public static Geometry? Of(string? preset, double width, double height, ImmutableArray<double> adjustments)
    {
        var (w, h) = width > 0 && height > 0 ? (width, height) : (1.0, 1.0);
        var s = Math.Min(w, h);
        var pen = new PresetPen(w, h);
        double Adjust(int index, double standard, double most = 0.5) => Math.Clamp(index < adjustments.Length ? adjustments[index] / 100_000 : standard, 0, most);
        switch (preset)
        {
            case "heart":
                pen.Move(w / 2, h / 4).Curve(w * 34 / 48, -h / 3, w * 73 / 48, h / 4, w / 2, h).Curve(-w * 25 / 48, h / 4, w * 14 / 48, -h / 3, w / 2, h / 4).Close();
                return pen.Done(1 / 6.0, 1 / 4.0, 5 / 6.0, 2 / 3.0);
            case "cloud":
                return Cloud(new PresetPen(43_200, 43_200));
            case "donut":
                var ring = s * Adjust(0, 0.25);
                pen.Ellipse(0, 0, w, h, true).Ellipse(ring, ring, w - (2 * ring), h - (2 * ring), false);
                return pen.Done(0.14645, 0.14645, 0.85355, 0.85355);
            case "frame":
                var bar = s * Adjust(0, 0.125);
                pen.Polygon(0, 0, w, 0, w, h, 0, h).Polygon(bar, bar, bar, h - bar, w - bar, h - bar, w - bar, bar);
                return pen.Done(bar / w, bar / h, 1 - (bar / w), 1 - (bar / h));
            case "upDownArrow":
                var (side, tip) = (w * (1 - Adjust(0, 0.5, 1)) / 2, s * Adjust(1, 0.5, h / s / 2));
                pen.Polygon(w / 2, 0, w, tip, w - side, tip, w - side, h - tip, w, h - tip, w / 2, h, 0, h - tip, side, h - tip, side, tip, 0, tip);
                return pen.Done(side / w, tip * (side / (w / 2)) / h, 1 - (side / w), 1 - (tip * (side / (w / 2)) / h));
            case "bracketPair":
                var r = s * Adjust(0, 0.16667);
                pen.Rounded(r, r, r, r).EndPart(isFilled: true, isStroked: false);
                pen.Move(r, h).Arc(r, r, 90, 90).Line(0, r).Arc(r, r, Left, 90).Move(w - r, 0).Arc(r, r, Up, 90).Line(w, h - r).Arc(r, r, 0, 90);
                pen.EndPart(isFilled: false, isStroked: true);
                return pen.Done(r * 0.29289 / w, r * 0.29289 / h, 1 - (r * 0.29289 / w), 1 - (r * 0.29289 / h));
            case "round1Rect":
                return pen.Rounded(0, s * Adjust(0, 0.16667), 0, 0).Done(0, 0, 1 - (s * Adjust(0, 0.16667) * 0.29289 / w), 1);
            case "round2SameRect":
                var (above, below) = (s * Adjust(0, 0.16667), s * Adjust(1, 0));
                return pen.Rounded(above, above, below, below).Done(Math.Max(above, below) * 0.29289 / w, above * 0.29289 / h, 1 - (Math.Max(above, below) * 0.29289 / w), 1 - (below * 0.29289 / h));
            case "round2DiagRect":
                var (one, other) = (s * Adjust(0, 0.16667), s * Adjust(1, 0));
                var inset = Math.Max(one, other) * 0.29289;
                return pen.Rounded(one, other, one, other).Done(inset / w, inset / h, 1 - (inset / w), 1 - (inset / h));
            case "snip1Rect":
                return pen.Snipped(0, s * Adjust(0, 0.16667), 0, 0).Done(0, s * Adjust(0, 0.16667) / 2 / h, 1 - (s * Adjust(0, 0.16667) / 2 / w), 1);
            case "snip2SameRect":
                var (top, foot) = (s * Adjust(0, 0.16667), s * Adjust(1, 0));
                return pen.Snipped(top, top, foot, foot).Done(Math.Max(top, foot) / 2 / w, top / 2 / h, 1 - (Math.Max(top, foot) / 2 / w), 1 - (foot / 2 / h));
            case "snip2DiagRect":
                var (first, second) = (s * Adjust(0, 0), s * Adjust(1, 0.16667));
                var cut = Math.Max(first, second) / 2;
                return pen.Snipped(first, second, first, second).Done(cut / w, cut / h, 1 - (cut / w), 1 - (cut / h));
            default:
                return string.IsNullOrEmpty(preset) ? null
                    : Flowchart(preset, new PresetPen(1, 1)) ?? PresetCallouts.Of(preset, w, h, adjustments) ?? PresetStars.Of(preset, w, h, adjustments) ?? PresetArrows.Of(preset, w, h, adjustments)
                    ?? PresetSolids.Of(preset, w, h, adjustments) ?? PresetFigures.Of(preset, w, h, adjustments);
        }
    }

    /// <summary>The preset's name of a VML type number, for shapes without settings ([MS-ODRAW] 2.4.24); null for others.</summary>
    public static string? NameOf(int vmlType) => vmlType switch
    {
        74 => "heart",
        111 => "flowChartInputOutput",
        112 => "flowChartPredefinedProcess",
        113 => "flowChartInternalStorage",
        114 => "flowChartDocument",
        115 => "flowChartMultidocument",
        116 => "flowChartTerminator",
        117 => "flowChartPreparation",
        118 => "flowChartManualInput",
        119 => "flowChartManualOperation",
        121 => "flowChartPunchedCard",
        127 => "flowChartExtract",
        128 => "flowChartMerge",
        135 => "flowChartDelay",
        177 => "flowChartOffpageConnector",
        _ => null,
    };

    private static Geometry? Flowchart(string preset, PresetPen pen)
    {
        switch (preset)
        {
            case "flowChartTerminator":
                const double end = 3475 / 21_600.0;
                pen.Move(end, 0).Line(1 - end, 0).Arc(end, 0.5, Up, 180).Line(end, 1).Arc(end, 0.5, 90, 180).Close();
                return pen.Done(1018 / 21_600.0, 3163 / 21_600.0, 20_582 / 21_600.0, 18_437 / 21_600.0);
            case "flowChartInputOutput":
                return pen.Polygon(0, 1, 0.2, 0, 1, 0, 0.8, 1).Done(0.2, 0, 0.8, 1);
            case "flowChartPreparation":
                return pen.Polygon(0, 0.5, 0.2, 0, 0.8, 0, 1, 0.5, 0.8, 1, 0.2, 1).Done(0.2, 0, 0.8, 1);
            case "flowChartManualOperation":
                return pen.Polygon(0, 0, 1, 0, 0.8, 1, 0.2, 1).Done(0.2, 0, 0.8, 1);
            case "flowChartManualInput":
                return pen.Polygon(0, 0.2, 1, 0, 1, 1, 0, 1).Done(0, 0.2, 1, 1);
            case "flowChartPunchedCard":
                return pen.Polygon(0, 0.2, 0.2, 0, 1, 0, 1, 1, 0, 1).Done(0, 0.2, 1, 1);
            case "flowChartOffpageConnector":
                return pen.Polygon(0, 0, 1, 0, 1, 0.8, 0.5, 1, 0, 0.8).Done(0, 0, 1, 0.8);
            case "flowChartMerge":
                return pen.Polygon(0, 0, 1, 0, 0.5, 1).Done(0.25, 0, 0.75, 0.5);
            case "flowChartExtract":
                return pen.Polygon(0, 1, 0.5, 0, 1, 1).Done(0.25, 0.5, 0.75, 1);
            case "flowChartDelay":
                pen.Move(0, 0).Line(0.5, 0).Arc(0.5, 0.5, Up, 180).Line(0, 1).Close();
                return pen.Done(0, 0.14645, 0.85355, 0.85355);
            case "flowChartDocument":
                const double edge = 17_322 / 21_600.0;
                pen.Move(0, 0).Line(1, 0).Line(1, edge).Curve(0.5, edge, 0.5, 23_922 / 21_600.0, 0, 20_172 / 21_600.0).Close();
                return pen.Done(0, 0, 1, edge);
            case "flowChartMultidocument":
                var sheets = new PresetPen(21_600, 21_600);
                sheets.Move(0, 20_782).Curve(9298, 23_542, 9298, 18_022, 18_595, 18_022).Line(18_595, 3675).Line(0, 3675).Close();
                sheets.Move(1532, 3675).Line(1532, 1815).Line(20_000, 1815).Line(20_000, 16_252).Curve(19_298, 16_252, 18_595, 16_352, 18_595, 16_352).Line(18_595, 3675).Close();
                sheets.Move(2972, 1815).Line(2972, 0).Line(21_600, 0).Line(21_600, 14_392).Curve(20_800, 14_392, 20_000, 14_467, 20_000, 14_467).Line(20_000, 1815).Close();
                sheets.EndPart(isFilled: true, isStroked: false);
                sheets.Move(0, 3675).Line(18_595, 3675).Line(18_595, 18_022).Curve(9298, 18_022, 9298, 23_542, 0, 20_782).Close();
                sheets.Move(1532, 3675).Line(1532, 1815).Line(20_000, 1815).Line(20_000, 16_252).Curve(19_298, 16_252, 18_595, 16_352, 18_595, 16_352);
                sheets.Move(2972, 1815).Line(2972, 0).Line(21_600, 0).Line(21_600, 14_392).Curve(20_800, 14_392, 20_000, 14_467, 20_000, 14_467);
                return sheets.EndPart(isFilled: false, isStroked: true).Done(0, 3675 / 21_600.0, 18_595 / 21_600.0, 18_022 / 21_600.0);
            case "flowChartPredefinedProcess":
                pen.Polygon(0, 0, 1, 0, 1, 1, 0, 1).EndPart(isFilled: true, isStroked: true);
                pen.Move(0.125, 0).Line(0.125, 1).Move(0.875, 0).Line(0.875, 1).EndPart(isFilled: false, isStroked: true);
                return pen.Done(0.125, 0, 0.875, 1);
            case "flowChartInternalStorage":
                pen.Polygon(0, 0, 1, 0, 1, 1, 0, 1).EndPart(isFilled: true, isStroked: true);
                pen.Move(0.125, 0).Line(0.125, 1).Move(0, 0.125).Line(1, 0.125).EndPart(isFilled: false, isStroked: true);
                return pen.Done(0.125, 0.125, 1, 1);
            case "flowChartSummingJunction":
                pen.Ellipse(0, 0, 1, 1, true).EndPart(isFilled: true, isStroked: true);
                pen.Move(0.14645, 0.14645).Line(0.85355, 0.85355).Move(0.85355, 0.14645).Line(0.14645, 0.85355).EndPart(isFilled: false, isStroked: true);
                return pen.Done(0.14645, 0.14645, 0.85355, 0.85355);
            case "flowChartOr":
                pen.Ellipse(0, 0, 1, 1, true).EndPart(isFilled: true, isStroked: true);
                pen.Move(0.5, 0).Line(0.5, 1).Move(0, 0.5).Line(1, 0.5).EndPart(isFilled: false, isStroked: true);
                return pen.Done(0.14645, 0.14645, 0.85355, 0.85355);
            case "flowChartCollate":
                return pen.Polygon(0, 0, 1, 0, 0.5, 0.5, 1, 1, 0, 1, 0.5, 0.5).Done(0.25, 0.25, 0.75, 0.75);
            case "flowChartSort":
                pen.Polygon(0, 0.5, 0.5, 0, 1, 0.5, 0.5, 1).EndPart(isFilled: true, isStroked: true);
                pen.Move(0, 0.5).Line(1, 0.5).EndPart(isFilled: false, isStroked: true);
                return pen.Done(0.25, 0.25, 0.75, 0.75);
            case "flowChartOnlineStorage":
                pen.Move(1 / 6.0, 0).Line(1, 0).Arc(1 / 6.0, 0.5, Up, -180).Line(1 / 6.0, 1).Arc(1 / 6.0, 0.5, 90, 180).Close();
                return pen.Done(1 / 6.0, 0, 5 / 6.0, 1);
            case "flowChartOfflineStorage":
                pen.Polygon(0, 0, 1, 0, 0.5, 1).EndPart(isFilled: true, isStroked: true);
                pen.Move(0.4, 0.8).Line(0.6, 0.8).EndPart(isFilled: false, isStroked: true);
                return pen.Done(0.25, 0, 0.75, 0.5);
            case "flowChartMagneticDisk":
                pen.Move(0, 1 / 6.0).Arc(0.5, 1 / 6.0, Left, 180).Line(1, 5 / 6.0).Arc(0.5, 1 / 6.0, 0, 180).Close().EndPart(isFilled: true, isStroked: true);
                pen.Move(1, 1 / 6.0).Arc(0.5, 1 / 6.0, 0, 180).EndPart(isFilled: false, isStroked: true);
                return pen.Done(0, 1 / 3.0, 1, 5 / 6.0);
            case "flowChartMagneticDrum":
                pen.Move(1 / 6.0, 0).Line(5 / 6.0, 0).Arc(1 / 6.0, 0.5, Up, 180).Line(1 / 6.0, 1).Arc(1 / 6.0, 0.5, 90, 180).Close().EndPart(isFilled: true, isStroked: true);
                pen.Move(5 / 6.0, 1).Arc(1 / 6.0, 0.5, 90, 180).EndPart(isFilled: false, isStroked: true);
                return pen.Done(1 / 6.0, 0, 2 / 3.0, 1);
            case "flowChartDisplay":
                pen.Move(0, 0.5).Line(1 / 6.0, 0).Line(5 / 6.0, 0).Arc(1 / 6.0, 0.5, Up, 180).Line(1 / 6.0, 1).Close();
                return pen.Done(1 / 6.0, 0, 5 / 6.0, 1);
            case "flowChartPunchedTape":
                pen.Move(0, 0.1).Arc(0.25, 0.1, Left, -180).Arc(0.25, 0.1, Left, 180).Line(1, 0.9).Arc(0.25, 0.1, 0, -180).Arc(0.25, 0.1, 0, 180).Close();
                return pen.Done(0, 0.2, 1, 0.8);
            default:
                return null;
        }
    }

    // Radii in 43,200ths of the size, angles in 60,000ths of a degree.
    private static Geometry Cloud(PresetPen pen)
    {
        const double unit = 60_000;
        pen.Move(3900, 14_370);
        ReadOnlySpan<(double X, double Y, double Start, double Sweep)> bulges =
        [
            (6753, 9190, -11_429_249, 7_426_832), (5333, 7267, -8_646_143, 5_396_714), (4365, 5945, -8_748_475, 5_983_381), (4857, 6595, -7_859_164, 7_034_504),
            (5333, 7273, -4_722_533, 6_541_615), (6775, 9220, -2_776_035, 7_816_140), (5785, 7867, 37_501, 6_842_000), (6752, 9215, 1_347_096, 6_910_353),
            (7720, 10_543, 3_974_558, 4_542_661), (4360, 5918, -16_496_525, 8_804_134), (4345, 5945, -14_809_710, 9_151_131),
        ];
        foreach (var (x, y, start, sweep) in bulges)
        {
            pen.Arc(x, y, start / unit, sweep / unit);
        }

        pen.Close();
        pen.EndPart(isFilled: true, isStroked: true);
        ReadOnlySpan<(double AtX, double AtY, double X, double Y, double Start, double Sweep)> folds =
        [
            (4693, 26_177, 4345, 5945, 5_204_520, 1_585_770), (6928, 34_899, 4360, 5918, 4_416_628, 686_848), (16_478, 39_090, 6752, 9215, 8_257_449, 844_866),
            (28_827, 34_751, 6752, 9215, 387_196, 959_901), (34_129, 22_954, 5785, 7867, -4_217_541, 4_255_042), (41_798, 15_354, 5333, 7273, 1_819_082, 1_665_090),
            (38_324, 5426, 4857, 6595, -824_660, 891_534), (29_078, 3952, 4857, 6595, -8_950_887, 1_091_722), (22_141, 4720, 4365, 5945, -9_809_656, 1_061_181),
            (14_000, 5192, 6753, 9190, -4_002_417, 739_161), (4127, 15_789, 6753, 9190, 9_459_261, 711_490),
        ];
        foreach (var (atX, atY, x, y, start, sweep) in folds)
        {
            pen.Move(atX, atY).Arc(x, y, start / unit, sweep / unit);
        }

        pen.EndPart(isFilled: false, isStroked: true);
        return pen.Done(2977 / 21_600.0, 3262 / 21_600.0, 17_087 / 21_600.0, 17_337 / 21_600.0);
    }
}
