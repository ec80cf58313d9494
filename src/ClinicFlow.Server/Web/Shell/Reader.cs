using System.Globalization;

namespace ClinicFlow.Server.Web.Shell;

/// <summary>How the reader of one circuit wants to see things: the time zone of the browser, the culture it asks for, light or dark.</summary>
internal sealed class Reader
{
    /// <summary>The name of the cookie in which the browser says so, written by <c>reader.js</c>.</summary>
    public const string Cookie = "reader";

    /// <summary>The time zone; UTC before the browser has said.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary><c>light</c>, <c>dark</c>, or <c>system</c>: as the reader's machine is set.</summary>
    public string Appearance { get; private set; } = "system";

    /// <summary>Whether it is dark now.</summary>
    public bool IsDark { get; private set; }

    /// <summary>Happens when any of it changed.</summary>
    public event Action? Changed;

    /// <summary>Takes what the browser said: time zone, appearance, and what that is now, parted by bars. What makes no sense is passed over.</summary>
    public void Take(string? said)
    {
        if (said?.Split('|') is not [var zone, var appearance, var now])
        {
            return;
        }

        var before = (Zone, Appearance, IsDark);
        if (zone.Length <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
        {
            Zone = found;
        }

        Appearance = appearance is "light" or "dark" ? appearance : "system";
        IsDark = now == "dark";
        if (before != (Zone, Appearance, IsDark))
        {
            Changed?.Invoke();
        }
    }

    /// <summary>A time where the reader is.</summary>
    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>Day and minute, as the reader writes them.</summary>
    public string Moment(DateTimeOffset? at) => at is { } time ? Local(time).ToString("g", CultureInfo.CurrentCulture) : "–";

    /// <summary>The day.</summary>
    public string Day(DateTimeOffset? at) => at is { } time ? Local(time).ToString("d", CultureInfo.CurrentCulture) : "–";

    /// <summary>The minute of a time that is today; the day of another one as well.</summary>
    public string Clock(DateTimeOffset at, DateTimeOffset now) => Local(at).Date == Local(now).Date ? Local(at).ToString("t", CultureInfo.CurrentCulture) : Moment(at);

    /// <summary>When the reader's day began.</summary>
    public DateTimeOffset StartOfDay(DateTimeOffset now)
    {
        var day = Local(now).Date;
        return new DateTimeOffset(day, Zone.GetUtcOffset(day));
    }

    /// <summary>A count with the reader's separators.</summary>
    public static string Number(long value) => value.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>A size.</summary>
    public static string Bytes(long value) => value switch
    {
        >= 1L << 30 => string.Create(CultureInfo.CurrentCulture, $"{value / (double)(1L << 30):0.#} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.CurrentCulture, $"{value / (double)(1L << 20):0.#} MiB"),
        >= 1L << 10 => string.Create(CultureInfo.CurrentCulture, $"{value / (double)(1L << 10):0.#} KiB"),
        _ => string.Create(CultureInfo.CurrentCulture, $"{value} bytes"),
    };
}
