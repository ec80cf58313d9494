using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Server.Jobs;

/// <summary>The rows of a file with what an order says about them: some are left out, some say something else than the file.</summary>
internal sealed class MendedRows
{
    private readonly IRecordReader _reader;
    private readonly HashSet<long> _leftOut;
    private readonly Dictionary<long, Dictionary<string, string>> _corrections;
    private readonly ColumnLayout? _layout;

    public MendedRows(IRecordReader reader, NewImport order)
    {
        _reader = reader;
        _leftOut = [.. order.LeaveOut];
        _corrections = order.Corrections.ToDictionary(row => row.Key, row => row.Value.DistinctBy(cell => cell.Key, FieldNameComparer.Instance).ToDictionary(cell => cell.Key, cell => cell.Value ?? "", FieldNameComparer.Instance));
        _layout = _corrections.Count > 0 ? ColumnLayout.Of(reader.Columns) : null;
    }

    /// <summary>What is wrong with an order's corrections; null where nothing is.</summary>
    public static ProblemItem? FindProblem(IRecordReader reader, NewImport order)
    {
        if (order.Corrections.Count == 0)
        {
            return null;
        }

        if (reader.Format is RecordFormat.Json or RecordFormat.Ndjson)
        {
            return new ProblemItem("invalid", "corrections are for CSV and Excel; correct a JSON file itself.") { Path = "corrections" };
        }

        if (order.Corrections.FirstOrDefault(row => row.Value is null) is { Key: > 0 and var empty })
        {
            return new ProblemItem("invalid", $"corrections of row {empty} name no column.") { Path = $"corrections.{empty}", Row = empty };
        }

        var known = reader.Columns.ToHashSet(FieldNameComparer.Instance);
        return order.Corrections.SelectMany(row => row.Value.Keys, (row, column) => (row.Key, Column: column)).FirstOrDefault(pair => !known.Contains(pair.Column)) is { Column: { } unknown, Key: var at }
            ? new ProblemItem("column-missing", $"corrections of row {at} name the column {unknown}, which the file does not have.") { Path = $"corrections.{at}", Field = unknown, Row = at } : null;
    }

    /// <summary>Reads every row.</summary>
    public IEnumerable<(RecordRead Read, bool IsLeftOut)> Read(CancellationToken cancellation)
    {
        foreach (var read in _reader.Read(cancellation))
        {
            var row = RowOf(read);
            yield return (_corrections.TryGetValue(row, out var cells) ? Correct(read, row, cells) : read, _leftOut.Contains(row));
        }
    }

    /// <summary>The number of a row.</summary>
    public static long RowOf(RecordRead read) => read switch
    {
        RecordRead.Good good => good.Record.Row,
        RecordRead.Bad bad => bad.Row,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What stands in a row, as far as it can be told.</summary>
    public static IReadOnlyList<string> CellsOf(RecordRead read) => read switch
    {
        RecordRead.Good good => good.Cells ?? [],
        RecordRead.Bad bad => bad.Cells ?? [],
        _ => [],
    };

    /// <summary>A row that was corrected can be read, even where it could not be before. What was not corrected keeps its kind, such as a date of a workbook.</summary>
    private RecordRead.Good Correct(RecordRead read, long row, Dictionary<string, string> corrections)
    {
        var columns = _layout!.Columns;
        var (values, cells) = (new MergeValue[columns.Count], new string[columns.Count]);
        var before = CellsOf(read);
        for (var i = 0; i < values.Length; i++)
        {
            var isCorrected = corrections.TryGetValue(columns[i], out var text);
            cells[i] = isCorrected ? text!.Trim() : i < before.Count ? before[i] : "";
            values[i] = !isCorrected && read is RecordRead.Good good ? Find(good.Record.Values, columns[i]) : cells[i].Length == 0 ? MergeValue.Null : MergeValue.From(cells[i]);
        }

        return new RecordRead.Good(new MergeRecord(_layout.Arrange(values), row), cells);
    }

    /// <summary>What a column became: a value of its own, or one in groups, as <see cref="ColumnLayout"/> puts it there.</summary>
    private static MergeValue Find(MergeObject values, string column)
    {
        if (values.TryGet(column, out var whole))
        {
            return whole;
        }

        foreach (var name in column.Split('.'))
        {
            if (!values.TryGet(name, out var value))
            {
                return MergeValue.Null;
            }

            if (value.Kind != MergeValueKind.Group)
            {
                return value;
            }

            values = value.Group;
        }

        return MergeValue.From(values);
    }
}
