namespace ClinicFlow.Batch.Queue;

/// <summary>The first that waits of a priority.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Rank">Its priority, 0 (low) to 3 (urgent).</param>
/// <param name="QueuedAt">Since when it waits.</param>
internal readonly record struct QueueHead(Guid JobId, int Rank, DateTimeOffset QueuedAt);

/// <summary>Which of those that wait comes next.</summary>
internal static class QueueOrder
{
    /// <summary>Chooses among the first of each priority: the highest, and of the same the one that waits longest.</summary>
    /// <param name="heads">The first of each priority that has one.</param>
    /// <param name="now">The time.</param>
    /// <param name="ageing">After how long a job counts as one priority higher, and so on; zero for never.</param>
    public static QueueHead? Choose(IReadOnlyList<QueueHead> heads, DateTimeOffset now, TimeSpan ageing)
    {
        QueueHead? best = null;
        foreach (var head in heads)
        {
            if (best is not { } other || IsBefore(head, other, now, ageing))
            {
                best = head;
            }
        }

        return best;
    }

    /// <summary>The turn of a job that enters the queue where owners take turns: behind the owner's own last, and never before those that are served already.</summary>
    /// <param name="firstTurn">The turn of the first that waits.</param>
    /// <param name="ownLastTurn">The turn of the owner's last that waits; null where none does.</param>
    public static long TurnOf(long firstTurn, long? ownLastTurn) => Math.Max(firstTurn, ownLastTurn + 1 ?? firstTurn);

    private static bool IsBefore(QueueHead head, QueueHead other, DateTimeOffset now, TimeSpan ageing)
    {
        var (rank, otherRank) = (RankAt(head, now, ageing), RankAt(other, now, ageing));
        return rank != otherRank ? rank > otherRank : head.QueuedAt < other.QueuedAt;
    }

    private static long RankAt(QueueHead head, DateTimeOffset now, TimeSpan ageing)
        => head.Rank + (ageing > TimeSpan.Zero && now > head.QueuedAt ? (now - head.QueuedAt).Ticks / ageing.Ticks : 0);
}
