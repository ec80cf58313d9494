using System.Collections.Immutable;
using System.Globalization;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// Reads the outlines of VML shapes: paths with formulas and adjustments (ECMA-376 Part 4 §19.1.2.13, 19.1.2.6). A path with anything else in it is not read: no part of
/// it is left out. Evidence: docs/layout.md, "Shapes".
/// </summary>
internal sealed class VmlPath
{
    // Longer paths and more formulas than any shape of Word has.
    private const int MostCharacters = 100_000;
    private const int MostFormulas = 1000;

    private readonly double[] _adjustments;
    private readonly List<double> _formulas = [];
    private readonly (double X, double Y) _origin;
    private readonly (double Width, double Height) _size;
    private readonly (double X, double Y)? _stretchAt;
    private readonly (double X, double Y) _stretch;

    private VmlPath(Element shape, Element type, double width, double height)
    {
        _origin = Pair(shape["coordorigin"] ?? type["coordorigin"], 0, 0);
        _size = Pair(shape["coordsize"] ?? type["coordsize"], 1000, 1000);
        _adjustments = Adjustments(type["adj"], shape["adj"]);

        // Shapes with a limit are not stretched beyond being square: what lies behind the limit moves.
        var limit = Child(shape, "path")["limo"] ?? Child(type, "path")["limo"];
        if (limit is not null && width > 0 && height > 0 && _size is { Width: > 0, Height: > 0 })
        {
            var scale = Math.Min(width / _size.Width, height / _size.Height);
            _stretch = ((width / scale) - _size.Width, (height / scale) - _size.Height);
            _stretchAt = Pair(limit, 0, 0);
        }
    }

    /// <summary>The outline of a shape; null where it has none or one that is not read.</summary>
    /// <param name="shape">v:shape.</param>
    /// <param name="type">Its v:shapetype, or no element.</param>
    /// <param name="width">The shape's width, in any unit; 0 where it is not known.</param>
    /// <param name="height">The shape's height in that unit.</param>
    public static Geometry? Read(Element shape, Element type, double width, double height)
    {
        var text = shape["path"] ?? Child(shape, "path")["v"] ?? type["path"] ?? Child(type, "path")["v"];
        if (text is not { Length: > 0 and <= MostCharacters })
        {
            return null;
        }

        var path = new VmlPath(shape, type, width, height);
        var formulas = Child(shape, "formulas") is { Exists: true } own ? own : Child(type, "formulas");
        if (path._size is not { Width: > 0, Height: > 0 } || !path.Calculate(formulas) || path.Paths(text) is not { IsEmpty: false } paths)
        {
            return null;
        }

        var area = (Child(shape, "path")["textboxrect"] ?? Child(type, "path")["textboxrect"])?.Split(';')[0];
        return new Geometry(ShapeKind.Custom, paths, []) { TextArea = area is null ? default : path.TextArea(area) };
    }

    private static Element Child(Element e, string name) => e.Child(Ns.Vml, name);

    private static (double, double) Pair(string? value, double x, double y)
    {
        var numbers = (value ?? "").Split(',');
        return (AttributeText.Double(numbers[0]) ?? x, numbers.Length > 1 ? AttributeText.Double(numbers[1]) ?? y : y);
    }

    // The shape's own go over those of its type, one by one.
    private static double[] Adjustments(string? ofType, string? own)
    {
        var (below, above) = ((ofType ?? "").Split(','), (own ?? "").Split(','));
        var read = new double[Math.Min(Math.Max(below.Length, above.Length), 100)];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = (i < above.Length ? AttributeText.Double(above[i]) : null) ?? (i < below.Length ? AttributeText.Double(below[i]) : null) ?? 0;
        }

        return read;
    }

    // --- Formulas ---
    private bool Calculate(Element formulas)
    {
        foreach (var formula in formulas.Elements)
        {
            if (_formulas.Count >= MostFormulas)
            {
                return false;
            }

            var words = (formula["eqn"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var result = Calculate(words);
            if (!double.IsFinite(result))
            {
                return false;
            }

            _formulas.Add(result);
        }

        return true;
    }

    // Angles are in 65,536ths of a degree.
    private double Calculate(string[] words)
    {
        const double Unit = Math.PI / 180 / 65_536;
        var (a, b, c) = (Argument(1), Argument(2), Argument(3));
        return (words.Length > 0 ? words[0] : "") switch
        {
            "val" => a,
            "sum" => a + b - c,
            "prod" or "product" => c == 0 ? 0 : a * b / c,
            "mid" => (a + b) / 2,
            "abs" => Math.Abs(a),
            "min" => Math.Min(a, b),
            "max" => Math.Max(a, b),
            "if" => a > 0 ? b : c,
            "mod" => Math.Sqrt((a * a) + (b * b) + (c * c)),
            "atan2" => Math.Atan2(b, a) / Unit,
            "sin" => a * Math.Sin(b * Unit),
            "cos" => a * Math.Cos(b * Unit),
            "tan" => a * Math.Tan(b * Unit),
            "cosatan2" => a * Math.Cos(Math.Atan2(c, b)),
            "sinatan2" => a * Math.Sin(Math.Atan2(c, b)),
            "sqrt" => Math.Sqrt(Math.Max(0, a)),
            "sumangle" => a + (b * 65_536) - (c * 65_536),
            "ellipse" => b == 0 ? 0 : c * Math.Sqrt(Math.Max(0, 1 - (a / b * (a / b)))),
            _ => double.NaN,
        };

        double Argument(int index) => index < words.Length ? Value(words[index]) : 0;
    }

    private double Value(string word) => word switch
    {
        "width" => _size.Width,
        "height" => _size.Height,
        "xcenter" => _origin.X + (_size.Width / 2),
        "ycenter" => _origin.Y + (_size.Height / 2),
        "hasstroke" or "hasfill" => 1,
        "pixellinewidth" => 1,
        ['#', .. var index] => At(_adjustments, index),
        ['@', .. var index] => At(_formulas, index),
        _ => AttributeText.Double(word) ?? double.NaN,
    };

    private static double At(IReadOnlyList<double> values, string index)
        => int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < values.Count ? values[i] : double.NaN;

    // --- Path ---
    private ImmutableArray<ShapePath> Paths(string text)
    {
        var paths = ImmutableArray.CreateBuilder<ShapePath>();
        var pen = new Pen(this);
        var at = 0;
        var isEnded = true;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var command = CommandAt(text, at);
            at += command.Length;
            var end = at;
            while (end < text.Length && !char.IsAsciiLetter(text[end]))
            {
                end++;
            }

            if (command.Length == 0 || Numbers(text.AsSpan(at, end - at)) is not { } numbers || !pen.Draw(command, numbers))
            {
                return [];
            }

            at = end;
            isEnded = command == "e";
            if (isEnded)
            {
                pen.EndPart(paths);
            }
        }

        if (!isEnded)
        {
            pen.EndPart(paths);
        }

        return paths.ToImmutable();
    }

    private static string CommandAt(string text, int at)
    {
        if (at + 1 < text.Length && text.Substring(at, 2) is "nf" or "ns" or "at" or "ar" or "wa" or "wr" or "qx" or "qy")
        {
            return text.Substring(at, 2);
        }

        return text[at] is 'm' or 'l' or 'c' or 'x' or 'e' or 't' or 'r' or 'v' ? text.Substring(at, 1) : "";
    }

    // Between commas nothing is 0; a formula or a sign begins a number by itself: "m,l0@8@12-5".
    private List<double>? Numbers(ReadOnlySpan<char> text)
    {
        var numbers = new List<double>();
        text = text.Trim();
        if (text.IsEmpty)
        {
            return numbers;
        }

        foreach (var range in text.Split(','))
        {
            var part = text[range].Trim();
            if (part.IsEmpty)
            {
                numbers.Add(0);
                continue;
            }

            for (var start = 0; start < part.Length;)
            {
                var end = start + 1;
                while (end < part.Length && (char.IsAsciiDigit(part[end]) || part[end] == '.'))
                {
                    end++;
                }

                var value = Value(part[start..end].ToString());
                if (!double.IsFinite(value))
                {
                    return null;
                }

                numbers.Add(value);
                start = end;
                while (start < part.Length && part[start] == ' ')
                {
                    start++;
                }
            }
        }

        return numbers;
    }

    private ShapePoint Place(double x, double y)
    {
        var (width, height) = (_size.Width + _stretch.X, _size.Height + _stretch.Y);
        return new((Moved(x - _origin.X, _stretchAt?.X, _stretch.X)) / width, (Moved(y - _origin.Y, _stretchAt?.Y, _stretch.Y)) / height);

        static double Moved(double value, double? limit, double by) => limit is not { } at || value < at ? value : value > at ? value + by : value + (by / 2);
    }

    private Crop TextArea(string text)
    {
        if (Numbers(text.AsSpan()) is not { Count: 4 } sides)
        {
            return default;
        }

        var (start, end) = (Place(sides[0], sides[1]), Place(sides[2], sides[3]));
        return new(start.X, start.Y, 1 - end.X, 1 - end.Y);
    }

    /// <summary>Makes steps of commands.</summary>
    private sealed class Pen(VmlPath path)
    {
        private ImmutableArray<PathStep>.Builder _steps = ImmutableArray.CreateBuilder<PathStep>();
        private double _x;
        private double _y;
        private bool _isFilled = true;
        private bool _isStroked = true;

        public void EndPart(ImmutableArray<ShapePath>.Builder paths)
        {
            if (_steps.Count > 0)
            {
                paths.Add(new(_steps.ToImmutable(), _isFilled, _isStroked));
            }

            _steps = ImmutableArray.CreateBuilder<PathStep>();
            (_isFilled, _isStroked) = (true, true);
        }

        /// <summary>False where the command has not what it needs.</summary>
        public bool Draw(string command, List<double> numbers)
        {
            switch (command)
            {
                case "x":
                    _steps.Add(new(PathStepKind.Close, default, default, default));
                    return numbers.Count == 0;
                case "e":
                    return numbers.Count == 0;
                case "nf":
                    _isFilled = false;
                    return numbers.Count == 0;
                case "ns":
                    _isStroked = false;
                    return numbers.Count == 0;
                case "m" or "t":
                    return Each(numbers, 2, n => Go(PathStepKind.Move, n, command == "t"));
                case "l" or "r":
                    return Each(numbers, 2, n => Go(PathStepKind.Line, n, command == "r"));
                case "c" or "v":
                    return Each(numbers, 6, n => Curve(n, command == "v"));
                case "qx" or "qy":
                    var isAcross = command == "qx";
                    return Each(numbers, 2, n =>
                    {
                        Quadrant(n[0], n[1], isAcross);
                        isAcross = !isAcross;
                    });
                default:
                    return Each(numbers, 8, n => Arc(n, isClockwise: command[0] == 'w', joins: command is "at" or "wa"));
            }
        }

        private static bool Each(List<double> numbers, int count, Action<double[]> draw)
        {
            if (numbers.Count == 0 || numbers.Count % count != 0)
            {
                return false;
            }

            for (var i = 0; i < numbers.Count; i += count)
            {
                draw([.. numbers.GetRange(i, count)]);
            }

            return true;
        }

        private void Go(PathStepKind kind, double[] n, bool isRelative)
        {
            (_x, _y) = isRelative ? (_x + n[0], _y + n[1]) : (n[0], n[1]);
            _steps.Add(new(kind, path.Place(_x, _y), default, default));
        }

        private void Curve(double[] n, bool isRelative)
        {
            var (x, y) = isRelative ? (_x, _y) : (0, 0);
            _steps.Add(new(PathStepKind.Curve, path.Place(x + n[0], y + n[1]), path.Place(x + n[2], y + n[3]), path.Place(x + n[4], y + n[5])));
            (_x, _y) = (x + n[4], y + n[5]);
        }

        // A quarter of an ellipse that sets out across or down.
        private void Quadrant(double x, double y, bool isAcross)
        {
            const double K = 0.5522847498;
            var (dx, dy) = (x - _x, y - _y);
            var (first, second) = isAcross ? ((_x + (K * dx), _y), (x, y - (K * dy))) : ((_x, _y + (K * dy)), (x - (K * dx), y));
            _steps.Add(new(PathStepKind.Curve, path.Place(first.Item1, first.Item2), path.Place(second.Item1, second.Item2), path.Place(x, y)));
            (_x, _y) = (x, y);
        }

        // A part of the ellipse in a box, between the directions of two points as seen from its middle.
        private void Arc(double[] n, bool isClockwise, bool joins)
        {
            var (rx, ry) = ((n[2] - n[0]) / 2, (n[3] - n[1]) / 2);
            var (cx, cy) = (n[0] + rx, n[1] + ry);
            (rx, ry) = (Math.Abs(rx), Math.Abs(ry));
            if (rx == 0 || ry == 0)
            {
                Go(joins ? PathStepKind.Line : PathStepKind.Move, [cx, cy], false);
                return;
            }

            var start = Math.Atan2((n[5] - cy) / ry, (n[4] - cx) / rx);
            var sweep = Math.Atan2((n[7] - cy) / ry, (n[6] - cx) / rx) - start;
            sweep = isClockwise ? (sweep <= 0 ? sweep + (2 * Math.PI) : sweep) : (sweep >= 0 ? sweep - (2 * Math.PI) : sweep);
            Go(joins ? PathStepKind.Line : PathStepKind.Move, [cx + (rx * Math.Cos(start)), cy + (ry * Math.Sin(start))], false);
            var pieces = (int)Math.Ceiling(Math.Abs(sweep) / (Math.PI / 2) - 1e-9);
            var step = sweep / Math.Max(1, pieces);
            var k = 4 / 3.0 * Math.Tan(step / 4);
            for (var i = 0; i < pieces; i++)
            {
                var (s0, c0) = Math.SinCos(start + (i * step));
                var (s1, c1) = Math.SinCos(start + ((i + 1) * step));
                Curve([cx + (rx * (c0 - (k * s0))), cy + (ry * (s0 + (k * c0))), cx + (rx * (c1 + (k * s1))), cy + (ry * (s1 - (k * c1))), cx + (rx * c1), cy + (ry * s1)], false);
            }
        }
    }
}
