using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Documents.Engines;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Outline;
using UglyToad.PdfPig.Writer;
using Xunit;

namespace ClinicFlow.Batch.Tests.Archive;

public sealed class MergedPdfTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_documents_follow_each_other_under_their_names(bool isEncrypted)
    {
        using var archive = new ArchiveCase(isEncrypted);
        using var writer = archive.Write();
        RequestRow[] rows =
        [
            Rows.Done(0, "Ärztin A", ArchiveCase.Append(writer, "a.docx", "no PDF"), ArchiveCase.Append(writer, "a.pdf", Pdf(100, 101))),
            Rows.Failed(1, "B", null, ""),
            Rows.Done(2, "C", ArchiveCase.Append(writer, "c.docx", "no PDF")),
            Rows.Done(3, "D", ArchiveCase.Append(writer, "d.pdf", Pdf(200))),
        ];
        var path = archive.In("all.pdf");
        await File.WriteAllTextAsync(path, "of a run before", Token);

        var made = await MergedPdf.WriteAsync(archive.Read(writer.Flush()), rows.ToAsyncEnumerable(), path, archive.JobId, archive.Keys, Token);

        Assert.NotNull(made);
        Assert.Equal((2, 3, isEncrypted), (made.Documents, made.Pages, made.Mark.IsEncrypted));
        await using var stream = MergedPdf.OpenRead(path, made.Mark, archive.JobId, archive.Keys);
        using var pdf = PdfDocument.Open(stream);
        Assert.Equal([100, 101, 200], pdf.GetPages().Select(page => (int)page.Width));
        Assert.True(pdf.TryGetBookmarks(out var bookmarks));
        Assert.Equal([("Ärztin A", 1), ("D", 3)], bookmarks.Roots.Cast<DocumentBookmarkNode>().Select(entry => (entry.Title, entry.PageNumber)));
        Assert.Equal(isEncrypted ? -1 : 0, (await File.ReadAllBytesAsync(path, Token)).AsSpan().IndexOf("%PDF"u8));
        AssertNothingElse(archive, "all.pdf");
    }

    [Fact]
    public async Task Without_any_PDF_there_is_no_print_file()
    {
        using var archive = new ArchiveCase(isEncrypted: true);

        Assert.Null(await MergedPdf.WriteAsync(archive.Read(default), new[] { Rows.Failed(0, "A", null, "") }.ToAsyncEnumerable(), archive.In("all.pdf"), archive.JobId, archive.Keys, Token));

        AssertNothingElse(archive);
    }

    [Fact]
    public async Task A_print_file_that_cannot_be_made_leaves_the_one_before()
    {
        using var archive = new ArchiveCase(isEncrypted: false);
        using var writer = archive.Write();
        RequestRow[] rows = [Rows.Done(0, "A", ArchiveCase.Append(writer, "a.pdf", Pdf(100))), Rows.Done(1, "Mrs B", ArchiveCase.Append(writer, "b.pdf", "no PDF"))];
        await File.WriteAllTextAsync(archive.In("all.pdf"), "of a run before", Token);

        var failure = await Assert.ThrowsAsync<PdfConversionException>(
            () => MergedPdf.WriteAsync(archive.Read(writer.Flush()), rows.ToAsyncEnumerable(), archive.In("all.pdf"), archive.JobId, archive.Keys, Token));

        Assert.Contains("part 2", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Mrs", failure.Message, StringComparison.Ordinal);
        Assert.Equal("of a run before", await File.ReadAllTextAsync(archive.In("all.pdf"), Token));
        AssertNothingElse(archive, "all.pdf");
    }

    [Fact]
    public async Task Hosts_that_make_the_same_print_file_do_not_disturb_each_other_and_what_a_dead_one_left_goes()
    {
        using var archive = new ArchiveCase(isEncrypted: true);
        using var writer = archive.Write();
        RequestRow[] rows = [Rows.Done(0, "A", ArchiveCase.Append(writer, "a.pdf", Pdf(100))), Rows.Done(1, "B", ArchiveCase.Append(writer, "b.pdf", Pdf(200)))];
        var (mark, path) = (writer.Flush(), archive.In("all.pdf"));
        await File.WriteAllTextAsync(path + ".dead.part", "left", Token);
        File.SetLastWriteTimeUtc(path + ".dead.part", new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        // The other one makes the whole file while this one is at its first document.
        MergedPdfFile? other = null;
        var made = await MergedPdf.WriteAsync(archive.Read(mark), Interrupted(), path, archive.JobId, archive.Keys, Token);

        Assert.Equal((made!.Pages, made.Mark), (other!.Pages, other.Mark));
        await using var stream = MergedPdf.OpenRead(path, made.Mark, archive.JobId, archive.Keys);
        using var pdf = PdfDocument.Open(stream);
        Assert.Equal([100, 200], pdf.GetPages().Select(page => (int)page.Width));
        AssertNothingElse(archive, "all.pdf");

        async IAsyncEnumerable<RequestRow> Interrupted()
        {
            yield return rows[0];
            other = await MergedPdf.WriteAsync(archive.Read(mark), rows.ToAsyncEnumerable(), path, archive.JobId, archive.Keys, Token);
            yield return rows[1];
        }
    }

    private static byte[] Pdf(params int[] widths)
    {
        using var builder = new PdfDocumentBuilder();
        foreach (var width in widths)
        {
            builder.AddPage(width, 500);
        }

        return builder.Build();
    }

    private static void AssertNothingElse(ArchiveCase archive, params string[] names)
        => Assert.Equal(names, Directory.GetFiles(Path.GetDirectoryName(archive.Path)!).Select(Path.GetFileName).Where(name => !name!.StartsWith("job.zip", StringComparison.Ordinal)));
}
