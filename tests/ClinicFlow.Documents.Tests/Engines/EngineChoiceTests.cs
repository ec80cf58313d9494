using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Tests.Merge;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>Which engine makes a document, and what happens where none can.</summary>
public sealed class EngineChoiceTests
{
    private const string Unknown = "<w:p><w:r><w:t>a</w:t><w:newThing/></w:r></w:p>";

    [Fact]
    public async Task A_document_that_is_rendered_whole_starts_no_LibreOffice()
    {
        await using var choice = new EngineChoice(PdfEngineKind.Auto, new LibreOfficeOptions { Executable = "/nowhere/soffice" });

        var made = await choice.MakeAsync(new PdfSource("plain", WordFile.FromText("One\nTwo")), TestContext.Current.CancellationToken);

        Assert.Equal(PdfEngineKind.Native, made.Engine);
        Assert.Equal(1, made.Pages);
        Assert.Empty(made.Gaps);
    }

    [Fact]
    public async Task What_is_not_rendered_faithfully_is_never_left_out_where_the_engine_is_chosen()
    {
        // LibreOffice is not there: then there is no PDF, rather than one with a hole.
        await using var choice = new EngineChoice(PdfEngineKind.Auto, new LibreOfficeOptions { Executable = "/nowhere/soffice" });

        var error = await Assert.ThrowsAsync<PdfConversionException>(() => choice.MakeAsync(new PdfSource("strange", WordFile.FromBody(Unknown)), TestContext.Current.CancellationToken));

        Assert.Equal("pdf-engine-missing", error.Code);
    }

    [Fact]
    public async Task Asked_for_the_native_engine_a_document_is_made_with_its_gaps_named()
    {
        await using var choice = new EngineChoice(PdfEngineKind.Native);

        var made = await choice.MakeAsync(new PdfSource("strange", WordFile.FromBody(Unknown)), TestContext.Current.CancellationToken);

        var gap = Assert.Single(made.Gaps);
        Assert.Equal(("element-unknown", "body, paragraph 1"), (gap.Code, gap.Place.ToString()));
    }

    [Theory]
    [InlineData(PdfEngineKind.Auto)]
    [InlineData(PdfEngineKind.Native)]
    public async Task A_damaged_file_is_refused_with_its_own_code(PdfEngineKind kind)
    {
        await using var choice = new EngineChoice(kind, new LibreOfficeOptions { Executable = "/nowhere/soffice" });
        var docx = WordFile.FromText("One");

        var error = await Assert.ThrowsAsync<PdfConversionException>(() => choice.MakeAsync(new PdfSource("cut", docx.AsMemory(0, docx.Length - 40)), TestContext.Current.CancellationToken));

        Assert.Equal("damaged", error.Code);
        Assert.StartsWith("cut: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_takes_too_long_natively_is_given_up()
    {
        // No time at all: over before the first paragraph, however busy the machine's timers are.
        await using var choice = new EngineChoice(PdfEngineKind.Native, timeLimit: TimeSpan.Zero);
        var docx = WordFile.FromText(string.Join('\n', Enumerable.Repeat("The quick brown fox jumps over the lazy dog.", 3000)));

        var error = await Assert.ThrowsAsync<PdfConversionException>(() => choice.MakeAsync(new PdfSource("long", docx), TestContext.Current.CancellationToken));

        Assert.Equal("pdf-engine-timeout", error.Code);
    }

    [Fact]
    public async Task The_same_document_gives_the_same_bytes_on_many_threads()
    {
        var engine = new NativeEngine();
        var documents = Enumerable.Range(0, 8).Select(i => WordFile.FromText($"Patient {i} Müller-{i}\n| a | {i} |")).ToArray();
        var alone = documents.Select(docx => new NativeEngine().Convert(docx).Pdf.ToArray()).ToArray();

        var together = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => engine.Convert(documents[i % 8]).Pdf.ToArray())));

        for (var i = 0; i < together.Length; i++)
        {
            Assert.Equal(alone[i % 8], together[i]);
        }
    }
}
