using ClinicFlow.Documents.Model.Equations;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads settings.xml.</summary>
internal static class SettingsReader
{
    // Under w:compat the switches carry their own names; some newer ones are settings with a name and a value.
    private static readonly Dictionary<string, CompatibilityFlags> Flags = Enum.GetValues<CompatibilityFlags>().Where(flag => flag != CompatibilityFlags.None)
        .ToDictionary(flag => flag.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads w:settings; without a part all is Word's own.</summary>
    public static DocumentSettings Read(Element settings)
    {
        if (!settings.Exists)
        {
            return new DocumentSettings();
        }

        var read = new DocumentSettings();
        foreach (var e in settings.Elements)
        {
            if (e.Ns == Ns.W)
            {
                read = Read(read, e);
            }
            else if (e.Is(Ns.Math, "mathPr"))
            {
                read = read with { Equations = Equations(e) };
            }
        }

        return read;
    }

    private static DocumentSettings Read(DocumentSettings read, Element e) => e.Name switch
    {
        "defaultTabStop" => read with { DefaultTabStop = AttributeText.Twips(e.Val) is { Value: >= 0 } stop ? stop : read.DefaultTabStop },
        "decimalSymbol" => read with { DecimalSymbol = e.Val is "," ? "," : "." },
        "listSeparator" => read with { ListSeparator = e.Val is { Length: 1 } sign ? sign : "" },
        "evenAndOddHeaders" => read with { EvenAndOddHeaders = AttributeText.IsOn(e.Val) },
        "mirrorMargins" => read with { MirrorMargins = AttributeText.IsOn(e.Val) },
        "gutterAtTop" => read with { GutterAtTop = AttributeText.IsOn(e.Val) },
        "printTwoOnOne" => read with { PrintTwoOnOne = AttributeText.IsOn(e.Val) },
        "autoHyphenation" => read with { AutoHyphenation = AttributeText.IsOn(e.Val) },
        "consecutiveHyphenLimit" => read with { ConsecutiveHyphenLimit = Math.Max(0, AttributeText.Int(e.Val) ?? 0) },
        "hyphenationZone" => read with { HyphenationZone = AttributeText.Twips(e.Val) ?? read.HyphenationZone },
        "doNotHyphenateCaps" => read with { DoNotHyphenateCaps = AttributeText.IsOn(e.Val) },
        "bordersDoNotSurroundHeader" => read with { BordersSurroundHeader = !AttributeText.IsOn(e.Val) },
        "bordersDoNotSurroundFooter" => read with { BordersSurroundFooter = !AttributeText.IsOn(e.Val) },
        "alignBordersAndEdges" => AttributeText.IsOn(e.Val) ? read with { Flags = read.Flags | CompatibilityFlags.AlignBordersAndEdges } : read,
        "characterSpacingControl" => read with { CompressPunctuation = e.Val is "compressPunctuation" or "compressPunctuationAndJapaneseKana" },
        "noLineBreaksAfter" => read with { NoLineBreaksAfter = e.Val ?? "" },
        "noLineBreaksBefore" => read with { NoLineBreaksBefore = e.Val ?? "" },
        "footnotePr" => read with { Footnotes = Notes(e, read.Footnotes) },
        "endnotePr" => read with { Endnotes = Notes(e, read.Endnotes) },
        "compat" => ReadCompatibility(read, e),
        _ => read,
    };

    /// <summary>m:jc or m:defJc; null where nothing is stated.</summary>
    public static EquationAlignment? EquationAlignmentOf(Element e) => e.Val switch
    {
        "left" => EquationAlignment.Left,
        "center" => EquationAlignment.Center,
        "right" => EquationAlignment.Right,
        "centerGroup" => EquationAlignment.CenterGroup,
        _ => null,
    };

    private static EquationSettings Equations(Element mathPr)
    {
        var read = EquationSettings.Default;
        foreach (var e in mathPr.Elements)
        {
            read = e.Name switch
            {
                "mathFont" => read with { Font = e.Val is { Length: > 0 } font ? font : read.Font },
                "defJc" => read with { Alignment = EquationAlignmentOf(e) ?? read.Alignment },
                "lMargin" => read with { LeftMargin = AttributeText.Twips(e.Val) ?? Pt.Zero },
                "rMargin" => read with { RightMargin = AttributeText.Twips(e.Val) ?? Pt.Zero },
                "wrapIndent" => read with { WrapIndent = AttributeText.Twips(e.Val) ?? read.WrapIndent },
                "wrapRight" => read with { WrapsToRight = AttributeText.IsOn(e.Val) },
                "brkBin" => read with { BreaksBehindOperators = e.Val == "after", Unfollowed = e.Val == "repeat" ? "operators repeated at line ends" : read.Unfollowed },
                "intLim" => read with { HasIntegralLimitsAboveAndBelow = e.Val == "undOvr" },
                "naryLim" => read with { HasNaryLimitsAboveAndBelow = e.Val != "subSup" },
                "smallFrac" => read with { HasSmallFractions = AttributeText.IsOn(e.Val) },
                "preSp" or "postSp" or "interSp" or "intraSp" => (AttributeText.Int(e.Val) ?? 0) == 0 ? read : read with { Unfollowed = e.Name },
                _ => read,
            };
        }

        return read;
    }

    /// <summary>w:footnotePr or w:endnotePr, over what holds otherwise.</summary>
    public static NoteSettings Notes(Element e, NoteSettings otherwise)
    {
        if (!e.Exists)
        {
            return otherwise;
        }

        return new NoteSettings(
            e.Child("pos").Val switch { "pageBottom" => NotePosition.PageBottom, "beneathText" => NotePosition.BeneathText, "sectEnd" => NotePosition.SectionEnd, "docEnd" => NotePosition.DocumentEnd, _ => otherwise.Position },
            e.Child("numFmt") is { Exists: true } format ? NumberText.FormatOf(format.Val) ?? NumberFormat.Decimal : otherwise.Format,
            AttributeText.Int(e.Child("numStart").Val) ?? otherwise.Start,
            e.Child("numRestart").Val switch { "eachSect" => NoteRestart.EachSection, "eachPage" => NoteRestart.EachPage, "continuous" => NoteRestart.Continuous, _ => otherwise.Restart })
        {
            IsUnknownFormat = e.Child("numFmt") is { Exists: true } stated ? NumberText.FormatOf(stated.Val) is null : otherwise.IsUnknownFormat,
        };
    }

    private static DocumentSettings ReadCompatibility(DocumentSettings read, Element compat)
    {
        foreach (var e in compat.Elements)
        {
            if (e.Is("compatSetting") && e["name"] == "compatibilityMode")
            {
                read = read with { CompatibilityMode = Math.Clamp(AttributeText.Int(e.Val) ?? 0, 0, 15) };
            }
            else
            {
                if (e["name"] is "useWord2013TrackBottomHyphenation" && !AttributeText.IsOn(e.Val) && read.DividedLines == DividedLineAtEnd.Moves)
                {
                    read = read with { DividedLines = DividedLineAtEnd.KeepsWordWhole };
                }

                var name = e.Name == "compatSetting" ? e["name"] ?? "" : e.Name;
                if (Flags.TryGetValue(name, out var flag) && AttributeText.IsOn(e.Val))
                {
                    read = read with { Flags = read.Flags | flag, DividedLines = flag == CompatibilityFlags.AllowHyphenationAtTrackBottom ? DividedLineAtEnd.Stays : read.DividedLines };
                }
            }
        }

        return read;
    }
}
