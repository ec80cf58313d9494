using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>Plays the records of a Windows metafile ([MS-WMF]) onto a canvas. A record that draws what cannot be drawn here ends it.</summary>
internal sealed class WmfPlayer
{
    private const int MostRecords = 500_000;
    private const int MostObjects = 65_536;
    private const int PlaceableHeader = 22;
    private const int Header = 18;

    private readonly MetafileCanvas _canvas;
    private readonly Bitmaps _bitmaps;
    private readonly List<GdiObject?> _objects = [];
    private bool _hasWindow;

    private WmfPlayer(DeviceContext start, bool hasWindow)
    {
        _canvas = new(start);
        _bitmaps = new(_canvas);
        _hasWindow = hasWindow;
    }

    private DeviceContext Now
    {
        get => _canvas.Now;
        set => _canvas.Now = value;
    }

    /// <summary>What a file draws.</summary>
    /// <exception cref="UndrawableException">It is damaged, or holds what is not drawn here.</exception>
    public static ImmutableArray<MetafileItem> Play(ReadOnlySpan<byte> file)
    {
        // The window is what the picture shows. A header for placing says it beforehand.
        var start = new DeviceContext { DeviceToPicture = Transform.Identity, MapMode = 8 };
        var (at, hasWindow) = (0, false);
        if (file.StartsWith((ReadOnlySpan<byte>)[0xD7, 0xCD, 0xC6, 0x9A]))
        {
            var box = new RecordReader(file);
            box.Skip(6);
            var (left, top) = (box.Int16(), box.Int16());
            var (width, height) = (box.Int16() - left, box.Int16() - top);
            if (hasWindow = width != 0 && height != 0)
            {
                start = start with { WindowOrigin = new(left, top), WindowExtent = new(width, height) };
            }

            at = PlaceableHeader;
        }

        var player = new WmfPlayer(start, hasWindow);
        at += Header;
        for (var count = 0; count < MostRecords; count++)
        {
            var head = new RecordReader(at <= file.Length ? file[at..] : []);
            var (words, kind) = ((long)head.UInt32(), (int)head.UInt16());
            if (kind == 0)
            {
                return player._canvas.Items;
            }

            if (words < 3 || words * 2 > file.Length - at)
            {
                throw new UndrawableException("a record that is cut short");
            }

            try
            {
                player.Play(kind, file.Slice(at + 6, (int)(words * 2) - 6));
            }
            catch (UndrawableException e)
            {
                throw e.In(NameOf(kind));
            }

            at += (int)(words * 2);
        }

        throw new UndrawableException($"more than {MostRecords} records");
    }

    private void Play(int kind, ReadOnlySpan<byte> content)
    {
        var record = new RecordReader(content);
        switch (kind)
        {
            case 0x0103:
                // The picture is always stretched to its place, but for modes with units of their own.
                if (record.UInt16() is >= 2 and <= 6)
                {
                    throw new UndrawableException("a map mode with units of its own");
                }

                break;

            // Without a visible effect: how bitmaps are shrunk on screens, palettes, hints for fonts.
            case 0x0105 or 0x0107 or 0x0231 or 0x0035 or 0x0234 or 0x0037 or 0x0139 or 0x0436:
                break;
            case 0x0626:
                PrinterEscapes.Check(record.UInt16());
                break;
            case 0x0149:
                if ((record.UInt16() & 1) != 0)
                {
                    throw new UndrawableException("a mirrored layout");
                }

                break;

            case 0x020B:
                Now = Now with { WindowOrigin = Flipped(record.Int16(), record.Int16()) };
                break;
            case 0x020C:
                Now = Now with { WindowExtent = Extent(Flipped(record.Int16(), record.Int16())) };
                _hasWindow = true;
                break;
            case 0x020F:
                var moved = Flipped(record.Int16(), record.Int16());
                Now = Now with { WindowOrigin = new(Now.WindowOrigin.X + moved.X, Now.WindowOrigin.Y + moved.Y) };
                break;
            case 0x0410:
                var (divisorY, y, divisorX, x) = ((double)record.Int16(), (double)record.Int16(), (double)record.Int16(), (double)record.Int16());
                if (divisorX == 0 || divisorY == 0)
                {
                    throw new UndrawableException("a page without a size");
                }

                Now = Now with { WindowExtent = Extent(new(Now.WindowExtent.X * x / divisorX, Now.WindowExtent.Y * y / divisorY)) };
                break;
            case 0x001E:
                _canvas.Save();
                break;
            case 0x0127:
                _canvas.Restore(record.Int16());
                break;

            case 0x0102:
                Now = Now with { IsOpaque = record.UInt16() == 2 };
                break;
            case 0x0104:
                Now = Now with { Mix = record.UInt16() };
                break;
            case 0x0106:
                Now = Now with { IsWinding = record.UInt16() == 2 };
                break;
            case 0x0108:
                Now = Now with { TextSpacing = record.Int16() };
                break;
            case 0x020A:
                // Behind each of so many spaces, so much in all.
                var (spaces, extra) = (record.UInt16(), record.Int16());
                Now = Now with { SpaceStretch = spaces == 0 ? 0 : (double)extra / spaces };
                break;
            case 0x012E:
                Now = Now with { TextAlign = record.UInt16() };
                break;
            case 0x0201:
                Now = Now with { BackColor = record.Color() };
                break;
            case 0x0209:
                Now = Now with { TextColor = record.Color() };
                break;

            case 0x02FA:
                var (style, width) = (record.UInt16(), record.Int16());
                record.Skip(2);
                Keep(GdiPen.Of(style, width, record.Color(), [], isExtended: false));
                break;
            case 0x02FB:
                Keep(Font(ref record));
                break;
            case 0x02FC:
                var brush = record.UInt16();
                Keep(brush == 0 ? GdiBrush.Of(0, record.Color()) : GdiBrush.Of(brush, default));
                break;
            case 0x01F9 or 0x0142:
                Keep(GdiBrush.Not("a brush with a pattern"));
                break;
            case 0x00F7 or 0x06FF:
                Keep(new GdiOther(IsRegion: kind == 0x06FF));
                break;
            case 0x012D:
                var tool = record.UInt16();
                if (tool >= _objects.Count)
                {
                    throw new UndrawableException("a tool that is not there");
                }

                // One that was thrown away leaves what is selected.
                if (_objects[tool] is { } made)
                {
                    _canvas.Select(made);
                }

                break;
            case 0x01F0:
                if (record.UInt16() is var deleted && deleted < _objects.Count)
                {
                    _objects[deleted] = null;
                }

                break;

            case 0x0214:
                _canvas.MoveTo(Flipped(record.Int16(), record.Int16()));
                break;
            case 0x0416 or 0x0415:
                var (bottom, right, top, left) = (record.Int16(), record.Int16(), record.Int16(), record.Int16());
                if (kind == 0x0416)
                {
                    _canvas.Clips.Intersect(left, top, right, bottom);
                }
                else
                {
                    _canvas.Clips.Exclude(left, top, right, bottom);
                }

                break;
            case 0x0220:
                var offset = Flipped(record.Int16(), record.Int16());
                _canvas.Clips.Move(offset.X, offset.Y);
                break;
            default:
                if (!_hasWindow)
                {
                    throw new UndrawableException("a page without a size");
                }

                Draw(kind, ref record, content.Length);
                break;
        }
    }

    private void Draw(int kind, ref RecordReader record, int length)
    {
        switch (kind)
        {
            case 0x0213:
                _canvas.LinesTo([Flipped(record.Int16(), record.Int16())]);
                break;
            case 0x0325 or 0x0324:
                _canvas.Lines(Points(ref record, record.UInt16()), isArea: kind == 0x0324);
                break;
            case 0x0538:
                var counts = new int[record.UInt16()];
                for (var i = 0; i < counts.Length; i++)
                {
                    counts[i] = record.UInt16();
                }

                _canvas.ManyLines(Points(ref record, counts.Sum()), counts, areAreas: true);
                break;
            case 0x041B or 0x0418:
                var (bottom, right, top, left) = ((double)record.Int16(), (double)record.Int16(), (double)record.Int16(), (double)record.Int16());
                if (kind == 0x041B)
                {
                    _canvas.Rectangle(left, top, right, bottom);
                }
                else
                {
                    _canvas.RoundRectangle(left, top, right, bottom, right - left, bottom - top);
                }

                break;
            case 0x061C:
                var (cornerHeight, cornerWidth) = (record.Int16(), record.Int16());
                (bottom, right, top, left) = (record.Int16(), record.Int16(), record.Int16(), record.Int16());
                _canvas.RoundRectangle(left, top, right, bottom, cornerWidth, cornerHeight);
                break;
            case 0x0817 or 0x0830 or 0x081A:
                var (end, start) = (Flipped(record.Int16(), record.Int16()), Flipped(record.Int16(), record.Int16()));
                (bottom, right, top, left) = (record.Int16(), record.Int16(), record.Int16(), record.Int16());
                _canvas.Arc(kind switch { 0x0817 => ArcKind.Arc, 0x0830 => ArcKind.Chord, _ => ArcKind.Pie }, left, top, right, bottom, start, end);
                break;
            case 0x041F:
                var color = record.Color();
                var pixel = Flipped(record.Int16(), record.Int16());
                _canvas.Fill(_canvas.RectanglePath(pixel.X, pixel.Y, pixel.X + 1, pixel.Y + 1), color);
                break;

            case 0x0521:
                var text = record.Bytes(record.Int16());
                record.Skip(text.Length & 1);
                DrawText(text, [], Flipped(record.Int16(), record.Int16()), 0, null);
                break;
            case 0x0A32:
                ExtendedText(ref record);
                break;

            case 0x061D:
                _bitmaps.Fill(record.UInt32(), Target(ref record));
                break;
            case 0x0940 or 0x0922:
                BitBlt(kind, ref record, length);
                break;
            case 0x0B41 or 0x0B23:
                StretchBlt(kind, ref record, length);
                break;
            case 0x0F43:
                var (operation, usage) = (record.UInt32(), record.UInt16());
                var source = Target(ref record);
                DrawBitmap(operation, ref record, usage, source, Target(ref record));
                break;
            case 0x0D33:
                RowsToDevice(ref record);
                break;
            default:
                throw UndrawableException.Record;
        }
    }

    private void ExtendedText(ref RecordReader record)
    {
        var at = Flipped(record.Int16(), record.Int16());
        var (count, options) = (record.Int16(), (TextOptions)record.UInt16());
        (double, double, double, double)? box = null;
        if ((options & (TextOptions.Opaque | TextOptions.Clipped)) != 0)
        {
            box = (record.Int16(), record.Int16(), record.Int16(), record.Int16());
        }

        var text = record.Bytes(count);
        record.Skip(Math.Min(record.Left, count & 1));
        var advances = ImmutableArray.CreateBuilder<double>();
        while (advances.Count < count && record.Left >= 2)
        {
            advances.Add(record.Int16());
        }

        // Widths of some characters alone are none.
        DrawText(text, advances.Count == count ? advances.ToImmutable() : [], at, options, box);
    }

    private void DrawText(ReadOnlySpan<byte> bytes, ImmutableArray<double> advances, ShapePoint at, TextOptions options, (double, double, double, double)? box)
    {
        if (options.HasFlag(TextOptions.GlyphNumbers) && !bytes.IsEmpty)
        {
            throw new UndrawableException("text as numbers of a font's glyphs");
        }

        var text = AnsiText.Read(bytes, Now.Font, ref advances);
        TextOut.Draw(_canvas, text, advances, at, options, box);
    }

    // Without a bitmap a record has one word more and nothing behind ([MS-WMF] 2.3.1.2).
    private void BitBlt(int kind, ref RecordReader record, int length)
    {
        var operation = record.UInt32();
        var (sourceY, sourceX) = (record.Int16(), record.Int16());
        if (length == 18)
        {
            record.Skip(2);
            _bitmaps.Fill(operation, Target(ref record));
            return;
        }

        var target = Target(ref record);
        DrawBitmap(operation, ref record, OwnBitmap(kind == 0x0940), new(sourceX, sourceY, target.Width, target.Height), target);
    }

    private void StretchBlt(int kind, ref RecordReader record, int length)
    {
        var operation = record.UInt32();
        var source = Target(ref record);
        if (length == 22)
        {
            record.Skip(2);
            _bitmaps.Fill(operation, Target(ref record));
            return;
        }

        var target = Target(ref record);
        DrawBitmap(operation, ref record, OwnBitmap(kind == 0x0B41), source, target);
    }

    private static uint OwnBitmap(bool isIndependent) => isIndependent ? 0u : throw new UndrawableException("a bitmap that only one device knew");

    private void RowsToDevice(ref RecordReader record)
    {
        var (usage, stored, first, y, x) = (record.UInt16(), record.UInt16(), record.UInt16(), record.Int16(), record.Int16());
        var target = Target(ref record);
        if (first != 0)
        {
            throw new UndrawableException("a part of a bitmap's rows");
        }

        var bitmap = new DeviceIndependentBitmap(record.Rest(), [], usage);
        _bitmaps.Draw(0xCC0020, bitmap, Bitmaps.FromTop(bitmap, x, y, target.Width, target.Height), target, stored);
    }

    private void DrawBitmap(uint operation, ref RecordReader record, uint usage, in BitmapArea source, in BitmapArea target)
    {
        var bitmap = new DeviceIndependentBitmap(record.Rest(), [], usage);
        _bitmaps.Draw(operation, bitmap, Bitmaps.FromTop(bitmap, source.X, source.Y, source.Width, source.Height), target);
    }

    // Height, width, top, left.
    private static BitmapArea Target(ref RecordReader record)
    {
        var (height, width, y, x) = (record.Int16(), record.Int16(), record.Int16(), record.Int16());
        return new(x, y, width, height);
    }

    private static ShapePoint[] Points(ref RecordReader record, int count)
    {
        if (count > record.Left / 4)
        {
            throw new UndrawableException("a record that is cut short");
        }

        var points = new ShapePoint[count];
        for (var i = 0; i < count; i++)
        {
            points[i] = new(record.Int16(), record.Int16());
        }

        return points;
    }

    private static GdiFont Font(ref RecordReader record)
    {
        var (height, width, escapement, orientation, weight) = (record.Int16(), record.Int16(), record.Int16(), record.Int16(), record.Int16());
        var (isItalic, isUnderlined, isStruck, charset) = (record.Byte() != 0, record.Byte() != 0, record.Byte() != 0, record.Byte());
        record.Skip(4);
        var name = AnsiText.EncodingOf(charset).GetString(record.Bytes(Math.Min(32, record.Left)));
        var end = name.IndexOf('\0', StringComparison.Ordinal);
        return GdiFont.Of(end < 0 ? name : name[..end], height, width, weight, isItalic, isUnderlined, isStruck, escapement, orientation, charset);
    }

    // The first free place takes it.
    private void Keep(GdiObject made)
    {
        var free = _objects.IndexOf(null);
        if (free >= 0)
        {
            _objects[free] = made;
        }
        else if (_objects.Count < MostObjects)
        {
            _objects.Add(made);
        }
        else
        {
            throw new UndrawableException($"more than {MostObjects} objects");
        }
    }

    private static ShapePoint Flipped(short y, short x) => new(x, y);

    private static ShapePoint Extent(ShapePoint extent) => extent is { X: not 0, Y: not 0 } ? extent : throw new UndrawableException("a page without a size");

    private static string NameOf(int kind) => kind switch
    {
        0x012A => "InvertRegion",
        0x012B => "PaintRegion",
        0x012C => "SelectClipRegion",
        0x0142 => "DibCreatePatternBrush",
        0x0211 => "OffsetViewportOrg",
        0x0228 => "FillRegion",
        0x020D => "SetViewportOrg",
        0x020E => "SetViewportExt",
        0x0412 => "ScaleViewportExt",
        0x0419 => "FloodFill",
        0x0429 => "FrameRegion",
        0x0521 => "TextOut",
        0x0548 => "ExtFloodFill",
        0x0922 => "BitBlt",
        0x0940 => "DibBitBlt",
        0x0A32 => "ExtTextOut",
        0x0B23 => "StretchBlt",
        0x0B41 => "DibStretchBlt",
        0x0D33 => "SetDibToDev",
        0x0F43 => "StretchDib",
        _ => $"0x{kind:X4}",
    };
}
