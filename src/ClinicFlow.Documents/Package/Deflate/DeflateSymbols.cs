using System.Numerics;

namespace ClinicFlow.Documents.Package.Deflate;

/// <summary>The length and distance symbols of RFC 1951 §3.2.5.</summary>
internal static class DeflateSymbols
{
    public const int EndOfBlock = 256;
    public const int LiteralsAndLengths = 286;
    public const int Distances = 30;
    public const int MinMatch = 3;
    public const int MaxMatch = 258;
    public const int Window = 32768;

    /// <summary>The symbol of a match length of 3 to 258, the number of its extra bits and their value.</summary>
    public static (int Symbol, int ExtraBits, int Extra) OfLength(int length)
    {
        if (length == MaxMatch)
        {
            return (285, 0, 0);
        }

        var value = length - MinMatch;
        if (value < 8)
        {
            return (257 + value, 0, 0);
        }

        // Four symbols share a number of extra bits, which grows by one every four.
        var extraBits = BitOperations.Log2((uint)value) - 2;
        return (257 + (4 * extraBits) + (value >> extraBits), extraBits, value & ((1 << extraBits) - 1));
    }

    /// <summary>The symbol of a distance of 1 to 32,768, the number of its extra bits and their value.</summary>
    public static (int Symbol, int ExtraBits, int Extra) OfDistance(int distance)
    {
        var value = distance - 1;
        if (value < 4)
        {
            return (value, 0, 0);
        }

        // Two symbols share a number of extra bits, which grows by one every two.
        var extraBits = BitOperations.Log2((uint)value) - 1;
        return ((2 * extraBits) + (value >> extraBits), extraBits, value & ((1 << extraBits) - 1));
    }
}
