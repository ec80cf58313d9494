using ClinicFlow.Client.Contracts;
using ClinicFlow.Components.Tracker;
using Xunit;

namespace ClinicFlow.Components.Tests.Tracker;

public sealed class DocumentPagesTests
{
    private readonly List<(long From, int Count)> _asked = [];

    [Fact]
    public async Task Without_a_filter_only_what_is_in_sight_is_read()
    {
        var (items, total) = await new DocumentPages(ReadAsync, null, "").ReadAsync(90_000, 20, 100_000, TestContext.Current.CancellationToken);
        Assert.Equal([(90_000L, 20)], _asked);
        Assert.Equal((90_000, 20, 100_000), (items[0].Index, items.Count, total));
    }

    [Fact]
    public async Task With_a_filter_what_comes_before_is_read_once()
    {
        var pages = new DocumentPages(ReadAsync, DocumentState.Failed, "");
        var (items, total) = await pages.ReadAsync(600, 20, 100_000, TestContext.Current.CancellationToken);
        Assert.Equal(6_000, items[0].Index);
        Assert.True(total > 620);

        var before = _asked.Count;
        var (again, _) = await pages.ReadAsync(10, 20, 100_000, TestContext.Current.CancellationToken);
        Assert.Equal((100, before), (again[0].Index, _asked.Count));
    }

    [Fact]
    public async Task The_end_is_known_when_it_is_reached()
    {
        var (items, total) = await new DocumentPages(ReadAsync, DocumentState.Failed, "").ReadAsync(9_990, 50, 100_000, TestContext.Current.CancellationToken);
        Assert.Equal((10, 10_000), (items.Count, total));
    }

    /// <summary>A job of 100,000 documents, of which each tenth failed.</summary>
    private Task<Page<JobDocument>> ReadAsync(DocumentState? state, string? text, long from, int count, CancellationToken cancellation)
    {
        _asked.Add((from, count));
        var step = state is null ? 1 : 10;
        var first = (from + step - 1) / step * step;
        var indexes = Enumerable.Range(0, count).Select(i => first + ((long)i * step)).Where(index => index < 100_000).ToArray();
        var next = indexes.Length == count && indexes[^1] + step < 100_000 ? (indexes[^1] + step).ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
        return Task.FromResult(new Page<JobDocument>([.. indexes.Select(index => new JobDocument { Index = (int)index, RequestId = $"r{index}", DocumentName = $"Letter {index}", State = state ?? DocumentState.Succeeded, Attempts = 1, Files = [] })], next));
    }
}
