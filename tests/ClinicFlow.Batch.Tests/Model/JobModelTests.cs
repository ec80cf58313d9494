using System.Buffers;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Tests.Delivery;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Documents.Engines;
using CsCheck;
using Xunit;

namespace ClinicFlow.Batch.Tests.Model;

/// <summary>
/// Random sequences of what people, crashes and the clock do to a job, against a model of its states. The clock is the
/// test's: hours of leases and retries take milliseconds.
/// </summary>
public sealed class JobModelTests
{
    private static readonly string[] Operations = ["pause", "resume", "cancel", "retry", "raise", "take", "commit", "fail", "end", "crash", "hours", "back"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Whatever_happens_a_job_is_where_the_model_says()
        => Gen.Int[0, Operations.Length - 1].Array[1, 40].Sample(operations => Run([.. operations.Select(operation => Operations[operation])]), iter: 60, threads: 1);

    [Fact]
    public async Task Attempts_come_at_the_times_that_the_rule_says()
    {
        var clock = new SteppedClock();
        var attempts = new List<DateTimeOffset>();
        var pdf = new FaultyPdf((_, _) =>
        {
            lock (attempts)
            {
                attempts.Add(clock.GetUtcNow());
            }

            return Task.FromException(new PdfConversionException("pdf-engine-crashed", "The engine crashed.", isTransient: true));
        });
        await using var clinic = await TestClinic.OpenAsync(null, config => config with { RetryDelayMs = 300_000, DefaultJobTimeout = TimeSpan.FromDays(2), LeaseDuration = TimeSpan.FromMinutes(10) }, new BatchEngineParts { Time = clock, Pdf = pdf });
        var id = await clinic.CreateAsync(1, new BatchJobSettings { MaxRetries = 4 });

        BatchJob job;
        do
        {
            // Ten seconds of the clinic's clock for a few milliseconds of ours.
            clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(5, Cancellation);
            job = (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!;
        }
        while (!JobTransitions.IsEnded(job.Status));

        Assert.Equal((JobStatus.Failed, 1), (job.Status, job.Failed));
        Assert.Equal(5, attempts.Count);
        var expected = new[] { 300.0, 600, 600, 600 };
        for (var i = 0; i < expected.Length; i++)
        {
            // Later than said by as much as a look and a few steps of the clock take, never earlier.
            Assert.InRange((attempts[i + 1] - attempts[i]).TotalSeconds, expected[i] * 0.75, (expected[i] * 1.25) + 200);
        }

        Assert.Equal(5, (await clinic.Anna.GetRequestsAsync(id, cancellation: Cancellation))!.Requests[0].Attempts);
    }

    private static void Run(string[] operations) => Task.Run(() => RunAsync(operations), Cancellation).GetAwaiter().GetResult();

    private static async Task RunAsync(string[] operations)
    {
        var clock = new ManualClock();
        await using var clinic = await TestClinic.OpenAsync(null, parts: new BatchEngineParts { Time = clock }, isStarted: false);
        var id = await clinic.CreateAsync(4);
        var store = clinic.Engine.Runner;
        var lease = TimeSpan.FromSeconds(10);
        var (status, requested, done, failed, priority) = (JobStatus.Queued, (JobControl?)null, 0, 0, JobPriority.Normal);
        var (leaseUntil, archive) = (DateTimeOffset.MinValue, 0L);
        bool IsHeld() => leaseUntil >= clock.GetUtcNow();
        Queue.TakenJob? mine = null;
        var zombies = new List<Queue.TakenJob>();
        var log = new List<string>();
        foreach (var operation in operations)
        {
            log.Add(operation);
            var context = $"{string.Join(' ', log)}";
            var isEnded = JobTransitions.IsEnded(status);
            switch (operation)
            {
                case "pause":
                    Accepts(await clinic.Anna.PauseJobAsync(id, Cancellation), !isEnded, context);
                    (status, requested) = status == JobStatus.Queued ? (JobStatus.Paused, requested) : status == JobStatus.Processing ? (status, requested ?? JobControl.Pause) : (status, requested);
                    break;
                case "resume":
                    Accepts(await clinic.Anna.ResumeJobAsync(id, Cancellation), !isEnded, context);
                    (status, requested) = status == JobStatus.Paused ? (JobStatus.Queued, (JobControl?)null) : status == JobStatus.Processing && requested == JobControl.Pause ? (status, null) : (status, requested);
                    break;
                case "cancel":
                    Accepts(await clinic.Anna.CancelJobAsync(id, Cancellation), !isEnded || status == JobStatus.Cancelled, context);
                    if (status is JobStatus.Queued or JobStatus.Paused)
                    {
                        (status, requested) = archive == 0 ? (JobStatus.Cancelled, (JobControl?)null) : (JobStatus.Processing, JobControl.Cancel);
                    }
                    else if (status == JobStatus.Processing)
                    {
                        requested = JobControl.Cancel;
                    }

                    break;
                case "raise":
                    var isWaiting = status is JobStatus.Queued or JobStatus.Paused;
                    Accepts(await clinic.Anna.SetPriorityAsync(id, JobPriority.High, Cancellation), isWaiting, context);
                    priority = isWaiting ? JobPriority.High : priority;
                    break;
                case "retry":
                    Accepts(await clinic.Anna.RetryFailedRequestsAsync(id, cancellation: Cancellation), isEnded, context);
                    if (isEnded && done < 4)
                    {
                        (status, failed, requested) = (JobStatus.Queued, 0, null);
                    }

                    break;
                case "take":
                    var taken = await store.TakeAsync("me", lease, 3, TimeSpan.Zero, Cancellation);
                    Assert.True(taken is not null == (status == JobStatus.Queued || (status == JobStatus.Processing && !IsHeld())), context);
                    if (taken is not null)
                    {
                        if (mine is not null)
                        {
                            zombies.Add(mine);
                        }

                        (mine, leaseUntil, status) = (taken, clock.GetUtcNow() + lease, JobStatus.Processing);
                        Assert.True((taken.Job.Succeeded, taken.Job.Failed, taken.Mark.LogicalBytes) == (done, failed, archive), context);
                    }

                    break;
                case "commit" or "fail" when mine is not null && status == JobStatus.Processing && done + failed < 4:
                    var request = (await store.ReadPendingAsync(id, -1, 1, ArrayPool<byte>.Shared, Cancellation))[0];
                    (done, failed, archive) = operation == "commit" ? (done + 1, failed, archive + 100) : (done, failed + 1, archive);
                    Assert.True(await store.CommitAsync(CommitOf(mine, request, operation == "commit", done, failed, archive), Cancellation), context);
                    break;
                case "end" when mine is not null && status == JobStatus.Processing:
                    var to = requested == JobControl.Cancel ? JobStatus.Cancelled : requested == JobControl.Pause ? JobStatus.Paused : done + failed == 4 ? done == 0 ? JobStatus.Failed : JobStatus.Completed : JobStatus.Processing;
                    Assert.True(await store.ReleaseAsync(new Queue.JobRelease(id, mine.Job.Epoch, to, TimeSpan.Zero), Cancellation), context);
                    zombies.Add(mine);
                    (mine, leaseUntil, status, requested) = (null, DateTimeOffset.MinValue, to, to == JobStatus.Processing ? requested : null);
                    break;
                case "crash" when mine is not null:
                    zombies.Add(mine);
                    clock.Advance(lease + TimeSpan.FromSeconds(1));
                    mine = null;
                    break;
                case "hours":
                    clock.Advance(TimeSpan.FromHours(3));
                    break;
                case "back":
                    // A clock that goes back prolongs a lease; nothing else.
                    clock.Advance(TimeSpan.FromSeconds(-3));
                    break;
            }

            // Runners that were replaced change nothing, whatever they try.
            foreach (var zombie in zombies.Where(zombie => zombie.Job.Epoch != mine?.Job.Epoch && (mine is not null || status != JobStatus.Processing)))
            {
                var request = new Queue.DueRequest(0, "r1", "x", null, null, 0, 0, 0);
                Assert.False(await store.CommitAsync(CommitOf(zombie, request, true, 4, 0, 999), Cancellation), context);
                Assert.False(await store.ReleaseAsync(new Queue.JobRelease(id, zombie.Job.Epoch, JobStatus.Completed, TimeSpan.Zero), Cancellation), context);
            }

            var job = (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!;
            Assert.True((job.Status, job.Requested, job.Succeeded, job.Failed, job.Priority) == (status, requested, done, failed, priority), $"{context}: is {(job.Status, job.Requested, job.Succeeded, job.Failed, job.Priority)}, and the model {(status, requested, done, failed, priority)}");
            Assert.Equal(status == JobStatus.Queued ? 1 : 0, (await clinic.Anna.GetQueueAsync(cancellation: Cancellation)).Count);
        }

        Assert.Null((await clinic.Engine.Audit.VerifyAsync(Cancellation)).FirstWrong);
    }

    private static Queue.RequestCommit CommitOf(Queue.TakenJob runner, Queue.DueRequest request, bool isDone, int done, int failed, long archive) => new(
        runner.Job.Id, runner.Job.Epoch, new Batch.Archive.ArchiveMark(archive, archive), new Queue.RequestCounts(done, failed, 0), TimeSpan.Zero, JobMeasures.None,
        [new Queue.RequestOutcome(request, isDone ? RequestState.Succeeded : RequestState.Failed, isDone ? 0 : 1, null, isDone ? null : "x", isDone ? null : "y", [], null, TimeSpan.Zero)]);

    private static void Accepts(ControlOutcome outcome, bool isExpected, string context)
        => Assert.True(outcome is ControlOutcome.Accepted == isExpected && (isExpected || outcome is ControlOutcome.NotAllowed { Allowed.Count: > 0 }), $"{context}: {outcome.GetType().Name}");

}
