using System.Collections.Immutable;
using System.Text;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>Fonts and text of an enhanced metafile ([MS-EMF] 2.2.13, 2.3.5.7, 2.3.5.8, 2.3.5.37).</summary>
internal sealed class EmfText(MetafileCanvas canvas)
{
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
        var (count, text, options) = (record.UInt32(), record.UInt32(), (TextOptions)record.UInt32());
        var box = ((double)record.Int32(), (double)record.Int32(), (double)record.Int32(), (double)record.Int32());
        var widths = record.UInt32();
        if (count > (uint)whole.Length)
        {
            throw new UndrawableException("a record that is cut short");
        }

        var isPaired = options.HasFlag(TextOptions.TwoDirections);
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
        Draw(bytes, isWide, advances, at, options, options.HasFlag(TextOptions.NoRectangle) ? null : box);
    }

    public void DrawSmall(ref RecordReader record)
    {
        var at = new ShapePoint(record.Int32(), record.Int32());
        var (count, options) = (record.UInt32(), (TextOptions)record.UInt32());
        record.Skip(12);
        (double, double, double, double)? box = options.HasFlag(TextOptions.NoRectangle) ? null : (record.Int32(), record.Int32(), record.Int32(), record.Int32());
        var isSmall = options.HasFlag(TextOptions.SmallCharacters);
        if (count > (uint)record.Left)
        {
            throw new UndrawableException("a record that is cut short");
        }

        // Small characters are the lower halves of units of UTF-16.
        var bytes = record.Bytes((int)count * (isSmall ? 1 : 2));
        Draw(isSmall ? Encoding.Unicode.GetBytes(Encoding.Latin1.GetString(bytes)) : bytes, isWide: true, [], at, options, box);
    }

    private void Draw(ReadOnlySpan<byte> bytes, bool isWide, ImmutableArray<double> advances, ShapePoint at, TextOptions options, (double Left, double Top, double Right, double Bottom)? box)
    {
        if (options.HasFlag(TextOptions.GlyphNumbers) && !bytes.IsEmpty)
        {
            throw new UndrawableException("text as numbers of a font's glyphs");
        }

        if (isWide)
        {
            TextOut.Draw(canvas, Encoding.Unicode.GetString(bytes), advances, at, options, box);
        }
        else
        {
            var text = AnsiText.Read(bytes, canvas.Now.Font, ref advances);
            TextOut.Draw(canvas, text, advances, at, options, box);
        }
    }
}
