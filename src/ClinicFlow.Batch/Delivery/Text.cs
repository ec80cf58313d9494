using System.Globalization;
using System.Text;

namespace ClinicFlow.Batch.Delivery;

/// <summary>What foreign text must not do in a message: begin a line, turn the reading direction, or go on for ever.</summary>
internal static class Text
{
    /// <summary>Whether it holds a line break or another control character.</summary>
    public static bool HasControls(string? text) => text is not null && text.Any(IsControl);

    /// <summary>The text on one line, without control characters, and at most so long.</summary>
    public static string OnOneLine(string text, int maxLength)
    {
        var line = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            line.Append(IsControl(character) ? ' ' : character);
        }

        var trimmed = line.ToString().Trim();
        return trimmed.Length <= maxLength ? trimmed : Cut(trimmed, maxLength - 1) + "…";
    }

    // Between characters as they are read, so that no accent and no half of a surrogate pair is left.
    private static string Cut(string text, int maxLength)
    {
        var end = 0;
        for (var next = StringInfo.GetNextTextElementLength(text); end + next <= maxLength;)
        {
            end += next;
            next = StringInfo.GetNextTextElementLength(text, end);
        }

        return text[..end];
    }

    private static bool IsControl(char character) =>
        char.IsControl(character) || character is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
