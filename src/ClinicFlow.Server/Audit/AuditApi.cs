using System.Globalization;
using ClinicFlow.Batch;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Problems;

namespace ClinicFlow.Server.Audit;

/// <summary>The audit log, for administrators.</summary>
internal static class AuditApi
{
    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Audit");
        audit.MapGet("", ListAsync).Needs(Scopes.AuditRead, Role.Administrator).WithName("ListAudit").Audits("audit.read").WithSummary("Reads the audit log, the newest first.").Produces<Page<AuditEntry>>().Fails(400, 401, 403);
        audit.MapGet("/export", ExportAsync).Needs(Scopes.AuditRead, Role.Administrator).WithName("ExportAudit").Audits("audit.export").WithSummary("The whole audit log as CSV or NDJSON.").Produces(200, contentType: "text/csv").Fails(400, 401, 403);
        audit.MapPost("/verify", VerifyAsync).Needs(Scopes.AuditRead, Role.Administrator).WithName("VerifyAudit").Audits("audit.verify").WithSummary("Finds the first entry that was changed, removed, moved or cut off.").Produces<AuditVerdict>().Fails(401, 403);
    }

    /// <summary>An entry as it travels.</summary>
    public static AuditEntry Of(Batch.Audit.AuditEntry entry) => new(
        entry.Sequence, entry.At, entry.Note.Actor, entry.Note.Origin, entry.Note.Action, entry.Note.Subject, entry.Note.Outcome, entry.Note.Detail, entry.Hash);

    private static async Task<IResult> ListAsync(BatchEngineHost host, CancellationToken cancellation, long? before = null, string? actor = null, string? subject = null, int count = 100)
    {
        if (count is < 1 or > 1_000)
        {
            return ProblemResult.Invalid("count", "must be 1 to 1,000.");
        }

        var entries = await host.Engine.AuditLog.ReadAsync(before, actor, subject, count, cancellation);
        return ETagged.Json(new Page<AuditEntry>([.. entries.Select(Of)], entries.Count < count ? null : entries[^1].Sequence.ToString(CultureInfo.InvariantCulture)));
    }

    private static async Task<IResult> ExportAsync(BatchEngineHost host, Caller caller, CancellationToken cancellation, string format = "csv")
    {
        if (format is not ("csv" or "ndjson"))
        {
            return ProblemResult.Invalid("format", "must be csv or ndjson.");
        }

        await caller.NoteAsync("audit.export", format, cancellation: cancellation);
        var entries = host.Engine.AuditLog.ReadAllAsync(cancellation);
        return Results.Stream(output => AuditExport.WriteAsync(output, entries, format == "csv", cancellation), format == "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson", "audit." + format);
    }

    private static async Task<IResult> VerifyAsync(BatchEngineHost host, Caller caller, CancellationToken cancellation)
    {
        var verdict = await host.Engine.AuditLog.VerifyAsync(cancellation);
        await caller.NoteAsync("audit.verify", "audit", verdict.FirstWrong is null ? "done" : "audit-broken", string.Create(CultureInfo.InvariantCulture, $"{verdict.Entries} entries"), cancellation);
        return Results.Ok(new AuditVerdict(verdict.FirstWrong is null, verdict.Entries, verdict.FirstWrong, verdict.Message));
    }
}
