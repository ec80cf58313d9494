using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ClinicFlow.Batch.Processing;

/// <summary>
/// A few threads of low priority that documents are rendered on, so that a machine that renders with all its processors
/// still answers at once. Shared by all running jobs. A thread that hangs in a document can be replaced, not ended.
/// </summary>
internal sealed partial class RenderThreads : IDisposable
{
    [ThreadStatic]
    private static Worker? s_current;

    private readonly BlockingCollection<Action> _work = [];
    private int _started;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">How many; one a processor is best.</param>
    public RenderThreads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        for (var i = 0; i < count; i++)
        {
            Start();
        }
    }

    /// <summary>How many threads render.</summary>
    public int Count { get; }

    /// <summary>The thread that this is called on; null on any other.</summary>
    public static Worker? Current => s_current;

    /// <summary>Runs something on one of the threads. What it throws comes out of the task.</summary>
    public Task<T> RunAsync<T>(Func<T> run)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(run());
            }
#pragma warning disable CA1031 // Whoever waits for the task gets whatever it was.
            catch (Exception e)
#pragma warning restore CA1031
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Starts a thread in the place of one that hangs. That one ends if its document ever does.</summary>
    public void Replace(Worker hanging)
    {
        if (!hanging.IsReplaced)
        {
            hanging.IsReplaced = true;
            Start();
        }
    }

    /// <summary>Lets the threads end when they have done what is waiting.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Start()
    {
        var worker = new Worker();
        new Thread(() => Work(worker)) { IsBackground = true, Name = $"Render {Interlocked.Increment(ref _started)}", Priority = ThreadPriority.BelowNormal }.Start();
    }

    private void Work(Worker worker)
    {
        s_current = worker;

        // The runtime leaves priorities of threads alone on Linux; there a thread is a process to the scheduler.
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(which: 0, who: 0, niceness: 10);
        }

        foreach (var run in _work.GetConsumingEnumerable())
        {
            run();
            if (worker.IsReplaced)
            {
                return;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int niceness);

    /// <summary>One of the threads.</summary>
    public sealed class Worker
    {
        /// <summary>Whether another thread has taken its place.</summary>
        public volatile bool IsReplaced;
    }
}
