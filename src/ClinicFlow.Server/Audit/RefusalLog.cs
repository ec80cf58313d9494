using System.Globalization;
using ClinicFlow.Batch;
using ClinicFlow.Batch.Audit;
using ClinicFlow.Batch.Storage;

namespace ClinicFlow.Server.Audit;

/// <summary>
/// Writes refusals into the audit log, and lets nobody fill it with them. The first of a kind is written at once. Those that
/// follow within a minute are counted, and become one entry when the minute is over or the server stops. A kind is who,
/// what and why, and from where as well where nobody knows who. Safe for concurrent calls.
/// </summary>
internal sealed partial class RefusalLog(BatchEngineHost host, TimeProvider time, ILogger<RefusalLog> log) : BackgroundService
{
    /// <summary>Who did it, where nobody knows.</summary>
    public const string Unknown = "unknown";

    /// <summary>Kinds that are told apart in a minute, of one user, or of all unknown ones together; the rest is one kind more.</summary>
    public const int MaxKinds = 50;

    /// <summary>How many of those that were counted are named in the entry that counts them.</summary>
    private const int MaxSubjects = 10;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<AuditNote, Tally>> _tallies = [];

    /// <summary>Writes a refusal down, or counts it. A database that is away costs nobody the answer: what is not written is counted, and written later.</summary>
    public async Task NoteAsync(AuditNote note)
    {
        var kind = Count(note, out var isFirst);
        if (!isFirst)
        {
            return;
        }

        try
        {
            await host.Engine.AuditLog.WriteAsync(note, CancellationToken.None);
        }
        catch (StorageException e)
        {
            LogNotWritten(e.Code);
            Add(kind, note.Origin, 1, [note.Subject]);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteCountsAsync(all: true);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteCountsAsync(all: false);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; StopAsync writes what is left.
        }
    }

    private static string TextOf(AuditNote kind, Tally tally)
        => string.Create(CultureInfo.InvariantCulture, $"{kind.Detail}, {tally.More} more{(tally.Subjects.Count == 0 ? "" : ": ")}{string.Join(' ', tally.Subjects)}");

    private AuditNote Count(AuditNote note, out bool isFirst)
    {
        lock (_gate)
        {
            var kinds = KindsOf(note.Actor);
            var kind = note with { Subject = "", Origin = note.Actor == Unknown ? note.Origin : "" };
            if (kinds.Count >= MaxKinds && !kinds.ContainsKey(kind))
            {
                kind = new AuditNote(note.Actor, "", "many", "", note.Outcome, "of many kinds");
            }

            isFirst = kinds.TryAdd(kind, new Tally(time.GetUtcNow(), note.Origin));
            if (!isFirst)
            {
                kinds[kind].Add(note.Origin, 1, [note.Subject]);
            }

            return kind;
        }
    }

    private async Task WriteCountsAsync(bool all)
    {
        foreach (var (kind, tally) in TakeOver(all))
        {
            try
            {
                await host.Engine.AuditLog.WriteAsync(kind with { Origin = tally.Origin, Detail = TextOf(kind, tally) }, CancellationToken.None);
            }
            catch (StorageException e)
            {
                LogNotWritten(e.Code);
                Add(kind, tally.Origin, tally.More, tally.Subjects);
            }
        }
    }

    /// <summary>Takes out what is over; only what was counted is left to write.</summary>
    private List<(AuditNote Kind, Tally Tally)> TakeOver(bool all)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var over = _tallies.Values.SelectMany(kinds => kinds).Where(pair => all || now - pair.Value.Since >= Minute).Select(pair => (pair.Key, pair.Value)).ToList();
            foreach (var (kind, _) in over)
            {
                var kinds = _tallies[kind.Actor];
                kinds.Remove(kind);
                if (kinds.Count == 0)
                {
                    _tallies.Remove(kind.Actor);
                }
            }

            return over.FindAll(pair => pair.Value.More > 0);
        }
    }

    private void Add(AuditNote kind, string origin, long more, IReadOnlyList<string> subjects)
    {
        lock (_gate)
        {
            var kinds = KindsOf(kind.Actor);
            kinds.TryAdd(kind, new Tally(time.GetUtcNow(), origin));
            kinds[kind].Add(origin, more, subjects);
        }
    }

    private Dictionary<AuditNote, Tally> KindsOf(string actor)
    {
        if (!_tallies.TryGetValue(actor, out var kinds))
        {
            _tallies[actor] = kinds = [];
        }

        return kinds;
    }

    [LoggerMessage(1302, LogLevel.Warning, "A refusal could not be written into the audit log ({Code}); it is counted, and written as soon as the database answers.")]
    private partial void LogNotWritten(string code);

    /// <summary>What followed the first of a kind. Under the lock.</summary>
    private sealed class Tally(DateTimeOffset since, string origin)
    {
        public DateTimeOffset Since { get; } = since;

        public string Origin { get; private set; } = origin;

        public long More { get; private set; }

        public List<string> Subjects { get; } = [];

        public void Add(string origin, long more, IReadOnlyList<string> subjects)
        {
            (Origin, More) = (origin, More + more);
            Subjects.AddRange(subjects.Where(subject => subject.Length > 0).Except(Subjects).Take(MaxSubjects - Subjects.Count));
        }
    }
}
