using ClinicFlow.Cli.Generate;
using ClinicFlow.Cli.Output;
using ClinicFlow.Client;
using ClinicFlow.Documents;
using Spectre.Console;

namespace ClinicFlow.Cli.Remote;

/// <summary>
/// Fetches a file into a folder. What has come lies beside its place as NAME.part, with the file's tag in NAME.part.tag:
/// a download that was cut off goes on from there, as long as the file is the same one.
/// </summary>
internal static class FileDownload
{
    /// <summary>Fetches a file.</summary>
    /// <param name="session">The server, and where to speak.</param>
    /// <param name="open">Opens the download, from where an earlier one was.</param>
    /// <param name="place">Where to: a folder, or a file; the folder the command is in where null.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    /// <returns>The whole path of the file, and its length.</returns>
    /// <exception cref="CommandProblemException">The file is there already, or the disk failed.</exception>
    public static async Task<(string Path, long Bytes)> FetchAsync(ServerSession session, Func<DownloadStart?, CancellationToken, Task<Download>> open, string? place, bool force)
    {
        try
        {
            var isFolder = place is null || Directory.Exists(place) || Path.EndsInDirectorySeparator(place);
            var named = isFolder ? null : Path.GetFullPath(place!);
            if (named is not null)
            {
                ThrowIfThere(named, force);
            }

            // The name is known once the server has answered; what is there of an earlier download then decides whether to ask again, for the rest.
            var download = await open(named is null ? null : StartOf(named), session.Asked);
            try
            {
                var target = named ?? Path.Combine(Path.GetFullPath(place ?? "."), DocumentNames.MakeSafe(download.FileName, "download"));
                ThrowIfThere(target, force);
                if (named is null && StartOf(target) is { } start && start.ETag == download.ETag)
                {
                    await download.DisposeAsync();
                    download = await open(start, session.Asked);
                }

                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                var bytes = await WriteAsync(session, download, target);
                File.Move(PartOf(target), target, overwrite: force);
                File.Delete(TagOf(target));
                return (target, bytes);
            }
            finally
            {
                await download.DisposeAsync();
            }
        }
        catch (InvalidDataException e)
        {
            throw new CommandProblemException(new Problem("file-changed", e.Message), ExitCodes.EnvironmentFailed);
        }
        catch (IOException e) when (e.InnerException is HttpRequestException or IOException or ClinicFlowApiException)
        {
            throw new CommandProblemException(new Problem("download-broken", "The connection broke for good before the file was whole.") { Advice = "Give the same command again: it goes on where it was." }, ExitCodes.EnvironmentFailed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandProblemException(new Problem("cannot-write", $"The file cannot be written ({e.GetType().Name}).") { Advice = "Check that the folder may be written and that the disk has room." }, ExitCodes.EnvironmentFailed);
        }
    }

    private static async Task<long> WriteAsync(ServerSession session, Download download, string target)
    {
        await using var part = new FileStream(PartOf(target), download.Offset > 0 ? FileMode.Open : FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        part.Seek(download.Offset, SeekOrigin.Begin);
        part.SetLength(download.Offset);
        File.Delete(TagOf(target));
        if (download.ETag is { } tag)
        {
            await File.WriteAllTextAsync(TagOf(target), tag, session.Asked);
        }

        if (download.Offset > 0)
        {
            session.Output.Note($"Going on after {Size(download.Offset)}.");
        }

        await ShowAsync(session.Output, Path.GetFileName(target), download, part, session.Asked);
        await part.FlushAsync(session.Asked);
        if (download.Length is { } length && part.Length != length)
        {
            throw new IOException("cut off", new IOException());
        }

        return part.Length;
    }

    private static async Task ShowAsync(CommandOutput output, string name, Download download, FileStream part, CancellationToken asked)
    {
        if (!output.IsTerminal || !output.ShowsProgress)
        {
            await CopyAsync(download.Content, part, _ => { }, asked);
            return;
        }

        await output.Terminal.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(name), maxValue: Math.Max(1, download.Length ?? 1));
                bar.IsIndeterminate = download.Length is null;
                bar.Value = download.Offset;
                await CopyAsync(download.Content, part, count => bar.Increment(count), asked);
            });
    }

    private static async Task CopyAsync(Stream from, FileStream to, Action<int> count, CancellationToken asked)
    {
        var buffer = new byte[1 << 17];
        for (int read; (read = await from.ReadAsync(buffer, asked)) > 0;)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), asked);
            count(read);
        }
    }

    private static DownloadStart? StartOf(string target)
        => File.Exists(PartOf(target)) && File.Exists(TagOf(target)) && new FileInfo(PartOf(target)).Length is > 0 and var length ? new DownloadStart(length, File.ReadAllText(TagOf(target)).Trim()) : null;

    private static void ThrowIfThere(string target, bool force)
    {
        if (!force && File.Exists(target))
        {
            throw new CommandProblemException(new Problem("file-exists", $"{Path.GetFileName(target)} is there already.") { Advice = "Use --force to replace it, or another name with -o." });
        }
    }

    /// <summary>A length for people.</summary>
    public static string Size(long bytes) => bytes < 1 << 20 ? FormattableString.Invariant($"{bytes / 1024.0:0.0} KiB") : FormattableString.Invariant($"{bytes / (1024.0 * 1024):0.0} MiB");

    private static string PartOf(string target) => target + ".part";

    private static string TagOf(string target) => target + ".part.tag";
}
