using System.Buffers.Binary;
using System.Globalization;
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
    /// <param name="known">Entries that are known to have been written, from elsewhere.</param>
    public async Task<AuditVerdict> VerifyAsync(IAsyncEnumerable<AuditEntry> entries, params IReadOnlyCollection<KnownEntry> known)
    {
        var unseen = new List<KnownEntry>(known);
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

            unseen.RemoveAll(one => one.Hash == entry.Hash);
            if (unseen.Exists(one => one.Sequence == entry.Sequence))
            {
                return new AuditVerdict(count, entry.Sequence, $"Entry {entry.Sequence} is another one than was written.");
            }

            (before, count) = (entry.Hash, count + 1);
        }

        return unseen switch
        {
            [] => new AuditVerdict(count, null, ""),
            [{ Sequence: { } last }, ..] => new AuditVerdict(count, count + 1, $"The log was cut off: entry {last} was written, and {count} are there."),
            _ => new AuditVerdict(count, count + 1, $"No entry has the hash that is known: the log was cut off after entry {count}, or it is another log."),
        };
    }
}

/// <summary>An entry that is known to have been written, from elsewhere.</summary>
/// <param name="Sequence">Its number; null where that is not known.</param>
/// <param name="Hash">Its hash.</param>
public sealed record KnownEntry(long? Sequence, string Hash)
{
    /// <summary>Reads a hash, or a number and a hash as in <c>audit.head</c>; null where it is neither.</summary>
    public static KnownEntry? Parse(string text) => text.Trim().Split(' ') switch
    {
        [var hash] when IsHash(hash) => new KnownEntry(null, hash.ToLowerInvariant()),
        [var sequence, var hash] when IsHash(hash) && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => new KnownEntry(number, hash.ToLowerInvariant()),
        _ => null,
    };

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);
}
