using System.Globalization;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Metafiles;
using StbImageSharp;
using Xunit;

namespace ClinicFlow.Documents.Tests.Model.Metafiles;

/// <summary>What a metafile draws as text that a person can read, a line an item. Only this class and the builders know the model.</summary>
internal static class Shown
{
    public static string Of(MetafileReader.Result result, double width, double height)
    {
        Assert.Null(result.Reason);
        return string.Join('\n', result.Drawing!.Items.Select(item => Of(item, width, height) + Clips(item.Clip, width, height)));
    }

    private static string Of(MetafileItem item, double width, double height)
    {
        switch (item)
        {
            case MetafileShape shape:
                var fill = shape.Fill is { } color ? $"fill {color}{(shape.IsEvenOdd ? "" : " winding")} " : "";
                var pen = shape.Pen is { } line ? Invariant($"line {line.Color} {line.Width * Math.Sqrt(width * height):0.##}{Dashes(line, Math.Sqrt(width * height))} ") : "";
                return fill + pen + Path(shape.Path, width, height);
            case MetafileText text:
                var at = text.Place.Apply(0, 0);
                var along = text.Place.Apply(1, 0);
                var turn = Math.Atan2((at.Y - along.Y) * height, (along.X - at.X) * width) * 180 / Math.PI;
                return Invariant($"text '{text.Text}' {text.Font.Family} {text.Font.Height:0.##}{(text.Font.IsBold ? " bold" : "")} {text.Color} {text.Horizontal} {text.Vertical} at {at.X * width:0.#},{at.Y * height:0.#}")
                    + (Math.Abs(turn) > 0.01 ? Invariant($" turned {turn:0.#}") : "") + (text.Advances.IsEmpty ? "" : " widths " + string.Join(' ', text.Advances.Select(advance => Invariant($"{advance:0.##}"))))
                    + (text.Background is { } background ? $" on {background}" : "") + (text.IsRightToLeft ? " from right to left" : "");
            case MetafileBitmap bitmap:
                var (topLeft, bottomRight) = (bitmap.Place.Apply(0, 0), bitmap.Place.Apply(1, 1));
                return Invariant($"bitmap {topLeft.X * width:0.#},{topLeft.Y * height:0.#} to {bottomRight.X * width:0.#},{bottomRight.Y * height:0.#}") + (bitmap.Opacity < 1 ? Invariant($" opacity {bitmap.Opacity:0.##}") : "") + ": " + Pixels(bitmap);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Rows of pixels as RRGGBB, or AARRGGBB where they are not opaque.</summary>
    private static string Pixels(MetafileBitmap bitmap)
    {
        var image = ImageResult.FromMemory([.. bitmap.File], ColorComponents.RedGreenBlueAlpha);
        var rows = Enumerable.Range(0, image.Height).Select(y => string.Join(' ', Enumerable.Range(0, image.Width).Select(x =>
        {
            var pixel = image.Data.AsSpan(4 * ((y * image.Width) + x), 4);
            return pixel[3] switch { 255 => Convert.ToHexString(pixel[..3]), 0 => "-", _ => Convert.ToHexString([pixel[3], .. pixel[..3]]) };
        })));
        return string.Join(" | ", rows);
    }

    private static string Dashes(MetafilePen pen, double unit) => pen.Dashes.IsEmpty ? "" : Invariant($" {pen.Cap} {string.Join('-', pen.Dashes.Select(dash => Invariant($"{(pen.Width == 0 ? dash : dash * unit):0.##}")))}");

    private static string Clips(MetafileClip? clip, double width, double height)
    {
        var text = "";
        for (; clip is not null; clip = clip.Around)
        {
            text += $" within {Path(clip.Path, width, height)}";
        }

        return text;
    }

    private static string Path(IEnumerable<PathStep> steps, double width, double height)
    {
        string Point(ShapePoint point) => Invariant($"{Math.Round(point.X * width, 1) + 0.0:0.#},{Math.Round(point.Y * height, 1) + 0.0:0.#}");
        return string.Join(' ', steps.Select(step => step.Kind switch
        {
            PathStepKind.Close => "Z",
            PathStepKind.Curve => $"C{Point(step.A)} {Point(step.B)} {Point(step.C)}",
            var kind => $"{kind.ToString()[0]}{Point(step.A)}",
        }));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
