using System.Globalization;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Components.Tracker;

/// <summary>Reads a part of a job's documents, wherever a reader scrolls. Without a filter a place is a place; with one, what comes before has to be read first, and is kept.</summary>
public sealed class DocumentPages
{
    private const int PageSize = 500;

    private readonly Func<DocumentState?, string?, long, int, CancellationToken, Task<Page<JobDocument>>> _read;
    private readonly List<JobDocument> _found = [];
    private long? _next = 0;

    /// <summary>Makes a reader.</summary>
    /// <param name="read">Reads a page: state, text, first place, how many.</param>
    /// <param name="state">Only those in this state.</param>
    /// <param name="text">Only those with this in their name.</param>
    public DocumentPages(Func<DocumentState?, string?, long, int, CancellationToken, Task<Page<JobDocument>>> read, DocumentState? state, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (_read, State, Text) = (read, state, text.Trim());
    }

    /// <summary>Only those in this state; null for all.</summary>
    public DocumentState? State { get; }

    /// <summary>Only those with this in their name; empty for all.</summary>
    public string Text { get; }

    /// <summary>Reads some documents.</summary>
    /// <param name="start">Which of those that the filter leaves is first, from 0.</param>
    /// <param name="count">How many.</param>
    /// <param name="total">How many documents the job has.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The documents, and how many there are in all, as far as that is known: one more than was read where more follow.</returns>
    public async Task<(IReadOnlyList<JobDocument> Items, int Total)> ReadAsync(int start, int count, int total, CancellationToken cancellation)
    {
        if (State is null && Text.Length == 0)
        {
            return (count == 0 ? [] : (await _read(null, null, start, Math.Min(count, 1_000), cancellation)).Items, total);
        }

        while (_next is { } from && _found.Count < start + count + 1)
        {
            var page = await _read(State, Text.Length > 0 ? Text : null, from, PageSize, cancellation);
            _found.AddRange(page.Items);
            _next = page.Next is { } next ? long.Parse(next, CultureInfo.InvariantCulture) : null;
        }

        // More follow: there is room to scroll on to.
        return ([.. _found.Skip(start).Take(count)], _found.Count + (_next is null ? 0 : PageSize));
    }
}
