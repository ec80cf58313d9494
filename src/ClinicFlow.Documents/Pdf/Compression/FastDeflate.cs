using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ClinicFlow.Documents.Package.Deflate;

namespace ClinicFlow.Documents.Pdf.Compression;

/// <summary>
/// Compresses the small streams of a PDF (RFC 1950 and 1951) without the setting up that a general library does for each: one look for a match at each place, blocks with
/// codes of their own. The same bytes always give the same result. One thread uses it at a time; nothing of a stream is looked at when the next is compressed.
/// </summary>
internal sealed class FastDeflate
{
    private const int HashBits = 13;
    private const int MinMatch = 4;
    private const int MostTokens = 16 * 1024;
    private const int FewTokens = 400;
    private const int MatchFlag = 1 << 30;

    // Code lengths are sent in this order (RFC 1951, 3.2.7).
    private static ReadOnlySpan<byte> LengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private static readonly (ushort Symbol, byte Bits, ushort Extra)[] Lengths = [.. Enumerable.Range(0, DeflateSymbols.MaxMatch + 1).Select(length => length < DeflateSymbols.MinMatch ? default : Packed(DeflateSymbols.OfLength(length)))];

    // Symbols of distances: those below 257 one by one, above that by steps of 128, within which the symbol does not change.
    private static readonly byte[] NearDistances = [.. Enumerable.Range(1, 256).Select(distance => (byte)DeflateSymbols.OfDistance(distance).Symbol)];
    private static readonly byte[] FarDistances = [.. Enumerable.Range(0, 256).Select(step => (byte)DeflateSymbols.OfDistance(Math.Max(257, (step * 128) + 1)).Symbol)];
    private static readonly (int First, byte Bits)[] Distances = [.. Enumerable.Range(0, DeflateSymbols.Distances).Select(FirstOf)];

    private readonly int[] _heads = new int[1 << HashBits];
    private readonly int[] _tokens = new int[MostTokens];
    private readonly int[] _literalCounts = new int[DeflateSymbols.LiteralsAndLengths];
    private readonly int[] _distanceCounts = new int[DeflateSymbols.Distances];
    private readonly BlockCodes _codes = new();
    private int _base = 1;
    private int _tokenCount;

    /// <summary>Appends the compressed bytes.</summary>
    /// <param name="bytes">The stream.</param>
    /// <param name="output">Where to.</param>
    /// <param name="page">Codes that are good for it; null where codes of its own are to be found.</param>
    public void Compress(ReadOnlySpan<byte> bytes, PdfBuffer output, PageCodes? page = null)
    {
        if (bytes.IsEmpty)
        {
            // A block that ends at once, with the codes of RFC 1951, 3.2.6.
            output.Write([0x78, 0x01, 3, 0, 0, 0, 0, 1]);
            return;
        }

        // Places of earlier streams lie below the base, and are no places.
        if (_base > int.MaxValue - bytes.Length - 1)
        {
            Array.Clear(_heads);
            _base = 1;
        }

        // A match takes at most 48 bits and stands for four bytes; a literal at most 15. The head of a block is below 400 bytes.
        var blocks = (bytes.Length / MostTokens) + 2;
        var room = output.Room((bytes.Length * 2) + (blocks * 400) + 64);
        room[0] = 0x78;
        room[1] = 0x01;
        var writer = new BitWriter(ref room[2]);
        int length;
        if (page is not null)
        {
            page.WriteHead(ref writer);
            writer = Find(bytes, new PageSink(page, writer)).Writer;
            writer.Add(page.Block.Literals[DeflateSymbols.EndOfBlock], page.Block.LiteralLengths[DeflateSymbols.EndOfBlock]);
            length = 2 + writer.Finish();
        }
        else
        {
            Clear();
            writer = Find(bytes, new TokenSink(this, writer)).Writer;
            WriteBlock(ref writer, isLast: true);
            length = 2 + writer.Finish();
        }

        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(room[length..], Adler32(bytes));
        output.Advance(length + 4);
        _base += bytes.Length + 1;
    }

    // What becomes of the stream's literals and matches.
    private interface ISink
    {
        void Literal(byte value);

        void Match(int length, int distanceLessOne);
    }

    // Written at once.
    private ref struct PageSink(PageCodes page, BitWriter writer) : ISink
    {
        private readonly BlockCodes _block = page.Block;
        private readonly uint[] _literals = page.Block.PackedLiterals;
        private readonly uint[] _matches = page.Matches;
        public BitWriter Writer = writer;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Literal(byte value)
        {
            var literal = _literals[value];
            Writer.Add(literal >> 8, (int)(literal & 0xFF));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Match(int length, int distanceLessOne)
        {
            var match = _matches[length];
            var count = (int)(match & 0xFF);
            var (bits, distanceCount) = BitsOf(_block, distanceLessOne);
            Writer.Add((match >> 8) | (bits << count), count + distanceCount);
        }
    }

    // Gathered and counted, for codes of the block's own.
    private ref struct TokenSink(FastDeflate deflate, BitWriter writer) : ISink
    {
        public BitWriter Writer = writer;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Literal(byte value)
        {
            deflate._literalCounts[value]++;
            Add(value);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Match(int length, int distanceLessOne)
        {
            deflate._literalCounts[Lengths[length].Symbol]++;
            deflate._distanceCounts[SymbolOf(distanceLessOne)]++;
            Add(MatchFlag | (length << 16) | distanceLessOne);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Add(int token)
        {
            deflate._tokens[deflate._tokenCount++] = token;
            if (deflate._tokenCount == MostTokens)
            {
                deflate.WriteBlock(ref Writer, isLast: false);
            }
        }
    }

    private TSink Find<TSink>(ReadOnlySpan<byte> bytes, TSink sink)
        where TSink : struct, ISink, allows ref struct
    {
        var heads = _heads;
        ref var start = ref MemoryMarshal.GetReference(bytes);
        var (at, last) = (0, bytes.Length - 8);
        while (at <= last)
        {
            var value = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, at));
            ref var head = ref heads[(int)(value * 0x9E3779B1 >> (32 - HashBits))];
            var candidate = head - _base;
            head = at + _base;
            if (candidate >= 0 && at - candidate <= DeflateSymbols.Window && Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, candidate)) == value)
            {
                var most = Math.Min(DeflateSymbols.MaxMatch, bytes.Length - at);
                var length = MinMatch + bytes.Slice(at + MinMatch, most - MinMatch).CommonPrefixLength(bytes.Slice(candidate + MinMatch, most - MinMatch));
                sink.Match(length, at - candidate - 1);

                // What comes later may begin like the end of this.
                if (at + length <= last)
                {
                    var end = at + length - 2;
                    heads[(int)(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, end)) * 0x9E3779B1 >> (32 - HashBits))] = end + _base;
                }

                at += length;
            }
            else
            {
                sink.Literal(bytes[at++]);
            }
        }

        while (at < bytes.Length)
        {
            sink.Literal(bytes[at++]);
        }

        return sink;
    }

    private void WriteBlock(ref BitWriter writer, bool isLast)
    {
        _literalCounts[DeflateSymbols.EndOfBlock]++;
        var codes = BlockCodes.Fixed;
        if (_tokenCount <= FewTokens)
        {
            // What codes of its own would save is less than what it takes to make and to send them.
            writer.Add((isLast ? 1u : 0) | (1 << 1), 3);
        }
        else
        {
            codes = _codes;
            codes.Set(_literalCounts, _distanceCounts);
            WriteHead(ref writer, codes, isLast);
        }

        var literals = codes.PackedLiterals;
        foreach (var token in _tokens.AsSpan(0, _tokenCount))
        {
            if ((uint)token < (uint)literals.Length)
            {
                var literal = literals[token];
                writer.Add(literal >> 8, (int)(literal & 0xFF));
                continue;
            }

            var (symbol, extraBits, extra) = Lengths[(token >> 16) & 0x3FFF];
            ulong bits = codes.Literals[symbol];
            int count = codes.LiteralLengths[symbol];
            bits |= (ulong)extra << count;
            count += extraBits;
            var (distance, distanceCount) = BitsOf(codes, token & 0xFFFF);
            writer.Add(bits | (distance << count), count + distanceCount);
        }

        writer.Add(codes.Literals[DeflateSymbols.EndOfBlock], codes.LiteralLengths[DeflateSymbols.EndOfBlock]);
        Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong Bits, int Count) BitsOf(BlockCodes codes, int distanceLessOne)
    {
        var symbol = SymbolOf(distanceLessOne);
        var (first, extraBits) = Distances[symbol];
        int count = codes.DistanceLengths[symbol];
        return (codes.Distances[symbol] | ((ulong)(uint)(distanceLessOne - first) << count), count + extraBits);
    }

    private void Clear()
    {
        _tokenCount = 0;
        Array.Clear(_literalCounts);
        Array.Clear(_distanceCounts);
    }

    // The block's codes by their lengths, runs of equal ones shortened, and these again under a code of their own.
    internal static void WriteHead(ref BitWriter writer, BlockCodes block, bool isLast)
    {
        var literals = Math.Max(257, UsedOf(block.LiteralLengths));
        var distances = Math.Max(1, UsedOf(block.DistanceLengths));
        Span<byte> all = stackalloc byte[DeflateSymbols.LiteralsAndLengths + DeflateSymbols.Distances];
        block.LiteralLengths.AsSpan(0, literals).CopyTo(all);
        block.DistanceLengths.AsSpan(0, distances).CopyTo(all[literals..]);
        all = all[..(literals + distances)];

        Span<ushort> runs = stackalloc ushort[all.Length]; // symbol, and what its extra bits hold
        Span<int> counts = stackalloc int[19];
        counts.Clear();
        var n = 0;
        for (var i = 0; i < all.Length;)
        {
            var run = all[i..].IndexOfAnyExcept(all[i]);
            run = run < 0 ? all.Length - i : run;
            var (symbol, extra) = ((int)all[i], 0);
            if (all[i] == 0 && run >= 3)
            {
                run = Math.Min(run, 138);
                (symbol, extra) = run <= 10 ? (17, run - 3) : (18, run - 11);
            }
            else if (i > 0 && all[i] == all[i - 1] && run >= 3)
            {
                run = Math.Min(run, 6);
                (symbol, extra) = (16, run - 3);
            }
            else
            {
                run = 1;
            }

            counts[symbol]++;
            runs[n++] = (ushort)(symbol | (extra << 8));
            i += run;
        }

        Span<byte> lengths = stackalloc byte[19];
        Span<ushort> codes = stackalloc ushort[19];
        PrefixCode.FindLengths(counts, lengths, 7);
        PrefixCode.SetCodes(lengths, codes);
        var sent = 19;
        while (sent > 4 && lengths[LengthOrder[sent - 1]] == 0)
        {
            sent--;
        }

        writer.Add((isLast ? 1u : 0) | (2 << 1), 3);
        writer.Add((uint)(literals - 257) | ((uint)(distances - 1) << 5) | ((uint)(sent - 4) << 10), 14);
        for (var i = 0; i < sent; i++)
        {
            writer.Add(lengths[LengthOrder[i]], 3);
        }

        foreach (var run in runs[..n])
        {
            var symbol = run & 0xFF;
            writer.Add(codes[symbol] | ((ulong)(uint)(run >> 8) << lengths[symbol]), lengths[symbol] + (symbol switch { 16 => 2, 17 => 3, 18 => 7, _ => 0 }));
        }
    }

    private static int UsedOf(ReadOnlySpan<byte> lengths) => lengths.LastIndexOfAnyExcept((byte)0) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SymbolOf(int distanceLessOne) => distanceLessOne < 256 ? NearDistances[distanceLessOne] : FarDistances[distanceLessOne >> 7];

    // The least distance of a symbol, less one, and its extra bits.
    private static (int First, byte Bits) FirstOf(int symbol)
    {
        for (var distance = 1; ; distance++)
        {
            var (found, bits, _) = DeflateSymbols.OfDistance(distance);
            if (found == symbol)
            {
                return (distance - 1, (byte)bits);
            }
        }
    }

    private static (ushort Symbol, byte Bits, ushort Extra) Packed((int Symbol, int ExtraBits, int Extra) one) => ((ushort)one.Symbol, (byte)one.ExtraBits, (ushort)one.Extra);

    /// <summary>The checksum of RFC 1950.</summary>
    internal static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        const uint Modulus = 65_521;
        const int MostBeforeModulus = 5_504; // neither sum leaves 32 bits
        var (a, b) = (1u, 0u);
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, MostBeforeModulus)];
            bytes = bytes[part.Length..];
            if (Avx2.IsSupported)
            {
                var weights = Vector256.Create((sbyte)32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
                var (sums, weighted, before) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
                var n = part.Length / 32;
                for (var i = 0; i < n; i++)
                {
                    var block = Vector256.Create(part.Slice(i * 32, 32));
                    before += sums;
                    sums += Avx2.SumAbsoluteDifferences(block, Vector256<byte>.Zero).AsInt32();
                    weighted += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(block, weights), Vector256<short>.One);
                }

                b += (a * (uint)n * 32) + (32 * (uint)Vector256.Sum(before)) + (uint)Vector256.Sum(weighted);
                a += (uint)Vector256.Sum(sums);
                part = part[(n * 32)..];
            }

            foreach (var value in part)
            {
                a += value;
                b += a;
            }

            (a, b) = (a % Modulus, b % Modulus);
        }

        return (b << 16) | a;
    }
}
