using System.Runtime.CompilerServices;
using System.Text;

namespace ClinicFlow.Documents.Pdf;

/// <summary>Bytes of a PDF as they are made: grows, is emptied and used again. Numbers and strings are written as PDF wants them.</summary>
internal sealed class PdfBuffer(int capacity = 4096) : System.Buffers.IBufferWriter<byte>
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Room for at least so many bytes; <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    /// <summary>Gives back the memory of an unusual document.</summary>
    public void Shrink(int most)
    {
        if (_bytes.Length > most)
        {
            (_bytes, Length) = (new byte[4096], 0);
        }
    }

    Memory<byte> System.Buffers.IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Room(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    Span<byte> System.Buffers.IBufferWriter<byte>.GetSpan(int sizeHint) => Room(Math.Max(sizeHint, 1));

    public PdfBuffer Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
        return this;
    }

    public PdfBuffer WriteByte(byte value)
    {
        Room(1)[0] = value;
        Length++;
        return this;
    }

    /// <summary>A whole number.</summary>
    public PdfBuffer Write(long value)
    {
        if (value is >= 0 and <= uint.MaxValue)
        {
            Length += Digits(Room(10), (uint)value);
            return this;
        }

        value.TryFormat(Room(20), out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        Length += written;
        return this;
    }

    // Most numbers have one to three digits.
    private static int Digits(Span<byte> room, uint value)
    {
        if (value < 10)
        {
            room[0] = (byte)('0' + value);
            return 1;
        }

        if (value < 100)
        {
            room[1] = (byte)('0' + (value % 10));
            room[0] = (byte)('0' + (value / 10));
            return 2;
        }

        if (value < 1000)
        {
            room[2] = (byte)('0' + (value % 10));
            room[1] = (byte)('0' + (value / 10 % 10));
            room[0] = (byte)('0' + (value / 100));
            return 3;
        }

        value.TryFormat(room, out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        return written;
    }

    /// <summary>A number with at most three decimals, which is less than a thousandth of a point: " 12.5", "-.25", "0". NaN and what
    /// is beyond the limits of PDF become 0 and the limit.</summary>
    public PdfBuffer Write(double value)
    {
        var room = Room(24);
        var scaled = (long)Math.Round(Math.Clamp(double.IsNaN(value) ? 0 : value, -1e9, 1e9) * 1000);
        var at = 0;
        if (scaled < 0)
        {
            room[at++] = (byte)'-';
            scaled = -scaled;
        }

        var (whole, part) = ((uint)(scaled / 1000), (uint)(scaled % 1000));
        if (whole > 0 || part == 0)
        {
            at += Digits(room[at..], whole);
        }

        if (part > 0)
        {
            room[at++] = (byte)'.';
            room[at++] = (byte)('0' + (part / 100));
            part %= 100;
            if (part > 0)
            {
                room[at++] = (byte)('0' + (part / 10));
                part %= 10;
                if (part > 0)
                {
                    room[at++] = (byte)('0' + part);
                }
            }
        }

        Length += at;
        return this;
    }

    /// <summary>A reference to an object.</summary>
    public PdfBuffer Reference(int number) => WriteByte((byte)' ').Write(number).Write(" 0 R"u8);

    /// <summary>Text for a reader's eyes: a string of ASCII where that is enough, else UTF-16 with its mark (ISO 32000-1, 7.9.2.2).</summary>
    public PdfBuffer Text(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
        {
            var room = Room((text.Length * 2) + 2);
            var at = 0;
            room[at++] = (byte)'(';
            foreach (var c in text)
            {
                if (c is '(' or ')' or '\\')
                {
                    room[at++] = (byte)'\\';
                }

                room[at++] = c is '\r' ? (byte)'\n' : (byte)c;
            }

            room[at++] = (byte)')';
            Length += at;
            return this;
        }

        Write("<FEFF"u8);
        foreach (var c in text)
        {
            Hex(c);
        }

        return WriteByte((byte)'>');
    }

    /// <summary>Four hexadecimal digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PdfBuffer Hex(ushort value)
    {
        var room = Room(4);
        var digits = "0123456789ABCDEF"u8;
        room[0] = digits[value >> 12];
        room[1] = digits[(value >> 8) & 15];
        room[2] = digits[(value >> 4) & 15];
        room[3] = digits[value & 15];
        Length += 4;
        return this;
    }

    /// <summary>A stretch of ASCII text, such as a name, as it is.</summary>
    public PdfBuffer Ascii8(string text)
    {
        Length += Encoding.ASCII.GetBytes(text, Room(text.Length));
        return this;
    }
}
