namespace ClinicFlow.Documents.Pdf.Compression;

/// <summary>
/// Streams that come again in the documents of one template, with what they are compressed: those that hold no text of a record (the structure of a document
/// without its texts, pages on which no record changes anything). Found by their bytes. Shared by threads.
/// </summary>
internal sealed class StreamCache
{
    private const int MostStreams = 48;
    private const int LongestStream = 128 * 1024; // bytes

    private readonly Lock _adding = new();
    private Entry[] _entries = [];
    private int _oldest;

    private sealed record Entry(byte[] Bytes, byte[] Compressed);

    /// <summary>What a stream was compressed to before; null where it is new.</summary>
    public byte[]? Find(ReadOnlySpan<byte> bytes)
    {
        foreach (var entry in Volatile.Read(ref _entries))
        {
            if (bytes.SequenceEqual(entry.Bytes))
            {
                return entry.Compressed;
            }
        }

        return null;
    }

    /// <summary>Keeps a stream, in the place of the oldest where there are many.</summary>
    public void Add(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> compressed)
    {
        if (bytes.Length > LongestStream)
        {
            return;
        }

        var entry = new Entry(bytes.ToArray(), compressed.ToArray());
        lock (_adding)
        {
            Entry[] entries = [.. _entries];
            if (entries.Length < MostStreams)
            {
                entries = [.. entries, entry];
            }
            else
            {
                entries[_oldest] = entry;
                _oldest = (_oldest + 1) % MostStreams;
            }

            Volatile.Write(ref _entries, entries);
        }
    }
}
