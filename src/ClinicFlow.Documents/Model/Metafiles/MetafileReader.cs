using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>
/// Reads Windows metafiles, enhanced ([MS-EMF]) and old ([MS-WMF]): lines, areas, text and bitmaps, as shapes, text and pictures. A file with anything
/// that is not drawn here is not read at all, so that nothing of a picture is left out. Time and memory are bounded by limits, whatever a file says.
/// </summary>
internal static class MetafileReader
{
    /// <summary>What came of it: either what the file draws, or what in it is not drawn.</summary>
    internal readonly record struct Result(Metafile? Drawing, string? Reason);

    /// <summary>Reads an enhanced metafile.</summary>
    public static Result ReadEmf(ReadOnlySpan<byte> file) => Read(file, EmfPlayer.Play);

    /// <summary>Reads a Windows metafile.</summary>
    public static Result ReadWmf(ReadOnlySpan<byte> file) => Read(file, WmfPlayer.Play);

    private delegate ImmutableArray<MetafileItem> Player(ReadOnlySpan<byte> file);

    // Whether something of it may lie in the picture.
    private static bool IsWithin(MetafileItem item)
    {
        IEnumerable<ShapePoint> points = item switch
        {
            MetafileShape shape => shape.Path.Where(step => step.Kind != PathStepKind.Close).SelectMany(step => step.Kind == PathStepKind.Curve ? (ShapePoint[])[step.A, step.B, step.C] : [step.A]),
            MetafileText text => Box(text.Place, -(2 * Math.Abs(text.Font.Height) * text.Text.Length), 2 * Math.Abs(text.Font.Height) * text.Text.Length),
            MetafileBitmap bitmap => Box(bitmap.Place, 0, 1),
            _ => [],
        };
        var (left, top, right, bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (var (x, y) in points)
        {
            (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
        }

        return left <= 1 && right >= 0 && top <= 1 && bottom >= 0;
    }

    private static ShapePoint[] Box(in Transform place, double low, double high) => [place.Apply(low, low), place.Apply(high, low), place.Apply(high, high), place.Apply(low, high)];

    private static Result Read(ReadOnlySpan<byte> file, Player play)
    {
        try
        {
            var items = play(file);
            return items.Any(IsWithin) ? new(new(items), null) : new(null, "nothing within its frame");
        }
        catch (UndrawableException e)
        {
            return new(null, e.Message);
        }
    }
}
