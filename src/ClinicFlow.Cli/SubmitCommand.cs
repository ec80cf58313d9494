using System.CommandLine;
using System.Globalization;
using ClinicFlow.Cli.Output;
using ClinicFlow.Cli.Remote;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents;
using Contracts = ClinicFlow.Client.Contracts;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow submit</c>: a template and a list of records become a job of a server.</summary>
internal sealed class SubmitCommand
{
    private readonly Argument<string> _template = new("TEMPLATE") { Description = "A template of the server, by its name or id; or a Word file (.docx), which is uploaded and published unless the server has it." };
    private readonly Argument<string> _data = new("DATA") { Description = "The records: CSV, Excel (.xlsx), JSON or JSON lines. One document is made for each." };
    private readonly Option<string?> _name = new("--name") { Description = "The job's name. Default: that of the data file.", HelpName = "NAME" };
    private readonly Option<string?> _documentName = new("--document-name") { Description = "The documents' names, with tags. Default: the template's name and the row's number.", HelpName = "\"{{lastName}} consent\"" };
    private readonly Option<JobPriority> _priority = new("--priority") { Description = "How urgent it is.", HelpName = "low|normal|high|urgent", DefaultValueFactory = _ => JobPriority.Normal };
    private readonly Option<Contracts.OutputFormat> _format = new("--format", "-f") { Description = "What is made.", HelpName = "pdf|docx|both", DefaultValueFactory = _ => Contracts.OutputFormat.Pdf };
    private readonly Option<string?> _email = new("--email") { Description = "Where to write to when the job has ended.", HelpName = "ADDRESS" };
    private readonly Option<string?> _patientId = new("--patient-id") { Description = "The column that says whose a document is.", HelpName = "COLUMN" };
    private readonly Option<string[]> _columns = new("--column") { Description = "Which column a merge field takes, where their names differ; may be given several times.", HelpName = "FIELD=COLUMN" };
    private readonly Option<string?> _sheet = new("--sheet") { Description = "The sheet of a workbook. Default: the first that is not empty.", HelpName = "NAME" };
    private readonly Option<string?> _culture = new("--culture") { Description = "The language and country for numbers and dates. Default: the server's.", HelpName = "de-AT" };
    private readonly Option<Contracts.MissingData> _missing = new("--missing") { Description = "What a field that a record does not have becomes: the document fails, nothing, the tag itself, or its name highlighted.", HelpName = "error|blank|keep|highlight", DefaultValueFactory = _ => Contracts.MissingData.Error };
    private readonly Option<string?> _idempotencyKey = new("--idempotency-key") { Description = "Makes one job of the same command given twice, such as after a cut-off: at most 200 printable characters.", HelpName = "KEY" };
    private readonly Option<bool> _wait = new("--wait", "--watch") { Description = "Show how far the job is, until it has ended. Exit code 1 where a document failed." };
    private readonly Option<string?> _download = new("--download") { Description = "Wait, then fetch the ZIP into this folder.", HelpName = "DIR" };

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var options = new SubmitCommand();
        var command = new Command("submit", "Give the server a job: a document for every record.")
        {
            options._template, options._data, options._name, options._documentName, options._priority, options._format, options._email, options._patientId, options._columns,
            options._sheet, options._culture, options._missing, options._idempotencyKey, options._wait, options._download,
        };
        new ServerOptions().Give(command, "submit", options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ServerSession session, ParseResult parsed)
    {
        var (client, output) = (session.Client, session.Output);
        var columns = ToColumns(parsed.GetValue(_columns) ?? []);
        var data = parsed.GetValue(_data)!;
        await using var file = TemplateLookup.OpenFile(data, "data file");

        // The template comes first: a job needs its id, and what is wrong with it is known before the data travels.
        var named = parsed.GetValue(_template)!;
        var template = named.EndsWith(".docx", StringComparison.OrdinalIgnoreCase)
            ? await TemplateLookup.BringAsync(session, named, null, "", publish: true)
            : await TemplateLookup.FindAsync(session, named);
        var job = await client.Jobs.ImportAsync(ToOrder(parsed, template.Id, columns), file, Path.GetFileName(data), parsed.GetValue(_idempotencyKey), session.Asked);
        output.Note(string.Create(CultureInfo.InvariantCulture, $"Job {job.Id}: {TerminalText.Clean(job.Name)}, {job.Progress.Total} {(job.Progress.Total == 1 ? "document" : "documents")}, {job.Status.ToString().ToLowerInvariant()}."));

        var folder = parsed.GetValue(_download);
        if (!parsed.GetValue(_wait) && folder is null)
        {
            output.Result(job.Id.ToString());
            return End(output, job, ExitCodes.Done, null, []);
        }

        var board = new JobBoard();
        await WatchCommand.WatchAsync(session, [job], board);
        job = await client.Jobs.GetAsync(job.Id, session.Asked);
        var exitCode = JobBoard.IsGood(job.Progress) ? ExitCodes.Done : ExitCodes.SomeFailed;
        output.Result(board.Line(job.Progress));
        var problems = await ProblemsOfAsync(session, job);
        output.Problems(problems);
        string? zip = null;
        if (folder is not null && job.Downloads.Contains("archive"))
        {
            Directory.CreateDirectory(folder);
            (zip, _) = await FileDownload.FetchAsync(session, (start, cancellation) => client.Jobs.OpenArchiveAsync(job.Id, start, cancellation), folder, force: false);
            output.Result(zip);
        }

        return End(output, job, exitCode, zip, problems);
    }

    private static int End(CommandOutput output, Job job, int exitCode, string? zip, IReadOnlyList<Problem> problems)
    {
        output.Json(new { Command = "submit", ExitCode = exitCode, Job = job, Zip = zip, Problems = ProblemJson.Of(problems) });
        return exitCode;
    }

    /// <summary>Why the job failed, and why the first of its documents did, by their ids.</summary>
    private static async Task<IReadOnlyList<Problem>> ProblemsOfAsync(ServerSession session, Job job)
    {
        var problems = new List<Problem>();
        if (job.ErrorCode is { } code)
        {
            problems.Add(new Problem(code, TerminalText.Clean(job.ErrorMessage ?? "The job failed.")));
        }

        if (job.Progress.Failed > 0)
        {
            var failed = await session.Client.Jobs.DocumentsAsync(job.Id, DocumentState.Failed, count: 10, cancellation: session.Asked);
            problems.AddRange(failed.Items.Select(document => new Problem(document.ErrorCode ?? "failed", TerminalText.Clean($"{document.RequestId}: {document.ErrorMessage}"))));
        }

        return problems;
    }

    private NewImport ToOrder(ParseResult parsed, Guid template, Dictionary<string, string> columns) => new()
    {
        Name = parsed.GetValue(_name),
        TemplateId = template,
        Priority = parsed.GetValue(_priority),
        DocumentName = parsed.GetValue(_documentName),
        PatientIdColumn = parsed.GetValue(_patientId),
        Columns = columns,
        Source = new ImportSource { Sheet = parsed.GetValue(_sheet) },
        Settings = new JobSettings
        {
            OutputFormat = parsed.GetValue(_format),
            NotifyOnCompletion = parsed.GetValue(_email) is not null,
            NotificationEmail = parsed.GetValue(_email),
            Culture = parsed.GetValue(_culture),
            MissingData = parsed.GetValue(_missing),
        },
    };

    private static Dictionary<string, string> ToColumns(string[] given)
    {
        var columns = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in given)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || equals == text.Length - 1)
            {
                throw new CommandProblemException(new Problem("usage", "--column needs a field, an equals sign and a column.") { Advice = "For example --column \"lastName=Family name\"." });
            }

            if (!columns.TryAdd(text[..equals], text[(equals + 1)..]))
            {
                throw new CommandProblemException(new Problem("usage", $"--column {text[..equals]} is given twice."));
            }
        }

        return columns;
    }
}
