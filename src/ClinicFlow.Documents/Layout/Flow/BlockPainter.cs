using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Layout.Pages;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>Makes fragments of lines. One object serves one thread.</summary>
internal sealed class BlockPainter(LinePainter lines, DrawingPainter drawings)
{
    private readonly FragmentBuilder _builder = new();
    private readonly List<InlineObject> _objects = [];

    public DrawingPainter Drawings => drawings;

    /// <summary>The fragment of some of a paragraph's lines, its origin at the left text margin and the top of the first of them.</summary>
    public (Fragment Fragment, InlineObject[] Objects) PaintLines(LaidParagraph paragraph, int first, int last)
    {
        _objects.Clear();
        var top = first == 0 ? 0 : paragraph.Lines[first].Top;
        var contentNode = paragraph.Shaped.Label is null ? 0 : 1;
        for (var i = first; i < last; i++)
        {
            var line = paragraph.Lines[i];
            var index = i;
            lines.Paint(
                _builder, paragraph.Shaped, line, 0, paragraph.Width, line.Top - top, contentNode, paragraph.Background,
                (drawing, left, at, node) => _objects.Add(new(drawing, left, at, index, node)));
        }

        if (paragraph.Source.Label?.PictureBullet is not null && first == 0 && paragraph.Lines.Length > 0)
        {
            drawings.AddPictureBullet(_builder, paragraph);
        }

        return (_builder.Build(), [.. _objects]);
    }
}
