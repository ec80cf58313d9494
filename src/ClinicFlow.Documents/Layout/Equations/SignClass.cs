namespace ClinicFlow.Documents.Layout.Equations;

/// <summary>What a part of an equation is to its neighbours: that decides how much room stands between them.</summary>
internal enum SignClass : byte
{
    Ordinary,
    LargeOperator,
    Binary,
    Relation,
    Opening,
    Closing,
    Punctuation,

    /// <summary>A space that was typed: it is as wide as it is.</summary>
    Space,
}

/// <summary>
/// Which sign is of which class, and the room between classes: that of mathematical typesetting since TeX (The TeXbook, chapters 17 and 18), which Word follows
/// (Sargent, "Unicode Nearly Plain-Text Encoding of Mathematics"). Evidence: docs/layout.md, "Equations".
/// </summary>
internal static class SignClasses
{
    // In eighteenths of the em: a thin, a medium and a thick space.
    private const double Thin = 3 / 18.0;
    private const double Medium = 4 / 18.0;
    private const double Thick = 5 / 18.0;

    /// <summary>The sign that is drawn for one that is typed: a minus for a hyphen.</summary>
    public static int DrawnAs(int codePoint) => codePoint switch
    {
        '-' => 0x2212,
        '*' => 0x2217,
        '\'' => 0x2032,
        0x2215 => '/',
        _ => codePoint,
    };

    public static SignClass Of(int codePoint) => codePoint switch
    {
        '+' or '-' or '*' or 0xB1 or 0xB7 or 0xD7 or 0xF7 => SignClass.Binary,
        '<' or '=' or '>' or ':' or 0x2192 => SignClass.Relation,
        ',' or ';' => SignClass.Punctuation,
        ' ' or 0xA0 or (>= 0x2000 and <= 0x200A) or 0x202F or 0x205F or 0x3000 => SignClass.Space,
        '(' or '[' or '{' or 0x2308 or 0x230A or 0x27E8 or 0x27EA or 0x27E6 or 0x2329 => SignClass.Opening,
        ')' or ']' or '}' or '!' or 0x2309 or 0x230B or 0x27E9 or 0x27EB or 0x27E7 or 0x232A => SignClass.Closing,
        0x2020 or 0x2021 or 0x2022 or 0x2040 => SignClass.Binary,
        >= 0x2190 and <= 0x21FF => SignClass.Relation,
        0x2208 or 0x2209 or 0x220A or 0x220B or 0x220C or 0x220D or 0x221D => SignClass.Relation,
        0x220F or 0x2210 or 0x2211 => SignClass.LargeOperator,
        0x2212 or 0x2213 or 0x2214 or 0x2216 or 0x2217 or 0x2218 or 0x2219 => SignClass.Binary,
        >= 0x2223 and <= 0x2226 => SignClass.Relation,
        >= 0x2227 and <= 0x222A => SignClass.Binary,
        >= 0x222B and <= 0x2233 => SignClass.LargeOperator,
        >= 0x2234 and <= 0x2237 => SignClass.Relation,
        0x2238 or 0x223A or 0x223E or 0x2240 => SignClass.Binary,
        >= 0x2239 and <= 0x228B => SignClass.Relation,
        0x228C or 0x228D or 0x228E or 0x2293 or 0x2294 => SignClass.Binary,
        >= 0x228F and <= 0x2292 => SignClass.Relation,
        >= 0x2295 and <= 0x22A1 => SignClass.Binary,
        0x22A4 or 0x22A5 => SignClass.Ordinary,
        >= 0x22A2 and <= 0x22B9 => SignClass.Relation,
        >= 0x22BA and <= 0x22BD => SignClass.Binary,
        >= 0x22C0 and <= 0x22C3 => SignClass.LargeOperator,
        0x22C4 or 0x22C5 or 0x22C6 or 0x22C7 or 0x22C9 or 0x22CA or 0x22CB or 0x22CC or 0x22CE or 0x22CF or 0x22D2 or 0x22D3 => SignClass.Binary,
        0x22C8 or 0x22CD or 0x22D0 or 0x22D1 or (>= 0x22D4 and <= 0x22ED) or (>= 0x22F2 and <= 0x22FF) => SignClass.Relation,
        >= 0x27F0 and <= 0x27FF or >= 0x2900 and <= 0x297F => SignClass.Relation,
        >= 0x2A00 and <= 0x2A21 => SignClass.LargeOperator,
        >= 0x2A22 and <= 0x2A65 => SignClass.Binary,
        >= 0x2A66 and <= 0x2AF0 => SignClass.Relation,
        _ => SignClass.Ordinary,
    };

    /// <summary>The room between two neighbours, in parts of the em. In scripts only that beside functions and large operators is kept.</summary>
    public static double Between(SignClass left, SignClass right, bool isScript)
    {
        if (left == SignClass.LargeOperator || right == SignClass.LargeOperator)
        {
            return (left, right) switch
            {
                (SignClass.LargeOperator, SignClass.Opening or SignClass.Closing or SignClass.Punctuation) => 0,
                (SignClass.Opening, _) => 0,
                (SignClass.Relation, _) or (_, SignClass.Relation) => isScript ? 0 : Thick,
                (SignClass.Binary, _) => isScript ? 0 : Medium,
                _ => Thin,
            };
        }

        if (isScript || left == SignClass.Opening || right is SignClass.Closing or SignClass.Punctuation)
        {
            return 0;
        }

        if (left == SignClass.Relation || right == SignClass.Relation)
        {
            return left == right ? 0 : left == SignClass.Punctuation ? Thin : Thick;
        }

        return left == SignClass.Binary || right == SignClass.Binary ? Medium : left == SignClass.Punctuation ? Thin : 0;
    }

    /// <summary>Whether a sign between two numbers can stand between these: a plus at the beginning is one of a number.</summary>
    public static bool IsBinaryBetween(SignClass? left, SignClass? right) =>
        left is not (null or SignClass.Binary or SignClass.LargeOperator or SignClass.Relation or SignClass.Opening or SignClass.Punctuation)
        && right is not (null or SignClass.Relation or SignClass.Closing or SignClass.Punctuation);
}
