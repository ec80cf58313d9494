using System.Net;
using System.Net.Http.Headers;
using ClinicFlow.Client.Connection;

namespace ClinicFlow.Client;

/// <summary>Where a download that was begun before goes on.</summary>
/// <param name="Offset">How many bytes are there already.</param>
/// <param name="ETag">The tag that the file had then; without it nobody could tell whether it is the same file.</param>
public sealed record DownloadStart(long Offset, string ETag);

/// <summary>
/// A file as it comes from the server, to be disposed. Its content is read once, from the beginning; after a broken
/// connection it goes on by itself where it was.
/// </summary>
public sealed class Download : IAsyncDisposable
{
    private Download(string fileName, string contentType, long offset, long? length, string? eTag, Stream content)
        => (FileName, ContentType, Offset, Length, ETag, Content) = (fileName, contentType, offset, length, eTag, content);

    /// <summary>What the server calls the file: a name without folders; empty where it said none.</summary>
    public string FileName { get; }

    /// <summary>What it is, such as <c>application/zip</c>.</summary>
    public string ContentType { get; }

    /// <summary>Which byte of the file the content begins with: 0, unless it goes on where an earlier download was.</summary>
    public long Offset { get; }

    /// <summary>How long the whole file is; null where the server did not say.</summary>
    public long? Length { get; }

    /// <summary>Names this very file, to go on with it later; null where that is not possible.</summary>
    public string? ETag { get; }

    /// <summary>The content. Reading throws <see cref="IOException"/> where the connection broke for good, and <see cref="InvalidDataException"/> where the file became another one on the way.</summary>
    public Stream Content { get; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();

    internal static async Task<Download> OpenAsync(ApiConnection api, string path, DownloadStart? start, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            response = await api.OpenAsync(() => Make(api, path, start), cancellation).ConfigureAwait(false);
        }
        catch (ClinicFlowApiException e) when (e.Status == HttpStatusCode.RequestedRangeNotSatisfiable && start is not null)
        {
            // What is there is longer than the file, or all of it: begin anew.
            response = await api.OpenAsync(() => Make(api, path, null), cancellation).ConfigureAwait(false);
        }

        return await OfAsync(api, path, response, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes an answer as a download.</summary>
    internal static async Task<Download> OfAsync(ApiConnection api, string path, HttpResponseMessage response, CancellationToken cancellation)
    {
        var headers = response.Content.Headers;
        var isPart = response.StatusCode == HttpStatusCode.PartialContent;
        var offset = isPart ? headers.ContentRange?.From ?? 0 : 0;
        var length = isPart ? headers.ContentRange?.Length : headers.ContentLength;
        var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        return new Download(
            NameOf(headers.ContentDisposition), headers.ContentType?.MediaType ?? "application/octet-stream", offset, length,
            response.Headers.ETag is { IsWeak: false } tag ? tag.ToString() : null, new ResumingStream(api, path, response, body, offset, length));
    }

    private static HttpRequestMessage Make(ApiConnection api, string path, DownloadStart? start)
    {
        var request = api.Make(HttpMethod.Get, path);
        if (start is { Offset: > 0 } && EntityTagHeaderValue.TryParse(start.ETag, out var tag) && !tag.IsWeak)
        {
            request.Headers.Range = new RangeHeaderValue(start.Offset, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        }

        return request;
    }

    /// <summary>Whatever a server says, the name leads into no other folder.</summary>
    private static string NameOf(ContentDispositionHeaderValue? disposition)
    {
        var name = (disposition?.FileNameStar ?? disposition?.FileName ?? "").Trim('"');
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        return name is "." or ".." ? "" : name;
    }
}
