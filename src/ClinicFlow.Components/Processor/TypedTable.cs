using System.Text;

namespace ClinicFlow.Components.Processor;

/// <summary>A row of a table that is typed.</summary>
/// <param name="Id">Stays with the row, wherever it moves.</param>
/// <param name="Cells">One for each column.</param>
public sealed record TypedRow(int Id, List<string> Cells)
{
    /// <summary>Whether nothing stands in it.</summary>
    public bool IsBlank => Cells.TrueForAll(string.IsNullOrWhiteSpace);
}

/// <summary>A table of patients that is typed or pasted: it becomes a CSV file, so that it goes the same way as a file that was given.</summary>
public sealed class TypedTable
{
    /// <summary>More rows than this belong in a file.</summary>
    public const int MaxRows = 2_000;

    private const int MaxColumns = 200;

    /// <summary>The columns' names.</summary>
    public List<string> Columns { get; } = [];

    /// <summary>The rows.</summary>
    public List<TypedRow> Rows { get; } = [];

    /// <summary>Whether there is nothing yet.</summary>
    public bool IsEmpty => Rows.TrueForAll(row => row.IsBlank);

    /// <summary>Takes the fields of a template as columns, as long as nothing is typed. What is typed stays.</summary>
    public void Offer(IEnumerable<string> fields)
    {
        if (IsEmpty)
        {
            Columns.Clear();
            Columns.AddRange(fields.Take(MaxColumns));
            Rows.Clear();
            AddRows(3);
        }
    }

    /// <summary>The id of the row that was added last; also of one that is not there any more.</summary>
    public int LastId { get; private set; }

    /// <summary>Takes a table up again.</summary>
    public void Load(IEnumerable<string> columns, IEnumerable<TypedRow> rows, int lastId)
    {
        Columns.AddRange(columns);
        Rows.AddRange(rows.Where(row => row.Cells.Count == Columns.Count));
        LastId = Math.Max(lastId, Rows.Select(row => row.Id).DefaultIfEmpty().Max());
    }

    /// <summary>Adds the rows that somebody typed in before they were kept, up to an id.</summary>
    public void AddRowsUpTo(int id)
    {
        if (id > LastId && id - LastId <= MaxRows - Rows.Count)
        {
            AddRows(id - LastId);
        }
    }

    /// <summary>Adds empty rows.</summary>
    public void AddRows(int count)
    {
        for (var i = 0; i < count && Rows.Count < MaxRows; i++)
        {
            Rows.Add(new TypedRow(++LastId, [.. Columns.Select(_ => "")]));
        }
    }

    /// <summary>Removes a row.</summary>
    public void Remove(int id) => Rows.RemoveAll(row => row.Id == id);

    /// <summary>Changes a cell; what is not there any more is passed over.</summary>
    /// <returns>Whether something else stands there now.</returns>
    public bool Set(int id, int column, string text)
    {
        if (Rows.Find(row => row.Id == id) is not { } found || column < 0 || column >= found.Cells.Count || found.Cells[column] == text)
        {
            return false;
        }

        found.Cells[column] = text;
        return true;
    }

    /// <summary>
    /// Puts pasted cells into the table from a cell on, and makes room for them. Into an empty table its first row goes as
    /// the columns' names where it looks like them.
    /// </summary>
    /// <returns>How many rows there was no room for.</returns>
    public int Paste(IReadOnlyList<string[]> pasted, int rowId, int column)
    {
        if (pasted.Count == 0)
        {
            return 0;
        }

        var first = 0;
        if (IsEmpty && LooksLikeHeader(pasted[0]))
        {
            Columns.Clear();
            foreach (var name in pasted[0].Take(MaxColumns))
            {
                Columns.Add(FreeName(name.Trim()));
            }

            Rows.Clear();
            (first, column) = (1, 0);
        }

        var at = Math.Max(0, Rows.FindIndex(row => row.Id == rowId));
        var width = Math.Min(MaxColumns, column + pasted.Skip(first).Select(row => row.Length).DefaultIfEmpty().Max());
        while (Columns.Count < width)
        {
            Columns.Add(FreeName(""));
            Rows.ForEach(row => row.Cells.Add(""));
        }

        AddRows(at + pasted.Count - first - Rows.Count);
        for (var i = first; i < pasted.Count && at + i - first < Rows.Count; i++)
        {
            for (var j = 0; j < pasted[i].Length && column + j < width; j++)
            {
                Rows[at + i - first].Cells[column + j] = pasted[i][j];
            }
        }

        return Math.Max(0, at + pasted.Count - first - Rows.Count);
    }

    /// <summary>The number of each row that is not blank in the file that the table becomes, by the row's id: as in Excel, the columns' names are row 1.</summary>
    public IReadOnlyDictionary<int, long> NumberRows()
    {
        var numbers = new Dictionary<int, long>();
        var line = 2L + Columns.Sum(LineEnds);
        foreach (var row in Rows.Where(row => !row.IsBlank))
        {
            numbers[row.Id] = line;
            line += 1 + row.Cells.Sum(LineEnds);
        }

        return numbers;
    }

    /// <summary>The table as a CSV file (RFC 4180): UTF-8, commas, blank rows left out.</summary>
    public byte[] ToCsv()
    {
        var csv = new StringBuilder();
        Write(csv, Columns);
        foreach (var row in Rows.Where(row => !row.IsBlank))
        {
            Write(csv, row.Cells);
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    private static void Write(StringBuilder csv, List<string> cells)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            csv.Append(i == 0 ? "" : ",").Append('"').Append(cells[i].ReplaceLineEndings("\n").Trim().Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        csv.Append('\n');
    }

    private static int LineEnds(string cell) => cell.ReplaceLineEndings("\n").Trim().Count(c => c == '\n');

    /// <summary>A row of names: short, all different, no numbers or dates, and one of them at least a column that is wanted, or a word as names are.</summary>
    private bool LooksLikeHeader(string[] cells)
        => cells.Length > 0 && cells.All(cell => cell.Trim().Length is > 0 and <= 60 && !char.IsDigit(cell.Trim()[0]) && !cell.Contains('@', StringComparison.Ordinal) && !cell.Contains('\n', StringComparison.Ordinal))
            && cells.Distinct(StringComparer.OrdinalIgnoreCase).Count() == cells.Length
            && ColumnMatch.Find(Columns, cells).Any(match => match.Kind >= MatchKind.Likely);

    private string FreeName(string name)
    {
        var wanted = name.Length > 0 ? name : $"Column {Columns.Count + 1}";
        var free = wanted;
        for (var i = 2; Columns.Exists(column => ColumnMatch.IsSame(column, free)); i++)
        {
            free = $"{wanted} {i}";
        }

        return free;
    }
}
