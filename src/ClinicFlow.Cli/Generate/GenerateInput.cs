using System.Security.Cryptography;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Cli.Generate;

/// <summary>
/// The template, the data and the name of one run, looked at together before anything is written, so that a person
/// sees all that is wrong with them at once.
/// </summary>
internal sealed record GenerateInput
{
    // Counting reads the whole source once more: worth it for a bar that knows its end, not for gigabytes.
    private const long LargestToCountBytes = 16 << 20;

    /// <summary>The template.</summary>
    public required CompiledTemplate Template { get; init; }

    /// <summary>The name with its tags; null for the default.</summary>
    public required TextTemplate? Name { get; init; }

    /// <summary>SHA-256 of the template file.</summary>
    public required string TemplateHash { get; init; }

    /// <summary>SHA-256 of the data file.</summary>
    public required string DataHash { get; init; }

    /// <summary>How the data was understood, for a person to check.</summary>
    public required string DataDescription { get; init; }

    /// <summary>How many rows there are; null where they were not counted.</summary>
    public required long? RowCount { get; init; }

    /// <summary>The columns that nothing uses.</summary>
    public required IReadOnlyList<string> UnusedColumns { get; init; }

    /// <summary>Whether the source is JSON, whose records may nest.</summary>
    public required bool IsJson { get; init; }

    /// <summary>Reads and checks everything.</summary>
    /// <param name="settings">The run's settings.</param>
    /// <param name="problems">Receives errors and warnings.</param>
    /// <returns>The input; null where an error is among the problems.</returns>
    public static GenerateInput? Load(GenerateSettings settings, List<Problem> problems)
    {
        var template = TemplateFile.Compile(settings.TemplatePath, settings.Template, problems);
        var name = settings.Name is null ? null : TextTemplate.Parse(settings.Name, settings.Template);
        problems.AddRange(name?.Problems ?? []);
        if (template is not null)
        {
            CheckParameters(template, settings, problems);
        }

        string? dataHash = null;
        string? description = null;
        var isJson = false;
        long? count = null;
        IReadOnlyList<string> unused = [];
        try
        {
            using var reader = OpenData(settings);
            dataHash = HashOf(settings.DataPath);
            description = reader.Description;
            isJson = reader.Format is RecordFormat.Json or RecordFormat.Ndjson;
            var columns = reader.Columns.Where(column => !FailedRows.IsOwn(column)).ToList();
            unused = template is null || !template.CanRender ? [] : FindUnused(template, name, columns);
            if (!isJson)
            {
                CheckColumns(template, name, columns, settings, problems);
            }

            count = new FileInfo(settings.DataPath).Length > LargestToCountBytes ? null : reader.Read().LongCount();
        }
        catch (RecordSourceException e)
        {
            problems.Add(new Problem(e.Code, $"The data {Path.GetFileName(settings.DataPath)} cannot be used: {e.Message}") { Advice = e.Advice });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem("cannot-open", "The data file cannot be read.") { Advice = "Check that it is there and that it may be read." });
        }

        return template is null || dataHash is null || description is null || problems.Any(problem => problem.Severity == ProblemSeverity.Error) ? null
            : new GenerateInput
            {
                Template = template,
                Name = name,
                TemplateHash = HashOf(settings.TemplatePath),
                DataHash = dataHash,
                DataDescription = description,
                RowCount = count,
                UnusedColumns = unused,
                IsJson = isJson,
            };
    }

    /// <summary>Opens the data from its start.</summary>
    public static IRecordReader OpenData(GenerateSettings settings)
        => RecordSource.Open(settings.DataPath, new RecordSourceOptions { SheetName = settings.Sheet, Culture = settings.Culture });

    private static List<string> FindUnused(CompiledTemplate template, TextTemplate? name, List<string> columns)
    {
        var inName = (name?.Fields ?? []).ToHashSet(FieldNameComparer.Instance);
        return [.. template.FindUnusedColumns(columns).Where(column => !inName.Contains(column))];
    }

    private static void CheckParameters(CompiledTemplate template, GenerateSettings settings, List<Problem> problems)
    {
        var asked = template.Parameters.SelectMany(parameter => new[] { parameter.Name, parameter.Prompt }).ToHashSet(FieldNameComparer.Instance);
        problems.AddRange(settings.Parameters.Keys.Where(given => !asked.Contains(given)).Select(given
            => new Problem("parameter-unused", $"The template does not ask for the parameter {given}.")
            {
                Severity = ProblemSeverity.Warning,
                Advice = asked.Count == 0 ? "It asks for none." : $"It asks for: {string.Join(", ", template.Parameters.Select(parameter => parameter.Name))}.",
            }));
    }

    /// <summary>Says once, before the run, what every row would say: that a table has no such column.</summary>
    private static void CheckColumns(CompiledTemplate? template, TextTemplate? name, List<string> columns, GenerateSettings settings, List<Problem> problems)
    {
        var known = columns.ToHashSet(FieldNameComparer.Instance);

        // A column "address.city" makes the group "address" as well.
        known.UnionWith(columns.Where(column => column.Contains('.', StringComparison.Ordinal)).Select(column => column[..column.IndexOf('.', StringComparison.Ordinal)]));
        var isFatal = settings.Missing == MissingData.Error;
        foreach (var field in (name?.Fields ?? []).Where(field => isFatal && !known.Contains(field)))
        {
            problems.Add(new Problem(ProblemCode.ValueMissing, $"The name of the documents uses {field}, and the data has no such column.")
            {
                Field = field,
                Advice = $"The columns are: {string.Join(", ", columns)}.",
            });
        }

        foreach (var field in template?.Fields ?? [])
        {
            if (isFatal && !field.IsOptional && !known.Contains(field.Name) && !known.Contains(field.Name.Split('.')[0]))
            {
                // Only a warning: the field may stand in a part that conditions leave out.
                problems.Add(new Problem(ProblemCode.ValueMissing, $"The template uses {field.Name}, and the data has no such column.")
                {
                    Severity = ProblemSeverity.Warning,
                    Field = field.Name,
                    Place = field.Places.Count > 0 ? field.Places[0] : Place.Nowhere,
                    Advice = "Documents that need it will fail. Add the column, correct the name, or use --missing blank.",
                });
            }
        }
    }

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
