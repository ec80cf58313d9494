using System.Security.Claims;
using ClinicFlow.Batch.Audit;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Accounts;
using ClinicFlow.Server.Problems;
using Microsoft.AspNetCore.Diagnostics;

namespace ClinicFlow.Server.Audit;

/// <summary>
/// Writes down what was refused, before the answer leaves: an act that was somebody's right or was not (403, 404, 409), a
/// change that another site may have sent, a key or token that is none. What was only badly written is not among it.
/// </summary>
internal sealed class RefusalAudit(RequestDelegate next, RefusalLog log)
{
    private const string Refused = "refused";

    /// <summary>Looks at the answer when it begins; at the end where nobody is there to take it.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var isSeen = false;
        http.Response.OnStarting(LookAsync);
        await next(http);
        await LookAsync();

        async Task LookAsync()
        {
            if (!isSeen)
            {
                isSeen = true;
                if (NoteOf(http) is { } note)
                {
                    await log.NoteAsync(note);
                }
            }
        }
    }

    private static AuditNote? NoteOf(HttpContext http)
    {
        var (status, code) = (http.Response.StatusCode, http.Features.Get<AnsweredProblem>()?.Code ?? "");
        var origin = http.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        if (status == StatusCodes.Status401Unauthorized && http.Features.Get<RefusedCredential>() is { } credential)
        {
            var owner = credential.UserId ?? RefusalLog.Unknown;
            return new AuditNote(owner, origin, "session.begin", owner, "sign-in-failed", credential.How);
        }

        if (http.User.FindFirstValue(CallerClaims.Id) is not { Length: > 0 } actor)
        {
            return null;
        }

        // An exception has taken the endpoint away, and kept it for those who ask.
        var exception = http.Features.Get<IExceptionHandlerFeature>();
        var act = (http.GetEndpoint() ?? exception?.Endpoint)?.Metadata.GetMetadata<AuditedAct>();
        var isForged = code is AntiforgeryGuard.TokenMissing or AntiforgeryGuard.OriginForeign;
        var isRefused = http.Features.Get<ExceededRight>() is not null || status is StatusCodes.Status403Forbidden or StatusCodes.Status404NotFound or StatusCodes.Status409Conflict;
        if (!isForged && (act is null || !isRefused))
        {
            return null;
        }

        // Only what is an id: an address can hold anything.
        var subject = act is not null && Guid.TryParse((exception?.RouteValues ?? http.Request.RouteValues)[act.SubjectRoute]?.ToString(), out var id) ? id.ToString() : "";
        return new AuditNote(actor, origin, act?.Action ?? (code == AntiforgeryGuard.OriginForeign ? "live.connect" : "request"), subject, Refused, code);
    }
}

/// <summary>On a request that is not refused by its status alone: it asked for more than its sign-in may do.</summary>
internal sealed record ExceededRight;

/// <summary>On a request: it brought a key or token, and it signs nobody in.</summary>
/// <param name="How">What it brought: <c>api-key</c> or <c>token</c>.</param>
/// <param name="UserId">Whose it is or was; null where nobody knows.</param>
internal sealed record RefusedCredential(string How, string? UserId);
