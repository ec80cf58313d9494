using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>Where a paragraph is set: what changes its lines besides its own text.</summary>
/// <param name="Width">Between the text margins.</param>
/// <param name="GridPitch">Height of the section's grid lines; 0 for none.</param>
/// <param name="Background">What automatic text stands on; null for paper.</param>
internal readonly record struct ParagraphPlace(double Width, double GridPitch, Rgb? Background);

/// <summary>Floats that a paragraph keeps clear of, and where it stands among them.</summary>
/// <param name="Floats">In page coordinates.</param>
/// <param name="Left">Left text margin on the page.</param>
/// <param name="Top">Top of its first line on the page.</param>
internal readonly record struct AmongFloats(Exclusions Floats, double Left, double Top);

/// <summary>
/// Turns a paragraph into lines: the same paragraph, fonts and width always give the same lines. Shaped text is remembered for paragraphs that are
/// laid again (a second pass, another width).
/// </summary>
internal sealed class ParagraphLayout(TextShaper fonts, LineRules rules, DocumentSettings document)
{
    private const int MostSettings = 8;
    private const int MostCounts = 64;

    private readonly LineFiller _filler = new(rules);
    private readonly ParagraphShaper _shaper = new(fonts, FieldValues.None) { Division = WordDivision.Of(document), EquationSettings = document.Equations };
    private readonly Dictionary<Paragraph, ShapedParagraph> _shaped = new(ReferenceEqualityComparer.Instance);

    // What is kept of paragraphs of the template, for all documents of this object; of other paragraphs nothing gets in here. Those that show page numbers or counts are kept
    // once for each that they showed.
    private readonly Dictionary<Paragraph, ShapedParagraph> _kept = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Paragraph, List<ShapedParagraph>> _counted = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ShapedParagraph, List<SetLines>> _settings = new(ReferenceEqualityComparer.Instance);
    private readonly List<Line> _lines = [];
    private readonly List<Gap> _gaps = [];

    /// <summary>Ends the work between two paragraphs: every page, cell and box comes by here.</summary>
    public CancellationToken Stop { get; set; }

    /// <summary>The line that begins with this character does not end within a word; -1 for none. For one call, to be taken back.</summary>
    public int WholeWordsFrom { get; set; } = -1;

    /// <summary>What fields show from now on.</summary>
    public FieldValues Fields
    {
        get => _shaper.Fields;
        set => _shaper.Fields = value;
    }

    /// <summary>Forgets the document: of it remains only what is of its template.</summary>
    public void NextDocument()
    {
        _shaped.Clear();
        _shaper.NextDocument();
    }

    public ShapedParagraph Shape(Paragraph paragraph)
    {
        if ((paragraph.IsOfTemplate && _kept.TryGetValue(paragraph, out var known)) || _shaped.TryGetValue(paragraph, out known))
        {
            return known;
        }

        var shaped = _shaper.Shape(paragraph, paragraph.IsOfTemplate ? _counted.GetValueOrDefault(paragraph) : null);
        if (paragraph.IsOfTemplate && !shaped.DependsOnDocument)
        {
            _kept.Add(paragraph, shaped);
            _settings.Add(shaped, []);
        }
        else if (paragraph.IsOfTemplate && shaped.Counts is not null)
        {
            KeepCounted(paragraph, shaped);
        }
        else if (!shaped.DependsOnPage)
        {
            _shaped.Add(paragraph, shaped);
        }

        return shaped;
    }

    private void KeepCounted(Paragraph paragraph, ShapedParagraph shaped)
    {
        if (!_settings.TryAdd(shaped, []))
        {
            return;
        }

        if (!_counted.TryGetValue(paragraph, out var counted))
        {
            _counted.Add(paragraph, counted = []);
        }

        // A long document has many pages, and may be the only one of its kind.
        if (counted.Count >= MostCounts)
        {
            _settings.Remove(counted[0]);
            counted.RemoveAt(0);
        }

        counted.Add(shaped);
    }

    /// <summary>All lines of a paragraph where no float is near.</summary>
    public SetLines Set(ShapedParagraph shaped, in ParagraphPlace place)
    {
        if (!shaped.Source.IsOfTemplate || !_settings.TryGetValue(shaped, out var settings))
        {
            return new(Fill(shaped, 0, place), place.Width, place.GridPitch, place.Background);
        }

        foreach (var known in settings)
        {
            if (known.IsFor(place))
            {
                return known;
            }
        }

        var made = new SetLines(Fill(shaped, 0, place), place.Width, place.GridPitch, place.Background);

        // In a table whose columns follow its data a width may never come again.
        if (settings.Count >= MostSettings)
        {
            settings.RemoveAt(0);
        }

        settings.Add(made);
        return made;
    }

    /// <summary>The lines of a paragraph, from a character on.</summary>
    /// <param name="shaped">The paragraph.</param>
    /// <param name="start">0, or where the lines of an earlier part ended.</param>
    /// <param name="place">Where it is set.</param>
    /// <param name="among">Floats beside it; null for none.</param>
    public Line[] Fill(ShapedParagraph shaped, int start, in ParagraphPlace place, AmongFloats? among = null)
    {
        Stop.ThrowIfCancellationRequested();
        _lines.Clear();
        if (shaped.IsHidden)
        {
            return [];
        }

        var format = shaped.Source.Format;
        var y = 0.0;
        var at = start;
        do
        {
            var isFirst = at == 0;
            var lineStart = format.IndentStart.Value + (isFirst ? format.FirstLine.Value : 0);
            var lineEnd = place.Width - format.IndentEnd.Value;
            if (lineEnd < lineStart + 1)
            {
                // Indents that leave nothing: one letter a line, as Word does.
                lineEnd = lineStart + 1;
            }

            if (among is { } floats && floats.Floats.Count > 0)
            {
                at = FillBeside(shaped, at, isFirst, new(lineStart, lineEnd, place.Width), place, floats, ref y);
            }
            else
            {
                _filler.MayDivide = MayDivide(shaped, at);
                var line = _filler.Fill(shaped, at, isFirst, EquationLines.RoomOf(shaped, at, new(lineStart, lineEnd, place.Width), document.Equations));
                Measure(shaped, line, place.GridPitch);
                line.Top = y;
                y += line.Height;
                _lines.Add(line);
                at = line.End;
            }
        }
        while (at < shaped.Text.Length || EndsInLineBreak(shaped, at));

        if (shaped.HasDisplayedEquations)
        {
            EquationLines.Align(shaped, _lines, document.Equations);
        }

        return [.. _lines];
    }

    // Only so many lines after each other may end in a divided word.
    private bool MayDivide(ShapedParagraph shaped, int start)
    {
        if (start == WholeWordsFrom)
        {
            return false;
        }

        var limit = document.ConsecutiveHyphenLimit;
        if (limit == 0 || shaped.Divisions.Length == 0 || _lines.Count < limit)
        {
            return true;
        }

        for (var i = _lines.Count - limit; i < _lines.Count; i++)
        {
            if (!_lines[i].IsDivided)
            {
                return true;
            }
        }

        return false;
    }

    // A line break at the very end leaves an empty line for the paragraph's mark; a page break does not (docs/layout.md, "Pages").
    private bool EndsInLineBreak(ShapedParagraph shaped, int at)
    {
        if (at == 0 || _lines[^1].Start >= at)
        {
            return false;
        }

        return _lines[^1].Ending switch
        {
            LineEnding.LineBreak => true,
            LineEnding.PageBreak => document.Has(CompatibilityFlags.SplitPgBreakAndParaMark),
            _ => false,
        };
    }

    // One row of line parts in the gaps between floats; goes down until there is one.
    private int FillBeside(ShapedParagraph shaped, int at, bool isFirst, in LineRoom room, in ParagraphPlace place, in AmongFloats among, ref double y)
    {
        var format = shaped.Source.Format;
        var guess = HeightGuess(shaped, at);
        for (var tries = 0; tries < 200; tries++)
        {
            // The gaps of an LTR paragraph; of one from right to left the sides are exchanged.
            var left = format.IsRightToLeft ? place.Width - room.End : room.Start;
            var right = format.IsRightToLeft ? place.Width - room.Start : room.End;
            left = Math.Min(left, right - 1);
            among.Floats.FindGaps(among.Left + left, among.Left + right, among.Top + y, among.Top + y + guess, _gaps, out var next);
            if (_gaps.Count == 0)
            {
                if (double.IsInfinity(next))
                {
                    break;
                }

                y = Math.Max(y + 0.01, next - among.Top);
                continue;
            }

            if (format.IsRightToLeft)
            {
                _gaps.Reverse();
            }

            var first = _lines.Count;
            var current = at;
            var height = 0.0;
            var baseline = 0.0;
            foreach (var gap in _gaps.ToArray())
            {
                var start = format.IsRightToLeft ? place.Width - (gap.Right - among.Left) : gap.Left - among.Left;
                var end = format.IsRightToLeft ? place.Width - (gap.Left - among.Left) : gap.Right - among.Left;
                _filler.MayDivide = MayDivide(shaped, current);
                var line = _filler.Fill(shaped, current, isFirst && _lines.Count == first, EquationLines.RoomOf(shaped, current, new(start, end, place.Width), document.Equations));
                Measure(shaped, line, place.GridPitch);
                line.Top = y;
                line.ContinuesRow = _lines.Count > first;
                _lines.Add(line);
                height = Math.Max(height, line.Height);
                baseline = Math.Max(baseline, line.Baseline);
                current = line.End;
                if (line.Ending != LineEnding.Wrap)
                {
                    break;
                }
            }

            // A line that is higher than was thought may touch a float that it was not to touch.
            if (height > guess + 0.5 && tries < 100)
            {
                _lines.RemoveRange(first, _lines.Count - first);
                guess = height;
                continue;
            }

            for (var i = first; i < _lines.Count; i++)
            {
                _lines[i].Height = height;
                _lines[i].Baseline = baseline;
            }

            y += height;
            return current;
        }

        var plain = _filler.Fill(shaped, at, isFirst, room);
        Measure(shaped, plain, place.GridPitch);
        plain.Top = y;
        y += plain.Height;
        _lines.Add(plain);
        return plain.End;
    }

    private static double HeightGuess(ShapedParagraph shaped, int at)
    {
        var extent = shaped.Text.Length > at ? shaped.Spans[shaped.SpanAt(at)].Extent : shaped.MarkExtent;
        return LineBox.Of(shaped.Source.Format.LineSpacing, extent, default, 0).Height;
    }

    private static void Measure(ShapedParagraph shaped, Line line, double gridPitch)
    {
        var format = shaped.Source.Format;
        var (text, objects, blanks) = (default(Extent), default(Extent), default(Extent));
        var any = false;
        if (shaped.Text.Length > 0 && line.Start < line.End)
        {
            for (var s = shaped.SpanAt(line.Start); s < shaped.Spans.Length && shaped.Spans[s].Start < line.End; s++)
            {
                if (shaped.Spans[s].Kind == SpanKind.Drawing)
                {
                    objects = objects.Or(shaped.Spans[s].Extent);
                    if (shaped.Spans[s].Source is Drawing { Rule: not null })
                    {
                        // A rule's line is as high as one of text.
                        text = text.Or(shaped.MarkExtent);
                        any = true;
                    }
                }
                else if (IsBlank(shaped, shaped.Spans[s], line))
                {
                    blanks = blanks.Or(shaped.Spans[s].Extent);
                }
                else
                {
                    text = text.Or(shaped.Spans[s].Extent);
                    any = true;
                }
            }
        }

        // Spaces count where there is nothing else.
        if (!any && blanks.Height > 0)
        {
            text = blanks;
            any = true;
        }

        if (!any && objects.Height <= 0)
        {
            text = shaped.MarkExtent;
        }

        // A picture alone in its line stands on the mark's descent.
        if (!any && objects.Height > 0 && format.LineSpacing.Rule != LineRule.Exact)
        {
            objects = objects with { Descent = Math.Max(objects.Descent, shaped.MarkExtent.Descent) };
        }

        if (line.IsFirst && shaped.Label is { } label)
        {
            text = text.Or(label.Extent);
        }

        var box = LineBox.Of(format.LineSpacing, text, objects, format.SnapsToGrid ? gridPitch : 0);
        line.ExtraLeading = format.LineSpacing.Rule == LineRule.Auto ? Math.Max(0, box.Height - box.Baseline - text.Or(objects).Descent) : 0;
        (line.Height, line.Baseline, line.Natural) = (box.Height, box.Baseline, text.Height > 0 ? text : objects);
    }

    // What of a span stands in the line is spaces alone.
    private static bool IsBlank(ShapedParagraph shaped, TextSpan span, Line line)
    {
        var start = Math.Max(span.Start, line.Start);
        return span.Kind == SpanKind.Text && shaped.Text[start] == ' ' && shaped.Text.AsSpan(start, Math.Min(span.Start + span.Length, line.End) - start).IndexOfAnyExcept(' ') < 0;
    }
}
