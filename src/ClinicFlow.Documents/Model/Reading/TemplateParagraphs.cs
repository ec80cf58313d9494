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
    private readonly (int Segment, int Start, int End)[] _paragraphs;

    /// <summary>A stretch of a segment; with the number of a paragraph, or -1 for what is read anew in each document.</summary>
    private readonly record struct Part(int Start, int End, int Paragraph);

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
    }

    public int Count => _paragraphs.Length;

    public ReadOnlySpan<byte> BytesOf(int paragraph)
    {
        var (segment, start, end) = _paragraphs[paragraph];
        return _program.Segments[segment].AsSpan(start, end - start);
    }

    /// <summary>Strings a bound story together, without these paragraphs.</summary>
    /// <param name="story">The story.</param>
    /// <param name="xml">Gets the bytes; grows where it must.</param>
    /// <param name="kept">Gets where each paragraph was left out.</param>
    /// <returns>The number of bytes.</returns>
    public int Write(in StoryContent story, ref byte[] xml, List<KeptMark> kept)
    {
        kept.Clear();
        var length = 0;
        var bytes = story.Bytes.Span;
        var chunks = story.Chunks.Span;
        foreach (var op in story.Ops.Span)
        {
            if (op < 0)
            {
                var (offset, count) = chunks[~op];
                Append(bytes.Slice(offset, count), ref xml, ref length);
                continue;
            }

            var segment = _program.Segments[op];
            foreach (var part in _segments[op])
            {
                if (part.Paragraph >= 0)
                {
                    kept.Add(new(length, part.Paragraph));
                }
                else
                {
                    Append(segment.AsSpan(part.Start, part.End - part.Start), ref xml, ref length);
                }
            }
        }

        return length;
    }

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
/// <param name="Id">Its number there.</param>
/// <param name="Scopes">The namespaces where it stands.</param>
internal sealed record KeptElement(TemplateParagraphs Paragraphs, int Id, XmlScanner.Scope[] Scopes);
