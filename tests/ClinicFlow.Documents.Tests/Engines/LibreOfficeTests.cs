using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using ClinicFlow.Documents.Engines;
using UglyToad.PdfPig;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>With the real LibreOffice.</summary>
[Collection("engine processes")]
[UnsupportedOSPlatform("windows")]
public sealed class LibreOfficeTests : IDisposable
{
    private readonly EngineCase _case = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _case.Dispose();

    [Fact]
    public async Task Many_letters_at_once_each_become_their_own_pdf_and_nothing_is_left()
    {
        string engine;
        await using (var converter = new LibreOfficeConverter(_case.Options with { Processes = 2 }))
        {
            var letters = Enumerable.Range(1, 12).Select(i => EngineCase.Letter($"row {i}", [.. Enumerable.Repeat("A line of the letter.", i * 30)]));

            var pdfs = await Task.WhenAll(letters.Select(letter => converter.ConvertAsync(letter, Token)));

            var pages = pdfs.Select(pdf => _case.Pages(pdf)).ToArray();
            Assert.Equal(1, pages[0]);
            Assert.True(pages[^1] >= 5);
            Assert.Equal(pages.Order(), pages);
            Assert.Empty(_case.ProcessesHere());
            Assert.Empty(_case.DocumentsLeft());
            engine = converter.EngineName;
        }

        Assert.StartsWith("LibreOffice ", engine, StringComparison.Ordinal);
        Assert.Empty(_case.FilesLeft());
    }

    [Fact]
    public async Task A_file_that_is_no_document_fails_alone_and_is_named()
    {
        await using var converter = new LibreOfficeConverter(_case.Options);
        byte[] damaged = [.. "PK\u0003\u0004"u8, .. new byte[200]];

        var good = converter.ConvertAsync(EngineCase.Letter("row 1", "One"), Token);
        var bad = converter.ConvertAsync(new PdfSource("row 2", damaged), Token);
        var alsoGood = converter.ConvertAsync(EngineCase.Letter("row 3", "Three"), Token);

        var failure = await EngineCase.FailureOf(bad);
        Assert.Equal("pdf-not-made", failure.Code);
        Assert.Contains("row 2", failure.Message, StringComparison.Ordinal);
        Assert.True((await good).Length > 0);
        Assert.True((await alsoGood).Length > 0);
    }

    [Fact]
    public async Task Cancelling_kills_libreoffice_and_leaves_neither_process_nor_document()
    {
        await using var converter = new LibreOfficeConverter(_case.Options);
        using var cancellation = new CancellationTokenSource();
        var conversion = converter.ConvertAsync(EngineCase.Letter("row 1", [.. Enumerable.Repeat("A long letter.", 4000)]), cancellation.Token);
        await EngineCase.Until(() => Sockets().Length > 0);

        // The profile of a killed run goes with it: its socket's name is to be known before.
        var sockets = Sockets();

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => conversion);

        Assert.Empty(_case.ProcessesHere());
        Assert.Empty(_case.DocumentsLeft());
        Assert.DoesNotContain(sockets, File.Exists);
    }

    [Fact]
    public async Task Letters_become_one_print_file_in_which_each_can_be_found_and_read()
    {
        await using var converter = new LibreOfficeConverter(_case.Options);
        var pdfs = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => converter.ConvertAsync(EngineCase.Letter($"row {i}", $"Größe{i}"), Token)));

        using var output = new MemoryStream();
        var count = PdfMerge.Merge(pdfs.Select((pdf, i) => new PdfMergePart($"Letter {i}", _case.Keep(pdf.Span))), output, startOnOddPage: true, Token);

        using var merged = PdfDocument.Open(output.ToArray());
        Assert.Equal(5, count);
        Assert.Equal(["Größe1", "", "Größe2", "", "Größe3"], merged.GetPages().Select(page => page.Text));
        Assert.Single(merged.GetPages().Select(page => (page.Width, page.Height)).Distinct());
    }

    [Fact]
    public async Task A_linked_picture_is_neither_fetched_nor_read()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var converter = new LibreOfficeConverter(_case.Options);

        var pdf = await converter.ConvertAsync(new PdfSource("row 1", LinkedPicture.Docx(new Uri($"http://127.0.0.1:{port}/picture.png"))), Token);

        Assert.False(listener.Pending());
        Assert.Equal(1, _case.Pages(pdf));
    }

    [Fact]
    public async Task A_linked_file_of_the_server_is_not_read()
    {
        await using var converter = new LibreOfficeConverter(_case.Options);
        var picture = _case.Keep(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="));

        var pdf = await converter.ConvertAsync(new PdfSource("row 1", LinkedPicture.Docx(new Uri(picture))), Token);

        using var document = PdfDocument.Open(pdf.ToArray());
        Assert.Empty(document.GetPage(1).GetImages());
    }

    private string[] Sockets() => [.. _case.Profiles().SelectMany(LibreOfficeProfile.Sockets)];
}
