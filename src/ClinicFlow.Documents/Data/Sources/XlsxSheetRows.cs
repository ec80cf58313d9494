using System.Globalization;
using System.Xml;

namespace ClinicFlow.Documents.Data;

/// <summary>A cell of a row that holds something.</summary>
/// <param name="Column">Its column, from 0.</param>
/// <param name="Value">Its value; nothing for an error.</param>
/// <param name="Text">What it shows.</param>
/// <param name="IsError">Whether it shows an error such as <c>#N/A</c>, or cannot be read.</param>
internal readonly record struct SheetCell(int Column, MergeValue Value, string Text, bool IsError);

/// <summary>Reads the rows of one sheet that hold something, from the XML as it comes (ECMA-376 Part 1 §18.3.1).</summary>
internal sealed class XlsxSheetRows : IDisposable
{
    private readonly XlsxWorkbook _workbook;
    private readonly XmlReader _xml;
    private readonly CountedStream _stream;
    private readonly List<SheetCell> _cells = [];

    public XlsxSheetRows(XlsxWorkbook workbook, XlsxWorkbook.Sheet sheet)
    {
        _workbook = workbook;
        _xml = workbook.OpenPart(sheet.Part, RecordLimits.MaxXlsxInflatedBytes, out _stream);
    }

    /// <summary>The row that was read last, from 1.</summary>
    public int Row { get; private set; }

    /// <summary>The cells of that row that hold something, by column. Good until the next row is read.</summary>
    public IReadOnlyList<SheetCell> Cells => _cells;

    public long LengthBytes => _stream.Length;

    public long PositionBytes => _stream.Position;

    /// <summary>Reads the next row that holds something.</summary>
    public bool Read()
    {
        while (_xml.Read())
        {
            if (_xml is { NodeType: XmlNodeType.EndElement, LocalName: "sheetData" })
            {
                return false;
            }

            if (_xml is { NodeType: XmlNodeType.Element, LocalName: "row" })
            {
                var row = Row + 1;
                if (_xml.GetAttribute("r") is { } number && (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out row) || row <= Row))
                {
                    throw XlsxWorkbook.Damaged($"the row after row {Row} has a wrong number");
                }

                if (row > RecordLimits.MaxSheetRows)
                {
                    throw XlsxWorkbook.Damaged($"it has more than {RecordLimits.MaxSheetRows} rows");
                }

                Row = row;
                ReadCells();
                if (_cells.Count > 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    public void Dispose() => _xml.Dispose();

    private void ReadCells()
    {
        _cells.Clear();
        if (_xml.IsEmptyElement)
        {
            return;
        }

        var depth = _xml.Depth;
        var column = -1;
        while (_xml.Read() && _xml.Depth > depth)
        {
            if (_xml.NodeType != XmlNodeType.Element || _xml.LocalName != "c")
            {
                continue;
            }

            var last = column;
            column = _xml.GetAttribute("r") is { } reference ? ColumnOf(reference) : column + 1;
            if (column <= last || column >= RecordLimits.MaxColumns)
            {
                throw XlsxWorkbook.Damaged($"a cell of row {Row} has a wrong address");
            }

            if (ReadCell(column) is { } cell)
            {
                _cells.Add(cell);
            }
        }
    }

    private SheetCell? ReadCell(int column)
    {
        var type = _xml.GetAttribute("t") ?? "n";
        _ = int.TryParse(_xml.GetAttribute("s"), NumberStyles.None, CultureInfo.InvariantCulture, out var style);
        string? stored = null;
        string? inline = null;
        if (!_xml.IsEmptyElement)
        {
            var depth = _xml.Depth;
            while (_xml.Read() && _xml.Depth > depth)
            {
                // The formula, beside them, is not needed: its last result is stored.
                if (_xml is { NodeType: XmlNodeType.Element, LocalName: "v" })
                {
                    stored = XlsxWorkbook.ReadText(_xml);
                }
                else if (_xml is { NodeType: XmlNodeType.Element, LocalName: "is" })
                {
                    inline = XlsxWorkbook.ReadString(_xml);
                }
            }
        }

        return (type, stored) switch
        {
            ("inlineStr", _) => Text(column, inline ?? stored ?? ""),
            (_, null) => null,
            ("e", _) => new SheetCell(column, default, stored, true),
            ("str", _) => Text(column, XlsxWorkbook.Unescape(stored)),
            ("s", _) => int.TryParse(stored, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var index) && index < _workbook.Strings.Count
                ? Text(column, _workbook.Strings[index])
                : Unreadable(column),
            ("b", _) => new SheetCell(column, MergeValue.From(stored is "1" or "true"), stored is "1" or "true" ? "TRUE" : "FALSE", false),
            ("d", _) => DateTime.TryParse(stored, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? Shown(column, MergeValue.From(date)) : Unreadable(column),
            ("n", _) => Number(column, stored, style),
            _ => Unreadable(column),
        };
    }

    private SheetCell? Number(int column, string stored, int style)
    {
        if (stored.Length == 0)
        {
            return null;
        }

        if (!double.TryParse(stored, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            return Unreadable(column);
        }

        var formats = _workbook.Formats;
        return Shown(column, formats[style < formats.Count ? style : 0].ValueOf(number));
    }

    private static SheetCell? Text(int column, string text) => text.Length == 0 ? null : new SheetCell(column, MergeValue.From(text), text, false);

    private static SheetCell Unreadable(int column) => new(column, default, "", true);

    private static SheetCell Shown(int column, MergeValue value) => new(
        column,
        value,
        value.Kind switch
        {
            MergeValueKind.Text => value.Text,
            MergeValueKind.Date => value.Shown ?? value.Date.ToString(value.Date.TimeOfDay == default ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            _ => value.Shown ?? value.Number.ToString(CultureInfo.InvariantCulture),
        },
        false);

    /// <summary>The column of an address such as <c>AB12</c>, from 0; -1 where it is none.</summary>
    private static int ColumnOf(string reference)
    {
        var column = 0;
        foreach (var c in reference)
        {
            if (!char.IsAsciiLetter(c) || column > RecordLimits.MaxColumns)
            {
                break;
            }

            column = (column * 26) + (char.ToUpperInvariant(c) - 'A' + 1);
        }

        return column - 1;
    }
}
