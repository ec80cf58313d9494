using System.Globalization;
using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Accounts;
using ClinicFlow.Server.Audit;
using ClinicFlow.Server.Problems;
using Microsoft.AspNetCore.Mvc;
using Engine = ClinicFlow.Batch.Jobs;
using Progress = ClinicFlow.Batch.Progress.JobProgress;

namespace ClinicFlow.Server.Jobs;

/// <summary>Jobs: create, look at, control.</summary>
internal static class JobsApi
{
    /// <summary>The longest idempotency key.</summary>
    private const int MaxKeyLength = 200;

    public static void MapJobs(this IEndpointRouteBuilder api)
    {
        var jobs = api.MapGroup("/batch-jobs").WithTags("Batch jobs");
        jobs.MapPost("", CreateAsync).Needs(Scopes.JobsWrite).WithName("CreateJob").Audits("job.create").WithSummary("Creates a job and queues it.")
            .WithBodyLimit(settings => settings.MaxJobBytes)
            .Produces<Job>(StatusCodes.Status201Created).Fails(400, 401, 403, 413, 422, 503);
        jobs.MapGet("", ListAsync).Needs(Scopes.JobsRead).WithName("ListJobs").WithSummary("Lists jobs, the newest first; your own, or all for an operator.").Fails(400, 401);
        jobs.MapGet("/{id:guid}", GetAsync).Needs(Scopes.JobsRead).WithName("GetJob").WithSummary("Reads a job and how far it is.").Produces<Job>().Fails(401, 404);
        jobs.MapGet("/{id:guid}/documents", DocumentsAsync).Needs(Scopes.JobsRead).WithName("ListDocuments").WithSummary("Lists a job's documents in their order.").Produces<Page<JobDocument>>().Fails(400, 401, 404);
        jobs.MapPost("/{id:guid}/pause", (Guid id, Caller caller, UserNames names, CancellationToken cancellation) => AnswerAsync(caller.Jobs.PauseJobAsync(id, cancellation), caller, names, cancellation))
            .Needs(Scopes.JobsWrite).WithName("PauseJob").Audits("job.pause").WithSummary("Lets documents in flight finish and begins no more.").Produces<Job>().Fails(401, 403, 404, 409);
        jobs.MapPost("/{id:guid}/resume", (Guid id, Caller caller, UserNames names, CancellationToken cancellation) => AnswerAsync(caller.Jobs.ResumeJobAsync(id, cancellation), caller, names, cancellation))
            .Needs(Scopes.JobsWrite).WithName("ResumeJob").Audits("job.resume").WithSummary("Queues a paused job again; it goes on where it stopped.").Produces<Job>().Fails(401, 403, 404, 409, 503);
        jobs.MapPost("/{id:guid}/cancel", (Guid id, Caller caller, UserNames names, CancellationToken cancellation) => AnswerAsync(caller.Jobs.CancelJobAsync(id, cancellation), caller, names, cancellation))
            .Needs(Scopes.JobsWrite).WithName("CancelJob").Audits("job.cancel").WithSummary("Ends a job within a second; what was done is kept.").Produces<Job>().Fails(401, 403, 404, 409);
        jobs.MapPost("/{id:guid}/retry", RetryAsync).Needs(Scopes.JobsWrite).WithName("RetryJob").Audits("job.retry").WithSummary("Queues an ended job again for its failed documents, with corrected data where some is given.")
            .WithBodyLimit(settings => settings.MaxJobBytes)
            .Produces<Job>().Fails(400, 401, 403, 404, 409, 413, 422, 503);
        jobs.MapPut("/{id:guid}/priority", (Guid id, PriorityChange change, Caller caller, UserNames names, CancellationToken cancellation)
                => AnswerAsync(caller.Jobs.SetPriorityAsync(id, JobViews.Convert<Engine.JobPriority>(change.Priority), cancellation), caller, names, cancellation))
            .Needs(Scopes.JobsWrite).WithName("SetPriority").Audits("job.priority").WithSummary("Changes the urgency of a job that waits.").Produces<Job>().Fails(400, 401, 403, 404, 409);
        jobs.MapDelete("/{id:guid}", DeleteAsync).Needs(Scopes.JobsWrite).WithName("DeleteJob").Audits("job.delete").WithSummary("Deletes an ended job with its documents. There is no way back.").Produces(StatusCodes.Status204NoContent).Fails(401, 403, 404, 409);
    }

    /// <summary>A job that was created, as the answer to whoever created it.</summary>
    public static async Task<IResult> CreatedAsync(Guid id, Caller caller, UserNames names, CancellationToken cancellation)
        => await caller.OwnJobs.GetBatchJobAsync(id, cancellation) is { } job
            ? Results.Created($"/api/v1/batch-jobs/{id}", JobViews.Of(job, Progress.Of(job), caller, await names.FindAsync(job.CreatedBy, cancellation)))
            : ProblemResult.NotFound("job");

    /// <summary>The idempotency key that was sent; null for none.</summary>
    /// <exception cref="BadHttpRequestException">It is too long, or not printable.</exception>
    public static string? KeyOf(HttpRequest request)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        return key.Length == 0 ? null
            : key.Length > MaxKeyLength || key.Any(c => c is < ' ' or > '~') ? throw new BadHttpRequestException("Idempotency-Key")
            : key;
    }

    private static async Task<IResult> CreateAsync(NewJob order, HttpRequest request, Caller caller, UserNames names, CancellationToken cancellation)
    {
        var requests = order.Requests.Select(document => new BatchDocumentRequest
        {
            TemplateId = document.TemplateId,
            DocumentName = document.DocumentName,
            MergeData = document.MergeData,
            PatientId = document.PatientId,
            RequestId = document.RequestId,
        });
        var id = await caller.OwnJobs.CreateBatchJobAsync(
            order.Name, order.TemplateId, requests, JobViews.Settings(order.Settings), JobViews.Convert<Engine.JobPriority>(order.Priority), order.Description, KeyOf(request), cancellation);
        return await CreatedAsync(id, caller, names, cancellation);
    }

    private static async Task<IResult> ListAsync(
        Caller caller, UserNames names, CancellationToken cancellation,
        [FromQuery] string[]? status = null, [FromQuery] string[]? priority = null, Guid? templateId = null, string? createdBy = null, string? text = null,
        DateTimeOffset? from = null, DateTimeOffset? before = null, string? cursor = null, int count = 50)
    {
        if (!TryParse<Engine.JobStatus>(status, out var statuses))
        {
            return ProblemResult.Invalid("status", "must be queued, processing, paused, completed, failed or cancelled.");
        }

        if (!TryParse<Engine.JobPriority>(priority, out var priorities))
        {
            return ProblemResult.Invalid("priority", "must be urgent, high, normal or low.");
        }

        if (count is < 1 or > 200)
        {
            return ProblemResult.Invalid("count", "must be 1 to 200.");
        }

        JobPage page;
        try
        {
            page = await caller.Jobs.GetBatchJobsAsync(
                new JobQuery
                {
                    Statuses = statuses,
                    Priorities = priorities,
                    TemplateId = templateId,
                    CreatedBy = createdBy,
                    Text = text,
                    CreatedFrom = from,
                    CreatedBefore = before,
                    Cursor = cursor,
                    Count = count,
                }, cancellation);
        }
        catch (FormatException)
        {
            return ProblemResult.Invalid("cursor", "must be what the page before gave as next.");
        }

        var owners = await names.FindAsync(page.Jobs.Select(job => job.CreatedBy), cancellation);
        return ETagged.Json(new Page<Job>([.. page.Jobs.Select(job => JobViews.Of(job, Progress.Of(job), caller, owners.GetValueOrDefault(job.CreatedBy)))], page.NextCursor));
    }

    private static async Task<IResult> GetAsync(Guid id, Caller caller, UserNames names, CancellationToken cancellation)
    {
        if (await caller.Jobs.GetBatchJobAsync(id, cancellation) is not { } job)
        {
            return ProblemResult.NotFound("job");
        }

        return ETagged.Json(JobViews.Of(job, caller.Jobs.Newest(job), caller, await names.FindAsync(job.CreatedBy, cancellation)));
    }

    private static async Task<IResult> DocumentsAsync(Guid id, Caller caller, CancellationToken cancellation, string? state = null, string? text = null, int from = 0, int count = 100)
    {
        if (!TryParse<RequestState>(state is null ? null : [state], out var states))
        {
            return ProblemResult.Invalid("state", "must be pending, rendering, retrying, succeeded or failed.");
        }

        if (from < 0 || count is < 1 or > 1_000)
        {
            return ProblemResult.Invalid(from < 0 ? "from" : "count", from < 0 ? "must not be negative." : "must be 1 to 1,000.");
        }

        var job = await caller.Jobs.GetBatchJobAsync(id, cancellation);
        if (job is null || await caller.Jobs.GetRequestsAsync(id, states.Length == 0 ? null : states[0], from, count, text, cancellation) is not { } page)
        {
            return ProblemResult.NotFound("job");
        }

        return ETagged.Json(new Page<JobDocument>([.. page.Requests.Select(row => JobViews.Of(row, caller.Owns(job.CreatedBy)))], page.NextIndex?.ToString(CultureInfo.InvariantCulture)));
    }

    private static async Task<IResult> RetryAsync(Guid id, RetryOrder? order, Caller caller, UserNames names, CancellationToken cancellation)
    {
        // What a patient's document is made of is changed by nobody but the job's owner.
        var jobs = order?.CorrectedData is null ? caller.Jobs : caller.OwnJobs;
        return await AnswerAsync(jobs.RetryFailedRequestsAsync(id, order?.RequestIds, order?.CorrectedData, cancellation), caller, names, cancellation);
    }

    private static async Task<IResult> DeleteAsync(Guid id, Caller caller, UserNames names, CancellationToken cancellation)
    {
        var outcome = await caller.Jobs.DeleteJobAsync(id, cancellation);
        return outcome is ControlOutcome.Accepted ? Results.NoContent() : await AnswerAsync(Task.FromResult(outcome), caller, names, cancellation);
    }

    private static async Task<IResult> AnswerAsync(Task<ControlOutcome> asked, Caller caller, UserNames names, CancellationToken cancellation) => await asked switch
    {
        ControlOutcome.Accepted accepted => Results.Ok(JobViews.Of(accepted.Job, caller.Jobs.Newest(accepted.Job), caller, await names.FindAsync(accepted.Job.CreatedBy, cancellation))),
        ControlOutcome.NotFound => ProblemResult.NotFound("job"),
        ControlOutcome.QueueFull full => new ProblemResult(new ApiProblem
        {
            Type = "urn:clinicflow:problem:queue-full",
            Status = StatusCodes.Status503ServiceUnavailable,
            Code = "queue-full",
            Title = "The queue is full",
            Detail = string.Create(CultureInfo.InvariantCulture, $"{full.Size} jobs wait, and no more may. Try again when some have been done."),
        })
        { RetryAfter = TimeSpan.FromSeconds(30) },
        ControlOutcome.NotAllowed refused => new ProblemResult(new ApiProblem
        {
            Type = "urn:clinicflow:problem:job-state",
            Status = StatusCodes.Status409Conflict,
            Code = "job-state",
            Title = "Not possible in the job's state",
            Detail = $"The job is {refused.Status.ToString().ToLowerInvariant()}. What can be done with it now: {string.Join(", ", refused.Allowed)}.",
            Allowed = refused.Allowed,
        }),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Reads words; neither numbers nor lists in one word, which an enumeration takes otherwise.</summary>
    private static bool TryParse<T>(string[]? words, out T[] values)
        where T : struct, Enum
    {
        values = new T[words?.Length ?? 0];
        for (var i = 0; i < values.Length; i++)
        {
            if (!words![i].All(char.IsAsciiLetter) || !Enum.TryParse(words[i], ignoreCase: true, out values[i]))
            {
                return false;
            }
        }

        return true;
    }
}
