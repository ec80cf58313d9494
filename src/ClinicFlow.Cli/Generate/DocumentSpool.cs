using Microsoft.Win32.SafeHandles;

namespace ClinicFlow.Cli.Generate;

/// <summary>
/// The documents that wait for the ZIP, one behind the other in one file: a file system takes seconds for tens of
/// thousands of small files, and one file is flushed at once. What the journal does not know of is cut off when the run goes on.
/// </summary>
internal sealed class DocumentSpool : IDisposable
{
    private readonly SafeFileHandle _file;
    private long _endOffset;

    /// <summary>Opens the spool.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keptLength">How much of it counts; the rest is cut off.</param>
    public DocumentSpool(string path, long keptLength)
    {
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (RandomAccess.GetLength(_file) > keptLength)
        {
            RandomAccess.SetLength(_file, keptLength);
        }

        _endOffset = keptLength;
    }

    /// <summary>Adds the files of one document. Safe for concurrent calls.</summary>
    /// <returns>Where they start.</returns>
    public long Append(ReadOnlyMemory<byte>? docx, ReadOnlyMemory<byte>? pdf)
    {
        var length = (docx?.Length ?? 0) + (pdf?.Length ?? 0);
        var offset = Interlocked.Add(ref _endOffset, length) - length;
        var at = offset;
        foreach (var file in new[] { docx, pdf })
        {
            if (file is { } content)
            {
                RandomAccess.Write(_file, content.Span, at);
                at += content.Length;
            }
        }

        return offset;
    }

    /// <summary>Reads a part; fewer bytes where the file ends before.</summary>
    public byte[] Read(long offset, long lengthBytes)
    {
        var content = new byte[lengthBytes];
        var filled = 0;
        while (filled < content.Length && RandomAccess.Read(_file, content.AsSpan(filled), offset + filled) is > 0 and var read)
        {
            filled += read;
        }

        return filled == content.Length ? content : content[..filled];
    }

    /// <summary>Returns when all that was added is on the disk.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_file);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
