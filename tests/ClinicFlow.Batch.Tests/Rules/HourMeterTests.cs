using ClinicFlow.Batch.Processing;
using CsCheck;
using Xunit;

namespace ClinicFlow.Batch.Tests.Rules;

public sealed class HourMeterTests
{
    [Fact]
    public void An_hour_begins_with_nothing()
        => Assert.Equal(new int[60], new HourMeter(new Clock()).Counts);

    [Fact]
    public void What_is_done_stands_in_the_minute_in_which_it_was_done_and_goes_after_an_hour()
    {
        var clock = new Clock();
        var meter = new HourMeter(clock);

        meter.Add(3);
        clock.Time = TimeSpan.FromSeconds(59);
        meter.Add(4);
        Assert.Equal([0, 7], meter.Counts.TakeLast(2));

        clock.Time = TimeSpan.FromSeconds(60);
        meter.Add(5);
        Assert.Equal([0, 7, 5], meter.Counts.TakeLast(3));

        clock.Time = TimeSpan.FromMinutes(59.9);
        Assert.Equal([7, 5, 0], meter.Counts.Take(3));

        clock.Time = TimeSpan.FromMinutes(60);
        Assert.Equal([5, 0], meter.Counts.Take(2));
    }

    [Fact]
    public void Nothing_of_an_hour_is_left_after_a_night()
    {
        var clock = new Clock();
        var meter = new HourMeter(clock);
        for (var minute = 0; minute < 60; minute++)
        {
            clock.Time = TimeSpan.FromMinutes(minute);
            meter.Add(1);
        }

        Assert.Equal(60, meter.Counts.Sum());
        clock.Time = TimeSpan.FromHours(12.5);
        Assert.Equal(0, meter.Counts.Sum());
    }

    [Fact]
    public void It_always_says_what_counting_one_by_one_would()
        => Gen.Select(Gen.Int[0, 2_000], Gen.Int[1, 50]).Array[0, 60].Sample(steps =>
        {
            var clock = new Clock();
            var meter = new HourMeter(clock);
            var done = new List<(int Minute, int Documents)>();
            foreach (var (seconds, documents) in steps)
            {
                clock.Time += TimeSpan.FromSeconds(seconds);
                meter.Add(documents);
                done.Add(((int)clock.Time.TotalMinutes, documents));
            }

            var now = (int)clock.Time.TotalMinutes;
            return meter.Counts.SequenceEqual(Enumerable.Range(now - 59, 60).Select(minute => done.Where(step => step.Minute == minute).Sum(step => step.Documents)));
        });

    /// <summary>A clock that stands still until a test moves it.</summary>
    private sealed class Clock : TimeProvider
    {
        public TimeSpan Time { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => 1_000 + Time.Ticks;
    }
}
