using System.Globalization;
using ClinicFlow.Components.Browser;
using Microsoft.JSInterop;

namespace ClinicFlow.Components.Words;

/// <summary>
/// Writes times in the reader's zone, and numbers and dates as the reader's language writes them. Before the browser has
/// said which, the app's own are used.
/// </summary>
public sealed class Reader
{
    private readonly BrowserPage _page;
    private readonly TimeProvider _time;
    private Task? _loading;

    /// <summary>Made by the app, one for each reader.</summary>
    public Reader(BrowserPage page, TimeProvider time) => (_page, _time, Zone) = (page, time, time.LocalTimeZone);

    /// <summary>The reader's time zone.</summary>
    public TimeZoneInfo Zone { get; private set; }

    /// <summary>How the reader writes numbers and dates.</summary>
    public CultureInfo Culture { get; private set; } = CultureInfo.CurrentCulture;

    /// <summary>Asks the browser, once; to be called when a page is there.</summary>
    public Task LoadAsync() => _loading ??= AskAsync();

    /// <summary>A number with the reader's separators.</summary>
    public string Number(long value) => value.ToString("N0", Culture);

    /// <summary>A number with one place at most.</summary>
    public string Number(double value) => value.ToString(value is > -100 and < 100 ? "#,0.#" : "#,0", Culture);

    /// <summary>A share of 100, never 100 before all is done.</summary>
    public string Percent(double percent) => (Math.Floor(percent) / 100).ToString("P0", Culture);

    /// <summary>A time of today, or a day with its time.</summary>
    public string Time(DateTimeOffset moment)
    {
        var (there, now) = (TimeZoneInfo.ConvertTime(moment, Zone), TimeZoneInfo.ConvertTime(_time.GetUtcNow(), Zone));
        return there.Date == now.Date ? there.ToString("t", Culture) : there.ToString("d", Culture) + " " + there.ToString("t", Culture);
    }

    /// <summary>The whole moment with its zone, for whoever wants to know exactly.</summary>
    public string Exactly(DateTimeOffset moment)
    {
        var there = TimeZoneInfo.ConvertTime(moment, Zone);
        return there.ToString("F", Culture) + " " + (Zone.IsDaylightSavingTime(there) ? Zone.DaylightName : Zone.StandardName);
    }

    /// <summary>How large a file is.</summary>
    public string Size(long bytes) => bytes switch
    {
        < 1_000 => Number(bytes) + " bytes",
        < 1_000_000 => Number(bytes / 1_000.0) + " KB",
        < 1_000_000_000 => Number(bytes / 1_000_000.0) + " MB",
        _ => Number(bytes / 1_000_000_000.0) + " GB",
    };

    private async Task AskAsync()
    {
        try
        {
            var facts = await _page.ReaderAsync();
            if (TimeZoneInfo.TryFindSystemTimeZoneById(facts.Zone, out var zone))
            {
                Zone = zone;
            }

            Culture = CultureInfo.GetCultureInfo(facts.Language, predefinedOnly: true);
        }
        catch (Exception e) when (e is JSException or JSDisconnectedException or CultureNotFoundException or InvalidOperationException)
        {
            // What the browser does not say stays as the app has it.
            _loading = e is CultureNotFoundException ? _loading : null;
        }
    }
}
