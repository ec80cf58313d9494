using ClinicFlow.Documents.Layout.Pages;

namespace ClinicFlow.Documents.Pdf;

/// <summary>Writes a fragment's marks as operators of a content stream (ISO 32000-1, 8 and 9). One thread uses it at a time.</summary>
internal sealed class ContentWriter(PdfCache cache)
{
    // What the graphics state is, so that only changes are written. The stream around begins each fragment with the defaults.
    private PdfBuffer _out = null!;
    private FragmentContent _content = null!;
    private readonly TextWriter _text = new();
    private Paint _fill;
    private Paint _stroke;
    private byte _alpha;
    private float _lineWidth;
    private DashKind _dash;
    private bool _isDashed;
    private int _structure;
    private LineStyle? _style;
    private readonly Stack<GraphicsState> _outer = new();

    /// <summary>What comes back where a group ends.</summary>
    private readonly record struct GraphicsState(Paint Fill, Paint Stroke, byte Alpha, float LineWidth, DashKind Dash, bool IsDashed, LineStyle? Style, TextWriter.State Text);

    private const int NoStructure = int.MinValue;

    /// <summary>Writes a fragment into an empty content.</summary>
    public void Write(Fragment fragment, FragmentContent content)
    {
        (_out, _content) = (content.Bytes, content);
        (_fill, _stroke, _alpha, _lineWidth, _dash, _isDashed, _structure) = (Paint.Black, Paint.Black, 255, 1, DashKind.Solid, false, NoStructure);
        _style = null;
        _outer.Clear();
        _text.Begin(_out);
        foreach (var item in fragment.Items)
        {
            EnterStructure(item.Structure);
            switch (item.Kind)
            {
                case PageItemKind.GlyphRun:
                    WriteRun(fragment, fragment.Runs[item.Index]);
                    break;
                case PageItemKind.Fill:
                    WriteFill(fragment.Fills[item.Index]);
                    break;
                case PageItemKind.Stroke:
                    WriteStroke(fragment.Strokes[item.Index]);
                    break;
                case PageItemKind.Shape:
                    WriteShape(fragment.Shapes[item.Index]);
                    break;
                case PageItemKind.Picture:
                    WritePicture(fragment.Pictures[item.Index]);
                    break;
                case PageItemKind.BeginGroup:
                    BeginGroup(fragment.Groups[item.Index]);
                    break;
                case PageItemKind.EndGroup:
                    EndGroup();
                    break;
            }
        }

        EndStructure();
        (content.Letters, content.Cids) = (_text.Letters, _text.Cids);
    }

    // A stretch of items of one node is one marked content. Texts end with it, so that the two nest.
    private void EnterStructure(int structure)
    {
        if (structure == _structure)
        {
            return;
        }

        EndStructure();
        _structure = structure;
        if (structure < 0)
        {
            _out.Write("/Artifact BMC\n"u8);
            return;
        }

        _out.Write("/P<</MCID "u8);
        _content.Marks.Add(new(_out.Length, structure));
        _out.Write(">>BDC\n"u8);
    }

    private void EndStructure()
    {
        _text.End();
        if (_structure != NoStructure)
        {
            _out.Write("EMC\n"u8);
        }
    }

    private void BeginGroup(GraphicsGroup group)
    {
        _text.End();
        _outer.Push(new(_fill, _stroke, _alpha, _lineWidth, _dash, _isDashed, _style, _text.Kept));
        _out.Write("q "u8);
        foreach (var clip in group.Clips)
        {
            WritePath(clip);
            _out.Write(clip.IsEvenOdd ? "W* n "u8 : "W n "u8);
        }

        if (group.Transform is { } m)
        {
            // y grows up here: what turns, turns the other way.
            Numbers(m.A, -m.B, -m.C, m.D, m.E, -m.F);
            _out.Write("cm"u8);
        }

        _out.Write("\n"u8);
    }

    private void EndGroup()
    {
        _text.End();
        _out.Write("Q\n"u8);
        (_fill, _stroke, _alpha, _lineWidth, _dash, _isDashed, _style, _text.Kept) = _outer.Pop();
    }

    private void WriteRun(Fragment fragment, in GlyphRun run)
    {
        if ((run.GlyphCount == 0 && !run.IsNatural) || run.Color.Alpha == 0)
        {
            return;
        }

        if (run.Look > 0)
        {
            WriteLayer(fragment, run, fragment.Looks[run.Look - 1]);
            return;
        }

        if ((run.Relief & GlyphRelief.Copies) != 0)
        {
            WriteCopy(fragment, run, GlyphCopy.Of(run));
        }

        SetAlpha(run.Color.Alpha);
        SetFill(run.Color);
        var isHollow = (run.Relief & GlyphRelief.Hollow) != 0;
        if (run.IsSyntheticBold || isHollow)
        {
            SetStroke(run.Color);
            SetPen(isHollow ? Math.Max(0.25f, run.Size / 40) : run.Size / 36, DashKind.Solid);
        }

        _text.Write(fragment, run, _content.Glyphs.Of(run.Face));
    }

    // Joins are round: those of letters with sharp corners would stick out.
    private void WriteLayer(Fragment fragment, in GlyphRun run, in GlyphLook look)
    {
        if (look.IsCopy)
        {
            _text.End();
            _out.Write("/Span<</ActualText()>>BDC\n"u8);
        }

        SetAlpha(run.Color.Alpha);
        SetFill(run.Color);
        if (look.LineWidth > 0)
        {
            SetStroke(run.Color);
            SetPen(look.LineWidth + (run.IsSyntheticBold ? run.Size / 36 : 0), DashKind.Solid, RoundJoins);
        }
        else if (run.IsSyntheticBold)
        {
            SetStroke(run.Color);
            SetPen(run.Size / 36, DashKind.Solid);
        }

        var isLined = look.LineWidth > 0;
        _text.Write(fragment, run with { Look = 0, Relief = isLined && !look.IsFilled ? GlyphRelief.Hollow : GlyphRelief.None, IsSyntheticBold = run.IsSyntheticBold || (isLined && look.IsFilled) }, _content.Glyphs.Of(run.Face));
        if (look.IsCopy)
        {
            _text.End();
            _out.Write("EMC\n"u8);
        }
    }

    private static readonly LineStyle RoundJoins = new(LineCap.Round, LineJoin.Round, 10, []);

    // A text that is no text: it stands for nothing (ISO 32000-1, 14.9.4).
    private void WriteCopy(Fragment fragment, in GlyphRun run, in GlyphCopy copy)
    {
        _text.End();
        _out.Write("/Span<</ActualText()>>BDC\n"u8);
        WriteRun(fragment, run with { Relief = run.Relief & ~GlyphRelief.Copies, Color = new((copy.Color.Argb & 0xFFFFFF) | ((uint)run.Color.Alpha << 24)), X = run.X + copy.Aside, Baseline = run.Baseline + copy.Aside });
        _text.End();
        _out.Write("EMC\n"u8);
    }

    private void WriteFill(in Fill fill)
    {
        if (fill.Color.Alpha == 0)
        {
            return;
        }

        _text.End();
        SetAlpha(fill.Color.Alpha);
        SetFill(fill.Color);
        Numbers(fill.X, -(fill.Y + fill.Height), fill.Width, fill.Height);
        _out.Write("re f\n"u8);
    }

    private void WriteStroke(in Stroke stroke)
    {
        if (stroke.Color.Alpha == 0)
        {
            return;
        }

        _text.End();
        SetAlpha(stroke.Color.Alpha);
        SetStroke(stroke.Color);
        SetPen(stroke.Width, stroke.Dash);
        Numbers(stroke.X1, -stroke.Y1);
        _out.Write("m "u8);
        Numbers(stroke.X2, -stroke.Y2);
        _out.Write("l S\n"u8);
    }

    private void WriteShape(Shape shape)
    {
        if (shape is { Gradient: { } gradient, FillColor: { } fill })
        {
            WriteGradient(shape, gradient, fill.Alpha);
            shape = shape with { Gradient = null, FillColor = null };
        }

        if (shape is { Pattern: { } dots, FillColor: { Alpha: > 0 } opacity })
        {
            WritePattern(shape, dots, opacity.Alpha);
            shape = shape with { Pattern = null, FillColor = null };
        }

        var fills = shape.FillColor is { Alpha: > 0 };
        var strokes = shape.StrokeColor is { Alpha: > 0 };
        if (fills && strokes && shape.FillColor!.Value.Alpha != shape.StrokeColor!.Value.Alpha)
        {
            // Two opacities: each part on its own.
            WriteShape(shape with { StrokeColor = null });
            WriteShape(shape with { FillColor = null });
            return;
        }

        if (!fills && !strokes)
        {
            return;
        }

        _text.End();
        if (fills)
        {
            SetAlpha(shape.FillColor!.Value.Alpha);
            SetFill(shape.FillColor.Value);
        }

        if (strokes)
        {
            SetAlpha(shape.StrokeColor!.Value.Alpha);
            SetStroke(shape.StrokeColor.Value);
            SetPen(shape.StrokeWidth, shape.Dash, shape.Style);
        }

        WritePath(shape);
        _out.Write((fills, strokes, shape.IsEvenOdd) switch
        {
            (true, true, true) => "B*\n"u8,
            (true, true, false) => "B\n"u8,
            (true, false, true) => "f*\n"u8,
            (true, false, false) => "f\n"u8,
            _ => "S\n"u8,
        });
    }

    // The colours fill all there is; the shape is cut out of that.
    private void WriteGradient(Shape shape, Gradient gradient, byte alpha)
    {
        if (alpha == 0)
        {
            return;
        }

        _text.End();
        SetAlpha(alpha);
        _out.Write("q "u8);
        WritePath(shape);
        _out.Write(shape.IsEvenOdd ? "W* n "u8 : "W n "u8);
        var place = gradient.Place;
        Numbers(place.A, -place.B, place.C, -place.D, place.E, -place.F);
        var shading = PdfShading.Of(gradient);
        _out.Write("cm"u8).Write(shading.ResourceName).Write(" sh Q\n"u8);
        _content.Shadings.Add(shading);
    }

    private void WritePattern(Shape shape, DotPattern dots, byte alpha)
    {
        _text.End();
        SetAlpha(alpha);
        var pattern = PdfPattern.Of(dots);
        _out.Write("q /Pattern cs"u8).Write(pattern.ResourceName).Write(" scn "u8);
        WritePath(shape);
        _out.Write(shape.IsEvenOdd ? "f* Q\n"u8 : "f Q\n"u8);
        _content.Patterns.Add(pattern);
    }

    private void WritePath(Shape shape)
    {
        var at = 0;
        foreach (var verb in shape.Verbs)
        {
            var count = verb switch { PathVerb.Move or PathVerb.Line => 1, PathVerb.Curve => 3, _ => 0 };
            for (var i = 0; i < count; i++)
            {
                Numbers(shape.Points[at].X, -shape.Points[at++].Y);
            }

            _out.Write(verb switch { PathVerb.Move => "m "u8, PathVerb.Line => "l "u8, PathVerb.Curve => "c "u8, _ => "h "u8 });
        }
    }

    private void WritePicture(Picture picture)
    {
        _text.End();
        var alpha = (byte)Math.Round(Math.Clamp(picture.Opacity, 0, 1) * 255);
        var (width, height) = (1 - picture.CropLeft - picture.CropRight, 1 - picture.CropTop - picture.CropBottom);
        if (alpha == 0 || width <= 0 || height <= 0)
        {
            return;
        }

        SetAlpha(alpha);
        _out.Write("q "u8);
        var place = picture.Place;
        if (picture.CropLeft > 0 || picture.CropTop > 0 || picture.CropRight > 0 || picture.CropBottom > 0)
        {
            Corner(0, 0);
            _out.Write("m "u8);
            Corner(1, 0);
            _out.Write("l "u8);
            Corner(1, 1);
            _out.Write("l "u8);
            Corner(0, 1);
            _out.Write("l h W n "u8);
        }

        // The whole picture fills a larger square, of which the part that is left fills the place.
        var whole = new Matrix(1 / width, 0, 0, 1 / height, -picture.CropLeft / width, -picture.CropTop / height).Then(place);

        // A picture of PDF stands on its lower edge, ours hangs on its upper one.
        Numbers(whole.A, -whole.B, -whole.C, whole.D, whole.C + whole.E, -(whole.D + whole.F));
        var image = cache.PictureOf(picture.Source);
        _out.Write("cm"u8).Write(image.ResourceName).Write(" Do Q\n"u8);
        if (!_content.Pictures.Contains(image))
        {
            _content.Pictures.Add(image);
        }

        void Corner(double u, double v) => Numbers((place.A * u) + (place.C * v) + place.E, -((place.B * u) + (place.D * v) + place.F));
    }

    private void SetAlpha(byte alpha)
    {
        if (alpha == _alpha)
        {
            return;
        }

        _alpha = alpha;
        _content.UseOpacity(alpha);
        _text.End();
        _out.Write("/A"u8).Write(alpha).Write(" gs\n"u8);
    }

    private void SetFill(Paint paint)
    {
        if ((paint.Argb & 0xFFFFFF) != (_fill.Argb & 0xFFFFFF))
        {
            _fill = paint;
            WriteColor(paint, "g "u8, "rg "u8);
        }
    }

    private void SetStroke(Paint paint)
    {
        if ((paint.Argb & 0xFFFFFF) != (_stroke.Argb & 0xFFFFFF))
        {
            _stroke = paint;
            WriteColor(paint, "G "u8, "RG "u8);
        }
    }

    private void WriteColor(Paint paint, ReadOnlySpan<byte> gray, ReadOnlySpan<byte> rgb)
    {
        if (paint.Red == paint.Green && paint.Green == paint.Blue)
        {
            Numbers(paint.Red / 255.0);
            _out.Write(gray);
            return;
        }

        Numbers(paint.Red / 255.0, paint.Green / 255.0, paint.Blue / 255.0);
        _out.Write(rgb);
    }

    private void SetPen(float width, DashKind dash, LineStyle? style = null)
    {
        if (!ReferenceEquals(style, _style))
        {
            SetStyle(style);
        }

        var isNewWidth = width != _lineWidth;
        if (isNewWidth)
        {
            _lineWidth = width;
            Numbers(width);
            _out.Write("w "u8);
        }

        if (style is not null)
        {
            return;
        }

        // Dashes are multiples of the width, so that they change with it.
        if (dash == _dash && !(isNewWidth && dash != DashKind.Solid))
        {
            return;
        }

        if ((_dash == DashKind.RoundDotted) != (dash == DashKind.RoundDotted))
        {
            _out.Write(dash == DashKind.RoundDotted ? "1 J "u8 : "0 J "u8);
        }

        _dash = dash;
        ReadOnlySpan<float> pattern = dash switch
        {
            DashKind.Dotted => [1, 1],
            DashKind.Dashed => [3, 3],
            DashKind.DashedSmallGap => [3, 1],
            DashKind.LongDashed => [8, 3],
            DashKind.DashDot => [4, 3, 1, 3],
            DashKind.DashDotDot => [4, 3, 1, 3, 1, 3],
            DashKind.RoundDotted => [0, 2],
            _ => [],
        };
        if (!pattern.IsEmpty || _isDashed)
        {
            _out.WriteByte((byte)'[');
            foreach (var part in pattern)
            {
                Numbers(part * Math.Max(width, 0.1f));
            }

            _out.Write("]0 d "u8);
            _isDashed = !pattern.IsEmpty;
        }
    }

    // All of a style is written where another was; without one, what a stream begins with.
    private void SetStyle(LineStyle? style)
    {
        _style = style;
        var (cap, join, limit) = style is null ? (LineCap.Flat, LineJoin.Miter, 10f) : (style.Cap, style.Join, style.MiterLimit);
        Numbers((int)cap);
        _out.Write("J "u8);
        Numbers((int)join);
        _out.Write("j "u8);
        Numbers(Math.Max(1, limit));
        _out.Write("M "u8);
        var hasDashes = style is { Dashes.IsEmpty: false };
        if (hasDashes || _isDashed)
        {
            _out.WriteByte((byte)'[');
            foreach (var part in hasDashes ? style!.Dashes : [])
            {
                Numbers(part);
            }

            _out.Write("]0 d "u8);
        }

        (_dash, _isDashed) = (DashKind.Solid, hasDashes);
    }

    private void Numbers(params ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            _out.Write(value).WriteByte((byte)' ');
        }
    }
}
