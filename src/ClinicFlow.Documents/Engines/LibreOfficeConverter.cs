using System.Diagnostics;
using System.Threading.Channels;

namespace ClinicFlow.Documents.Engines;

/// <summary>
/// Makes PDFs with LibreOffice: a pool of processes without a window, each with a profile of its own, each given
/// several documents at a time. A process that hangs or dies is ended and replaced, and the document it was at is tried
/// once more; the others of its batch are not the worse for it.
/// </summary>
public sealed class LibreOfficeConverter : IPdfConverter
{
    private readonly LibreOfficeOptions _options;
    private readonly string _executable;
    private readonly EngineFolder _folder;
    private readonly Channel<Request> _queue = Channel.CreateUnbounded<Request>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _workers;
    private readonly Lazy<string> _name;
    private bool _isDisposed;

    private sealed class Request(PdfSource source, CancellationToken cancellation)
    {
        public PdfSource Source { get; } = source;

        public CancellationToken Cancellation { get; } = cancellation;

        public TaskCompletionSource<ReadOnlyMemory<byte>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Failures { get; set; }

        /// <summary>The run it was last given to. Written by a worker before it looks whether the request is still wanted.</summary>
        public volatile Run? Run;
    }

    private sealed class Run(List<Request> requests)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsUnwanted => requests.TrueForAll(request => request.Cancellation.IsCancellationRequested);

        /// <summary>Ends when its processes and files are gone.</summary>
        public Task Ended => _ended.Task;

        public void End() => _ended.TrySetResult();
    }

    /// <summary>Makes a converter; processes start when the first document comes.</summary>
    /// <param name="options">How LibreOffice is run; the defaults where null.</param>
    /// <exception cref="PdfConversionException">LibreOffice is not on this machine (<c>pdf-engine-missing</c>).</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of <paramref name="options"/> is below 1.</exception>
    public LibreOfficeConverter(LibreOfficeOptions? options = null)
    {
        _options = options ?? new LibreOfficeOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Processes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.BatchSize, 1, nameof(options));
        _executable = FindExecutable(_options.Executable) ?? throw new PdfConversionException("pdf-engine-missing",
            "LibreOffice is needed to make PDFs, and it is not on this machine. Install it (Debian, Ubuntu: apt-get install libreoffice-writer-nogui), or make DOCX only.", isTransient: false);
        _folder = new EngineFolder(_options.TemporaryFolder);
        _name = new Lazy<string>(ReadName);
        _workers = [.. Enumerable.Range(0, _options.Processes).Select(_ => Task.Run(WorkAsync))];
    }

    /// <inheritdoc/>
    public string EngineName => _name.Value;

    /// <summary>Finds LibreOffice.</summary>
    /// <param name="given">A path to use instead of looking; null to look.</param>
    /// <returns>Its path; null where it is not on this machine.</returns>
    public static string? FindExecutable(string? given = null)
    {
        if (given is not null)
        {
            return File.Exists(given) ? given : null;
        }

        string[] usual = OperatingSystem.IsWindows()
            ? [@"C:\Program Files\LibreOffice\program\soffice.com", @"C:\Program Files (x86)\LibreOffice\program\soffice.com"]
            : OperatingSystem.IsMacOS() ? ["/Applications/LibreOffice.app/Contents/MacOS/soffice"]
            : ["/usr/bin/soffice", "/usr/bin/libreoffice", "/usr/lib/libreoffice/program/soffice", "/opt/libreoffice/program/soffice"];
        return ProcessGroup.Find("soffice") ?? ProcessGroup.Find("libreoffice") ?? usual.FirstOrDefault(File.Exists);
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> ConvertAsync(PdfSource document, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        var request = new Request(document, cancellationToken);
        using var registration = cancellationToken.Register(() => request.Done.TrySetCanceled(cancellationToken));
        if (!_queue.Writer.TryWrite(request))
        {
            ObjectDisposedException.ThrowIf(true, this);
        }

        try
        {
            return await request.Done.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Where nobody else waits for the run it is being ended, and the caller shall find nothing of it.
            Interlocked.MemoryBarrier();
            if (request.Run is { IsUnwanted: true } run)
            {
                await run.Ended.ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>Ends all processes and removes all their files. Conversions that wait are cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _queue.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_queue.Reader.TryRead(out var waiting))
        {
            waiting.Done.TrySetCanceled();
        }

        _folder.Dispose();
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        string? profile = null;
        var batch = new List<Request>();
        while (await GatherAsync(batch).ConfigureAwait(false))
        {
            try
            {
                while (batch.Count > 0 && !_stop.IsCancellationRequested)
                {
                    profile ??= NewProfile();
                    if (!await ConvertAsync(batch, profile).ConfigureAwait(false))
                    {
                        // What a process that died has left in its profile is not trusted again.
                        EngineFolder.Remove(profile);
                        profile = null;
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
            {
                foreach (var request in batch)
                {
                    request.Done.TrySetException(new PdfConversionException("pdf-engine-crashed", $"LibreOffice could not be run for {request.Source.Name}: {e.Message}", isTransient: true, e));
                }
            }
            catch (Exception e)
            {
                // A mistake of ours, or no memory: the callers learn of it, and the worker lives on for others.
                foreach (var request in batch)
                {
                    request.Done.TrySetException(e);
                }
            }

            foreach (var request in batch)
            {
                request.Done.TrySetCanceled();
            }

            batch.Clear();
        }
    }

    private string NewProfile()
    {
        var profile = _folder.Create("profile");
        LibreOfficeProfile.Write(profile);
        return profile;
    }

    // Takes what waits, and waits a little for more: the other workers are given their share.
    private async Task<bool> GatherAsync(List<Request> batch)
    {
        try
        {
            if (!await _queue.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            {
                return false;
            }

            await Task.Delay(_options.BatchDelay, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        var share = Math.Clamp((_queue.Reader.Count + _options.Processes - 1) / _options.Processes, 1, _options.BatchSize);
        while (batch.Count < share && _queue.Reader.TryRead(out var request))
        {
            if (!request.Done.Task.IsCompleted)
            {
                batch.Add(request);
            }
        }

        return true;
    }

    // One run. Requests that are answered leave the batch; false where the process cannot be trusted any more.
    private async Task<bool> ConvertAsync(List<Request> batch, string profile)
    {
        batch.RemoveAll(request => request.Done.Task.IsCompleted);
        if (batch.Count == 0)
        {
            return true;
        }

        // A document that failed is tried again alone, so that it drags no other with it.
        var alone = batch.FindIndex(request => request.Failures > 0);
        List<Request> run = alone >= 0 && batch.TrueForAll(request => request.Failures > 0) ? [batch[alone]] : batch.FindAll(request => request.Failures == 0);
        var current = new Run(run);
        run.ForEach(request => request.Run = current);
        Interlocked.MemoryBarrier();
        try
        {
            var result = await RunAsync(run, profile).ConfigureAwait(false);
            Answer(run, result);
            return result.End == BatchEnd.Exited;
        }
        finally
        {
            current.End();
            batch.RemoveAll(request => request.Done.Task.IsCompleted);
        }
    }

    private async Task<BatchResult> RunAsync(List<Request> run, string profile)
    {
        using var unwanted = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var registrations = run.ConvertAll(request => request.Cancellation.Register(() =>
        {
            if (run.TrueForAll(other => other.Cancellation.IsCancellationRequested))
            {
                _ = unwanted.CancelAsync();
            }
        }));
        try
        {
            return await LibreOfficeBatch.RunAsync(_executable, _folder, profile, run.ConvertAll(request => request.Source.Docx), _options, unwanted.Token).ConfigureAwait(false);
        }
        finally
        {
            foreach (var registration in registrations)
            {
                await registration.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // LibreOffice takes documents in order, and names one only when it has loaded it. One that it passed over, and the
    // one behind the last that it made or named, may be the cause; to those further back it had not come.
    private void Answer(List<Request> run, BatchResult result)
    {
        var lastMade = run.Count - 1;
        while (lastMade >= 0 && result.Pdfs[lastMade] is null)
        {
            lastMade--;
        }

        var stoppedAt = Math.Max(lastMade + 1, result.Current);
        for (var i = 0; i < run.Count; i++)
        {
            if (result.Pdfs[i] is { } pdf)
            {
                run[i].Done.TrySetResult(pdf);
            }
            else if (result.End == BatchEnd.Exited || i <= stoppedAt)
            {
                Fail(run[i], result.End);
            }
        }
    }

    private void Fail(Request request, BatchEnd end)
    {
        if (++request.Failures < 2 && end != BatchEnd.Stopped)
        {
            return;
        }

        var name = request.Source.Name;
        request.Done.TrySetException(end switch
        {
            BatchEnd.TimedOut => new PdfConversionException("pdf-engine-timeout", $"LibreOffice took longer than {_options.DocumentTimeLimit.TotalSeconds:0} s for {name}, twice. Open the document in LibreOffice to see what it stumbles over.", isTransient: true),
            BatchEnd.Crashed => new PdfConversionException("pdf-engine-crashed", $"LibreOffice ended in the middle of {name}, twice. Open the document in LibreOffice to see what it stumbles over.", isTransient: true),
            BatchEnd.Stopped => new OperationCanceledException(),
            _ => new PdfConversionException("pdf-not-made", $"LibreOffice could not open {name} or make a PDF of it.", isTransient: false),
        });
    }

    private string ReadName()
    {
        try
        {
            // "LibreOffice 7.4.7.2 40(Build:2)"
            var start = ProcessGroup.Start(_executable);
            start.ArgumentList.Add("--version");
            start.ArgumentList.Add($"-env:UserInstallation={new Uri(_folder.Create("version")).AbsoluteUri}");
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var line = process.StandardOutput.ReadLine() ?? "";
            if (!process.WaitForExit(10_000))
            {
                ProcessGroup.Kill(process.Id);
            }

            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return words.Length >= 2 ? $"{words[0]} {words[1]}" : "LibreOffice";
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
        {
            return "LibreOffice";
        }
    }
}
