using System.Text;
using ClinicFlow.Documents.Data;
using Xunit;

namespace ClinicFlow.Documents.Tests.Data;

/// <summary>What is held while records are read. It is measured in the whole process, so nothing else runs beside it.</summary>
[Collection("memory is measured")]
public sealed class RecordMemoryTests
{
    [Fact]
    public void A_hundred_thousand_rows_are_read_one_at_a_time()
    {
        var row = Encoding.UTF8.GetBytes("Gruber;Maria;1980-03-07;SA-4711;Hauptstrasse 1\n");
        using var reader = RecordSource.Open(new RepeatedRows(Encoding.UTF8.GetBytes("last;first;born;mrn;street\n"), row, 100_000), "x.csv");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        var count = 0;
        foreach (var read in reader.Read(TestContext.Current.CancellationToken))
        {
            count += read is RecordRead.Good ? 1 : 0;
            if (count % 20_000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.Equal(100_000, count);
        Assert.True(most < 16 << 20, $"{most:N0} bytes are held.");
    }

    private sealed class RepeatedRows(byte[] head, byte[] row, int count) : Stream
    {
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int length)
        {
            var read = 0;
            for (; read < length && _at < head.Length + ((long)row.Length * count); read++, _at++)
            {
                buffer[offset + read] = _at < head.Length ? head[_at] : row[(_at - head.Length) % row.Length];
            }

            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

[CollectionDefinition("memory is measured", DisableParallelization = true)]
public sealed class MemoryMeasured;
