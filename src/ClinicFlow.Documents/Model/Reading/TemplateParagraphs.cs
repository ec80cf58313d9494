using ClinicFlow.Documents.Merge;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// The paragraphs of one story that are whole in the template: no record changes a byte of them. They are found in the literal segments of the merge program and
/// nowhere else, so nothing that is kept under their numbers can hold a record's data. Immutable, and shared by threads.
/// </summary>
internal sealed class TemplateParagraphs
{
    private readonly MergeProgram _program;
    private readonly Part[][] _segments;
    private readonly Ends[] _ends;
    private readonly (int Segment, int Start, int End)[] _paragraphs;

    /// <summary>A stretch of a segment; with the number of a paragraph, or -1 for what is read anew in each document.</summary>
    private readonly record struct Part(int Start, int End, int Paragraph);

    /// <summary>
    /// How a segment joins what stands around it: where a paragraph begins in it that is still open at its end, within a text; behind the paragraph that was open at its
    /// start; and whether it goes from text to text within one paragraph. -1 where it is not so.
    /// </summary>
    private readonly record struct Ends(int OpensAt, int ClosesAt, bool IsWithin);

    public TemplateParagraphs(MergeProgram program)
    {
        _program = program;
        var found = new List<(int, int, int)>();
        _segments = new Part[program.Segments.Length][];
        for (var i = 0; i < _segments.Length; i++)
        {
            _segments[i] = Cut(i, program.Segments[i], found);
        }

        _paragraphs = [.. found];
        _ends = [.. program.Segments.Select(FindEnds)];
    }

    public int Count => _paragraphs.Length;

    public ReadOnlySpan<byte> BytesOf(int paragraph)
    {
        var (segment, start, end) = _paragraphs[paragraph];
        return _program.Segments[segment].AsSpan(start, end - start);
    }

    /// <summary>Strings a bound story together, without these paragraphs and without those in which only texts differ.</summary>
    /// <param name="story">The story.</param>
    /// <param name="outlines">What is known of paragraphs in which texts differ; learns.</param>
    /// <param name="xml">Gets the bytes; grows where it must.</param>
    /// <param name="kept">Gets where each paragraph was left out.</param>
    /// <returns>The number of bytes.</returns>
    public int Write(in StoryContent story, ParagraphOutlines outlines, ref byte[] xml, List<KeptMark> kept)
    {
        kept.Clear();
        outlines.NextDocument();
        var length = 0;
        var bytes = story.Bytes.Span;
        var chunks = story.Chunks.Span;
        var ops = story.Ops.Span;
        var from = 0; // of the segment at hand, what was written already
        for (var i = 0; i < ops.Length; i++)
        {
            var op = ops[i];
            if (op < 0)
            {
                var (offset, count) = chunks[~op];
                Append(bytes.Slice(offset, count), ref xml, ref length);
                from = 0;
                continue;
            }

            var opens = _ends[op].OpensAt;
            var filled = opens >= from ? outlines.Find(this, ops, i, story) : null;
            WriteSegment(op, from, filled is null ? int.MaxValue : opens, ref xml, ref length, kept);
            from = 0;
            if (filled is { } paragraph)
            {
                kept.Add(new(length, -1) { Filled = paragraph });
                i = paragraph.LastOp - 1; // its last segment goes on behind the paragraph
                from = _ends[ops[paragraph.LastOp]].ClosesAt;
            }
        }

        return length;
    }

    private void WriteSegment(int segment, int from, int to, ref byte[] xml, ref int length, List<KeptMark> kept)
    {
        var literal = _program.Segments[segment];
        foreach (var part in _segments[segment])
        {
            var (start, end) = (Math.Max(part.Start, from), Math.Min(part.End, to));
            if (start >= end)
            {
                continue;
            }

            if (part.Paragraph >= 0)
            {
                kept.Add(new(length, part.Paragraph));
            }
            else
            {
                Append(literal.AsSpan(start, end - start), ref xml, ref length);
            }
        }
    }

    /// <summary>Whether a segment goes from text to text within a paragraph.</summary>
    public bool IsWithin(int segment) => _ends[segment].IsWithin;

    /// <summary>Whether a segment ends the paragraph that is open at its start.</summary>
    public bool Closes(int segment) => _ends[segment].ClosesAt > 0;

    /// <summary>Of the segments of a paragraph whose texts differ, the bytes of each that are of the paragraph.</summary>
    public ReadOnlySpan<byte> BytesOf(int segment, bool isFirst, bool isLast)
    {
        var literal = _program.Segments[segment];
        return literal.AsSpan(isFirst ? _ends[segment].OpensAt : 0, (isLast ? _ends[segment].ClosesAt : literal.Length) - (isFirst ? _ends[segment].OpensAt : 0));
    }

    private static Ends FindEnds(byte[] segment)
    {
        var all = segment.AsSpan();
        var startsInText = all.StartsWith("</w:t>"u8) || (!all.IsEmpty && all[0] != '<' && all.IndexOf((byte)'<') is >= 0 and var tag && all[tag..].StartsWith("</w:t>"u8));
        var lastTag = all.LastIndexOf((byte)'<');
        var endsInText = lastTag >= 0 && (all[lastTag..].StartsWith("<w:t>"u8) || all[lastTag..].StartsWith("<w:t xml:space=\"preserve\">"u8));
        var firstEnd = all.IndexOf("</w:p>"u8);
        var firstStart = StartOfParagraph(all);
        var lastStart = -1;
        for (var at = 0; StartOfParagraph(all[at..]) is >= 0 and var next; at += next + 4)
        {
            lastStart = at + next;
        }

        var opens = endsInText && lastStart >= 0 && all[lastStart..].IndexOf("</w:p>"u8) < 0 && !IsEmptyElement(all[lastStart..]) && IsSimple(all[lastStart..]) ? lastStart : -1;
        var closes = startsInText && firstEnd >= 0 && (firstStart < 0 || firstStart > firstEnd) && IsSimple(all[..firstEnd]) ? firstEnd + 6 : -1;
        return new(opens, closes, startsInText && endsInText && firstEnd < 0 && firstStart < 0 && IsSimple(all));
    }

    private static bool IsEmptyElement(ReadOnlySpan<byte> element) => element.IndexOf((byte)'>') is > 0 and var end && element[end - 1] == '/';

    private static int StartOfParagraph(ReadOnlySpan<byte> xml)
    {
        for (var at = 0; xml[at..].IndexOf("<w:p"u8) is >= 0 and var next;)
        {
            at += next;
            if (at + 4 < xml.Length && xml[at + 4] is (byte)' ' or (byte)'>' or (byte)'/')
            {
                return at;
            }

            at += 4;
        }

        return -1;
    }

    // Nothing but runs: fields, notes, drawings and what Word keeps of changes are read with their texts.
    private static bool IsSimple(ReadOnlySpan<byte> part)
        => IsIndependent(part) && part.IndexOf("fldChar"u8) < 0 && part.IndexOf("fldSimple"u8) < 0 && part.IndexOf("<w:drawing"u8) < 0 && part.IndexOf("<w:pict"u8) < 0 && part.IndexOf("<w:object"u8) < 0
            && part.IndexOf("AlternateContent"u8) < 0;

    private static void Append(ReadOnlySpan<byte> bytes, ref byte[] xml, ref int length)
    {
        if (length + bytes.Length > xml.Length)
        {
            Array.Resize(ref xml, Math.Max(length + bytes.Length, xml.Length * 2));
        }

        bytes.CopyTo(xml.AsSpan(length));
        length += bytes.Length;
    }

    // A paragraph begins and ends in the segment; one in another (of a text box) goes with it.
    private static Part[] Cut(int index, byte[] segment, List<(int, int, int)> found)
    {
        var parts = new List<Part>();
        var (depth, start, done) = (0, 0, 0);
        for (var at = 0; at < segment.Length;)
        {
            var next = segment.AsSpan(at).IndexOf((byte)'<');
            if (next < 0)
            {
                break;
            }

            at += next;
            var tag = segment.AsSpan(at);
            if (tag.StartsWith("<w:p"u8) && tag.Length > 4 && tag[4] is (byte)' ' or (byte)'>' or (byte)'/')
            {
                var end = tag.IndexOf((byte)'>');
                if (end < 0)
                {
                    break; // its attributes go on behind a value
                }

                var isEmpty = tag[end - 1] == '/';
                if (depth == 0)
                {
                    start = at;
                }

                at += end + 1;
                if (!isEmpty)
                {
                    depth++;
                }
                else if (depth == 0)
                {
                    Add(start, at);
                }
            }
            else if (tag.StartsWith("</w:p>"u8))
            {
                at += 6;
                if (depth > 0 && --depth == 0)
                {
                    Add(start, at);
                }
            }
            else
            {
                at++;
            }
        }

        if (done < segment.Length)
        {
            parts.Add(new(done, segment.Length, -1));
        }

        return [.. parts];

        void Add(int from, int to)
        {
            if (!IsIndependent(segment.AsSpan(from, to - from)))
            {
                return;
            }

            if (from > done)
            {
                parts.Add(new(done, from, -1));
            }

            parts.Add(new(from, to, found.Count));
            found.Add((index, from, to));
            done = to;
        }
    }

    // What depends on other paragraphs is read in each document: ends of sections, joined paragraphs, fields that begin or end elsewhere, notes.
    private static bool IsIndependent(ReadOnlySpan<byte> paragraph)
        => paragraph.IndexOf("<w:sectPr"u8) < 0 && paragraph.IndexOf("<w:del"u8) < 0 && paragraph.IndexOf("<w:moveFrom"u8) < 0 && paragraph.IndexOf("noteRef"u8) < 0
            && paragraph.IndexOf("oteReference"u8) < 0 && paragraph.Count("w:fldCharType=\"begin\""u8) == paragraph.Count("w:fldCharType=\"end\""u8);
}

/// <summary>A paragraph of the template in one document.</summary>
/// <param name="Paragraphs">Whose it is.</param>
/// <param name="Id">Its number there; -1 where its texts differ.</param>
/// <param name="Scopes">The namespaces where it stands.</param>
internal sealed record KeptElement(TemplateParagraphs Paragraphs, int Id, XmlScanner.Scope[] Scopes)
{
    /// <summary>What its texts are in this document; null for one that is the same in all.</summary>
    public FilledParagraph? Filled { get; init; }
}
