using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace ClinicFlow.Documents.Package;

/// <summary>
/// Writes one small ZIP file after the other (finished documents, each below 4 GiB and 65,535 entries) without
/// allocating. Used by one thread at a time.
/// </summary>
internal sealed class ZipWriter
{
    private readonly ArrayBufferWriter<byte> _directory = new(1024);
    private IBufferWriter<byte> _output = null!;
    private long _written;
    private int _count;

    /// <summary>Starts a file.</summary>
    public void Start(IBufferWriter<byte> output)
    {
        _output = output;
        _written = 0;
        _count = 0;
        _directory.ResetWrittenCount();
    }

    /// <summary>Starts a file that begins with entries that others begin with too.</summary>
    public void Start(IBufferWriter<byte> output, ZipStart start)
    {
        Start(output);
        _directory.Write(start.Directory);
        _count = start.Count;
        Write(start.Local);
    }

    /// <summary>Adds an entry as it is.</summary>
    public void Copy(ZipEntryTemplate entry)
    {
        var directory = _directory.GetSpan(entry.Directory.Length);
        entry.Directory.CopyTo(directory);
        BinaryPrimitives.WriteUInt32LittleEndian(directory[42..], (uint)_written);
        _directory.Advance(entry.Directory.Length);
        _count++;
        Write(entry.Local);
    }

    /// <summary>Adds an entry of deflated data.</summary>
    /// <param name="name">The entry's name.</param>
    /// <param name="data">A raw deflate stream (RFC 1951).</param>
    /// <param name="crc32">The CRC-32 of what it inflates to.</param>
    /// <param name="length">The length of what it inflates to.</param>
    public void AddDeflated(string name, ReadOnlySpan<byte> data, uint crc32, int length) => Add(name, 8, data, crc32, length);

    /// <summary>Adds an entry of bytes as they are.</summary>
    public void AddStored(string name, ReadOnlySpan<byte> bytes) => Add(name, 0, bytes, Crc32.HashToUInt32(bytes), bytes.Length);

    /// <summary>Writes the directory; gives the file's length in bytes.</summary>
    public long Finish()
    {
        var offset = (uint)_written;
        var length = (uint)_directory.WrittenCount;
        Write(_directory.WrittenSpan);
        var end = _output.GetSpan(22);
        ZipHeaders.WriteEnd(end, _count, length, offset);
        _output.Advance(22);
        return _written + 22;
    }

    /// <summary>Writes what the directory will say of the entries so far.</summary>
    public void WriteDirectory(IBufferWriter<byte> output) => output.Write(_directory.WrittenSpan);

    private void Add(string name, ushort method, ReadOnlySpan<byte> data, uint crc32, int length)
    {
        var nameLength = Encoding.UTF8.GetByteCount(name);
        Span<byte> nameBytes = stackalloc byte[512];
        nameBytes = nameLength <= 512 ? nameBytes[..nameLength] : new byte[nameLength];
        Encoding.UTF8.GetBytes(name, nameBytes);

        ZipHeaders.WriteDirectory(_directory.GetSpan(46 + nameLength), nameBytes, method, crc32, data.Length, length, (uint)_written);
        _directory.Advance(46 + nameLength);
        _count++;

        ZipHeaders.WriteLocal(_output.GetSpan(30 + nameLength), nameBytes, method, crc32, data.Length, length);
        _output.Advance(30 + nameLength);
        _written += 30 + nameLength;
        Write(data);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        _written += bytes.Length;
    }
}
