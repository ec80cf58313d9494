using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Shapes with lit and shaded sides (presetShapeDefinitions). How much lighter or darker is [U]: a fifth for "less", two fifths else.</summary>
internal static class PresetSolids
{
    private const double Less = 0.2;
    private const double More = 0.4;

    /// <summary>The shape of that name; null where it is not among these. Arguments as of <see cref="PresetPaths.Of"/>.</summary>
    public static Geometry? Of(string preset, double w, double h, ImmutableArray<double> adjustments)
    {
        double Adjust(int index, double standard, double most) => Math.Clamp(index < adjustments.Length ? adjustments[index] / 100_000 : standard, 0, most);
        var s = Math.Min(w, h);
        var pen = new PresetPen(w, h);
        switch (preset)
        {
            case "can":
                var lid = s * Adjust(0, 0.25, h / s / 2) / 2;
                pen.Move(0, lid).Arc(w / 2, lid, 180, -180).Line(w, h - lid).Arc(w / 2, lid, 0, 180).Close().EndPart(isFilled: true, isStroked: false);
                pen.Move(0, lid).Arc(w / 2, lid, 180, 180).Arc(w / 2, lid, 0, 180).Close().EndPart(isFilled: true, isStroked: false, More);
                pen.Move(w, lid).Arc(w / 2, lid, 0, 180).Arc(w / 2, lid, 180, 180).Line(w, h - lid).Arc(w / 2, lid, 0, 180).Line(0, lid).EndPart(isFilled: false, isStroked: true);
                return pen.Done(0, 2 * lid / h, 1, 1 - (lid / h));
            case "cube":
                var d = s * Adjust(0, 0.25, 1);
                pen.Polygon(0, d, w - d, d, w - d, h, 0, h).EndPart(isFilled: true, isStroked: false);
                pen.Polygon(w - d, d, w, 0, w, h - d, w - d, h).EndPart(isFilled: true, isStroked: false, -Less);
                pen.Polygon(0, d, d, 0, w, 0, w - d, d).EndPart(isFilled: true, isStroked: false, Less);
                pen.Polygon(0, d, d, 0, w, 0, w, h - d, w - d, h, 0, h).Move(0, d).Line(w - d, d).Line(w, 0).Move(w - d, d).Line(w - d, h).EndPart(isFilled: false, isStroked: true);
                return pen.Done(0, d / h, 1 - (d / w), 1);
            case "bevel":
                var b = s * Adjust(0, 0.125, 0.5);
                pen.Polygon(b, b, w - b, b, w - b, h - b, b, h - b).EndPart(isFilled: true, isStroked: false);
                pen.Polygon(0, 0, w, 0, w - b, b, b, b).EndPart(isFilled: true, isStroked: false, Less);
                pen.Polygon(0, h, b, h - b, w - b, h - b, w, h).EndPart(isFilled: true, isStroked: false, -Less);
                pen.Polygon(0, 0, b, b, b, h - b, 0, h).EndPart(isFilled: true, isStroked: false, More);
                pen.Polygon(w, 0, w, h, w - b, h - b, w - b, b).EndPart(isFilled: true, isStroked: false, -More);
                pen.Polygon(0, 0, w, 0, w, h, 0, h).Polygon(b, b, w - b, b, w - b, h - b, b, h - b);
                pen.Move(0, 0).Line(b, b).Move(0, h).Line(b, h - b).Move(w, 0).Line(w - b, b).Move(w, h).Line(w - b, h - b).EndPart(isFilled: false, isStroked: true);
                return pen.Done(b / w, b / h, 1 - (b / w), 1 - (b / h));
            case "foldedCorner":
                var fold = s * Adjust(0, 0.16667, 0.5);
                pen.Polygon(0, 0, w, 0, w, h - fold, w - fold, h, 0, h).EndPart(isFilled: true, isStroked: false);
                pen.Polygon(w - fold, h, w - (fold * 0.8), h - (fold * 0.8), w, h - fold).EndPart(isFilled: true, isStroked: false, -Less);
                pen.Move(w - fold, h).Line(w - (fold * 0.8), h - (fold * 0.8)).Line(w, h - fold).Line(w - fold, h).Line(0, h).Line(0, 0).Line(w, 0).Line(w, h - fold).EndPart(isFilled: false, isStroked: true);
                return pen.Done(0, 0, 1, 1 - (fold / h));
            case "smileyFace":
                var smile = h * Math.Clamp(adjustments.Length > 0 ? adjustments[0] / 100_000 : 0.04653, -0.04653, 0.04653);
                var (x1, x4, mouth) = (w * 4969 / 21_600, w * 16_640 / 21_600, h * 16_515 / 21_600);
                pen.Ellipse(0, 0, w, h, true).EndPart(isFilled: true, isStroked: false);
                var (eyeWidth, eyeHeight, eyeTop) = (w * 2250 / 21_600, h * 2250 / 21_600, h * 6445 / 21_600);
                pen.Ellipse(w * 6215 / 21_600, eyeTop, eyeWidth, eyeHeight, true).Ellipse(w * 13_135 / 21_600, eyeTop, eyeWidth, eyeHeight, true).EndPart(isFilled: true, isStroked: true, -Less);
                pen.Move(x1, mouth - smile).Quadratic(w / 2, mouth + (3 * smile), x4, mouth - smile).EndPart(isFilled: false, isStroked: true);
                pen.Ellipse(0, 0, w, h, true).EndPart(isFilled: false, isStroked: true);
                return pen.Done(0.14645, 0.14645, 0.85355, 0.85355);
            default:
                return null;
        }
    }
}
