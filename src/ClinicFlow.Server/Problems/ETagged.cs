using System.Security.Cryptography;
using System.Text.Json;
using ClinicFlow.Client.Contracts;
using Microsoft.AspNetCore.Http.Metadata;

namespace ClinicFlow.Server.Problems;

/// <summary>An answer in JSON that is asked for again and again: whoever has it already gets 304 and no body.</summary>
/// <typeparam name="T">What is answered.</typeparam>
internal sealed class ETagged<T>(T value) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc/>
    public static void PopulateMetadata(System.Reflection.MethodInfo method, EndpointBuilder builder)
        => builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var body = JsonSerializer.SerializeToUtf8Bytes(value, Wire.Json);
        var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}\"";
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        if (request.Headers.IfNoneMatch.Any(sent => sent is not null && sent.Split(',', StringSplitOptions.TrimEntries).Contains(tag)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}

/// <summary>Makes answers with a tag.</summary>
internal static class ETagged
{
    /// <summary>An answer.</summary>
    public static ETagged<T> Json<T>(T value) => new(value);
}
