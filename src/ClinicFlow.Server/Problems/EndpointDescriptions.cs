using ClinicFlow.Client.Contracts;
using Microsoft.AspNetCore.Http.Metadata;

namespace ClinicFlow.Server.Problems;

/// <summary>What endpoints say about themselves.</summary>
internal static class EndpointDescriptions
{
    /// <summary>Says with which problems an endpoint may answer.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.Produces<ApiProblem>(status, "application/problem+json");
        }

        return endpoint.Produces<ApiProblem>(StatusCodes.Status429TooManyRequests, "application/problem+json");
    }

    /// <summary>Takes a larger body than the usual 1 MiB.</summary>
    public static RouteHandlerBuilder WithBodyLimit(this RouteHandlerBuilder endpoint, Func<ServerSettings, long> limit)
    {
        endpoint.Add(builder => builder.Metadata.Add(new BodyLimit(limit(builder.ApplicationServices.GetRequiredService<ServerSettings>()))));
        return endpoint;
    }

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
