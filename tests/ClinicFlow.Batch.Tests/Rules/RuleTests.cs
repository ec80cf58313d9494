using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Processing;
using ClinicFlow.Batch.Progress;
using ClinicFlow.Batch.Queue;
using ClinicFlow.Batch.Storage;
using CsCheck;
using Xunit;

namespace ClinicFlow.Batch.Tests.Rules;

/// <summary>The rules that are pure, over many values.</summary>
public sealed class RuleTests
{
    [Fact]
    public void A_document_is_tried_again_after_twice_as_long_each_time_give_or_take()
        => Gen.Select(Gen.Int[0, 600_000], Gen.Int[1, 5], Gen.Int[1, 5], Gen.Int).Sample((delayMs, retries, failures, seed) =>
        {
            var rule = new RetryRule(TimeSpan.FromMilliseconds(delayMs), retries, new Random(seed));

            var delay = rule.Next(failures, TimeSpan.MaxValue);

            var exact = Math.Min(600_000, delayMs * Math.Pow(2, failures - 1));
            return failures > retries ? delay is null : Math.Abs(delay!.Value.TotalMilliseconds - exact) <= (exact * 0.25) + 0.001 && Math.Abs(delay.Value.TotalMilliseconds - exact) >= (exact * 0.10) - 0.001;
        });

    [Fact]
    public void A_document_is_not_tried_again_past_the_jobs_time()
        => Gen.Select(Gen.Int[1, 600_000], Gen.Int[0, 700_000], Gen.Int).Sample((delayMs, leftMs, seed) =>
        {
            var left = TimeSpan.FromMilliseconds(leftMs);

            return new RetryRule(TimeSpan.FromMilliseconds(delayMs), 5, new Random(seed)).Next(1, left) is not { } delay || delay < left;
        });

    [Fact]
    public void A_higher_priority_comes_first_and_then_who_waits_longest()
        => Heads.Sample(heads =>
        {
            var chosen = QueueOrder.Choose(heads, Now, TimeSpan.Zero)!.Value;

            return heads.All(head => head.Rank < chosen.Rank || (head.Rank == chosen.Rank && head.QueuedAt >= chosen.QueuedAt));
        });

    [Fact]
    public void With_ageing_nobody_waits_for_ever()
    {
        var ageing = TimeSpan.FromMinutes(10);
        var low = new QueueHead(Guid.NewGuid(), (int)JobPriority.Low, Now - (4 * ageing));

        Assert.Equal(low, QueueOrder.Choose([low, new QueueHead(Guid.NewGuid(), (int)JobPriority.Urgent, Now)], Now, ageing));
        Assert.NotEqual(low, QueueOrder.Choose([low, new QueueHead(Guid.NewGuid(), (int)JobPriority.Urgent, Now)], Now, TimeSpan.Zero));
        Assert.Null(QueueOrder.Choose([], Now, ageing));
    }

    [Fact]
    public void Owners_who_take_turns_do_not_block_each_other()
    {
        // Ten of one owner wait when the first of another comes: it is the second to start, not the eleventh.
        var queue = new List<(string Owner, long Turn)>();
        void Add(string owner) => queue.Add((owner, QueueOrder.TurnOf(queue.Count == 0 ? 0 : queue.Min(q => q.Turn), queue.Where(q => q.Owner == owner).Select(q => (long?)q.Turn).Max())));
        for (var i = 0; i < 10; i++)
        {
            Add("anna");
        }

        Add("bernd");

        Assert.Equal("bernd", queue.OrderBy(q => q.Turn).ElementAt(1).Owner);
        Assert.Equal(10, queue.Where(q => q.Owner == "anna").Select(q => q.Turn).Distinct().Count());
    }

    [Fact]
    public void Waiting_jobs_start_in_their_order_when_running_ones_end()
        => Gen.Select(Gen.Int[0, 5_000].Array[0, 4], Gen.Int[1, 5_000].Array[1, 40], Gen.Int[1, 5]).Sample((running, waiting, places) =>
        {
            var load = new QueueLoad([.. running.Take(places).Select(left => new RunningLoad(left, 60))], [.. waiting.Select(left => new WaitingLoad(Guid.NewGuid(), left, null))], 60);

            var starts = StartEstimate.Of(load, places, Now);

            return starts.Count == waiting.Length && starts.Zip(starts.Skip(1)).All(pair => pair.First.Start <= pair.Second.Start)
                && (load.Running.Count < places ? starts[0].Start == Now : starts[0].Start == Now.AddMinutes(load.Running.Min(job => job.Left) / 60.0));
        });

    [Fact]
    public void Nothing_is_estimated_where_nothing_was_measured()
    {
        var starts = StartEstimate.Of(new QueueLoad([new RunningLoad(5, 0)], [new WaitingLoad(Guid.NewGuid(), 5, null), new WaitingLoad(Guid.NewGuid(), 5, null)], 0), 2, Now);

        Assert.Equal([Now, null], starts.Select(start => start.Start));
    }

    [Fact]
    public void States_follow_each_other_as_approved()
    {
        var table = string.Join('\n', Enum.GetValues<JobStatus>().Select(status => $"{status}: {string.Join(", ", JobTransitions.From(status))} | {string.Join(", ", JobTransitions.ActionsFrom(status))}"));

        Assert.Equal(
            """
            Queued: Processing, Paused, Cancelled | pause, cancel, change the priority
            Processing: Completed, Failed, Cancelled, Paused | pause, cancel
            Paused: Queued, Processing, Cancelled | resume, cancel, change the priority
            Completed: Queued | retry failed requests, delete
            Failed: Queued | retry failed requests, delete
            Cancelled: Queued | retry failed requests, delete
            """,
            table);
        var refusal = Assert.Throws<IllegalTransitionException>(() => JobTransitions.Move(JobStatus.Completed, JobStatus.Paused));
        Assert.Equal("A job that is completed cannot become paused. From there it can become: queued.", refusal.Message);
    }

    [Fact]
    public void All_is_done_only_at_the_end()
        => Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[0, 1_000_000]).Sample((total, done) =>
        {
            var progress = new JobProgress { JobId = Guid.Empty, Status = JobStatus.Processing, Total = total, Succeeded = Math.Min(done, total), Failed = 0, Retrying = 0 };

            return (progress.Percent == 100) == (done >= total) && progress.Percent is >= 0 and <= 100;
        });

    [Theory]
    [InlineData(0, 3, false)]
    [InlineData(1, 1, true)]
    [InlineData(10, 5, true)]
    [InlineData(11, 5, false)]
    [InlineData(5, 0, false)]
    [InlineData(5, 6, false)]
    public void Settings_keep_to_their_ranges(int atOnce, int retries, bool isGood)
        => Assert.Equal(isGood, new BatchJobSettings { MaxConcurrentProcessing = atOnce, MaxRetries = retries }.Validate().Count == 0);

    [Fact]
    public void The_engines_settings_name_everything_that_is_wrong()
    {
        var config = new BatchProcessingConfig
        {
            MaxQueueSize = 0,
            MaxConcurrentJobs = 101,
            DefaultJobTimeout = TimeSpan.FromDays(30),
            RetryDelayMs = -1,
            CleanupCompletedJobsAfterDays = 0,
            DataFolder = "",
            LeaseDuration = TimeSpan.Zero,
            EncryptionKey = "short",
            Culture = "xx-nonsense",
            TimeZone = "Nowhere/Land",
            // Names no database, and is of no use alone: two problems.
            AppConnectionString = "Host=x",
        };

        Assert.Equal(
            ["AppConnectionString", "AppConnectionString", "CleanupCompletedJobsAfterDays", "Culture", "DataFolder", "DefaultJobTimeout", "EncryptionKey", "LeaseDuration", "MaxConcurrentJobs", "MaxQueueSize", "RetryDelayMs", "TimeZone"],
            config.Validate().Select(problem => problem.Path.Split(':')[1]).Order(StringComparer.Ordinal));
        Assert.Empty(new BatchProcessingConfig().Validate());
    }

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private static readonly Gen<QueueHead[]> Heads = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 100_000], (rank, seconds) => new QueueHead(Guid.NewGuid(), rank, Now.AddSeconds(-seconds))).Array[1, 4];

    [Fact]
    public void A_text_cannot_stand_in_a_query_of_rows()
    {
        var id = Guid.Parse("0c0ffee0-0000-4000-8000-00000000000a");
        static string Time(DateTimeOffset time) => $"<{time.UtcTicks}>";

        Assert.Equal(
            "select x where job_id = '0C0FFEE0-0000-4000-8000-00000000000A' and state = 'retrying' and retry_at <= <7> limit 5",
            RowQuery.Write($"select x where job_id = {id} {(FormattableString)$"and state = {RequestState.Retrying}"} and retry_at <= {new DateTimeOffset(7, TimeSpan.Zero)} limit {5}", Time));
        Assert.Equal("where request_index in (4,12)", RowQuery.Write($"where request_index in ({(int[])[4, 12]})", Time));
        Assert.Throws<ArgumentException>(() => RowQuery.Write($"where request_index in ({(int[])[]})", Time));
        Assert.Throws<ArgumentException>(() => RowQuery.Write($"select x where document_name = {"Letter"}", Time));
    }
}
