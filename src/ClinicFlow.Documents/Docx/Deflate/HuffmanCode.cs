using System.Numerics;
using ClinicFlow.Documents.Package.Deflate;

namespace ClinicFlow.Documents.Docx.Deflate;

/// <summary>A prefix code of RFC 1951: for each symbol its bits, in the order in which they are sent, and their number.</summary>
internal sealed class HuffmanCode
{
    /// <summary>Makes a code for counts; a symbol of count 0 gets none.</summary>
    /// <param name="counts">How often each symbol occurs.</param>
    /// <param name="maxLength">The longest code allowed: 15, or 7 for the code of code lengths.</param>
    public HuffmanCode(ReadOnlySpan<long> counts, int maxLength)
    {
        Lengths = new byte[counts.Length];
        Bits = new ushort[counts.Length];
        var total = 0L;
        foreach (var count in counts)
        {
            total += count;
        }

        // All of them together are to stay an int; none that is there may vanish.
        var shift = Math.Max(0, 34 - BitOperations.LeadingZeroCount((ulong)total));
        Span<int> small = stackalloc int[counts.Length];
        for (var symbol = 0; symbol < small.Length; symbol++)
        {
            small[symbol] = counts[symbol] > 0 ? Math.Max(1, (int)(counts[symbol] >> shift)) : 0;
        }

        PrefixCode.FindLengths(small, Lengths, maxLength);
        PrefixCode.SetCodes(Lengths, Bits);
    }

    /// <summary>How many bits each symbol takes; 0 for one that has no code.</summary>
    public byte[] Lengths { get; }

    /// <summary>Each symbol's code, first bit lowest.</summary>
    public ushort[] Bits { get; }
}
