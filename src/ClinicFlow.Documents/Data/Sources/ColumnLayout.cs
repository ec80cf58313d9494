namespace ClinicFlow.Documents.Data;

/// <summary>
/// How the cells of a table's row become a record: <c>address.city</c> is put into the group <c>address</c>.
/// Where <c>address</c> is a column too, it stays one, and the other is found under its whole name.
/// Computed once a table; all its records share the names.
/// </summary>
public sealed class ColumnLayout
{
    private const int MaxNesting = 16;

    private readonly Group _root;
    private readonly bool _isGuarded;

    private ColumnLayout(string[] columns, Group root)
    {
        Columns = columns;
        _root = root;
        _isGuarded = columns.Any(column => column.StartsWith(SpreadsheetCell.OwnColumnPrefix, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The names in their order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>
    /// Makes the layout of a header row. A name that is empty becomes <c>column 5</c>, counted from <paramref name="firstNumber"/>;
    /// one with the apostrophe of <see cref="SpreadsheetCell"/> is taken without it.
    /// </summary>
    /// <exception cref="RecordSourceException">Two columns have the same name, or there are too many.</exception>
    public static ColumnLayout Of(IReadOnlyList<string> header, int firstNumber = 1)
    {
        if (header.Count > RecordLimits.MaxColumns)
        {
            throw new RecordSourceException("too-many-columns", $"There are {header.Count} columns; {RecordLimits.MaxColumns} can be read.", "Check that the separator is right and that the first row holds the names of the columns.");
        }

        var columns = new string[header.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            var name = SpreadsheetCell.Unguard(header[i].Trim());
            if (name.Length > RecordLimits.MaxColumnName || name.Contains('\0'))
            {
                throw new RecordSourceException("no-header", $"Column {firstNumber + i} has no name that can be used in the first row.", "The first row must hold the names of the columns.");
            }

            columns[i] = name.Length > 0 ? name : $"column {firstNumber + i}";
        }

        var duplicates = columns.GroupBy(name => name, FieldNameComparer.Instance).Where(same => same.Count() > 1).Select(same => $"\"{same.Key}\"").ToArray();
        if (duplicates.Length > 0)
        {
            var more = duplicates.Length > 20 ? $" and {duplicates.Length - 20} more" : "";
            throw new RecordSourceException("duplicate-columns", $"More than one column has the name {string.Join(", ", duplicates.Take(20))}{more}.", "Give every column a name of its own. Upper and lower case, space and underscore make no difference.");
        }

        return new ColumnLayout(columns, Group.Of(columns));
    }

    /// <summary>The text of a cell: in a file of ours that was written for people to mend, without what kept a spreadsheet from calculating it.</summary>
    internal string TextOf(string cell) => _isGuarded ? SpreadsheetCell.Unguard(cell) : cell;

    /// <summary>Makes a record of a row's values, one for each column.</summary>
    public MergeObject Arrange(ReadOnlySpan<MergeValue> cells) => _root.Arrange(cells);

    /// <summary>A group: each of its names is a column or a group again.</summary>
    private sealed class Group
    {
        private readonly List<string> _names = [];
        private readonly List<(int Column, Group? Inner)> _members = [];
        private readonly Dictionary<string, Group> _groups = new(FieldNameComparer.Instance);
        private FieldNames _shared = null!;

        public static Group Of(string[] columns)
        {
            var root = new Group();
            var whole = columns.ToHashSet(FieldNameComparer.Instance);
            for (var i = 0; i < columns.Length; i++)
            {
                var group = root;
                var path = PathOf(columns[i], whole);
                foreach (var name in path.AsSpan()[..^1])
                {
                    group = group.Inner(name);
                }

                group.Add(path[^1], (i, null));
            }

            root.Seal();
            return root;
        }

        public MergeObject Arrange(ReadOnlySpan<MergeValue> cells)
        {
            var values = new MergeValue[_members.Count];
            for (var i = 0; i < values.Length; i++)
            {
                var (column, inner) = _members[i];
                values[i] = inner is null ? Unfold(cells[column]) : MergeValue.From(inner.Arrange(cells));
            }

            return new MergeObject(_shared, values);
        }

        // A cell can hold a list, or a group, as JSON.
        private static MergeValue Unfold(MergeValue cell)
            => cell.Kind == MergeValueKind.Text && MergeObjectJson.TryParseCell(cell.Text, out var parsed) ? parsed : cell;

        private static string[] PathOf(string column, HashSet<string> whole)
        {
            var parts = column.Split('.');
            if (parts.Length > MaxNesting || parts.Any(string.IsNullOrWhiteSpace))
            {
                return [column];
            }

            for (var dot = column.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = column.IndexOf('.', dot + 1))
            {
                if (whole.Contains(column[..dot]))
                {
                    return [column];
                }
            }

            return parts;
        }

        private Group Inner(string name)
        {
            if (!_groups.TryGetValue(name, out var inner))
            {
                inner = new Group();
                _groups.Add(name, inner);
                Add(name, (-1, inner));
            }

            return inner;
        }

        private void Add(string name, (int Column, Group? Inner) member)
        {
            _names.Add(name);
            _members.Add(member);
        }

        private void Seal()
        {
            _shared = new FieldNames(_names);
            foreach (var inner in _groups.Values)
            {
                inner.Seal();
            }
        }
    }
}
