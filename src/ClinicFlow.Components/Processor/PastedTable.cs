using System.Text;

namespace ClinicFlow.Components.Processor;

/// <summary>Reads what Excel, LibreOffice and Google Sheets put on the clipboard: cells parted by tabs, rows by line ends, quotes around a cell that holds one of these.</summary>
internal static class PastedTable
{
    /// <summary>Reads the cells, row by row. A quote that is never closed is a character like any other.</summary>
    public static List<string[]> Read(string text)
    {
        var rows = new List<string[]>();
        var row = new List<string>();
        var at = 0;
        while (at < text.Length)
        {
            row.Add(Cell(text, ref at));
            if (at < text.Length && text[at] == '\t')
            {
                at++;
                if (at < text.Length)
                {
                    continue;
                }

                row.Add("");
            }

            if (at < text.Length)
            {
                at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
            }

            rows.Add([.. row]);
            row.Clear();
        }

        return rows;
    }

    private static string Cell(string text, ref int at)
    {
        if (text[at] == '"' && TryQuoted(text, at, out var end, out var quoted))
        {
            at = end;
            return quoted;
        }

        var start = at;
        while (at < text.Length && text[at] is not ('\t' or '\n' or '\r'))
        {
            at++;
        }

        return text[start..at].Trim(' ', '\u00A0');
    }

    /// <summary>A cell in quotes ends at a quote that is not doubled, with the cell's end behind it.</summary>
    private static bool TryQuoted(string text, int start, out int end, out string cell)
    {
        var content = new StringBuilder();
        for (end = start + 1; end < text.Length; end++)
        {
            if (text[end] != '"')
            {
                content.Append(text[end]);
            }
            else if (end + 1 < text.Length && text[end + 1] == '"')
            {
                content.Append('"');
                end++;
            }
            else
            {
                end++;
                cell = content.ToString();
                return end == text.Length || text[end] is '\t' or '\n' or '\r';
            }
        }

        cell = "";
        return false;
    }
}
