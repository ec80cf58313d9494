using System.Globalization;

namespace ClinicFlow.Cli.Output;

/// <summary>Text of others on a terminal: names and messages that come from a server.</summary>
internal static class TerminalText
{
    /// <summary>The text without control and format characters, by which it could move the cursor, colour the screen or show in another order than it is.</summary>
    public static string Clean(string text)
        => text.All(IsPlain) ? text : string.Concat(text.Select(c => IsPlain(c) ? c : '\uFFFD'));

    private static bool IsPlain(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
