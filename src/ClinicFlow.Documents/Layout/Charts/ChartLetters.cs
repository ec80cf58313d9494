using System.Collections.Immutable;
using ClinicFlow.Documents.Layout.Flow;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Reading;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>Text of a chart in lines.</summary>
/// <param name="Width">Of the longest line.</param>
/// <param name="Height">Of all lines.</param>
/// <param name="Size">Of the first letter's font.</param>
/// <param name="Lines">How many there are.</param>
/// <param name="Paragraphs">Below each other.</param>
internal sealed record LaidText(double Width, double Height, double Size, int Lines, ImmutableArray<LaidParagraph> Paragraphs)
{
    /// <summary>Without letters.</summary>
    public static LaidText Empty { get; } = new(0, 0, 0, 0, []);
}

/// <summary>Sets the text of charts with the means of paragraphs: fonts, shaping, directions and lines are theirs.</summary>
internal sealed class ChartLetters(LayoutParts parts)
{
    private const double Endless = 100_000;

    private readonly Dictionary<(string Text, CharacterFormat Format), LaidText> _plain = [];
    private LaidGlyph[] _room = [];

    /// <summary>Forgets what was set, so that a chart's texts live no longer than its painting.</summary>
    public void Clear() => _plain.Clear();

    /// <summary>A text in one format, in one line or in those that it states.</summary>
    public LaidText Lay(string text, CharacterFormat format)
    {
        if (!_plain.TryGetValue((text, format), out var laid))
        {
            _plain.Add((text, format), laid = Lay(text, format, Endless));
        }

        return laid;
    }

    /// <summary>A text in one format, in lines no longer than a width where words allow it.</summary>
    public LaidText Lay(string text, CharacterFormat format, double width) => text.Length == 0 ? LaidText.Empty : Lay(ChartText.Plain(text, format), width);

    /// <summary>Centred paragraphs, in lines no longer than a width where words allow it.</summary>
    public LaidText Lay(ImmutableArray<Paragraph> text, double width)
    {
        // The longest line says how wide it is; then lines are centred in that.
        var shaped = text.Select(parts.Paragraphs.Shape).ToArray();
        var place = new ParagraphPlace(Math.Max(1, width), 0, null);
        var widest = 0.0;
        foreach (var paragraph in shaped)
        {
            foreach (var line in parts.Paragraphs.Fill(paragraph, 0, place))
            {
                widest = Math.Max(widest, line.Width);
            }
        }

        place = place with { Width = Math.Max(1, widest + 0.01) };
        var laid = shaped.Select(paragraph => new LaidParagraph(parts.Painter, paragraph, new(parts.Paragraphs.Fill(paragraph, 0, place), place.Width, 0, null))).ToImmutableArray();
        var size = text.SelectMany(paragraph => paragraph.Inlines).FirstOrDefault()?.Format.Size.Value ?? text[0].MarkFormat.Size.Value;
        return new LaidText(widest, laid.Sum(paragraph => paragraph.Height), size, laid.Sum(paragraph => paragraph.Lines.Length), laid);
    }

    /// <summary>Adds a picture that fills a box.</summary>
    public void AddPicture(FragmentBuilder into, Model.Fill fill, Box box, int node)
    {
        var (image, picture) = (fill.Image!.Value, fill.Picture ?? new PictureContent { Image = fill.Image.Value });
        var frame = new Box(
            box.Left + (box.Width * fill.Frame.Left), box.Top + (box.Height * fill.Frame.Top),
            box.Width * (1 - fill.Frame.Left - fill.Frame.Right), box.Height * (1 - fill.Frame.Top - fill.Frame.Bottom));
        if (image < 0 || image >= parts.Images.Length || frame.Width <= 0 || frame.Height <= 0)
        {
            return;
        }

        if (parts.Metafiles[image] is { } metafile)
        {
            parts.MetafilePainter.Add(into, metafile, frame, picture.Crop, 1, node);
        }
        else if (!parts.IsUndrawnMetafile(image))
        {
            into.Add(
                new Picture(parts.ImageOf(image, null), new Matrix(frame.Width, 0, 0, frame.Height, frame.Left, frame.Top))
                {
                    CropLeft = (float)picture.Crop.Left,
                    CropTop = (float)picture.Crop.Top,
                    CropRight = (float)picture.Crop.Right,
                    CropBottom = (float)picture.Crop.Bottom,
                },
                node);
        }
    }

    /// <summary>Adds text.</summary>
    /// <param name="into">Where the marks go.</param>
    /// <param name="text">The text.</param>
    /// <param name="left">The left of its box, before it is turned.</param>
    /// <param name="top">The top of its box, before it is turned.</param>
    /// <param name="node">Its place in the structure.</param>
    public void Add(FragmentBuilder into, LaidText text, double left, double top, int node)
    {
        foreach (var paragraph in text.Paragraphs)
        {
            var (fragment, _) = parts.Painter.PaintLines(paragraph, 0, paragraph.Lines.Length, isShared: false);
            foreach (var item in fragment.Items)
            {
                switch (item.Kind)
                {
                    case PageItemKind.GlyphRun:
                        var run = fragment.Runs[item.Index];
                        var moved = run with { X = (float)(run.X + left), Baseline = (float)(run.Baseline + top), StretchFrom = 0, StretchTo = 0, Stretch = 0 };
                        var words = fragment.Text.AsSpan(run.TextStart, run.TextLength);
                        if (run.IsNatural)
                        {
                            into.AddNaturalRun(moved, words, node);
                            break;
                        }

                        // Clusters are counted from the run's beginning.
                        var glyphs = fragment.GlyphsOf(run, ref _room).ToArray();
                        for (var i = 0; i < glyphs.Length; i++)
                        {
                            glyphs[i] = glyphs[i] with { Cluster = glyphs[i].Cluster - run.TextStart };
                        }

                        into.AddRun(moved, glyphs, words, node);
                        break;
                    case PageItemKind.Fill:
                        var fill = fragment.Fills[item.Index];
                        into.Add(fill with { X = (float)(fill.X + left), Y = (float)(fill.Y + top) }, node);
                        break;
                }
            }

            top += paragraph.Height;
        }
    }
}
