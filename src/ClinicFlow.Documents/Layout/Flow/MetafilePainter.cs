using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Metafiles;
using DashKind = ClinicFlow.Documents.Layout.Pages.DashKind;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>Paints metafiles: their lines, areas, texts and bitmaps, at the size of the picture and cut to it.</summary>
internal sealed class MetafilePainter(FontSet fonts, Shaper shaper)
{
    /// <summary>A line of no width is drawn as wide as printers draw one.</summary>
    private const double Hairline = 0.25;

    /// <summary>Lines along the edge of a picture are not cut in half.</summary>
    private const double Bleed = 0.75;

    private const long MostWeight = 30_000_000;
    private const int MostKept = 1000;

    private long _weight;
    private readonly MetafileLetters _letters = new(fonts, shaper);
    private readonly Dictionary<Placing, Fragment> _kept = [];
    private readonly Dictionary<MetafileBitmap, PictureSource> _bitmaps = new(ReferenceEqualityComparer.Instance);
    private readonly FragmentBuilder _builder = new();

    /// <summary>What a painted metafile depends on.</summary>
    private sealed record Placing(Metafile Metafile, double Width, double Height, Crop Crop, double Opacity, int Node)
    {
        public bool Equals(Placing? other) => other is not null && ReferenceEquals(Metafile, other.Metafile)
            && (Width, Height, Crop, Opacity, Node) == (other.Width, other.Height, other.Crop, other.Opacity, other.Node);

        public override int GetHashCode() => HashCode.Combine(Width, Height, Crop, Opacity, Node);
    }

    /// <summary>
    /// A metafile as a fragment whose origin is the picture's left top. It shows the file and nothing of the document around it, so it is made once, and
    /// writers may keep what they make of it.
    /// </summary>
    /// <exception cref="LayoutLimitException">With those before it in the document it is more than may be drawn.</exception>
    public Fragment Of(Metafile metafile, double width, double height, Crop crop, double opacity, int node)
    {
        var placing = new Placing(metafile, width, height, crop, opacity, node);
        if (!_kept.TryGetValue(placing, out var fragment))
        {
            if (_kept.Count == MostKept)
            {
                _kept.Clear();
            }

            Add(_builder, metafile, new Box(0, 0, width, height), crop, opacity, node);
            _kept.Add(placing, fragment = _builder.Build(isShared: true));
        }

        else
        {
            Weigh(metafile);
        }

        return fragment;
    }

    /// <summary>Makes ready for the next document.</summary>
    public void NextDocument() => _weight = 0;

    // What is kept costs no time again, but room in the document.
    private void Weigh(Metafile metafile)
    {
        _weight += metafile.Weight;
        if (_weight > MostWeight)
        {
            throw LayoutLimitException.OfMetafiles(MostWeight);
        }
    }

    /// <summary>Adds what a metafile draws.</summary>
    /// <param name="into">Where the marks go.</param>
    /// <param name="metafile">The file.</param>
    /// <param name="box">Where what is left of the picture stands.</param>
    /// <param name="crop">What is cut off.</param>
    /// <param name="opacity">1 for opaque.</param>
    /// <param name="node">Its place in the structure.</param>
    public void Add(FragmentBuilder into, Metafile metafile, Box box, Crop crop, double opacity, int node)
    {
        Weigh(metafile);
        var (shareX, shareY) = (1 - crop.Left - crop.Right, 1 - crop.Top - crop.Bottom);
        if (shareX <= 0 || shareY <= 0 || box.Width <= 0 || box.Height <= 0)
        {
            return;
        }

        var (width, height) = (box.Width / shareX, box.Height / shareY);
        var toFragment = Transform.Scale(width, height, box.Left - (crop.Left * width), box.Top - (crop.Top * height));
        var edge = Edge(box, crop, width, height);
        var styles = new Dictionary<MetafilePen, LineStyle>(ReferenceEqualityComparer.Instance);
        MetafileClip? clip = null;
        var isOpen = false;
        foreach (var item in metafile.Items)
        {
            if (!isOpen || !ReferenceEquals(item.Clip, clip))
            {
                if (isOpen)
                {
                    into.EndGroup(node);
                }

                (clip, isOpen) = (item.Clip, true);
                into.BeginGroup(new(null, Clips(edge, clip, toFragment)), node);
            }

            switch (item)
            {
                case MetafileShape shape:
                    into.Add(ShapeOf(shape, toFragment, Math.Sqrt(width * height), opacity, styles), node);
                    break;
                case MetafileText text:
                    _letters.Add(into, text, toFragment, opacity, node);
                    break;
                case MetafileBitmap bitmap:
                    var place = bitmap.Place.Then(toFragment);
                    into.Add(new Picture(SourceOf(bitmap), new Matrix(place.A, place.B, place.C, place.D, place.E, place.F)) { Opacity = (float)(bitmap.Opacity * opacity) }, node);
                    break;
            }
        }

        if (isOpen)
        {
            into.EndGroup(node);
        }
    }

    // A side at which something is cut off is the end; so is one at which empty room was added to the picture.
    private static Shape Edge(Box box, Crop crop, double width, double height)
    {
        static double Inset(double cut, double size) => cut > 0 ? 0 : (-cut * size) - Bleed;
        var (left, top) = (box.Left + Inset(crop.Left, width), box.Top + Inset(crop.Top, height));
        var (right, bottom) = (box.Right - Inset(crop.Right, width), box.Bottom - Inset(crop.Bottom, height));
        return new(
            [PathVerb.Move, PathVerb.Line, PathVerb.Line, PathVerb.Line, PathVerb.Close],
            [new((float)left, (float)top), new((float)right, (float)top), new((float)right, (float)bottom), new((float)left, (float)bottom)],
            null, null, 0, DashKind.Solid);
    }

    private static ImmutableArray<Shape> Clips(Shape edge, MetafileClip? clip, in Transform toFragment)
    {
        var all = ImmutableArray.CreateBuilder<Shape>();
        all.Add(edge);
        for (; clip is not null; clip = clip.Around)
        {
            // An area without an outline holds nothing.
            var path = PathOf(clip.Path.IsEmpty ? [new(PathStepKind.Move, default, default, default), new(PathStepKind.Close, default, default, default)] : clip.Path, toFragment);
            all.Add(new(path.Verbs, path.Points, null, null, 0, DashKind.Solid) { IsEvenOdd = clip.IsEvenOdd });
        }

        return all.ToImmutable();
    }

    private static Shape ShapeOf(MetafileShape shape, in Transform toFragment, double unit, double opacity, Dictionary<MetafilePen, LineStyle> styles)
    {
        var path = PathOf(shape.Path, toFragment);
        LineStyle? style = null;
        if (shape.Pen is { } pen && !styles.TryGetValue(pen, out style))
        {
            ImmutableArray<float> dashes = [.. pen.Dashes.Select(dash => (float)(pen.Width == 0 ? dash * Hairline : dash * unit))];
            style = new((LineCap)pen.Cap, (LineJoin)pen.Join, (float)pen.MiterLimit, dashes.Sum() > 0.01f ? dashes : []);
            styles.Add(pen, style);
        }

        return new(
            path.Verbs, path.Points, shape.Fill is { } fill ? DrawingPainter.PaintOf(fill, opacity) : null, shape.Pen is { } line ? DrawingPainter.PaintOf(line.Color, opacity) : null,
            (float)Math.Max(Hairline, (shape.Pen?.Width ?? 0) * unit), DashKind.Solid)
        { IsEvenOdd = shape.IsEvenOdd, Style = style };
    }

    private static (ImmutableArray<PathVerb> Verbs, ImmutableArray<PathPoint> Points) PathOf(ImmutableArray<PathStep> steps, in Transform toFragment)
    {
        var verbs = ImmutableArray.CreateBuilder<PathVerb>(steps.Length);
        var points = ImmutableArray.CreateBuilder<PathPoint>(steps.Length);
        foreach (var step in steps)
        {
            verbs.Add(step.Kind switch { PathStepKind.Move => PathVerb.Move, PathStepKind.Line => PathVerb.Line, PathStepKind.Curve => PathVerb.Curve, _ => PathVerb.Close });
            if (step.Kind != PathStepKind.Close)
            {
                points.Add(Point(toFragment, step.A));
            }

            if (step.Kind == PathStepKind.Curve)
            {
                points.Add(Point(toFragment, step.B));
                points.Add(Point(toFragment, step.C));
            }
        }

        return (verbs.ToImmutable(), points.ToImmutable());
    }

    private static PathPoint Point(in Transform transform, ShapePoint point)
    {
        var (x, y) = transform.Apply(point.X, point.Y);
        return new((float)x, (float)y);
    }

    // One object for one bitmap, by which a writer knows it again.
    private PictureSource SourceOf(MetafileBitmap bitmap)
    {
        if (!_bitmaps.TryGetValue(bitmap, out var source))
        {
            _bitmaps.Add(bitmap, source = new(ImmutableCollectionsMarshal.AsArray(bitmap.File) ?? [], "in a metafile"));
        }

        return source;
    }
}
