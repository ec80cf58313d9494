using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>
/// Writes numbers beside the lines of sections that ask for them (w:lnNumType, ECMA-376 Part 1 §17.6.8). Lines in tables, frames, headers and notes are
/// not counted, nor those of paragraphs that suppress it. One object serves one filling of pages. Evidence: docs/layout.md, "Line numbers".
/// </summary>
internal sealed class LineNumberPainter(LayoutParts parts, CharacterFormat format)
{
    private readonly Dictionary<int, LaidParagraph> _numbers = [];
    private int _next = 1;

    /// <summary>A section begins.</summary>
    public void BeginSection(Section section, bool isFirst)
    {
        if (section.LineNumbers is { } numbering && (isFirst || numbering.Restart == LineNumberRestart.EachSection))
        {
            _next = numbering.Start;
        }
    }

    /// <summary>A page begins.</summary>
    public void BeginPage(Section section)
    {
        if (section.LineNumbers is { Restart: LineNumberRestart.EachPage } numbering)
        {
            _next = numbering.Start;
        }
    }

    /// <summary>Counts the lines of a part of a paragraph, and writes the numbers that are due.</summary>
    /// <param name="canvas">The page's.</param>
    /// <param name="section">Whose numbering it is.</param>
    /// <param name="paragraph">The paragraph.</param>
    /// <param name="from">Where the part begins in the paragraph.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="band">The column.</param>
    /// <param name="top">Top of the part on the page.</param>
    public void Paint(Canvas canvas, Section section, LaidParagraph paragraph, double from, double to, ColumnBand band, double top)
    {
        if (section.LineNumbers is not { } numbering || paragraph.Source.Format.SuppressesLineNumbers)
        {
            return;
        }

        var distance = numbering.Distance.Value > 0 ? numbering.Distance.Value : section.Columns.Count > 1 ? 9.35 : 18;
        var (first, last) = (paragraph.FirstLineAfter(from), paragraph.FirstLineAfter(to));
        for (var i = first; i < last; i++)
        {
            var line = paragraph.Lines[i];
            if (line.ContinuesRow)
            {
                continue;
            }

            var number = _next++;
            if (number % numbering.Every == 0)
            {
                var laid = Lay(number);
                var (fragment, _) = parts.Painter.PaintLines(laid, 0, laid.Lines.Length, isShared: false);
                var x = section.IsRightToLeft ? band.Left + band.Width + distance : band.Left - distance - laid.Lines[0].Width;
                canvas.Add(fragment, x, top + line.Top - (first == 0 ? 0 : paragraph.Lines[first].Top) + line.Baseline - laid.Lines[0].Baseline, null);
            }
        }
    }

    private LaidParagraph Lay(int number)
    {
        if (!_numbers.TryGetValue(number, out var laid))
        {
            var text = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var paragraph = new Paragraph { Format = new ParagraphFormat(), MarkFormat = format, Inlines = [new TextRun(text) { Format = format }] };
            var shaped = parts.Paragraphs.Shape(paragraph);
            _numbers[number] = laid = new LaidParagraph(parts.Painter, shaped, new(parts.Paragraphs.Fill(shaped, 0, new(1_000, 0, null)), 1_000, 0, null));
        }

        return laid;
    }
}
