using System.Collections.Immutable;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Charts;
using ClinicFlow.Documents.Model.Metafiles;
using DashKind = ClinicFlow.Documents.Layout.Pages.DashKind;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>Pictures, shapes, text boxes and groups: sets the text in them, and paints them.</summary>
internal sealed class DrawingPainter(LayoutParts parts)
{
    private static readonly System.Buffers.SearchValues<char> Descenders = System.Buffers.SearchValues.Create("gjpqy,;Q");

    // A rectangle that something is cut to.
    private static readonly Geometry Corners = new(
        ShapeKind.Custom,
        [new ShapePath([At(PathStepKind.Move, 0, 0), At(PathStepKind.Line, 1, 0), At(PathStepKind.Line, 1, 1), At(PathStepKind.Line, 0, 1), At(PathStepKind.Close, 0, 0)], IsFilled: true, IsStroked: true)],
        []);

    private readonly FragmentBuilder _builder = new();
    private int _depth;

    private static PathStep At(PathStepKind kind, double x, double y) => new(kind, new(x, y), default, default);

    /// <summary>Sets a floating drawing's text; its size may follow from that.</summary>
    /// <returns>Null where it has no size.</returns>
    public LaidFloat? LayFloat(Drawing drawing, StackPlace place)
    {
        var anchor = drawing.Anchor!;
        var frame = place.Frame;
        var width = anchor.RelativeWidth is { Share: > 0 } w ? w.Share * Base(w.From, frame, isWidth: true) : drawing.Width.Value;
        var height = anchor.RelativeHeight is { Share: > 0 } h ? h.Share * Base(h.From, frame, isWidth: false) : drawing.Height.Value;
        if (width < 0 || height < 0)
        {
            return null;
        }

        var text = LayText(drawing.Content, width, height, place);
        if (text is { Box.GrowsWithText: true } grown && drawing.Content is ShapeContent)
        {
            // Lines that run downwards or upwards lie beside each other.
            var insets = grown.Box.Insets;
            (width, height) = grown.IsTurned
                ? (Math.Max(grown.Stack.Height + insets.Left.Value + insets.Right.Value, 0), height)
                : (width, Math.Max(grown.Stack.Height + insets.Top.Value + insets.Bottom.Value, 0));
        }

        // One owner for the drawing, however often the page is tried.
        var owner = place.IsArtifact || drawing.IsDecorative
            ? null
            : new StructureOwner(StructureRole.Figure, place.Parent) { AlternativeText = drawing.AlternativeText.Length > 0 ? drawing.AlternativeText : null };
        return new(width, height, (canvas, x, y) => PaintContent(canvas, drawing.Content, new Box(x, y, width, height), owner, 0, text, place));
    }

    /// <summary>Paints a drawing that stands in a line.</summary>
    public void Paint(Canvas canvas, Drawing drawing, double x, double y, StructureOwner? owner, int node)
    {
        var (width, height) = (drawing.Width.Value, drawing.Height.Value);
        var place = new StackPlace { Width = width, Frame = FloatFrame.OfBox(width, height), Parent = owner?.Parent, IsArtifact = owner is null, Depth = _depth + 1 };
        PaintContent(canvas, drawing.Content, new Box(x, y, width, height), owner, node, LayText(drawing.Content, width, height, place), place);
    }

    /// <summary>A frame: paragraphs that stand in a box of their own.</summary>
    public LaidFloat LayFrame(ReadOnlySpan<Block> blocks, Frame frame, StackPlace place)
    {
        ImmutableArray<Block> inner = [.. blocks.ToArray().Select(block => block is Paragraph p ? p with { Format = p.Format with { Frame = null } } : block)];
        if (inner[0] is Paragraph { Format.TextDirection: TextDirection.Clockwise or TextDirection.CounterClockwise } turned)
        {
            return LayTurnedFrame(inner, frame, place, turned.Format.TextDirection == TextDirection.Clockwise);
        }

        var width = frame.Width.Value;
        if (width <= 0)
        {
            var widest = WidestOf(inner);
            width = Math.Min(widest, place.Width > 0 ? Math.Max(place.Width, 1) : widest);
        }

        var stack = parts.Stacks.Lay(inner, place with { Width = width, Depth = place.Depth + 1, Frame = FloatFrame.OfBox(width, frame.Height.Value) });
        var height = frame.HeightRule switch
        {
            LineRule.Exact => frame.Height.Value,
            LineRule.AtLeast => Math.Max(frame.Height.Value, stack.Height),
            _ => frame.Height.Value > 0 ? Math.Max(frame.Height.Value, stack.Height) : stack.Height,
        };
        return new(width, height, (canvas, x, y) => stack.Paint(canvas, x, y, 0, stack.Height));
    }

    // Lines as long as the frame is said to be high, or as the longest, beside each other.
    private LaidFloat LayTurnedFrame(ImmutableArray<Block> blocks, Frame frame, StackPlace place, bool isClockwise)
    {
        var along = frame.Height.Value > 0 ? frame.Height.Value : WidestOf(blocks);
        var stack = parts.Stacks.Lay(blocks, place with { Width = along, Depth = place.Depth + 1, Frame = FloatFrame.OfBox(along, frame.Width.Value) });
        var width = frame.Width.Value > 0 ? frame.Width.Value : stack.Height;
        return new(width, along, (canvas, x, y) =>
        {
            var own = new Canvas { IsArtifact = canvas.IsArtifact };
            stack.Paint(own, 0, 0, 0, stack.Height);
            canvas.Add(own, isClockwise ? new Matrix(0, 1, -1, 0, x + width, y) : new Matrix(0, -1, 1, 0, x, y + along));
        });
    }

    // Width of the longest line.
    private double WidestOf(ImmutableArray<Block> blocks)
    {
        var widest = 0.0;
        foreach (var block in blocks)
        {
            widest = Math.Max(widest, Tables.ContentWidths.Of(block, parts).Max);
        }

        return widest + 0.05;
    }

    /// <summary>A bullet that is a picture.</summary>
    public void AddPictureBullet(FragmentBuilder into, LaidParagraph paragraph)
    {
        var label = paragraph.Source.Label!;
        var line = paragraph.Lines[0];
        if (label.PictureBullet is { } bullet && bullet.Image >= 0 && bullet.Image < parts.Images.Length && !label.Format.IsHidden)
        {
            var height = label.Format.Size.Value;
            var width = height * bullet.Aspect;
            var left = paragraph.Source.Format.IsRightToLeft ? paragraph.Width - line.LabelLeft - width : line.LabelLeft;
            if (parts.Metafiles[bullet.Image] is { } metafile)
            {
                parts.MetafilePainter.Add(into, metafile, new Box(left, line.Baseline - height, width, height), default, 1, PageItem.Artifact);
            }
            else if (!parts.IsUndrawnMetafile(bullet.Image))
            {
                into.Add(new Picture(parts.Images[bullet.Image], new Matrix(width, 0, 0, height, left, line.Baseline - height)), PageItem.Artifact);
            }
        }
    }

    private static double Base(FloatFrom from, in FloatFrame frame, bool isWidth) => from switch
    {
        FloatFrom.Page => isWidth ? frame.Page.Width : frame.Page.Height,
        FloatFrom.LeftMargin or FloatFrom.InsideMargin => frame.Margins.Left - frame.Page.Left,
        FloatFrom.RightMargin or FloatFrom.OutsideMargin => frame.Page.Right - frame.Margins.Right,
        FloatFrom.TopMargin => frame.Margins.Top - frame.Page.Top,
        FloatFrom.BottomMargin => frame.Page.Bottom - frame.Margins.Bottom,
        _ => isWidth ? frame.Margins.Width : frame.Margins.Height,
    };

    private sealed record BoxText(TextBox Box, LaidStack Stack, bool IsTurned);

    private BoxText? LayText(DrawingContent content, double width, double height, StackPlace place)
    {
        if (content is not ShapeContent { Text: { } box } || place.Depth > LayoutParts.DeepestNesting)
        {
            return null;
        }

        var isTurned = box.Direction is TextDirection.Clockwise or TextDirection.CounterClockwise;
        var area = ShapeOutlines.TextArea(((ShapeContent)content).Geometry, width, height);
        (width, height) = (area.Width, area.Height);
        var (across, along) = isTurned ? (height, width) : (width, height);
        var insets = box.Insets;
        var inner = isTurned ? across - insets.Top.Value - insets.Bottom.Value : across - insets.Left.Value - insets.Right.Value;
        if (!box.Wraps)
        {
            // As wide as its longest line, so that what is centred stands in the middle of that.
            inner = Math.Max(inner, WidestOf(box.Blocks));
        }

        inner = Math.Max(1, inner);
        var fill = ((ShapeContent)content).Fill;
        var stack = parts.Stacks.Lay(box.Blocks, new StackPlace
        {
            Width = inner,
            Background = box.IsWhite ? Rgb.Black : fill is { Opacity: > 0.5, Image: null } ? fill.Dots is null ? fill.Color : fill.Back : place.Background,
            Parent = place.Parent,
            IsArtifact = place.IsArtifact,
            Depth = place.Depth + 1,
            Frame = FloatFrame.OfBox(inner, Math.Max(1, along)),
        });
        return new(box, stack, isTurned);
    }

    private void PaintContent(Canvas canvas, DrawingContent content, Box box, StructureOwner? owner, int node, BoxText? text, StackPlace place)
    {
        if (++_depth > LayoutParts.DeepestNesting)
        {
            _depth--;
            return;
        }

        var target = canvas;
        var isTurned = content.Rotation % 360 != 0 || content.IsFlippedHorizontally || content.IsFlippedVertically;
        if (isTurned)
        {
            target = new Canvas { IsArtifact = canvas.IsArtifact };
        }

        switch (content)
        {
            case PictureContent picture:
                PaintPicture(target, picture, box, owner, node);
                break;
            case ShapeContent shape:
                PaintShape(target, shape, box, owner, node);
                break;
            case ChartContent chart:
                target.Add(parts.ChartPainter.Of(chart.Chart, box.Width, box.Height, node), box.Left, box.Top, owner);
                break;
            case GroupContent group:
                foreach (var child in group.Children)
                {
                    var childBox = new Box(box.Left + (child.X * box.Width), box.Top + (child.Y * box.Height), child.Width * box.Width, child.Height * box.Height);
                    PaintContent(target, child.Content, childBox, owner, node, LayText(child.Content, childBox.Width, childBox.Height, place), place);
                }

                break;
        }

        if (isTurned)
        {
            canvas.Add(target, Turned(content, box));
        }

        if (text is not null)
        {
            PaintBoxText(canvas, text, box, content);
        }

        _depth--;
    }

    private static Matrix Turned(DrawingContent content, Box box)
    {
        var (x, y) = (box.Left + (box.Width / 2), box.Top + (box.Height / 2));
        var flip = new Matrix(
            content.IsFlippedHorizontally ? -1 : 1, 0, 0, content.IsFlippedVertically ? -1 : 1,
            content.IsFlippedHorizontally ? 2 * x : 0, content.IsFlippedVertically ? 2 * y : 0);
        return flip.Then(Matrix.Turn(content.Rotation, x, y));
    }

    private static void PaintBoxText(Canvas canvas, BoxText text, Box box, DrawingContent content)
    {
        var insets = text.Box.Insets;
        var own = new Canvas { IsArtifact = canvas.IsArtifact };
        var whole = box;
        if (content is ShapeContent shape)
        {
            var area = ShapeOutlines.TextArea(shape.Geometry, box.Width, box.Height);
            box = area with { Left = box.Left + area.Left, Top = box.Top + area.Top };
        }

        var (width, height) = text.IsTurned ? (box.Height, box.Width) : (box.Width, box.Height);

        // The insets are those of the shape's sides, whichever way the text runs.
        var (start, before, behind) = text.Box.Direction switch
        {
            TextDirection.Clockwise => (insets.Top, insets.Right, insets.Left),
            TextDirection.CounterClockwise => (insets.Bottom, insets.Left, insets.Right),
            _ => (insets.Left, insets.Top, insets.Bottom),
        };
        var room = height - before.Value - behind.Value;
        var lead = text.Box.VerticalAlign switch
        {
            VerticalAlignment.Center => (room - text.Stack.Height) / 2,
            VerticalAlignment.Bottom => room - text.Stack.Height,
            _ => 0,
        };

        // The text is set upright around the box's centre, then turned with the box.
        var (x, y) = (box.Left + (box.Width / 2), box.Top + (box.Height / 2));
        var left = x - (width / 2) + start.Value;
        var top = y - (height / 2) + before.Value + (text.Box.GrowsWithText ? 0 : lead);
        text.Stack.Paint(own, left, top, 0, text.Stack.Height);
        var turn = (text.Box.Direction switch
        {
            TextDirection.Clockwise => 90.0,
            TextDirection.CounterClockwise => -90.0,
            _ => 0.0,
        } + text.Box.Rotation + (text.Box.IsUpright ? 0 : content.Rotation)) % 360;
        if (turn == 0)
        {
            canvas.Add(own);
        }
        else
        {
            // Its own direction turns it around its own middle, the shape's turn around the shape's.
            var shapeTurn = text.Box.IsUpright ? 0 : content.Rotation % 360;
            var ownTurn = turn - shapeTurn;
            canvas.Add(own, Matrix.Turn(ownTurn, x, y).Then(Matrix.Turn(shapeTurn, whole.Left + (whole.Width / 2), whole.Top + (whole.Height / 2))));
        }
    }

    private void PaintPicture(Canvas canvas, PictureContent picture, Box box, StructureOwner? owner, int node)
    {
        if (picture.Shadow is { } shadow)
        {
            AddPictureShadow(picture, shadow, box, node);
        }

        if (picture.Glow is { } glow)
        {
            AddGlow(picture.Geometry, box, glow, 0, node);
        }

        if (picture.Reflection is { } reflection)
        {
            AddReflection(picture, reflection, box, node);
        }

        if (picture.Fill is { Image: null } fill)
        {
            AddShape(picture.Geometry, box, fill, null, node);
        }

        var isCut = BeginCut(picture.Geometry, box, node);
        if (!isCut && picture.Image >= 0 && picture.Image < parts.Images.Length && parts.Metafiles[picture.Image] is { } metafile)
        {
            AddMetafile(canvas, metafile, box, picture.Crop, picture.Opacity, owner, node);
        }
        else if (picture.SoftEdge > Pt.Zero)
        {
            AddSoftEdged(picture, box, node);
        }
        else
        {
            AddPicture(picture, box with { Left = 0, Top = 0 }, ToneOf(picture), picture.Opacity, node);
        }

        if (isCut)
        {
            _builder.EndGroup(node);
        }

        if (picture.Outline is { } outline)
        {
            AddShape(picture.Geometry, box, null, outline, node);
        }

        canvas.Add(_builder.Build(), box.Left, box.Top, owner);
    }

    private void AddPicture(PictureContent picture, Box frame, PictureTone? tone, double opacity, int node)
    {
        if (picture.Image < 0 || picture.Image >= parts.Images.Length)
        {
            return;
        }

        if (parts.Metafiles[picture.Image] is { } metafile)
        {
            parts.MetafilePainter.Add(_builder, metafile, frame, picture.Crop, opacity, node);
        }
        else if (!parts.IsUndrawnMetafile(picture.Image))
        {
            _builder.Add(
                new Picture(parts.ImageOf(picture.Image, tone), new Matrix(frame.Width, 0, 0, frame.Height, frame.Left, frame.Top))
                {
                    CropLeft = (float)picture.Crop.Left,
                    CropTop = (float)picture.Crop.Top,
                    CropRight = (float)picture.Crop.Right,
                    CropBottom = (float)picture.Crop.Bottom,
                    Opacity = (float)opacity,
                },
                node);
        }
    }

    // Upside down and fading: again and again, each time cut nearer to the picture, so that together they come to the opacity of each place. Strips beside each other would show seams.
    private void AddReflection(PictureContent picture, PictureReflection reflection, Box box, int node)
    {
        const int Steps = 24;
        var top = box.Height + reflection.Distance.Value;
        var before = 0.0;
        for (var i = Steps - 1; i >= 0; i--)
        {
            var together = Math.Clamp(reflection.Opacity + ((reflection.EndOpacity - reflection.Opacity) * (i + 0.5) / Steps), 0, 0.99);
            var own = 1 - ((1 - together) / (1 - before));
            if (own <= 0)
            {
                continue;
            }

            before = together;
            BeginCut(new Box(0, top, box.Width, box.Height * reflection.End * (i + 1) / Steps), 0, node);
            _builder.BeginGroup(new GraphicsGroup(new Matrix(1, 0, 0, -1, 0, top + box.Height), []), node);
            var isCut = BeginCut(picture.Geometry, box, node);
            AddPicture(picture, box with { Left = 0, Top = 0 }, ToneOf(picture), own, node);
            if (isCut)
            {
                _builder.EndGroup(node);
            }

            _builder.EndGroup(node);
            _builder.EndGroup(node);
        }
    }

    // The picture again and again, each time cut farther in: from nothing at the edge to all of it at twice the radius, half of it at the radius.
    private void AddSoftEdged(PictureContent picture, Box box, int node)
    {
        const int Steps = 24;
        var reach = 2 * picture.SoftEdge.Value;
        var before = 0.0;
        for (var i = 0; i < Steps; i++)
        {
            var inset = reach * (i + 0.5) / Steps;
            if (2 * inset >= Math.Min(box.Width, box.Height))
            {
                break;
            }

            var share = (i + 1.0) / Steps;
            var together = share < 0.5 ? 2 * share * share : 1 - (2 * (1 - share) * (1 - share));
            BeginCut(new Box(inset, inset, box.Width - (2 * inset), box.Height - (2 * inset)), reach - inset, node);
            AddPicture(picture, box with { Left = 0, Top = 0 }, ToneOf(picture), 1 - ((1 - together) / (1 - before)), node);
            _builder.EndGroup(node);
            before = together;
        }
    }

    private void BeginCut(Box box, double corner, int node)
    {
        var geometry = corner <= 0 ? Geometry.Rectangle : new Geometry(ShapeKind.RoundedRectangle, [], [Math.Min(0.5, corner / Math.Max(0.01, Math.Min(box.Width, box.Height))) * 100_000]);
        var clips = ShapeOutlines.Of(geometry, box.Width, box.Height)
            .Select(path => new Shape(path.Verbs, [.. path.Points.Select(point => new PathPoint((float)(point.X + box.Left), (float)(point.Y + box.Top)))], null, null, 0, DashKind.Solid));
        _builder.BeginGroup(new GraphicsGroup(null, [.. clips]), node);
    }

    private static PictureTone? ToneOf(PictureContent picture) => picture is { ColorChange: ColorChange.None, Levels: null } ? null
        : new(null, picture.ColorChange == ColorChange.Grayscale, picture.ColorChange == ColorChange.BlackAndWhite ? picture.Threshold : null, picture.Levels?.Slope ?? 1, picture.Levels?.Lift ?? 0);

    // What is added from now on shows within the outline only; false where that is the box, or nothing.
    private bool BeginCut(Geometry geometry, Box box, int node)
    {
        if (geometry.Kind == ShapeKind.Rectangle)
        {
            return false;
        }

        var verbs = ImmutableArray.CreateBuilder<PathVerb>();
        var points = ImmutableArray.CreateBuilder<PathPoint>();
        foreach (var path in ShapeOutlines.Of(geometry, box.Width, box.Height))
        {
            if (path.IsFilled)
            {
                verbs.AddRange(path.Verbs);
                points.AddRange(path.Points);
            }
        }

        if (verbs.Count == 0)
        {
            return false;
        }

        _builder.BeginGroup(new GraphicsGroup(null, [new Shape(verbs.ToImmutable(), points.ToImmutable(), null, null, 0, DashKind.Solid)]), node);
        return true;
    }

    private void AddPictureShadow(PictureContent picture, ShapeShadow shadow, Box box, int node)
    {
        if (!shadow.FollowsPicture)
        {
            AddShadow(picture.Geometry, box, shadow, 0, node);
            return;
        }

        // The picture once more, all of one colour.
        var (width, height) = (box.Width * shadow.ScaleX, box.Height * shadow.ScaleY);
        var frame = new Box(shadow.Right.Value + (shadow.Fixed.X * (box.Width - width)), shadow.Down.Value + (shadow.Fixed.Y * (box.Height - height)), width, height);
        AddPicture(picture, frame, new(PaintOf(shadow.Color, 1), false, null, 1, 0), shadow.Opacity, node);
    }

    // Over what was added before, and under what comes: a fragment of its own.
    private void AddMetafile(Canvas canvas, Metafile metafile, Box box, Crop crop, double opacity, StructureOwner? owner, int node)
    {
        canvas.Add(_builder.Build(), box.Left, box.Top, owner);
        canvas.Add(parts.MetafilePainter.Of(metafile, box.Width, box.Height, crop, opacity, node), box.Left, box.Top, owner);
    }

    private void PaintShape(Canvas canvas, ShapeContent shape, Box box, StructureOwner? owner, int node)
    {
        if (shape.WordArt is { } art)
        {
            PaintWordArt(canvas, art, shape, box, owner, node);
            return;
        }

        if (shape is { Glow: { } glow, Fill: not null })
        {
            AddGlow(shape.Geometry, box, glow, shape.Outline?.Width.Value ?? 0, node);
        }

        if (shape is { Shadow: { IsOfLine: true } ofLine, Outline: { } line })
        {
            AddLineShadow(shape.Geometry, box, ofLine, line, node);
        }
        else if (shape is { Shadow: { } shadow, Fill: not null })
        {
            AddShadow(shape.Geometry, box, shadow, shape.Outline?.Width.Value / 2 ?? 0, node);
        }

        AddShape(shape.Geometry, box, shape.Fill, shape.Outline, node);
        canvas.Add(_builder.Build(), box.Left, box.Top, owner);
    }

    // Outlines in each other that reach farther and farther out, all of one opacity: together they come to the glow's at the shape.
    private void AddGlow(Geometry geometry, Box box, ShapeGlow glow, double line, int node)
    {
        const int Steps = 12;
        var paint = PaintOf(glow.Color, 1 - Math.Pow(1 - Math.Min(glow.Opacity, 0.99), 1.0 / Steps));
        foreach (var path in ShapeOutlines.Of(geometry, box.Width, box.Height))
        {
            for (var step = Steps; step > 0 && path.IsFilled; step--)
            {
                var width = line + (2 * glow.Radius.Value * (step - 0.5) / Steps);
                _builder.Add(new Shape(path.Verbs, path.Points, paint, paint, (float)width, DashKind.Solid) { Style = RoundJoins }, node);
            }
        }
    }

    private static readonly LineStyle RoundJoins = new(LineCap.Round, LineJoin.Round, 10, []);

    // Nothing fills the shape: its line alone throws a shadow. A soft one is made of many.
    private void AddLineShadow(Geometry geometry, Box box, ShapeShadow shadow, Model.Stroke line, int node)
    {
        var edge = new SoftEdge(shadow.Blur.Value, shadow.Opacity);
        var paint = PaintOf(shadow.Color, edge.Opacity);
        var (left, top) = (shadow.Right.Value + (shadow.Fixed.X * box.Width * (1 - shadow.ScaleX)), shadow.Down.Value + (shadow.Fixed.Y * box.Height * (1 - shadow.ScaleY)));
        foreach (var path in ShapeOutlines.Of(geometry, box.Width * shadow.ScaleX, box.Height * shadow.ScaleY))
        {
            for (var i = 0; i < edge.Count && path.IsStroked; i++)
            {
                var (right, down) = edge.At(i);
                var (x, y) = (left + right, top + down);
                _builder.Add(new Shape(path.Verbs, [.. path.Points.Select(point => new PathPoint((float)(point.X + x), (float)(point.Y + y)))], null, paint, (float)Math.Max(0.1, line.Width.Value), DashOf(line)), node);
            }
        }
    }

    // A soft edge is made of outlines in each other, all of one opacity: together they come to the shadow's. They lie where a bell curve of a third of the blur has
    // passed equal parts (docs/layout.md, "Shapes"); the line around the shape throws its shadow too.
    private void AddShadow(Geometry geometry, Box box, ShapeShadow shadow, double line, int node)
    {
        var blur = Math.Min(shadow.Blur.Value, Math.Min(box.Width, box.Height));
        ReadOnlySpan<double> edges = blur > 0 ? [-1.732, -1.15, -0.812, -0.549, -0.319, -0.105, 0.105, 0.319, 0.549, 0.812, 1.15, 1.732] : [0];
        var opacity = 1 - Math.Pow(1 - Math.Min(shadow.Opacity, 0.99), 1.0 / edges.Length);
        var paint = PaintOf(shadow.Color, edges.Length == 1 ? shadow.Opacity : opacity);
        var (fullWidth, fullHeight) = (box.Width * shadow.ScaleX, box.Height * shadow.ScaleY);
        var (left, top) = (shadow.Right.Value + (shadow.Fixed.X * (box.Width - fullWidth)), shadow.Down.Value + (shadow.Fixed.Y * (box.Height - fullHeight)));
        for (var i = edges.Length - 1; i >= 0; i--)
        {
            var beyond = line + (edges[i] * blur / 3);
            var (width, height) = (fullWidth + (2 * beyond), fullHeight + (2 * beyond));
            if (width <= 0 || height <= 0)
            {
                continue;
            }

            foreach (var path in ShapeOutlines.Of(geometry, width, height))
            {
                if (path.IsFilled)
                {
                    _builder.Add(new Shape(path.Verbs, [.. path.Points.Select(point => new PathPoint((float)(point.X + left - beyond), (float)(point.Y + top - beyond)))], paint, null, 0, DashKind.Solid), node);
                }
            }
        }
    }

    private void AddShape(Geometry geometry, Box box, Model.Fill? fill, Model.Stroke? outline, int node)
    {
        if (fill is null && outline is null)
        {
            return;
        }

        if (fill is { Image: { } image })
        {
            var picture = fill.Picture ?? new PictureContent { Image = image };
            var frame = new Box(box.Width * fill.Frame.Left, box.Height * fill.Frame.Top, box.Width * (1 - fill.Frame.Left - fill.Frame.Right), box.Height * (1 - fill.Frame.Top - fill.Frame.Bottom));
            var isBeyond = fill.Frame is not { Left: >= 0, Top: >= 0, Right: >= 0, Bottom: >= 0 };
            var isCut = BeginCut(isBeyond && geometry.Kind == ShapeKind.Rectangle ? Corners : geometry, box, node);
            AddPicture(picture, frame, ToneOf(picture), fill.Opacity, node);
            if (isCut)
            {
                _builder.EndGroup(node);
            }

            fill = null;
        }

        Gradient? gradient = null;
        if (fill is { Stops.Length: > 1 } && fill.IsDrawnIn(geometry) && box is { Width: > 0, Height: > 0 })
        {
            var isNested = fill.Path == GradientPath.Rectangle || (fill.Path == GradientPath.Shape && geometry.Kind == ShapeKind.Rectangle);
            if (isNested)
            {
                ShapeGradients.AddNested(_builder, fill, box.Width, box.Height, node);
                fill = null;
            }
            else
            {
                gradient = ShapeGradients.Of(fill, box.Width, box.Height);
            }
        }

        foreach (var path in ShapeOutlines.Of(geometry, box.Width, box.Height))
        {
            Paint? inside = path.IsFilled && fill is not null ? PaintOf(ShapeGradients.Shaded(fill.Color, path.Shade), fill.Opacity) : null;
            Paint? line = path.IsStroked && outline is not null ? PaintOf(outline.Color, outline.Opacity) : null;
            if (inside is not null || line is not null)
            {
                _builder.Add(
                    new Shape(path.Verbs, path.Points, inside, line, (float)Math.Max(0.1, outline?.Width.Value ?? 0), DashOf(outline)) { Pattern = inside is not null && fill is { Dots: { } dots } ? new DotPattern(dots, PaintOf(ShapeGradients.Shaded(fill.Color, path.Shade), 1), PaintOf(ShapeGradients.Shaded(fill.Back, path.Shade), 1)) : null, Gradient = inside is null ? null : gradient is null || path.Shade == 0 ? gradient : ShapeGradients.Of(ShapeGradients.Shaded(fill!, path.Shade), box.Width, box.Height) },
                    node);
            }
        }

        if (outline is not null && (outline.Start != LineEnd.None || outline.End != LineEnd.None))
        {
            ShapeOutlines.AddLineEnds(_builder, geometry, box.Width, box.Height, outline, PaintOf(outline.Color, outline.Opacity), node);
        }
    }

    // Text stretched to its box, as Word draws watermarks.
    private void PaintWordArt(Canvas canvas, WordArt art, ShapeContent shape, Box box, StructureOwner? owner, int node)
    {
        const double Size = 100;
        var color = shape.Fill?.Color ?? Rgb.Black;
        var format = new CharacterFormat
        {
            Fonts = new(art.Font, art.Font, art.Font, art.Font),
            Size = new(Size),
            ComplexSize = new(Size),
            IsBold = art.IsBold,
            IsItalic = art.IsItalic,
            Color = color,
        };
        var paragraph = new Paragraph { Format = new ParagraphFormat(), MarkFormat = format, Inlines = [new TextRun(art.Text) { Format = format }] };
        var shaped = parts.Paragraphs.Shape(paragraph);
        var lines = parts.Paragraphs.Fill(shaped, 0, new(1_000_000, 0, null));
        if (lines.Length == 0 || lines[0].Width <= 0 || box.Width <= 0 || box.Height <= 0)
        {
            return;
        }

        var laid = new LaidParagraph(parts.Painter, shaped, new(lines, 1_000_000, 0, null));
        var (fragment, _) = parts.Painter.PaintLines(laid, 0, 1, isShared: false);
        var opacity = (byte)Math.Round(255 * Math.Clamp(shape.Fill?.Opacity ?? 1, 0, 1));
        var face = fragment.Runs.Length > 0 ? fragment.Runs[0].Face : null;
        var faded = new Fragment
        {
            Items = [.. fragment.Items.Select(item => item with { Structure = node })],
            Runs = [.. fragment.Runs.Select(run => run with { Color = new((run.Color.Argb & 0xFFFFFF) | ((uint)opacity << 24)) })],
            Glyphs = fragment.Glyphs,
            Text = fragment.Text,
        };

        // The letters' own height fills the box: from the top of capitals to the depth of descenders where there are any.
        var hasDescenders = art.Text.AsSpan().ContainsAny(Descenders);
        var ascent = (face?.CapHeight ?? 0.7) * Size;
        var descent = hasDescenders ? 0.21 * Size : 0;
        var (scaleX, scaleY) = (box.Width / lines[0].Width, box.Height / (ascent + descent));
        var matrix = new Matrix(scaleX, 0, 0, scaleY, box.Left, box.Top - ((lines[0].Baseline - ascent) * scaleY));
        if (shape.Shadow is { } shadow)
        {
            // The same letters once more, which stand for no text.
            var thrown = new Fragment
            {
                Items = faded.Items,
                Runs = [.. faded.Runs.Select(run => run with { Color = PaintOf(shadow.Color, shadow.Opacity), Look = 1 })],
                Glyphs = faded.Glyphs,
                Text = faded.Text,
                Looks = [new(0, IsFilled: true, IsCopy: true)],
            };
            var behind = new Canvas();
            behind.Add(thrown, 0, 0, owner);
            canvas.Add(behind, matrix with { E = matrix.E + shadow.Right.Value, F = matrix.F + shadow.Down.Value });
        }

        var own = new Canvas();
        own.Add(faded, 0, 0, owner);
        canvas.Add(own, matrix);
    }

    public static Paint PaintOf(Rgb color, double opacity) =>
        new(((uint)Math.Round(255 * Math.Clamp(opacity, 0, 1)) << 24) | ((uint)color.Red << 16) | ((uint)color.Green << 8) | color.Blue);

    public static DashKind DashOf(Model.Stroke? stroke) => stroke?.Dash switch
    {
        Model.DashKind.Dot or Model.DashKind.SystemDot => DashKind.Dotted,
        Model.DashKind.Dash or Model.DashKind.SystemDash => DashKind.Dashed,
        Model.DashKind.LongDash => DashKind.LongDashed,
        Model.DashKind.DashDot or Model.DashKind.LongDashDot or Model.DashKind.SystemDashDot => DashKind.DashDot,
        Model.DashKind.LongDashDotDot or Model.DashKind.SystemDashDotDot => DashKind.DashDotDot,
        _ => DashKind.Solid,
    };
}
