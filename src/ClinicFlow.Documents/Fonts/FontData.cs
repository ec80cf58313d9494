using System.Buffers.Binary;

namespace ClinicFlow.Documents.Fonts;

/// <summary>
/// Bytes of a font, big-endian. Reading is total: what lies outside reads as 0, so a damaged font gives wrong glyphs
/// and never an exception or a read beyond its end.
/// </summary>
internal readonly ref struct FontData(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Length => _bytes.Length;

    public byte U8(int at) => (uint)at < (uint)_bytes.Length ? _bytes[at] : (byte)0;

    public ushort U16(int at) => (uint)at <= (uint)(_bytes.Length - 2) && _bytes.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[at..]) : (ushort)0;

    public short I16(int at) => (short)U16(at);

    public uint U32(int at) => (uint)at <= (uint)(_bytes.Length - 4) && _bytes.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(_bytes[at..]) : 0;

    /// <summary>An offset or length of 32 bits; one beyond what a span can hold becomes a value that is outside every table.</summary>
    public int Offset32(int at) => U32(at) is var value && value > int.MaxValue ? int.MaxValue : (int)value;

    /// <summary>A part of the bytes; empty where it starts outside, cut off where it ends outside.</summary>
    public FontData Slice(int start, int length) =>
        (uint)start >= (uint)_bytes.Length || length <= 0 ? default : new(_bytes.Slice(start, Math.Min(length, _bytes.Length - start)));

    public FontData From(int start) => Slice(start, int.MaxValue);

    public ReadOnlySpan<byte> Span => _bytes;
}
