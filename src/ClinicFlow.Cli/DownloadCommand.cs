using System.CommandLine;
using ClinicFlow.Cli.Output;
using ClinicFlow.Cli.Remote;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow download</c>: fetches what a job made.</summary>
internal static class DownloadCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var argument = new Argument<string>("JOB") { Description = "The job: its id, or 6 or more characters of its beginning or its end." };
        var place = new Option<string?>("--output", "-o") { Description = "The file, or a folder for it. Default: the server's name for it, in this folder.", HelpName = "PATH" };
        var merged = new Option<bool>("--merged") { Description = "All documents in one PDF to print, instead of the ZIP." };
        var document = new Option<string?>("--document") { Description = "One document, by its id in the job.", HelpName = "ID" };
        var format = new Option<OutputFormat?>("--format", "-f") { Description = "Which file of the document. Default: what it has.", HelpName = "pdf|docx" };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there already." };
        var command = new Command("download", "Fetch a job's documents as one ZIP, as one PDF, or one by one. Given again after it was cut off, it goes on where it was.") { argument, place, merged, document, format, force };
        new ServerOptions().Give(command, "download", async (session, parsed) =>
        {
            var (id, form) = (parsed.GetValue(document), parsed.GetValue(format));
            if (parsed.GetValue(merged) && id is not null)
            {
                throw new CommandProblemException(new Problem("usage", "--merged and --document do not go together."));
            }

            if (form is OutputFormat.Both || (form is not null && id is null))
            {
                throw new CommandProblemException(new Problem("usage", "--format is pdf or docx, and needs --document."));
            }

            var job = await JobLookup.FindAsync(session.Client, parsed.GetValue(argument)!, session.Asked);
            var (path, bytes) = await FileDownload.FetchAsync(
                session,
                (start, cancellation) => id is not null ? session.Client.Jobs.OpenDocumentAsync(job.Id, id, form, start, cancellation)
                    : parsed.GetValue(merged) ? session.Client.Jobs.OpenMergedAsync(job.Id, start, cancellation)
                    : session.Client.Jobs.OpenArchiveAsync(job.Id, start, cancellation),
                parsed.GetValue(place), parsed.GetValue(force));
            session.Output.Result($"{path} ({FileDownload.Size(bytes)})");
            session.Output.Json(new { Command = "download", ExitCode = ExitCodes.Done, JobId = job.Id, File = path, Bytes = bytes, Problems = Array.Empty<ProblemJson>() });
            return ExitCodes.Done;
        });
        return command;
    }
}
