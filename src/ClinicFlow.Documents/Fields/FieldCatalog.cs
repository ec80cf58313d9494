using System.Collections.Frozen;

namespace ClinicFlow.Documents.Fields;

/// <summary>
/// What the library knows of each field name before it looks at the instruction: which switches take an argument,
/// which fields stay live, which are never run. ECMA-376 Part 1 §17.16.5; [MS-OI29500] 3.1.3.2 (barcodes).
/// </summary>
internal static class FieldCatalog
{
    private static readonly FrozenSet<string> Conditions = Set("IF COMPARE NEXTIF SKIPIF");

    private static readonly FrozenSet<string> Live = Set("""
        PAGE NUMPAGES SECTION SECTIONPAGES PAGEREF STYLEREF TOC TC TOA TA XE INDEX NOTEREF FTNREF HYPERLINK LISTNUM SYMBOL EQ
        AUTONUM AUTONUMLGL AUTONUMOUT ADVANCE PRIVATE RD MACROBUTTON GOTOBUTTON PRINT USERNAME USERINITIALS USERADDRESS
        NUMWORDS NUMCHARS FILESIZE REVNUM EDITTIME LASTSAVEDBY TEMPLATE INFO BIBLIOGRAPHY CITATION BIDIOUTLINE BARCODE
        DOCPARTOBJ GLOSSARY AUTOTEXT AUTOTEXTLIST SHAPE HTMLACTIVEX CONTROL ADDIN
        """);

    private static readonly FrozenSet<string> NeverFetched = Set("INCLUDETEXT INCLUDE LINK DDE DDEAUTO DATABASE IMPORT EMBED DATA");

    private static readonly FrozenSet<string> FormFields = Set("FORMTEXT FORMCHECKBOX FORMDROPDOWN");

    /// <summary>The switches of a field that take an argument, as letters. The general ones always do.</summary>
    private static readonly FrozenDictionary<string, string> SwitchesWithArgument = new Dictionary<string, string>
    {
        ["MERGEFIELD"] = "bf",
        ["REF"] = "d",
        ["SEQ"] = "rs",
        ["ASK"] = "d",
        ["FILLIN"] = "d",
        ["ADDRESSBLOCK"] = "cefl",
        ["GREETINGLINE"] = "cefl",
        ["MERGEBARCODE"] = "hsqfbpcr",
        ["DISPLAYBARCODE"] = "hsqfbpcr",
        ["INCLUDEPICTURE"] = "c",
        ["INCLUDETEXT"] = "cnxet",
        ["HYPERLINK"] = "lmot",
        ["TOC"] = "abcdfloptsnu",
        ["INDEX"] = "bcdefghklpsz",
        ["XE"] = "bfirty",
        ["TC"] = "fl",
        ["LISTNUM"] = "ls",
        ["SYMBOL"] = "fs",
    }.ToFrozenDictionary();

    /// <summary>Every field name the library knows, for <em>did you mean</em>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. FieldParser.ComputedNames, .. Live, .. NeverFetched, .. FormFields];

    /// <summary>Whether the arguments start with a comparison.</summary>
    public static bool IsCondition(string name) => Conditions.Contains(name.ToUpperInvariant());

    /// <summary>Whether a switch of a field takes an argument.</summary>
    public static bool TakesArgument(string name, string switchName) => switchName is @"\*" or @"\#" or @"\@"
        || (SwitchesWithArgument.TryGetValue(name.ToUpperInvariant(), out var letters) && letters.Contains(switchName[1]));

    /// <summary>The kind of a field that is known by its name alone; null for one that is computed, or unknown.</summary>
    public static FieldKind? KindOf(string name)
        => Live.Contains(name) ? FieldKind.Live
        : NeverFetched.Contains(name) ? FieldKind.NeverFetched
        : FormFields.Contains(name) ? FieldKind.FormField
        : null;

    private static FrozenSet<string> Set(string names)
        => names.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
