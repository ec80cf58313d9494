using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Archive;

/// <summary>
/// Appends documents to a job's archive, one ZIP file that grows as the job goes. What was appended counts once the mark
/// of a flush behind it is committed; after a crash the next writer cuts off what is behind the committed mark. The
/// directory is written at the end, from the committed rows, so 100,000 entries are never held.
/// </summary>
/// <remarks>
/// Used by one runner at a time, on one thread; a second writer of the same archive is refused while the first is open.
/// Where it throws an <see cref="ArchiveException"/>, the archive stands where it was flushed last. Sources: PKWARE
/// APPNOTE 6.3.10 §4.3, §4.4.4 (sizes behind the data), §4.5.3 (ZIP64).
/// </remarks>
public sealed class ArchiveWriter : IDisposable
{
    private const ushort Version64 = 45;
    private const ushort Utf8Names = 1 << 11;
    private const ushort SizesBehind = 1 << 3;
    private const ushort FirstDay = (1 << 5) | 1;
    private const int HeaderBytes = 30;
    private const int Extra64Bytes = 20;

    private readonly ArchiveFile _file;

    /// <summary>Opens the archive where it was committed last, and cuts off what is behind.</summary>
    /// <param name="path">The file; made where nothing is committed.</param>
    /// <param name="mark">Where it was committed last; default for a new one.</param>
    /// <param name="jobId">Whose it is.</param>
    /// <param name="keys">Encrypts a new archive; needed again for one that was begun so. One that was begun without stays plain.</param>
    /// <exception cref="ArchiveDamagedException">Committed documents are gone.</exception>
    /// <exception cref="ArchiveException">It cannot be written, or another runner still has it.</exception>
    /// <exception cref="EncryptionKeyMissingException">The key it was begun with is not there.</exception>
    public ArchiveWriter(string path, ArchiveMark mark, Guid jobId, IKeyRing? keys = null)
        : this(Open(path), mark, jobId, keys)
    {
    }

    internal ArchiveWriter(IRawFile file, ArchiveMark mark, Guid jobId, IKeyRing? keys)
        => _file = new ArchiveFile(file, mark, jobId, keys);

    /// <summary>Where the archive was flushed last.</summary>
    public ArchiveMark Mark => _file.Flushed;

    /// <summary>How much of the ZIP was appended, flushed or not.</summary>
    public long LogicalBytes => _file.LogicalBytes;

    /// <summary>Appends a file.</summary>
    /// <param name="name">Its name in the archive, unique there, with forward slashes.</param>
    /// <param name="entry">The file.</param>
    /// <returns>Where it lies.</returns>
    /// <exception cref="ArchiveException">It cannot be written; what was appended since the last flush is gone.</exception>
    public ArchiveSlice Append(string name, ArchiveEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Append(name, entry, isLent: false);
    }

    /// <summary>Appends a file that is not copied before it is written: it must not be disposed before the next flush, or before this has thrown.</summary>
    /// <inheritdoc cref="Append(string, ArchiveEntry)"/>
    internal ArchiveSlice AppendLent(string name, ArchiveEntry entry) => Append(name, entry, isLent: true);

    /// <summary>
    /// Appends a file of any length as it is made, deflated, holding no more of it than a buffer: its length and CRC
    /// follow its data. Flushes first.
    /// </summary>
    /// <param name="name">Its name in the archive, unique there.</param>
    /// <param name="write">Makes the file.</param>
    /// <param name="cancellation">Ends the work; the archive is then as before.</param>
    /// <returns>Where it lies.</returns>
    /// <exception cref="ArchiveException">It cannot be written; the archive is as before.</exception>
    public async Task<ArchiveSlice> AppendAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(write);
        var mark = Flush();
        try
        {
            var start = _file.LogicalBytes;
            var dataOffset = WriteHeader(name, isDeflated: true, 0, uint.MaxValue, uint.MaxValue, isStreamed: true);
            using var sums = new SumStream(new DeflateStream(new AppendStream(_file), CompressionLevel.Fastest));
            await write(sums, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            await sums.DisposeAsync().ConfigureAwait(false);
            var stored = _file.LogicalBytes - dataOffset;
            WriteSizes(sums.Crc32, stored, sums.Bytes);
            return new ArchiveSlice(name, start, dataOffset, stored, sums.Bytes, IsDeflated: true, sums.Crc32, sums.Sha256);
        }
        catch
        {
            _file.CutBackTo(mark);
            throw;
        }
    }

    /// <summary>Writes through to the disk: what was appended before survives a loss of power.</summary>
    /// <returns>The mark to commit.</returns>
    /// <exception cref="ArchiveException">It cannot be written; what was appended since the last flush is gone.</exception>
    public ArchiveMark Flush() => _file.Flush();

    /// <summary>Cuts the archive back to where it was flushed before.</summary>
    public void CutBackTo(ArchiveMark mark) => _file.CutBackTo(mark);

    /// <summary>Writes the directory behind the last file, and flushes: now it is a ZIP.</summary>
    /// <param name="slices">All files that are in the archive.</param>
    /// <param name="cancellation">Ends the work; the archive is then as before.</param>
    /// <returns>The mark of the whole ZIP. To append again later, open the archive at the mark before it.</returns>
    /// <exception cref="ArchiveException">It cannot be written; the archive is as before.</exception>
    public async Task<ArchiveMark> FinishAsync(IAsyncEnumerable<ArchiveSlice> slices, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(slices);
        var mark = Flush();
        try
        {
            var start = _file.LogicalBytes;
            var count = 0L;
            await foreach (var slice in slices.WithCancellation(cancellation).ConfigureAwait(false))
            {
                WriteEntry(slice);
                count++;
            }

            WriteEnd(start, count);
            return Flush();
        }
        catch
        {
            _file.CutBackTo(mark);
            throw;
        }
    }

    /// <summary>Closes the file. What was not flushed is lost.</summary>
    public void Dispose() => _file.Dispose();

    internal static DiskFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return DiskFile.OpenToWrite(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveException("The archive of the job cannot be opened: its folder is not writable, or another runner still has it. The job goes on by itself once it can.", e);
        }
    }

    private ArchiveSlice Append(string name, ArchiveEntry entry, bool isLent)
    {
        var start = _file.LogicalBytes;
        var dataOffset = WriteHeader(name, entry.IsDeflated, entry.Crc32, (uint)entry.Stored.Length, (uint)entry.Bytes, isStreamed: false);
        if (isLent)
        {
            _file.WriteLent(entry.Stored);
        }
        else
        {
            _file.Write(entry.Stored.Span);
        }

        return new ArchiveSlice(name, start, dataOffset, entry.Stored.Length, entry.Bytes, entry.IsDeflated, entry.Crc32, entry.Sha256);
    }

    private long WriteHeader(string name, bool isDeflated, uint crc, uint stored, uint bytes, bool isStreamed)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Span<byte> buffer = stackalloc byte[512];
        var nameLength = Encoding.UTF8.GetByteCount(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nameLength, buffer.Length - HeaderBytes - Extra64Bytes, nameof(name));
        var header = buffer[..(HeaderBytes + nameLength + (isStreamed ? Extra64Bytes : 0))];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034b50);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], isStreamed ? Version64 : (ushort)20);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)(Utf8Names | (isStreamed ? SizesBehind : 0)));
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], (ushort)(isDeflated ? 8 : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(header[12..], FirstDay);
        BinaryPrimitives.WriteUInt32LittleEndian(header[14..], crc);
        BinaryPrimitives.WriteUInt32LittleEndian(header[18..], stored);
        BinaryPrimitives.WriteUInt32LittleEndian(header[22..], bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[26..], (ushort)nameLength);
        Encoding.UTF8.GetBytes(name, header[HeaderBytes..]);
        if (isStreamed)
        {
            // Says that the sizes behind the data have 8 bytes each.
            BinaryPrimitives.WriteUInt16LittleEndian(header[28..], Extra64Bytes);
            BinaryPrimitives.WriteUInt16LittleEndian(header[^Extra64Bytes..], 1);
            BinaryPrimitives.WriteUInt16LittleEndian(header[(header.Length - Extra64Bytes + 2)..], 16);
        }

        _file.Write(header);
        return _file.LogicalBytes;
    }

    private void WriteSizes(uint crc, long stored, long bytes)
    {
        Span<byte> sizes = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(sizes, 0x08074b50);
        BinaryPrimitives.WriteUInt32LittleEndian(sizes[4..], crc);
        BinaryPrimitives.WriteInt64LittleEndian(sizes[8..], stored);
        BinaryPrimitives.WriteInt64LittleEndian(sizes[16..], bytes);
        _file.Write(sizes);
    }

    private void WriteEntry(ArchiveSlice slice)
    {
        var name = Encoding.UTF8.GetBytes(slice.FileName);

        // Only a file that was streamed has anything between its name and its data.
        var isStreamed = slice.DataOffset - slice.HeaderOffset > HeaderBytes + name.Length;
        Span<byte> extra = stackalloc byte[4 + 24];
        var extraBytes = 4;
        var bytes = Near(slice.Bytes, extra, ref extraBytes);
        var stored = Near(slice.StoredBytes, extra, ref extraBytes);
        var offset = Near(slice.HeaderOffset, extra, ref extraBytes);
        var is64 = extraBytes > 4;
        BinaryPrimitives.WriteUInt16LittleEndian(extra, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(extra[2..], (ushort)(extraBytes - 4));

        Span<byte> header = stackalloc byte[46];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x02014b50);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], Version64);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], is64 || isStreamed ? Version64 : (ushort)20);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], (ushort)(Utf8Names | (isStreamed ? SizesBehind : 0)));
        BinaryPrimitives.WriteUInt16LittleEndian(header[10..], (ushort)(slice.IsDeflated ? 8 : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(header[14..], FirstDay);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], slice.Crc32);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], stored);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[28..], (ushort)name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[30..], (ushort)(is64 ? extraBytes : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(header[42..], offset);
        _file.Write(header);
        _file.Write(name);
        if (is64)
        {
            _file.Write(extra[..extraBytes]);
        }
    }

    /// <summary>A number of the directory; one that does not fit goes into the ZIP64 field.</summary>
    private static uint Near(long number, Span<byte> extra, ref int extraBytes)
    {
        if (number < uint.MaxValue)
        {
            return (uint)number;
        }

        BinaryPrimitives.WriteInt64LittleEndian(extra[extraBytes..], number);
        extraBytes += 8;
        return uint.MaxValue;
    }

    private void WriteEnd(long start, long count)
    {
        var length = _file.LogicalBytes - start;
        Span<byte> end = stackalloc byte[56 + 20 + 22];
        end.Clear();
        var is64 = count >= ushort.MaxValue || start >= uint.MaxValue || length >= uint.MaxValue;
        if (is64)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06064b50);
            BinaryPrimitives.WriteInt64LittleEndian(end[4..], 44);
            BinaryPrimitives.WriteUInt16LittleEndian(end[12..], Version64);
            BinaryPrimitives.WriteUInt16LittleEndian(end[14..], Version64);
            BinaryPrimitives.WriteInt64LittleEndian(end[24..], count);
            BinaryPrimitives.WriteInt64LittleEndian(end[32..], count);
            BinaryPrimitives.WriteInt64LittleEndian(end[40..], length);
            BinaryPrimitives.WriteInt64LittleEndian(end[48..], start);
            BinaryPrimitives.WriteUInt32LittleEndian(end[56..], 0x07064b50);
            BinaryPrimitives.WriteInt64LittleEndian(end[64..], start + length);
            BinaryPrimitives.WriteUInt32LittleEndian(end[72..], 1);
        }

        var last = end[76..];
        BinaryPrimitives.WriteUInt32LittleEndian(last, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(last[8..], (ushort)Math.Min(count, ushort.MaxValue));
        BinaryPrimitives.WriteUInt16LittleEndian(last[10..], (ushort)Math.Min(count, ushort.MaxValue));
        BinaryPrimitives.WriteUInt32LittleEndian(last[12..], (uint)Math.Min(length, uint.MaxValue));
        BinaryPrimitives.WriteUInt32LittleEndian(last[16..], (uint)Math.Min(start, uint.MaxValue));
        _file.Write(is64 ? end : last);
    }
}
