using ClinicFlow.Components.Words;
using Xunit;

namespace ClinicFlow.Components.Tests.Words;

public sealed class DurationsTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData(-3.0, "")]
    [InlineData(double.NaN, "")]
    [InlineData(0.0, "a few seconds left")]
    [InlineData(42.0, "about 40 seconds left")]
    [InlineData(58.0, "about 1 minute left")]
    [InlineData(125.0, "about 2 minutes left")]
    [InlineData(3_580.0, "about 1 hour left")]
    [InlineData(5_400.0, "about 1 hour 30 minutes left")]
    [InlineData(50_000.0, "about 14 hours left")]
    [InlineData(200_000.0, "about 2 days left")]
    public void Time_that_is_left_is_said_as_exactly_as_it_is_known(double? seconds, string expected) => Assert.Equal(expected, Durations.Remaining(seconds));

    [Theory]
    [InlineData(0, "in a moment")]
    [InlineData(40, "in less than a minute")]
    [InlineData(400, "in about 7 minutes")]
    public void A_start_is_said_from_now(int seconds, string expected) => Assert.Equal(expected, Durations.Until(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.2, "less than a second")]
    [InlineData(1.0, "1 second")]
    [InlineData(64.0, "1 minute 4 s")]
    [InlineData(7_320.0, "2 hours 2 min")]
    public void Time_that_was_taken_is_said_whole(double seconds, string expected) => Assert.Equal(expected, Durations.Took(seconds));
}
