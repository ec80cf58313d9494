using System.Globalization;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>What East Asian characters do in lines that run downwards, and which take emphasis marks.</summary>
internal static class UprightText
{
    /// <summary>The middle of an ideograph above the baseline, in parts of the em: its square reaches from 0.88 above to 0.12 below.</summary>
    public const double Middle = 0.38;

    /// <summary>Brackets, dashes and the like, which lie on their side where the font has no form of them for such lines (UAX #50, Tr).</summary>
    public static bool LiesWithLine(char c) => c is >= '\u3008' and <= '\u3011' or >= '\u3013' and <= '\u301F' or '\u30FC' or '\u30A0' or '\u301C' or '\u2025' or '\u2026' or '\u2014' or '\u2015' or '\u2016'
        or '\uFF08' or '\uFF09' or '\uFF0D' or '\uFF1A' or '\uFF1B' or '\uFF1C' or '\uFF1D' or '\uFF1E' or '\uFF3B' or '\uFF3D' or '\uFF3F' or >= '\uFF5B' and <= '\uFF60' or '\uFFE3';

    /// <summary>Whether a character is one of a word: no space and no punctuation.</summary>
    public static bool TakesMark(string text, int at)
        => CharUnicodeInfo.GetUnicodeCategory(text, at) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.OtherSymbol;
}
