using System.Buffers;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using ClinicFlow.Documents.Docx.Deflate;
using Xunit;

namespace ClinicFlow.Documents.Tests.Docx.Deflate;

public sealed class SplicedDeflateTests
{
    [Fact]
    public void What_is_encoded_inflates_to_the_same_bytes_whatever_the_segments_and_their_order()
    {
        var random = new Random(20261123);
        for (var round = 0; round < 400; round++)
        {
            var segments = Enumerable.Range(0, random.Next(1, 20)).Select(_ => Segment(random)).ToArray();
            var spliced = SplicedDeflate.Compile(segments);
            var scratch = new SplicedScratch();
            for (var document = 0; document < 5; document++)
            {
                Check(spliced, segments, random, scratch);
            }
        }
    }

    [Fact]
    public void Long_segments_repeated_and_out_of_the_windows_reach_are_right()
    {
        var random = new Random(7);
        byte[][] segments = [new byte[1_000_000], Text(random, 40_000), Text(random, 33_000), [], [1], Text(random, 9)];
        random.NextBytes(segments[2]);
        var spliced = SplicedDeflate.Compile(segments);
        for (var document = 0; document < 20; document++)
        {
            Check(spliced, segments, random, new SplicedScratch());
        }
    }

    [Fact]
    public void A_repeated_row_costs_a_few_bytes()
    {
        byte[][] segments = [Encoding.UTF8.GetBytes("<w:tr><w:tc><w:tcPr><w:tcW w:w=\"2000\" w:type=\"dxa\"/></w:tcPr><w:p><w:r><w:t>")];
        var spliced = SplicedDeflate.Compile(segments);
        var once = Encode(spliced, [0], [], [], new SplicedScratch()).Length;
        var hundred = Encode(spliced, [.. Enumerable.Repeat(0, 100)], [], [], new SplicedScratch()).Length;
        Assert.True(hundred < once + (99 * 5), $"one row takes {once} bytes, a hundred take {hundred}");
    }

    [Fact]
    public void The_size_is_near_that_of_a_compressor_that_sees_all_of_the_part()
    {
        var random = new Random(3);
        var form = Form(random);
        var spliced = SplicedDeflate.Compile(form.Segments);
        var encoded = Encode(spliced, form.Ops, form.Bytes, form.Chunks, new SplicedScratch()).Length;
        var plain = Concat(form.Segments, form.Ops, form.Bytes, form.Chunks);
        using var fastest = new MemoryStream();
        using (var deflate = new DeflateStream(fastest, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(plain);
        }

        Assert.True(encoded < fastest.Length * 1.3, $"{plain.Length} bytes: {encoded} spliced, {fastest.Length} by zlib's fastest level");
    }

    private static void Check(SplicedDeflate spliced, byte[][] segments, Random random, SplicedScratch scratch)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var chunks = new List<(int, int)>();
        var ops = new List<int>();
        for (var n = random.Next(0, 40); n > 0; n--)
        {
            if (random.Next(3) == 0)
            {
                var chunk = new byte[random.Next(0, random.Next(10) == 0 ? 5000 : 30)];
                random.NextBytes(chunk);
                chunk = random.Next(4) == 0 ? Text(random, random.Next(100, 60_000)) : chunk;
                chunks.Add((bytes.WrittenCount, chunk.Length));
                bytes.Write(chunk);
                ops.Add(~(chunks.Count - 1));
            }
            else
            {
                ops.Add(random.Next(segments.Length));
            }
        }

        var expected = Concat(segments, [.. ops], bytes.WrittenSpan, [.. chunks]);
        var output = new ArrayBufferWriter<byte>();
        var (crc, compressed, length) = spliced.Encode([.. ops], bytes.WrittenSpan, [.. chunks], scratch, output);
        using var inflated = new MemoryStream();
        using (var deflate = new DeflateStream(new MemoryStream(output.WrittenSpan.ToArray()), CompressionMode.Decompress))
        {
            deflate.CopyTo(inflated);
        }

        Assert.Equal(expected, inflated.ToArray());
        Assert.Equal((Crc32.HashToUInt32(expected), output.WrittenCount, expected.Length), (crc, compressed, length));
    }

    private static byte[] Encode(SplicedDeflate spliced, int[] ops, byte[] bytes, (int, int)[] chunks, SplicedScratch scratch)
    {
        var output = new ArrayBufferWriter<byte>();
        spliced.Encode(ops, bytes, chunks, scratch, output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Concat(byte[][] segments, int[] ops, ReadOnlySpan<byte> bytes, (int Offset, int Length)[] chunks)
    {
        var all = new ArrayBufferWriter<byte>();
        foreach (var op in ops)
        {
            all.Write(op >= 0 ? segments[op] : bytes.Slice(chunks[~op].Offset, chunks[~op].Length));
        }

        return all.WrittenSpan.ToArray();
    }

    private static byte[] Segment(Random random) => random.Next(6) switch
    {
        0 => [],
        1 => [.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => (byte)random.Next(256))],
        2 => [.. Enumerable.Repeat((byte)'x', random.Next(1, 2000))],
        _ => Text(random, random.Next(1, 3000)),
    };

    private static byte[] Text(Random random, int length)
    {
        string[] words = ["<w:p>", "</w:p>", "<w:r><w:rPr><w:b/></w:rPr>", "<w:t xml:space=\"preserve\">", "</w:t></w:r>", "patient", " and ", "operation", "risk "];
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append(words[random.Next(words.Length)]);
        }

        return Encoding.UTF8.GetBytes(text.ToString(0, length));
    }

    private static (byte[][] Segments, int[] Ops, byte[] Bytes, (int, int)[] Chunks) Form(Random random)
    {
        var segments = Enumerable.Range(0, 60).Select(_ => Text(random, 1200)).ToArray();
        var ops = Enumerable.Range(0, 120).Select(i => i % 2 == 0 ? i / 2 : ~(i / 2)).ToArray();
        return (segments, ops, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Maria Gruber", 60))), [.. Enumerable.Range(0, 60).Select(i => (i * 12, 12))]);
    }
}
