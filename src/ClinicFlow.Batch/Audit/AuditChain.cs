using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ClinicFlow.Batch.Audit;

/// <summary>
/// Chains the entries of the audit log: each carries a hash, under a key that is not in the database, over itself and the
/// hash before it. Whoever changes, removes or reorders an entry would have to make all hashes behind it anew.
/// </summary>
/// <param name="key">The key, 32 bytes.</param>
internal sealed class AuditChain(byte[] key)
{
    /// <summary>What the first entry is chained to.</summary>
    public const string Beginning = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>The hash of an entry.</summary>
    /// <param name="before">The hash of the entry before it.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="at">When; to the microsecond, as databases keep it.</param>
    /// <param name="note">What.</param>
    public string Hash(string before, long sequence, DateTimeOffset at, AuditNote note)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        Span<byte> number = stackalloc byte[sizeof(long)];
        Append(before);
        BinaryPrimitives.WriteInt64BigEndian(number, sequence);
        mac.AppendData(number);
        BinaryPrimitives.WriteInt64BigEndian(number, at.UtcTicks / TimeSpan.TicksPerMicrosecond);
        mac.AppendData(number);
        Append(note.Actor);
        Append(note.Origin);
        Append(note.Action);
        Append(note.Subject);
        Append(note.Outcome);
        Append(note.Detail);
        return Convert.ToHexStringLower(mac.GetHashAndReset());

        // Each text with its length, so that nothing can be moved from one to the next.
        void Append(string text)
        {
            Span<byte> length = stackalloc byte[sizeof(int)];
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            mac.AppendData(length);
            mac.AppendData(bytes);
        }
    }

    /// <summary>Checks entries from the first on.</summary>
    /// <param name="entries">All entries, by their numbers.</param>
    /// <param name="head">An entry that is known to have been written, from elsewhere; null where none is known.</param>
    public async Task<AuditVerdict> VerifyAsync(IAsyncEnumerable<AuditEntry> entries, (long Sequence, string Hash)? head)
    {
        var (before, count) = (Beginning, 0L);
        await foreach (var entry in entries.ConfigureAwait(false))
        {
            if (entry.Sequence != count + 1)
            {
                return new AuditVerdict(count, count + 1, $"Entry {count + 1} is missing.");
            }

            if (entry.Hash != Hash(before, entry.Sequence, entry.At, entry.Note))
            {
                return new AuditVerdict(count, entry.Sequence, $"Entry {entry.Sequence} is not as it was written.");
            }

            if (head is { } known && known.Sequence == entry.Sequence && known.Hash != entry.Hash)
            {
                return new AuditVerdict(count, entry.Sequence, $"Entry {entry.Sequence} is another one than was written.");
            }

            (before, count) = (entry.Hash, count + 1);
        }

        return head is { } last && last.Sequence > count
            ? new AuditVerdict(count, count + 1, $"The log was cut off: entry {last.Sequence} was written, and {count} are there.")
            : new AuditVerdict(count, null, "");
    }
}
