using System.Buffers;

namespace ClinicFlow.Documents.Data;

/// <summary>
/// Keeps text in a CSV file from being calculated by a spreadsheet that opens it (CWE-1236): what it would take for a formula
/// gets an apostrophe before it. Taking that away again gives the text as it was, whatever it was.
/// </summary>
public static class SpreadsheetCell
{
    /// <summary>
    /// What the names of columns start with that we add to somebody's data, as in a file of failed rows. They mark a table
    /// whose cells are guarded: readers of tables take the apostrophes of all its cells away.
    /// </summary>
    public const string OwnColumnPrefix = "clinicflow:";

    // What starts a formula in Excel, LibreOffice or Google Sheets; the wide forms are what Excel makes of them in Japanese.
    private static readonly SearchValues<char> Starts = SearchValues.Create("=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20");

    // Spaces, because some programs drop them; apostrophes, so that taking one away is certain to undo putting one there.
    private static readonly SearchValues<char> Before = SearchValues.Create(" '");

    /// <summary>The text for a cell: with an apostrophe before it where a spreadsheet might calculate it, else as it is.</summary>
    public static string Guard(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return MayBeFormula(text) ? "'" + text : text;
    }

    /// <summary>What <see cref="Guard"/> was given.</summary>
    public static string Unguard(string cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return cell.StartsWith('\'') && MayBeFormula(cell) ? cell[1..] : cell;
    }

    private static bool MayBeFormula(string text)
        => text.AsSpan().IndexOfAnyExcept(Before) is >= 0 and var first && Starts.Contains(text[first]);
}
