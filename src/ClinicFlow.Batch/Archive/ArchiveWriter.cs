using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace ClinicFlow.Batch.Archive;

/// <summary>
/// Appends documents to a job's archive, one ZIP file that grows as the job goes. What was appended counts once its
/// length is committed; after a crash the next writer cuts off what is behind the committed length. The directory is
/// written at the end, from the committed rows, so 100,000 entries are never held.
/// </summary>
/// <remarks>Used by one runner at a time. Sources: PKWARE APPNOTE 6.3.10 §4.3, §4.5.3 (ZIP64).</remarks>
public sealed class ArchiveWriter : IDisposable
{
    private const ushort Version = 45;
    private const ushort Utf8Names = 1 << 11;
    private const ushort FirstDay = (1 << 5) | 1;

    private readonly FileStream _file;

    /// <summary>Opens the archive where it was committed last.</summary>
    /// <param name="path">The file; made where it is not there.</param>
    /// <param name="committedBytes">How long it was when it was committed last.</param>
    /// <exception cref="InvalidDataException">The file is shorter than that: committed documents are gone.</exception>
    public ArchiveWriter(string path, long committedBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, 1 << 16);
        if (_file.Length < committedBytes)
        {
            _file.Dispose();
            throw new InvalidDataException($"The archive is shorter than what was committed ({committedBytes:N0} bytes). Restore it from a backup, or retry the job.");
        }

        _file.SetLength(committedBytes);
        _file.Position = committedBytes;
    }

    /// <summary>How long the archive is.</summary>
    public long LengthBytes => _file.Position;

    /// <summary>Appends a file.</summary>
    /// <param name="name">Its name in the archive, unique there, with forward slashes.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="compress">Whether it is deflated where that makes it shorter.</param>
    /// <returns>Where it lies.</returns>
    /// <exception cref="ArchiveException">It cannot be written; the archive is cut back to where it was.</exception>
    public ArchiveSlice Append(string name, ReadOnlySpan<byte> bytes, bool compress)
    {
        var start = _file.Position;
        try
        {
            var crc = Crc32.HashToUInt32(bytes);
            var stored = compress ? Deflate(bytes) : null;
            var isDeflated = stored is not null && stored.Length < bytes.Length;
            var data = isDeflated ? stored : bytes;
            var nameBytes = Encoding.UTF8.GetBytes(name);
            Span<byte> header = stackalloc byte[30];
            header.Clear();
            BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034b50);
            BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 20);
            BinaryPrimitives.WriteUInt16LittleEndian(header[6..], Utf8Names);
            BinaryPrimitives.WriteUInt16LittleEndian(header[8..], (ushort)(isDeflated ? 8 : 0));
            BinaryPrimitives.WriteUInt16LittleEndian(header[12..], FirstDay);
            BinaryPrimitives.WriteUInt32LittleEndian(header[14..], crc);
            BinaryPrimitives.WriteUInt32LittleEndian(header[18..], (uint)data.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(header[22..], (uint)bytes.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(header[26..], (ushort)nameBytes.Length);
            _file.Write(header);
            _file.Write(nameBytes);
            var dataOffset = _file.Position;
            _file.Write(data);
            return new ArchiveSlice(name, start, dataOffset, data.Length, bytes.Length, isDeflated, crc, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
        catch (IOException e)
        {
            CutBackTo(start);
            throw new ArchiveException("The archive of the job cannot be written. Free some room on its disk; the job goes on by itself.", e);
        }
    }

    /// <summary>Writes through to the disk: what was appended before survives a loss of power.</summary>
    /// <exception cref="ArchiveException">It cannot be written.</exception>
    public void Flush()
    {
        try
        {
            _file.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            throw new ArchiveException("The archive of the job cannot be written. Free some room on its disk; the job goes on by itself.", e);
        }
    }

    /// <summary>Cuts the archive back to a length it had before.</summary>
    public void CutBackTo(long lengthBytes)
    {
        _file.SetLength(lengthBytes);
        _file.Position = lengthBytes;
    }

    /// <summary>Writes the directory behind the last document: now the file is a ZIP.</summary>
    /// <param name="slices">All files in the order they were appended.</param>
    /// <param name="cancellation">Ends the work; the archive is then as before.</param>
    public async Task FinishAsync(IAsyncEnumerable<ArchiveSlice> slices, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(slices);
        var start = _file.Position;
        try
        {
            var count = 0L;
            await foreach (var slice in slices.WithCancellation(cancellation).ConfigureAwait(false))
            {
                WriteEntry(slice);
                count++;
            }

            WriteEnd(start, count);
            Flush();
        }
        catch (IOException e) when (e is not ArchiveException)
        {
            CutBackTo(start);
            throw new ArchiveException("The archive of the job cannot be written. Free some room on its disk; the job goes on by itself.", e);
        }
        catch (OperationCanceledException)
        {
            CutBackTo(start);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static byte[] Deflate(ReadOnlySpan<byte> bytes)
    {
        using var stream = new MemoryStream();
        using (var deflate = new DeflateStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return stream.ToArray();
    }

    private void WriteEntry(ArchiveSlice slice)
    {
        var name = Encoding.UTF8.GetBytes(slice.FileName);
        var isFar = slice.HeaderOffset >= uint.MaxValue;
        Span<byte> header = stackalloc byte[46 + 12];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x02014b50);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)(isFar ? Version : 20));
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], Utf8Names);
        BinaryPrimitives.WriteUInt16LittleEndian(header[10..], (ushort)(slice.IsDeflated ? 8 : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(header[14..], FirstDay);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], slice.Crc32);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], (uint)slice.StoredBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], (uint)slice.Bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[28..], (ushort)name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[30..], (ushort)(isFar ? 12 : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(header[42..], isFar ? uint.MaxValue : (uint)slice.HeaderOffset);
        _file.Write(header[..46]);
        _file.Write(name);
        if (isFar)
        {
            var extra = header[46..];
            BinaryPrimitives.WriteUInt16LittleEndian(extra, 1);
            BinaryPrimitives.WriteUInt16LittleEndian(extra[2..], 8);
            BinaryPrimitives.WriteInt64LittleEndian(extra[4..], slice.HeaderOffset);
            _file.Write(extra);
        }
    }

    private void WriteEnd(long start, long count)
    {
        var length = _file.Position - start;
        Span<byte> end = stackalloc byte[56 + 20 + 22];
        end.Clear();
        var is64 = count >= ushort.MaxValue || start >= uint.MaxValue || length >= uint.MaxValue;
        if (is64)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06064b50);
            BinaryPrimitives.WriteInt64LittleEndian(end[4..], 44);
            BinaryPrimitives.WriteUInt16LittleEndian(end[12..], Version);
            BinaryPrimitives.WriteUInt16LittleEndian(end[14..], Version);
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
