using System.Threading.RateLimiting;
using ClinicFlow.Server.Accounts;
using ClinicFlow.Server.Problems;
using Microsoft.AspNetCore.RateLimiting;

namespace ClinicFlow.Server.Access;

/// <summary>
/// So many requests a minute for a user, or for an address where nobody is signed in, and so many sign-ins for an address; short
/// bursts are fine. Endpoints say by the framework's attributes what of it is for them. Unlike the framework's middleware this
/// ends its limiters with the server: their timers would hold it, and all that it has ever made, for as long as the process lives.
/// </summary>
internal sealed class RequestLimits(ServerSettings settings) : IMiddleware, IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _all = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        RateLimitPartition.GetTokenBucketLimiter(http.User.FindFirst(CallerClaims.Id)?.Value ?? "address " + http.Connection.RemoteIpAddress, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(10, settings.RequestsPerMinute / 4),
            TokensPerPeriod = Math.Max(1, settings.RequestsPerMinute / 60),
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    private readonly PartitionedRateLimiter<HttpContext> _signIns = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        RateLimitPartition.GetFixedWindowLimiter(http.Connection.RemoteIpAddress?.ToString() ?? "", _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = settings.SignInsPerMinute,
            Window = TimeSpan.FromMinutes(1),
        }));

    /// <inheritdoc/>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<DisableRateLimitingAttribute>() is not null)
        {
            await next(context);
            return;
        }

        using var any = _all.AttemptAcquire(context);
        if (!any.IsAcquired)
        {
            await RefuseAsync(context, any);
            return;
        }

        if (metadata?.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is AccountsRegistration.SignInLimit)
        {
            using var signIn = _signIns.AttemptAcquire(context);
            if (!signIn.IsAcquired)
            {
                await RefuseAsync(context, signIn);
                return;
            }
        }

        await next(context);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _all.Dispose();
        _signIns.Dispose();
    }

    private static Task RefuseAsync(HttpContext context, RateLimitLease lease)
    {
        var answer = ExceptionProblems.OfStatus(StatusCodes.Status429TooManyRequests);
        var delay = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        return new ProblemResult(answer.Value) { RetryAfter = delay }.ExecuteAsync(context);
    }
}
