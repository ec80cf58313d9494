using System.Text.Encodings.Web;
using System.Text.Json;
using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Archive;

/// <summary>
/// Writes the list of a job's documents, as JSON: what was asked for, what came of it, and each file with its checksum.
/// It is written as its rows come; none is held.
/// </summary>
public static class Manifest
{
    private const int Format = 1;
    private const int FlushBytes = 1 << 14;

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        IndentSize = 1,

        // A file of its own, never a part of a web page: names stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="job">The job as it ends.</param>
    /// <param name="requests">Its requests in their order.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task WriteAsync(Stream output, BatchJob job, IAsyncEnumerable<RequestRow> requests, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(requests);
        var json = new Utf8JsonWriter(output, Options);
        await using (json.ConfigureAwait(false))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            WriteJob(json, job);
            json.WriteStartArray("documents");
            await foreach (var request in requests.WithCancellation(cancellation).ConfigureAwait(false))
            {
                WriteDocument(json, request);
                if (json.BytesPending >= FlushBytes)
                {
                    await json.FlushAsync(cancellation).ConfigureAwait(false);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
            await json.FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>How often a request was tried, whatever came of it.</summary>
    internal static int AttemptsOf(RequestRow request) => request.Attempts;

    private static void WriteJob(Utf8JsonWriter json, BatchJob job)
    {
        json.WriteStartObject("job");
        json.WriteString("id", job.Id);
        json.WriteString("name", job.Name);
        json.WriteString("templateId", job.TemplateId);
        json.WriteString("status", NameOf(job.Status));
        json.WriteString("createdAt", job.CreatedAt);
        WriteTime(json, "startedAt", job.StartedAt);
        WriteTime(json, "completedAt", job.CompletedAt);
        json.WriteEndObject();
        json.WriteStartObject("counts");
        json.WriteNumber("total", job.Total);
        json.WriteNumber("succeeded", job.Succeeded);
        json.WriteNumber("failed", job.Failed);
        json.WriteEndObject();
    }

    private static void WriteDocument(Utf8JsonWriter json, RequestRow request)
    {
        json.WriteStartObject();
        json.WriteNumber("row", request.Index + 1);
        json.WriteString("requestId", request.RequestId);
        json.WriteString("name", request.DocumentName);
        json.WriteString("patientId", request.PatientId);
        json.WriteString("status", NameOf(request.State));
        json.WriteNumber("attempts", AttemptsOf(request));
        if (request.Pages is { } pages)
        {
            json.WriteNumber("pages", pages);
        }
        else
        {
            json.WriteNull("pages");
        }

        json.WriteStartArray("files");
        foreach (var file in request.Slices)
        {
            json.WriteStartObject();
            json.WriteString("name", file.FileName);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteString("sha256", file.Sha256);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (request.State != RequestState.Succeeded && request.ErrorCode is { } code)
        {
            json.WriteStartObject("error");
            json.WriteString("code", code);
            json.WriteString("message", request.ErrorMessage);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("error");
        }

        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string NameOf<T>(T state)
        where T : struct, Enum
        => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
