using ClinicFlow.Documents.Package.Deflate;

namespace ClinicFlow.Documents.Docx.Deflate;

/// <summary>A token of a segment: a literal, or a match with earlier bytes.</summary>
/// <param name="Offset">Where it starts in its segment.</param>
/// <param name="Length">1 for a literal, 3 to 258 for a match.</param>
/// <param name="Source">The segment that the match is in; -1 for a literal.</param>
/// <param name="SourceOffset">Where the match starts in that segment.</param>
internal readonly record struct SegmentToken(int Offset, int Length, int Source, int SourceOffset);

/// <summary>
/// LZ77 over all segments in their order. A match lies within one segment, earlier in the same one or in one before:
/// between two segments stands text that differs from document to document, so only segments stay as they are.
/// </summary>
internal sealed class SegmentMatches
{
    private const int HashBits = 16;
    private const int MaxChain = 128;

    // A match in another segment is placed when a document is made, which costs time: shorter ones are not worth it.
    private const int MinForeign = 7;

    private readonly byte[] _all;
    private readonly int[] _starts;
    private readonly int[] _segmentOf;
    private readonly int[] _head = new int[1 << HashBits];
    private readonly int[] _previous;

    private SegmentMatches(byte[][] segments)
    {
        _starts = new int[segments.Length + 1];
        for (var i = 0; i < segments.Length; i++)
        {
            _starts[i + 1] = _starts[i] + segments[i].Length;
        }

        _all = new byte[_starts[^1]];
        _segmentOf = new int[_all.Length];
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i].CopyTo(_all, _starts[i]);
            _segmentOf.AsSpan(_starts[i], segments[i].Length).Fill(i);
        }

        _previous = new int[_all.Length];
        _head.AsSpan().Fill(-1);
    }

    /// <summary>The tokens of each segment.</summary>
    public static List<SegmentToken>[] Find(byte[][] segments)
    {
        var matches = new SegmentMatches(segments);
        var tokens = new List<SegmentToken>[segments.Length];
        for (var i = 0; i < segments.Length; i++)
        {
            tokens[i] = matches.Tokens(i);
        }

        return tokens;
    }

    private List<SegmentToken> Tokens(int segment)
    {
        var tokens = new List<SegmentToken>();
        var start = _starts[segment];
        var end = _starts[segment + 1];
        var at = start;
        var (length, source) = at < end ? Longest(at, end) : default;
        while (at < end)
        {
            Insert(at, end);

            // Lazy matching: a longer match one byte on is worth a literal.
            var (nextLength, nextSource) = at + 1 < end ? Longest(at + 1, end) : default;
            if (length >= DeflateSymbols.MinMatch && length >= nextLength)
            {
                tokens.Add(new SegmentToken(at - start, length, _segmentOf[source], source - _starts[_segmentOf[source]]));
                for (var i = at + 1; i < at + length; i++)
                {
                    Insert(i, end);
                }

                at += length;
                (length, source) = at < end ? Longest(at, end) : default;
            }
            else
            {
                tokens.Add(new SegmentToken(at - start, 1, -1, 0));
                at++;
                (length, source) = (nextLength, nextSource);
            }
        }

        return tokens;
    }

    private (int Length, int Source) Longest(int at, int end)
    {
        var limit = Math.Min(DeflateSymbols.MaxMatch, end - at);
        if (limit < DeflateSymbols.MinMatch)
        {
            return default;
        }

        var segment = _segmentOf[at];
        var best = 0;
        var bestSource = 0;
        var candidate = _head[Hash(at)];
        for (var chain = 0; candidate >= 0 && chain < MaxChain; chain++, candidate = _previous[candidate])
        {
            var owner = _segmentOf[candidate];
            var isOwn = owner == segment;
            if (at - candidate > DeflateSymbols.Window)
            {
                break;
            }

            var most = isOwn ? limit : Math.Min(limit, _starts[owner + 1] - candidate);
            if (most <= best)
            {
                continue;
            }

            var length = _all.AsSpan(at, most).CommonPrefixLength(_all.AsSpan(candidate, most));

            // Foreign ones must be clearly better than an own one found before.
            if (length > best && length >= (isOwn ? DeflateSymbols.MinMatch : MinForeign) && !(length == 3 && at - candidate > 4096))
            {
                best = length;
                bestSource = candidate;
                if (length == limit)
                {
                    break;
                }
            }
        }

        return (best, bestSource);
    }

    private void Insert(int at, int end)
    {
        if (at + DeflateSymbols.MinMatch > end)
        {
            return;
        }

        ref var head = ref _head[Hash(at)];
        _previous[at] = head;
        head = at;
    }

    private int Hash(int at) => (int)(((uint)(_all[at] | (_all[at + 1] << 8) | (_all[at + 2] << 16)) * 0x9E3779B1u) >> (32 - HashBits));
}
