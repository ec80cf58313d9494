using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using ClinicFlow.Batch.Audit;
using ClinicFlow.Batch.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Batch.Storage;

/// <summary>
/// The audit log: written in the transaction of what it tells of, read and checked. How far it has come is also kept in a
/// file outside the database, so that cutting off its end is seen.
/// </summary>
internal sealed class AuditStore(IBatchDatabase database, StoredKeyRing keys, string headPath, TimeProvider time)
{
    private readonly AuditChain _chain = new(KeyOf(keys));
    private readonly Lock _headGate = new();
    private long _headWritten;

    /// <summary>The key of the chain. It opens nothing else.</summary>
    public static byte[] KeyOf(StoredKeyRing keys) => HKDF.DeriveKey(HashAlgorithmName.SHA256, keys.Find(keys.FirstKeyId).ToArray(), 32, info: "ClinicFlow.Audit.v1"u8.ToArray());

    /// <summary>In a write, as the last thing it does: writes an entry.</summary>
    public async Task AppendAsync(BatchDb db, AuditNote note, CancellationToken cancellation)
    {
        var (sequence, before) = await database.ReadAuditTailAsync(db, cancellation).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var at = new DateTimeOffset(now.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        note = new AuditNote(Short(note.Actor), Short(note.Origin), Short(note.Action), Short(note.Subject), Short(note.Outcome), Short(note.Detail));
        db.Audit.Add(new AuditEntity
        {
            Sequence = sequence + 1,
            At = at,
            Actor = note.Actor,
            Origin = note.Origin,
            Action = note.Action,
            Subject = note.Subject,
            Outcome = note.Outcome,
            Detail = note.Detail,
            Hash = _chain.Hash(before, sequence + 1, at, note),
        });
        await db.SaveChangesAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes an entry on its own, for what changes nothing in the database.</summary>
    public Task WriteAsync(AuditNote note, CancellationToken cancellation) => database.WriteAsync(null, async db =>
    {
        await AppendAsync(db, note, cancellation).ConfigureAwait(false);
        return (true, true);
    }, cancellation);

    /// <summary>Reads entries, the newest first.</summary>
    /// <param name="before">Only those with a smaller number; null for all.</param>
    /// <param name="actor">Only those of this user; null for all.</param>
    /// <param name="subject">Only those about this; null for all.</param>
    /// <param name="count">At most as many.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<List<AuditEntry>> ReadAsync(long? before, string? actor, string? subject, int count, CancellationToken cancellation) => database.ReadAsync(null, async db =>
    {
        var rows = await db.Audit.Where(a => (before == null || a.Sequence < before) && (actor == null || a.Actor == actor) && (subject == null || a.Subject == subject))
            .OrderByDescending(a => a.Sequence).Take(count).ToListAsync(cancellation).ConfigureAwait(false);
        return rows.ConvertAll(Read);
    }, cancellation);

    /// <summary>Reads all entries by their numbers, page by page.</summary>
    public async IAsyncEnumerable<AuditEntry> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var after = 0L; ;)
        {
            var rows = await database.ReadAsync(null, db => db.Audit.Where(a => a.Sequence > after).OrderBy(a => a.Sequence).Take(1_000).ToListAsync(cancellation), cancellation).ConfigureAwait(false);
            foreach (var row in rows)
            {
                yield return Read(row);
            }

            if (rows.Count == 0)
            {
                yield break;
            }

            after = rows[^1].Sequence;
        }
    }

    /// <summary>Checks the whole log against itself, against how far it is known to have come, and against what else is known of it.</summary>
    public async Task<AuditVerdict> VerifyAsync(CancellationToken cancellation, params IEnumerable<KnownEntry> others)
    {
        var head = ReadHead();
        var known = head is AuditHead.Known noted ? others.Append(new KnownEntry(noted.Sequence, noted.Hash)) : others;
        var verdict = await _chain.VerifyAsync(ReadAllAsync(cancellation), [.. known]).ConfigureAwait(false);
        return verdict.FirstWrong is null && head is AuditHead.Damaged
            ? verdict with { FirstWrong = verdict.Entries + 1, Message = "The file audit.head cannot be read, so nobody knows whether the end of the log was cut off. Compare it with a copy." }
            : verdict;
    }

    /// <summary>Notes outside the database how far the log has come.</summary>
    /// <returns>Whether the log still holds what was noted before. Where it does not, the note stays, for whoever checks the log.</returns>
    public async Task<bool> NoteHeadAsync(CancellationToken cancellation)
    {
        var before = ReadHead();
        if (before is AuditHead.Damaged || (before is AuditHead.Known known && !await HoldsAsync(known, cancellation).ConfigureAwait(false)))
        {
            // A log that was cut off may since have grown beyond the note: going on from there would hide it.
            return false;
        }

        var last = (await ReadAsync(null, null, null, 1, cancellation).ConfigureAwait(false)).FirstOrDefault();
        lock (_headGate)
        {
            // Never back: a log that is shorter than it was is what the note is for.
            if (last is not null && last.Sequence > Math.Max(_headWritten, (before as AuditHead.Known)?.Sequence ?? 0))
            {
                WriteHead(FormattableString.Invariant($"{last.Sequence} {last.Hash}"));
                _headWritten = last.Sequence;
            }
        }

        return true;
    }

    private static AuditEntry Read(AuditEntity row) => new(row.Sequence, row.At, new AuditNote(row.Actor, row.Origin, row.Action, row.Subject, row.Outcome, row.Detail), row.Hash);

    private static string Short(string text) => (text.Length <= 500 ? text : text[..500]).Replace("\0", "", StringComparison.Ordinal);

    private Task<bool> HoldsAsync(AuditHead.Known head, CancellationToken cancellation)
        => database.ReadAsync(null, db => db.Audit.AnyAsync(a => a.Sequence == head.Sequence && a.Hash == head.Hash, cancellation), cancellation);

    private AuditHead? ReadHead()
        => !File.Exists(headPath) ? null
            : File.ReadAllText(headPath).Trim().Split(' ') is [var sequence, { Length: 64 } hash] && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new AuditHead.Known(number, hash)
            : new AuditHead.Damaged();

    private void WriteHead(string text)
    {
        var part = headPath + ".part";
        using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(Encoding.ASCII.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(part, headPath, overwrite: true);
    }

    /// <summary>What the file says of how far the log has come.</summary>
    private abstract record AuditHead
    {
        /// <summary>It had come to an entry of this number and hash.</summary>
        public sealed record Known(long Sequence, string Hash) : AuditHead;

        /// <summary>The file is there and does not say.</summary>
        public sealed record Damaged : AuditHead;
    }
}
