using System.Collections.Immutable;
using ClinicFlow.Documents.Unicode;

namespace ClinicFlow.Documents.Fonts;

/// <summary>Which families have the characters of a script. The names of the Noto families follow from the script's.</summary>
internal static class ScriptFonts
{
    /// <summary>Families to try, the best first.</summary>
    /// <param name="script">The character's script.</param>
    /// <param name="codePoint">The character.</param>
    /// <param name="language">BCP 47 tag of the text; decides the shapes of Han characters.</param>
    /// <param name="isSerif">Whether the text around has serifs.</param>
    public static IEnumerable<string> For(Script script, int codePoint, string language, bool isSerif)
    {
        foreach (var family in OfScript(script, language, isSerif))
        {
            yield return family;
        }

        // Letters of a broad kind first, then signs.
        foreach (var family in isSerif ? Serif : Sans)
        {
            yield return family;
        }

        if (script is Script.Common or Script.Inherited && codePoint is >= 0x2E80 and < 0xA000 or >= 0xFE30 and < 0xFFF0)
        {
            yield return Cjk(language, isSerif, Script.Han);
        }

        foreach (var family in Signs)
        {
            yield return family;
        }

        yield return Cjk(language, isSerif, script);
    }

    private static readonly ImmutableArray<string> Sans = ["Liberation Sans", "Carlito", "Noto Sans"];
    private static readonly ImmutableArray<string> Serif = ["Liberation Serif", "Noto Serif", "Liberation Sans", "Noto Sans"];
    private static readonly ImmutableArray<string> Signs =
        ["Noto Sans Symbols2", "Noto Sans Symbols", "Noto Sans Math", "Noto Music", "DejaVu Sans", "OpenSymbol", "Noto Emoji", "Symbola", "FreeSerif", "FreeSans"];

    private static IEnumerable<string> OfScript(Script script, string language, bool isSerif)
    {
        switch (script)
        {
            case Script.Common or Script.Inherited or Script.Unknown or Script.Latin or Script.Greek or Script.Cyrillic:
                break;
            case Script.Han or Script.Hiragana or Script.Katakana or Script.Hangul or Script.Bopomofo:
                yield return Cjk(language, isSerif, script);
                yield return Cjk(language, !isSerif, script);
                break;
            case Script.Arabic:
                yield return isSerif ? "Noto Naskh Arabic" : "Noto Sans Arabic";
                yield return isSerif ? "Noto Sans Arabic" : "Noto Naskh Arabic";
                break;
            case Script.Hebrew:
                yield return isSerif ? "Liberation Serif" : "Liberation Sans";
                yield return isSerif ? "Noto Serif Hebrew" : "Noto Sans Hebrew";
                break;
            default:
                var name = Spaced(script);
                yield return (isSerif ? "Noto Serif " : "Noto Sans ") + name;
                yield return (isSerif ? "Noto Sans " : "Noto Serif ") + name;
                break;
        }
    }

    private static string Cjk(string language, bool isSerif, Script script)
    {
        bool Speaks(string tag) => language.StartsWith(tag, StringComparison.OrdinalIgnoreCase);
        var region = script switch
        {
            Script.Hiragana or Script.Katakana => "JP",
            Script.Hangul => "KR",
            Script.Bopomofo => "TC",
            _ when Speaks("ja") => "JP",
            _ when Speaks("ko") => "KR",
            _ when Speaks("zh-TW") || Speaks("zh-Hant") || Speaks("zh-MO") => "TC",
            _ when Speaks("zh-HK") => "HK",
            _ => "SC",
        };
        return (isSerif ? "Noto Serif CJK " : "Noto Sans CJK ") + (isSerif && region == "HK" ? "TC" : region);
    }

    // "CanadianAboriginal" is "Canadian Aboriginal" in the name of a font.
    private static string Spaced(Script script) => script switch
    {
        Script.Nko => "NKo",
        Script.PhagsPa => "PhagsPa",
        _ => string.Concat(script.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? " " + c : c.ToString())),
    };
}
