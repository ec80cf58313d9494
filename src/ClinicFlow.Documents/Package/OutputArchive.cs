using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace ClinicFlow.Documents.Package;

/// <summary>A file of a document that goes into an <see cref="OutputArchive"/>.</summary>
/// <param name="Ending">Its ending with the dot, such as <c>.docx</c>: at most seven ASCII letters or digits.</param>
/// <param name="Bytes">Its bytes.</param>
public readonly record struct OutputFile(string Ending, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// A ZIP of many finished documents, written while they are made. Each gets a safe name of its own
/// (<see cref="FileNames"/>). The stream is only written to, never sought, so it may be a file or a response; beyond
/// 4 GiB or 65,534 files the archive is ZIP64. In memory stays the directory, about 60 bytes and the name for each file.
/// Until <see cref="FinishAsync"/> has returned the archive is no ZIP: one that was broken off is never taken for whole.
/// Used by one caller at a time; the stream is the caller's to close.
/// </summary>
#pragma warning disable CA1001 // The only disposable field is a MemoryStream, which holds nothing but memory.
public sealed class OutputArchive
#pragma warning restore CA1001
{
    private const ushort Stored = 0;
    private const ushort Deflated = 8;
    private const ushort Version = 20;
    private const ushort Zip64Version = 45;
    private const ushort Utf8Names = 1 << 11;

    private readonly Stream _output;
    private readonly FileNames _names;
    private readonly (ushort Date, ushort Time) _stamp;
    private readonly ArrayBufferWriter<byte> _directory = new();
    private readonly MemoryStream _compressed = new();
    private readonly byte[] _local = new byte[30 + (FileNames.MaxBytes * 2)];
    private bool _isClosed;

    /// <summary>Starts an archive.</summary>
    /// <param name="output">Where it goes, at the stream's position.</param>
    /// <param name="time">The time that its files carry, as a clock on the wall shows it; ZIP knows 1980 to 2107, and no
    /// zone. Null for the start of 1980: then the same documents give the same bytes.</param>
    /// <param name="names">The names that are given already, where archives share a folder; null for none.</param>
    public OutputArchive(Stream output, DateTime? time = null, FileNames? names = null)
    {
        _output = output;
        _names = names ?? new FileNames();
        _stamp = StampOf(time ?? new DateTime(1980, 1, 1));
    }

    /// <summary>How many files it holds.</summary>
    public long FileCount { get; private set; }

    /// <summary>How many bytes were written.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>Adds a document of one file.</summary>
    /// <param name="name">What it shall be called: any text.</param>
    /// <param name="ending">The file's ending with the dot.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="stop">Gives up. Afterwards the archive can take no more.</param>
    /// <returns>The name it has in the archive, without ending.</returns>
    public ValueTask<string> AddAsync(string name, string ending, ReadOnlyMemory<byte> bytes, CancellationToken stop = default)
        => AddAsync(name, [new OutputFile(ending, bytes)], stop);

    /// <summary>Adds a document in one or more formats, all under one name.</summary>
    /// <param name="name">What it shall be called: any text.</param>
    /// <param name="files">Its files; no two have the same ending.</param>
    /// <param name="stop">Gives up. Afterwards the archive can take no more.</param>
    /// <returns>The name it has in the archive, without ending.</returns>
    /// <exception cref="InvalidOperationException">The archive is finished, or writing to it failed before.</exception>
    public async ValueTask<string> AddAsync(string name, IReadOnlyList<OutputFile> files, CancellationToken stop = default)
    {
        CheckEndings(files);
        var claimed = _names.Claim(name);
        await WriteAllOrCloseAsync(async () =>
        {
            foreach (var file in files)
            {
                await WriteFileAsync(claimed + file.Ending, file, stop).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        return claimed;
    }

    /// <summary>Hands to the operating system, and to the disk where the stream is a file, all that was added.</summary>
    /// <param name="stop">Gives up.</param>
    public async ValueTask FlushAsync(CancellationToken stop = default)
    {
        await _output.FlushAsync(stop).ConfigureAwait(false);
        (_output as FileStream)?.Flush(flushToDisk: true);
    }

    /// <summary>Writes the directory, which makes the archive a ZIP file, and flushes.</summary>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="InvalidOperationException">The archive is finished, or writing to it failed before.</exception>
    public async ValueTask FinishAsync(CancellationToken stop = default)
    {
        await WriteAllOrCloseAsync(async () =>
        {
            var (start, length) = (LengthBytes, (long)_directory.WrittenCount);
            await WriteAsync(_directory.WrittenMemory, stop).ConfigureAwait(false);
            await WriteAsync(End(start, length), stop).ConfigureAwait(false);
            await FlushAsync(stop).ConfigureAwait(false);
        }).ConfigureAwait(false);
        _isClosed = true;
    }

    // A write that fails half way leaves bytes that no directory can point around.
    private async ValueTask WriteAllOrCloseAsync(Func<ValueTask> write)
    {
        if (_isClosed)
        {
            throw new InvalidOperationException("The archive takes no more: it is finished, or writing to it failed.");
        }

        _isClosed = true;
        await write().ConfigureAwait(false);
        _isClosed = false;
    }

    private async ValueTask WriteFileAsync(string name, OutputFile file, CancellationToken stop)
    {
        var crc = Crc32.HashToUInt32(file.Bytes.Span);
        var data = file.Bytes;
        var method = Stored;
        if (ShrinksMore(file.Ending) && Compress(data) is var compressed && compressed.Length < data.Length)
        {
            (data, method) = (compressed, Deflated);
        }

        var headers = WriteHeaders(name, method, crc, data.Length, file.Bytes.Length);
        await WriteAsync(headers, stop).ConfigureAwait(false);
        await WriteAsync(data, stop).ConfigureAwait(false);
        FileCount++;
    }

    // A .docx is a ZIP: all in it is deflated. A PDF keeps its structure and fonts' tables plain often enough.
    private static bool ShrinksMore(string ending) => !ending.Equals(".docx", StringComparison.OrdinalIgnoreCase);

    private ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> data)
    {
        _compressed.SetLength(0);
        using (var deflate = new DeflateStream(_compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(data.Span);
        }

        return _compressed.GetBuffer().AsMemory(0, (int)_compressed.Length);
    }

    /// <summary>Makes the local header (APPNOTE 4.3.7) and appends that of the directory (4.3.12).</summary>
    private ReadOnlyMemory<byte> WriteHeaders(string name, ushort method, uint crc, int compressed, int length)
    {
        var nameLength = Encoding.UTF8.GetBytes(name, _local.AsSpan(30));
        var local = _local.AsSpan(0, 30 + nameLength);
        BinaryPrimitives.WriteUInt32LittleEndian(local, 0x04034b50);
        BinaryPrimitives.WriteUInt16LittleEndian(local[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(local[6..], Utf8Names);
        BinaryPrimitives.WriteUInt16LittleEndian(local[8..], method);
        BinaryPrimitives.WriteUInt16LittleEndian(local[10..], _stamp.Time);
        BinaryPrimitives.WriteUInt16LittleEndian(local[12..], _stamp.Date);
        BinaryPrimitives.WriteUInt32LittleEndian(local[14..], crc);
        BinaryPrimitives.WriteUInt32LittleEndian(local[18..], (uint)compressed);
        BinaryPrimitives.WriteUInt32LittleEndian(local[22..], (uint)length);
        BinaryPrimitives.WriteUInt16LittleEndian(local[26..], (ushort)nameLength);
        BinaryPrimitives.WriteUInt16LittleEndian(local[28..], 0);

        // A file is in memory, so below 2 GiB: only where it starts can need ZIP64 (APPNOTE 4.5.3).
        var isFar = LengthBytes >= uint.MaxValue;
        var extra = isFar ? 12 : 0;
        var entry = _directory.GetSpan(46 + nameLength + extra)[..(46 + nameLength + extra)];
        entry.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(entry, 0x02014b50);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[4..], isFar ? Zip64Version : Version);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[6..], isFar ? Zip64Version : Version);
        local[6..28].CopyTo(entry[8..]);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[30..], (ushort)extra);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[42..], isFar ? uint.MaxValue : (uint)LengthBytes);
        local[30..].CopyTo(entry[46..]);
        if (isFar)
        {
            var field = entry[(46 + nameLength)..];
            BinaryPrimitives.WriteUInt16LittleEndian(field, 1);
            BinaryPrimitives.WriteUInt16LittleEndian(field[2..], 8);
            BinaryPrimitives.WriteInt64LittleEndian(field[4..], LengthBytes);
        }

        _directory.Advance(entry.Length);
        return _local.AsMemory(0, local.Length);
    }

    /// <summary>The records behind the directory (APPNOTE 4.3.14 to 4.3.16).</summary>
    private byte[] End(long start, long length)
    {
        var needs64 = FileCount >= ushort.MaxValue || start >= uint.MaxValue || length >= uint.MaxValue;
        var bytes = new byte[needs64 ? 56 + 20 + 22 : 22];
        var end = bytes.AsSpan();
        if (needs64)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06064b50);
            BinaryPrimitives.WriteInt64LittleEndian(end[4..], 56 - 12);
            BinaryPrimitives.WriteUInt16LittleEndian(end[12..], Zip64Version);
            BinaryPrimitives.WriteUInt16LittleEndian(end[14..], Zip64Version);
            BinaryPrimitives.WriteInt64LittleEndian(end[24..], FileCount);
            BinaryPrimitives.WriteInt64LittleEndian(end[32..], FileCount);
            BinaryPrimitives.WriteInt64LittleEndian(end[40..], length);
            BinaryPrimitives.WriteInt64LittleEndian(end[48..], start);
            end = end[56..];
            BinaryPrimitives.WriteUInt32LittleEndian(end, 0x07064b50);
            BinaryPrimitives.WriteInt64LittleEndian(end[8..], start + length);
            BinaryPrimitives.WriteUInt32LittleEndian(end[16..], 1);
            end = end[20..];
        }

        var count = (ushort)Math.Min(FileCount, ushort.MaxValue);
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], count);
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(end[12..], (uint)Math.Min(length, uint.MaxValue));
        BinaryPrimitives.WriteUInt32LittleEndian(end[16..], (uint)Math.Min(start, uint.MaxValue));
        return bytes;
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        await _output.WriteAsync(bytes, stop).ConfigureAwait(false);
        LengthBytes += bytes.Length;
    }

    private static void CheckEndings(IReadOnlyList<OutputFile> files)
    {
        for (var i = 0; i < files.Count; i++)
        {
            var ending = files[i].Ending;
            if (ending.Length is < 2 or > FileNames.EndingRoom || ending[0] != '.' || !ending.Skip(1).All(char.IsAsciiLetterOrDigit))
            {
                throw new ArgumentException("An ending is a dot and one to seven ASCII letters or digits.", nameof(files));
            }

            if (files.Take(i).Any(other => other.Ending.Equals(ending, StringComparison.OrdinalIgnoreCase)))
            {
                throw new ArgumentException($"A document has one file of the ending {ending}.", nameof(files));
            }
        }
    }

    /// <summary>A time as MS-DOS wrote it (APPNOTE 4.4.6): years from 1980, two-second steps.</summary>
    private static (ushort Date, ushort Time) StampOf(DateTime time)
    {
        time = time.Year < 1980 ? new DateTime(1980, 1, 1) : time.Year > 2107 ? new DateTime(2107, 12, 31, 23, 59, 58) : time;
        return ((ushort)(((time.Year - 1980) << 9) | (time.Month << 5) | time.Day), (ushort)((time.Hour << 11) | (time.Minute << 5) | (time.Second / 2)));
    }
}
