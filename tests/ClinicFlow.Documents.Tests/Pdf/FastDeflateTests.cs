using System.IO.Compression;
using System.Text;
using ClinicFlow.Documents.Pdf;
using ClinicFlow.Documents.Pdf.Compression;
using Xunit;

namespace ClinicFlow.Documents.Tests.Pdf;

/// <summary>Our compressor against zlib, which must read all that it writes.</summary>
public sealed class FastDeflateTests
{
    [Fact]
    public void What_is_compressed_comes_back()
    {
        var deflate = new FastDeflate();
        foreach (var bytes in Inputs())
        {
            Assert.Equal(bytes, Inflate(Compress(deflate, bytes)));
            Assert.Equal(bytes, Inflate(Compress(deflate, bytes, PageCodes.Prose)));
            Assert.Equal(bytes, Inflate(Compress(deflate, bytes, PageCodes.Marks)));
        }
    }

    [Fact]
    public void The_same_bytes_give_the_same_whatever_was_compressed_before()
    {
        var used = new FastDeflate();
        foreach (var bytes in Inputs())
        {
            Assert.Equal(Compress(new FastDeflate(), bytes), Compress(used, bytes));
            Assert.Equal(Compress(new FastDeflate(), bytes, PageCodes.Prose), Compress(used, bytes, PageCodes.Prose));
        }
    }

    [Fact]
    public void Text_that_repeats_itself_shrinks_as_much_as_with_the_fastest_level_of_zlib()
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 400).Select(i => $"[(The patient was informed {i * 7919 % 1000} of the risks)-{i % 37}(and agrees)]TJ 0 -14.65 Td\n")));
        using var zlib = new MemoryStream();
        using (var stream = new ZLibStream(zlib, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(text);
        }

        Assert.InRange(Compress(new FastDeflate(), text).Length, 1, zlib.Length * 11 / 10);
        Assert.InRange(Compress(new FastDeflate(), text, PageCodes.Prose).Length, 1, zlib.Length * 12 / 10);
    }

    private static IEnumerable<byte[]> Inputs()
    {
        var random = new Random(20261125);
        yield return [];
        for (var length = 1; length < 40; length++)
        {
            yield return [.. Enumerable.Repeat((byte)'a', length)];
        }

        yield return new byte[300_000];
        for (var round = 0; round < 400; round++)
        {
            // From one symbol to all, evenly and not, random and repeating from near and far.
            var symbols = random.Next(1, 257);
            var bytes = new byte[random.Next(1, round % 20 == 0 ? 200_000 : 6_000)];
            var skew = random.Next(1, 40);
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = random.Next(3) == 0 && i > 8 ? bytes[i - random.Next(1, Math.Min(i, 40_000))] : (byte)(symbols * Math.Pow(random.NextDouble(), skew));
            }

            for (var copy = random.Next(6); copy > 0 && bytes.Length > 600; copy--)
            {
                var count = random.Next(4, 500);
                var (from, to) = (random.Next(bytes.Length - count), random.Next(bytes.Length - count));
                bytes.AsSpan(from, count).ToArray().CopyTo(bytes, to);
            }

            yield return bytes;
        }

        // Counts like Fibonacci's numbers want codes longer than are allowed.
        var fibonacci = new List<byte>();
        var (a, b) = (1, 1);
        for (var symbol = 0; symbol < 24; symbol++)
        {
            fibonacci.AddRange(Enumerable.Repeat((byte)symbol, a));
            (a, b) = (b, a + b);
        }

        var shuffled = fibonacci.ToArray();
        random.Shuffle(shuffled);
        yield return shuffled;
    }

    private static byte[] Compress(FastDeflate deflate, byte[] bytes, PageCodes? page = null)
    {
        var output = new PdfBuffer(16);
        deflate.Compress(bytes, output, page);
        return output.Written.ToArray();
    }

    private static byte[] Inflate(byte[] compressed)
    {
        using var stream = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        stream.CopyTo(whole);
        return whole.ToArray();
    }
}
