using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>Plays the records of an enhanced metafile ([MS-EMF]) onto a canvas. A record that draws what cannot be drawn here ends it.</summary>
internal sealed class EmfPlayer
{
    private const int MostRecords = 500_000;
    private const int MostObjects = 65_536;

    private readonly MetafileCanvas _canvas;
    private readonly Bitmaps _bitmaps;
    private readonly EmfText _text;
    private readonly EmfBitmaps _blits;
    private readonly Dictionary<uint, GdiObject> _objects = [];

    private EmfPlayer(DeviceContext start)
    {
        _canvas = new(start);
        _bitmaps = new(_canvas);
        _text = new(_canvas);
        _blits = new(_canvas, _bitmaps);
    }

    /// <summary>What a file draws.</summary>
    /// <exception cref="UndrawableException">It is damaged, or holds what is not drawn here.</exception>
    public static ImmutableArray<MetafileItem> Play(ReadOnlySpan<byte> file)
    {
        var player = new EmfPlayer(Start(file));
        for (var (at, count) = (0, 0); count < MostRecords; count++)
        {
            var head = new RecordReader(file[at..]);
            var (kind, size) = ((EmfRecord)head.UInt32(), head.UInt32());
            if (size < 8 || size > file.Length - at || (count == 0) != (kind == EmfRecord.Header))
            {
                throw new UndrawableException("a record that is cut short");
            }

            if (kind == EmfRecord.Eof)
            {
                return player._canvas.Items;
            }

            try
            {
                player.Play(kind, file.Slice(at + 8, (int)size - 8), file.Slice(at, (int)size));
            }
            catch (UndrawableException e) when (kind != EmfRecord.Comment)
            {
                throw e.In($"{kind}");
            }

            at += (int)size;
        }

        throw new UndrawableException($"more than {MostRecords} records");
    }

    // The frame, in hundredths of a millimetre, is what the picture shows; the device tells how large its pixels are.
    private static DeviceContext Start(ReadOnlySpan<byte> file)
    {
        var header = new RecordReader(file);
        header.Skip(4);
        var length = header.UInt32();
        var (left, top, right, bottom) = ((double)header.Int32(), (double)header.Int32(), (double)header.Int32(), (double)header.Int32());
        var (frameLeft, frameTop, frameRight, frameBottom) = (header.Int32(), header.Int32(), header.Int32(), header.Int32());
        header.Skip(20);
        var (description, descriptionAt) = (header.UInt32(), header.UInt32());
        header.Skip(4);
        var (width, height, millimetersX, millimetersY) = ((double)header.Int32(), (double)header.Int32(), (double)header.Int32(), (double)header.Int32());

        // Later versions of the header say the device's size in micrometres. What follows the header tells where it ends ([MS-EMF] 2.3.4.2).
        length = description > 0 && descriptionAt >= 88 ? Math.Min(length, descriptionAt) : length;
        if (length >= 108)
        {
            var (format, formatAt) = (header.UInt32(), header.UInt32());
            header.Skip(4);
            var (exactX, exactY) = (header.Int32() / 1000.0, header.Int32() / 1000.0);
            if ((format == 0 || formatAt is 0 or >= 108) && Math.Abs(exactX - millimetersX) <= 1 && Math.Abs(exactY - millimetersY) <= 1)
            {
                (millimetersX, millimetersY) = (exactX, exactY);
            }
        }

        var (pixelsX, pixelsY) = (width / millimetersX, height / millimetersY);
        if (!(pixelsX is > 0 and < 1e6 && pixelsY is > 0 and < 1e6))
        {
            throw new UndrawableException("a header without a device");
        }

        if (frameRight > frameLeft && frameBottom > frameTop)
        {
            (left, top) = (frameLeft / 100.0 * pixelsX, frameTop / 100.0 * pixelsY);
            (right, bottom) = (frameRight / 100.0 * pixelsX, frameBottom / 100.0 * pixelsY);
        }

        if (!(right > left && bottom > top))
        {
            throw new UndrawableException("a header without a size");
        }

        return new()
        {
            DeviceToPicture = Transform.Scale(1 / (right - left), 1 / (bottom - top), -left / (right - left), -top / (bottom - top)),
            PixelsPerMillimeterX = pixelsX,
            PixelsPerMillimeterY = pixelsY,
        };
    }

    private DeviceContext Now
    {
        get => _canvas.Now;
        set => _canvas.Now = value;
    }

    private void Play(EmfRecord kind, ReadOnlySpan<byte> content, ReadOnlySpan<byte> whole)
    {
        var record = new RecordReader(content);
        switch (kind)
        {
            // Without a visible effect: how bitmaps are shrunk on screens, palettes, colour management, hints for fonts and printers.
            case EmfRecord.Header or EmfRecord.SetBrushOrgEx or EmfRecord.SetMapperFlags or EmfRecord.SetStretchBltMode or EmfRecord.SetColorAdjustment
                or EmfRecord.SelectPalette or EmfRecord.SetPaletteEntries or EmfRecord.ResizePalette or EmfRecord.RealizePalette or EmfRecord.FlattenPath
                or EmfRecord.SetICMMode or EmfRecord.SetColorSpace or EmfRecord.DeleteColorSpace or EmfRecord.PixelFormat
                or EmfRecord.ForceUFIMapping or EmfRecord.ColorCorrectPalette or EmfRecord.SetICMProfileA or EmfRecord.SetICMProfileW or EmfRecord.SetLinkedUFIs
                or EmfRecord.SetTextJustification or EmfRecord.ColorMatchToTargetW:
                break;
            case EmfRecord.Comment:
                EmfComments.Check(content);
                break;
            case EmfRecord.ExtEscape:
                PrinterEscapes.Check(record.UInt32());
                break;
            case EmfRecord.SetLayout:
                if ((record.UInt32() & 1) != 0)
                {
                    throw new UndrawableException("a mirrored layout");
                }

                break;

            case EmfRecord.SetWindowExtEx:
                Now = Now with { WindowExtent = Extent(record.Int32(), record.Int32()) };
                break;
            case EmfRecord.SetWindowOrgEx:
                Now = Now with { WindowOrigin = Point(ref record, isShort: false) };
                break;
            case EmfRecord.SetViewportExtEx:
                Now = Now with { ViewportExtent = Extent(record.Int32(), record.Int32()) };
                break;
            case EmfRecord.SetViewportOrgEx:
                Now = Now with { ViewportOrigin = Point(ref record, isShort: false) };
                break;
            case EmfRecord.ScaleViewportExtEx:
                Now = Now with { ViewportExtent = Scaled(Now.ViewportExtent, ref record) };
                break;
            case EmfRecord.ScaleWindowExtEx:
                Now = Now with { WindowExtent = Scaled(Now.WindowExtent, ref record) };
                break;
            case EmfRecord.SetMapMode:
                Now = Now with { MapMode = record.UInt32() is >= 1 and <= 8 and var mode ? mode : throw new UndrawableException("an unknown map mode") };
                break;
            case EmfRecord.SetWorldTransform:
                Now = Now with { World = Sound(World(ref record)) };
                break;
            case EmfRecord.ModifyWorldTransform:
                var world = World(ref record);
                Now = Now with
                {
                    World = Sound(record.UInt32() switch
                    {
                        1 => Transform.Identity,
                        2 => world.Then(Now.World),
                        3 => Now.World.Then(world),
                        4 => world,
                        _ => throw new UndrawableException("an unknown transform"),
                    }),
                };
                break;
            case EmfRecord.SaveDC:
                _canvas.Save();
                break;
            case EmfRecord.RestoreDC:
                _canvas.Restore(record.Int32());
                break;

            case EmfRecord.SetBkMode:
                Now = Now with { IsOpaque = record.UInt32() == 2 };
                break;
            case EmfRecord.SetPolyFillMode:
                Now = Now with { IsWinding = record.UInt32() == 2 };
                break;
            case EmfRecord.SetRop2:
                Now = Now with { Mix = record.UInt32() };
                break;
            case EmfRecord.SetTextAlign:
                Now = Now with { TextAlign = record.UInt32() };
                break;
            case EmfRecord.SetTextColor:
                Now = Now with { TextColor = record.Color() };
                break;
            case EmfRecord.SetBkColor:
                Now = Now with { BackColor = record.Color() };
                break;
            case EmfRecord.SetArcDirection:
                Now = Now with { IsArcClockwise = record.UInt32() == 2 };
                break;
            case EmfRecord.SetMiterLimit:
                // Written as a whole number by some, as a fraction by others.
                var limit = record.UInt32();
                var fraction = BitConverter.UInt32BitsToSingle(limit);
                Now = Now with { MiterLimit = limit is >= 1 and < 100_000 ? limit : fraction is >= 1 and < 100_000 ? fraction : 10 };
                break;

            case EmfRecord.SelectObject:
                var number = record.UInt32();
                if ((number & 0x80000000) != 0 ? StockObjects.Of(number & 0x7FFFFFFF) is { } stock : _objects.TryGetValue(number, out stock))
                {
                    _canvas.Select(stock!);
                }

                break;
            case EmfRecord.DeleteObject:
                _objects.Remove(record.UInt32());
                break;
            case EmfRecord.CreatePen:
                var (pen, style, width) = (record.UInt32(), record.UInt32(), record.Int32());
                record.Skip(4);
                Keep(pen, GdiPen.Of(style, width, record.Color(), [], isExtended: false));
                break;
            case EmfRecord.ExtCreatePen:
                CreatePen(ref record);
                break;
            case EmfRecord.CreateBrushIndirect:
                var (brush, kindOfBrush) = (record.UInt32(), record.UInt32());
                Keep(brush, kindOfBrush == 0 ? GdiBrush.Of(0, record.Color()) : GdiBrush.Of(kindOfBrush, default));
                break;
            case EmfRecord.CreateMonoBrush or EmfRecord.CreateDIBPatternBrushPt:
                Keep(record.UInt32(), GdiBrush.Not("a brush with a pattern"));
                break;
            case EmfRecord.ExtCreateFontIndirectW:
                Keep(record.UInt32(), EmfText.Font(ref record));
                break;
            case EmfRecord.CreatePalette or EmfRecord.CreateColorSpace or EmfRecord.CreateColorSpaceW:
                Keep(record.UInt32(), new GdiOther(IsRegion: false));
                break;

            case EmfRecord.MoveToEx:
                _canvas.MoveTo(Point(ref record, isShort: false));
                break;
            case EmfRecord.LineTo:
                _canvas.LinesTo([Point(ref record, isShort: false)]);
                break;
            case EmfRecord.Polyline or EmfRecord.Polyline16 or EmfRecord.Polygon or EmfRecord.Polygon16:
                _canvas.Lines(Points(ref record, kind >= EmfRecord.PolyBezier16), isArea: kind is EmfRecord.Polygon or EmfRecord.Polygon16);
                break;
            case EmfRecord.PolylineTo or EmfRecord.PolylineTo16:
                _canvas.LinesTo(Points(ref record, kind == EmfRecord.PolylineTo16));
                break;
            case EmfRecord.PolyBezier or EmfRecord.PolyBezier16:
                _canvas.Curves(Points(ref record, kind == EmfRecord.PolyBezier16), isContinued: false);
                break;
            case EmfRecord.PolyBezierTo or EmfRecord.PolyBezierTo16:
                _canvas.Curves(Points(ref record, kind == EmfRecord.PolyBezierTo16), isContinued: true);
                break;
            case EmfRecord.PolyPolyline or EmfRecord.PolyPolyline16 or EmfRecord.PolyPolygon or EmfRecord.PolyPolygon16:
                ManyLines(ref record, kind >= EmfRecord.PolyBezier16, areAreas: kind is EmfRecord.PolyPolygon or EmfRecord.PolyPolygon16);
                break;
            case EmfRecord.Rectangle:
                _canvas.Rectangle(record.Int32(), record.Int32(), record.Int32(), record.Int32());
                break;
            case EmfRecord.RoundRect:
                _canvas.RoundRectangle(record.Int32(), record.Int32(), record.Int32(), record.Int32(), record.Int32(), record.Int32());
                break;
            case EmfRecord.Ellipse:
                var (left, top, right, bottom) = ((double)record.Int32(), (double)record.Int32(), (double)record.Int32(), (double)record.Int32());
                _canvas.RoundRectangle(left, top, right, bottom, right - left, bottom - top);
                break;
            case EmfRecord.Arc or EmfRecord.ArcTo or EmfRecord.Chord or EmfRecord.Pie:
                var arc = kind switch { EmfRecord.Arc => ArcKind.Arc, EmfRecord.ArcTo => ArcKind.To, EmfRecord.Chord => ArcKind.Chord, _ => ArcKind.Pie };
                _canvas.Arc(arc, record.Int32(), record.Int32(), record.Int32(), record.Int32(), Point(ref record, isShort: false), Point(ref record, isShort: false));
                break;
            case EmfRecord.AngleArc:
                _canvas.AngleArc(Point(ref record, isShort: false), record.UInt32(), record.Single(), record.Single());
                break;
            case EmfRecord.SetPixelV:
                var pixel = Point(ref record, isShort: false);
                _canvas.Fill(_canvas.RectanglePath(pixel.X, pixel.Y, pixel.X + 1, pixel.Y + 1), record.Color());
                break;

            case EmfRecord.BeginPath:
                _canvas.BeginPath();
                break;
            case EmfRecord.EndPath:
                _canvas.EndPath();
                break;
            case EmfRecord.AbortPath:
                _canvas.AbortPath();
                break;
            case EmfRecord.CloseFigure:
                _canvas.CloseFigure();
                break;
            case EmfRecord.FillPath or EmfRecord.StrokePath or EmfRecord.StrokeAndFillPath:
                _canvas.DrawPath(isFilled: kind != EmfRecord.StrokePath, isStroked: kind != EmfRecord.FillPath);
                break;
            case EmfRecord.SelectClipPath:
                _canvas.Clips.Combine(record.UInt32(), _canvas.TakePath(), isEvenOdd: !Now.IsWinding);
                break;
            case EmfRecord.IntersectClipRect:
                _canvas.Clips.Intersect(record.Int32(), record.Int32(), record.Int32(), record.Int32());
                break;
            case EmfRecord.ExcludeClipRect:
                _canvas.Clips.Exclude(record.Int32(), record.Int32(), record.Int32(), record.Int32());
                break;
            case EmfRecord.ExtSelectClipRgn:
                var (length, how) = (record.UInt32(), record.UInt32());
                _canvas.Clips.Combine(how, length == 0 ? null : Region(ref record, Now.DeviceToPicture));
                break;
            case EmfRecord.OffsetClipRgn:
                _canvas.Clips.Move(record.Int32(), record.Int32());
                break;
            case EmfRecord.SetMetaRgn:
                _canvas.Clips.KeepAsMeta();
                break;
            case EmfRecord.FillRgn:
                record.Skip(20);
                var filler = record.UInt32();
                _canvas.FillWithBrush(Region(ref record, Now.ToPicture), _objects.GetValueOrDefault(filler) as GdiBrush ?? throw new UndrawableException("a brush that is not there"));
                break;
            case EmfRecord.PaintRgn:
                record.Skip(20);
                _canvas.FillWithBrush(Region(ref record, Now.ToPicture), Now.Brush);
                break;

            case EmfRecord.ExtTextOutW or EmfRecord.ExtTextOutA:
                _text.Draw(whole, isWide: kind == EmfRecord.ExtTextOutW);
                break;
            case EmfRecord.SmallTextOut:
                _text.DrawSmall(ref record);
                break;
            case EmfRecord.BitBlt or EmfRecord.StretchBlt or EmfRecord.AlphaBlend or EmfRecord.TransparentBlt:
                _blits.Draw(kind, whole);
                break;
            case EmfRecord.SetDIBitsToDevice:
                _blits.DrawRows(whole);
                break;
            case EmfRecord.StretchDIBits:
                _blits.DrawStretched(whole);
                break;
            case EmfRecord.GradientFill:
                Gradients.Draw(_canvas, ref record);
                break;
            default:
                throw UndrawableException.Record;
        }
    }

    private void Keep(uint number, GdiObject made)
    {
        _objects[number] = made;
        if (_objects.Count > MostObjects)
        {
            throw new UndrawableException($"more than {MostObjects} objects");
        }
    }

    private void CreatePen(ref RecordReader record)
    {
        var number = record.UInt32();
        record.Skip(16);
        var (style, width, brush) = (record.UInt32(), record.UInt32(), record.UInt32());
        var color = brush == 0 ? record.Color() : default;
        record.Skip(brush == 0 ? 4 : 8);
        var dashes = ImmutableArray.CreateBuilder<double>();
        if ((style & 0xF) == 7)
        {
            for (var count = record.Count(4); count > 0; count--)
            {
                dashes.Add(record.UInt32());
            }
        }

        var pen = (style & 0xF) == 5 || brush == 1 ? GdiPen.None : GdiPen.Of(style, width, color, dashes.ToImmutable(), isExtended: true);
        Keep(number, brush is 0 or 1 ? pen : pen with { Undrawable = "a pen with a pattern" });
    }

    private void ManyLines(ref RecordReader record, bool areShort, bool areAreas)
    {
        record.Skip(16);
        var figures = record.UInt32();
        record.Skip(4);
        if (figures > (uint)record.Left / 4)
        {
            throw new UndrawableException("a record that is cut short");
        }

        var (counts, sum) = (new int[figures], 0L);
        for (var i = 0; i < counts.Length; i++)
        {
            var count = record.UInt32();
            counts[i] = (int)Math.Min(count, int.MaxValue);
            sum += count;
        }

        if (sum > record.Left / (areShort ? 4 : 8))
        {
            throw new UndrawableException("a record that is cut short");
        }

        var points = new ShapePoint[sum];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = Point(ref record, areShort);
        }

        _canvas.ManyLines(points, counts, areAreas);
    }

    private static ShapePoint[] Points(ref RecordReader record, bool areShort)
    {
        record.Skip(16);
        var points = new ShapePoint[record.Count(areShort ? 4 : 8)];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = Point(ref record, areShort);
        }

        return points;
    }

    private static ShapePoint Point(ref RecordReader record, bool isShort) => isShort ? new(record.Int16(), record.Int16()) : new(record.Int32(), record.Int32());

    // The rectangles of a region ([MS-EMF] 2.2.24).
    private static ImmutableArray<PathStep> Region(ref RecordReader record, in Transform transform)
    {
        var size = record.UInt32();
        record.Skip(4);
        var count = record.UInt32();
        record.Skip(20);
        if (size != 32 || count > (uint)record.Left / 16)
        {
            throw new UndrawableException("a region that is cut short");
        }

        var path = new GdiPath();
        for (; count > 0; count--)
        {
            path.Rectangle(transform, record.Int32(), record.Int32(), record.Int32(), record.Int32());
        }

        return path.Build();
    }

    private static Transform World(ref RecordReader record)
        => new(record.Single(), record.Single(), record.Single(), record.Single(), record.Single(), record.Single());

    private static Transform Sound(Transform transform) => transform.IsSound ? transform : throw new UndrawableException("a transform without bounds");

    private static ShapePoint Extent(double x, double y) => x != 0 && y != 0 ? new(x, y) : throw new UndrawableException("a page without a size");

    private static ShapePoint Scaled(ShapePoint extent, ref RecordReader record)
    {
        var (x, divisorX, y, divisorY) = ((double)record.Int32(), (double)record.Int32(), (double)record.Int32(), (double)record.Int32());
        return divisorX != 0 && divisorY != 0 ? Extent(extent.X * x / divisorX, extent.Y * y / divisorY) : throw new UndrawableException("a page without a size");
    }
}
