using System.Security.Cryptography;
using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Jobs;
using Xunit;

namespace ClinicFlow.Batch.Tests.Archive;

public sealed class ArchiveReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Documents_behind_a_committed_mark_are_read_while_the_writer_appends(bool isEncrypted)
    {
        using var archive = new ArchiveCase(isEncrypted);
        using var writer = archive.Write();
        var random = new Random(7);
        var committed = new List<(ArchiveSlice Slice, byte[] Bytes)>();
        for (var round = 0; round < 10; round++)
        {
            for (var i = 0; i < 20; i++)
            {
                var bytes = ArchiveCase.Bytes(random, 30_000);
                committed.Add((ArchiveCase.Append(writer, $"{round}-{i}.pdf", bytes), bytes));
            }

            var reader = archive.Read(writer.Flush());
            var uncommitted = ArchiveCase.Append(writer, $"{round}-x.pdf", ArchiveCase.Bytes(random, 1_500_000));

            Assert.All(committed, file => Assert.Equal(file.Bytes, reader.Read(file.Slice, 0)));
            Assert.Equal(17, Assert.Throws<ArchiveDamagedException>(() => reader.OpenSlice(uncommitted, 17)).RequestIndex);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_changed_byte_is_noticed_wherever_it_is(bool isEncrypted)
    {
        using var archive = new ArchiveCase(isEncrypted);
        var (noise, text) = (RandomNumberGenerator.GetBytes(60), new byte[400]);
        ArchiveSlice stored, deflated;
        ArchiveMark mark;
        using (var writer = archive.Write())
        {
            stored = ArchiveCase.Append(writer, "Mrs Secret.pdf", noise, compress: false);
            deflated = ArchiveCase.Append(writer, "Mr Secret.pdf", text);
            mark = writer.Flush();
        }

        var good = File.ReadAllBytes(archive.Path);
        for (var i = 0; i < good.Length; i++)
        {
            var bytes = good.ToArray();
            bytes[i] ^= 0x10;
            File.WriteAllBytes(archive.Path, bytes);

            var read = 0;
            var failure = Record.Exception(() =>
            {
                Assert.Equal(noise, archive.Read(mark).Read(stored, 4));
                Assert.Equal(text, archive.Read(mark).Read(deflated, 4));
                read = 2;
            });

            // A plain archive's own headers are not read for a document, nor the bits that fill the last byte of deflated
            // data. In an encrypted one nothing may change; of the key's id in its header it is the key that is missing.
            Assert.True(read == 2 ? !isEncrypted : failure is ArchiveDamagedException or EncryptionKeyMissingException, $"{i}: {failure}");
            Assert.DoesNotContain("Secret", failure?.Message ?? "", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_damaged_document_is_named_by_its_row()
    {
        using var archive = new ArchiveCase(isEncrypted: false);
        using var writer = archive.Write();
        var slice = ArchiveCase.Append(writer, "Mrs Secret.pdf", "text");
        var reader = archive.Read(writer.Flush());

        var failure = Assert.Throws<ArchiveDamagedException>(() => reader.Read(slice with { Crc32 = 1 }, 41));

        Assert.Equal(41, failure.RequestIndex);
        Assert.Contains("row 42", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArchiveDamagedException>(() => reader.Read(slice with { Sha256 = new string('0', 64) }, 41));
        Assert.Throws<ArchiveDamagedException>(() => reader.Read(slice with { Bytes = slice.Bytes - 1 }, 41));
        Assert.Throws<ArchiveDamagedException>(() => reader.Read(slice with { Bytes = slice.Bytes + 1 }, 41));
    }

    [Fact]
    public void Frames_cannot_be_exchanged_or_dropped()
    {
        using var archive = new ArchiveCase(isEncrypted: true);
        var slices = new List<ArchiveSlice>();
        var ends = new List<int>();
        ArchiveMark mark = default;
        using (var writer = archive.Write())
        {
            for (var i = 0; i < 3; i++)
            {
                slices.Add(ArchiveCase.Append(writer, $"{i}.pdf", new byte[1_000], compress: false));
                mark = writer.Flush();
                ends.Add((int)mark.FileBytes);
            }
        }

        var good = File.ReadAllBytes(archive.Path);
        var length = ends[2] - ends[1];
        var start = ends[0] - length;
        byte[] exchanged = [.. good[..ends[0]], .. good[ends[1]..], .. good[ends[0]..ends[1]]];
        byte[] dropped = [.. good[..ends[0]], .. good[ends[1]..]];
        byte[] doubled = [.. good[..start], .. good[ends[0]..ends[1]], .. good[ends[0]..]];

        Assert.Equal(good.Length, exchanged.Length);
        foreach (var bytes in new[] { exchanged, dropped, doubled })
        {
            File.WriteAllBytes(archive.Path, bytes);
            Assert.Throws<ArchiveDamagedException>(() => Read(archive.Read(mark)));
            Assert.Throws<ArchiveDamagedException>(() => Read(archive.Read(mark with { FileBytes = bytes.Length })));
        }

        void Read(ArchiveReader reader)
        {
            for (var i = 0; i < slices.Count; i++)
            {
                reader.Read(slices[i], i);
            }
        }
    }

    [Fact]
    public void An_encrypted_archive_opens_for_its_job_and_its_key_only()
    {
        using var archive = new ArchiveCase(isEncrypted: true);
        ArchiveSlice slice;
        ArchiveMark mark;
        using (var writer = archive.Write())
        {
            slice = ArchiveCase.Append(writer, "1.pdf", "one");
            mark = writer.Flush();
        }

        // A key was added since: what is there stays readable, and the file goes on with the key it has.
        var rotated = new TestKeys("2026", "2027");
        using (var writer = new ArchiveWriter(archive.Path, mark, archive.JobId, rotated))
        {
            ArchiveCase.Append(writer, "2.pdf", "two");
            mark = writer.Flush();
        }

        Assert.Equal("one"u8.ToArray(), new ArchiveReader(archive.Path, mark, archive.JobId, rotated).Read(slice, 0));
        Assert.Equal("one"u8.ToArray(), archive.Read(mark).Read(slice, 0));
        Assert.Throws<ArchiveDamagedException>(() => new ArchiveReader(archive.Path, mark, Guid.NewGuid(), rotated).Read(slice, 0));
        Assert.Throws<ArchiveDamagedException>(() => new ArchiveReader(archive.Path, mark, archive.JobId, new TestKeys("2026") { Salt = 1 }).Read(slice, 0));
        Assert.Equal("2026", Assert.Throws<EncryptionKeyMissingException>(() => new ArchiveReader(archive.Path, mark, archive.JobId, new TestKeys("2027")).Read(slice, 0)).KeyId);
        Assert.Throws<EncryptionKeyMissingException>(() => new ArchiveReader(archive.Path, mark, archive.JobId).Read(slice, 0));
        Assert.Throws<EncryptionKeyMissingException>(() => new ArchiveWriter(archive.Path, mark, archive.JobId));
    }

    [Fact]
    public void Any_of_many_frames_is_found_in_few_reads()
    {
        const int Count = 5_000;
        var keys = new TestKeys("a");
        using var disk = new SmallDisk(int.MaxValue);
        using var file = new ArchiveFile(disk, default, Guid.Empty, keys);
        for (var i = 0; i < Count; i++)
        {
            file.Write([(byte)i]);
            file.Flush();
        }

        using var cipher = FrameCipher.Read(disk, keys, Guid.Empty);
        var last = cipher.ReadLast(disk, file.Flushed)!.Value;
        var most = 0;
        for (var i = 0; i < Count; i += 7)
        {
            var before = disk.Reads;
            Assert.Equal(i, cipher.Find(disk, last, i).Number);
            most = Math.Max(most, disk.Reads - before);
        }

        Assert.InRange(most, 1, 80);
    }

    [Fact]
    public void Nothing_of_an_encrypted_archive_can_be_read_on_the_disk()
    {
        using var archive = new ArchiveCase(isEncrypted: true);
        using (var writer = archive.Write())
        {
            ArchiveCase.Append(writer, "Margarethe.pdf", "Margarethe is well");
            writer.Flush();
        }

        Assert.Equal(-1, File.ReadAllBytes(archive.Path).AsSpan().IndexOf("Margarethe"u8));
    }

    [Fact]
    public void An_archive_that_is_gone_is_damaged()
    {
        using var archive = new ArchiveCase(isEncrypted: false);

        Assert.Throws<ArchiveDamagedException>(() => archive.Read(new ArchiveMark(1, 1)).OpenZip());
    }

    [Fact]
    public async Task Many_read_at_once()
    {
        using var archive = new ArchiveCase(isEncrypted: true);
        using var writer = archive.Write();
        var random = new Random(9);
        var files = Enumerable.Range(0, 60).Select(_ => ArchiveCase.Bytes(random, 70_000)).Select((bytes, i) => (ArchiveCase.Append(writer, $"{i}.pdf", bytes), bytes)).ToList();
        var reader = archive.Read(writer.Flush());

        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, async (i, cancellation) =>
        {
            var (slice, expected) = files[i % files.Count];
            await using var stream = reader.OpenSlice(slice, i);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, cancellation);
            Assert.Equal(expected, bytes.ToArray());
        });
    }
}
