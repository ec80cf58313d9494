using System.Buffers;
using System.Collections.Concurrent;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Queue;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Batch.Processing;

/// <summary>Renders the requests of one job. Safe for concurrent calls.</summary>
internal sealed class JobRenderer(Guid jobId, CompiledTemplate template, TemplateCache cache, MergeDataVault vault, RenderOptions options)
{
    private readonly ConcurrentDictionary<Guid, CompiledTemplate> _others = new();

    /// <summary>What a job's settings are to the document library.</summary>
    public static RenderOptions OptionsOf(BatchJob job, BatchProcessingConfig config) => new()
    {
        Culture = config.CultureOf(job.Settings),

        // The time that the job was begun first: the same in every document, also after a restart.
        JobTime = TimeZoneInfo.ConvertTime(job.StartedAt ?? job.CreatedAt, config.Zone).DateTime,
        MissingData = job.Settings.MissingData,
    };

    /// <summary>Makes what reads merge data; each lane has its own.</summary>
    public MergeDataReader NewReader() => new(vault, jobId);

    /// <summary>Renders a request as DOCX.</summary>
    /// <param name="request">The request.</param>
    /// <param name="reader">Reads its data.</param>
    /// <param name="output">Receives the document.</param>
    /// <returns>Why it could not be; null where it could. A document that the template leaves out has nothing written and no failure.</returns>
    public (string Code, string Message)? Render(DueRequest request, MergeDataReader reader, IBufferWriter<byte> output)
    {
        if (Read(request, reader, out var values) is { } failure)
        {
            return failure;
        }

        return TemplateOf(request).RenderDocx(new MergeRecord(values, request.Index + 1), options, output) switch
        {
            RenderResult.Refused refused => (refused.Problems[0].Code, Describe(refused.Problems)),
            _ => null,
        };
    }

    /// <summary>What a request's DOCX begins with, as others of its template do.</summary>
    public ReadOnlyMemory<byte> CommonStartOf(DueRequest request) => TemplateOf(request).CommonStart;

    /// <summary>Binds a request, for a PDF.</summary>
    /// <param name="request">The request.</param>
    /// <param name="reader">Reads its data.</param>
    /// <param name="document">The document; null where there is a failure, or where the template leaves it out.</param>
    /// <returns>Why it could not be; null where it could.</returns>
    public (string Code, string Message)? Bind(DueRequest request, MergeDataReader reader, out BoundDocument? document)
    {
        document = null;
        if (Read(request, reader, out var values) is { } failure)
        {
            return failure;
        }

        switch (TemplateOf(request).Bind(new MergeRecord(values, request.Index + 1), options))
        {
            case BindResult.Refused refused:
                return (refused.Problems[0].Code, Describe(refused.Problems));
            case BindResult.Bound bound:
                document = bound.Document;
                return null;
            default:
                return null;
        }
    }

    private static (string Code, string Message)? Read(DueRequest request, MergeDataReader reader, out MergeObject values)
    {
        values = MergeObject.Empty;
        if (request.MergeData is not { } stored)
        {
            return ("merge-data-gone", "The merge data of this document was cleaned up. Create a new job.");
        }

        try
        {
            if (!reader.TryRead(request.Index, stored.Span, out var read, out var problem))
            {
                return (problem.Code, problem.Message);
            }

            values = read;
            return null;
        }
        catch (EncryptedDataDamagedException e)
        {
            return ("merge-data-damaged", e.Message);
        }
        catch (EncryptionKeyMissingException e)
        {
            return ("encryption-key-missing", e.Message);
        }
        finally
        {
            // Read once: another attempt gets it from the database again.
            stored.Dispose();
        }
    }

    /// <summary>The first few problems, in one sentence each; problems never hold a merge value.</summary>
    private static string Describe(IReadOnlyList<Problem> problems)
    {
        var shown = problems.Take(3).Select(problem => problem.Place == Place.Nowhere ? problem.Message : $"{problem.Message} ({problem.Place})");
        return string.Join(" ", shown) + (problems.Count > 3 ? $" And {problems.Count - 3} more." : "");
    }

    private CompiledTemplate TemplateOf(DueRequest request)
        => request.TemplateVersionId is { } version ? _others.GetOrAdd(version, static (id, cache) => cache.GetAsync(id, CancellationToken.None).GetAwaiter().GetResult(), cache) : template;
}
