using System.Buffers.Binary;
using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// Reads Windows metafiles (MS-WMF) that are lines and areas in one colour each: signatures, logos, clip art. A file with anything else in it (text, bitmaps,
/// patterns, clipping, arcs) is not read at all, so that nothing of a picture is left out.
/// </summary>
internal static class WmfReader
{
    private const int MostRecords = 50_000;
    private const int MostPoints = 500_000;

    /// <summary>What a file draws; null where it is damaged or holds what is not drawn here.</summary>
    public static Metafile? Read(ReadOnlySpan<byte> file)
    {
        try
        {
            return new Reading(file).Run();
        }
        catch (ArgumentOutOfRangeException)
        {
            return null; // a record that says more than it holds
        }
    }

    private enum Tool : byte
    {
        None,
        Pen,
        Brush,
        Other,
    }

    private readonly record struct GraphicsObject(Tool Kind, Rgb? Color, int Width);

    private readonly record struct State(GraphicsObject Pen, GraphicsObject Brush, double X, double Y);

    private ref struct Reading
    {
        private readonly ReadOnlySpan<byte> _file;
        private readonly List<GraphicsObject> _objects;
        private readonly Stack<State> _saved;
        private readonly ImmutableArray<MetafileShape>.Builder _shapes;
        private State _now;
        private double _left;
        private double _top;
        private double _width;
        private double _height;
        private bool _hasWindow;
        private int _points;

        public Reading(ReadOnlySpan<byte> file)
        {
            _file = file;
            _objects = [];
            _saved = [];
            _shapes = ImmutableArray.CreateBuilder<MetafileShape>();
            _now = new(new(Tool.Pen, new Rgb(0, 0, 0), 0), new(Tool.Brush, Rgb.White, 0), 0, 0);
        }

        public Metafile? Run()
        {
            var at = 0;
            if (_file.StartsWith((ReadOnlySpan<byte>)[0xD7, 0xCD, 0xC6, 0x9A]))
            {
                var box = _file.Slice(6, 8);
                (_left, _top) = (Short(box, 0), Short(box, 1));
                (_width, _height) = (Short(box, 2) - _left, Short(box, 3) - _top);
                _hasWindow = _width != 0 && _height != 0;
                at = 22;
            }

            at += 18;
            for (var count = 0; count < MostRecords; count++)
            {
                var header = _file.Slice(at, 6);
                var words = (long)BinaryPrimitives.ReadUInt32LittleEndian(header);
                var function = BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
                if (function == 0)
                {
                    return _shapes.Count > 0 ? new(_shapes.ToImmutable()) : null;
                }

                if (words < 3 || (words * 2) + at > _file.Length || !Play(function, _file.Slice(at + 6, (int)((words * 2) - 6))))
                {
                    return null;
                }

                at += (int)(words * 2);
            }

            return null;
        }

        private bool Play(int function, ReadOnlySpan<byte> record)
        {
            switch (function)
            {
                // Of text, palettes, regions and the device, none of which draws anything by itself.
                case 0x0102 or 0x0103 or 0x0105 or 0x0107 or 0x0108 or 0x0201 or 0x0209 or 0x020A or 0x012E or 0x0231 or 0x0626 or 0x0035 or 0x0234 or 0x0149 or 0x0037 or 0x0436:
                    return true;
                case 0x0104:
                    return Short(record, 0) == 13; // R2_COPYPEN: what is drawn covers what is there
                case 0x0106:
                    return Short(record, 0) == 1; // by even and odd
                case 0x020B:
                    (_left, _top) = (Short(record, 1), Short(record, 0));
                    return _shapes.Count == 0;
                case 0x020C:
                    (_width, _height) = (Short(record, 1), Short(record, 0));
                    _hasWindow = _width != 0 && _height != 0;
                    return _hasWindow && _shapes.Count == 0;
                case 0x001E:
                    _saved.Push(_now);
                    return _saved.Count < 256;
                case 0x0127:
                    return _saved.TryPop(out _now);
                case 0x02FA:
                    return Create(Pen(record));
                case 0x02FC:
                    return Brush(record) is { } brush && Create(brush);
                case 0x00F7 or 0x02FB or 0x06FF:
                    return Create(new(Tool.Other, null, 0)); // a palette, font or region
                case 0x012D:
                    return Select(UShort(record, 0));
                case 0x01F0:
                    var index = UShort(record, 0);
                    if (index < _objects.Count)
                    {
                        _objects[index] = default;
                    }

                    return true;
                case 0x0214:
                    _now = _now with { X = Short(record, 1), Y = Short(record, 0) };
                    return true;
                case 0x0213:
                    var (x, y) = (Short(record, 1), Short(record, 0));
                    Add([Step(PathStepKind.Move, _now.X, _now.Y), Step(PathStepKind.Line, x, y)], isArea: false);
                    _now = _now with { X = x, Y = y };
                    return _hasWindow;
                case 0x0325:
                    return Poly(record, isArea: false);
                case 0x0324:
                    return Poly(record, isArea: true);
                case 0x041B:
                    var (bottom, right, top, left) = (Short(record, 0), Short(record, 1), Short(record, 2), Short(record, 3));
                    Add([Step(PathStepKind.Move, left, top), Step(PathStepKind.Line, right, top), Step(PathStepKind.Line, right, bottom), Step(PathStepKind.Line, left, bottom), new(PathStepKind.Close, default, default, default)], isArea: true);
                    return _hasWindow;
                case 0x0418:
                    Ellipse(Short(record, 3), Short(record, 2), Short(record, 1), Short(record, 0));
                    return _hasWindow;
                default:
                    return false;
            }
        }

        private bool Poly(ReadOnlySpan<byte> record, bool isArea)
        {
            var count = UShort(record, 0);
            _points += count;
            if (!_hasWindow || _points > MostPoints)
            {
                return false;
            }

            var path = ImmutableArray.CreateBuilder<PathStep>(count + 1);
            for (var i = 0; i < count; i++)
            {
                path.Add(Step(i == 0 ? PathStepKind.Move : PathStepKind.Line, Short(record, (2 * i) + 1), Short(record, (2 * i) + 2)));
            }

            if (isArea)
            {
                path.Add(new(PathStepKind.Close, default, default, default));
            }

            if (count > 1)
            {
                Add(path.ToImmutable(), isArea);
            }

            return true;
        }

        private void Ellipse(double left, double top, double right, double bottom)
        {
            const double part = 0.5522847498;
            var (x, y, a, b) = ((left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2);
            Add(
                [
                    Step(PathStepKind.Move, right, y),
                    new(PathStepKind.Curve, At(right, y + (part * b)), At(x + (part * a), bottom), At(x, bottom)),
                    new(PathStepKind.Curve, At(x - (part * a), bottom), At(left, y + (part * b)), At(left, y)),
                    new(PathStepKind.Curve, At(left, y - (part * b)), At(x - (part * a), top), At(x, top)),
                    new(PathStepKind.Curve, At(x + (part * a), top), At(right, y - (part * b)), At(right, y)),
                    new(PathStepKind.Close, default, default, default),
                ],
                isArea: true);
        }

        private void Add(ImmutableArray<PathStep> path, bool isArea)
        {
            var fill = isArea ? _now.Brush.Color : null;
            if (fill is not null || _now.Pen.Color is not null)
            {
                _shapes.Add(new(path, fill, _now.Pen.Color, _now.Pen.Width <= 1 ? 0 : _now.Pen.Width / Math.Abs(_width)));
            }
        }

        private readonly PathStep Step(PathStepKind kind, double x, double y) => new(kind, At(x, y), default, default);

        private readonly ShapePoint At(double x, double y) => new((x - _left) / _width, (y - _top) / _height);

        // A pen of style 5 draws nothing; broken lines are drawn whole where they are thin, and not read otherwise.
        private static GraphicsObject? Pen(ReadOnlySpan<byte> record)
        {
            var style = UShort(record, 0) & 0xF;
            return style is 0 or 6 ? new(Tool.Pen, Color(record[6..]), Math.Max(0, (int)Short(record, 1))) : style == 5 ? new(Tool.Pen, null, 0) : null;
        }

        private static GraphicsObject? Brush(ReadOnlySpan<byte> record) => UShort(record, 0) switch
        {
            0 => new GraphicsObject(Tool.Brush, Color(record[2..]), 0),
            1 => new GraphicsObject(Tool.Brush, null, 0),
            _ => null,
        };

        // The first free place takes it.
        private readonly bool Create(GraphicsObject? made)
        {
            if (made is not { } one)
            {
                return false;
            }

            var free = _objects.FindIndex(known => known.Kind == Tool.None);
            if (free >= 0)
            {
                _objects[free] = one;
            }
            else
            {
                _objects.Add(one);
            }

            return _objects.Count < 4096;
        }

        private bool Select(int index)
        {
            if (index >= _objects.Count)
            {
                return false;
            }

            _now = _objects[index].Kind switch
            {
                Tool.Pen => _now with { Pen = _objects[index] },
                Tool.Brush => _now with { Brush = _objects[index] },
                _ => _now,
            };
            return true;
        }

        private static Rgb Color(ReadOnlySpan<byte> bytes) => new(bytes.Slice(0, 4)[0], bytes[1], bytes[2]);

        private static short Short(ReadOnlySpan<byte> record, int index) => BinaryPrimitives.ReadInt16LittleEndian(record.Slice(2 * index, 2));

        private static int UShort(ReadOnlySpan<byte> record, int index) => BinaryPrimitives.ReadUInt16LittleEndian(record.Slice(2 * index, 2));
    }
}
