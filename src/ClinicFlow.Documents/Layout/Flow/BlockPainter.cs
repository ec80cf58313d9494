using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>Makes fragments of lines. One object serves one thread.</summary>
internal sealed class BlockPainter(LinePainter lines, DrawingPainter drawings)
{
    private readonly FragmentBuilder _builder = new();
    private readonly List<InlineObject> _objects = [];
    private InlineDrawing? _addObject;
    private int _line;

    public DrawingPainter Drawings => drawings;

    /// <summary>The fragment of some of a paragraph's lines, its origin at the left text margin and the top of the first of them.</summary>
    /// <param name="paragraph">Whose.</param>
    /// <param name="first">The first of the lines.</param>
    /// <param name="last">Behind the last of them.</param>
    /// <param name="isShared">See <see cref="Fragment.IsShared"/>.</param>
    public (Fragment Fragment, InlineObject[] Objects) PaintLines(LaidParagraph paragraph, int first, int last, bool isShared)
    {
        _objects.Clear();
        var top = first == 0 ? 0 : paragraph.Lines[first].Top;
        var contentNode = paragraph.Shaped.Label is null ? 0 : 1;

        if (ServesAsItIs(paragraph, first, last))
        {
            _builder.Share(paragraph.Shaped.Glyphs, paragraph.Shaped.Text);
        }

        for (var i = first; i < last; i++)
        {
            var line = paragraph.Lines[i];
            _line = i;
            lines.Paint(_builder, paragraph.Shaped, line, 0, paragraph.Width, line.Top - top, contentNode, paragraph.Background, _addObject ??= AddObject);
        }

        PaintBars(paragraph, first, last, top);
        if (paragraph.Source.Label?.PictureBullet is not null && first == 0 && paragraph.Lines.Length > 0)
        {
            drawings.AddPictureBullet(_builder, paragraph);
        }

        return (_builder.Build(isShared), _objects.Count == 0 ? [] : [.. _objects]);
    }

    private void AddObject(Drawing drawing, double left, double top, int node) => _objects.Add(new(drawing, left, top, _line, node));

    // All of the paragraph, with glyphs and text that need no change but spaces that are stretched.
    private static bool ServesAsItIs(LaidParagraph paragraph, int first, int last)
    {
        if (last <= first || paragraph.Lines[first].Start != 0 || paragraph.Lines[last - 1].End != paragraph.Shaped.Text.Length || !paragraph.Shaped.HasGlyphs || paragraph.Shaped.HasSymbols)
        {
            return false;
        }

        for (var i = first; i < last; i++)
        {
            if (paragraph.Lines[i].StretchesAll)
            {
                return false;
            }
        }

        return true;
    }

    // A bar tab is a vertical line through the paragraph's lines.
    private void PaintBars(LaidParagraph paragraph, int first, int last, double top)
    {
        foreach (var stop in paragraph.Source.Format.Tabs)
        {
            if (stop.Alignment == TabAlignment.Bar)
            {
                var x = paragraph.Source.Format.IsRightToLeft ? paragraph.Width - stop.Position.Value : stop.Position.Value;
                var from = paragraph.Lines[first].Top - top;
                _builder.Add(new Pages.Fill((float)(x - 0.25), (float)from, 0.5f, (float)(paragraph.Lines[last - 1].Bottom - top - from), Paint.Black));
            }
        }
    }
}
