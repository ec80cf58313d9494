using System.Text;
using ClinicFlow.Documents.Model.Metafiles;

namespace ClinicFlow.Documents.Tests.Model.Metafiles;

/// <summary>
/// Writes enhanced metafiles record by record. The picture is so many pixels wide and high on a device of 96 pixels an inch, and begins at its left top.
/// </summary>
internal sealed class EmfFile(int width, int height)
{
    private readonly List<byte[]> _records = [];

    public int Width => width;

    public int Height => height;

    /// <summary>A record of whole numbers.</summary>
    public EmfFile Add(EmfRecord kind, params int[] numbers) => AddBytes(kind, Bytes(numbers));

    public EmfFile AddBytes(EmfRecord kind, params byte[][] parts)
    {
        byte[] content = [.. parts.SelectMany(part => part)];
        Array.Resize(ref content, (content.Length + 3) / 4 * 4);
        _records.Add([.. Bytes((int)kind, content.Length + 8), .. content]);
        return this;
    }

    public static byte[] Bytes(params int[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    public static byte[] Bytes(params float[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    /// <summary>Points of 16 bits behind a box that nobody reads.</summary>
    public EmfFile Points(EmfRecord kind, params (int X, int Y)[] points)
        => AddBytes(kind, new byte[16], Bytes(points.Length), [.. points.SelectMany(point => BitConverter.GetBytes((short)point.X).Concat(BitConverter.GetBytes((short)point.Y)))]);

    public EmfFile Pen(int number, int style, int penWidth, int color) => Add(EmfRecord.CreatePen, number, style, penWidth, 0, color).Add(EmfRecord.SelectObject, number);

    public EmfFile Brush(int number, int color) => Add(EmfRecord.CreateBrushIndirect, number, 0, color, 0).Add(EmfRecord.SelectObject, number);

    public EmfFile NoPen() => Add(EmfRecord.SelectObject, unchecked((int)0x80000008));

    public EmfFile Font(int number, int fontHeight, string family, int escapement = 0, bool isBold = false, bool isUnderlined = false, byte charset = 0)
        => AddBytes(EmfRecord.ExtCreateFontIndirectW, Bytes(number, fontHeight, 0, escapement, escapement, isBold ? 700 : 400), [0, (byte)(isUnderlined ? 1 : 0), 0, charset, 0, 0, 0, 0], Name(family, 64))
            .Add(EmfRecord.SelectObject, number);

    /// <summary>A text; where it says no widths, each unit is 8 wide.</summary>
    public EmfFile Text(int x, int y, string text, int[]? widths = null, int options = 0, (int Left, int Top, int Right, int Bottom) box = default)
    {
        var characters = Encoding.Unicode.GetBytes(text);
        Array.Resize(ref characters, (characters.Length + 3) / 4 * 4);
        return AddBytes(
            EmfRecord.ExtTextOutW, new byte[16], Bytes(1), Bytes(1f, 1f), Bytes(x, y, text.Length, 76, options, box.Left, box.Top, box.Right, box.Bottom, 76 + characters.Length), characters,
            Bytes(widths ?? [.. Enumerable.Repeat(8, text.Length)]));
    }

    /// <summary>A bitmap from its part at a place.</summary>
    public EmfFile Bitmap((int X, int Y, int Width, int Height) target, byte[] header, byte[] bits, (int X, int Y, int Width, int Height) source, int operation = 0xCC0020)
        => AddBytes(
            EmfRecord.StretchDIBits, new byte[16], Bytes(target.X, target.Y, source.X, source.Y, source.Width, source.Height, 80, header.Length, 80 + header.Length, bits.Length, 0, operation, target.Width, target.Height),
            header, bits);

    /// <summary>BitBlt and what is like it.</summary>
    public EmfFile Blt(EmfRecord kind, (int X, int Y, int Width, int Height) target, int operation, byte[] header, byte[] bits, (int X, int Y, int Width, int Height) source = default)
    {
        var start = kind == EmfRecord.BitBlt ? 100 : 108;
        return AddBytes(
            kind, new byte[16], Bytes(target.X, target.Y, target.Width, target.Height, operation, source.X, source.Y), Bytes(1f, 0f, 0f, 1f, 0f, 0f),
            Bytes(0, 0, header.Length == 0 ? 0 : start, header.Length, header.Length == 0 ? 0 : start + header.Length, bits.Length),
            kind == EmfRecord.BitBlt ? [] : Bytes(source.Width, source.Height), header, bits);
    }

    /// <summary>A header of a bitmap with its colours (0x00RRGGBB).</summary>
    public static byte[] Header(int columns, int rows, int depth, int compression = 0, params int[] colors)
        => [.. Bytes(40, columns, rows), .. BitConverter.GetBytes((short)1), .. BitConverter.GetBytes((short)depth), .. Bytes(compression, 0, 0, 0, colors.Length, 0), .. Bytes(colors)];

    public byte[] File()
    {
        byte[] body = [.. _records.SelectMany(record => record), .. Bytes(14, 20, 0, 16, 20)];

        // 96 pixels an inch: a device of 9600 pixels is 2540 mm wide. The frame is in hundredths of a millimetre.
        return
        [
            .. Bytes(1, 108, 0, 0, width, height, 0, 0, (int)Math.Round(width * 2540 / 96.0), (int)Math.Round(height * 2540 / 96.0)), .. " EMF"u8,
            .. Bytes(0x10000, 108 + body.Length, _records.Count + 2, 16, 0, 0, 0, 9600, 9600, 2540, 2540, 0, 0, 0, 2_540_000, 2_540_000), .. body,
        ];
    }

    /// <summary>What comes of it.</summary>
    public MetafileReader.Result Read() => MetafileReader.ReadEmf(File());

    /// <summary>What it draws, in pixels.</summary>
    public string Show() => Shown.Of(Read(), width, height);

    /// <summary>Why it is not drawn.</summary>
    public string? Refusal() => Read().Reason;

    private static byte[] Name(string name, int length)
    {
        var bytes = Encoding.Unicode.GetBytes(name);
        Array.Resize(ref bytes, length);
        return bytes;
    }
}
