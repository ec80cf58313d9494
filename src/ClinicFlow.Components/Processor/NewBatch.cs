using System.Text.Json;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Components.Processor;

/// <summary>A batch that is put together: all that was chosen and typed, and what still keeps it from starting. The component shows it; the rules are here.</summary>
public sealed class NewBatch
{
    private const int MaxPasted = 50;

    private IReadOnlyList<string> _pasted = [];

    /// <summary>Names the batch, so that a start that is sent twice makes one job.</summary>
    public Guid Id { get; set; } = Guid.NewGuid();

    /// <summary>The template; null before one is chosen.</summary>
    public Template? Template { get; set; }

    /// <summary>The template of a draft that was taken up and could not be fetched yet; null for none.</summary>
    public Guid? AwaitedTemplateId { get; set; }

    /// <summary>What the template needs.</summary>
    public TemplateDetails? Details { get; set; }

    /// <summary>Whether the data is typed; otherwise it is a file.</summary>
    public bool IsTyped { get; set; }

    /// <summary>The file; null before one is given.</summary>
    public DataFile? File { get; set; }

    /// <summary>The sheets that the file shows, where it is a workbook; none before the server has looked at it.</summary>
    public IReadOnlyList<string> Sheets { get; private set; } = [];

    /// <summary>The sheet that somebody chose; empty for the first that is not empty.</summary>
    public string Sheet { get; private set; } = "";

    /// <summary>The sheet that is read; empty where that is not known.</summary>
    public string ReadSheet => Sheet.Length > 0 ? Sheet : Preview?.Sheet ?? "";

    /// <summary>What is typed.</summary>
    public TypedTable Table { get; private set; } = new();

    /// <summary>How many rows of what was pasted last there was no room for.</summary>
    public int RowsLeftOver { get; private set; }

    /// <summary>How the server understood the data; null before it did.</summary>
    public ImportPreview? Preview { get; set; }

    /// <summary>Which field takes which column; an empty column leaves the field empty.</summary>
    public Dictionary<string, string> Columns { get; private set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How sure each column is.</summary>
    public Dictionary<string, FieldMatch> Matches { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The rows that are left out.</summary>
    public SortedSet<long> LeaveOut { get; private set; } = [];

    /// <summary>What was mended, by row and column.</summary>
    public Dictionary<long, Dictionary<string, string>> Corrections { get; private set; } = [];

    /// <summary>The job's name; empty before somebody typed one.</summary>
    public string Name { get; set; } = "";

    /// <summary>What it is for.</summary>
    public string Description { get; set; } = "";

    /// <summary>What documents are called, with tags; empty for the template's name and the row.</summary>
    public string DocumentName { get; set; } = "";

    /// <summary>The column that says whose a document is; empty for none.</summary>
    public string PatientIdColumn { get; set; } = "";

    /// <summary>How urgent it is.</summary>
    public JobPriority Priority { get; set; } = JobPriority.Normal;

    /// <summary>How it is made.</summary>
    public JobSettings Settings { get; set; } = new();

    /// <summary>How many documents will be made, as far as it is known.</summary>
    public long Documents => Preview is null ? 0 : Math.Max(0, Preview.Rows - Preview.LeftOut);

    /// <summary>The name that the job gets.</summary>
    public string NameOrDefault => Name.Trim() is { Length: > 0 } given ? given : IsTyped || File is null ? Template?.Name ?? "" : $"{Template?.Name}: {Path.GetFileNameWithoutExtension(File.Name)}" is { Length: <= 200 } both ? both : Template?.Name ?? "";

    /// <summary>The data as a file; null where there is none.</summary>
    public DataFile? Data => IsTyped ? Table.IsEmpty ? null : DataFile.Of("typed.csv", Table.ToCsv()) : File;

    /// <summary>Starts anew with another template's fields, or other data: columns and mends belong to both.</summary>
    public void ForgetColumns()
    {
        Preview = null;
        Columns.Clear();
        Matches.Clear();
    }

    /// <summary>Another file: its sheets are not known yet.</summary>
    public void ForgetSheets() => (Sheets, Sheet) = ([], "");

    /// <summary>The server said which sheets the file has. A choice of one that is not there is none.</summary>
    public void TakeSheets(IReadOnlyList<string> sheets) => (Sheets, Sheet) = (sheets, sheets.Contains(Sheet, StringComparer.OrdinalIgnoreCase) ? Sheet : "");

    /// <summary>Another sheet of the file is other data.</summary>
    public void ChooseSheet(string sheet)
    {
        Sheet = sheet;
        ForgetRows();
        ForgetColumns();
    }

    /// <summary>Other data: what was said about the rows of the old is void.</summary>
    public void ForgetRows()
    {
        Preview = null;
        LeaveOut.Clear();
        Corrections.Clear();
    }

    /// <summary>Finds columns for the fields that have none yet. What somebody chose stays, as long as its column is there.</summary>
    /// <returns>Whether the order says something else now.</returns>
    public bool MatchColumns(IReadOnlyList<string> columns)
    {
        var before = ToOrder().Columns.Count;
        foreach (var field in Columns.Where(pair => pair.Value.Length > 0 && !columns.Contains(pair.Value, StringComparer.OrdinalIgnoreCase)).Select(pair => pair.Key).ToArray())
        {
            Columns.Remove(field);
        }

        var isChanged = false;
        var fields = Details?.Fields.Select(field => field.Name).ToArray() ?? [];
        foreach (var match in ColumnMatch.Find(fields, columns))
        {
            Matches[match.Field] = match;
            if (!Columns.ContainsKey(match.Field) && match is { Kind: >= MatchKind.Likely, Column: { } column })
            {
                Columns[match.Field] = column;
                isChanged |= !ColumnMatch.IsSame(match.Field, column);
            }
        }

        if (PatientIdColumn.Length > 0 && !columns.Contains(PatientIdColumn, StringComparer.OrdinalIgnoreCase))
        {
            PatientIdColumn = "";
            isChanged = true;
        }

        return isChanged || ToOrder().Columns.Count != before;
    }

    /// <summary>Mends a row; what stands there again as it was in the file is no correction.</summary>
    public void Mend(long row, IReadOnlyDictionary<string, string> cells)
    {
        if (cells.Count == 0)
        {
            Corrections.Remove(row);
        }
        else
        {
            Corrections[row] = new Dictionary<string, string>(cells, StringComparer.OrdinalIgnoreCase);
        }

        LeaveOut.Remove(row);
    }

    /// <summary>What the server is asked for.</summary>
    public NewImport ToOrder() => new()
    {
        Name = NameOrDefault is { Length: > 0 } name ? name : null,
        Description = Description.Trim(),
        TemplateId = Template?.Id ?? Guid.Empty,
        Priority = Priority,
        Settings = Settings with { NotificationEmail = Settings.NotifyOnCompletion ? Settings.NotificationEmail?.Trim() : null },
        DocumentName = DocumentName.Trim() is { Length: > 0 } tags ? tags : null,
        PatientIdColumn = PatientIdColumn.Length > 0 ? PatientIdColumn : null,
        Columns = Columns.Where(pair => !ColumnMatch.IsSame(pair.Key, pair.Value)).ToDictionary(pair => pair.Key, pair => pair.Value),
        Source = IsTyped ? new ImportSource { Format = "csv", Separator = ",", Encoding = "utf-8" } : new ImportSource { Sheet = Sheet.Length > 0 ? Sheet : null },
        LeaveOut = [.. LeaveOut],
        Corrections = Corrections.ToDictionary(row => row.Key, IReadOnlyDictionary<string, string> (row) => row.Value),
    };

    /// <summary>What still keeps the batch from starting, as things to do; empty where nothing does.</summary>
    public IReadOnlyList<string> FindHindrances()
    {
        var todo = new List<string>();
        if (Template is null)
        {
            todo.Add("Choose a template.");
        }
        else if (Details is { CanRender: false })
        {
            todo.Add("Choose a template without errors.");
        }

        if (IsTyped ? Table.IsEmpty : File is null)
        {
            todo.Add(IsTyped ? "Type or paste at least one patient." : "Choose the file with the patients.");
        }
        else if (Preview is not null)
        {
            if (Preview.Problems.Any(problem => problem.Row is null && !problem.IsWarning))
            {
                todo.Add("Correct what is wrong with the columns.");
            }

            if (Preview.ProblemRows > 0)
            {
                todo.Add(Preview.ProblemRows == 1 ? "Mend one row, or leave it out." : $"Mend {Preview.ProblemRows} rows, or leave them out.");
            }

            if (Preview.MissingFields.Count > 0 && Settings.MissingData == MissingData.Error)
            {
                todo.Add($"Choose a column for {string.Join(", ", Preview.MissingFields)}, or leave it empty.");
            }

            if (Documents == 0)
            {
                todo.Add(Preview.Rows == 0 ? "The table has no rows." : "Every row is left out: keep at least one.");
            }
        }

        if (Name.Trim().Length > 200)
        {
            todo.Add("Shorten the name to 200 characters.");
        }

        if (Settings.NotifyOnCompletion && !IsEmail(Settings.NotificationEmail))
        {
            todo.Add("Enter the e-mail address to write to.");
        }

        return todo;
    }

    /// <summary>What a browser keeps of it. The file itself is kept beside.</summary>
    public string ToDraft() => JsonSerializer.Serialize(new Draft(
        Id, Template?.Id ?? AwaitedTemplateId, IsTyped, File?.Name, [.. Table.Columns], [.. Table.Rows.Select(row => new DraftRow(row.Id, [.. row.Cells]))], Columns, [.. LeaveOut], Corrections,
        Name, Description, DocumentName, PatientIdColumn, Priority, Settings, [.. _pasted], Table.LastId, Sheet), Wire.Json);

    /// <summary>Whether there is anything in it that somebody would miss.</summary>
    public bool IsWorthKeeping => Template is not null || AwaitedTemplateId is not null || File is not null || !Table.IsEmpty || Name.Length > 0 || Description.Length > 0;

    /// <summary>Takes a draft up again, with what was typed in fields since it was kept; template and file are fetched by the caller.</summary>
    /// <returns>Which template and file it was about; null where the draft cannot be read, as one of another version.</returns>
    public (Guid? TemplateId, string? FileName)? TakeUp(string json, IEnumerable<(string Name, string Text)> typed)
    {
        Draft draft;
        try
        {
            draft = JsonSerializer.Deserialize<Draft>(json, Wire.Json) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            return null;
        }

        (Id, IsTyped, Name, Description, DocumentName, PatientIdColumn, Priority, Settings) = (draft.Id, draft.IsTyped, draft.Name, draft.Description, draft.DocumentName, draft.PatientIdColumn, draft.Priority, draft.Settings);
        Columns = new Dictionary<string, string>(draft.ColumnOf, StringComparer.OrdinalIgnoreCase);
        LeaveOut = [.. draft.LeaveOut];
        Corrections = new Dictionary<long, Dictionary<string, string>>(draft.Corrections);
        Table = new TypedTable();
        _pasted = [.. draft.Pasted];
        (Sheets, Sheet) = ([], draft.Sheet);
        AwaitedTemplateId = draft.TemplateId;
        Table.Load(draft.Columns, draft.Rows.Select(row => new TypedRow(row.Id, [.. row.Cells])), draft.LastRowId);
        foreach (var (name, text) in typed)
        {
            // A row that was added a moment before may not be in the draft yet.
            if (name.Split(':') is ["cell", var id, _] && int.TryParse(id, out var row))
            {
                Table.AddRowsUpTo(row);
            }

            _ = Type(name, text);
        }

        return (draft.TemplateId, draft.FileName);
    }

    /// <summary>
    /// Takes what was typed in a field, by its name in the page, or a table that was pasted (<c>paste:ID:ROW:COLUMN</c>).
    /// The same paste may be told twice over a bad connection, and is taken once.
    /// </summary>
    public TypedChange Type(string name, string text)
    {
        switch (name.Split(':'))
        {
            case ["name"]:
                return Change(Name != text, () => Name = text, TypedChange.Words);
            case ["description"]:
                return Change(Description != text, () => Description = text, TypedChange.Words);
            case ["document-name"]:
                return Change(DocumentName != text, () => DocumentName = text, TypedChange.Documents);
            case ["email"]:
                return Change((Settings.NotificationEmail ?? "") != text, () => Settings = Settings with { NotificationEmail = text }, TypedChange.Words);
            case ["cell", var id, var column] when int.TryParse(id, out var row) && int.TryParse(column, out var at):
                return Table.Set(row, at, text) ? TypedChange.Documents : TypedChange.None;
            case ["paste", var paste, var id, var column] when int.TryParse(id, out var row) && int.TryParse(column, out var at) && !_pasted.Contains(paste):
                _pasted = [.. _pasted.TakeLast(MaxPasted - 1), paste];
                RowsLeftOver = Table.Paste(PastedTable.Read(text), row, at);
                return TypedChange.Documents;
            default:
                return TypedChange.None;
        }
    }

    private static TypedChange Change(bool isOne, Action make, TypedChange kind)
    {
        if (!isOne)
        {
            return TypedChange.None;
        }

        make();
        return kind;
    }

    private static bool IsEmail(string? text) => text?.Trim() is { Length: > 2 } address && address.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < address.Length - 1 && !address.Contains(' ', StringComparison.Ordinal);

    private sealed record DraftRow(int Id, IReadOnlyList<string> Cells);

    private sealed record Draft(
        Guid Id, Guid? TemplateId, bool IsTyped, string? FileName, IReadOnlyList<string> Columns, IReadOnlyList<DraftRow> Rows, Dictionary<string, string> ColumnOf, IReadOnlyList<long> LeaveOut,
        Dictionary<long, Dictionary<string, string>> Corrections, string Name, string Description, string DocumentName, string PatientIdColumn, JobPriority Priority, JobSettings Settings,
        IReadOnlyList<string> Pasted, int LastRowId, string Sheet);
}

/// <summary>What a thing that was typed changed.</summary>
public enum TypedChange
{
    /// <summary>Nothing: it was known.</summary>
    None,

    /// <summary>Something that makes no document another.</summary>
    Words,

    /// <summary>Something by which documents become others.</summary>
    Documents,
}
