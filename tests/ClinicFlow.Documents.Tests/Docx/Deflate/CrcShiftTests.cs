using System.IO.Hashing;
using ClinicFlow.Documents.Docx.Deflate;
using Xunit;

namespace ClinicFlow.Documents.Tests.Docx.Deflate;

public sealed class CrcShiftTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(51_234)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_000_003)]
    public void The_crc_of_two_runs_is_joined_from_theirs(int length)
    {
        var bytes = new byte[1_000 + length];
        new Random(length).NextBytes(bytes);

        var joined = CrcShift.Multiply(Crc32.HashToUInt32(bytes.AsSpan(0, 1_000)), CrcShift.OfLength(length)) ^ Crc32.HashToUInt32(bytes.AsSpan(1_000));

        Assert.Equal(Crc32.HashToUInt32(bytes), joined);
    }
}
