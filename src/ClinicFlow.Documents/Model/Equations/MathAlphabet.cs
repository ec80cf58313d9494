using System.Text;

namespace ClinicFlow.Documents.Model.Equations;

/// <summary>m:scr (§22.1.2.93).</summary>
internal enum MathAlphabet
{
    Roman,
    Script,
    Fraktur,
    DoubleStruck,
    SansSerif,
    Monospace,
}

/// <summary>
/// The forms of letters and digits that mean something of their own in mathematics (Unicode, "Mathematical Alphanumeric Symbols", U+1D400 to U+1D7FF, with those
/// that were encoded before in "Letterlike Symbols").
/// </summary>
internal static class MathAlphabets
{
    // Holes of the block, by the place that they would have.
    private static readonly Dictionary<int, int> EncodedBefore = new()
    {
        [0x1D455] = 0x210E,
        [0x1D49D] = 0x212C,
        [0x1D4A0] = 0x2130,
        [0x1D4A1] = 0x2131,
        [0x1D4A3] = 0x210B,
        [0x1D4A4] = 0x2110,
        [0x1D4A7] = 0x2112,
        [0x1D4A8] = 0x2133,
        [0x1D4AD] = 0x211B,
        [0x1D4BA] = 0x212F,
        [0x1D4BC] = 0x210A,
        [0x1D4C4] = 0x2134,
        [0x1D506] = 0x212D,
        [0x1D50B] = 0x210C,
        [0x1D50C] = 0x2111,
        [0x1D515] = 0x211C,
        [0x1D51D] = 0x2128,
        [0x1D53A] = 0x2102,
        [0x1D53F] = 0x210D,
        [0x1D545] = 0x2115,
        [0x1D547] = 0x2119,
        [0x1D548] = 0x211A,
        [0x1D549] = 0x211D,
        [0x1D551] = 0x2124,
    };

    /// <summary>The character that a letter or digit is drawn as; itself where the alphabets have no form of it.</summary>
    public static int FormOf(int codePoint, in EquationTextStyle style)
    {
        var place = codePoint switch
        {
            >= 'A' and <= 'Z' => Latin(style) is { } upper ? upper + codePoint - 'A' : codePoint,
            >= 'a' and <= 'z' => Latin(style) is { } lower ? lower + 26 + codePoint - 'a' : codePoint,
            >= '0' and <= '9' => Digits(style) is { } digits ? digits + codePoint - '0' : codePoint,
            0x131 when style is { IsItalic: true, IsBold: false, Alphabet: MathAlphabet.Roman } => 0x1D6A4,
            0x237 when style is { IsItalic: true, IsBold: false, Alphabet: MathAlphabet.Roman } => 0x1D6A5,
            _ => Greek(codePoint, style),
        };
        return EncodedBefore.GetValueOrDefault(place, place);
    }

    private static int? Latin(in EquationTextStyle style) => (style.Alphabet, style.IsBold, style.IsItalic) switch
    {
        (MathAlphabet.Roman, false, false) => null,
        (MathAlphabet.Roman, true, false) => 0x1D400,
        (MathAlphabet.Roman, false, true) => 0x1D434,
        (MathAlphabet.Roman, true, true) => 0x1D468,
        (MathAlphabet.Script, false, _) => 0x1D49C,
        (MathAlphabet.Script, true, _) => 0x1D4D0,
        (MathAlphabet.Fraktur, false, _) => 0x1D504,
        (MathAlphabet.Fraktur, true, _) => 0x1D56C,
        (MathAlphabet.DoubleStruck, _, _) => 0x1D538,
        (MathAlphabet.SansSerif, false, false) => 0x1D5A0,
        (MathAlphabet.SansSerif, true, false) => 0x1D5D4,
        (MathAlphabet.SansSerif, false, true) => 0x1D608,
        (MathAlphabet.SansSerif, true, true) => 0x1D63C,
        _ => 0x1D670,
    };

    private static int? Digits(in EquationTextStyle style) => (style.Alphabet, style.IsBold) switch
    {
        (MathAlphabet.DoubleStruck, _) => 0x1D7D8,
        (MathAlphabet.SansSerif, false) => 0x1D7E2,
        (MathAlphabet.SansSerif, true) => 0x1D7EC,
        (MathAlphabet.Monospace, _) => 0x1D7F6,
        (_, true) => 0x1D7CE,
        _ => null,
    };

    private static int Greek(int codePoint, in EquationTextStyle style)
    {
        int? start = (style.Alphabet, style.IsBold, style.IsItalic) switch
        {
            (MathAlphabet.SansSerif, true, true) => 0x1D790,
            (MathAlphabet.SansSerif, true, false) => 0x1D756,
            (MathAlphabet.Roman, true, false) => 0x1D6A8,
            (MathAlphabet.Roman, false, true) => 0x1D6E2,
            (MathAlphabet.Roman, true, true) => 0x1D71C,
            _ => null,
        };
        if (start is not { } first)
        {
            return codePoint;
        }

        // The order of the block.
        return codePoint switch
        {
            >= 0x391 and <= 0x3A9 and not 0x3A2 => first + codePoint - 0x391,
            0x3F4 => first + 17,
            0x2207 => style.IsBold ? first + 25 : codePoint,
            >= 0x3B1 and <= 0x3C9 => first + 26 + codePoint - 0x3B1,
            0x2202 => first + 51,
            0x3F5 => first + 52,
            0x3D1 => first + 53,
            0x3F0 => first + 54,
            0x3D5 => first + 55,
            0x3F1 => first + 56,
            0x3D6 => first + 57,
            _ => codePoint,
        };
    }

    /// <summary>A text in its forms.</summary>
    public static string FormOf(string text, EquationTextStyle style)
    {
        var formed = new StringBuilder(text.Length * 2);
        foreach (var rune in text.EnumerateRunes())
        {
            formed.Append(new Rune(FormOf(rune.Value, style)).ToString());
        }

        return formed.ToString();
    }
}
