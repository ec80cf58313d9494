namespace ClinicFlow.Documents.Model.Reading;

/// <summary>The conditions of table styles (§17.7.6.6), in the order in which they are laid over each other: later ones win.</summary>
[Flags]
internal enum TableConditions
{
    None = 0,
    Band1Vertical = 1 << 0,
    Band2Vertical = 1 << 1,
    Band1Horizontal = 1 << 2,
    Band2Horizontal = 1 << 3,
    FirstRow = 1 << 4,
    LastRow = 1 << 5,
    FirstColumn = 1 << 6,
    LastColumn = 1 << 7,
    NorthEast = 1 << 8,
    NorthWest = 1 << 9,
    SouthEast = 1 << 10,
    SouthWest = 1 << 11,
}

/// <summary>What paragraphs and runs take from the table they stand in.</summary>
internal sealed class TableContext(ParagraphProperties paragraph, CharacterProperties characters)
{
    /// <summary>Outside a table.</summary>
    public static TableContext None { get; } = new(ParagraphProperties.None, CharacterProperties.None);

    public ParagraphProperties Paragraph { get; } = paragraph;

    public CharacterProperties Characters { get; } = characters;
}

/// <summary>A table style with its base styles joined: what holds for the whole table, and for each condition.</summary>
internal sealed class TableStyle
{
    private const int ConditionCount = 12;

    private readonly Part?[] _conditions = new Part?[ConditionCount];
    private readonly Dictionary<TableConditions, TableContext> _contexts = [];
    private readonly Dictionary<TableConditions, (int Index, Part Part)[]> _parts = [];

    public Part Whole { get; private set; } = Part.None;

    /// <summary>Joins a chain, from the base to the style.</summary>
    public static TableStyle Read(IEnumerable<Element> chain, Theme theme)
    {
        var style = new TableStyle();
        foreach (var e in chain)
        {
            style.Whole = Part.Read(e, theme).Over(style.Whole);
            foreach (var condition in e.Elements)
            {
                if (condition.Is("tblStylePr") && IndexOf(condition["type"]) is { } index)
                {
                    style._conditions[index] = Part.Read(condition, theme).Over(style._conditions[index] ?? Part.None);
                }
                else if (condition.Is("tblStylePr") && condition["type"] == "wholeTable")
                {
                    style.Whole = Part.Read(condition, theme).Over(style.Whole);
                }
            }
        }

        return style;
    }

    public bool Has(TableConditions one) => _conditions[System.Numerics.BitOperations.TrailingZeroCount((int)one)] is not null;

    /// <summary>What a condition states; null where the style has none for it.</summary>
    public Part? this[int condition] => _conditions[condition];

    /// <summary>The conditions that a place has and the style knows, in order.</summary>
    public (int Index, Part Part)[] Parts(TableConditions conditions)
    {
        if (!_parts.TryGetValue(conditions, out var parts))
        {
            var found = new List<(int Index, Part Part)>();
            for (var i = 0; i < ConditionCount; i++)
            {
                if (((int)conditions & (1 << i)) != 0 && _conditions[i] is { } part)
                {
                    found.Add((i, part));
                }
            }

            _parts[conditions] = parts = [.. found];
        }

        return parts;
    }

    /// <summary>What paragraphs and runs of a cell take from the style.</summary>
    public TableContext Context(TableConditions conditions)
    {
        if (!_contexts.TryGetValue(conditions, out var context))
        {
            var (paragraph, characters) = (Whole.Paragraph, Whole.Characters);
            foreach (var (_, part) in Parts(conditions))
            {
                paragraph = part.Paragraph.Over(paragraph);
                characters = part.Characters.Over(characters);
            }

            _contexts[conditions] = context = new TableContext(paragraph, characters);
        }

        return context;
    }

    private static int? IndexOf(string? type) => type switch
    {
        "band1Vert" => 0,
        "band2Vert" => 1,
        "band1Horz" => 2,
        "band2Horz" => 3,
        "firstRow" => 4,
        "lastRow" => 5,
        "firstCol" => 6,
        "lastCol" => 7,
        "neCell" => 8,
        "nwCell" => 9,
        "seCell" => 10,
        "swCell" => 11,
        _ => null,
    };

    /// <summary>The properties of a style or of one of its conditions.</summary>
    internal sealed record Part(ParagraphProperties Paragraph, CharacterProperties Characters, TableProperties Table, RowProperties Row, CellProperties Cell)
    {
        public static Part None { get; } = new(ParagraphProperties.None, CharacterProperties.None, TableProperties.None, RowProperties.None, CellProperties.None);

        public static Part Read(Element e, Theme theme) => new(
            ParagraphProperties.Read(e.Child("pPr"), theme),
            CharacterProperties.Read(e.Child("rPr"), theme),
            TableProperties.Read(e.Child("tblPr"), theme),
            RowProperties.Read(e.Child("trPr")),
            CellProperties.Read(e.Child("tcPr"), theme));

        public Part Over(Part below) => new(Paragraph.Over(below.Paragraph), Characters.Over(below.Characters), Table.Over(below.Table), Row.Over(below.Row), Cell.Over(below.Cell));
    }
}
