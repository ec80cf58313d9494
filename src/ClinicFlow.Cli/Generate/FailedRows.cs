using System.Buffers;
using System.Text;
using System.Text.Json;
using ClinicFlow.Cli.Output;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Cli.Generate;

/// <summary>A row of the data that gave no document.</summary>
/// <param name="Index">Its position among all rows, from 0.</param>
/// <param name="Row">The number a person finds it under.</param>
/// <param name="Document">The name its document would have; empty where it has none.</param>
/// <param name="Problems">The reasons, without values.</param>
/// <param name="Cells">The original cells; null where the source has none.</param>
/// <param name="Values">The record; null for a row that could not be read.</param>
internal sealed record FailedRow(long Index, long Row, string Document, IReadOnlyList<Problem> Problems, IReadOnlyList<string>? Cells, MergeObject? Values);

/// <summary>
/// Writes the rows that failed so that they can be mended and fed again: <c>clinicflow:row</c>, <c>clinicflow:document</c>
/// and <c>clinicflow:reason</c>, then the original columns. A table gives CSV, JSON gives JSON lines, because records
/// that nest do not fit a table. What a spreadsheet would calculate is guarded in CSV, and read as it was (<see cref="SpreadsheetCell"/>).
/// No file is made where nothing failed.
/// </summary>
internal sealed class FailedRows : IDisposable
{
    private static readonly string[] OwnColumns = ["clinicflow:row", "clinicflow:document", "clinicflow:reason"];

    // Every separator that the reader may guess is quoted, so that it guesses the comma.
    private static readonly SearchValues<char> MustQuote = SearchValues.Create(",;\t|\"\r\n");

    private readonly string _path;
    private readonly bool _isJson;
    private readonly IReadOnlyList<string> _columns;
    private readonly List<int> _kept;
    private FileStream? _file;

    /// <summary>Prepares to write.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isJson">Whether the source was JSON.</param>
    /// <param name="columns">The columns of the source.</param>
    public FailedRows(string path, bool isJson, IReadOnlyList<string> columns)
    {
        _path = path;
        _isJson = isJson;
        _columns = columns;
        _kept = [.. Enumerable.Range(0, columns.Count).Where(i => !IsOwn(columns[i]))];
    }

    /// <summary>How many rows were written.</summary>
    public long Count { get; private set; }

    /// <summary>Whether a column is one of ours, from a file of failed rows that was fed again. No template can name such a field.</summary>
    public static bool IsOwn(string column) => column.StartsWith(SpreadsheetCell.OwnColumnPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes one row. Rows come in the order of the data.</summary>
    public void Write(FailedRow row)
    {
        _file ??= Start();
        _file.Write(_isJson ? JsonLine(row) : CsvLine([
            row.Row.ToString(System.Globalization.CultureInfo.InvariantCulture), row.Document, ProblemText.Reason(row.Problems), .. OriginalCells(row)]));
        Count++;
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private FileStream Start()
    {
        var file = new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.Read);
        if (!_isJson)
        {
            // Excel takes a CSV for UTF-8 only when it starts with a byte order mark.
            file.Write(Encoding.UTF8.GetPreamble());
            file.Write(CsvLine([.. OwnColumns, .. _kept.Select(i => _columns[i])]));
        }

        return file;
    }

    /// <summary>The cells in their columns; what a row has beyond its columns stays at its end, to be seen and mended.</summary>
    private IEnumerable<string> OriginalCells(FailedRow row)
    {
        var cells = row.Cells ?? [];
        return _kept.Select(i => i < cells.Count ? cells[i] : "").Concat(cells.Skip(_columns.Count));
    }

    private static byte[] CsvLine(IEnumerable<string> cells)
        => Encoding.UTF8.GetBytes(string.Join(',', cells.Select(cell => Quoted(SpreadsheetCell.Guard(cell)))) + "\r\n");

    private static string Quoted(string cell)
        => !cell.AsSpan().ContainsAny(MustQuote) && cell.AsSpan().Trim().Length == cell.Length ? cell
            : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static byte[] JsonLine(FailedRow row)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber(OwnColumns[0], row.Row);
            json.WriteString(OwnColumns[1], row.Document);
            json.WriteString(OwnColumns[2], ProblemText.Reason(row.Problems));
            WriteProperties(json, row.Values ?? MergeObject.Empty);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static void WriteProperties(Utf8JsonWriter json, MergeObject values)
    {
        for (var i = 0; i < values.Names.All.Count; i++)
        {
            if (!IsOwn(values.Names.All[i]))
            {
                json.WritePropertyName(values.Names.All[i]);
                WriteValue(json, values[i]);
            }
        }
    }

    private static void WriteValue(Utf8JsonWriter json, MergeValue value)
    {
        switch (value.Kind)
        {
            case MergeValueKind.Null:
                json.WriteNullValue();
                break;
            case MergeValueKind.Text:
                json.WriteStringValue(value.Text);
                break;
            case MergeValueKind.Number:
                json.WriteNumberValue(value.Number);
                break;
            case MergeValueKind.Boolean:
                json.WriteBooleanValue(value.Boolean);
                break;
            case MergeValueKind.Date:
                json.WriteStringValue(value.Shown ?? value.Date.ToString("s", System.Globalization.CultureInfo.InvariantCulture));
                break;
            case MergeValueKind.List:
                json.WriteStartArray();
                foreach (var item in value.List)
                {
                    WriteValue(json, item);
                }

                json.WriteEndArray();
                break;
            case MergeValueKind.Group:
                json.WriteStartObject();
                WriteProperties(json, value.Group);
                json.WriteEndObject();
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"{value.Kind}");
        }
    }
}
