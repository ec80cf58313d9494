using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ClinicFlow.Batch.Intake;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;
using ClinicFlow.Server.Templates;

namespace ClinicFlow.Server.Jobs;

/// <summary>How the rows of a file become documents: which column fills which field, what a document is called, whose it is.</summary>
internal sealed class ImportPlan(NewImport order, TextTemplate? name, string templateName, CultureInfo culture, DateTime jobTime)
{
    private readonly RenderOptions _options = new() { Culture = culture, JobTime = jobTime, MissingData = Documents.MissingData.Error };
    private readonly KeyValuePair<string, string>[] _columns = [.. order.Columns];
    private (FieldNames From, FieldNames To)? _names;

    /// <summary>The culture that the file is read in.</summary>
    public CultureInfo Culture => culture;

    /// <summary>The columns that are used for something else than a field of their name.</summary>
    public IEnumerable<string> UsedColumns => [.. order.Columns.Values, .. name?.Fields ?? [], .. new[] { order.PatientIdColumn, order.RequestIdColumn }.OfType<string>()];

    /// <summary>The columns that the job names and the file does not have.</summary>
    public List<ProblemItem> FindMissingColumns(IRecordReader reader)
    {
        // The records of JSON may differ: there it is said row by row.
        if (reader.Format is RecordFormat.Json or RecordFormat.Ndjson)
        {
            return [];
        }

        var known = reader.Columns.ToHashSet(FieldNameComparer.Instance);
        known.UnionWith(reader.Columns.Where(column => column.Contains('.', StringComparison.Ordinal)).Select(column => column.Split('.')[0]));
        var missing = new List<ProblemItem>();
        void Check(string? column, string path)
        {
            if (column is { Length: > 0 } && !known.Contains(column))
            {
                missing.Add(new ProblemItem("column-missing", $"{path} names the column {column}, which the file does not have.") { Path = path, Field = column, Advice = $"The columns are: {string.Join(", ", reader.Columns)}." });
            }
        }

        foreach (var (field, column) in _columns)
        {
            Check(column, $"columns.{field}");
        }

        Check(order.PatientIdColumn, "patientIdColumn");
        Check(order.RequestIdColumn, "requestIdColumn");
        var fields = order.Columns.Keys.ToHashSet(FieldNameComparer.Instance);
        foreach (var field in name?.Fields ?? [])
        {
            if (!fields.Contains(field))
            {
                Check(field, "documentName");
            }
        }

        return missing;
    }

    /// <summary>Makes a document of a row, or says what is wrong with it.</summary>
    public bool TryMake(RecordRead read, [NotNullWhen(true)] out BatchDocumentRequest? request, [NotNullWhen(false)] out ProblemItem? problem)
        => TryMake(read, out request, out _, out problem);

    /// <summary>Makes a document of a row, or says what is wrong with it; with the values of its merge fields.</summary>
    public bool TryMake(RecordRead read, [NotNullWhen(true)] out BatchDocumentRequest? request, [NotNullWhen(true)] out MergeObject? values, [NotNullWhen(false)] out ProblemItem? problem)
    {
        (request, values, problem) = (null, null, null);
        if (read is not RecordRead.Good { Record: var record })
        {
            problem = TemplatesApi.Of(((RecordRead.Bad)read).Problem);
            return false;
        }

        values = Rename(record.Values);
        var documentName = string.Create(CultureInfo.InvariantCulture, $"{templateName} {record.Row}");
        if (name is not null)
        {
            var problems = new List<Problem>();
            documentName = name.Render(new MergeRecord(values, record.Row), _options, problems).Trim();
            if (problems.Find(found => found.Severity == ProblemSeverity.Error) is { } wrong)
            {
                problem = TemplatesApi.Of(wrong) with { Row = record.Row, Path = "documentName" };
                return false;
            }
        }

        if (documentName.Length is 0 or > 500)
        {
            problem = new ProblemItem("name-invalid", "The document's name is empty or longer than 500 characters.") { Row = record.Row, Path = "documentName" };
            return false;
        }

        if (!TryText(record, order.PatientIdColumn, "patientIdColumn", out var patientId, out problem) || !TryText(record, order.RequestIdColumn, "requestIdColumn", out var requestId, out problem))
        {
            return false;
        }

        request = new BatchDocumentRequest { DocumentName = documentName, MergeDataJson = MergeObjectJson.Write(values), PatientId = patientId, RequestId = requestId };
        return true;
    }

    private static bool TryText(MergeRecord record, string? column, string path, out string? text, [NotNullWhen(false)] out ProblemItem? problem)
    {
        (text, problem) = (null, null);
        if (column is not { Length: > 0 })
        {
            return true;
        }

        if (record.Values.TryGet(column, out var value) && !value.IsEmpty)
        {
            text = value.Kind switch
            {
                MergeValueKind.Text => value.Text.Trim(),
                MergeValueKind.Number => value.Shown ?? value.Number.ToString(CultureInfo.InvariantCulture),
                MergeValueKind.Date => value.Shown ?? value.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                _ => null,
            };
        }

        if (text is { Length: > 0 and <= 200 })
        {
            return true;
        }

        problem = new ProblemItem("id-invalid", $"The column {column} is empty, or longer than 200 characters, or no text.") { Row = record.Row, Path = path, Field = column };
        return false;
    }

    /// <summary>Adds the fields that take a column of another name; such a field hides a column of its own name.</summary>
    private MergeObject Rename(MergeObject values)
    {
        if (_columns.Length == 0)
        {
            return values;
        }

        if (_names is not { } names || !ReferenceEquals(names.From, values.Names))
        {
            var fields = _columns.Select(pair => pair.Key).ToHashSet(FieldNameComparer.Instance);
            _names = names = (values.Names, new FieldNames([.. values.Names.All.Where(column => !fields.Contains(column)), .. _columns.Select(pair => pair.Key)]));
        }

        var renamed = new MergeValue[names.To.All.Count];
        for (var i = 0; i < renamed.Length; i++)
        {
            var column = i < renamed.Length - _columns.Length ? names.To.All[i] : _columns[i - (renamed.Length - _columns.Length)].Value;
            renamed[i] = values.TryGet(column, out var value) ? value : MergeValue.Null;
        }

        return new MergeObject(names.To, renamed);
    }
}
