using System.Buffers;
using System.Text;

namespace ClinicFlow.Batch.Storage;

/// <summary>Which texts both databases can keep: PostgreSQL takes no NUL, and half a surrogate pair is no character in UTF-8.</summary>
internal static class StoredText
{
    /// <summary>Whether a text can be kept; null can.</summary>
    public static bool CanKeep(string? text) => text is null || (!text.Contains('\0', StringComparison.Ordinal) && IsWhole(text));

    /// <summary>Whether all surrogates of a text stand in pairs.</summary>
    public static bool IsWhole(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyInRange('\ud800', '\udfff') is >= 0 and var at)
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            text = text[(at + length)..];
        }

        return true;
    }
}
