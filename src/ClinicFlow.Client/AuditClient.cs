using System.Runtime.CompilerServices;
using ClinicFlow.Client.Connection;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Client;

/// <summary>How an export of the audit log is written.</summary>
public enum AuditFormat
{
    /// <summary>CSV with a header.</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    Ndjson,
}

/// <summary>The audit log, for administrators. Every call throws <see cref="ClinicFlowApiException"/> where the server says no (403 <c>not-allowed</c>) and <see cref="HttpRequestException"/> where it cannot be reached.</summary>
public sealed class AuditClient
{
    private readonly ApiConnection _api;

    internal AuditClient(ApiConnection api) => _api = api;

    /// <summary>Reads entries, the newest first.</summary>
    /// <param name="before">Only those with a smaller number: that which the page before gave as next.</param>
    /// <param name="actor">Only of this user.</param>
    /// <param name="subject">Only about this.</param>
    /// <param name="count">How many, 1 to 1,000; 100 where null.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<Page<AuditEntry>> ListAsync(long? before = null, string? actor = null, string? subject = null, int? count = null, CancellationToken cancellation = default)
        => _api.GetAsync<Page<AuditEntry>>(new QueryText("audit").Add("before", before).Add("actor", actor).Add("subject", subject).Add("count", count).ToString(), cancellation);

    /// <summary>Reads all entries, the newest first, page by page as they are asked for.</summary>
    public async IAsyncEnumerable<AuditEntry> ListAllAsync(string? actor = null, string? subject = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        long? before = null;
        do
        {
            var page = await ListAsync(before, actor, subject, 1_000, cancellation).ConfigureAwait(false);
            foreach (var entry in page.Items)
            {
                yield return entry;
            }

            before = page.Next is null ? null : long.Parse(page.Next, System.Globalization.CultureInfo.InvariantCulture);
        }
        while (before is not null);
    }

    /// <summary>Fetches the whole log as a file. It grows while it is read, so a broken connection is an <see cref="IOException"/> here.</summary>
    public Task<Download> ExportAsync(AuditFormat format = AuditFormat.Csv, CancellationToken cancellation = default)
        => Download.OpenAsync(_api, $"audit/export?format={QueryText.WordOf(format)}", null, cancellation);

    /// <summary>Finds the first entry that was changed, removed, moved or cut off.</summary>
    public Task<AuditVerdict> VerifyAsync(CancellationToken cancellation = default) => _api.ReadAsync<AuditVerdict>(HttpMethod.Post, "audit/verify", null, isRepeatable: true, cancellation);
}
