using System.Collections.Concurrent;
using System.Globalization;
using ClinicFlow.Cli.Generate;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Cli.Tests.Generate;

/// <summary>The run inside one process, with an engine that fails as it is told.</summary>
public sealed class GenerateRunTests
{
    [Fact]
    public async Task A_document_is_tried_again_after_an_error_that_may_pass()
    {
        using var folder = new TestFolder();
        await using var engine = new FaultyEngine((name, attempt) => name == "row 3" && attempt < 3 ? new PdfConversionException("pdf-engine-crashed", "It crashed.", isTransient: true) : null);

        var (outcome, counters) = await RunAsync(folder, engine, retries: 3);

        Assert.True(outcome.IsComplete);
        Assert.Equal(5, counters.Made);
        Assert.Equal(3, engine.Attempts["row 3"]);
        Assert.Equal(["x 000002.pdf", "x 000003.pdf", "x 000004.pdf", "x 000005.pdf", "x 000006.pdf"], folder.Files("made"));
    }

    [Fact]
    public async Task A_document_fails_when_its_retries_are_used_up_or_of_no_use()
    {
        using var folder = new TestFolder();
        await using var engine = new FaultyEngine((name, _) => name switch
        {
            "row 3" => new PdfConversionException("pdf-engine-timeout", "It took too long.", isTransient: true),
            "row 5" => new PdfConversionException("pdf-not-made", "It was not made.", isTransient: false),
            _ => null,
        });

        var (outcome, counters) = await RunAsync(folder, engine, retries: 1);

        Assert.True(outcome.IsComplete);
        Assert.Equal(ExitCodes.SomeFailed, outcome.ExitCode(counters.Failed));
        Assert.Equal([("pdf-engine-timeout", 3L), ("pdf-not-made", 5L)], outcome.Failures.Select(failure => (failure.Code, failure.Row!.Value)));
        Assert.Equal(2, engine.Attempts["row 3"]);
        Assert.Equal(1, engine.Attempts["row 5"]);
    }

    [Fact]
    public async Task A_run_without_an_engine_stops_and_can_go_on()
    {
        using var folder = new TestFolder();
        await using var broken = new FaultyEngine((name, _) => name == "row 4" ? new PdfConversionException("pdf-engine-missing", "There is none.", isTransient: false) : null);
        await using var whole = new FaultyEngine((_, _) => null);

        var (first, _) = await RunAsync(folder, broken, retries: 1);
        var (second, counters) = await RunAsync(folder, whole, retries: 1, resume: true);

        Assert.Equal(ExitCodes.EnvironmentFailed, first.ExitCode(0));
        Assert.Equal("pdf-engine-missing", first.Failure!.Code);
        Assert.True(second.IsComplete);
        Assert.Equal(5, counters.Made + counters.Resumed);
        Assert.Equal(5, folder.Files("made").Count);
    }

    [Fact]
    public async Task A_run_that_is_asked_to_stop_finishes_what_is_in_hand_and_does_not_count_it_as_failed()
    {
        using var folder = new TestFolder();
        using var stop = new CancellationTokenSource();
        await using var engine = new FaultyEngine((name, _) =>
        {
            stop.Cancel();
            return name == "row 3" ? new PdfConversionException("pdf-engine-crashed", "It crashed.", isTransient: true) : null;
        });

        var (outcome, counters) = await RunAsync(folder, engine, retries: 3, stop: stop);

        Assert.False(outcome.IsComplete);
        Assert.Equal(ExitCodes.Interrupted, outcome.ExitCode(counters.Failed));
        Assert.Equal(0, counters.Failed);
        Assert.Equal(counters.Made, folder.Files("made").Count);
    }

    private static async Task<(RunOutcome Outcome, RunCounters Counters)> RunAsync(TestFolder folder, IPdfConverter engine, int retries, bool resume = false, CancellationTokenSource? stop = null)
    {
        if (!resume)
        {
            folder.Template("x.docx", "{{name}}");
            folder.People("people.csv", 5);
        }

        var settings = new GenerateSettings
        {
            TemplatePath = folder["x.docx"],
            DataPath = folder["people.csv"],
            OutputFolder = folder["made"],
            Format = OutputFormat.Pdf,
            Concurrency = 2,
            Retries = retries,
            Missing = MissingData.Error,
            Culture = CultureInfo.InvariantCulture,
            Parameters = new Dictionary<string, string>(),
            Template = TemplateOptions.Default,
            Resume = resume,
        };
        var input = GenerateInput.Load(settings, [])!;
        var head = new JournalHead(input.TemplateHash, input.DataHash, new DateTime(2026, 1, 31), new Dictionary<string, string>(), "failed.csv", null, null);
        using var opened = Assert.IsType<RunFolderResult.Opened>(RunFolder.Open(settings, head)).Folder;
        var counters = new RunCounters();
        using var run = new GenerateRun(settings, input, opened, engine, counters, stop?.Token ?? CancellationToken.None);
        return (await run.RunAsync(), counters);
    }

    /// <summary>An engine that makes bytes of its own and fails where it is told.</summary>
    private sealed class FaultyEngine(Func<string, int, PdfConversionException?> fault) : IPdfConverter
    {
        public ConcurrentDictionary<string, int> Attempts { get; } = new();

        public string EngineName => "faulty";

        public async Task<ReadOnlyMemory<byte>> ConvertAsync(PdfSource document, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var attempt = Attempts.AddOrUpdate(document.Name, 1, (_, before) => before + 1);
            return fault(document.Name, attempt) is { } failure ? throw failure : "%PDF-"u8.ToArray();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
