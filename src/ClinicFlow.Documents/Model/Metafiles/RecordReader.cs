using System.Buffers.Binary;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>Reads numbers of a record one after the other. What lies beyond its end is never read.</summary>
/// <param name="record">The record.</param>
internal ref struct RecordReader(ReadOnlySpan<byte> record)
{
    private readonly ReadOnlySpan<byte> _record = record;
    private int _at;

    /// <summary>Bytes that are left.</summary>
    public readonly int Left => _record.Length - _at;

    public byte Byte() => Bytes(1)[0];

    public short Int16() => BinaryPrimitives.ReadInt16LittleEndian(Bytes(2));

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Bytes(4));

    /// <summary>A number of things that follow, each of so many bytes.</summary>
    public int Count(int bytesEach)
    {
        var count = UInt32();
        return count <= (uint)(Left / bytesEach) ? (int)count : throw TooShort();
    }

    /// <summary>Red, green, blue, and a byte that says nothing here.</summary>
    public Rgb Color()
    {
        var bytes = Bytes(4);

        // A number in a palette, or one that a palette is near to: the first is not known here.
        return (bytes[3] & 1) == 0 ? new(bytes[0], bytes[1], bytes[2]) : throw new UndrawableException("a colour by its number in a palette");
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > Left)
        {
            throw TooShort();
        }

        var bytes = _record.Slice(_at, count);
        _at += count;
        return bytes;
    }

    public void Skip(int count) => Bytes(count);

    /// <summary>A part that the record says the place of.</summary>
    public readonly ReadOnlySpan<byte> Part(uint offset, uint length)
        => offset <= (uint)_record.Length && length <= (uint)_record.Length - offset ? _record.Slice((int)offset, (int)length) : throw TooShort();

    public readonly ReadOnlySpan<byte> Rest() => _record[_at..];

    private static UndrawableException TooShort() => new("a record that is cut short");
}
