using System.Text;
using ClinicFlow.Documents.Merge;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// A paragraph of the template in which only texts differ: its segments, in order, and behind which of them a text of the record comes.
/// </summary>
internal sealed class ParagraphOutline(TemplateParagraphs paragraphs, int[] segments, bool[] hasText)
{
    public TemplateParagraphs Paragraphs { get; } = paragraphs;

    /// <summary>What was read of it, for each place in a table.</summary>
    public KeptParagraph Kept { get; } = new();

    /// <summary>Its texts do not stand where they are shown one by one: it is read anew in each document.</summary>
    public bool IsUnfit { get; set; }

    public bool Is(ReadOnlySpan<int> otherSegments, ReadOnlySpan<bool> otherTexts) => otherSegments.SequenceEqual(segments) && otherTexts.SequenceEqual(hasText);

    /// <summary>Its XML with other texts in it.</summary>
    public byte[] Write(Func<int, string> text)
    {
        var xml = new MemoryStream();
        var count = 0;
        for (var i = 0; i < segments.Length; i++)
        {
            xml.Write(Paragraphs.BytesOf(segments[i], i == 0, i == segments.Length - 1));
            if (hasText[i])
            {
                xml.Write(Encoding.UTF8.GetBytes(System.Security.SecurityElement.Escape(text(count++))));
            }
        }

        return xml.ToArray();
    }
}

/// <summary>A paragraph of one document with its texts.</summary>
/// <param name="Outline">Whose texts they are.</param>
/// <param name="Texts">The texts.</param>
/// <param name="LastOp">Index of the operation that ends it.</param>
internal sealed record FilledParagraph(ParagraphOutline Outline, string[] Texts, int LastOp);

/// <summary>The outlines of one story that were met so far. They hold what is of the template; texts are in <see cref="FilledParagraph"/> only. Owned by one reader.</summary>
internal sealed class ParagraphOutlines
{
    // A paragraph with many conditions has many outlines; one with more is read anew.
    private const int MostOfOneStart = 64;
    private const int MostSegments = 64;

    private readonly Dictionary<int, List<ParagraphOutline>> _byStart = [];
    private readonly List<int> _segments = [];
    private readonly List<bool> _hasText = [];
    private readonly List<string> _texts = [];

    public void NextDocument()
    {
        _segments.Clear();
        _hasText.Clear();
        _texts.Clear();
    }

    /// <summary>The paragraph that begins in a segment, where nothing but texts stand between its segments; null where it is not so.</summary>
    public FilledParagraph? Find(TemplateParagraphs paragraphs, ReadOnlySpan<int> ops, int start, in StoryContent story)
    {
        NextDocument();
        var bytes = story.Bytes.Span;
        var chunks = story.Chunks.Span;
        for (var i = start; i < ops.Length && _segments.Count < MostSegments; i++)
        {
            if (ops[i] >= 0)
            {
                _segments.Add(ops[i]);
                _hasText.Add(false);
                if (i > start && paragraphs.Closes(ops[i]))
                {
                    return Filled(paragraphs, i);
                }

                if (i > start && !paragraphs.IsWithin(ops[i]))
                {
                    return null;
                }

                continue;
            }

            var (offset, length) = chunks[~ops[i]];
            var written = bytes.Slice(offset, length);
            if (written.IndexOfAny("<\t\n\r"u8) >= 0)
            {
                return null;
            }

            var text = XmlScanner.Unescape(written, isAttribute: false);
            if (text.AsSpan().ContainsAny('\t', '\n', '\r') || text.Length == 0)
            {
                return null;
            }

            if (_hasText[^1])
            {
                _texts[^1] += text;
            }
            else
            {
                _hasText[^1] = true;
                _texts.Add(text);
            }
        }

        return null;
    }

    private FilledParagraph? Filled(TemplateParagraphs paragraphs, int lastOp)
    {
        var segments = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_segments);
        var hasText = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_hasText);
        if (!_byStart.TryGetValue(segments[0], out var known))
        {
            _byStart.Add(segments[0], known = []);
        }

        foreach (var outline in known)
        {
            if (outline.Is(segments, hasText))
            {
                return outline.IsUnfit ? null : new(outline, [.. _texts], lastOp);
            }
        }

        if (known.Count >= MostOfOneStart)
        {
            return null;
        }

        var made = new ParagraphOutline(paragraphs, segments.ToArray(), hasText.ToArray());
        known.Add(made);
        return new(made, [.. _texts], lastOp);
    }
}
