using ClinicFlow.Client.Contracts;
using ClinicFlow.Components.Queue;
using ClinicFlow.Components.Tests.Tracker;
using Xunit;

namespace ClinicFlow.Components.Tests.Queue;

public sealed class QueueBoardTests
{
    [Theory]
    [InlineData("C", JobPriority.Urgent, "A C B D E", 2)]
    [InlineData("A", JobPriority.Low, "B C D E A", 5)]
    [InlineData("E", JobPriority.Normal, "A B C D E", 5)]
    [InlineData("E", JobPriority.High, "A B E C D", 3)]
    public void A_job_that_is_moved_comes_last_among_those_of_its_new_urgency(string moved, JobPriority priority, string expected, int place)
    {
        var board = Board();
        Assert.Equal(place, board.Move(IdOf(moved), priority));
        Assert.Equal(expected, string.Join(' ', board.Waiting.Select(job => job.Name)));
        Assert.Equal([1, 2, 3, 4, 5], board.Waiting.Select(job => job.Position));
    }

    [Fact]
    public void A_job_that_has_the_urgency_or_does_not_wait_stays()
    {
        var board = Board();
        Assert.Null(board.Move(IdOf("A"), JobPriority.Urgent));
        Assert.Null(board.Move(Guid.NewGuid(), JobPriority.Urgent));
        Assert.Equal("A B C D E", string.Join(' ', board.Waiting.Select(job => job.Name)));
    }

    [Fact]
    public void Steps_move_what_is_shown_and_tell_when_the_lists_changed()
    {
        var id = Guid.NewGuid();
        var board = Board();
        board.Take([JobViewTests.Job(JobStatus.Processing, 10, 0, id)], board.Waiting);
        Assert.False(board.Take(JobViewTests.Step(JobStatus.Processing, 20, 0, id)));
        Assert.Equal(20, Assert.Single(board.Running).Progress.Processed);
        Assert.True(board.Take(JobViewTests.Step(JobStatus.Paused, 20, 0, id)));
        Assert.Single(board.Paused);
        Assert.True(board.Take(JobViewTests.Step(JobStatus.Processing, 0, 0, Guid.NewGuid())));
        Assert.False(board.Take(JobViewTests.Step(JobStatus.Queued, 0, 0, IdOf("A"))));
    }

    private static Guid IdOf(string name) => new(name[0], 0, 0, new byte[8]);

    private static QueueBoard Board()
    {
        var board = new QueueBoard();
        (string Name, JobPriority Priority)[] jobs = [("A", JobPriority.Urgent), ("B", JobPriority.High), ("C", JobPriority.Normal), ("D", JobPriority.Normal), ("E", JobPriority.Low)];
        board.Take([], [.. jobs.Select((job, i) => new QueuedJob(IdOf(job.Name), job.Name, "anna", job.Priority, i + 1, DateTimeOffset.UnixEpoch, null))]);
        return board;
    }
}
