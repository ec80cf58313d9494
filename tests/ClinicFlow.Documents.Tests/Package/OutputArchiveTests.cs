using System.IO.Compression;
using System.Text;
using ClinicFlow.Documents.Package;
using Xunit;

namespace ClinicFlow.Documents.Tests.Package;

public sealed class OutputArchiveTests
{
    [Fact]
    public async Task What_was_added_is_read_back_under_its_name()
    {
        var random = new Random(1);
        var docx = new byte[5000];
        random.NextBytes(docx);
        var pdf = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("1 0 obj << /Type /Page >> endobj\n", 200)));
        using var file = new MemoryStream();
        var archive = new OutputArchive(file, new DateTime(2026, 11, 23, 17, 58, 18));

        Assert.Equal("Müller", await archive.AddAsync("Müller", [new(".docx", docx), new(".pdf", pdf)], Stop));
        Assert.Equal("müller (2)", await archive.AddAsync("müller", ".docx", docx, Stop));
        Assert.Equal("_x", await archive.AddAsync("../x", ".pdf", Array.Empty<byte>(), Stop));
        await archive.FinishAsync(Stop);

        using var zip = new ZipArchive(file);
        Assert.Equal(["Müller.docx", "Müller.pdf", "müller (2).docx", "_x.pdf"], zip.Entries.Select(entry => entry.FullName));
        Assert.Equal([docx, pdf, docx, []], zip.Entries.Select(Read));
        Assert.Equal(docx.Length, zip.Entries[0].CompressedLength);
        Assert.True(zip.Entries[1].CompressedLength < pdf.Length / 10, "a PDF is deflated where that helps");
        Assert.All(zip.Entries, entry => Assert.Equal(new DateTime(2026, 11, 23, 17, 58, 18), entry.LastWriteTime.DateTime));
        Assert.Equal((4L, file.Length), (archive.FileCount, archive.LengthBytes));
    }

    [Fact]
    public async Task The_same_documents_give_the_same_bytes()
    {
        Assert.Equal(await MakeAsync(), await MakeAsync());

        static async Task<byte[]> MakeAsync()
        {
            using var file = new MemoryStream();
            var archive = new OutputArchive(file);
            for (var i = 0; i < 50; i++)
            {
                await archive.AddAsync("letter", ".pdf", new byte[i * 100], Stop);
            }

            await archive.FinishAsync(Stop);
            return file.ToArray();
        }
    }

    [Fact]
    public async Task An_empty_archive_is_a_zip()
    {
        using var file = new MemoryStream();
        await new OutputArchive(file).FinishAsync(Stop);

        using var zip = new ZipArchive(file);
        Assert.Empty(zip.Entries);
    }

    [Fact]
    public async Task More_files_than_the_old_format_counts_are_all_there()
    {
        using var file = new MemoryStream();
        var archive = new OutputArchive(file);
        for (var i = 0; i < 66_000; i++)
        {
            await archive.AddAsync($"d{i}", ".docx", "x"u8.ToArray(), Stop);
        }

        await archive.FinishAsync(Stop);

        using var zip = new ZipArchive(file);
        Assert.Equal(66_000, zip.Entries.Count);
        Assert.Equal("d65999.docx", zip.Entries[^1].FullName);
    }

    [Fact]
    public async Task Beyond_four_gigabytes_every_file_is_still_found()
    {
        using var file = new HoledStream();
        var archive = new OutputArchive(file);
        var zeros = new byte[256 << 20];
        for (var i = 0; i < 17; i++)
        {
            await archive.AddAsync("zeros", ".docx", zeros, Stop);
        }

        await archive.AddAsync("last", ".docx", "far"u8.ToArray(), Stop);
        await archive.FinishAsync(Stop);

        using var zip = new ZipArchive(file);
        Assert.True(file.Length > uint.MaxValue);
        Assert.Equal(18, zip.Entries.Count);
        Assert.Equal("far"u8.ToArray(), Read(zip.GetEntry("last.docx")!));
        Assert.Equal(256 << 20, zip.GetEntry("zeros (17).docx")!.Length);
    }

    [Fact]
    public async Task A_stream_that_cannot_seek_is_enough()
    {
        using var file = new MemoryStream();
        await using (var oneWay = new GZipStream(file, CompressionLevel.NoCompression, leaveOpen: true))
        {
            var archive = new OutputArchive(oneWay);
            await archive.AddAsync("a", ".docx", new byte[9], Stop);
            await archive.FlushAsync(Stop);
            await archive.FinishAsync(Stop);
        }

        file.Position = 0;
        using var back = new MemoryStream();
        await using (var gzip = new GZipStream(file, CompressionMode.Decompress))
        {
            await gzip.CopyToAsync(back, Stop);
        }

        using var zip = new ZipArchive(back);
        Assert.Equal("a.docx", Assert.Single(zip.Entries).FullName);
    }

    [Fact]
    public async Task What_was_flushed_is_in_the_file_and_only_the_end_makes_it_a_ZIP()
    {
        var path = Path.GetTempFileName();
        try
        {
            await using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
            var archive = new OutputArchive(file);
            await archive.AddAsync("a", ".docx", new byte[500], Stop);
            await archive.FlushAsync(Stop);

            Assert.Equal(archive.LengthBytes, new FileInfo(path).Length);
            Assert.Throws<InvalidDataException>(() => new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true).Entries);

            file.Position = archive.LengthBytes;
            await archive.FinishAsync(Stop);
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            Assert.Single(zip.Entries);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Archives_that_share_their_names_give_none_twice()
    {
        var names = new FileNames();
        using var first = new MemoryStream();
        using var second = new MemoryStream();

        Assert.Equal("a", await new OutputArchive(first, names: names).AddAsync("a", ".docx", new byte[1], Stop));
        Assert.Equal("a (2)", await new OutputArchive(second, names: names).AddAsync("a", ".docx", new byte[1], Stop));
    }

    [Fact]
    public async Task After_a_failed_write_or_the_end_nothing_more_is_taken()
    {
        using var full = new MemoryStream(new byte[100]);
        var archive = new OutputArchive(full);
        await Assert.ThrowsAsync<NotSupportedException>(async () => await archive.AddAsync("a", ".docx", new byte[200], Stop));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await archive.AddAsync("b", ".docx", new byte[1], Stop));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await archive.FinishAsync(Stop));

        using var file = new MemoryStream();
        var finished = new OutputArchive(file);
        await finished.FinishAsync(Stop);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await finished.AddAsync("b", ".docx", new byte[1], Stop));
    }

    [Theory]
    [InlineData("docx")]
    [InlineData(".")]
    [InlineData("./a")]
    [InlineData(".longerthan")]
    public async Task An_ending_that_is_none_is_refused_and_takes_no_name(string ending)
    {
        using var file = new MemoryStream();
        var archive = new OutputArchive(file);

        await Assert.ThrowsAsync<ArgumentException>(async () => await archive.AddAsync("a", ending, new byte[1], Stop));
        await Assert.ThrowsAsync<ArgumentException>(async () => await archive.AddAsync("a", [new(".pdf", new byte[1]), new(".PDF", new byte[1])], Stop));

        Assert.Equal("a", await archive.AddAsync("a", ".pdf", new byte[1], Stop));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>A file in memory in which long writes, which are zeros, leave a hole.</summary>
    private sealed class HoledStream : Stream
    {
        private readonly SortedDictionary<long, byte[]> _pieces = [];
        private long _length;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => _length;

        public override long Position { get; set; }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = (int)Math.Min(count, Math.Max(0, _length - Position));
            buffer.AsSpan(offset, count).Clear();
            foreach (var (start, piece) in _pieces)
            {
                var (from, to) = (Math.Max(start, Position), Math.Min(start + piece.Length, Position + count));
                if (from < to)
                {
                    piece.AsSpan((int)(from - start), (int)(to - from)).CopyTo(buffer.AsSpan(offset + (int)(from - Position)));
                }
            }

            Position += count;
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin)
            => Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => Position + offset, _ => _length + offset };

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.Length < 1 << 20)
            {
                _pieces[Position] = buffer.ToArray();
            }

            Position += buffer.Length;
            _length = Math.Max(_length, Position);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }
}
