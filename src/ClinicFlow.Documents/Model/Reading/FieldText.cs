using System.Globalization;
using System.Text;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>What a field's instruction says to the layout (ECMA-376 Part 1 §17.16.5).</summary>
/// <param name="Name">The field's name in capitals.</param>
/// <param name="Kind">Which field the layout decides; null where the stored result is shown.</param>
/// <param name="Number">How it writes its number; null for the usual way.</param>
/// <param name="Target">A bookmark or style id; else empty.</param>
/// <param name="Link">Where its result leads; null for nowhere.</param>
/// <param name="Rest">What stands behind the first argument.</param>
internal sealed record FieldText(string Name, FieldKind? Kind, NumberFormat? Number, string Target, Link? Link, string Rest)
{
    public static FieldText Parse(string instruction, StyleSheet styles)
    {
        var words = Split(instruction);
        var name = words.Count > 0 ? words[0].ToUpperInvariant() : "";
        var argument = words.Count > 1 && !words[1].StartsWith('\\') ? words[1] : "";
        var number = FormatOf(words);
        var plain = new FieldText(name, null, null, "", null, "");
        switch (name)
        {
            case "PAGE":
                return plain with { Kind = FieldKind.Page, Number = number };
            case "NUMPAGES":
                return plain with { Kind = FieldKind.PageCount, Number = number };
            case "SECTIONPAGES":
                return plain with { Kind = FieldKind.SectionPageCount, Number = number };
            case "SECTION":
                return plain with { Kind = FieldKind.Section, Number = number };
            case "PAGEREF" when argument.Length > 0 && !words.Contains("\\p"):
                return plain with { Kind = FieldKind.PageReference, Number = number, Target = argument, Link = words.Contains("\\h") ? new Link(null, argument) : null };
            case "STYLEREF" when argument.Length > 0 && !words.Exists(word => word is "\\n" or "\\r" or "\\w" or "\\p" or "\\t"):
                var style = int.TryParse(argument, CultureInfo.InvariantCulture, out var level) && level is >= 1 and <= 9 ? styles.FindByName($"heading {argument}") : styles.FindByName(argument);
                return style is null ? plain : plain with { Kind = FieldKind.StyleReference, Target = style };
            case "REF" or "NOTEREF" when argument.Length > 0 && words.Contains("\\h"):
                return plain with { Link = new Link(null, argument) };
            case "HYPERLINK":
                return plain with { Link = LinkOf(words, argument) };
            case "MACROBUTTON" or "GOTOBUTTON":
                var at = argument.Length == 0 ? -1 : instruction.IndexOf(argument, StringComparison.Ordinal);
                return plain with { Rest = at < 0 ? "" : instruction[(at + argument.Length)..].Trim() };
            default:
                return plain;
        }
    }

    /// <summary>The character of a SYMBOL field: its code and font; null where it is not understood.</summary>
    public static (int Code, string? Font)? Symbol(string instruction)
    {
        var words = Split(instruction);
        if (words.Count < 2)
        {
            return null;
        }

        var isHex = words[1].StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (!int.TryParse(isHex ? words[1].AsSpan(2) : words[1], isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is <= 0 or > 0xFFFF)
        {
            return null;
        }

        var font = words.IndexOf("\\f");
        return (code, font >= 0 && font + 1 < words.Count ? words[font + 1] : null);
    }

    private static Link? LinkOf(List<string> words, string address)
    {
        var local = words.IndexOf("\\l");
        var bookmark = local >= 0 && local + 1 < words.Count ? words[local + 1] : null;
        return address.Length > 0 ? new Link(bookmark is null ? address : $"{address}#{bookmark}", null) : bookmark is { Length: > 0 } ? new Link(null, bookmark) : null;
    }

    private static NumberFormat? FormatOf(List<string> words)
    {
        for (var i = 0; i + 1 < words.Count; i++)
        {
            if (words[i] == "\\*")
            {
                var isUpper = words[i + 1].Length > 0 && char.IsUpper(words[i + 1][0]);
                switch (words[i + 1].ToUpperInvariant())
                {
                    case "ARABIC":
                        return NumberFormat.Decimal;
                    case "ARABICDASH":
                        return NumberFormat.NumberInDash;
                    case "ROMAN":
                        return isUpper ? NumberFormat.UpperRoman : NumberFormat.LowerRoman;
                    case "ALPHABETIC":
                        return isUpper ? NumberFormat.UpperLetter : NumberFormat.LowerLetter;
                    case "ORDINAL":
                        return NumberFormat.Ordinal;
                    case "CARDTEXT":
                        return NumberFormat.CardinalText;
                    case "ORDTEXT":
                        return NumberFormat.OrdinalText;
                    case "HEX":
                        return NumberFormat.Hex;
                }
            }
        }

        return null;
    }

    // Words between spaces; a quoted one can hold spaces, and a backslash in it protects the next character. A switch is a word.
    private static List<string> Split(string instruction)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isQuoted = false;
        var hasWord = false;
        for (var i = 0; i < instruction.Length; i++)
        {
            var c = instruction[i];
            if (isQuoted && c == '\\' && i + 1 < instruction.Length && instruction[i + 1] is '\\' or '"')
            {
                word.Append(instruction[++i]);
            }
            else if (c is '"' or '\u201C' or '\u201D')
            {
                isQuoted = !isQuoted;
                hasWord = true;
            }
            else if (!isQuoted && char.IsWhiteSpace(c))
            {
                End();
            }
            else
            {
                word.Append(c);
                hasWord = true;
            }
        }

        End();
        return words;

        void End()
        {
            // "" is an argument as well.
            if (hasWord && (word.Length > 0 || words.Count > 0))
            {
                words.Add(word.ToString());
            }

            word.Clear();
            hasWord = false;
        }
    }
}
