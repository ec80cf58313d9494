using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Works out a:custGeom (§20.1.9.8): guides are calculated, arcs become curves.</summary>
internal static class CustomGeometry
{
    private const int MaxSteps = 20_000;
    private const double DegreeUnits = 60_000;

    /// <summary>The paths in parts of the shape's size; empty where there is none, or more than anybody draws.</summary>
    /// <param name="custom">The element.</param>
    /// <param name="extent">The shape's size (a:ext), in whose units paths without a size of their own are.</param>
    public static ImmutableArray<ShapePath> Read(Element custom, Element extent)
    {
        var (shapeWidth, shapeHeight) = (AttributeText.Double(extent["cx"]) ?? 0, AttributeText.Double(extent["cy"]) ?? 0);
        var paths = ImmutableArray.CreateBuilder<ShapePath>();
        var count = 0;
        foreach (var path in custom.Child(Ns.DrawingMl, "pathLst").Elements)
        {
            var (width, height) = (AttributeText.Double(path["w"]) is { } w and > 0 ? w : shapeWidth, AttributeText.Double(path["h"]) is { } h and > 0 ? h : shapeHeight);
            var guides = Guides(custom, width, height);
            var steps = ReadSteps(path, guides, width > 0 ? width : 1, height > 0 ? height : 1);
            count += steps.Length;
            if (count > MaxSteps)
            {
                return [];
            }

            paths.Add(new ShapePath(steps, path["fill"] != "none", AttributeText.Bool(path["stroke"]) ?? true));
        }

        return paths.ToImmutable();
    }

    private static ImmutableArray<PathStep> ReadSteps(Element path, Dictionary<string, double> guides, double width, double height)
    {
        var steps = ImmutableArray.CreateBuilder<PathStep>();
        var at = default(ShapePoint);
        foreach (var e in path.Elements)
        {
            var points = new List<ShapePoint>();
            foreach (var pt in e.Elements)
            {
                points.Add(new ShapePoint(Value(pt["x"], guides) / width, Value(pt["y"], guides) / height));
            }

            switch (e.Name)
            {
                case "moveTo" when points.Count > 0:
                    steps.Add(new PathStep(PathStepKind.Move, points[0], default, default));
                    break;
                case "lnTo" when points.Count > 0:
                    steps.Add(new PathStep(PathStepKind.Line, points[0], default, default));
                    break;
                case "cubicBezTo" when points.Count > 2:
                    steps.Add(new PathStep(PathStepKind.Curve, points[0], points[1], points[2]));
                    break;
                case "quadBezTo" when points.Count > 1:
                    // The same curve with two control points.
                    var (q, end) = (points[0], points[1]);
                    steps.Add(new PathStep(PathStepKind.Curve, Between(at, q, 2 / 3.0), Between(end, q, 2 / 3.0), end));
                    points = [end];
                    break;
                case "arcTo":
                    var (wR, hR) = (Value(e["wR"], guides), Value(e["hR"], guides));
                    var (start, sweep) = Unstretched(wR, hR, Value(e["stAng"], guides) / DegreeUnits, Value(e["swAng"], guides) / DegreeUnits);
                    at = AddArc(steps, at, wR / width, hR / height, start, sweep);
                    continue;
                case "close":
                    steps.Add(new PathStep(PathStepKind.Close, default, default, default));
                    break;
            }

            at = points.Count > 0 ? points[^1] : at;
        }

        return steps.ToImmutable();
    }

    private static ShapePoint Between(ShapePoint a, ShapePoint b, double share) => new(a.X + ((b.X - a.X) * share), a.Y + ((b.Y - a.Y) * share));

    /// <summary>
    /// Angles of an arc (§20.1.9.4) are those at which its ends are seen from the ellipse's centre; this gives the ones on the circle that was stretched to it.
    /// </summary>
    public static (double Start, double Sweep) Unstretched(double wR, double hR, double start, double sweep)
    {
        if (wR == hR || wR <= 0 || hR <= 0)
        {
            return (start, sweep);
        }

        sweep = Math.Clamp(sweep, -360, 360);
        var (from, to) = (OnCircle(start), OnCircle(start + sweep));
        return (from, to - from);

        // Whole turns and quarters stay as they are.
        double OnCircle(double angle)
        {
            var radians = angle * Math.PI / 180;
            var found = Math.Atan2(wR * Math.Sin(radians), hR * Math.Cos(radians)) * 180 / Math.PI;
            return found + (360 * Math.Round((angle - found) / 360));
        }
    }

    /// <summary>Adds an arc that begins where the path is, as curves; gives its end. Radii in parts of the size, angles clockwise in degrees.</summary>
    public static ShapePoint AddArc(ImmutableArray<PathStep>.Builder steps, ShapePoint from, double rx, double ry, double start, double sweep)
    {
        sweep = Math.Clamp(sweep, -360, 360);
        var pieces = Math.Max(1, (int)Math.Ceiling(Math.Abs(sweep) / 90));
        var (angle, step) = (start * Math.PI / 180, sweep / pieces * Math.PI / 180);
        var center = new ShapePoint(from.X - (rx * Math.Cos(angle)), from.Y - (ry * Math.Sin(angle)));

        // Control points at 4/3 tan(a/4) along the tangents.
        var k = 4 / 3.0 * Math.Tan(step / 4);
        for (var i = 0; i < pieces; i++, angle += step)
        {
            var (c0, s0, c1, s1) = (Math.Cos(angle), Math.Sin(angle), Math.Cos(angle + step), Math.Sin(angle + step));
            var end = new ShapePoint(center.X + (rx * c1), center.Y + (ry * s1));
            steps.Add(new PathStep(
                PathStepKind.Curve,
                new ShapePoint(center.X + (rx * (c0 - (k * s0))), center.Y + (ry * (s0 + (k * c0)))),
                new ShapePoint(center.X + (rx * (c1 + (k * s1))), center.Y + (ry * (s1 - (k * c1)))),
                end));
            from = end;
        }

        return from;
    }

    private static Dictionary<string, double> Guides(Element custom, double width, double height)
    {
        var guides = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["w"] = width,
            ["h"] = height,
            ["l"] = 0,
            ["t"] = 0,
            ["r"] = width,
            ["b"] = height,
            ["hc"] = width / 2,
            ["vc"] = height / 2,
            ["ss"] = Math.Min(width, height),
            ["ls"] = Math.Max(width, height),
            ["wd2"] = width / 2,
            ["hd2"] = height / 2,
            ["wd4"] = width / 4,
            ["hd4"] = height / 4,
            ["cd2"] = 180 * DegreeUnits,
            ["cd4"] = 90 * DegreeUnits,
            ["cd8"] = 45 * DegreeUnits,
            ["3cd4"] = 270 * DegreeUnits,
        };
        foreach (var list in new[] { "avLst", "gdLst" })
        {
            foreach (var guide in custom.Child(Ns.DrawingMl, list).Elements)
            {
                if (guide["name"] is { } name && guide["fmla"] is { } formula && guides.Count < 2000)
                {
                    guides[name] = Calculate(formula.Split(' ', StringSplitOptions.RemoveEmptyEntries), guides);
                }
            }
        }

        return guides;
    }

    // The operators of §20.1.9.11; angles in 60,000ths of a degree.
    private static double Calculate(string[] words, Dictionary<string, double> guides)
    {
        var (x, y, z) = (Argument(1), Argument(2), Argument(3));
        var result = (words.Length > 0 ? words[0] : "") switch
        {
            "val" => x,
            "*/" => z == 0 ? 0 : x * y / z,
            "+-" => x + y - z,
            "+/" => z == 0 ? 0 : (x + y) / z,
            "?:" => x > 0 ? y : z,
            "abs" => Math.Abs(x),
            "at2" => Math.Atan2(y, x) * 180 / Math.PI * DegreeUnits,
            "cat2" => x * Math.Cos(Math.Atan2(z, y)),
            "sat2" => x * Math.Sin(Math.Atan2(z, y)),
            "cos" => x * Math.Cos(Radians(y)),
            "sin" => x * Math.Sin(Radians(y)),
            "tan" => x * Math.Tan(Radians(y)),
            "max" => Math.Max(x, y),
            "min" => Math.Min(x, y),
            "mod" => Math.Sqrt((x * x) + (y * y) + (z * z)),
            "pin" => y < x ? x : y > z ? z : y,
            "sqrt" => x < 0 ? 0 : Math.Sqrt(x),
            _ => 0,
        };
        return double.IsFinite(result) ? result : 0;

        double Argument(int index) => index < words.Length ? Value(words[index], guides) : 0;

        static double Radians(double angle) => angle / DegreeUnits * Math.PI / 180;
    }

    private static double Value(string? text, Dictionary<string, double> guides)
        => text is null ? 0 : guides.TryGetValue(text, out var known) ? known : AttributeText.Double(text) ?? 0;
}
