using System.IO.Pipelines;
using ClinicFlow.Batch.Tests.Model;
using ClinicFlow.Components.Browser;
using Xunit;

namespace ClinicFlow.Components.Tests.Pages;

public sealed class BrowserStreamTests
{
    private readonly SteppedClock _clock = new();
    private readonly Pipe _sent = new();
    private readonly byte[] _read = new byte[8];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_slowly_comes_whole()
    {
        await using var stream = await OpenAsync(Cancellation);
        for (var i = 0; i < 5; i++)
        {
            var reading = stream.ReadAsync(_read, Cancellation).AsTask();
            _clock.Advance(BrowserStream.MostSilence - TimeSpan.FromSeconds(1));
            await _sent.Writer.WriteAsync(new byte[] { 1, 2 }, Cancellation);
            Assert.Equal(2, await reading);

            // What reads may take its time with it.
            _clock.Advance(TimeSpan.FromHours(1));
        }

        await _sent.Writer.CompleteAsync();
        Assert.Equal(0, await stream.ReadAsync(_read, Cancellation));
    }

    [Fact]
    public async Task A_browser_that_sends_nothing_is_not_waited_for()
    {
        await using var stream = await OpenAsync(Cancellation);
        var reading = stream.ReadAsync(_read, Cancellation).AsTask();
        _clock.Advance(BrowserStream.MostSilence);
        Assert.Contains("40 seconds", (await Assert.ThrowsAsync<IOException>(() => reading)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nor_one_that_does_not_begin_to_send()
    {
        var never = new TaskCompletionSource<Stream>();
        var opening = BrowserStream.OpenAsync(stop => new ValueTask<Stream>(never.Task.WaitAsync(stop)), _clock, Cancellation);
        _clock.Advance(BrowserStream.MostSilence);
        await Assert.ThrowsAsync<IOException>(() => opening);
    }

    [Fact]
    public async Task Who_leaves_ends_the_reading_at_once_and_is_told_so()
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var stream = await OpenAsync(left.Token);
        var reading = stream.ReadAsync(_read, Cancellation).AsTask();
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task The_stream_that_is_sent_is_closed_with_it()
    {
        await using (await OpenAsync(Cancellation))
        {
            Assert.False((await _sent.Writer.FlushAsync(Cancellation)).IsCompleted);
        }

        Assert.True((await _sent.Writer.FlushAsync(Cancellation)).IsCompleted);
    }

    private Task<BrowserStream> OpenAsync(CancellationToken cancellation) => BrowserStream.OpenAsync(_ => ValueTask.FromResult(_sent.Reader.AsStream()), _clock, cancellation);
}
