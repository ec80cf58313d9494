using ClinicFlow.Server.Problems;
using Microsoft.AspNetCore.Antiforgery;

namespace ClinicFlow.Server.Accounts;

/// <summary>
/// Keeps other sites from using the cookie of somebody who is signed in: every change that is signed by it needs a token
/// that only our own pages can read, and a live connection must come from them. API keys and tokens are sent by no browser
/// on its own, and need nothing.
/// </summary>
internal sealed class AntiforgeryGuard(RequestDelegate next, IAntiforgery antiforgery)
{
    /// <summary>The header of the token.</summary>
    public const string Header = "X-XSRF-TOKEN";

    /// <summary>The code where the token is missing or another's.</summary>
    public const string TokenMissing = "antiforgery-failed";

    /// <summary>The code where a live connection is asked for by pages of another site.</summary>
    public const string OriginForeign = "origin-foreign";

    /// <summary>Refuses what may come from elsewhere.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!SignInClaims.IsInPerson(context.User))
        {
            await next(context);
            return;
        }

        var isLive = request.Path.StartsWithSegments("/hubs") || request.Path.StartsWithSegments("/_blazor");
        if (isLive && request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
        {
            await ProblemResult.Of(StatusCodes.Status403Forbidden, OriginForeign, "Not from here", "Live connections with a cookie are taken from this server's own pages only. Use an API key.").ExecuteAsync(context);
            return;
        }

        var isChange = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);
        if (isChange && !isLive && context.GetEndpoint()?.Metadata.GetMetadata<NeedsNoToken>() is null && !await antiforgery.IsRequestValidAsync(context))
        {
            await ProblemResult.Of(StatusCodes.Status400BadRequest, TokenMissing, "The anti-forgery token is missing", $"Send the antiforgeryToken of GET /api/v1/session as the header {Header}.").ExecuteAsync(context);
            return;
        }

        await next(context);
    }
}

/// <summary>On endpoints that need no token: signing in.</summary>
internal sealed class NeedsNoToken;
