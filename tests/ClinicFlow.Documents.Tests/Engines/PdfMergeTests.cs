using System.Runtime.Versioning;
using ClinicFlow.Documents.Engines;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Outline;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

[UnsupportedOSPlatform("windows")]
public sealed class PdfMergeTests : IDisposable
{
    private readonly EngineCase _case = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _case.Dispose();

    [Fact]
    public void Parts_follow_each_other_under_their_titles()
    {
        var merged = Merge(startOnOddPage: false, ("Ärztin A", [100, 101]), ("Letter B", [200]), ("Letter C", [300, 301, 302]));

        Assert.Equal([100, 101, 200, 300, 301, 302], merged.Widths);
        Assert.Equal([("Ärztin A", 0), ("Letter B", 2), ("Letter C", 3)], merged.Outline);
    }

    [Fact]
    public void Each_part_starts_on_an_odd_page_after_a_blank_one_of_the_size_before_it()
    {
        var merged = Merge(startOnOddPage: true, ("A", [100]), ("B", [200, 201]), ("C", [300, 301, 900]), ("D", [400]));

        // 900 points are wider than the height of 500: a landscape page is followed by a landscape blank.
        Assert.Equal([100, 100, 200, 201, 300, 301, 900, 900, 400], merged.Widths);
        Assert.Equal([("A", 0), ("B", 2), ("C", 4), ("D", 8)], merged.Outline);
    }

    [Fact]
    public void A_damaged_part_is_named_by_its_number()
    {
        var good = EngineCase.Pdf(100);
        byte[][] damaged = [[], "no PDF"u8.ToArray(), "%PDF-1.4 broken %%EOF"u8.ToArray(), good[..(good.Length / 2)]];

        Assert.All(damaged, bytes =>
        {
            var failure = Assert.Throws<PdfConversionException>(() => PdfMerge.Merge([Part("first", good), Part("second", bytes)], new MemoryStream(), cancellationToken: Token));

            Assert.Equal("pdf-not-mergeable", failure.Code);
            Assert.Contains("part 2", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("second", failure.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Whatever_byte_a_part_is_cut_at_it_merges_or_is_refused_as_not_mergeable()
    {
        var good = EngineCase.Pdf(100, 200);

        for (var length = 0; length < good.Length; length += 7)
        {
            var part = Part("cut", good[..length]);
            var failure = Record.Exception(() => PdfMerge.Merge([part], new MemoryStream(), cancellationToken: Token));

            Assert.True(failure is null or PdfConversionException { Code: "pdf-not-mergeable" }, $"{length}: {failure?.GetType()}");
        }
    }

    [Fact]
    public void Nothing_gives_no_page()
        => Assert.Equal(0, PdfMerge.Merge([], new MemoryStream(), cancellationToken: Token));

    [Fact]
    public void A_part_is_read_only_when_its_turn_comes()
    {
        var made = 0;
        var parts = Enumerable.Range(1, 5).Select(i =>
        {
            made++;
            return i == 3 ? Part("third", []) : Part($"{i}", EngineCase.Pdf(100));
        });

        Assert.Throws<PdfConversionException>(() => PdfMerge.Merge(parts, new MemoryStream(), cancellationToken: Token));

        Assert.Equal(3, made);
    }

    [Fact]
    public async Task Parts_in_memory_merge_as_files_do()
    {
        using var output = new MemoryStream();
        byte[] second = EngineCase.Pdf(200);
        byte[] padded = [1, 2, .. second, 3];
        var parts = new[] { new PdfMergeBytes("Ärztin A", EngineCase.Pdf(100, 101)), new PdfMergeBytes("B", padded.AsMemory(2, second.Length)) };

        var count = await PdfMerge.MergeAsync(parts.ToAsyncEnumerable(), output, startOnOddPage: true, Token);

        var merged = Print.Of(output, count);
        Assert.Equal([100, 101, 200], merged.Widths);
        Assert.Equal([("Ärztin A", 0), ("B", 2)], merged.Outline);
    }

    [Fact]
    public async Task A_damaged_part_in_memory_is_named_by_its_number()
    {
        var parts = new[] { new PdfMergeBytes("Mrs A", EngineCase.Pdf(100)), new PdfMergeBytes("Mrs B", "no PDF"u8.ToArray()) };

        var failure = await Assert.ThrowsAsync<PdfConversionException>(() => PdfMerge.MergeAsync(parts.ToAsyncEnumerable(), new MemoryStream(), cancellationToken: Token));

        Assert.Contains("part 2", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Mrs", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_merge_stops()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(() => PdfMerge.Merge([Part("A", EngineCase.Pdf(100))], new MemoryStream(), cancellationToken: cancellation.Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Pages_are_counted(int pages)
        => Assert.Equal(pages, _case.Pages(EngineCase.Pdf([.. Enumerable.Repeat(100, pages)])));

    private PdfMergePart Part(string title, byte[] pdf) => new(title, _case.Keep(pdf));

    private Print Merge(bool startOnOddPage, params (string Title, int[] Widths)[] parts)
    {
        using var output = new MemoryStream();
        return Print.Of(output, PdfMerge.Merge(parts.Select(part => Part(part.Title, EngineCase.Pdf(part.Widths))), output, startOnOddPage, Token));
    }

    private sealed record Print(int[] Widths, (string Title, int Page)[] Outline)
    {
        public static Print Of(MemoryStream output, int count)
        {
            using var merged = PdfDocument.Open(output.ToArray());
            Assert.True(merged.TryGetBookmarks(out var bookmarks));
            var pages = merged.GetPages().ToList();
            var outline = bookmarks.Roots.Cast<DocumentBookmarkNode>().Select(entry => (entry.Title, entry.PageNumber - 1));
            Assert.Equal(count, pages.Count);
            return new Print([.. pages.Select(page => (int)page.Width)], [.. outline]);
        }
    }
}
