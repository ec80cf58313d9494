using ClinicFlow.Documents.Layout.Pages;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>A fragment at its place, before the structure tree has numbers. <paramref name="Owner"/> is null for artifacts.</summary>
internal readonly record struct Placed(Fragment Fragment, double X, double Y, StructureOwner? Owner)
{
    public Matrix? Transform { get; init; }

    public PageClip? Clip { get; init; }
}

/// <summary>A place that a bookmark or heading names.</summary>
internal readonly record struct Landmark(string Name, int OutlineLevel, double X, double Y);

/// <summary>What is painted on a page, or on a part of one that is turned before it gets there: what lies behind the text, the text, and what lies over it.</summary>
/// <param name="room">How many marks are expected.</param>
internal sealed class Canvas(int room = 0)
{
    private readonly List<(long Order, Placed Item)> _behind = [];
    private readonly List<Placed> _body = new(room);
    private readonly List<(long Order, Placed Item)> _front = [];

    /// <summary>Everything added is an artifact: headers, repeated rows.</summary>
    public bool IsArtifact { get; set; }

    /// <summary>The page, where the canvas is a page's own: places drawings that leave the cell they hang in.</summary>
    public PageOfCanvas? Page { get; set; }

    public List<Landmark> Landmarks { get; } = [];

    /// <summary>How many marks there are.</summary>
    public int Count => _behind.Count + _body.Count + _front.Count;

    public bool IsEmpty => Count == 0;

    public void Add(Fragment fragment, double x, double y, StructureOwner? owner)
    {
        if (fragment != Fragment.Empty)
        {
            _body.Add(new(fragment, x, y, IsArtifact ? null : owner));
        }
    }

    /// <summary>Adds all of another canvas at the level where its text is.</summary>
    public void Add(Canvas other, Layer layer = Layer.Text, long order = 0)
    {
        foreach (var item in other.InOrder())
        {
            var mine = IsArtifact ? item with { Owner = null } : item;
            switch (layer)
            {
                case Layer.Behind:
                    _behind.Add((order, mine));
                    break;
                case Layer.Front:
                    _front.Add((order, mine));
                    break;
                default:
                    _body.Add(mine);
                    break;
            }
        }

        Landmarks.AddRange(other.Landmarks);
    }

    /// <summary>Adds all of another canvas, turned.</summary>
    public void Add(Canvas other, Matrix matrix)
    {
        var linear = new Matrix(matrix.A, matrix.B, matrix.C, matrix.D, 0, 0);
        foreach (var item in other.InOrder())
        {
            var x = (matrix.A * item.X) + (matrix.C * item.Y) + matrix.E;
            var y = (matrix.B * item.X) + (matrix.D * item.Y) + matrix.F;
            _body.Add(item with { X = x, Y = y, Transform = item.Transform is { } own ? own.Then(linear) : linear, Clip = null, Owner = IsArtifact ? null : item.Owner });
        }
    }

    /// <summary>Adds all of another canvas, cut to a rectangle.</summary>
    public void Add(Canvas other, Box clip)
    {
        var whole = new PageClip(clip);
        foreach (var item in other.InOrder())
        {
            _body.Add(item with { Clip = item.Clip is { } own ? new(Intersect(own.Box, clip)) : whole, Owner = IsArtifact ? null : item.Owner });
        }

        Landmarks.AddRange(other.Landmarks);
    }

    /// <summary>In painting order. Of floats those with a higher number lie over those with a lower.</summary>
    public List<Placed> InOrder() => _behind.Count == 0 && _front.Count == 0 ? _body
        : [.. _behind.OrderBy(pair => pair.Order).Select(pair => pair.Item), .. _body, .. _front.OrderBy(pair => pair.Order).Select(pair => pair.Item)];

    private static Box Intersect(Box a, Box b)
    {
        var left = Math.Max(a.Left, b.Left);
        var top = Math.Max(a.Top, b.Top);
        return new(left, top, Math.Max(0, Math.Min(a.Right, b.Right) - left), Math.Max(0, Math.Min(a.Bottom, b.Bottom) - top));
    }
}

internal enum Layer : byte
{
    Behind,
    Text,
    Front,
}

/// <summary>What drawings are placed by that leave the cell they hang in.</summary>
internal sealed record PageOfCanvas(FloatFrame Frame);
