using System.CommandLine;
using System.Globalization;
using ClinicFlow.Batch;
using ClinicFlow.Batch.Audit;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Cli.Output;
using ClinicFlow.Cli.Remote;
using ClinicFlow.Client;
using ClinicFlow.Documents;
using ClinicFlow.Server.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace ClinicFlow.Cli;

/// <summary>
/// <c>clinicflow audit verify</c>: the log of a server, that of a data folder of this machine, or an export of it. An export
/// is checked by the key of the chain, from the data folder or a file, or else compared with the log of the server.
/// </summary>
internal static class AuditVerifyCommand
{
    private const string Name = "audit verify";
    private const int KeyBytes = 32;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var file = new Option<string?>("--file") { Description = "An export (NDJSON) to check, by --key-file or --data; else it is compared with the log of the server.", HelpName = "FILE" };
        var key = new Option<string?>("--key-file") { Description = "The key of the log, as clinicflow audit key writes it: checks --file without a server.", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "Check the log of a data folder of this machine, or --file by its key. Nothing in it is changed.", HelpName = "DIR" };
        var head = new Option<string?>("--head") { Description = "The hash of an entry that was written for certain, or the content of a copy of audit.head: shows that nothing before it was cut off.", HelpName = "HASH" };
        var command = new Command("verify", "Find the first entry that was changed, removed, moved or cut off. Exit code 1 where there is one.") { file, key, data, head };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var (filePath, keyPath, folder, known) = (parsed.GetValue(file), parsed.GetValue(key), parsed.GetValue(data), parsed.GetValue(head));
            var output = server.OutputOf(parsed);
            try
            {
                var entry = known is null ? null : KnownEntry.Parse(known) ?? throw Usage("--head is no hash.", "Give the 64 digits of an entry's hash, or what a copy of audit.head holds.");
                return (filePath, keyPath, folder) switch
                {
                    (null, not null, _) => throw Usage("--key-file needs --file.", "A log in a database is checked by --data, or by its server."),
                    (_, not null, not null) => throw Usage("--key-file and --data are both a key.", "Leave one of them out."),
                    (null, null, null) when entry is not null => throw Usage("--head needs --file or --data.", "The server knows how far its own log has come."),
                    (null, null, null) => await server.RunAsync(parsed, Name, VerifyServerAsync),
                    (null, _, _) => await VerifyFolderAsync(folder, entry, output, cancellation),
                    (_, null, null) => await server.RunAsync(parsed, Name, session => CompareAsync(session, filePath, entry)),
                    _ => await VerifyFileAsync(filePath, keyPath is null ? await KeyOfAsync(folder, cancellation) : ReadKey(keyPath), entry, output, cancellation),
                };
            }
            catch (CommandProblemException e)
            {
                return ServerOptions.End(output, Name, [e.Problem], e.ExitCode);
            }
        });
        return command;
    }

    /// <summary>The log of a data folder.</summary>
    /// <exception cref="CommandProblemException">There is none, or it cannot be read.</exception>
    public static async Task<LocalAudit> OpenAsync(string? folder, CancellationToken cancellation)
    {
        var config = WebApplication.CreateBuilder(ServeCommand.SettingsOf(null, folder, null, [])).Configuration.GetSection(BatchProcessingConfig.Section).Get<BatchProcessingConfig>() ?? new BatchProcessingConfig();
        try
        {
            return await LocalAudit.OpenAsync(config, cancellation);
        }
        catch (FileNotFoundException e)
        {
            throw new CommandProblemException(new Problem("audit-no-data", e.Message) { Advice = "Check --data." });
        }
        catch (EncryptionKeyMissingException e)
        {
            throw new CommandProblemException(new Problem("encryption-key-missing", e.Message) { Advice = "The folder keys/ belongs to the database; where BatchProcessing:EncryptionKey is set, set it here as well." });
        }
        catch (StorageException e)
        {
            throw new CommandProblemException(new Problem(e.Code, e.Message) { Advice = "Run this as an account that may read the data folder." }, ExitCodes.EnvironmentFailed);
        }
    }

    private static async Task<int> VerifyServerAsync(ServerSession session)
    {
        var verdict = await session.Client.Audit.VerifyAsync(session.Asked);
        return Answer(session.Output, verdict.Entries, verdict.FirstWrong, verdict.Message);
    }

    private static async Task<int> VerifyFolderAsync(string? folder, KnownEntry? known, CommandOutput output, CancellationToken cancellation)
    {
        await using var audit = await OpenAsync(folder, cancellation);
        var verdict = await audit.VerifyAsync(known, cancellation);
        return Answer(output, verdict.Entries, verdict.FirstWrong, verdict.Message);
    }

    private static async Task<byte[]> KeyOfAsync(string? folder, CancellationToken cancellation)
    {
        await using var audit = await OpenAsync(folder, cancellation);
        return audit.Key;
    }

    private static async Task<int> VerifyFileAsync(string path, byte[] key, KnownEntry? known, CommandOutput output, CancellationToken cancellation)
    {
        await using var file = OpenFile(path);
        return Answer(output, await AuditFile.VerifyAsync(file, key, known, cancellation), known, "as they were written");
    }

    private static async Task<int> CompareAsync(ServerSession session, string path, KnownEntry? known)
    {
        await using var file = OpenFile(path);
        var theirs = await session.Client.Audit.VerifyAsync(session.Asked);
        if (!theirs.IsIntact)
        {
            // What a log that is broken says of a file proves nothing.
            return Answer(session.Output, theirs.Entries, theirs.FirstWrong, "The log of the server: " + theirs.Message);
        }

        await using var log = await session.Client.Audit.ExportAsync(AuditFormat.Ndjson, session.Asked);
        return Answer(session.Output, await AuditFile.CompareAsync(file, log.Content, known, session.Asked), known, "as the server has them, whose log is intact");
    }

    /// <summary>Says what was found of a log.</summary>
    private static int Answer(CommandOutput output, long entries, long? firstWrong, string message)
    {
        var problems = ProblemsOf(output, firstWrong, message, "Keep the database and its backups as they are, and find out who could write to it.");
        output.Result(firstWrong is null ? $"The audit log is intact: {entries} entries." : $"The audit log is NOT intact from entry {firstWrong} on.");
        var exitCode = firstWrong is null ? ExitCodes.Done : ExitCodes.SomeFailed;
        output.Json(new { Command = Name, ExitCode = exitCode, IsIntact = firstWrong is null, Entries = entries, FirstWrong = firstWrong, Problems = ProblemJson.Of(problems) });
        return exitCode;
    }

    /// <summary>Says what was found of an export, and what the check cannot show.</summary>
    private static int Answer(CommandOutput output, AuditFileVerdict verdict, KnownEntry? known, string how)
    {
        var problems = ProblemsOf(output, verdict.FirstWrong, verdict.Message, "Compare the file with its other copies, and with the log of the server.");
        if (verdict.FirstWrong is { } wrong)
        {
            output.Result($"The export is NOT intact from entry {wrong} on.");
        }
        else
        {
            output.Result($"The export is intact: {verdict.Entries} entries, from the first on, are {how}.");
            output.Result(known is null
                ? string.Create(CultureInfo.InvariantCulture, $"Not shown: whether its end was cut off. Its last export is entry {verdict.LastExport!.Sequence}, of {verdict.LastExport.At:yyyy-MM-dd HH:mm:ss} UTC: a file that was made later has lost its end. --head shows more.")
                : "Nothing was cut off up to the entry of --head.");
        }

        var exitCode = verdict.FirstWrong is null ? ExitCodes.Done : ExitCodes.SomeFailed;
        output.Json(new
        {
            Command = Name,
            ExitCode = exitCode,
            IsIntact = verdict.FirstWrong is null,
            verdict.Entries,
            verdict.FirstWrong,
            LastExport = verdict.LastExport is { } export ? new { export.Sequence, export.At } : null,
            IsEndKnown = known is not null && verdict.FirstWrong is null,
            Problems = ProblemJson.Of(problems),
        });
        return exitCode;
    }

    private static Problem[] ProblemsOf(CommandOutput output, long? firstWrong, string message, string advice)
    {
        Problem[] problems = firstWrong is null ? [] : [new Problem("audit-broken", TerminalText.Clean(message)) { Advice = advice }];
        output.Problems(problems);
        return problems;
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandProblemException(new Problem("cannot-open", "The export cannot be read.") { Advice = "Check --file." });
        }
    }

    private static byte[] ReadKey(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var text = new char[(2 * KeyBytes) + 3];
            return Convert.FromHexString(new string(text, 0, reader.ReadBlock(text)).Trim()) is { Length: KeyBytes } key ? key : throw new FormatException();
        }
        catch (FormatException)
        {
            throw Usage("The file with the key holds none.", "Write it with clinicflow audit key.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandProblemException(new Problem("cannot-open", "The file with the key cannot be read.") { Advice = "Check --key-file." });
        }
    }

    private static CommandProblemException Usage(string message, string advice) => new(new Problem("usage", message) { Advice = advice });
}
