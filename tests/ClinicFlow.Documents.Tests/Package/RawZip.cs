using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace ClinicFlow.Documents.Tests.Package;

/// <summary>Writes ZIP files field by field, so that a case can make any of them lie. Independent of the library's own writer.</summary>
internal sealed class RawZip
{
    public List<RawEntry> Entries { get; } = [];

    /// <summary>What the end record says the number of entries is; null for the truth.</summary>
    public int? Count { get; init; }

    /// <summary>Whether all lengths, places and counts stand in ZIP64 fields.</summary>
    public bool IsZip64 { get; init; }

    /// <summary>The comment behind the end record.</summary>
    public string Comment { get; init; } = "";

    public RawZip Add(string name, byte[] bytes, Func<RawEntry, RawEntry>? lie = null)
    {
        var entry = new RawEntry { Name = Encoding.UTF8.GetBytes(name), Data = Deflate(bytes), Length = (uint)bytes.Length, Crc = Crc32.HashToUInt32(bytes) };
        entry = entry with { Compressed = (uint)entry.Data.Length };
        Entries.Add(lie is null ? entry : lie(entry));
        return this;
    }

    public byte[] Bytes()
    {
        using var file = new MemoryStream();
        var places = new List<long>();
        foreach (var entry in Entries)
        {
            places.Add(entry.SharesDataOf is { } other ? places[other] : file.Position);
            if (entry.SharesDataOf is null)
            {
                Write(file, 0x04034b50u, (ushort)(IsZip64 ? 45 : 20), entry.Flags, entry.Method, 0u, entry.HasDescriptor ? 0u : entry.Crc, entry.HasDescriptor ? 0u : entry.Compressed,
                    entry.HasDescriptor ? 0u : entry.Length, (ushort)entry.Name.Length, (ushort)0, entry.Name, entry.Data);
                if (entry.HasDescriptor)
                {
                    Write(file, 0x08074b50u, entry.Crc, entry.Compressed, entry.Length);
                }
            }
        }

        var start = file.Position;
        foreach (var (entry, place) in Entries.Zip(places))
        {
            var at = (uint)(place + entry.PlaceOffBy);
            var extra = IsZip64 ? Bytes((ushort)0x7075, (ushort)2, (ushort)0, (ushort)1, (ushort)24, (ulong)entry.Length, (ulong)entry.Compressed, (ulong)at) : [];
            Write(file, 0x02014b50u, (ushort)45, (ushort)(IsZip64 ? 45 : 20), entry.Flags, entry.Method, 0u, entry.Crc, IsZip64 ? uint.MaxValue : entry.Compressed, IsZip64 ? uint.MaxValue : entry.Length,
                (ushort)entry.Name.Length, (ushort)extra.Length, (ushort)0, (ushort)0, (ushort)0, 0u, IsZip64 ? uint.MaxValue : at, entry.Name, extra);
        }

        var length = file.Position - start;
        var count = Count ?? Entries.Count;
        if (IsZip64)
        {
            var record = file.Position;
            Write(file, 0x06064b50u, 44UL, (ushort)45, (ushort)45, 0u, 0u, (ulong)count, (ulong)count, (ulong)length, (ulong)start);
            Write(file, 0x07064b50u, 0u, (ulong)record, 1u);
        }

        Write(file, 0x06054b50u, (ushort)0, (ushort)0, (ushort)(IsZip64 ? ushort.MaxValue : count), (ushort)(IsZip64 ? ushort.MaxValue : count), IsZip64 ? uint.MaxValue : (uint)length,
            IsZip64 ? uint.MaxValue : (uint)start, (ushort)Comment.Length, Encoding.ASCII.GetBytes(Comment));
        return file.ToArray();
    }

    public static byte[] Deflate(byte[] bytes)
    {
        using var data = new MemoryStream();
        using (var deflate = new DeflateStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return data.ToArray();
    }

    private static byte[] Bytes(params object[] fields)
    {
        using var bytes = new MemoryStream();
        Write(bytes, fields);
        return bytes.ToArray();
    }

    private static void Write(MemoryStream file, params object[] fields)
    {
        var number = new byte[8];
        foreach (var field in fields)
        {
            switch (field)
            {
                case ushort value:
                    BinaryPrimitives.WriteUInt16LittleEndian(number, value);
                    file.Write(number, 0, 2);
                    break;
                case uint value:
                    BinaryPrimitives.WriteUInt32LittleEndian(number, value);
                    file.Write(number, 0, 4);
                    break;
                case ulong value:
                    BinaryPrimitives.WriteUInt64LittleEndian(number, value);
                    file.Write(number, 0, 8);
                    break;
                case byte[] value:
                    file.Write(value);
                    break;
                default:
                    throw new ArgumentException("A field is a number or bytes.", nameof(fields));
            }
        }
    }
}

/// <summary>An entry as its headers state it.</summary>
internal sealed record RawEntry
{
    public byte[] Name { get; init; } = [];

    public byte[] Data { get; init; } = [];

    public ushort Flags { get; init; }

    public ushort Method { get; init; } = 8;

    public uint Crc { get; init; }

    public uint Compressed { get; init; }

    public uint Length { get; init; }

    /// <summary>Whether the local header leaves lengths to a record behind the data (APPNOTE 4.3.9).</summary>
    public bool HasDescriptor { get; init; }

    /// <summary>The entry whose local header this one's directory entry points to.</summary>
    public int? SharesDataOf { get; init; }

    /// <summary>How far the directory's place is from the truth.</summary>
    public int PlaceOffBy { get; init; }
}
