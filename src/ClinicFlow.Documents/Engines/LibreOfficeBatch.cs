using System.Diagnostics;
using System.Globalization;

namespace ClinicFlow.Documents.Engines;

/// <summary>How a run of LibreOffice ended.</summary>
internal enum BatchEnd
{
    /// <summary>It ended by itself.</summary>
    Exited,

    /// <summary>It ended with an error, or died.</summary>
    Crashed,

    /// <summary>It took too long and was ended.</summary>
    TimedOut,

    /// <summary>There was no program to run, or it may not be run.</summary>
    NotStarted,

    /// <summary>Nobody wanted it any more, and it was ended.</summary>
    Stopped,
}

/// <summary>What a run gave.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Pdfs">The PDFs in the order of the documents; null for one that was not made.</param>
/// <param name="Current">The document it was at when it ended; -1 where it had not begun with one.</param>
internal sealed record BatchResult(BatchEnd End, IReadOnlyList<byte[]?> Pdfs, int Current);

/// <summary>One run of LibreOffice over some documents.</summary>
internal static class LibreOfficeBatch
{
    /// <summary>How long the last lines of an ended program may take to be read.</summary>
    private static readonly TimeSpan ExitGrace = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs it. Afterwards no process of it is left, and none of its files but the profile.</summary>
    /// <param name="executable">LibreOffice.</param>
    /// <param name="folder">Where to work.</param>
    /// <param name="profile">The profile; used by no other process.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="options">The time limits.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task<BatchResult> RunAsync(string executable, EngineFolder folder, string profile, IReadOnlyList<ReadOnlyMemory<byte>> documents, LibreOfficeOptions options, CancellationToken stop)
    {
        var work = folder.Create("batch");
        try
        {
            var output = Directory.CreateDirectory(Path.Combine(work, "out")).FullName;
            var start = ProcessGroup.Start(executable);
            foreach (var argument in new[] { "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard", $"-env:UserInstallation={LibreOfficeProfile.Url(profile)}", "--convert-to", "pdf:writer_pdf_Export", "--outdir", output })
            {
                start.ArgumentList.Add(argument);
            }

            for (var i = 0; i < documents.Count; i++)
            {
                var path = Path.Combine(work, string.Create(CultureInfo.InvariantCulture, $"{i}.docx"));
                await File.WriteAllBytesAsync(path, documents[i], stop).ConfigureAwait(false);
                start.ArgumentList.Add(path);
            }

            SetEnvironment(start, work);
            var (end, current) = await RunAsync(start, folder, options, stop).ConfigureAwait(false);
            var pdfs = new byte[]?[documents.Count];
            for (var i = 0; i < documents.Count; i++)
            {
                pdfs[i] = PdfFile.ReadWhole(Path.Combine(output, string.Create(CultureInfo.InvariantCulture, $"{i}.pdf")));
            }

            return new BatchResult(end, pdfs, current);
        }
        catch (OperationCanceledException)
        {
            return new BatchResult(BatchEnd.Stopped, new byte[]?[documents.Count], -1);
        }
        finally
        {
            EngineFolder.Remove(work);
            LibreOfficeProfile.RemoveSocket(profile);
        }
    }

    private static async Task<(BatchEnd End, int Current)> RunAsync(ProcessStartInfo start, EngineFolder folder, LibreOfficeOptions options, CancellationToken stop)
    {
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The process was not started.");
        var id = process.Id;
        folder.Note(id);
        process.StandardInput.Close();

        // When the program died, a process that it left may still hold the pipe open: then no end of the lines comes.
        using var exited = new CancellationTokenSource();
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => { try { exited.CancelAfter(ExitGrace); } catch (ObjectDisposedException) { } };
        var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        var current = -1;
        try
        {
            // It says "convert …" on a line when it begins with a document: as long as lines come, it is not stuck.
            while (true)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, exited.Token);
                limit.CancelAfter(current < 0 ? options.StartTimeLimit : options.DocumentTimeLimit);
                var line = await process.StandardOutput.ReadLineAsync(limit.Token).ConfigureAwait(false);
                if (line is null)
                {
                    break;
                }

                if (line.StartsWith("convert ", StringComparison.Ordinal))
                {
                    current = NumberOf(line) ?? current;
                }
            }

            using var exit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            exit.CancelAfter(options.DocumentTimeLimit);
            await process.WaitForExitAsync(exit.Token).ConfigureAwait(false);
            return (process.ExitCode switch
            {
                0 => BatchEnd.Exited,

                // What setsid and the shell end with when they cannot start a program (POSIX, Shell Command Language 2.8.2).
                126 or 127 when current < 0 => BatchEnd.NotStarted,
                _ => BatchEnd.Crashed,
            }, current);
        }
        catch (OperationCanceledException)
        {
            return (stop.IsCancellationRequested ? BatchEnd.Stopped : exited.IsCancellationRequested ? BatchEnd.Crashed : BatchEnd.TimedOut, current);
        }
        finally
        {
            // Also where it ended by itself: a process that it started could live on.
            ProcessGroup.Kill(id);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            await ProcessGroup.WaitForEndAsync(id).ConfigureAwait(false);
            await errors.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            folder.Forget(id);
        }
    }

    // "convert /tmp/…/7.docx -> /tmp/…/out/7.pdf using filter : writer_pdf_Export"
    private static int? NumberOf(string line)
    {
        var end = line.IndexOf(".docx", StringComparison.Ordinal);
        var start = end < 0 ? -1 : line.LastIndexOfAny(['/', '\\'], end);
        return start >= 0 && int.TryParse(line.AsSpan(start + 1, end - start - 1), CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static void SetEnvironment(ProcessStartInfo start, string work)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // Nothing of the caller's environment reaches a program that reads files of strangers.
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["HOME"] = work;
        start.Environment["TMPDIR"] = work;
        start.Environment["SAL_USE_VCLPLUGIN"] = "svp";
    }
}
