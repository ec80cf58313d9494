using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Jobs;
using Xunit;

namespace ClinicFlow.Batch.Tests.Archive;

public sealed class ArchiveWriterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_finished_archive_is_a_zip_for_others(bool isEncrypted)
    {
        using var archive = new ArchiveCase(isEncrypted);
        var random = new Random(1);
        var files = Enumerable.Range(0, 40).ToDictionary(i => $"Übung {i} – 请.pdf", i => ArchiveCase.Bytes(random, i * i * 150));
        var slices = new List<ArchiveSlice>();

        ArchiveMark end;
        using (var writer = archive.Write())
        {
            slices.AddRange(files.Select(file => ArchiveCase.Append(writer, file.Key, file.Value)));
            slices.Add(await writer.AppendAsync("manifest.json", (stream, cancellation) => stream.WriteAsync("{\"a\":1}"u8.ToArray(), cancellation).AsTask(), Token));
            end = await writer.FinishAsync(slices.ToAsyncEnumerable(), Token);
        }

        Assert.Equal(isEncrypted, end.IsEncrypted);
        Assert.Equal(new FileInfo(archive.Path).Length, end.FileBytes);
        await using var zipStream = archive.Read(end).OpenZip();
        await using var zip = new ZipArchive(zipStream, ZipArchiveMode.Read);
        Assert.Equal([.. files.Keys, "manifest.json"], zip.Entries.Select(entry => entry.FullName));
        Assert.All(zip.Entries.SkipLast(1), entry => Assert.Equal(files[entry.FullName], Read(entry.Open())));
        Assert.Equal("{\"a\":1}"u8.ToArray(), Read(zip.Entries[^1].Open()));
        Unzip(archive, zipStream);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_archive_holds_more_files_than_fit_into_16_bits(bool isEncrypted)
    {
        using var archive = new ArchiveCase(isEncrypted);
        var slices = new List<ArchiveSlice>();

        ArchiveMark end;
        using (var writer = archive.Write())
        {
            for (var i = 0; i < 66_000; i++)
            {
                slices.Add(ArchiveCase.Append(writer, $"{i}.docx", [(byte)i]));
                if (i % 20_000 == 0)
                {
                    writer.Flush();
                }
            }

            end = await writer.FinishAsync(slices.ToAsyncEnumerable(), Token);
        }

        await using var zipStream = archive.Read(end).OpenZip();
        await using var zip = new ZipArchive(zipStream, ZipArchiveMode.Read);
        Assert.Equal(66_000, zip.Entries.Count);
        Assert.Equal([(byte)(65_999 & 255)], Read(zip.Entries[^1].Open()));
        Unzip(archive, zipStream);
    }

    [Fact]
    public async Task An_archive_goes_on_behind_4_GiB()
    {
        using var archive = new ArchiveCase(isEncrypted: false);

        // A hole of 5 GiB in front, which takes no room on the disk: as if documents lay there.
        const long Far = 5L << 30;
        await using (var file = File.Create(archive.Path))
        {
            file.SetLength(Far);
        }

        ArchiveMark end;
        using (var writer = archive.Write(new ArchiveMark(Far, Far)))
        {
            var slice = ArchiveCase.Append(writer, "far.txt", "behind");
            var streamed = await writer.AppendAsync("manifest.json", (stream, _) => stream.WriteAsync("{}"u8.ToArray(), Token).AsTask(), Token);
            end = await writer.FinishAsync(new[] { slice, streamed }.ToAsyncEnumerable(), Token);

            Assert.True(slice.HeaderOffset == Far);
        }

        await using var zip = await ZipFile.OpenReadAsync(archive.Path, Token);
        Assert.Equal(["far.txt", "manifest.json"], zip.Entries.Select(entry => entry.FullName));
        Assert.Equal("behind"u8.ToArray(), Read(zip.Entries[0].Open()));
        Assert.Equal("{}"u8.ToArray(), Read(zip.Entries[1].Open()));
        Assert.Equal(end.FileBytes, new FileInfo(archive.Path).Length);
        Run("unzip", "-t", archive.Path, "far.txt", "manifest.json");
    }

    [Fact]
    public async Task An_empty_archive_is_a_zip()
    {
        using var archive = new ArchiveCase(isEncrypted: true);

        using var writer = archive.Write();
        var end = await writer.FinishAsync(AsyncEnumerable.Empty<ArchiveSlice>(), Token);

        await using var zip = new ZipArchive(archive.Read(end).OpenZip(), ZipArchiveMode.Read);
        Assert.Empty(zip.Entries);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_ended_archive_is_opened_before_its_directory_and_finished_anew(bool isEncrypted)
    {
        using var archive = new ArchiveCase(isEncrypted);
        ArchiveSlice first;
        ArchiveMark documents;
        using (var writer = archive.Write())
        {
            first = ArchiveCase.Append(writer, "1.pdf", "one");
            documents = writer.Flush();
            var manifest = await writer.AppendAsync("manifest.json", (stream, _) => stream.WriteAsync("old"u8.ToArray(), Token).AsTask(), Token);
            await writer.FinishAsync(new[] { first, manifest }.ToAsyncEnumerable(), Token);
        }

        ArchiveMark end;
        using (var writer = archive.Write(documents))
        {
            var second = ArchiveCase.Append(writer, "2.pdf", "two");
            var manifest = await writer.AppendAsync("manifest.json", (stream, _) => stream.WriteAsync("new"u8.ToArray(), Token).AsTask(), Token);
            end = await writer.FinishAsync(new[] { first, second, manifest }.ToAsyncEnumerable(), Token);
        }

        await using var zipStream = archive.Read(end).OpenZip();
        await using var zip = new ZipArchive(zipStream, ZipArchiveMode.Read);
        Assert.Equal(["1.pdf", "2.pdf", "manifest.json"], zip.Entries.Select(entry => entry.FullName));
        Assert.Equal("new"u8.ToArray(), Read(zip.Entries[2].Open()));
        Unzip(archive, zipStream);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_not_committed_before_a_crash_is_cut_off(bool isEncrypted)
    {
        using var archive = new ArchiveCase(isEncrypted);
        ArchiveSlice first;
        ArchiveMark committed;
        using (var writer = archive.Write())
        {
            first = ArchiveCase.Append(writer, "1.pdf", "one");
            committed = writer.Flush();
            ArchiveCase.Append(writer, "lost.pdf", ArchiveCase.Bytes(new Random(3), 3_000_000));
            writer.Flush();
        }

        // Half a frame, half an entry.
        using (var file = File.OpenWrite(archive.Path))
        {
            file.SetLength(file.Length - 1_234_567);
        }

        ArchiveMark end;
        using (var writer = archive.Write(committed))
        {
            Assert.Equal(committed.FileBytes, new FileInfo(archive.Path).Length);
            var second = ArchiveCase.Append(writer, "2.pdf", "two");
            end = await writer.FinishAsync(new[] { first, second }.ToAsyncEnumerable(), Token);
        }

        await using var zipStream = archive.Read(end).OpenZip();
        await using var zip = new ZipArchive(zipStream, ZipArchiveMode.Read);
        Assert.Equal(["one", "two"], zip.Entries.Select(entry => System.Text.Encoding.UTF8.GetString(Read(entry.Open()))));
        Unzip(archive, zipStream);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_archive_that_lost_committed_bytes_is_damaged(bool isEncrypted)
    {
        using var archive = new ArchiveCase(isEncrypted);
        ArchiveMark mark;
        using (var writer = archive.Write())
        {
            ArchiveCase.Append(writer, "1.pdf", "one");
            mark = writer.Flush();
        }

        using (var file = File.OpenWrite(archive.Path))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.Throws<ArchiveDamagedException>(() => archive.Write(mark));
        Assert.Throws<ArchiveDamagedException>(() => archive.Read(mark).OpenZip());
    }

    [Fact]
    public void An_encrypted_archive_is_not_opened_at_a_place_where_it_never_stood()
    {
        using var archive = new ArchiveCase(isEncrypted: true);
        ArchiveMark mark;
        using (var writer = archive.Write())
        {
            ArchiveCase.Append(writer, "1.pdf", "one");
            writer.Flush();
            ArchiveCase.Append(writer, "2.pdf", "two");
            mark = writer.Flush();
        }

        Assert.Throws<ArchiveDamagedException>(() => archive.Write(mark with { LogicalBytes = mark.LogicalBytes - 1 }));
        Assert.Throws<ArchiveDamagedException>(() => archive.Write(mark with { FileBytes = mark.FileBytes - 1 }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_full_disk_leaves_the_archive_at_its_last_flush(bool isEncrypted)
    {
        using var archive = new ArchiveCase(isEncrypted);
        using var disk = new SmallDisk(2_500_000);
        using var writer = new ArchiveWriter(disk, default, archive.JobId, archive.Keys);
        var random = new Random(4);
        var first = ArchiveCase.Append(writer, "1.pdf", ArchiveCase.Bytes(random, 900_000), compress: false);
        var mark = writer.Flush();

        Assert.Throws<ArchiveException>(() => ArchiveCase.Append(writer, "2.pdf", ArchiveCase.Bytes(random, 3_000_000), compress: false));

        Assert.Equal((mark, mark.LogicalBytes, mark.FileBytes), (writer.Mark, writer.LogicalBytes, disk.Length));
        ArchiveCase.Append(writer, "2.pdf", ArchiveCase.Bytes(random, 900_000), compress: false);
        ArchiveCase.Append(writer, "3.pdf", ArchiveCase.Bytes(random, 900_000), compress: false);
        Assert.Throws<ArchiveException>(() => writer.Flush());
        Assert.Equal((mark, mark.FileBytes), (writer.Mark, disk.Length));

        disk.RoomBytes = int.MaxValue;
        var second = ArchiveCase.Append(writer, "2.pdf", "two");
        var end = await writer.FinishAsync(new[] { first, second }.ToAsyncEnumerable(), Token);
        await File.WriteAllBytesAsync(archive.Path, disk.ToArray(), Token);
        await using var zipStream = archive.Read(end).OpenZip();
        Unzip(archive, zipStream);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_disk_that_also_refuses_to_be_cut_is_cut_before_the_next_write(bool isEncrypted)
    {
        using var archive = new ArchiveCase(isEncrypted);
        using var disk = new SmallDisk(1_500_000);
        using var writer = new ArchiveWriter(disk, default, archive.JobId, archive.Keys);
        disk.RefusesCuts = true;
        ArchiveCase.Append(writer, "1.pdf", RandomNumberGenerator.GetBytes(1_900_000));
        Assert.Throws<ArchiveException>(() => writer.Flush());
        ArchiveCase.Append(writer, "1.pdf", "one");
        Assert.Throws<ArchiveException>(() => writer.Flush());
        disk.RefusesCuts = false;
        disk.RefusesFlushes = true;
        ArchiveCase.Append(writer, "1.pdf", "one");
        Assert.Throws<ArchiveException>(() => writer.Flush());
        Assert.Equal(default, writer.Mark);
        disk.RefusesFlushes = false;

        var slice = ArchiveCase.Append(writer, "1.pdf", "one");
        var end = await writer.FinishAsync(new[] { slice }.ToAsyncEnumerable(), Token);

        Assert.Equal(end.FileBytes, disk.Length);
        await File.WriteAllBytesAsync(archive.Path, disk.ToArray(), Token);
        Assert.Equal("one"u8.ToArray(), archive.Read(end).Read(slice, 0));
    }

    [Fact]
    public async Task A_streamed_file_that_cannot_be_made_leaves_nothing()
    {
        using var archive = new ArchiveCase(isEncrypted: true);
        using var writer = archive.Write();
        ArchiveCase.Append(writer, "1.pdf", "one");

        await Assert.ThrowsAsync<TimeoutException>(() => writer.AppendAsync(
            "manifest.json",
            async (stream, cancellation) =>
            {
                await stream.WriteAsync(RandomNumberGenerator.GetBytes(3_000_000), cancellation);
                throw new TimeoutException();
            },
            Token));

        Assert.Equal(writer.Mark.LogicalBytes, writer.LogicalBytes);
        Assert.Equal(writer.Mark.FileBytes, new FileInfo(archive.Path).Length);
    }

    [Fact]
    public async Task A_cancelled_finish_leaves_the_documents()
    {
        using var archive = new ArchiveCase(isEncrypted: false);
        using var writer = archive.Write();
        var slice = ArchiveCase.Append(writer, "1.pdf", "one");
        var mark = writer.Flush();
        using var cancellation = new CancellationTokenSource();

        async IAsyncEnumerable<ArchiveSlice> Slices()
        {
            yield return slice;
            await cancellation.CancelAsync();
            cancellation.Token.ThrowIfCancellationRequested();
        }

        await Assert.ThrowsAsync<OperationCanceledException>(() => writer.FinishAsync(Slices(), cancellation.Token));

        Assert.Equal((mark, mark.FileBytes), (writer.Flush(), new FileInfo(archive.Path).Length));
    }

    [Fact]
    public void A_second_writer_is_refused_until_the_first_is_closed()
    {
        using var archive = new ArchiveCase(isEncrypted: false);
        using (archive.Write())
        {
            var failure = Assert.Throws<ArchiveException>(() => archive.Write());
            Assert.DoesNotContain(archive.Path, failure.Message, StringComparison.Ordinal);
        }

        using var next = archive.Write();
        ArchiveCase.Append(next, "1.pdf", "one");
        Assert.NotEqual(default, next.Flush());
    }

    [Fact]
    public void A_prepared_file_is_deflated_only_where_that_makes_it_shorter()
    {
        using var noise = ArchiveEntry.Prepare(RandomNumberGenerator.GetBytes(5_000), compress: true);
        using var zeros = ArchiveEntry.Prepare(new byte[5_000], compress: true);
        using var asIs = ArchiveEntry.Prepare(new byte[5_000], compress: false);
        using var empty = ArchiveEntry.Prepare(default, compress: true);

        Assert.Equal((false, true, false, false), (noise.IsDeflated, zeros.IsDeflated, asIs.IsDeflated, empty.IsDeflated));
        Assert.Equal(5_000, noise.Stored.Length);
        Assert.InRange(zeros.Stored.Length, 1, 100);
        Assert.Equal((0u, Convert.ToHexStringLower(SHA256.HashData([]))), (empty.Crc32, empty.Sha256));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_appends_cuts_and_reopenings_leave_what_a_list_would_hold(bool isEncrypted)
    {
        for (var seed = 0; seed < 25; seed++)
        {
            using var archive = new ArchiveCase(isEncrypted);
            var random = new Random(seed);
            var appended = new List<(ArchiveSlice Slice, byte[] Bytes)>();
            var marks = new List<(ArchiveMark Mark, int Count)> { (default, 0) };
            var writer = archive.Write();
            for (var step = 0; step < 120; step++)
            {
                switch (random.Next(10))
                {
                    case < 6:
                        var bytes = ArchiveCase.Bytes(random, random.Next(random.Next(20) == 0 ? 2_500_000 : 20_000));
                        appended.Add((ArchiveCase.Append(writer, $"{step}.pdf", bytes, random.Next(2) == 0), bytes));
                        break;
                    case < 8:
                        marks.Add((writer.Flush(), appended.Count));
                        break;
                    case 8:
                        CutTo(random.Next(4) == 0 ? random.Next(marks.Count) : marks.Count - 1);
                        writer.CutBackTo(marks[^1].Mark);
                        break;
                    default:
                        if (random.Next(2) == 0)
                        {
                            writer.Flush();
                        }

                        writer.Dispose();
                        CutTo(marks.Count - 1);
                        writer = archive.Write(marks[^1].Mark);
                        break;
                }
            }

            var end = writer.Flush();
            var reader = archive.Read(end);
            Assert.All(appended.Select((file, index) => (file, index)), x => Assert.Equal(x.file.Bytes, reader.Read(x.file.Slice, x.index)));
            Assert.Equal(end.FileBytes, new FileInfo(archive.Path).Length);

            // Any place of the whole can be read first.
            using var zip = reader.OpenZip();
            var whole = Read(reader.OpenZip());
            for (var i = 0; i < 40; i++)
            {
                var place = random.Next(whole.Length + 1);
                zip.Position = place;
                var some = new byte[Math.Min(300, whole.Length - place)];
                zip.ReadExactly(some);
                Assert.Equal(whole[place..(place + some.Length)], some);
            }

            writer.Dispose();

            void CutTo(int mark)
            {
                marks.RemoveRange(mark + 1, marks.Count - mark - 1);
                appended.RemoveRange(marks[mark].Count, appended.Count - marks[mark].Count);
            }
        }
    }

    private static byte[] Read(Stream stream)
    {
        using (stream)
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
    }

    private static void Unzip(ArchiveCase archive, Stream zip)
    {
        zip.Position = 0;
        using (var file = File.Create(archive.In("copy.zip")))
        {
            zip.CopyTo(file);
        }

        Run("unzip", "-tq", archive.In("copy.zip"));
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output.Result + error);
    }
}
