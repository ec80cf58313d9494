using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>How an arc is drawn.</summary>
internal enum ArcKind
{
    Arc,
    Chord,
    Pie,

    /// <summary>With a line from where the last one ended, and the next goes on from its end.</summary>
    To,
}

/// <summary>
/// What the records of EMF and WMF draw on: it keeps the state that they set, and gathers what comes out, under limits of size.
/// </summary>
internal sealed class MetafileCanvas
{
    private const int MostItems = 200_000;
    private const int MostSteps = 1_000_000;
    private const int MostCharacters = 500_000;
    private const int MostSaved = 1024;

    private readonly ImmutableArray<MetafileItem>.Builder _items = ImmutableArray.CreateBuilder<MetafileItem>();
    private readonly Stack<DeviceContext> _saved = new();
    private GdiPath? _bracket;
    private ImmutableArray<PathStep> _path = [];
    private MetafilePen? _lastPen;
    private MetafileClip? _lastClip;
    private MetafileClip? _textClip;
    private int _steps;
    private int _characters;

    public MetafileCanvas(DeviceContext start) => (Now, Clips) = (start, new(this));

    /// <summary>What is set.</summary>
    public DeviceContext Now { get; set; }

    public ClipRegions Clips { get; }

    public ImmutableArray<MetafileItem> Items => _items.ToImmutable();

    public int Count => _items.Count;

    /// <summary>The path of the last bracket, which is used up.</summary>
    public ImmutableArray<PathStep> TakePath()
    {
        var path = _path;
        _path = [];
        return path;
    }

    public void Save()
    {
        _saved.Push(Now);
        if (_saved.Count > MostSaved)
        {
            throw new UndrawableException("too many saved states");
        }
    }

    /// <summary>Goes back to what was saved: counted from the last one where negative, else from the first.</summary>
    public void Restore(int which)
    {
        var back = which < 0 ? -(long)which : _saved.Count - (long)which + 1;
        if (which == 0 || back < 1 || back > _saved.Count)
        {
            return; // Windows does nothing either.
        }

        for (; back > 0; back--)
        {
            Now = _saved.Pop();
        }
    }

    public void Select(GdiObject made) => Now = made switch
    {
        GdiPen pen => Now with { Pen = pen },
        GdiBrush brush => Now with { Brush = brush },
        GdiFont font => Now with { Font = font },
        GdiOther { IsRegion: true } => throw new UndrawableException("a region to which drawing is cut"),
        _ => Now,
    };

    public void MoveTo(ShapePoint point)
    {
        Now = Now with { Position = point };
        _bracket?.Break();
    }

    /// <summary>Lines from where the last one ended.</summary>
    public void LinesTo(ReadOnlySpan<ShapePoint> points)
    {
        if (points.IsEmpty)
        {
            return;
        }

        var path = Begin();
        path.From(Now.ToPicture, Now.Position);
        foreach (var point in points)
        {
            path.Line(Now.ToPicture, point);
        }

        Now = Now with { Position = points[^1] };
        End(path, isArea: false);
    }

    public void Lines(ReadOnlySpan<ShapePoint> points, bool isArea)
    {
        var path = Begin();
        path.Figure(Now.ToPicture, points, isArea);
        End(path, isArea);
    }

    /// <summary>Several figures that are one area, or several lines.</summary>
    public void ManyLines(ReadOnlySpan<ShapePoint> points, ReadOnlySpan<int> counts, bool areAreas)
    {
        var path = Begin();
        foreach (var count in counts)
        {
            path.Figure(Now.ToPicture, points[..count], areAreas);
            points = points[count..];
        }

        End(path, areAreas);
    }

    /// <summary>Bézier curves, of three points each.</summary>
    /// <param name="points">With a first one more, or to go on from the last line.</param>
    /// <param name="isContinued">Whether they go on.</param>
    public void Curves(ReadOnlySpan<ShapePoint> points, bool isContinued)
    {
        var path = Begin();
        if (isContinued)
        {
            path.From(Now.ToPicture, Now.Position);
        }
        else if (!points.IsEmpty)
        {
            path.Break();
            path.From(Now.ToPicture, points[0]);
            points = points[1..];
        }

        for (; points.Length >= 3; points = points[3..])
        {
            path.Curve(Now.ToPicture, points[0], points[1], points[2]);
            Now = isContinued ? Now with { Position = points[2] } : Now;
        }

        if (!isContinued)
        {
            path.Break();
        }

        End(path, isArea: false);
    }

    public void Rectangle(double left, double top, double right, double bottom)
    {
        var path = Begin();
        path.Rectangle(Now.ToPicture, left, top, right, bottom);
        End(path, isArea: true);
    }

    public void RoundRectangle(double left, double top, double right, double bottom, double cornerWidth, double cornerHeight)
    {
        var path = Begin();
        path.RoundRectangle(Now.ToPicture, left, top, right, bottom, cornerWidth / 2, cornerHeight / 2);
        End(path, isArea: true);
    }

    /// <summary>A part of the ellipse in a box, from the ray through one point to the ray through another.</summary>
    public void Arc(ArcKind kind, double left, double top, double right, double bottom, ShapePoint start, ShapePoint end)
    {
        var center = new ShapePoint((left + right) / 2, (top + bottom) / 2);
        var (x, y) = (Math.Abs(right - left) / 2, Math.Abs(bottom - top) / 2);
        if (x == 0 || y == 0)
        {
            return;
        }

        // The clock is the reader's: where the page is mirrored, the other way here.
        var from = Math.Atan2((start.Y - center.Y) / y, (start.X - center.X) / x);
        var sweep = Math.Atan2((end.Y - center.Y) / y, (end.X - center.X) / x) - from;
        var isForward = Now.IsArcClockwise == (Now.Page.Determinant >= 0);
        sweep = isForward ? (sweep <= 0 ? sweep + (2 * Math.PI) : sweep) : sweep >= 0 ? sweep - (2 * Math.PI) : sweep;
        AddArc(kind, center, x, y, from, sweep);
    }

    /// <summary>A line to an arc of a circle, and the arc; angles in degrees, against the clock.</summary>
    public void AngleArc(ShapePoint center, double radius, double start, double sweep)
    {
        if (!(Math.Abs(start) < 1e6 && Math.Abs(sweep) < 1e6))
        {
            throw new UndrawableException("an arc of a strange angle");
        }

        sweep = Math.Clamp(sweep, -360, 360);
        AddArc(ArcKind.To, center, radius, radius, -start * Math.PI / 180, -sweep * Math.PI / 180);
    }

    private void AddArc(ArcKind kind, ShapePoint center, double x, double y, double start, double sweep)
    {
        var path = Begin();
        if (kind == ArcKind.To)
        {
            path.From(Now.ToPicture, Now.Position);
        }
        else
        {
            path.Break();
        }

        var end = path.Arc(Now.ToPicture, center, x, y, start, sweep, isJoined: kind == ArcKind.To);
        switch (kind)
        {
            case ArcKind.To:
                Now = Now with { Position = end };
                break;
            case ArcKind.Pie:
                path.Line(Now.ToPicture, center);
                path.Close();
                break;
            case ArcKind.Chord:
                path.Close();
                break;
        }

        if (kind != ArcKind.To)
        {
            path.Break();
        }

        End(path, isArea: kind is ArcKind.Chord or ArcKind.Pie);
    }

    public void BeginPath() => (_bracket, _path) = (new(), []);

    public void EndPath() => (_path, _bracket) = (_bracket?.Build() ?? [], null);

    public void AbortPath() => (_path, _bracket) = ([], null);

    public void CloseFigure() => _bracket?.Close();

    /// <summary>Draws the path of the last bracket.</summary>
    public void DrawPath(bool isFilled, bool isStroked)
    {
        var path = TakePath();
        if (!path.IsEmpty)
        {
            Paint(isFilled ? GdiPath.Closed(path) : path, isFilled, isStroked);
        }
    }

    /// <summary>Fills a path in one colour, whatever pen and mix are set.</summary>
    public void Fill(ImmutableArray<PathStep> path, Rgb color, bool isEvenOdd = true) => Add(new MetafileShape(path, color, isEvenOdd, null), path.Length);

    /// <summary>Fills a path with the brush that is selected, over what is there.</summary>
    public void FillWithBrush(ImmutableArray<PathStep> path, GdiBrush brush)
    {
        if (brush.Undrawable is { } what)
        {
            throw new UndrawableException(what);
        }

        if (brush.Color is { } color)
        {
            Fill(path, color);
        }
    }

    /// <summary>The outline of a rectangle in logical units.</summary>
    public ImmutableArray<PathStep> RectanglePath(double left, double top, double right, double bottom)
    {
        var path = new GdiPath();
        path.Rectangle(Now.ToPicture, left, top, right, bottom);
        return path.Build();
    }

    /// <summary>Draws a line of text.</summary>
    /// <param name="text">Its characters.</param>
    /// <param name="advances">The width of each in logical units; empty for the font's own.</param>
    /// <param name="at">Where.</param>
    /// <param name="isRightToLeft">Whether it reads from right to left.</param>
    /// <param name="clip">To what it is cut as well, in logical units: left, top, right, bottom; null for nothing.</param>
    public void Text(string text, ImmutableArray<double> advances, ShapePoint at, bool isRightToLeft, (double Left, double Top, double Right, double Bottom)? clip)
    {
        if (_bracket is not null)
        {
            throw new UndrawableException("text as an outline");
        }

        var now = Now;
        var (font, turn) = (now.Font, now.Font.Escapement / 10.0 * Math.PI / 180);
        if (font.Face.Family.StartsWith('@') || (((long)font.Escapement - font.Orientation) % 3600 != 0 && now.World != Transform.Identity))
        {
            throw new UndrawableException("text whose letters are turned one by one");
        }

        if (font.HasUnknownSymbols && !string.IsNullOrWhiteSpace(text))
        {
            throw new UndrawableException($"text in the symbol font {font.Face.Family}");
        }

        // Where the page is mirrored, letters are not: only the world's own transform does that.
        var (sin, cos) = Math.SinCos(turn);
        var page = now.Page;
        var flip = Transform.Scale(page.A < 0 ? -1 : 1, page.D < 0 ? -1 : 1);
        var movesOn = (now.TextAlign & 1) != 0;
        var (x, y) = movesOn ? now.Position : at;
        var letters = new Transform(cos, -sin, sin, cos, 0, 0).Then(flip);
        var place = letters.Then(Transform.Scale(1, 1, x, y)).Then(now.ToPicture);
        Measure(text, advances, place);
        if (movesOn)
        {
            if (advances.IsEmpty && text.Length > 0)
            {
                throw new UndrawableException("text that others follow, without widths");
            }

            var width = (now.TextAlign & 6) switch { 0 => advances.Sum(), 2 => -advances.Sum(), _ => 0 };
            var end = letters.Apply(width, 0);
            Now = now with { Position = new(x + end.X, y + end.Y) };
        }

        if (text.Length == 0)
        {
            return;
        }

        Add(
            new MetafileText
            {
                Text = text,
                Advances = advances,
                Font = font.Face,
                Color = now.TextColor,
                Background = now.IsOpaque ? now.BackColor : null,
                Place = place,
                Horizontal = (now.TextAlign & 6) switch { 6 => TextSide.Center, 2 => TextSide.Right, _ => TextSide.Left },
                Vertical = (now.TextAlign & 24) switch { 24 => TextLevel.Baseline, 8 => TextLevel.Bottom, _ => TextLevel.Top },
                IsRightToLeft = isRightToLeft || (now.TextAlign & 0x100) != 0,
                Spacing = now.TextSpacing,
                SpaceStretch = now.SpaceStretch,
            },
            steps: 0,
            clip is { } box ? _textClip = Clips.Within(box.Left, box.Top, box.Right, box.Bottom, _textClip) : now.Clip);
    }

    private void Measure(string text, ImmutableArray<double> advances, in Transform place)
    {
        const double farthest = 1e6; // in parts of the picture
        _characters += text.Length;
        if (_characters > MostCharacters)
        {
            throw new UndrawableException($"more than {MostCharacters} characters");
        }

        var end = place.Apply(advances.Sum(), 0);
        var height = place.Apply(0, Now.Font.Face.Height);
        if (!(place.IsSound && Math.Abs(end.X) < farthest && Math.Abs(end.Y) < farthest && Math.Abs(height.X) < farthest && Math.Abs(height.Y) < farthest))
        {
            throw new UndrawableException("text far outside of it");
        }
    }

    /// <summary>Draws a bitmap.</summary>
    /// <param name="file">PNG or JPEG.</param>
    /// <param name="place">From the unit square to the picture.</param>
    /// <param name="opacity">1 for opaque.</param>
    /// <param name="clip">To what it is cut; null for what is set.</param>
    public void Bitmap(ImmutableArray<byte> file, in Transform place, double opacity, MetafileClip? clip = null)
        => Add(new MetafileBitmap(file, place.IsSound ? place : throw new UndrawableException("a bitmap far outside of it"), opacity), 0, clip ?? Now.Clip);

    /// <summary>Takes the last item back.</summary>
    public void TakeLast() => _items.RemoveAt(_items.Count - 1);

    private GdiPath Begin() => _bracket ?? new();

    private void End(GdiPath path, bool isArea)
    {
        if (ReferenceEquals(path, _bracket))
        {
            Within(_steps + path.Count);
        }
        else if (path.Count > 1)
        {
            Paint(path.Build(), isArea, isStroked: true);
        }
    }

    private void Paint(ImmutableArray<PathStep> path, bool isFilled, bool isStroked)
    {
        var inside = isFilled ? Mixed(Now.Brush.Color, Now.Brush.Undrawable) : null;
        var line = isStroked ? Mixed(Now.Pen.Color, Now.Pen.Undrawable) : null;
        if (inside is not null || line is not null)
        {
            Add(new MetafileShape(path, inside, !Now.IsWinding, line is { } color ? PenOf(Now.Pen, color) : null), path.Length);
        }
    }

    private void Add(MetafileItem item, int steps) => Add(item, steps, Now.Clip);

    private void Add(MetafileItem item, int steps, MetafileClip? clip)
    {
        if (_items.Count > 0 && !ReferenceEquals(clip, _lastClip))
        {
            steps += clip?.Steps ?? 0;
        }

        _lastClip = clip;
        Within(_steps += steps);
        if (_items.Count == MostItems)
        {
            throw new UndrawableException($"more than {MostItems} parts");
        }

        _items.Add(clip is null ? item : item with { Clip = clip });
    }

    private static void Within(int steps)
    {
        if (steps > MostSteps)
        {
            throw new UndrawableException($"more than {MostSteps} points");
        }
    }

    /// <summary>A colour as it comes out of the mix that is set, null where nothing changes ([MS-WMF] 2.1.1.2). Mixes that show what lies below are drawn where the colour leaves no choice.</summary>
    private Rgb? Mixed(Rgb? color, string? undrawable)
    {
        if (color is not { } own)
        {
            return null;
        }

        if (undrawable is not null)
        {
            throw new UndrawableException(undrawable);
        }

        var (isBlack, isWhite) = (own == Rgb.Black, own == Rgb.White);
        return (Now.Mix, isBlack, isWhite) switch
        {
            (13, _, _) => own,
            (1, _, _) => Rgb.Black,
            (16, _, _) => Rgb.White,
            (4, _, _) => new Rgb((byte)~own.Red, (byte)~own.Green, (byte)~own.Blue),
            (11, _, _) => null,
            (9, true, _) or (15, _, true) => own,
            (9, _, true) or (15, true, _) or (7, true, _) => null,
            _ => throw new UndrawableException($"colours mixed with those below (mix {Now.Mix})"),
        };
    }

    private MetafilePen PenOf(GdiPen pen, Rgb color)
    {
        // Where both directions are not enlarged alike, the width lies between the two.
        var toPicture = Now.ToPicture;
        var scale = Math.Sqrt(Math.Abs(toPicture.Determinant));
        var made = new MetafilePen(
            color, pen.Width * scale, pen.Cap, pen.Join, Now.MiterLimit,
            pen.Dashes.IsEmpty ? [] : [.. pen.Dashes.Select(dash => pen.Width == 0 ? dash : dash * scale)]);
        var isSame = _lastPen is { } last && last with { Dashes = made.Dashes } == made && last.Dashes.AsSpan().SequenceEqual(made.Dashes.AsSpan());
        return isSame ? _lastPen! : _lastPen = made;
    }
}
