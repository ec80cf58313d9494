using System.Buffers;
using System.Globalization;
using System.Text;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Batch.Archive;

/// <summary>
/// Writes the failed requests of a job as a table for a spreadsheet: RFC 4180, UTF-8 with the mark by which Excel knows
/// it. A cell that a spreadsheet would calculate starts with an apostrophe. It is written as its rows come.
/// </summary>
public static class ErrorsCsv
{
    // Where a semicolon separates, as in German Excel, a cell that holds one is still one cell.
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",;\"\r\n\t");

    /// <summary>Writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="requests">The requests in their order; those that did not fail are left out.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task WriteAsync(Stream output, IAsyncEnumerable<RequestRow> requests, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var csv = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 1 << 14, leaveOpen: true);
        await using (csv.ConfigureAwait(false))
        {
            var line = new StringBuilder("row,requestId,documentName,patientId,errorCode,errorMessage,attempts\r\n");
            await csv.WriteAsync(line, cancellation).ConfigureAwait(false);
            await foreach (var request in requests.WithCancellation(cancellation).ConfigureAwait(false))
            {
                if (request.State == RequestState.Failed)
                {
                    line.Clear().Append(CultureInfo.InvariantCulture, $"{request.Index + 1},");
                    AppendCell(line, request.RequestId);
                    AppendCell(line, request.DocumentName);
                    AppendCell(line, request.PatientId);
                    AppendCell(line, request.ErrorCode);
                    AppendCell(line, request.ErrorMessage);
                    line.Append(CultureInfo.InvariantCulture, $"{Manifest.AttemptsOf(request)}\r\n");
                    await csv.WriteAsync(line, cancellation).ConfigureAwait(false);
                }
            }
        }
    }

    private static void AppendCell(StringBuilder line, string? text)
    {
        var cell = SpreadsheetCell.Guard(text ?? "");
        if (cell.AsSpan().ContainsAny(Quoted))
        {
            line.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        else
        {
            line.Append(cell);
        }

        line.Append(',');
    }
}
