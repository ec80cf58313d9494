using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using ClinicFlow.Batch;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Accounts;
using ClinicFlow.Server.Jobs;
using ClinicFlow.Server.Problems;
using Engine = ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Server.Live;

/// <summary>A job's progress as server-sent events (WHATWG HTML, 9.2). Where it is comes first, so that nothing is missed.</summary>
internal static class EventsApi
{
    /// <summary>How often something is sent where nothing happens, so that nobody on the way closes the connection.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public static void MapEvents(this IEndpointRouteBuilder api)
        => api.MapGet("/batch-jobs/{id:guid}/events", EventsAsync).Needs(Scopes.JobsRead).WithTags("Batch jobs").WithName("WatchJob")
            .WithSummary("The progress of a job as it moves, until it ends: events named progress, each with the whole of it.")
            .WithDescription("A client that sends Last-Event-ID gets nothing it has already. A job that has ended and was seen to end is answered with 204, which tells a browser not to come back.")
            .Produces<JobProgress>(200, "text/event-stream").Produces(204).Fails(401, 404, 409);

    /// <summary>The answer where nothing is pushed.</summary>
    public static ProblemResult Off() => ProblemResult.Of(
        StatusCodes.Status409Conflict, "live-updates-off", "Live updates are off", "The server is set up to push nothing (EnableRealTimeUpdates). Ask for the job every few seconds, with its ETag.");

    /// <summary>Names a step, so that a client can say which it has.</summary>
    public static string IdOf(Batch.Progress.JobProgress step)
        => string.Create(CultureInfo.InvariantCulture, $"{step.Status}-{step.Requested}-{step.Succeeded}-{step.Failed}-{step.Retrying}-{step.StartedAt?.UtcTicks}-{step.CompletedAt?.UtcTicks}").ToLowerInvariant();

    private static async Task<IResult> EventsAsync(Guid id, HttpRequest request, Caller caller, BatchEngineHost host, SignInHold hold, IHostApplicationLifetime lifetime, TimeProvider time, CancellationToken cancellation)
    {
        if (await caller.Jobs.GetBatchJobAsync(id, cancellation) is not { } job)
        {
            return ProblemResult.NotFound("job");
        }

        if (!host.Engine.Config.EnableRealTimeUpdates)
        {
            return Off();
        }

        var seen = request.Headers["Last-Event-ID"].ToString();
        if (Engine.JobTransitions.IsEnded(job.Status) && seen == IdOf(caller.Jobs.Newest(job)))
        {
            return Results.NoContent();
        }

        request.HttpContext.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(StepsAsync(caller.Jobs, id, caller.Owns(job.CreatedBy), seen, request.HttpContext.User, hold, time, lifetime.ApplicationStopping, cancellation));
    }

    private static async IAsyncEnumerable<SseItem<JobProgress>> StepsAsync(
        BatchDocumentService jobs, Guid id, bool isOwn, string seen, ClaimsPrincipal user, SignInHold hold, TimeProvider time, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
        var signInEnds = hold.EndsAsync(user, ends.Token);
        await using var steps = jobs.WatchAsync(id, ends.Token).GetAsyncEnumerator(ends.Token);
        SseItem<JobProgress>? last = null;
        var next = steps.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                if (await Task.WhenAny(next, signInEnds, Task.Delay(Silence, time, ends.Token)) is var first && first != next)
                {
                    if (first == signInEnds)
                    {
                        await ends.CancelAsync();
                    }

                    if (ends.IsCancellationRequested)
                    {
                        yield break;
                    }

                    if (last is { } again)
                    {
                        yield return again;
                    }

                    continue;
                }

                try
                {
                    if (!await next)
                    {
                        yield break;
                    }
                }
                catch (OperationCanceledException)
                {
                    yield break;
                }

                var step = steps.Current;
                var stepId = IdOf(step);
                var item = new SseItem<JobProgress>(JobViews.Of(step, isOwn), "progress") { EventId = stepId };
                if (last is not null || stepId != seen)
                {
                    yield return item;
                }

                last = item;
                next = steps.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // Nobody waits for the end of the sign-in any more, and the steps are not left before they have ended.
            await ends.CancelAsync();
            await next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
