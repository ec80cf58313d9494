using ClinicFlow.Client.Contracts;
using ClinicFlow.Components.Tracker;
using Xunit;

namespace ClinicFlow.Components.Tests.Tracker;

public sealed class JobViewTests
{
    [Fact]
    public void Progress_never_goes_back()
    {
        var view = new JobView(Job(JobStatus.Processing, 40, 0));
        view.Take(Step(JobStatus.Processing, 30, 0));
        Assert.Equal((40, 40.0), (view.Progress.Processed, view.Progress.Percent));
        view.Take(Step(JobStatus.Processing, 50, 1));
        Assert.Equal((51, 51.0, 1), (view.Progress.Processed, view.Progress.Percent, view.Progress.Failed));
    }

    [Fact]
    public void A_job_that_begins_again_counts_from_where_it_begins()
    {
        var view = new JobView(Job(JobStatus.Completed, 90, 10));
        Assert.True(view.Take(Step(JobStatus.Queued, 90, 0)));
        Assert.Equal((90, 90.0), (view.Progress.Processed, view.Progress.Percent));
    }

    [Theory]
    [InlineData(JobStatus.Queued, 0, "pause cancel")]
    [InlineData(JobStatus.Processing, 0, "pause cancel")]
    [InlineData(JobStatus.Paused, 0, "resume cancel")]
    [InlineData(JobStatus.Completed, 0, "delete")]
    [InlineData(JobStatus.Completed, 3, "retry delete")]
    [InlineData(JobStatus.Failed, 3, "retry delete")]
    [InlineData(JobStatus.Cancelled, 0, "delete")]
    public void What_can_be_done_follows_the_state(JobStatus status, int failed, string expected)
        => Assert.Equal(expected, string.Join(' ', new JobView(Job(status, 10, failed)).FindActions().Select(action => action.Name)));

    [Fact]
    public void What_the_server_does_not_allow_is_not_offered()
        => Assert.Empty(new JobView(Job(JobStatus.Processing, 1, 0) with { Actions = [] }).FindActions());

    [Fact]
    public void While_something_is_asked_for_nothing_else_is_offered()
    {
        var view = new JobView(Job(JobStatus.Processing, 1, 0));
        Assert.True(view.Take(Step(JobStatus.Processing, 1, 0) with { Requested = JobControl.Pause }));
        Assert.Empty(view.FindActions());
        Assert.Equal("Pausing …", view.StateText);
    }

    [Theory]
    [InlineData(JobStatus.Processing, "about 2 minutes left")]
    [InlineData(JobStatus.Paused, "")]
    [InlineData(JobStatus.Queued, "")]
    public void Time_that_is_left_is_said_while_it_runs(JobStatus status, string expected)
    {
        var view = new JobView(Job(status, 1, 0));
        view.Take(Step(status, 2, 0) with { RemainingSeconds = 120 });
        Assert.Equal(expected, view.RemainingText);
    }

    [Fact]
    public void Those_who_hear_the_page_are_told_by_tenths()
    {
        Assert.Equal("Running. 40 % done.", new JobView(Job(JobStatus.Processing, 49, 0)).Announcement);
        Assert.Equal("Finished, some failed. 97 made, 3 failed.", new JobView(Job(JobStatus.Completed, 97, 3)).Announcement);
    }

    internal static JobProgress Step(JobStatus status, int succeeded, int failed, Guid? id = null) => new()
    {
        JobId = id ?? Guid.Empty,
        Status = status,
        Total = 100,
        Processed = succeeded + failed,
        Succeeded = succeeded,
        Failed = failed,
        Retrying = 0,
        InFlight = 0,
        Pending = 100 - succeeded - failed,
        Percent = succeeded + failed,
        DocumentsPerMinute = 0,
        ElapsedSeconds = 1,
    };

    internal static Job Job(JobStatus status, int succeeded, int failed, Guid? id = null) => new()
    {
        Id = id ?? Guid.Empty,
        Name = "Letters",
        CreatedBy = "anna",
        TemplateId = Guid.Empty,
        TemplateVersionId = Guid.Empty,
        Priority = JobPriority.Normal,
        Status = status,
        Settings = new JobSettings(),
        Progress = Step(status, succeeded, failed, id),
        CreatedAt = DateTimeOffset.UnixEpoch,
        Actions = ["pause", "resume", "cancel", "retry", "priority", "delete"],
        Downloads = [],
    };
}
