using System.Runtime.Versioning;
using System.Text;
using ClinicFlow.Documents.Engines;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>With shell scripts in the place of LibreOffice, which crash, hang and write half a file when told to.</summary>
[Collection("engine processes")]
[UnsupportedOSPlatform("windows")]
public sealed class EngineFaultTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(700);

    private readonly EngineCase _case = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _case.Dispose();

    [Fact]
    public async Task Documents_asked_for_together_share_one_process()
    {
        await using var converter = Fake("make");

        await Task.WhenAll(Enumerable.Range(1, 10).Select(i => converter.ConvertAsync(EngineCase.Fake($"{i}"), Token)));

        Assert.Equal(["10"], _case.Calls);
    }

    [Fact]
    public async Task A_batch_is_no_larger_than_allowed()
    {
        await using var converter = Fake("make", options => options with { BatchSize = 4 });

        await Task.WhenAll(Enumerable.Range(1, 10).Select(i => converter.ConvertAsync(EngineCase.Fake($"{i}"), Token)));

        Assert.Equal(3, _case.Calls.Length);
        Assert.DoesNotContain(_case.Calls, size => size.Trim().Length > 1 || size[0] > '4');
    }

    [Theory]
    [InlineData("exit 1", "pdf-engine-crashed")]
    [InlineData("kill -9 $$", "pdf-engine-crashed")]
    [InlineData("printf '%%PDF-1.4 half' > $out; kill -9 $$", "pdf-engine-crashed")]
    [InlineData("printf '%%PDF-1.4 half' > $out; continue", "pdf-not-made")]
    [InlineData("continue", "pdf-not-made")]
    [InlineData("sleep 60", "pdf-engine-timeout")]
    [InlineData("say; sleep 60", "pdf-engine-timeout")]
    [InlineData("say; exit 1", "pdf-engine-crashed")]
    public async Task The_bad_document_of_a_batch_fails_alone_after_a_second_try(string fault, string code)
    {
        await using var converter = Fake($"if [ $text = 3 ]; then {fault}; fi; make", options => options with { DocumentTimeLimit = Short, StartTimeLimit = Short });

        var conversions = Enumerable.Range(1, 6).Select(i => converter.ConvertAsync(EngineCase.Fake($"{i}"), Token)).ToArray();

        var failure = await EngineCase.FailureOf(conversions[2]);
        Assert.Equal(code, failure.Code);
        Assert.Contains("row 3", failure.Message, StringComparison.Ordinal);
        foreach (var good in new[] { 1, 2, 4, 5, 6 })
        {
            Assert.Contains($"\n{good}\n", Encoding.ASCII.GetString((await conversions[good - 1]).Span), StringComparison.Ordinal);
        }

        // The second try of the bad one was alone, and whatever was made was not made again.
        Assert.Equal("6", _case.Calls[0].Trim());
        Assert.Equal("1", _case.Calls[^1].Trim());
        Assert.InRange(_case.Calls.Length, 2, 3);
        _case.NoProcessIsLeft();
        Assert.Empty(_case.DocumentsLeft());
    }

    [Fact]
    public async Task A_document_that_fails_once_succeeds_at_the_second_try()
    {
        await using var converter = Fake($"if ! [ -e {_case.IdsPath}.once ]; then touch {_case.IdsPath}.once; kill -9 $$; fi; make");

        var pdf = await converter.ConvertAsync(EngineCase.Fake("1"), Token);

        Assert.True(pdf.Length > 0);
        Assert.Equal(2, _case.Calls.Length);
    }

    [Fact]
    public async Task A_child_that_outlives_its_crashed_parent_is_killed_too()
    {
        await using var converter = Fake($"sleep 60 & echo $! >> {_case.IdsPath}; (sleep 61 & echo $! >> {_case.IdsPath}); kill -9 $$");

        await EngineCase.FailureOf(converter.ConvertAsync(EngineCase.Fake("1"), Token));

        _case.NoProcessIsLeft();
    }

    [Fact]
    public async Task Cancelling_the_only_caller_leaves_no_process_and_no_file()
    {
        await using var converter = Fake("sleep 60 & wait");
        using var cancellation = new CancellationTokenSource();
        var conversions = Enumerable.Range(1, 3).Select(i => converter.ConvertAsync(EngineCase.Fake($"{i}"), cancellation.Token)).ToArray();
        await EngineCase.Until(() => _case.Calls.Length == 1);

        await cancellation.CancelAsync();
        foreach (var conversion in conversions) { await Assert.ThrowsAnyAsync<OperationCanceledException>(() => conversion); }

        _case.NoProcessIsLeft();
        Assert.Empty(_case.ProcessesHere());
        Assert.Empty(_case.DocumentsLeft());
    }

    [Fact]
    public async Task Cancelling_one_caller_leaves_the_others_their_pdf()
    {
        await using var converter = Fake("sleep 0.3; make");
        using var cancellation = new CancellationTokenSource();
        var left = converter.ConvertAsync(EngineCase.Fake("1"), cancellation.Token);
        var kept = converter.ConvertAsync(EngineCase.Fake("2"), Token);
        await EngineCase.Until(() => _case.Calls.Length == 1);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.True((await kept).Length > 0);
        Assert.Single(_case.Calls);
    }

    [Fact]
    public async Task Disposing_kills_what_runs_fails_what_waits_and_removes_every_file()
    {
        var converter = Fake("sleep 60", options => options with { BatchSize = 1 });
        var running = converter.ConvertAsync(EngineCase.Fake("1"), Token);
        var waiting = converter.ConvertAsync(EngineCase.Fake("2"), Token);
        await EngineCase.Until(() => _case.Calls.Length == 1);

        await converter.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => converter.ConvertAsync(EngineCase.Fake("3"), Token));
        _case.NoProcessIsLeft();
        Assert.Empty(_case.FilesLeft());
    }

    [Fact]
    public async Task Leftovers_of_a_dead_converter_are_removed_and_those_of_a_living_one_are_not()
    {
        await using var living = Fake("make");
        await living.ConvertAsync(EngineCase.Fake("1"), Token);
        var dead = Path.Combine(_case.Temp, "clinicflow-pdf-dead");
        Directory.CreateDirectory(Path.Combine(dead, "batch-1"));
        await File.WriteAllTextAsync(dead + ".lock", "", Token);

        await using var next = Fake("make");
        await next.ConvertAsync(EngineCase.Fake("2"), Token);

        Assert.False(Directory.Exists(dead));
        Assert.False(File.Exists(dead + ".lock"));
        Assert.Equal(4, _case.FilesLeft().Length);
        Assert.True((await living.ConvertAsync(EngineCase.Fake("3"), Token)).Length > 0);
    }

    [Fact]
    public async Task The_engine_inherits_no_secret_and_a_home_of_its_own()
    {
        Environment.SetEnvironmentVariable("CLINICFLOW_TEST_SECRET", "hidden");
        await using var converter = Fake("text=\"<$CLINICFLOW_TEST_SECRET> $HOME\"; make");

        var pdf = await converter.ConvertAsync(EngineCase.Fake("1"), Token);

        var text = Encoding.ASCII.GetString(pdf.Span);
        Assert.Contains("<> " + _case.Temp, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_program_is_reported_with_what_to_install()
    {
        var failure = Assert.Throws<PdfConversionException>(() => new LibreOfficeConverter(_case.Options with { Executable = Path.Combine(_case.Temp, "none") }));

        Assert.Equal("pdf-engine-missing", failure.Code);
        Assert.Contains("apt-get install libreoffice-writer", failure.Message, StringComparison.Ordinal);
    }

    private LibreOfficeConverter Fake(string perDocument, Func<LibreOfficeOptions, LibreOfficeOptions>? change = null)
    {
        var options = _case.Options with { Executable = _case.FakeEngine(perDocument), BatchDelay = TimeSpan.FromMilliseconds(150) };
        return new LibreOfficeConverter(change?.Invoke(options) ?? options);
    }
}
