using System.CommandLine;
using ClinicFlow.Cli.Output;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;
using Spectre.Console;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow template check</c> and <c>clinicflow template fields</c>: what a template asks for, and what is wrong with it.</summary>
internal static class TemplateCommands
{
    /// <summary>Makes the command with its parts: those for files on this machine, and those for a server's templates.</summary>
    public static Command Create() => new("template", "Look at a template; upload, list and publish a server's templates.")
    {
        CreateCheck(), CreateFields(), RemoteTemplateCommands.CreateUpload(), RemoteTemplateCommands.CreateList(), RemoteTemplateCommands.CreatePublish(),
    };

    private static Command CreateCheck()
    {
        var template = new Argument<string>("TEMPLATE") { Description = "The Word template (.docx)." };
        var annotate = new Option<string?>("--annotate") { Description = "Also write a copy of the template with the problems as Word comments.", HelpName = "OUT.docx" };
        var delimiters = CommonOptions.Delimiters();
        var macros = CommonOptions.AllowMacros();
        var json = CommonOptions.Json();
        var command = new Command("check", "Show a template's fields and problems. Exit code 1 where it has problems, 2 where it is no template.") { template, annotate, delimiters, macros, json };
        command.SetAction(parsed => Check(
            parsed.GetValue(template)!, parsed.GetValue(annotate), parsed.GetValue(delimiters), parsed.GetValue(macros), new CommandOutput(parsed.GetValue(json))));
        return command;
    }

    private static Command CreateFields()
    {
        var template = new Argument<string>("TEMPLATE") { Description = "The Word template (.docx)." };
        var csv = new Option<bool>("--csv") { Description = "Write the header of a CSV file to start from." };
        var delimiters = CommonOptions.Delimiters();
        var macros = CommonOptions.AllowMacros();
        var json = CommonOptions.Json();
        var command = new Command("fields", "List the fields that a template asks for.") { template, csv, delimiters, macros, json };
        command.SetAction(parsed => Fields(
            parsed.GetValue(template)!, parsed.GetValue(csv), parsed.GetValue(delimiters), parsed.GetValue(macros), new CommandOutput(parsed.GetValue(json))));
        return command;
    }

    private static int Check(string path, string? annotated, string? delimiters, bool allowMacros, CommandOutput output)
    {
        var problems = new List<Problem>();
        var options = CommonOptions.ToTemplateOptions(delimiters, allowMacros, problems);
        var template = problems.Count > 0 ? null : TemplateFile.Compile(path, options, problems);
        var exitCode = template is null ? ExitCodes.BadInput : problems.Count > 0 ? ExitCodes.SomeFailed : ExitCodes.Done;
        if (template is not null && annotated is not null)
        {
            exitCode = Annotate(path, annotated, problems) ?? exitCode;
        }

        output.Problems(problems);
        if (template is not null && !output.IsJson)
        {
            ShowFields(template, output);
            output.Result(problems.Count == 0 ? "No problems." : $"{problems.Count} {(problems.Count == 1 ? "problem" : "problems")}.");
        }

        output.Json(new
        {
            Command = "template check",
            ExitCode = exitCode,
            CanRender = template?.CanRender ?? false,
            Fields = FieldsOf(template),
            Parameters = template?.Parameters ?? [],
            Problems = ProblemJson.Of(problems),
        });
        return exitCode;
    }

    private static int Fields(string path, bool csv, string? delimiters, bool allowMacros, CommandOutput output)
    {
        var problems = new List<Problem>();
        var options = CommonOptions.ToTemplateOptions(delimiters, allowMacros, problems);
        var template = problems.Count > 0 ? null : TemplateFile.Compile(path, options, problems);
        var exitCode = template is null ? ExitCodes.BadInput : ExitCodes.Done;
        if (template is null)
        {
            output.Problems(problems);
        }
        else if (csv && !output.IsJson)
        {
            WriteHeader(template, output);
        }
        else if (!output.IsJson)
        {
            ShowFields(template, output);
        }

        output.Json(new { Command = "template fields", ExitCode = exitCode, Fields = FieldsOf(template), Problems = ProblemJson.Of(problems) });
        return exitCode;
    }

    /// <summary>One line with the fields that a table can hold; lists, which it cannot, are named beside it.</summary>
    private static void WriteHeader(CompiledTemplate template, CommandOutput output)
    {
        var lists = template.Fields.Where(field => field.Type == FieldType.List).Select(field => field.Name).ToList();
        var columns = template.Fields.Select(field => field.Name).Where(name => !lists.Any(list => name == list || name.StartsWith(list + ".", StringComparison.OrdinalIgnoreCase))).Select(SpreadsheetCell.Guard);
        output.Result(string.Join(',', columns.Select(column => column.AsSpan().IndexOfAny(",;\"\t") < 0 ? column : $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));
        if (lists.Count > 0)
        {
            CommandOutput.Error($"A table cannot hold these lists; give JSON for them: {string.Join(", ", lists)}");
        }
    }

    private static void ShowFields(CompiledTemplate template, CommandOutput output)
    {
        if (output.IsTerminal)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("Field", "Kind", "First place");
            foreach (var field in template.Fields)
            {
                table.AddRow(Markup.Escape(field.Name), KindOf(field), Markup.Escape(PlaceOf(field)));
            }

            output.Terminal.Write(table);
            return;
        }

        foreach (var field in template.Fields)
        {
            output.Result($"{field.Name}\t{KindOf(field)}\t{PlaceOf(field)}");
        }
    }

    private static string KindOf(TemplateField field) => field.Type.ToString().ToLowerInvariant() + (field.IsOptional ? ", optional" : "");

    private static string PlaceOf(TemplateField field) => field.Places.Count == 0 ? "" : field.Places[0].ToString();

    private static IReadOnlyList<FieldJson> FieldsOf(CompiledTemplate? template)
        => [.. (template?.Fields ?? []).Select(field => new FieldJson(field.Name, field.Type, field.IsOptional, [.. field.Places.Select(place => place.ToString())]))];

    private static int? Annotate(string path, string annotated, List<Problem> problems)
    {
        try
        {
            if (Path.GetFullPath(path) == Path.GetFullPath(annotated))
            {
                problems.Add(new Problem("usage", "--annotate would overwrite the template.") { Advice = "Give another file." });
                return ExitCodes.BadInput;
            }

            TemplateAnnotations.Write(path, annotated, problems);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem("cannot-write", $"{Path.GetFileName(annotated)} cannot be written.") { Advice = "Check the folder, and that Word does not hold the file open." });
            return ExitCodes.EnvironmentFailed;
        }
    }

    private sealed record FieldJson(string Name, FieldType Type, bool IsOptional, IReadOnlyList<string> Places);
}
