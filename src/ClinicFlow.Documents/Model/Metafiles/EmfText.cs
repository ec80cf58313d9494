using System.Collections.Immutable;
using System.Text;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>Fonts and text of an enhanced metafile ([MS-EMF] 2.2.13, 2.3.5.7, 2.3.5.8, 2.3.5.37).</summary>
internal sealed class EmfText(MetafileCanvas canvas)
{
    /// <summary>What a record's options mean that both kinds of metafile have ([MS-WMF] 2.1.2.2).</summary>
    [Flags]
    internal enum Options : uint
    {
        Opaque = 0x2,
        Clipped = 0x4,
        GlyphNumbers = 0x10,
        RightToLeft = 0x80,
        NoRectangle = 0x100,
        SmallCharacters = 0x200,
        TwoDirections = 0x2000,
    }

    /// <summary>A font behind its number.</summary>
    public static GdiFont Font(ref RecordReader record)
    {
        var (height, width, escapement, orientation, weight) = (record.Int32(), record.Int32(), record.Int32(), record.Int32(), record.Int32());
        var (isItalic, isUnderlined, isStruck, charset) = (record.Byte() != 0, record.Byte() != 0, record.Byte() != 0, record.Byte());
        record.Skip(4);
        var name = Encoding.Unicode.GetString(record.Bytes(Math.Min(64, record.Left & ~1)));
        var end = name.IndexOf('\0', StringComparison.Ordinal);
        return GdiFont.Of(end < 0 ? name : name[..end], height, width, weight, isItalic, isUnderlined, isStruck, escapement, orientation, charset);
    }

    public void Draw(ReadOnlySpan<byte> whole, bool isWide)
    {
        var record = new RecordReader(whole);
        record.Skip(36);
        var at = new ShapePoint(record.Int32(), record.Int32());
        var (count, text, options) = (record.UInt32(), record.UInt32(), (Options)record.UInt32());
        var box = ((double)record.Int32(), (double)record.Int32(), (double)record.Int32(), (double)record.Int32());
        var widths = record.UInt32();
        if (count > (uint)whole.Length)
        {
            throw new UndrawableException("a record that is cut short");
        }

        var isPaired = options.HasFlag(Options.TwoDirections);
        var advances = ImmutableArray<double>.Empty;
        if (widths != 0 && count > 0)
        {
            var numbers = new RecordReader(record.Part(widths, count * (isPaired ? 8u : 4)));
            var read = ImmutableArray.CreateBuilder<double>((int)count);
            for (var i = 0; i < count; i++)
            {
                read.Add(numbers.Int32());
                if (isPaired && numbers.Int32() != 0)
                {
                    throw new UndrawableException("text whose letters stand up and down");
                }
            }

            advances = read.MoveToImmutable();
        }

        var bytes = record.Part(text, count * (isWide ? 2u : 1));
        Draw(bytes, isWide, advances, at, options, options.HasFlag(Options.NoRectangle) ? null : box);
    }

    public void DrawSmall(ref RecordReader record)
    {
        var at = new ShapePoint(record.Int32(), record.Int32());
        var (count, options) = (record.UInt32(), (Options)record.UInt32());
        record.Skip(12);
        (double, double, double, double)? box = options.HasFlag(Options.NoRectangle) ? null : (record.Int32(), record.Int32(), record.Int32(), record.Int32());
        var isSmall = options.HasFlag(Options.SmallCharacters);
        if (count > (uint)record.Left)
        {
            throw new UndrawableException("a record that is cut short");
        }

        // Small characters are the lower halves of units of UTF-16.
        var bytes = record.Bytes((int)count * (isSmall ? 1 : 2));
        Draw(isSmall ? Encoding.Unicode.GetBytes(Encoding.Latin1.GetString(bytes)) : bytes, isWide: true, [], at, options, box);
    }

    private void Draw(ReadOnlySpan<byte> bytes, bool isWide, ImmutableArray<double> advances, ShapePoint at, Options options, (double Left, double Top, double Right, double Bottom)? box)
    {
        if (options.HasFlag(Options.GlyphNumbers) && !bytes.IsEmpty)
        {
            throw new UndrawableException("text as numbers of a font's glyphs");
        }

        if (isWide)
        {
            Draw(canvas, Encoding.Unicode.GetString(bytes), advances, at, options, box);
        }
        else
        {
            var text = AnsiText.Read(bytes, canvas.Now.Font, ref advances);
            Draw(canvas, text, advances, at, options, box);
        }
    }

    /// <summary>Draws what both kinds of metafile say of a text.</summary>
    public static void Draw(MetafileCanvas canvas, string text, ImmutableArray<double> advances, ShapePoint at, Options options, (double Left, double Top, double Right, double Bottom)? box)
    {
        // A box that ends before it begins is none, as Windows writes it.
        box = box == (0, 0, -1, -1) ? null : box;
        if (options.HasFlag(Options.Opaque) && box is { } area)
        {
            var path = canvas.RectanglePath(area.Left, area.Top, area.Right, area.Bottom);
            canvas.Fill(path, canvas.Now.BackColor);
        }

        canvas.Text(text, advances, at, options.HasFlag(Options.RightToLeft), options.HasFlag(Options.Clipped) ? box : null);
    }
}
