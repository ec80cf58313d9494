namespace ClinicFlow.Batch.Tests.Delivery;

/// <summary>A clock that goes on when a test says so. Its timers run at the system's pace: they only limit real connections.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 5, 4, 10, 30, 0, TimeSpan.Zero).Ticks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
