using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Queue;
using ClinicFlow.Batch.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Batch.Storage;

/// <summary>Reads jobs, their requests and the queue. A user sees what is the user's own; null is the engine or an operator.</summary>
internal sealed class JobReader(IBatchDatabase database)
{
    private const int PageSize = 1_000;

    /// <summary>Reads a job; null where there is none that this user may see.</summary>
    public Task<BatchJob?> FindAsync(Guid id, string? user, CancellationToken cancellation) => database.ReadAsync(user, async db
        => await JobRows.FindAsync(db, id, user, cancellation).ConfigureAwait(false) is { } row ? JobRows.Read(row) : null, cancellation);

    /// <summary>Where a job's archive was committed last, and where it ended when it was finished; empty where that is not so.</summary>
    public Task<(ArchiveMark Committed, ArchiveMark Finished)> ReadMarksAsync(Guid id, CancellationToken cancellation) => database.ReadAsync(null, async db =>
    {
        var job = await db.Jobs.Where(j => j.Id == id).Select(j => new { j.ArchiveLength, j.ArchiveFileLength, j.OutputLength, j.OutputFileLength }).SingleOrDefaultAsync(cancellation).ConfigureAwait(false);
        return job is null ? default : (new ArchiveMark(job.ArchiveLength, job.ArchiveFileLength), new ArchiveMark(job.OutputLength, job.OutputFileLength));
    }, cancellation);

    /// <summary>Lists jobs, the newest first.</summary>
    /// <exception cref="FormatException">The cursor is none of this list's.</exception>
    public Task<JobPage> ListAsync(JobQuery query, string? user, CancellationToken cancellation) => database.ReadAsync(user, async db =>
    {
        if (!StoredText.CanKeep(query.Text) || !StoredText.CanKeep(query.CreatedBy))
        {
            return new JobPage([], null);
        }

        var jobs = Filter(db.Jobs.Where(JobRows.Visible(user)), query);
        if (query.Cursor is { } cursor)
        {
            var (time, id) = ReadCursor(cursor);
            jobs = jobs.Where(j => j.CreatedAt < time || (j.CreatedAt == time && j.Id < id));
        }

        var count = Math.Clamp(query.Count, 1, 200);
        var rows = await jobs.OrderByDescending(j => j.CreatedAt).ThenByDescending(j => j.Id).Take(count + 1).ToListAsync(cancellation).ConfigureAwait(false);
        var page = rows.Take(count).Select(JobRows.Read).ToArray();
        return new JobPage(page, rows.Count > count ? WriteCursor(page[^1].CreatedAt, page[^1].Id) : null);
    }, cancellation);

    /// <summary>Reads a page of a job's requests; where a text is given, those with it in their document's name.</summary>
    public Task<RequestPage?> ReadRequestsAsync(Guid id, string? user, RequestState? state, int fromIndex, int count, string? text, CancellationToken cancellation) => database.ReadAsync(user, async db =>
    {
        if (await JobRows.FindAsync(db, id, user, cancellation).ConfigureAwait(false) is null)
        {
            return null;
        }

        var requests = db.Requests.Where(r => r.JobId == id && r.RequestIndex >= fromIndex);
        if (state is { } wanted)
        {
            requests = requests.Where(r => r.State == wanted);
        }

        if (!string.IsNullOrWhiteSpace(text))
        {
            if (!StoredText.CanKeep(text))
            {
                return new RequestPage([], null);
            }

            var pattern = PatternOf(text);
#pragma warning disable CA1304, CA1311, CA1862 // Becomes SQL.
            requests = requests.Where(r => EF.Functions.Like(r.DocumentName.ToLower(), pattern, "\\"));
#pragma warning restore CA1304, CA1311, CA1862
        }

        // No more columns than are shown.
        var rows = await requests.OrderBy(r => r.RequestIndex).Take(count + 1)
            .Select(r => new RequestRow(r.RequestIndex, r.RequestId, r.DocumentName, r.PatientId, r.State, r.Attempts, r.ErrorCode, r.ErrorMessage, r.RetryAt, OutputFiles.Read(r.OutputFiles), r.Pages, JobRows.Elapsed(r.ElapsedMs)))
            .ToListAsync(cancellation).ConfigureAwait(false);
        return rows.Count > count ? new RequestPage(rows.GetRange(0, count), rows[count].Index) : new RequestPage(rows, null);
    }, cancellation);

    /// <summary>Reads one request; null where there is none that this user may see.</summary>
    public Task<RequestRow?> FindRequestAsync(Guid id, string? user, string requestId, CancellationToken cancellation) => database.ReadAsync(user, async db =>
    {
        if (!StoredText.CanKeep(requestId) || await JobRows.FindAsync(db, id, user, cancellation).ConfigureAwait(false) is null)
        {
            return null;
        }

        var row = await db.Requests.SingleOrDefaultAsync(r => r.JobId == id && r.RequestId == requestId, cancellation).ConfigureAwait(false);
        return row is null ? null : JobRows.Read(row);
    }, cancellation);

    /// <summary>Reads all of a job's requests in their order, page by page: what tells of their documents, and not when they were or will be tried.</summary>
    public IAsyncEnumerable<RequestRow> ReadAllRequestsAsync(Guid id, RequestState? state, CancellationToken cancellation) => PagesAsync(
        id, $"request_id, document_name, patient_id, state, attempts, error_code, error_message, output_files, pages", state is { } wanted ? (FormattableString)$"and state = {wanted}" : $"",
        row => new RequestRow(
            row.Int32(0), row.Text(1)!, row.Text(2)!, row.Text(3), Names.Parse<RequestState>(row.Text(4)!), row.Int32(5), row.Text(6), row.Text(7), null,
            OutputFiles.Read(row.Bytes(8)), row.IsNull(9) ? null : row.Int32(9), null),
        cancellation);

    /// <summary>Reads where all files of a job lie in its archive, in the order of their requests.</summary>
    public async IAsyncEnumerable<ArchiveSlice> ReadAllSlicesAsync(Guid id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var slices in PagesAsync(id, $"output_files", $"and state = {RequestState.Succeeded} and output_files is not null", static row => OutputFiles.Read(row.Bytes(1)), cancellation).ConfigureAwait(false))
        {
            foreach (var slice in slices)
            {
                yield return slice;
            }
        }
    }

    /// <summary>Reads the queue in figures, over all users.</summary>
    public Task<QueueStats> ReadStatsAsync(int maxQueueSize, int maxConcurrentJobs, CancellationToken cancellation) => database.ReadAsync(null, async db =>
    {
        var queued = await db.Queue.GroupBy(q => q.Priority).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellation).ConfigureAwait(false);
        var running = await db.Jobs.Where(j => j.Status == JobStatus.Processing).ToListAsync(cancellation).ConfigureAwait(false);
        var waiting = await db.Queue.Join(db.Jobs, q => q.JobId, j => j.Id, (q, j) => (long)(j.Total - j.Succeeded - j.Failed)).SumAsync(cancellation).ConfigureAwait(false);
        return new QueueStats
        {
            Queued = Enum.GetValues<JobPriority>().ToDictionary(p => p, p => queued.GetValueOrDefault(p)),
            Processing = running.Count,
            Paused = await db.Jobs.CountAsync(j => j.Status == JobStatus.Paused, cancellation).ConfigureAwait(false),
            MaxQueueSize = maxQueueSize,
            MaxConcurrentJobs = maxConcurrentJobs,
            WaitingDocuments = waiting + running.Sum(j => (long)(j.Total - j.Succeeded - j.Failed)),
            OldestQueuedAt = await db.Queue.MinAsync(q => (DateTimeOffset?)q.QueuedAt, cancellation).ConfigureAwait(false),
            DocumentsPerMinute = running.Select(JobRows.Read).Sum(j => j.Measures.DocumentsPerMinute),
        };
    }, cancellation);

    /// <summary>Reads the jobs that wait, in their order; a user's own where one is named.</summary>
    public Task<IReadOnlyList<QueuedJob>> ReadQueueAsync(string? user, int count, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<QueuedJob>>(user, async db =>
    {
        var rows = await db.Queue.Where(q => user == null || q.CreatedBy == user).OrderByDescending(q => q.Rank).ThenBy(q => q.Turn).ThenBy(q => q.QueuedAt).ThenBy(q => q.Sequence).Take(count)
            .Join(db.Jobs, q => q.JobId, j => j.Id, (q, j) => new { q.Rank, q.Turn, q.QueuedAt, q.Sequence, q.JobId, q.Priority, q.EstimatedStartTime, j.Name, j.CreatedBy })
            .OrderByDescending(q => q.Rank).ThenBy(q => q.Turn).ThenBy(q => q.QueuedAt).ThenBy(q => q.Sequence)
            .ToListAsync(cancellation).ConfigureAwait(false);
        return [.. rows.Select((q, at) => new QueuedJob(q.JobId, q.Name, q.CreatedBy, q.Priority, at + 1, q.QueuedAt, q.EstimatedStartTime))];
    }, cancellation);

    /// <summary>What LIKE finds a text by, in lower case.</summary>
    private static string PatternOf(string text)
        => "%" + text.Trim().ToLower(CultureInfo.InvariantCulture).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";

    /// <summary>Gives what each of a job's requests is read as, in their order, and reads the next page meanwhile.</summary>
    private async IAsyncEnumerable<T> PagesAsync<T>(Guid id, FormattableString columns, FormattableString where, Func<IStoredRow, T> read, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var ahead = ReadPageAsync(0); ;)
        {
            var (items, next) = await ahead.ConfigureAwait(false);
            if (next is { } from)
            {
                ahead = ReadPageAsync(from);
            }

            try
            {
                foreach (var item in items)
                {
                    yield return item;
                }
            }
            finally
            {
                // Whoever has enough leaves nothing running behind.
                await ((Task)ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (next is null)
            {
                yield break;
            }
        }

        Task<(List<T> Items, int? Next)> ReadPageAsync(int from) => Task.Run(() => database.ReadAsync(null, async db =>
        {
            var (items, last) = (new List<T>(PageSize), 0);
            await database.ReadRowsAsync(db, $"select request_index, {columns} from batch_document_requests where job_id = {id} and request_index >= {from} {where} order by request_index limit {PageSize}", row =>
            {
                last = row.Int32(0);
                items.Add(read(row));
            }, cancellation).ConfigureAwait(false);
            return (items, items.Count == PageSize ? last + 1 : (int?)null);
        }, cancellation));
    }

    private static IQueryable<JobEntity> Filter(IQueryable<JobEntity> jobs, JobQuery query)
    {
        if (query.Statuses.Count > 0)
        {
            var statuses = query.Statuses.ToArray();
            jobs = jobs.Where(j => statuses.Contains(j.Status));
        }

        if (query.Priorities.Count > 0)
        {
            var priorities = query.Priorities.ToArray();
            jobs = jobs.Where(j => priorities.Contains(j.Priority));
        }

        if (query.TemplateId is { } template)
        {
            jobs = jobs.Where(j => j.TemplateId == template);
        }

        if (query.CreatedBy is { } owner)
        {
            jobs = jobs.Where(j => j.CreatedBy == owner);
        }

        if (!string.IsNullOrWhiteSpace(query.Text))
        {
#pragma warning disable CA1304, CA1311, CA1862 // Becomes SQL.
            var pattern = PatternOf(query.Text);
            jobs = jobs.Where(j => EF.Functions.Like(j.Name.ToLower(), pattern, "\\") || EF.Functions.Like(j.Description.ToLower(), pattern, "\\"));
#pragma warning restore CA1304, CA1311, CA1862
        }

        if (query.CreatedFrom is { } from)
        {
            var at = from.ToUniversalTime();
            jobs = jobs.Where(j => j.CreatedAt >= at);
        }

        if (query.CreatedBefore is { } before)
        {
            var at = before.ToUniversalTime();
            jobs = jobs.Where(j => j.CreatedAt < at);
        }

        return jobs;
    }

    private static string WriteCursor(DateTimeOffset time, Guid id) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{time.UtcTicks}.{id:N}")));

    private static (DateTimeOffset Time, Guid Id) ReadCursor(string cursor)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('.');
            return (new DateTimeOffset(long.Parse(parts[0], CultureInfo.InvariantCulture), TimeSpan.Zero), Guid.ParseExact(parts[1], "N"));
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException or OverflowException or ArgumentException)
        {
            throw new FormatException("The cursor is none that a list of jobs gave. Start again without one.", e);
        }
    }
}
