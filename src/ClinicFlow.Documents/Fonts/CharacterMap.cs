namespace ClinicFlow.Documents.Fonts;

/// <summary>
/// Which glyph shows a character (OpenType, <c>cmap</c>). Pages of 256 characters are worked out when first asked for, so that
/// looking up is two array reads. Threads may work out the same page at once; they come to the same page.
/// </summary>
internal sealed class CharacterMap
{
    private const int MaxGroups = 100_000;
    private readonly ushort[]?[] _pages = new ushort[]?[0x1100];
    private readonly Segment[] _segments;

    private CharacterMap(Segment[] segments)
    {
        _segments = segments;
        _pages[0] = MakePage(0);
    }

    // Characters from First to Last have the glyphs from Glyph on, or, where there is a list, those of the list.
    private readonly record struct Segment(int First, int Last, int Glyph, ushort[]? List, bool IsConstant = false);

    /// <summary>Reads the table; the best subtable for Unicode, else the one for symbols.</summary>
    public static CharacterMap Read(FontData table, int glyphCount)
    {
        var (best, bestRank) = (0, -1);
        var isSymbol = false;
        for (var i = 0; i < Math.Min((int)table.U16(2), 64); i++)
        {
            var record = table.From(4 + (8 * i));
            var offset = record.Offset32(4);
            var rank = Rank(record.U16(0), record.U16(2), table.From(offset).U16(0));
            if (rank > bestRank)
            {
                (best, bestRank) = (offset, rank);
                isSymbol = (record.U16(0), record.U16(2)) == (3, 0);
            }
        }

        var segments = bestRank < 0 ? [] : ReadSubtable(table.From(best), glyphCount);
        if (isSymbol)
        {
            // Symbol fonts have their characters at U+F000; Word asks for them there and, in old documents, below 256.
            segments.AddRange(segments.Where(s => s.First >= 0xF000 && s.Last <= 0xF0FF).Select(s => s with { First = s.First - 0xF000, Last = s.Last - 0xF000 }).ToArray());
        }

        segments.Sort(static (one, other) => one.First.CompareTo(other.First));
        return new([.. segments]);
    }

    /// <summary>The subtable that simple fonts of a PDF are read by: Windows' of the first 65,536 characters (3, 1). Null where there is none.</summary>
    public static CharacterMap? ReadWindows(FontData table, int glyphCount)
    {
        for (var i = 0; i < Math.Min((int)table.U16(2), 64); i++)
        {
            var record = table.From(4 + (8 * i));
            if ((record.U16(0), record.U16(2)) == (3, 1) && table.From(record.Offset32(4)) is var subtable && subtable.U16(0) == 4)
            {
                var segments = ReadSubtable(subtable, glyphCount);
                segments.Sort(static (one, other) => one.First.CompareTo(other.First));
                return new([.. segments]);
            }
        }

        return null;
    }

    /// <summary>The glyph of a character; 0 where there is none, or no such character.</summary>
    public ushort GlyphOf(int codePoint)
    {
        if ((uint)codePoint > 0x10FFFF)
        {
            return 0;
        }

        var page = _pages[codePoint >> 8] ??= MakePage(codePoint >> 8);
        return page[codePoint & 0xFF];
    }

    /// <summary>All characters that have a glyph, in ascending order.</summary>
    public IEnumerable<(int CodePoint, ushort Glyph)> All()
    {
        for (var page = 0; page < _pages.Length; page++)
        {
            if (FirstThatEndsAt(page << 8) is var first && (first >= _segments.Length || _segments[first].First > (page << 8) + 255))
            {
                continue;
            }

            for (var codePoint = page << 8; codePoint < (page + 1) << 8; codePoint++)
            {
                if (codePoint is not (>= 0xD800 and <= 0xDFFF) && GlyphOf(codePoint) is > 0 and var glyph)
                {
                    yield return (codePoint, glyph);
                }
            }
        }
    }

    private static int Rank(int platform, int encoding, int format) => (platform, encoding, format) switch
    {
        (3, 10, 12) => 6,
        (0, _, 12) => 5,
        (3, 1, 4) => 4,
        (0, not 5, 4) => 3,
        (3, 0, 4) => 2,
        (_, _, 12 or 4 or 6 or 13) => 1,
        (1, 0, 0) => 0,
        _ => -1,
    };

    private static List<Segment> ReadSubtable(FontData table, int glyphCount) => table.U16(0) switch
    {
        0 => [new(0, 255, 0, [.. Enumerable.Range(0, 256).Select(table.Slice(6, 256).Span.ToArray().ElementAtOrDefault).Select(b => (ushort)(b < glyphCount ? b : 0))])],
        4 => ReadFormat4(table, glyphCount),
        6 => ReadFormat6(table, glyphCount),
        12 or 13 => ReadGroups(table, glyphCount),
        _ => [],
    };

    private static List<Segment> ReadFormat4(FontData table, int glyphCount)
    {
        var count = table.U16(6) / 2;
        var segments = new List<Segment>(count);
        for (var i = 0; i < count; i++)
        {
            var (last, first) = (table.U16(14 + (2 * i)), table.U16(16 + (2 * (count + i))));
            var delta = table.U16(16 + (2 * ((2 * count) + i)));
            var rangeAt = 16 + (2 * ((3 * count) + i));
            var range = table.U16(rangeAt);
            if (first > last || (segments.Count > 0 && first <= segments[^1].Last))
            {
                continue; // Segments of a whole font ascend; so 65,536 characters are the most that this reads.
            }

            var list = new ushort[last - first + 1];
            for (var c = 0; c < list.Length; c++)
            {
                var glyph = range == 0 ? first + c : table.U16(rangeAt + range + (2 * c));
                glyph = range != 0 && glyph == 0 ? 0 : (glyph + delta) & 0xFFFF;
                list[c] = (ushort)(glyph < glyphCount && first + c != 0xFFFF ? glyph : 0);
            }

            segments.Add(new(first, last, 0, list));
        }

        return segments;
    }

    private static List<Segment> ReadFormat6(FontData table, int glyphCount)
    {
        var (first, count) = (table.U16(6), table.U16(8));
        var list = new ushort[count];
        for (var c = 0; c < count; c++)
        {
            list[c] = table.U16(10 + (2 * c)) is var glyph && glyph < glyphCount ? glyph : (ushort)0;
        }

        return count == 0 ? [] : [new(first, first + count - 1, 0, list)];
    }

    private static List<Segment> ReadGroups(FontData table, int glyphCount)
    {
        var isConstant = table.U16(0) == 13;
        var segments = new List<Segment>();
        for (var i = 0; i < Math.Min(table.Offset32(12), MaxGroups) && 16 + (12 * i) < table.Length; i++)
        {
            var group = table.From(16 + (12 * i));
            var (first, last, glyph) = (group.U32(0), group.U32(4), group.U32(8));
            if (first <= last && last <= 0x10FFFF && glyph < glyphCount && (segments.Count == 0 || first > segments[^1].Last))
            {
                var room = isConstant ? int.MaxValue : glyphCount - (int)glyph - 1;
                segments.Add(new((int)first, (int)Math.Min(last, first + (uint)room), (int)glyph, null, isConstant));
            }
        }

        return segments;
    }

    private ushort[] MakePage(int number)
    {
        var page = new ushort[256];
        var start = number << 8;
        for (var i = FirstThatEndsAt(start); i < _segments.Length && _segments[i].First <= start + 255; i++)
        {
            var segment = _segments[i];
            for (var c = Math.Max(start, segment.First); c <= Math.Min(start + 255, segment.Last); c++)
            {
                page[c - start] = segment.List is { } list ? list[c - segment.First]
                    : (ushort)(segment.IsConstant ? segment.Glyph : segment.Glyph + c - segment.First);
            }
        }

        return page;
    }

    private int FirstThatEndsAt(int codePoint)
    {
        var (low, high) = (0, _segments.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _segments[middle].Last < codePoint ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
