using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using ClinicFlow.Batch.Archive;
using Xunit;

namespace ClinicFlow.Batch.Tests.Archive;

public sealed class EntryBufferTests
{
    [Fact]
    public void Files_are_summed_up_alike_whatever_they_begin_with()
    {
        var random = new Random(7);
        byte[] one = Bytes(random, 9_001), other = Bytes(random, 1_500), few = Bytes(random, 20);
        var buffer = new EntryBuffer(ArrayPool<byte>.Create());
        byte[][] starts = [one, one, other, one, few, [], other];
        for (var i = 0; i < 70; i++)
        {
            var start = starts[i % starts.Length];
            byte[] file = [.. i % 9 == 8 ? one[..^1] : i % 5 == 4 ? other : start, .. Bytes(random, i * i * 3), 1];

            buffer.Write(file);
            using var entry = buffer.Take(start);

            Assert.Equal(file, entry.Stored.ToArray());
            Assert.Equal((file.Length, Crc32.HashToUInt32(file), Convert.ToHexStringLower(SHA256.HashData(file))), (entry.Bytes, entry.Crc32, entry.Sha256));
        }
    }

    [Fact]
    public void A_file_holds_nothing_of_the_one_before_in_its_buffer()
    {
        var pool = ArrayPool<byte>.Create(1 << 20, 1);
        var buffer = new EntryBuffer(pool);
        buffer.Write(new byte[40_000].AsSpan());
        buffer.Take(default).Dispose();
        "secret of another"u8.CopyTo(buffer.GetSpan(20_000)[..20_000]);
        buffer.Advance(17);
        buffer.Clear();

        buffer.Write("letter"u8);
        using var entry = buffer.Take(default);

        Assert.Equal("letter"u8.ToArray(), entry.Stored.ToArray());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("letter"u8)), entry.Sha256);
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
