using System.Text;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>A level of a list as defined (w:lvl, §17.9.6).</summary>
internal sealed record ListLevelDefinition
{
    public int Start { get; init; } = 1;

    public NumberFormat Format { get; init; }

    /// <summary>w:lvlText: with %1 to %9 for the counters.</summary>
    public string Text { get; init; } = "";

    public LabelSuffix Suffix { get; init; }

    public ParagraphAlignment Alignment { get; init; }

    /// <summary>The level after which counting starts again (1-based); 0: never; null: after any higher one.</summary>
    public int? Restart { get; init; }

    /// <summary>All counters decimal.</summary>
    public bool IsLegal { get; init; }

    public string? StyleId { get; init; }

    public PictureBullet? PictureBullet { get; init; }

    public Pt? LegacySpace { get; init; }

    public ParagraphProperties Paragraph { get; init; } = ParagraphProperties.None;

    public CharacterProperties Characters { get; init; } = CharacterProperties.None;

    /// <summary>Whether the format is one that is not written out here.</summary>
    public bool IsUnknownFormat { get; init; }
}

/// <summary>The lists of a document (numbering.xml): levels by list, with their overrides and numbering styles followed.</summary>
internal sealed class NumberingDefinitions
{
    public const int Levels = 9;

    private readonly Dictionary<int, ListDefinition> _lists = [];

    public static NumberingDefinitions None { get; } = new();

    /// <summary>Reads w:numbering.</summary>
    /// <param name="numbering">The root, or no element.</param>
    /// <param name="theme">The document's theme.</param>
    /// <param name="listOfStyle">Finds the list of a numbering style.</param>
    /// <param name="pictures">Finds the picture of a w:numPicBullet by its id; null where there is none.</param>
    public static NumberingDefinitions Read(Element numbering, Theme theme, Func<string, int?> listOfStyle, Func<int, PictureBullet?> pictures)
    {
        var definitions = new NumberingDefinitions();
        if (!numbering.Exists)
        {
            return definitions;
        }

        var abstracts = new Dictionary<int, Element>();
        foreach (var e in numbering.Elements)
        {
            if (e.Is("abstractNum") && AttributeText.Int(e["abstractNumId"]) is { } id)
            {
                abstracts.TryAdd(id, e);
            }
        }

        var abstractOf = new Dictionary<int, int>();
        foreach (var e in numbering.Elements)
        {
            if (e.Is("num") && AttributeText.Int(e["numId"]) is { } id && AttributeText.Int(e.Child("abstractNumId").Val) is { } abstractId)
            {
                abstractOf.TryAdd(id, abstractId);
            }
        }

        foreach (var e in numbering.Elements)
        {
            if (e.Is("num") && AttributeText.Int(e["numId"]) is { } id && abstractOf.TryGetValue(id, out var abstractId) && !definitions._lists.ContainsKey(id))
            {
                definitions._lists[id] = ReadList(e, FollowStyle(abstractId, abstracts, abstractOf, listOfStyle), abstracts, theme, pictures);
            }
        }

        return definitions;
    }

    /// <summary>The list; null where the document does not define it.</summary>
    public ListDefinition? List(int listId) => _lists.GetValueOrDefault(listId);

    /// <summary>A level; null where the document does not define it.</summary>
    public ListLevelDefinition? Level(int listId, int level) => List(listId)?.Levels[level];

    /// <summary>The level that names a paragraph style; null where none does.</summary>
    public int? LevelOfStyle(int listId, string styleId)
    {
        var levels = List(listId)?.Levels ?? [];
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i]?.StyleId == styleId)
            {
                return i;
            }
        }

        return null;
    }

    // A definition that only names a numbering style takes the levels of that style's list (§17.9.21).
    private static int FollowStyle(int abstractId, Dictionary<int, Element> abstracts, Dictionary<int, int> abstractOf, Func<string, int?> listOfStyle)
    {
        for (var i = 0; i < 16 && abstracts.TryGetValue(abstractId, out var e) && e.Child("numStyleLink").Val is { } style
            && listOfStyle(style) is { } list && abstractOf.TryGetValue(list, out var next) && next != abstractId; i++)
        {
            abstractId = next;
        }

        return abstractId;
    }

    private static ListDefinition ReadList(Element num, int abstractId, Dictionary<int, Element> abstracts, Theme theme, Func<int, PictureBullet?> pictures)
    {
        var levels = new ListLevelDefinition?[Levels];
        var starts = new int?[Levels];
        if (abstracts.TryGetValue(abstractId, out var definition))
        {
            foreach (var e in definition.Elements)
            {
                if (e.Is("lvl") && AttributeText.Int(e["ilvl"]) is { } level and >= 0 and < Levels)
                {
                    levels[level] = ReadLevel(e, theme, pictures);
                }
            }
        }

        foreach (var e in num.Elements)
        {
            if (e.Is("lvlOverride") && AttributeText.Int(e["ilvl"]) is { } level and >= 0 and < Levels)
            {
                levels[level] = e.Child("lvl") is { Exists: true } own ? ReadLevel(own, theme, pictures) : levels[level];
                starts[level] = AttributeText.Int(e.Child("startOverride").Val);
            }
        }

        return new ListDefinition(abstractId, levels, starts);
    }

    private static ListLevelDefinition ReadLevel(Element lvl, Theme theme, Func<int, PictureBullet?> pictures)
    {
        var format = lvl.Child("numFmt");
        if (!format.Exists && lvl.Child(Ns.Compatibility, "AlternateContent") is { Exists: true } alternatives)
        {
            // A custom format in the choice; in the fallback one for those who do not know it, whose numbers are others.
            format = alternatives.Child(Ns.Compatibility, "Choice").Child("numFmt") is { Exists: true } custom ? custom : alternatives.Child(Ns.Compatibility, "Fallback").Child("numFmt");
        }

        var legacy = lvl.Child("legacy");
        var pPr = lvl.Child("pPr");
        var known = format.Val == "custom" ? NumberText.FormatOfCustom(format["format"]) : NumberText.FormatOf(format.Val);
        return new ListLevelDefinition
        {
            Start = AttributeText.Int(lvl.Child("start").Val) ?? 0,
            Format = known ?? NumberFormat.Decimal,
            IsUnknownFormat = known is null && format.Exists,
            Text = AttributeText.Bool(lvl.Child("lvlText")["null"]) == true ? "" : lvl.Child("lvlText").Val ?? "",
            Suffix = lvl.Child("suff").Val switch { "space" => LabelSuffix.Space, "nothing" => LabelSuffix.Nothing, _ => LabelSuffix.Tab },
            Alignment = ParagraphProperties.AlignmentOf(lvl.Child("lvlJc").Val) ?? ParagraphAlignment.Start,
            Restart = AttributeText.Int(lvl.Child("lvlRestart").Val),
            IsLegal = AttributeText.OnOff(lvl.Child("isLgl")) == true,
            StyleId = lvl.Child("pStyle").Val,
            PictureBullet = AttributeText.Int(lvl.Child("lvlPicBulletId").Val) is { } id ? pictures(id) : null,
            LegacySpace = AttributeText.Bool(legacy["legacy"]) == true ? AttributeText.Twips(legacy["legacySpace"]) ?? Pt.Zero : null,
            Paragraph = ParagraphProperties.Read(pPr, theme),
            Characters = CharacterProperties.Read(lvl.Child("rPr"), theme),
        };
    }
}

/// <summary>A list: which definition it counts with, its levels, and where it starts anew.</summary>
internal sealed record ListDefinition(int AbstractId, ListLevelDefinition?[] Levels, int?[] StartOverrides);

/// <summary>
/// Counts the numbered paragraphs of a story in order. Lists of one definition count on together; a list that overrides a start
/// begins there when it is first met (§17.9.8, §17.9.11).
/// </summary>
internal sealed class ListCounters(NumberingDefinitions definitions)
{
    private readonly Dictionary<int, int?[]> _counters = [];
    private readonly HashSet<int> _met = [];

    /// <summary>Counts a paragraph; gives its level's number.</summary>
    public int Count(int listId, int level)
    {
        if (definitions.List(listId) is not { } list)
        {
            return 0;
        }

        var counters = CountersOf(list);
        if (_met.Add(listId))
        {
            for (var i = 0; i < NumberingDefinitions.Levels; i++)
            {
                if (list.StartOverrides[i] is not null)
                {
                    counters[i] = null;
                }
            }
        }

        counters[level] = counters[level] is { } number ? number + 1 : StartOf(list, level);
        for (var lower = level + 1; lower < NumberingDefinitions.Levels; lower++)
        {
            // Restarting after level n (from 1) means: when that level or a higher one counts.
            if (list.Levels[lower]?.Restart is not { } restart || (restart > 0 && level < restart))
            {
                counters[lower] = null;
            }
        }

        return counters[level]!.Value;
    }

    /// <summary>The label of the paragraph that was just counted.</summary>
    public string Text(int listId, int level)
    {
        if (definitions.List(listId) is not { } list || list.Levels[level] is not { } definition)
        {
            return "";
        }

        if (definition.Format == NumberFormat.Bullet || !definition.Text.Contains('%', StringComparison.Ordinal))
        {
            return definition.Text;
        }

        var counters = CountersOf(list);
        var text = new StringBuilder();
        for (var i = 0; i < definition.Text.Length; i++)
        {
            var c = definition.Text[i];
            if (c == '%' && i + 1 < definition.Text.Length && definition.Text[i + 1] is >= '1' and <= '9')
            {
                var of = definition.Text[++i] - '1';

                // A higher level that nobody has counted yet shows its start.
                var number = counters[of] ?? StartOf(list, of);
                text.Append(NumberText.Write(number, definition.IsLegal ? NumberFormat.Decimal : list.Levels[of]?.Format ?? NumberFormat.Decimal));
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    private int?[] CountersOf(ListDefinition list)
    {
        if (!_counters.TryGetValue(list.AbstractId, out var counters))
        {
            _counters[list.AbstractId] = counters = new int?[NumberingDefinitions.Levels];
        }

        return counters;
    }

    private static int StartOf(ListDefinition list, int level) => list.StartOverrides[level] ?? list.Levels[level]?.Start ?? 1;
}
