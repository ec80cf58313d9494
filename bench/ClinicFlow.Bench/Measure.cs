using System.Buffers;
using System.Diagnostics;

namespace ClinicFlow.Bench;

/// <summary>How often something can be done in a second.</summary>
internal static class Measure
{
    /// <summary>Runs an action on threads of its own for a while.</summary>
    /// <param name="threads">How many.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="make">Makes each thread's action; it is given the number of the turn.</param>
    public static (double PerSecond, double BytesPerTurn) Run(int threads, double seconds, Func<Action<int>> make)
    {
        Once(threads, Math.Min(5, seconds * 2), make);
        GC.Collect();
        return Once(threads, seconds, make);
    }

    public static ArrayBufferWriter<byte> Buffer() => new(1 << 20);

    private static (double PerSecond, double BytesPerTurn) Once(int threads, double seconds, Func<Action<int>> make)
    {
        var turns = new long[threads];
        var limit = (long)(seconds * Stopwatch.Frequency);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        var running = Enumerable.Range(0, threads).Select(thread =>
        {
            var worker = new Thread(() =>
            {
                var action = make();
                var turn = 0;
                while (Stopwatch.GetTimestamp() - start < limit)
                {
                    for (var i = 0; i < 8; i++)
                    {
                        action(turn++);
                    }
                }

                turns[thread] = turn;
            });
            worker.Start();
            return worker;
        }).ToArray();
        foreach (var worker in running)
        {
            worker.Join();
        }

        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var total = turns.Sum();
        return (total / elapsed, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)total);
    }
}
