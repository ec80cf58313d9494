using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace ClinicFlow.Documents.Package;

/// <summary>An entry that many ZIP files get: its header and data as they are written, once made. Immutable.</summary>
internal sealed class ZipEntryTemplate
{
    /// <summary>Makes an entry of data that is compressed already.</summary>
    public ZipEntryTemplate(string name, ushort method, uint crc32, int length, ReadOnlySpan<byte> data)
    {
        var nameBytes = Encoding.UTF8.GetBytes(name);
        var local = new byte[30 + nameBytes.Length + data.Length];
        ZipHeaders.WriteLocal(local, nameBytes, method, crc32, data.Length, length);
        data.CopyTo(local.AsSpan(30 + nameBytes.Length));
        Local = local;
        Directory = new byte[46 + nameBytes.Length];
        ZipHeaders.WriteDirectory(Directory, nameBytes, method, crc32, data.Length, length, 0);
    }

    /// <summary>The local header and the data.</summary>
    public byte[] Local { get; }

    /// <summary>The directory header; its offset field is the writer's to fill.</summary>
    public byte[] Directory { get; }

    /// <summary>Makes an entry of plain bytes, deflated as well as can be: it is done once.</summary>
    public static ZipEntryTemplate Deflated(string name, ReadOnlySpan<byte> bytes)
    {
        using var data = new MemoryStream();
        using (var deflate = new DeflateStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return new ZipEntryTemplate(name, 8, Crc32.HashToUInt32(bytes), bytes.Length, data.GetBuffer().AsSpan(0, (int)data.Length));
    }
}

/// <summary>The headers of a ZIP file (APPNOTE 4.3.7, 4.3.12, 4.3.16).</summary>
internal static class ZipHeaders
{
    // Bit 11: names are UTF-8.
    private const ushort Flags = 1 << 11;

    // 1980-01-01 00:00, the least that the format knows: the same input gives the same bytes.
    private const ushort Time = 0;
    private const ushort Date = (1 << 5) | 1;

    public static void WriteLocal(Span<byte> to, ReadOnlySpan<byte> name, ushort method, uint crc32, int compressed, int length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, 0x04034b50);
        BinaryPrimitives.WriteUInt16LittleEndian(to[4..], 20);
        WriteCommon(to[6..], name, method, crc32, compressed, length);
        BinaryPrimitives.WriteUInt16LittleEndian(to[28..], 0);
        name.CopyTo(to[30..]);
    }

    public static void WriteDirectory(Span<byte> to, ReadOnlySpan<byte> name, ushort method, uint crc32, int compressed, int length, uint offset)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, 0x02014b50);
        BinaryPrimitives.WriteUInt16LittleEndian(to[4..], 20);
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], 20);
        WriteCommon(to[8..], name, method, crc32, compressed, length);
        to[30..42].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to[42..], offset);
        name.CopyTo(to[46..]);
    }

    public static void WriteEnd(Span<byte> to, int count, uint directoryLength, uint directoryOffset)
    {
        to[..22].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(to[8..], (ushort)count);
        BinaryPrimitives.WriteUInt16LittleEndian(to[10..], (ushort)count);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], directoryLength);
        BinaryPrimitives.WriteUInt32LittleEndian(to[16..], directoryOffset);
    }

    // From the general purpose flags to the length of the name, as both kinds of header have them.
    private static void WriteCommon(Span<byte> to, ReadOnlySpan<byte> name, ushort method, uint crc32, int compressed, int length)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], method);
        BinaryPrimitives.WriteUInt16LittleEndian(to[4..], Time);
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], Date);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], crc32);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], (uint)compressed);
        BinaryPrimitives.WriteUInt32LittleEndian(to[16..], (uint)length);
        BinaryPrimitives.WriteUInt16LittleEndian(to[20..], (ushort)name.Length);
    }
}

/// <summary>The first entries of many files, as they stand at the start of each.</summary>
internal sealed class ZipStart
{
    /// <summary>Makes the start of files from their first entries.</summary>
    public ZipStart(IReadOnlyList<ZipEntryTemplate> entries)
    {
        var (local, directory) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        var zip = new ZipWriter();
        zip.Start(local);
        foreach (var entry in entries)
        {
            zip.Copy(entry);
        }

        zip.WriteDirectory(directory);
        (Count, Local, Directory) = (entries.Count, local.WrittenSpan.ToArray(), directory.WrittenSpan.ToArray());
    }

    /// <summary>How many entries there are.</summary>
    public int Count { get; }

    /// <summary>Their headers and data.</summary>
    public byte[] Local { get; }

    /// <summary>What the directory says of them.</summary>
    public byte[] Directory { get; }
}
