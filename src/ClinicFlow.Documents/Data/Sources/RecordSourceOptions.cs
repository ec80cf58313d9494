using System.Globalization;
using System.Text;

namespace ClinicFlow.Documents.Data;

/// <summary>What a person may know better than the file says. Everything is found out where it is not given.</summary>
public sealed record RecordSourceOptions
{
    /// <summary>The defaults.</summary>
    public static RecordSourceOptions Default { get; } = new();

    /// <summary>CSV: the separator, an ASCII character. Null: found in the first lines.</summary>
    public char? Separator { get; init; }

    /// <summary>
    /// Text formats: the encoding; a byte order mark in the file counts for more. Null: UTF-8 or UTF-16 where the
    /// first mebibyte is that, otherwise Windows-1252.
    /// </summary>
    public Encoding? Encoding { get; init; }

    /// <summary>XLSX: the name of the sheet. Null: <see cref="SheetNumber"/>.</summary>
    public string? SheetName { get; init; }

    /// <summary>XLSX: the number of the sheet, from 1, hidden ones counted. Null: the first visible sheet that is not empty.</summary>
    public int? SheetNumber { get; init; }

    /// <summary>
    /// XLSX: the culture in which a cell's number format is shown (decimal comma, names of months), as the person who
    /// made the workbook sees it. A format that names its own language keeps it. Default: the invariant culture.
    /// </summary>
    public CultureInfo Culture { get; init; } = CultureInfo.InvariantCulture;

    /// <summary>JSON: the name of the array that holds the records, where the outermost value is an object. Null: its only array of objects.</summary>
    public string? List { get; init; }

    /// <summary>JSON: the outermost object is itself the one record, whatever lists it holds. Default: no.</summary>
    public bool SingleRecord { get; init; }

    /// <summary>Whether a stream given to <see cref="RecordSource"/> stays open when the reader is disposed. Default: no.</summary>
    public bool LeaveOpen { get; init; }
}
