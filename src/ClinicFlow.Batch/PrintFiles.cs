using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Storage;

namespace ClinicFlow.Batch;

/// <summary>The print files of ended jobs: made once, when first asked for, and kept beside the archive.</summary>
internal sealed class PrintFiles(OutputFolder files, JobReader reader, IKeyRing keys, IKeyRing? outputKeys)
{
    // Those that are asked for now, by path. A turn stays for as long as anybody waits for it: no two ever make the same file.
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);

    /// <summary>Opens a job's print file, and makes it where it is not there. Null where the job made no PDF.</summary>
    /// <param name="job">The job, ended.</param>
    /// <param name="committed">Where its archive was committed last.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<Stream?> MakeAsync(BatchJob job, ArchiveMark committed, CancellationToken cancellation)
    {
        var path = files.PrintFileOf(job.Id, job.Epoch);
        var turn = Join(path);
        try
        {
            await turn.Free.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                return await MakeInTurnAsync(job, committed, path, cancellation).ConfigureAwait(false);
            }
            finally
            {
                turn.Free.Release();
            }
        }
        finally
        {
            Leave(path, turn);
        }
    }

    private async Task<Stream?> MakeInTurnAsync(BatchJob job, ArchiveMark committed, string path, CancellationToken cancellation)
    {
        if (ReadMark(path) is not { } mark)
        {
            var archive = new ArchiveReader(files.ArchiveOf(job.Id), committed, job.Id, keys);
            if (await MergedPdf.WriteAsync(archive, reader.ReadAllRequestsAsync(job.Id, RequestState.Succeeded, cancellation), path, job.Id, outputKeys, cancellation).ConfigureAwait(false) is not { } made)
            {
                return null;
            }

            mark = made.Mark;
            WriteMark(path, mark);
        }

        return MergedPdf.OpenRead(path, mark, job.Id, keys);
    }

    private Turn Join(string path)
    {
        lock (_turns)
        {
            if (!_turns.TryGetValue(path, out var turn))
            {
                _turns[path] = turn = new Turn();
            }

            turn.Users++;
            return turn;
        }
    }

    private void Leave(string path, Turn turn)
    {
        lock (_turns)
        {
            if (--turn.Users == 0)
            {
                _turns.Remove(path);
                turn.Free.Dispose();
            }
        }
    }

    // How long the print file is stands beside it; without it, it is made again.
    private static ArchiveMark? ReadMark(string path)
        => File.Exists(path) && File.Exists(path + ".mark") && File.ReadAllText(path + ".mark").Split(' ') is [var logical, var physical]
            && long.TryParse(logical, out var logicalBytes) && long.TryParse(physical, out var fileBytes) ? new ArchiveMark(logicalBytes, fileBytes) : null;

    private static void WriteMark(string path, ArchiveMark mark) => File.WriteAllText(path + ".mark", FormattableString.Invariant($"{mark.LogicalBytes} {mark.FileBytes}"));

    /// <summary>Whose turn it is to make a file.</summary>
    private sealed class Turn
    {
        public SemaphoreSlim Free { get; } = new(1, 1);

        /// <summary>How many have joined and not left.</summary>
        public int Users { get; set; }
    }
}
