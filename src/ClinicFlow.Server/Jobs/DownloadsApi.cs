using ClinicFlow.Batch;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Audit;
using ClinicFlow.Server.Problems;
using Microsoft.Net.Http.Headers;

namespace ClinicFlow.Server.Jobs;

/// <summary>What a job made, for its owner: the ZIP, the print file, each document. All of it in ranges where asked for.</summary>
internal static class DownloadsApi
{
    public static void MapDownloads(this IEndpointRouteBuilder api)
    {
        var jobs = api.MapGroup("/batch-jobs/{id:guid}").WithTags("Downloads");
        jobs.MapMethods("/archive", [HttpMethods.Get, HttpMethods.Head], async (Guid id, HttpContext http, Caller caller, TimeProvider time, CancellationToken cancellation)
                => Send(await caller.OwnJobs.OpenArchiveAsync(id, cancellation), "archive of that job", http, time))
            .Needs(Scopes.JobsRead).WithName("DownloadArchive").Audits("job.download").WithSummary("All documents of an ended job in one ZIP, with manifest.json and errors.csv.")
            .Produces(200, contentType: "application/zip").Fails(401, 404);
        jobs.MapMethods("/merged", [HttpMethods.Get, HttpMethods.Head], async (Guid id, HttpContext http, Caller caller, TimeProvider time, CancellationToken cancellation)
                => Send(await caller.OwnJobs.OpenMergedPdfAsync(id, cancellation), "print file of that job", http, time))
            .Needs(Scopes.JobsRead).WithName("DownloadMerged").Audits("job.download").WithSummary("All documents of an ended job in one PDF for the printer, with a bookmark each.")
            .Produces(200, contentType: "application/pdf").Fails(401, 404, 503);
        jobs.MapMethods("/documents/{requestId}/file", [HttpMethods.Get, HttpMethods.Head], DocumentAsync)
            .Needs(Scopes.JobsRead).WithName("DownloadDocument").Audits("job.download").WithSummary("One document, as soon as it is made.")
            .Produces(200, contentType: "application/pdf").Fails(400, 401, 404);
    }

    private static async Task<IResult> DocumentAsync(Guid id, string requestId, HttpContext http, Caller caller, TimeProvider time, CancellationToken cancellation, string? format = null)
    {
        if (format is not (null or "pdf" or "docx"))
        {
            return ProblemResult.Invalid("format", "must be pdf or docx.");
        }

        using var output = await caller.OwnJobs.OpenDocumentAsync(id, requestId, format, cancellation);
        if (output is null)
        {
            return ProblemResult.NotFound("document");
        }

        // Read to its end first: its checksum is known to be right before a byte of it is sent.
        var whole = new MemoryStream();
        await output.Content.CopyToAsync(whole, cancellation);
        whole.Position = 0;
        return Send(output with { Content = whole }, "document", http, time);
    }

    /// <summary>Sends a file to a client who goes on reading, in ranges where asked for.</summary>
    internal static IResult Send(JobOutput? output, string what, HttpContext http, TimeProvider time)
        => output is null ? ProblemResult.NotFound(what)
            : Results.File(new AttendedStream(output.Content, time, http.Abort), output.ContentType, output.FileName, entityTag: new EntityTagHeaderValue($"\"{output.Version}\""), enableRangeProcessing: true);
}
