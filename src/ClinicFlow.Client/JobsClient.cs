using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ClinicFlow.Client.Connection;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Client.Live;

namespace ClinicFlow.Client;

/// <summary>
/// Jobs: create, look at, control, fetch, watch. Every call throws <see cref="ClinicFlowApiException"/> where the server
/// says no (404 <c>not-found</c> also for somebody else's job, 409 <c>job-state</c> where the job's state does not allow it)
/// and <see cref="HttpRequestException"/> where it cannot be reached.
/// </summary>
public sealed class JobsClient
{
    private readonly ApiConnection _api;
    private readonly LiveFeed _live;

    internal JobsClient(ApiConnection api, LiveFeed live) => (_api, _live) = (api, live);

    /// <summary>Creates a job and queues it.</summary>
    /// <param name="job">The job with its documents; for many of them <see cref="ImportAsync"/> is the better way.</param>
    /// <param name="idempotencyKey">Makes one job of the same call sent twice, at most 200 printable characters. Made where null, so that a repeated attempt makes no second job.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="ClinicFlowApiException">422 with everything that is wrong, 413 <c>too-large</c>, 503 <c>queue-full</c>.</exception>
    public Task<Job> CreateAsync(NewJob job, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        return _api.UploadAsync<Job>("batch-jobs", () => ApiConnection.Json(job)!, idempotencyKey ?? NewKey(), isRepeatable: true, cancellation);
    }

    /// <summary>Creates a job from a file of records, which is sent as it is read.</summary>
    /// <param name="order">What is made of it.</param>
    /// <param name="data">The file, from where it stands.</param>
    /// <param name="fileName">What it is called; its ending says how it is written, unless <paramref name="order"/> does.</param>
    /// <param name="idempotencyKey">As with <see cref="CreateAsync"/>.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="ClinicFlowApiException">422 with every row that cannot be used, or with the columns that are missing; 413 <c>too-large</c>, 503 <c>queue-full</c>.</exception>
    public Task<Job> ImportAsync(NewImport order, Stream data, string fileName, string? idempotencyKey = null, CancellationToken cancellation = default)
        => _api.UploadAsync<Job>("batch-jobs/import", Form(order, data, fileName), idempotencyKey ?? NewKey(), data.CanSeek, cancellation);

    /// <summary>Says how a file of records is understood beside a template. Nothing is kept.</summary>
    public Task<ImportPreview> PreviewImportAsync(NewImport order, Stream data, string fileName, CancellationToken cancellation = default)
        => _api.UploadAsync<ImportPreview>("batch-jobs/import/preview", Form(order, data, fileName), null, isRepeatable: false, cancellation);

    /// <summary>Reads some rows of a file of records, as they would become documents. Nothing is kept.</summary>
    /// <param name="order">What is made of the file, with corrections.</param>
    /// <param name="data">The file, from where it stands.</param>
    /// <param name="fileName">What it is called.</param>
    /// <param name="from">The place of the first row to read, from 0: that which the page before gave as next.</param>
    /// <param name="row">The number of the first row to read instead: no row before it is given.</param>
    /// <param name="count">How many, 1 to 200; 50 where null.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<Page<ImportRow>> ReadImportRowsAsync(NewImport order, Stream data, string fileName, long? from = null, long? row = null, int? count = null, CancellationToken cancellation = default)
        => _api.UploadAsync<Page<ImportRow>>(
            new QueryText("batch-jobs/import/rows").Add("from", from).Add("row", row).Add("count", count).ToString(), Form(order, data, fileName), null, isRepeatable: false, cancellation);

    /// <summary>Reads a job.</summary>
    public Task<Job> GetAsync(Guid id, CancellationToken cancellation = default) => _api.GetAsync<Job>($"batch-jobs/{id}", cancellation);

    /// <summary>Lists jobs, the newest first: one's own, or all for an operator.</summary>
    public Task<Page<Job>> ListAsync(JobFilter? filter = null, CancellationToken cancellation = default)
    {
        filter ??= new JobFilter();
        return _api.GetAsync<Page<Job>>(
            new QueryText("batch-jobs").Add("status", filter.Statuses).Add("priority", filter.Priorities).Add("templateId", filter.TemplateId).Add("createdBy", filter.CreatedBy)
                .Add("text", filter.Text).Add("from", filter.From).Add("before", filter.Before).Add("cursor", filter.Cursor).Add("count", filter.Count).ToString(), cancellation);
    }

    /// <summary>Lists all jobs that the filter leaves, page by page as they are asked for.</summary>
    public async IAsyncEnumerable<Job> ListAllAsync(JobFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        filter ??= new JobFilter();
        while (true)
        {
            var page = await ListAsync(filter, cancellation).ConfigureAwait(false);
            foreach (var job in page.Items)
            {
                yield return job;
            }

            if (page.Next is null)
            {
                yield break;
            }

            filter = filter with { Cursor = page.Next };
        }
    }

    /// <summary>Lists a job's documents in their order.</summary>
    /// <param name="id">The job.</param>
    /// <param name="state">Only those in this state.</param>
    /// <param name="from">The first place to list, from 0: that which the page before gave as next.</param>
    /// <param name="count">How many, 1 to 1,000; 100 where null.</param>
    /// <param name="text">Only those with this in their name.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<Page<JobDocument>> DocumentsAsync(Guid id, DocumentState? state = null, long? from = null, int? count = null, string? text = null, CancellationToken cancellation = default)
        => _api.GetAsync<Page<JobDocument>>(
            new QueryText($"batch-jobs/{id}/documents").Add("state", state is { } only ? QueryText.WordOf(only) : null).Add("text", text).Add("from", from).Add("count", count).ToString(), cancellation);

    /// <summary>Lists all of a job's documents, page by page as they are asked for.</summary>
    public async IAsyncEnumerable<JobDocument> AllDocumentsAsync(Guid id, DocumentState? state = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        long? from = null;
        do
        {
            var page = await DocumentsAsync(id, state, from, 1_000, null, cancellation).ConfigureAwait(false);
            foreach (var document in page.Items)
            {
                yield return document;
            }

            from = page.Next is null ? null : long.Parse(page.Next, System.Globalization.CultureInfo.InvariantCulture);
        }
        while (from is not null);
    }

    /// <summary>Lets documents in flight finish and begins no more.</summary>
    public Task<Job> PauseAsync(Guid id, CancellationToken cancellation = default) => ControlAsync(id, "pause", null, cancellation);

    /// <summary>Queues a paused job again; it goes on where it stopped.</summary>
    public Task<Job> ResumeAsync(Guid id, CancellationToken cancellation = default) => ControlAsync(id, "resume", null, cancellation);

    /// <summary>Ends a job; what was done is kept.</summary>
    public Task<Job> CancelAsync(Guid id, CancellationToken cancellation = default) => ControlAsync(id, "cancel", null, cancellation);

    /// <summary>Queues an ended job again for its failed documents.</summary>
    /// <param name="id">The job.</param>
    /// <param name="order">Which documents, and with what data; all of them as they were where null.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<Job> RetryAsync(Guid id, RetryOrder? order = null, CancellationToken cancellation = default) => ControlAsync(id, "retry", order ?? new RetryOrder(), cancellation);

    /// <summary>Changes the urgency of a job that waits.</summary>
    public Task<Job> SetPriorityAsync(Guid id, JobPriority priority, CancellationToken cancellation = default)
        => _api.ReadAsync<Job>(HttpMethod.Put, $"batch-jobs/{id}/priority", new PriorityChange(priority), isRepeatable: true, cancellation);

    /// <summary>Deletes an ended job with its documents. There is no way back.</summary>
    public Task DeleteAsync(Guid id, CancellationToken cancellation = default) => _api.DoAsync(HttpMethod.Delete, $"batch-jobs/{id}", null, isRepeatable: true, cancellation);

    /// <summary>Fetches all documents of an ended job in one ZIP.</summary>
    /// <param name="id">The job.</param>
    /// <param name="start">Where an earlier download goes on; the whole file comes where that is another one now.</param>
    /// <param name="cancellation">Ends the call; what has been opened is ended by disposing it.</param>
    public Task<Download> OpenArchiveAsync(Guid id, DownloadStart? start = null, CancellationToken cancellation = default) => Download.OpenAsync(_api, $"batch-jobs/{id}/archive", start, cancellation);

    /// <summary>Fetches all documents of an ended job in one PDF to print.</summary>
    /// <inheritdoc cref="OpenArchiveAsync" path="/param"/>
    public Task<Download> OpenMergedAsync(Guid id, DownloadStart? start = null, CancellationToken cancellation = default) => Download.OpenAsync(_api, $"batch-jobs/{id}/merged", start, cancellation);

    /// <summary>Fetches one document, as soon as it is made.</summary>
    /// <param name="id">The job.</param>
    /// <param name="requestId">The document's id in the job.</param>
    /// <param name="format">Which of its files; what it has where null.</param>
    /// <param name="start">Where an earlier download goes on.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<Download> OpenDocumentAsync(Guid id, string requestId, OutputFormat? format = null, DownloadStart? start = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(requestId);
        return Download.OpenAsync(
            _api, new QueryText($"batch-jobs/{id}/documents/{Uri.EscapeDataString(requestId)}/file").Add("format", format is { } only ? QueryText.WordOf(only) : null).ToString(), start, cancellation);
    }

    /// <summary>
    /// Watches a job until it has ended: first where it is, then every step, over one connection that all watches of the
    /// client share. After a broken connection it comes back by itself and begins with where the job is by then; where
    /// the server pushes nothing, it asks every <see cref="ClinicFlowClientOptions.PollInterval"/>. What is given never goes
    /// back in percent; steps between two that are close may be left out, the last never is.
    /// </summary>
    /// <exception cref="ClinicFlowApiException">The job is not there, or the sign-in does not hold any more.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached: at the beginning, or for longer than <see cref="ClinicFlowClientOptions.ReconnectFor"/>.</exception>
    public IAsyncEnumerable<JobProgress> WatchAsync(Guid id, CancellationToken cancellation = default) => new JobWatch(_api, _live).OneAsync(id, cancellation);

    /// <summary>
    /// Watches the caller's own jobs: first those that have not ended, then every step of any, new ones too, without an
    /// end. The rest is as with <see cref="WatchAsync"/>; the end of a job that came while the connection was broken is given too.
    /// </summary>
    /// <inheritdoc cref="WatchAsync" path="/exception"/>
    public IAsyncEnumerable<JobProgress> WatchMyJobsAsync(CancellationToken cancellation = default) => new JobWatch(_api, _live).MineAsync(cancellation);

    /// <summary>The progress of a job as server-sent events, over one plain HTTP connection: for where WebSockets cannot be used. It does not come back by itself.</summary>
    /// <param name="id">The job.</param>
    /// <param name="lastEventId">The id of the last event that came before; nothing that it tells is given again.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="ClinicFlowApiException">404 <c>not-found</c>, 409 <c>live-updates-off</c>.</exception>
    public async IAsyncEnumerable<SseItem<JobProgress>> EventsAsync(Guid id, string? lastEventId = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var response = await _api.OpenAsync(
            () =>
            {
                var request = _api.Make(HttpMethod.Get, $"batch-jobs/{id}/events");
                request.Headers.Accept.ParseAdd("text/event-stream");
                if (lastEventId is not null)
                {
                    request.Headers.Add("Last-Event-ID", lastEventId);
                }

                return request;
            }, cancellation).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var events = SseParser.Create(body, (_, data) => JsonSerializer.Deserialize<JobProgress>(data, Wire.Lenient)!);
        await foreach (var step in events.EnumerateAsync(cancellation).ConfigureAwait(false))
        {
            yield return step;
        }
    }

    private Task<Job> ControlAsync(Guid id, string what, object? order, CancellationToken cancellation)
        => _api.ReadAsync<Job>(HttpMethod.Post, $"batch-jobs/{id}/{what}", order, isRepeatable: false, cancellation);

    private static string NewKey() => Guid.NewGuid().ToString("N");

    /// <summary>The form of an import: the order first, so that the server knows what to do with the file as it comes.</summary>
    private static Func<HttpContent> Form(NewImport order, Stream data, string fileName)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrWhiteSpace(fileName);
        var start = data.CanSeek ? data.Position : 0;
        return () =>
        {
            if (data.CanSeek)
            {
                data.Position = start;
            }

            return new MultipartFormDataContent { { ApiConnection.Json(order)!, "job" }, { new StreamContent(new KeptOpen(data), 1 << 16), "data", Path.GetFileName(fileName) } };
        };
    }
}
