using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// Phonetic text as Word kept it before it had an element for it, and still does in what comes from older files: <c>EQ \* jc2 \* hps10 \o\ad(\s\up 9(above),under)</c>.
/// </summary>
internal static partial class EquationRuby
{
    internal readonly record struct Read(string Under, CharacterFormat UnderFormat, string Above, CharacterFormat AboveFormat, Pt Raise);

    /// <summary>Null for every other equation.</summary>
    /// <param name="words">The instruction in parts of one format.</param>
    public static Read? Of(List<(string Text, CharacterFormat Format)> words)
    {
        var text = new StringBuilder();
        foreach (var word in words)
        {
            text.Append(word.Text);
        }

        var match = Shape().Match(text.ToString());
        if (!match.Success || match.Groups["under"].Value.AsSpan().ContainsAny('\\', '(', ')') || !double.TryParse(match.Groups["raise"].Value, CultureInfo.InvariantCulture, out var raise))
        {
            return null;
        }

        return new(match.Groups["under"].Value, FormatAt(words, match.Groups["under"].Index), match.Groups["above"].Value, FormatAt(words, match.Groups["above"].Index), new(raise));
    }

    private static CharacterFormat FormatAt(List<(string Text, CharacterFormat Format)> words, int at)
    {
        foreach (var (text, format) in words)
        {
            if (at < text.Length)
            {
                return format;
            }

            at -= text.Length;
        }

        return words[^1].Format;
    }

    [GeneratedRegex("""^\s*EQ(\s*\\\*\s*("[^"]*"|[^\s\\"]+))*\s*\\o\s*(\\a[dlrc])?\s*\(\s*\\s\s*\\up\s*(?<raise>[0-9.]+)\s*\((?<above>[^()\\]+)\)\s*[,;](?<under>[^()\\]+)\)\s*$""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Shape();
}
