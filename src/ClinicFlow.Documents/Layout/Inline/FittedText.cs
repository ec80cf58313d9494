using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>
/// Runs that are fitted into a width (w:fitText, §17.3.2.14): what is missing or too much goes between the characters, none behind the last, and no line ends within.
/// Word stores the spacing that it came to; text that a record brought is fitted anew.
/// </summary>
internal static class FittedText
{
    public static void Fit(List<TextSpan> spans, Span<float> advances, Span<LaidGlyph> glyphs)
    {
        for (var first = 0; first < spans.Count; first++)
        {
            if (!IsFitted(spans[first]))
            {
                continue;
            }

            var last = LastOf(spans, first);
            Fit(spans.GetRange(first, last - first + 1), advances, glyphs, spans[first].Format.FitText.Value);
            first = last;
        }
    }

    /// <summary>Takes away the places within where a line could begin.</summary>
    public static void RemoveBreaks(List<TextSpan> spans, bool[] mayBreak, List<int> breaks)
    {
        for (var first = 0; first < spans.Count; first++)
        {
            if (!IsFitted(spans[first]))
            {
                continue;
            }

            var last = LastOf(spans, first);
            var (start, end) = (spans[first].Start, spans[last].End);
            mayBreak.AsSpan(start + 1, end - start - 1).Clear();
            breaks.RemoveAll(at => at > start && at < end);
            first = last;
        }
    }

    private static bool IsFitted(TextSpan span) => span.Kind == SpanKind.Text && span.Format.FitText > Pt.Zero;

    private static int LastOf(List<TextSpan> spans, int first)
    {
        var (width, id) = (spans[first].Format.FitText, spans[first].Format.FitId);
        while (first + 1 < spans.Count && IsFitted(spans[first + 1]) && spans[first + 1].Format.FitText == width && spans[first + 1].Format.FitId == id)
        {
            first++;
        }

        return first;
    }

    private static void Fit(List<TextSpan> spans, Span<float> advances, Span<LaidGlyph> glyphs, double width)
    {
        var (start, end) = (spans[0].Start, spans[^1].End);
        var (total, last, count) = (0.0, -1, 0);
        for (var i = start; i < end; i++)
        {
            total += advances[i];
            if (advances[i] > 0)
            {
                (last, count) = (i, count + 1);
            }
        }

        if (count == 0)
        {
            return;
        }

        // A lone character stands at the beginning.
        var extra = (float)((width - total) / Math.Max(1, count - 1));
        foreach (var span in spans)
        {
            for (var i = span.Start; i < span.End; i++)
            {
                if (advances[i] > 0 && (i != last || count == 1))
                {
                    advances[i] = Math.Max(0.01f, advances[i] + extra);
                }
            }

            for (var g = span.GlyphStart; g < span.GlyphStart + span.GlyphCount; g++)
            {
                var isLastOfCluster = g + 1 == span.GlyphStart + span.GlyphCount || glyphs[g + 1].Cluster != glyphs[g].Cluster;
                if (isLastOfCluster && (glyphs[g].Cluster != last || count == 1) && glyphs[g].Advance > 0)
                {
                    glyphs[g] = glyphs[g] with { Advance = Math.Max(0.01f, glyphs[g].Advance + extra) };
                }
            }
        }
    }
}
