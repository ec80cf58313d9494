using System.Net;
using System.Text;
using ClinicFlow.Documents.Fields;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// The cells of a table that has been bound, as a formula sees them. Made when the table is complete, because SUM(ABOVE)
/// counts rows that a section has repeated. Results of formulas become part of their cells in document order.
/// </summary>
internal sealed class BoundTable : IFormulaCells
{
    private readonly List<List<List<Piece>>> _rows = [];
    private readonly (int Row, int Column)[] _places;
    private readonly string?[] _results;

    /// <summary>A stretch of a cell's text, or the place of a formula's result.</summary>
    private readonly record struct Piece(string Text, int Formula);

    /// <summary>Reads a table's XML.</summary>
    /// <param name="xml">The table from its start tag on.</param>
    /// <param name="formulas">Where in the XML the results of formulas stand, in order.</param>
    public BoundTable(ReadOnlySpan<byte> xml, IReadOnlyList<int> formulas)
    {
        _places = new (int, int)[formulas.Count];
        _results = new string?[formulas.Count];
        Read(xml, formulas);
    }

    /// <inheritdoc/>
    public int Row { get; private set; }

    /// <inheritdoc/>
    public int Column { get; private set; }

    /// <inheritdoc/>
    public int RowCount => _rows.Count;

    /// <inheritdoc/>
    public int ColumnCount(int row) => row >= 1 && row <= _rows.Count ? _rows[row - 1].Count : 0;

    /// <inheritdoc/>
    public string Text(int row, int column)
        => column >= 1 && column <= ColumnCount(row)
            ? string.Concat(_rows[row - 1][column - 1].Select(piece => piece.Formula < 0 ? piece.Text : _results[piece.Formula] ?? ""))
            : "";

    /// <summary>Stands at a formula; false where it is in no cell.</summary>
    public bool MoveTo(int formula)
    {
        (Row, Column) = _places[formula];
        return Row > 0 && Column > 0;
    }

    /// <summary>Takes a formula's result in.</summary>
    public void SetResult(int formula, string text) => _results[formula] = text;

    private void Read(ReadOnlySpan<byte> xml, IReadOnlyList<int> formulas)
    {
        var depth = 0;
        var isText = false;
        var next = 0;
        var at = 0;
        while (at < xml.Length)
        {
            var length = xml[at..].IndexOf((byte)'<');
            var end = length < 0 ? xml.Length : at + length;
            ReadText(xml, at, end, isText, formulas, ref next);
            if (end == xml.Length)
            {
                return;
            }

            var close = xml[end..].IndexOf((byte)'>');
            if (close < 0)
            {
                return;
            }

            var tag = xml.Slice(end + 1, close - 1);
            at = end + close + 1;
            var isEnd = tag.StartsWith("/"u8);
            var isEmpty = tag.EndsWith("/"u8);
            var name = tag[(isEnd ? 1 : 0)..];
            var nameEnd = name.IndexOfAny(" /"u8);
            name = nameEnd < 0 ? name : name[..nameEnd];
            name = name[(name.IndexOf((byte)':') + 1)..];
            if (name.SequenceEqual("tbl"u8))
            {
                depth += isEnd ? -1 : isEmpty ? 0 : 1;
            }
            else if (name.SequenceEqual("t"u8))
            {
                isText = !isEnd && !isEmpty;
            }
            else if (!isEnd && depth == 1 && name.SequenceEqual("tr"u8))
            {
                _rows.Add([]);
            }
            else if (!isEnd && depth == 1 && name.SequenceEqual("tc"u8) && _rows.Count > 0)
            {
                _rows[^1].Add([]);
            }
            else if (!isEnd && (name.SequenceEqual("tab"u8) || name.SequenceEqual("br"u8)))
            {
                Add(new Piece(" ", -1));
            }
            else if (isEnd && name.SequenceEqual("p"u8))
            {
                Add(new Piece("\n", -1));
            }
        }

        ReadText(xml, xml.Length, xml.Length, false, formulas, ref next);
    }

    private void ReadText(ReadOnlySpan<byte> xml, int from, int to, bool isText, IReadOnlyList<int> formulas, ref int next)
    {
        while (next < formulas.Count && formulas[next] <= to)
        {
            var formula = Math.Max(formulas[next], from);
            AddText(xml[from..formula], isText);
            from = formula;
            if (_rows.Count > 0 && _rows[^1].Count > 0)
            {
                _places[next] = (_rows.Count, _rows[^1].Count);
                Add(new Piece("", next));
            }

            next++;
        }

        AddText(xml[from..to], isText);
    }

    private void AddText(ReadOnlySpan<byte> text, bool isText)
    {
        if (isText && text.Length > 0)
        {
            Add(new Piece(WebUtility.HtmlDecode(Encoding.UTF8.GetString(text)), -1));
        }
    }

    private void Add(Piece piece)
    {
        if (_rows.Count > 0 && _rows[^1].Count > 0)
        {
            _rows[^1][^1].Add(piece);
        }
    }
}
