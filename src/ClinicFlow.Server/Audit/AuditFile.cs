using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ClinicFlow.Batch.Audit;
using ClinicFlow.Client.Contracts;
using AuditEntry = ClinicFlow.Client.Contracts.AuditEntry;
using Written = ClinicFlow.Batch.Audit.AuditEntry;

namespace ClinicFlow.Server.Audit;

/// <summary>What a check of an exported log found.</summary>
/// <param name="Entries">How many entries are as they were written, from the first on.</param>
/// <param name="FirstWrong">The number of the first that is wrong or missing; null where none is.</param>
/// <param name="Message">What is wrong; empty where nothing is.</param>
/// <param name="LastExport">The last export that the file itself tells of: what was cut off behind it does not show without an entry that is known.</param>
internal sealed record AuditFileVerdict(long Entries, long? FirstWrong, string Message, AuditEntry? LastExport);

/// <summary>
/// Checks a log that was exported as NDJSON: by the key of its chain, or by comparing it with the log of a server. An export
/// holds the entry of itself; a file without any was cut off.
/// </summary>
internal static class AuditFile
{
    /// <summary>An entry has six texts of 500 characters, which JSON may write six times as long.</summary>
    private const int MaxLineBytes = 64 << 10;

    private const int ReadBytes = 16 << 10;

    /// <summary>Checks it by the key of its chain.</summary>
    /// <param name="file">The file.</param>
    /// <param name="key">The key (<see cref="LocalAudit.Key"/>).</param>
    /// <param name="known">An entry that is known from elsewhere; null for none.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task<AuditFileVerdict> VerifyAsync(Stream file, byte[] key, KnownEntry? known, CancellationToken cancellation)
    {
        var seen = new Seen();
        try
        {
            var verdict = await new AuditChain(key).VerifyAsync(WrittenOf(seen.Watch(ReadAsync(file, cancellation))), known is null ? [] : [known]);
            return seen.Judge(verdict.Entries, verdict.FirstWrong, verdict.Message);
        }
        catch (JsonException)
        {
            return seen.JudgeBadLine();
        }
    }

    /// <summary>Compares it, entry by entry, with the log of a server.</summary>
    /// <param name="file">The file.</param>
    /// <param name="log">What the server exports now, as NDJSON.</param>
    /// <param name="known">An entry that is known from elsewhere; null for none.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task<AuditFileVerdict> CompareAsync(Stream file, Stream log, KnownEntry? known, CancellationToken cancellation)
    {
        var seen = new Seen();
        var isKnownSeen = known is null;
        await using var theirs = ReadAsync(log, cancellation).GetAsyncEnumerator(cancellation);
        try
        {
            await foreach (var entry in seen.Watch(ReadAsync(file, cancellation)))
            {
                var count = seen.Count - 1;
                if (!await theirs.MoveNextAsync())
                {
                    return seen.Judge(count, count + 1, $"The server has no entry {count + 1}: its log was cut off, or is another one.");
                }

                if (entry != theirs.Current)
                {
                    return seen.Judge(count, count + 1, $"Entry {count + 1} is not the one that the server has.");
                }

                isKnownSeen = isKnownSeen || known!.Hash == entry.Hash;
            }
        }
        catch (JsonException)
        {
            return seen.JudgeBadLine();
        }

        return isKnownSeen ? seen.Judge(seen.Count, null, "")
            : seen.Judge(seen.Count, seen.Count + 1, $"No entry has the hash that is known: the file was cut off after entry {seen.Count}, or it is of another log.");
    }

    /// <summary>Reads the entries one by one.</summary>
    /// <exception cref="JsonException">A line is no entry as it is exported.</exception>
    private static async IAsyncEnumerable<AuditEntry> ReadAsync(Stream file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: ReadBytes, leaveOpen: true));
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var rest = read.Buffer;
            while (TryTakeLine(ref rest, read.IsCompleted, out var line))
            {
                yield return EntryOf(line);
            }

            if (rest.Length > MaxLineBytes)
            {
                throw new JsonException();
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                yield break;
            }
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        var end = rest.PositionOf((byte)'\n');
        line = end is { } at ? rest.Slice(0, at) : rest;
        if (end is null && (!isLast || rest.IsEmpty))
        {
            return false;
        }

        rest = end is { } next ? rest.Slice(rest.GetPosition(1, next)) : rest.Slice(rest.End);
        return true;
    }

    private static AuditEntry EntryOf(ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        var entry = JsonSerializer.Deserialize<AuditEntry>(ref reader, Wire.Json) ?? throw new JsonException();

        // The chain goes by the microsecond of the instant, however it is written: more than that, nobody wrote.
        return reader.Read() || entry.At.Offset != TimeSpan.Zero || entry.At.Ticks % TimeSpan.TicksPerMicrosecond != 0 ? throw new JsonException() : entry;
    }

    private static async IAsyncEnumerable<Written> WrittenOf(IAsyncEnumerable<AuditEntry> entries)
    {
        await foreach (var entry in entries)
        {
            yield return new Written(entry.Sequence, entry.At, new AuditNote(entry.Actor, entry.Origin, entry.Action, entry.Subject, entry.Outcome, entry.Detail), entry.Hash);
        }
    }

    /// <summary>What went by of the file.</summary>
    private sealed class Seen
    {
        private AuditEntry? _lastExport;

        public long Count { get; private set; }

        public async IAsyncEnumerable<AuditEntry> Watch(IAsyncEnumerable<AuditEntry> entries)
        {
            await foreach (var entry in entries)
            {
                Count++;
                _lastExport = entry is { Action: "audit.export", Subject: "ndjson", Outcome: "done" } ? entry : _lastExport;
                yield return entry;
            }
        }

        public AuditFileVerdict Judge(long entries, long? firstWrong, string message)
            => firstWrong is null && _lastExport is null
                ? new AuditFileVerdict(entries, entries + 1, $"The file was cut off after entry {entries}: the entry of its own export is not there.", null)
                : new AuditFileVerdict(entries, firstWrong, message, _lastExport);

        public AuditFileVerdict JudgeBadLine() => Judge(Count, Count + 1, $"Line {Count + 1} is no entry as clinicflow audit export --format ndjson writes it.");
    }
}
