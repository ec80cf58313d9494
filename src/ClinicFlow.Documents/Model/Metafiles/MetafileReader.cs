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

    private static Result Read(ReadOnlySpan<byte> file, Player play)
    {
        try
        {
            var items = play(file);
            return items.IsEmpty ? new(null, "nothing in it") : new(new(items), null);
        }
        catch (UndrawableException e)
        {
            return new(null, e.Message);
        }
    }
}
