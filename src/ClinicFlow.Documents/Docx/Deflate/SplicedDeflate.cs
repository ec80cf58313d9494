using System.Buffers;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ClinicFlow.Documents.Package.Deflate;

namespace ClinicFlow.Documents.Docx.Deflate;

/// <summary>
/// Deflates a part that is mostly the same in every document (RFC 1951). The literal segments are compressed once, into
/// bits under a prefix code that is fixed for the template; a document is those bits strung together, with the values
/// between them coded as literals. Matches within a segment are part of its bits. A match with another segment gets
/// its distance when the document is made, because values of any length stand between.
/// </summary>
/// <remarks>The result is one block with dynamic codes. Immutable, and safe for concurrent calls.</remarks>
internal sealed class SplicedDeflate
{
    // From this length on a chunk is searched for matches of its own.
    private const int LongChunk = 128;

    // A typical value: what values' bytes will be, for the prefix code.
    private static ReadOnlySpan<byte> TypicalText => "Maria Anna Gruber-Horvath, 14 March 1962, Hauptstrasse 27/3, 8010 Graz, +43 316 5550127, MRN 4711-0082, 12.5 mg, 1-0-1, Dr. Elena Petrova, 2026-11-23, "u8;

    private readonly ulong[] _words;
    private readonly Segment[] _segments;
    private readonly Piece[] _pieces;
    private readonly uint[] _literals;
    private readonly uint[] _lengths;
    private readonly ushort[] _distanceBits;
    private readonly byte[] _distanceLengths;
    private readonly (int Start, int Bits) _header;

    /// <summary>A segment's place in the tables.</summary>
    private readonly record struct Segment(int FirstPiece, int PieceCount, int Length, uint Crc, uint CrcShift, int MaxBits);

    /// <summary>Bits that are always the same, then, where <paramref name="MatchLength"/> is not 0, a match with another segment, or its bytes as bits where that segment is out of reach.</summary>
    private readonly record struct Piece(int Start, int Bits, int MatchLength, int Source, int SourceOffset, int Offset, int FallbackStart, int FallbackBits);

    private SplicedDeflate(ulong[] words, Segment[] segments, Piece[] pieces, HuffmanCode literals, HuffmanCode distances, (int Start, int Bits) header)
    {
        _words = words;
        _segments = segments;
        _pieces = pieces;
        _header = header;

        // Bits and their number in one load: number in the lowest byte.
        _literals = new uint[257];
        for (var symbol = 0; symbol < _literals.Length; symbol++)
        {
            _literals[symbol] = ((uint)literals.Bits[symbol] << 8) | literals.Lengths[symbol];
        }

        _lengths = new uint[DeflateSymbols.MaxMatch + 1];
        for (var length = DeflateSymbols.MinMatch; length <= DeflateSymbols.MaxMatch; length++)
        {
            var (symbol, extraBits, extra) = DeflateSymbols.OfLength(length);
            _lengths[length] = (((uint)extra << literals.Lengths[symbol]) | literals.Bits[symbol]) << 8 | (uint)(literals.Lengths[symbol] + extraBits);
        }

        _distanceBits = distances.Bits;
        _distanceLengths = distances.Lengths;
    }

    /// <summary>Prepares segments.</summary>
    /// <param name="segments">The literal runs, in the order in which they usually follow each other.</param>
    public static SplicedDeflate Compile(byte[][] segments)
    {
        var tokens = SegmentMatches.Find(segments);
        var (literals, distances) = BuildCodes(segments, tokens);
        var runs = new BitRuns();
        var header = WriteHeader(runs, literals, distances);
        var pieces = new List<Piece>();
        var table = new Segment[segments.Length];
        for (var i = 0; i < segments.Length; i++)
        {
            var first = pieces.Count;
            WriteSegment(i, segments[i], tokens[i], literals, distances, runs, pieces);
            var maxBits = 0;
            foreach (var piece in CollectionsMarshal.AsSpan(pieces)[first..])
            {
                maxBits += piece.Bits + Math.Max(piece.FallbackBits, piece.MatchLength > 0 ? 48 : 0);
            }

            // Written again, it is matches of 258 bytes, the last two shorter.
            maxBits = Math.Max(maxBits, ((segments[i].Length / DeflateSymbols.MaxMatch) + 2) * 48);
            table[i] = new Segment(first, pieces.Count - first, segments[i].Length, Crc32.HashToUInt32(segments[i]), Deflate.CrcShift.OfLength(segments[i].Length), maxBits);
        }

        return new SplicedDeflate(runs.ToArray(), table, [.. pieces], literals, distances, header);
    }

    /// <summary>Encodes a document.</summary>
    /// <param name="ops">What follows what: at or above 0 a segment, below 0 the complement of a chunk's index.</param>
    /// <param name="bytes">Holds the chunks.</param>
    /// <param name="chunks">Where each chunk lies.</param>
    /// <param name="scratch">Working memory of the calling thread.</param>
    /// <param name="output">Receives a raw deflate stream.</param>
    public (uint Crc32, int CompressedLength, int Length) Encode(ReadOnlySpan<int> ops, ReadOnlySpan<byte> bytes, ReadOnlySpan<(int Offset, int Length)> chunks, SplicedScratch scratch, IBufferWriter<byte> output)
    {
        var bound = (long)_header.Bits + 64;
        foreach (var op in ops)
        {
            bound += op >= 0 ? _segments[op].MaxBits + 64 : 48 + (15L * chunks[~op].Length);
        }

        var span = output.GetSpan(checked((int)((bound / 8) + 32)));
        var writer = new BitWriter(ref MemoryMarshal.GetReference(span));
        var seen = scratch.Seen(_segments.Length);
        Append(ref writer, _header.Start, _header.Bits);
        var crc = 0u;
        var position = 0;
        foreach (var op in ops)
        {
            if (op < 0)
            {
                var (offset, length) = chunks[~op];
                var chunk = bytes.Slice(offset, length);
                if (length < LongChunk)
                {
                    crc = Deflate.CrcShift.Append(crc, chunk);
                    AddLiterals(ref writer, chunk);
                }
                else
                {
                    crc = Deflate.CrcShift.Multiply(crc, Deflate.CrcShift.OfLength(length)) ^ Crc32.HashToUInt32(chunk);
                    AddLongChunk(ref writer, chunk, scratch);
                }

                position += length;
                continue;
            }

            ref readonly var segment = ref _segments[op];
            crc = Deflate.CrcShift.Multiply(crc, segment.CrcShift) ^ segment.Crc;
            var distance = position - seen[op];
            if (distance <= DeflateSymbols.Window && segment.Length >= 8)
            {
                Repeat(ref writer, segment.Length, distance);
            }
            else
            {
                AppendSegment(ref writer, segment, seen, position);
            }

            seen[op] = position;
            position += segment.Length;
        }

        var end = _literals[DeflateSymbols.EndOfBlock];
        writer.Add(end >> 8, (int)(end & 0xFF));
        var written = writer.Finish();
        output.Advance(written);
        return (crc, written, position);
    }

    private void AddLiterals(ref BitWriter writer, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            var literal = _literals[value];
            writer.Add(literal >> 8, (int)(literal & 0xFF));
        }
    }

    // Drawings and rich content repeat themselves: greedy matches of 6 bytes and more within the chunk.
    private void AddLongChunk(ref BitWriter writer, ReadOnlySpan<byte> chunk, SplicedScratch scratch)
    {
        const int MinMatch = 6;
        var heads = scratch.Heads(out var epoch);
        var literals = 0;
        var at = 0;
        var last = chunk.Length - 8;
        while (at <= last)
        {
            var value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(chunk), at));
            ref var head = ref heads[(int)((value << 16) * 0x9E3779B97F4A7C15 >> (64 - SplicedScratch.HashBits))];
            var (seen, candidate) = head;
            head = (epoch, at);
            if (seen == epoch && at - candidate <= DeflateSymbols.Window)
            {
                var most = Math.Min(DeflateSymbols.MaxMatch, chunk.Length - at);
                var length = chunk.Slice(at, most).CommonPrefixLength(chunk.Slice(candidate, most));
                if (length >= MinMatch)
                {
                    AddLiterals(ref writer, chunk[literals..at]);
                    AddMatch(ref writer, length, at - candidate);
                    at += length;
                    literals = at;
                    continue;
                }
            }

            at++;
        }

        AddLiterals(ref writer, chunk[literals..]);
    }

    private void AppendSegment(ref BitWriter writer, in Segment segment, ReadOnlySpan<int> seen, int position)
    {
        foreach (ref readonly var piece in _pieces.AsSpan(segment.FirstPiece, segment.PieceCount))
        {
            Append(ref writer, piece.Start, piece.Bits);
            if (piece.MatchLength == 0)
            {
                continue;
            }

            var distance = position + piece.Offset - seen[piece.Source] - piece.SourceOffset;
            if (distance <= DeflateSymbols.Window)
            {
                AddMatch(ref writer, piece.MatchLength, distance);
            }
            else
            {
                Append(ref writer, piece.FallbackStart, piece.FallbackBits);
            }
        }
    }

    // A whole segment that was written a while ago, as one run of matches.
    private void Repeat(ref BitWriter writer, int length, int distance)
    {
        while (length > 0)
        {
            var take = Math.Min(length, DeflateSymbols.MaxMatch);
            if (length - take is 1 or 2)
            {
                take -= DeflateSymbols.MinMatch;
            }

            AddMatch(ref writer, take, distance);
            length -= take;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddMatch(ref BitWriter writer, int length, int distance)
    {
        var coded = _lengths[length];
        writer.Add(coded >> 8, (int)(coded & 0xFF));
        var (symbol, extraBits, extra) = DeflateSymbols.OfDistance(distance);
        int bits = _distanceLengths[symbol];
        writer.Add(((ulong)(uint)extra << bits) | _distanceBits[symbol], bits + extraBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Append(ref BitWriter writer, int start, int bits)
    {
        ref var word = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_words), start);
        while (bits >= 64)
        {
            writer.AddWord(word);
            word = ref Unsafe.Add(ref word, 1);
            bits -= 64;
        }

        if (bits > 0)
        {
            writer.AddUpTo64(word, bits);
        }
    }

    private static (HuffmanCode Literals, HuffmanCode Distances) BuildCodes(byte[][] segments, List<SegmentToken>[] tokens)
    {
        // Every symbol can occur in some document, so every symbol gets a code.
        var literals = new long[DeflateSymbols.LiteralsAndLengths];
        var distances = new long[DeflateSymbols.Distances];
        literals.AsSpan().Fill(1);
        distances.AsSpan().Fill(1);
        var start = 0;
        var starts = new int[segments.Length];
        for (var i = 0; i < segments.Length; i++)
        {
            starts[i] = start;
            foreach (var token in tokens[i])
            {
                if (token.Source < 0)
                {
                    literals[segments[i][token.Offset]] += 4;
                    continue;
                }

                literals[DeflateSymbols.OfLength(token.Length).Symbol] += 4;
                var distance = start + token.Offset - starts[token.Source] - token.SourceOffset;
                distances[DeflateSymbols.OfDistance(Math.Clamp(distance, 1, DeflateSymbols.Window)).Symbol] += 4;
            }

            // A dozen bytes of values behind each segment.
            start += segments[i].Length + 12;
            for (var n = 0; n < 12; n++)
            {
                literals[TypicalText[((i * 12) + n) % TypicalText.Length]] += 4;
            }
        }

        return (new HuffmanCode(literals, 15), new HuffmanCode(distances, 15));
    }

    private static void WriteSegment(int index, byte[] bytes, List<SegmentToken> tokens, HuffmanCode literals, HuffmanCode distances, BitRuns runs, List<Piece> pieces)
    {
        runs.Begin();
        foreach (var token in tokens)
        {
            if (token.Source < 0)
            {
                runs.Add(literals, bytes[token.Offset]);
            }
            else if (token.Source == index)
            {
                AddMatch(runs, token.Length, token.Offset - token.SourceOffset);
            }
            else
            {
                var (start, bits) = runs.End();
                runs.Begin();
                foreach (var value in bytes.AsSpan(token.Offset, token.Length))
                {
                    runs.Add(literals, value);
                }

                var fallback = runs.End();
                pieces.Add(new Piece(start, bits, token.Length, token.Source, token.SourceOffset, token.Offset, fallback.Start, fallback.Bits));
                runs.Begin();
            }
        }

        var rest = runs.End();
        if (rest.Bits > 0)
        {
            pieces.Add(new Piece(rest.Start, rest.Bits, 0, 0, 0, 0, 0, 0));
        }

        void AddMatch(BitRuns to, int length, int distance)
        {
            var (symbol, extraBits, extra) = DeflateSymbols.OfLength(length);
            to.Add(literals, symbol);
            to.Add((ulong)extra, extraBits);
            (symbol, extraBits, extra) = DeflateSymbols.OfDistance(distance);
            to.Add(distances, symbol);
            to.Add((ulong)extra, extraBits);
        }
    }

    // RFC 1951 §3.2.7. Runs of equal lengths are not folded: it is written once a template and read once a document.
    private static (int Start, int Bits) WriteHeader(BitRuns runs, HuffmanCode literals, HuffmanCode distances)
    {
        ReadOnlySpan<byte> order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
        byte[] all = [.. literals.Lengths, .. distances.Lengths];
        var counts = new long[19];
        foreach (var length in all)
        {
            counts[length]++;
        }

        var code = new HuffmanCode(counts, 7);
        runs.Begin();
        runs.Add(1, 1);
        runs.Add(2, 2);
        runs.Add((ulong)(literals.Lengths.Length - 257), 5);
        runs.Add((ulong)(distances.Lengths.Length - 1), 5);
        runs.Add(19 - 4, 4);
        foreach (var symbol in order)
        {
            runs.Add(code.Lengths[symbol], 3);
        }

        foreach (var length in all)
        {
            runs.Add(code, length);
        }

        return runs.End();
    }
}

/// <summary>Working memory of one thread. What it holds lies within one call.</summary>
internal sealed class SplicedScratch
{
    /// <summary>The size of the table of <see cref="Heads"/>, as a power of two.</summary>
    public const int HashBits = 12;

    private readonly (int Epoch, int At)[] _heads = new (int, int)[1 << HashBits];
    private int[] _seen = [];
    private int _epoch;

    /// <summary>Where in a chunk bytes of a hash were seen last. An entry counts only with the epoch given: so the table need not be cleared.</summary>
    public Span<(int Epoch, int At)> Heads(out int epoch)
    {
        epoch = ++_epoch;
        return _heads;
    }

    /// <summary>Where each segment was written last; so far back that it is out of reach where it was not.</summary>
    public Span<int> Seen(int segments)
    {
        if (_seen.Length < segments)
        {
            _seen = new int[segments];
        }

        var seen = _seen.AsSpan(0, segments);
        seen.Fill(-(1 << 30));
        return seen;
    }
}
