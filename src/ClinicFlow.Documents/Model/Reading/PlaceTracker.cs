using System.Globalization;
using System.Text;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// Where the reader is, in what a person can count: paragraphs outside tables, tables, rows, cells; the same names that the
/// compile of templates gives. Text is only made when somebody asks.
/// </summary>
internal sealed class PlaceTracker(string part)
{
    private readonly List<Flow> _flows = [new()];
    private string _heading = "";

    /// <summary>What is known of a body, box or table that is open.</summary>
    private sealed class Flow
    {
        public int Paragraph;
        public int Table;
        public int Row;
        public int Column;
        public bool IsTable;
        public bool IsBox;
    }

    public Place Here()
    {
        var text = new StringBuilder();
        var isOpenCell = false;
        for (var i = 0; i < _flows.Count; i++)
        {
            var flow = _flows[i];
            if (flow.IsTable)
            {
                var number = i > 0 ? _flows[i - 1].Table : 1;
                text.Append(CultureInfo.InvariantCulture, $"{(text.Length > 0 ? ", " : "")}table {number}, row {flow.Row}, column {flow.Column}");
                isOpenCell = true;
                continue;
            }

            if (flow.IsBox)
            {
                text.Insert(0, "text box at ");
                isOpenCell = false;
            }

            // In a cell the cell is the place; its paragraphs are not counted.
            var isLast = i == _flows.Count - 1 || _flows[i + 1].IsBox;
            if (isLast && flow.Paragraph > 0 && !isOpenCell)
            {
                text.Append(CultureInfo.InvariantCulture, $"{(text.Length > 0 ? ", " : "")}paragraph {flow.Paragraph}");
            }
        }

        return new Place(part, text.ToString(), _heading);
    }

    public void NextParagraph() => _flows[^1].Paragraph++;

    public void SetHeading(string text) => _heading = text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 59), "…");

    public void EnterTable()
    {
        _flows[^1].Table++;
        _flows.Add(new Flow { IsTable = true });
    }

    public void NextRow()
    {
        _flows[^1].Row++;
        _flows[^1].Column = 0;
    }

    /// <summary>Into the next cell, whose blocks follow.</summary>
    public void EnterCell()
    {
        _flows[^1].Column++;
        _flows.Add(new Flow());
    }

    public void EnterBox() => _flows.Add(new Flow { IsBox = true });

    public void Leave() => _flows.RemoveAt(_flows.Count - 1);
}
