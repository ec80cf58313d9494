using System.Globalization;
using System.Text;
using System.Text.Json;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Data;
using CsvHelper;

namespace ClinicFlow.Server.Audit;

/// <summary>Writes the audit log as a file, as it is read.</summary>
internal static class AuditExport
{
    /// <summary>Writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="isCsv">CSV (RFC 4180), whose cells no spreadsheet calculates; NDJSON otherwise.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task WriteAsync(Stream output, IAsyncEnumerable<Batch.Audit.AuditEntry> entries, bool isCsv, CancellationToken cancellation)
    {
        if (!isCsv)
        {
            await foreach (var entry in entries.WithCancellation(cancellation))
            {
                await JsonSerializer.SerializeAsync(output, AuditApi.Of(entry), Wire.Json, cancellation);
                await output.WriteAsync("\n"u8.ToArray(), cancellation);
            }

            return;
        }

        // The mark by which Excel knows UTF-8.
        await output.WriteAsync(Encoding.UTF8.Preamble.ToArray(), cancellation);
        await using var csv = CsvWriter.Create(output, new CsvWriterOptions { NewLine = "\r\n" }, leaveOpen: true);
        await WriteRowAsync(csv, cancellation, "sequence", "at", "actor", "origin", "action", "subject", "outcome", "detail", "hash");
        await foreach (var entry in entries.WithCancellation(cancellation))
        {
            await WriteRowAsync(
                csv, cancellation, entry.Sequence.ToString(CultureInfo.InvariantCulture), entry.At.ToString("O", CultureInfo.InvariantCulture),
                entry.Note.Actor, entry.Note.Origin, entry.Note.Action, entry.Note.Subject, entry.Note.Outcome, entry.Note.Detail, entry.Hash);
        }

        await csv.FlushAsync(cancellation);
    }

    private static ValueTask WriteRowAsync(CsvWriter csv, CancellationToken cancellation, params ReadOnlySpan<string> cells)
    {
        foreach (var cell in cells)
        {
            csv.WriteField(SpreadsheetCell.Guard(cell));
        }

        return csv.EndRecordAsync(cancellation);
    }
}
