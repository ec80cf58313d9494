using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>On-off properties of paragraphs, as bits.</summary>
[Flags]
internal enum ParagraphSwitches : uint
{
    None = 0,
    KeepNext = 1 << 0,
    KeepLines = 1 << 1,
    PageBreakBefore = 1 << 2,
    WidowControl = 1 << 3,
    SuppressLineNumbers = 1 << 4,
    SuppressAutoHyphens = 1 << 5,
    Kinsoku = 1 << 6,
    WordWrap = 1 << 7,
    OverflowPunct = 1 << 8,
    TopLinePunct = 1 << 9,
    AutoSpaceDe = 1 << 10,
    AutoSpaceDn = 1 << 11,
    Bidi = 1 << 12,
    SnapToGrid = 1 << 13,
    ContextualSpacing = 1 << 14,
    MirrorIndents = 1 << 15,
    SuppressOverlap = 1 << 16,
    BeforeAuto = 1 << 17,
    AfterAuto = 1 << 18,
}

/// <summary>
/// What one w:pPr states, and only that. Attributes of w:ind and w:spacing, the sides of borders and single tab stops count one by
/// one (docs/layout.md, "Lines"). Null: not stated.
/// </summary>
internal sealed record ParagraphProperties
{
    public static ParagraphProperties None { get; } = new();

    public string? StyleId { get; init; }

    public ParagraphSwitches Stated { get; init; }

    public ParagraphSwitches On { get; init; }

    public ParagraphAlignment? Alignment { get; init; }

    public Pt? IndentStart { get; init; }

    public Pt? IndentEnd { get; init; }

    public Pt? FirstLine { get; init; }

    /// <summary>In hundredths of a character; these count where no length is stated beside them.</summary>
    public int? IndentStartChars { get; init; }

    public int? IndentEndChars { get; init; }

    public int? FirstLineChars { get; init; }

    public Pt? Before { get; init; }

    public Pt? After { get; init; }

    /// <summary>In hundredths of a line.</summary>
    public int? BeforeLines { get; init; }

    public int? AfterLines { get; init; }

    public LineRule? LineRule { get; init; }

    /// <summary>240ths of a line or twips, as the rule says.</summary>
    public double? Line { get; init; }

    public int? OutlineLevel { get; init; }

    public LineAlignment? LineAlignment { get; init; }

    public TextDirection? Direction { get; init; }

    /// <summary>Stops that are set and, as null, stops that are cleared, by position.</summary>
    public ImmutableSortedDictionary<double, TabStop?> Tabs { get; init; } = ImmutableSortedDictionary<double, TabStop?>.Empty;

    public StatedSides? Borders { get; init; }

    public CharacterProperties.StatedColor? Shading { get; init; }

    public Frame? Frame { get; init; }

    /// <summary>w:numId; 0 takes the number away.</summary>
    public int? ListId { get; init; }

    public int? ListLevel { get; init; }

    public FoundConstructs? Constructs { get; init; }

    /// <summary>Reads w:pPr. Its w:rPr and w:sectPr are for others.</summary>
    public static ParagraphProperties Read(Element pPr, Theme theme)
    {
        if (!pPr.Exists)
        {
            return None;
        }

        var read = new ParagraphProperties();
        foreach (var child in pPr.Elements)
        {
            read = child.Ns == Ns.W ? Read(read, child, theme) : child.Ns == Ns.Compatibility ? read : read.With(Construct.UnknownProperty, child.Name);
        }

        return read;
    }

    /// <summary>This over what is below: what this states wins.</summary>
    public ParagraphProperties Over(ParagraphProperties below)
    {
        if (ReferenceEquals(below, None) || ReferenceEquals(this, below))
        {
            return this;
        }

        if (ReferenceEquals(this, None))
        {
            return below;
        }

        return new ParagraphProperties
        {
            StyleId = StyleId ?? below.StyleId,
            Stated = Stated | below.Stated,
            On = On | (below.On & ~Stated),
            Alignment = Alignment ?? below.Alignment,
            IndentStart = IndentStart ?? below.IndentStart,
            IndentEnd = IndentEnd ?? below.IndentEnd,
            FirstLine = FirstLine ?? below.FirstLine,
            IndentStartChars = IndentStartChars ?? (IndentStart is null ? below.IndentStartChars : null),
            IndentEndChars = IndentEndChars ?? (IndentEnd is null ? below.IndentEndChars : null),
            FirstLineChars = FirstLineChars ?? (FirstLine is null ? below.FirstLineChars : null),
            Before = Before ?? below.Before,
            After = After ?? below.After,
            BeforeLines = BeforeLines ?? (Before is null ? below.BeforeLines : null),
            AfterLines = AfterLines ?? (After is null ? below.AfterLines : null),
            LineRule = LineRule ?? below.LineRule,
            Line = Line ?? below.Line,
            OutlineLevel = OutlineLevel ?? below.OutlineLevel,
            LineAlignment = LineAlignment ?? below.LineAlignment,
            Direction = Direction ?? below.Direction,
            Tabs = Tabs.IsEmpty ? below.Tabs : below.Tabs.SetItems(Tabs),
            Borders = Borders?.Over(below.Borders) ?? below.Borders,
            Shading = Shading ?? below.Shading,
            Frame = Frame ?? below.Frame,
            ListId = ListId ?? below.ListId,
            ListLevel = ListLevel ?? below.ListLevel,
            Constructs = FoundConstructs.Join(below.Constructs, Constructs),
        };
    }

    /// <summary>The values: what is not stated is Word's own.</summary>
    /// <param name="styleId">The paragraph's style.</param>
    /// <param name="characterSize">The size of the default text, of which character units are counted.</param>
    public ParagraphFormat ToFormat(string styleId, Pt characterSize)
    {
        var rule = LineRule ?? Model.LineRule.Auto;
        var line = Line ?? 240;
        return new ParagraphFormat
        {
            StyleId = styleId,
            OutlineLevel = OutlineLevel is >= 0 and <= 8 ? OutlineLevel : null,
            Alignment = Alignment ?? ParagraphAlignment.Start,
            IsRightToLeft = Has(ParagraphSwitches.Bidi),
            IndentStart = IndentStart ?? Characters(IndentStartChars, characterSize),
            IndentEnd = IndentEnd ?? Characters(IndentEndChars, characterSize),
            FirstLine = FirstLine ?? Characters(FirstLineChars, characterSize),
            MirrorsIndents = Has(ParagraphSwitches.MirrorIndents),
            SpaceBefore = Before ?? Lines(BeforeLines),
            SpaceAfter = After ?? Lines(AfterLines),
            HasAutomaticSpaceBefore = Has(ParagraphSwitches.BeforeAuto),
            HasAutomaticSpaceAfter = Has(ParagraphSwitches.AfterAuto),
            HasContextualSpacing = Has(ParagraphSwitches.ContextualSpacing),
            LineSpacing = rule == Model.LineRule.Auto
                ? new LineSpacing(rule, Pt.Zero, line > 0 ? line / 240 : 1)
                : line == 0 ? LineSpacing.Single : new LineSpacing(rule, Pt.FromTwips(Math.Abs(line)), 1),
            KeepsWithNext = Has(ParagraphSwitches.KeepNext),
            KeepsLines = Has(ParagraphSwitches.KeepLines),
            BreaksPageBefore = Has(ParagraphSwitches.PageBreakBefore),
            HasWidowControl = IsOnUnlessStated(ParagraphSwitches.WidowControl),
            SuppressesLineNumbers = Has(ParagraphSwitches.SuppressLineNumbers),
            SuppressesHyphenation = Has(ParagraphSwitches.SuppressAutoHyphens),
            Tabs = [.. Tabs.Values.OfType<TabStop>()],
            Borders = Borders?.ToParagraphBorders(),
            Shading = Shading?.Value,
            ShadingDots = Shading?.Dots,
            Frame = Frame is { YAlign: FramePosition.Inline, DropCap: DropCap.None } ? null : Frame,
            SnapsToGrid = IsOnUnlessStated(ParagraphSwitches.SnapToGrid),
            HasKinsoku = IsOnUnlessStated(ParagraphSwitches.Kinsoku),
            WrapsByWord = IsOnUnlessStated(ParagraphSwitches.WordWrap),
            HangsPunctuation = IsOnUnlessStated(ParagraphSwitches.OverflowPunct),
            CompressesLeadingPunctuation = Has(ParagraphSwitches.TopLinePunct),
            SpacesLatin = IsOnUnlessStated(ParagraphSwitches.AutoSpaceDe),
            SpacesNumbers = IsOnUnlessStated(ParagraphSwitches.AutoSpaceDn),
            LineAlignment = LineAlignment ?? Model.LineAlignment.Auto,
            TextDirection = Direction ?? TextDirection.Horizontal,
            SuppressesOverlap = Has(ParagraphSwitches.SuppressOverlap),
        };
    }

    private static Pt Characters(int? hundredths, Pt size) => size * ((hundredths ?? 0) / 100.0);

    // A line is 12 pt where there is no grid.
    private static Pt Lines(int? hundredths) => new((hundredths ?? 0) * 0.12);

    private bool Has(ParagraphSwitches one) => (On & one) != 0;

    private bool IsOnUnlessStated(ParagraphSwitches one) => (Stated & one) == 0 || (On & one) != 0;

    private ParagraphProperties With(Construct construct, string detail) => this with { Constructs = FoundConstructs.Join(Constructs, new FoundConstructs(construct, detail, null)) };

    private ParagraphProperties With(ParagraphSwitches one, bool isOn) => this with { Stated = Stated | one, On = isOn ? On | one : On & ~one };

    private static ParagraphProperties Read(ParagraphProperties read, Element e, Theme theme)
    {
        if (SwitchOf(e.Name) is var one and not ParagraphSwitches.None)
        {
            return read.With(one, AttributeText.IsOn(e.Val));
        }

        switch (e.Name)
        {
            case "pStyle":
                return read with { StyleId = e.Val };
            case "jc":
                return read with { Alignment = AlignmentOf(e.Val) ?? read.Alignment };
            case "ind":
                return ReadIndents(read, e);
            case "spacing":
                return ReadSpacing(read, e);
            case "outlineLvl":
                return read with { OutlineLevel = AttributeText.Int(e.Val) };
            case "textAlignment":
                return read with
                {
                    LineAlignment = e.Val switch { "top" => Model.LineAlignment.Top, "center" => Model.LineAlignment.Center, "baseline" => Model.LineAlignment.Baseline, "bottom" => Model.LineAlignment.Bottom, _ => Model.LineAlignment.Auto },
                };
            case "textDirection":
                return read with { Direction = DirectionOf(e.Val) };
            case "tabs":
                return read with { Tabs = ReadTabs(e, read.Tabs) };
            case "pBdr":
                return read with { Borders = StatedSides.Read(e, theme).Over(read.Borders) };
            case "shd":
                read = read with { Shading = new CharacterProperties.StatedColor(ColorReader.Shading(e, theme), ColorReader.ShadingDots(e, theme)) };
                return ColorReader.ShadingDots(e, theme) is null ? read : read.With(Construct.ShadingPattern, "");
            case "framePr":
                return read with { Frame = ReadFrame(e) };
            case "numPr":
                return read with { ListId = AttributeText.Int(e.Child("numId").Val) ?? read.ListId, ListLevel = AttributeText.Int(e.Child("ilvl").Val) ?? read.ListLevel };
            case "rPr" or "sectPr" or "pPrChange" or "cnfStyle" or "divId" or "adjustRightInd" or "textboxTightWrap" or "collapsed":
                return read;
            default:
                return read.With(Construct.UnknownProperty, e.Name);
        }
    }

    private static ParagraphSwitches SwitchOf(string name) => name switch
    {
        "keepNext" => ParagraphSwitches.KeepNext,
        "keepLines" => ParagraphSwitches.KeepLines,
        "pageBreakBefore" => ParagraphSwitches.PageBreakBefore,
        "widowControl" => ParagraphSwitches.WidowControl,
        "suppressLineNumbers" => ParagraphSwitches.SuppressLineNumbers,
        "suppressAutoHyphens" => ParagraphSwitches.SuppressAutoHyphens,
        "kinsoku" => ParagraphSwitches.Kinsoku,
        "wordWrap" => ParagraphSwitches.WordWrap,
        "overflowPunct" => ParagraphSwitches.OverflowPunct,
        "topLinePunct" => ParagraphSwitches.TopLinePunct,
        "autoSpaceDE" => ParagraphSwitches.AutoSpaceDe,
        "autoSpaceDN" => ParagraphSwitches.AutoSpaceDn,
        "bidi" => ParagraphSwitches.Bidi,
        "snapToGrid" => ParagraphSwitches.SnapToGrid,
        "contextualSpacing" => ParagraphSwitches.ContextualSpacing,
        "mirrorIndents" => ParagraphSwitches.MirrorIndents,
        "suppressOverlap" => ParagraphSwitches.SuppressOverlap,
        _ => ParagraphSwitches.None,
    };

    public static ParagraphAlignment? AlignmentOf(string? value) => value switch
    {
        "left" or "start" => ParagraphAlignment.Start,
        "center" => ParagraphAlignment.Center,
        "right" or "end" => ParagraphAlignment.End,
        "both" or "lowKashida" or "mediumKashida" or "highKashida" => ParagraphAlignment.Justify,
        "distribute" => ParagraphAlignment.Distribute,
        "thaiDistribute" => ParagraphAlignment.ThaiDistribute,
        _ => null,
    };

    public static TextDirection DirectionOf(string? value) => value switch
    {
        "tbRl" or "rl" or "tbRlV" or "rlV" => TextDirection.Clockwise,
        "btLr" or "lr" => TextDirection.CounterClockwise,
        "lrTbV" or "tbV" or "tbLrV" or "lrV" => TextDirection.Vertical,
        _ => TextDirection.Horizontal,
    };

    private static ParagraphProperties ReadIndents(ParagraphProperties read, Element e)
    {
        var start = AttributeText.Twips(e["start"] ?? e["left"]);
        var end = AttributeText.Twips(e["end"] ?? e["right"]);

        // Where both are there hanging counts (§17.3.1.12).
        var first = AttributeText.Twips(e["hanging"]) is { } hanging ? -hanging : AttributeText.Twips(e["firstLine"]);
        var firstChars = AttributeText.Int(e["hangingChars"]) is { } chars and not 0 ? -chars : AttributeText.Int(e["firstLineChars"]);
        return read with
        {
            IndentStart = start ?? read.IndentStart,
            IndentEnd = end ?? read.IndentEnd,
            FirstLine = first ?? read.FirstLine,
            IndentStartChars = NotZero(AttributeText.Int(e["startChars"] ?? e["leftChars"])) ?? read.IndentStartChars,
            IndentEndChars = NotZero(AttributeText.Int(e["endChars"] ?? e["rightChars"])) ?? read.IndentEndChars,
            FirstLineChars = NotZero(firstChars) ?? read.FirstLineChars,
        };
    }

    private static ParagraphProperties ReadSpacing(ParagraphProperties read, Element e)
    {
        read = read with
        {
            Before = AttributeText.Twips(e["before"]) is { } before ? Pt.Max(before, Pt.Zero) : read.Before,
            After = AttributeText.Twips(e["after"]) is { } after ? Pt.Max(after, Pt.Zero) : read.After,
            BeforeLines = NotZero(AttributeText.Int(e["beforeLines"])) ?? read.BeforeLines,
            AfterLines = NotZero(AttributeText.Int(e["afterLines"])) ?? read.AfterLines,
            Line = AttributeText.Twips(e["line"]) is { } line ? line.Value * 20 : read.Line,
            LineRule = e["lineRule"] switch { "exact" => Model.LineRule.Exact, "atLeast" => Model.LineRule.AtLeast, "auto" => Model.LineRule.Auto, _ => read.LineRule },
        };
        if (AttributeText.Bool(e["beforeAutospacing"]) is { } autoBefore)
        {
            read = read.With(ParagraphSwitches.BeforeAuto, autoBefore);
        }

        return AttributeText.Bool(e["afterAutospacing"]) is { } autoAfter ? read.With(ParagraphSwitches.AfterAuto, autoAfter) : read;
    }

    private static int? NotZero(int? number) => number == 0 ? null : number;

    private static ImmutableSortedDictionary<double, TabStop?> ReadTabs(Element tabs, ImmutableSortedDictionary<double, TabStop?> read)
    {
        foreach (var tab in tabs.Elements)
        {
            if (tab.Is("tab") && AttributeText.Twips(tab["pos"]) is { } position)
            {
                TabStop? stop = tab.Val == "clear" ? null : new TabStop(position, TabAlignmentOf(tab.Val), LeaderOf(tab["leader"]));
                read = read.SetItem(position.Value, stop);
            }
        }

        return read;
    }

    private static TabAlignment TabAlignmentOf(string? value) => value switch
    {
        "center" => TabAlignment.Center,
        "right" or "end" => TabAlignment.End,
        "decimal" => TabAlignment.Decimal,
        "bar" => TabAlignment.Bar,
        "num" => TabAlignment.Number,
        _ => TabAlignment.Start,
    };

    public static TabLeader LeaderOf(string? value) => value switch
    {
        "dot" => TabLeader.Dot,
        "hyphen" => TabLeader.Hyphen,
        "underscore" => TabLeader.Underscore,
        "heavy" => TabLeader.Heavy,
        "middleDot" => TabLeader.MiddleDot,
        _ => TabLeader.None,
    };

    private static Frame ReadFrame(Element e) => new()
    {
        Width = AttributeText.Twips(e["w"]) ?? Pt.Zero,
        Height = AttributeText.Twips(e["h"]) ?? Pt.Zero,
        HeightRule = e["hRule"] switch { "exact" => Model.LineRule.Exact, "auto" => Model.LineRule.Auto, _ => e["h"] is null ? Model.LineRule.Auto : Model.LineRule.AtLeast },
        HorizontalSpace = AttributeText.Twips(e["hSpace"]) ?? Pt.Zero,
        VerticalSpace = AttributeText.Twips(e["vSpace"]) ?? Pt.Zero,
        Wrap = e["wrap"] switch { "around" => FrameWrap.Around, "none" => FrameWrap.None, "notBeside" => FrameWrap.NotBeside, "through" => FrameWrap.Through, "tight" => FrameWrap.Tight, _ => FrameWrap.Auto },
        HorizontalAnchor = FrameAnchorOf(e["hAnchor"]),

        // A height that is stated without saying from where is the margin's (docs/layout.md, "Floats").
        VerticalAnchor = e["vAnchor"] is null && ((AttributeText.Twips(e["y"]) ?? Pt.Zero).Value != 0 || e["yAlign"] is not (null or "inline")) ? FrameAnchor.Margin : FrameAnchorOf(e["vAnchor"]),
        X = AttributeText.Twips(e["x"]) ?? Pt.Zero,
        XAlign = FramePositionOf(e["xAlign"]),
        Y = AttributeText.Twips(e["y"]) ?? Pt.Zero,
        YAlign = FramePositionOf(e["yAlign"]),
        DropCap = e["dropCap"] switch { "drop" => DropCap.Drop, "margin" => DropCap.Margin, _ => DropCap.None },
        DropCapLines = Math.Clamp(AttributeText.Int(e["lines"]) ?? 1, 1, 10),
        IsAnchorLocked = AttributeText.Bool(e["anchorLock"]) == true,
    };

    private static FrameAnchor FrameAnchorOf(string? value) => value switch { "margin" => FrameAnchor.Margin, "page" => FrameAnchor.Page, _ => FrameAnchor.Text };

    private static FramePosition FramePositionOf(string? value) => value switch
    {
        "left" => FramePosition.Left,
        "center" => FramePosition.Center,
        "right" => FramePosition.Right,
        "inside" => FramePosition.Inside,
        "outside" => FramePosition.Outside,
        "top" => FramePosition.Top,
        "bottom" => FramePosition.Bottom,
        "inline" => FramePosition.Inline,
        _ => FramePosition.Offset,
    };

    /// <summary>The sides of borders, each stated or not.</summary>
    internal sealed record StatedSides(CharacterProperties.StatedBorder? Top, CharacterProperties.StatedBorder? End, CharacterProperties.StatedBorder? Bottom, CharacterProperties.StatedBorder? Start,
        CharacterProperties.StatedBorder? Between, CharacterProperties.StatedBorder? Bar)
    {
        public static StatedSides Read(Element e, Theme theme)
        {
            return new StatedSides(Side("top"), Side("right", "end"), Side("bottom"), Side("left", "start"), Side("between"), Side("bar"));

            CharacterProperties.StatedBorder? Side(string name, string other = "")
            {
                var side = e.Child(name);
                side = side.Exists || other.Length == 0 ? side : e.Child(other);
                return side.Exists ? new CharacterProperties.StatedBorder(BorderReader.Read(side, theme)) : null;
            }
        }

        public StatedSides Over(StatedSides? below) => below is null ? this
            : new StatedSides(Top ?? below.Top, End ?? below.End, Bottom ?? below.Bottom, Start ?? below.Start, Between ?? below.Between, Bar ?? below.Bar);

        public ParagraphBorders? ToParagraphBorders()
            => Top?.Value is null && End?.Value is null && Bottom?.Value is null && Start?.Value is null && Between?.Value is null && Bar?.Value is null
                ? null : new ParagraphBorders(Top?.Value, End?.Value, Bottom?.Value, Start?.Value, Between?.Value, Bar?.Value);
    }
}
