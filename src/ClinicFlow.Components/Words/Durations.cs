using System.Globalization;

namespace ClinicFlow.Components.Words;

/// <summary>How long something takes, said as people say it: rounded, and never more exactly than it is known.</summary>
internal static class Durations
{
    /// <summary>How long it will still take; nothing is said where nothing is known.</summary>
    public static string Remaining(double? seconds) => seconds switch
    {
        null or < 0 or double.NaN => "",
        < 10 => "a few seconds left",
        < 55 => $"about {Round(seconds.Value, 10)} seconds left",
        _ => $"about {Roughly(seconds.Value)} left",
    };

    /// <summary>When something starts, from now.</summary>
    public static string Until(TimeSpan wait) => wait.TotalSeconds switch
    {
        < 20 => "in a moment",
        < 55 => "in less than a minute",
        _ => $"in about {Roughly(wait.TotalSeconds)}",
    };

    /// <summary>How long it took.</summary>
    public static string Took(double seconds) => seconds switch
    {
        < 1 => "less than a second",
        < 60 => Count((long)seconds, "second"),
        < 3_600 => $"{Count((long)seconds / 60, "minute")} {(long)seconds % 60} s",
        _ => $"{Count((long)seconds / 3_600, "hour")} {(long)seconds / 60 % 60} min",
    };

    private static string Roughly(double seconds) => seconds switch
    {
        < 3_570 => Count(Math.Max(1, (long)Math.Round(seconds / 60)), "minute"),
        < 86_400 when Math.Round(seconds / 60) is var minutes && minutes % 60 >= 5 && minutes < 600 => $"{Count((long)minutes / 60, "hour")} {Math.Floor(minutes % 60 / 5) * 5:0} minutes",
        < 86_400 => Count((long)Math.Round(seconds / 3_600), "hour"),
        _ => Count((long)Math.Round(seconds / 86_400), "day"),
    };

    private static string Round(double value, int step) => (Math.Round(value / step) * step).ToString(CultureInfo.InvariantCulture);

    private static string Count(long count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
}
