using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>What is kept of one paragraph of the template: the model, once for each place in a table that it was met in. Owned by one reader.</summary>
internal sealed class KeptParagraph
{
    // Table styles with bands have a handful of places; a table that has more is read anew.
    private const int MostPlaces = 16;

    // Private characters (ECMA-376 knows no use of them; symbols lie higher). A paragraph that holds one of its own is not kept.
    private const char FirstSign = '\uE000';
    private const int MostSigns = 256;

    private readonly List<Reading> _readings = [];

    /// <param name="Table">The place in a table.</param>
    /// <param name="Paragraph">The model.</param>
    /// <param name="Findings">What was found while it was read.</param>
    internal sealed record Reading(TableContext Table, Paragraph Paragraph, ConstructScan.Finding[] Findings)
    {
        /// <summary>Whether a drawing hangs in it: such a thing is told from others by what it is, so one document has it once.</summary>
        public bool HasDrawing { get; } = Paragraph.Inlines.Any(inline => inline is Drawing);
    }

    /// <summary>What stands for a text while an outline is read.</summary>
    public static char SignOf(int text) => (char)(FirstSign + Math.Min(text, MostSigns));

    /// <summary>Whether each sign stands once, in order, in texts that are shown, and nothing else looks like one.</summary>
    public static bool HasSigns(ImmutableArray<Inline> inlines, int count)
    {
        var next = 0;
        foreach (var inline in inlines)
        {
            if (inline is not TextRun run)
            {
                continue;
            }

            foreach (var c in run.Text)
            {
                if (c is >= FirstSign and <= (char)(FirstSign + MostSigns) && c != SignOf(next++))
                {
                    return false;
                }
            }
        }

        return next == count && count < MostSigns;
    }

    /// <summary>The same inlines with the texts in place of the signs.</summary>
    public static ImmutableArray<Inline> Fill(ImmutableArray<Inline> inlines, string[] texts)
    {
        var filled = new Inline[inlines.Length];
        for (var i = 0; i < filled.Length; i++)
        {
            filled[i] = inlines[i] is TextRun run && run.Text.AsSpan().ContainsAnyInRange(FirstSign, (char)(FirstSign + MostSigns))
                ? run with { Text = Fill(run.Text, texts) }
                : inlines[i];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(filled);
    }

    private static string Fill(string outline, string[] texts)
    {
        if (outline.Length == 1)
        {
            return texts[outline[0] - FirstSign];
        }

        var text = new System.Text.StringBuilder(outline.Length + 64);
        foreach (var c in outline)
        {
            _ = c is >= FirstSign and <= (char)(FirstSign + MostSigns) ? text.Append(texts[c - FirstSign]) : text.Append(c);
        }

        return text.ToString();
    }

    public Reading? Find(TableContext table)
    {
        foreach (var reading in _readings)
        {
            if (ReferenceEquals(reading.Table, table))
            {
                return reading;
            }
        }

        return null;
    }

    public void Add(Reading reading)
    {
        if (_readings.Count < MostPlaces)
        {
            _readings.Add(reading);
        }
    }
}
