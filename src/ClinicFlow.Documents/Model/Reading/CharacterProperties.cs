namespace ClinicFlow.Documents.Model.Reading;

/// <summary>On-off properties of characters, as bits.</summary>
[Flags]
internal enum CharacterSwitches : uint
{
    None = 0,
    Bold = 1 << 0,
    ComplexBold = 1 << 1,
    Italic = 1 << 2,
    ComplexItalic = 1 << 3,
    Caps = 1 << 4,
    SmallCaps = 1 << 5,
    Strike = 1 << 6,
    Outline = 1 << 7,
    Shadow = 1 << 8,
    Emboss = 1 << 9,
    Imprint = 1 << 10,
    Vanish = 1 << 11,
    DoubleStrike = 1 << 12,
    RightToLeft = 1 << 13,
    ComplexScript = 1 << 14,
    SnapToGrid = 1 << 15,
    SpecVanish = 1 << 16,
    ContextualAlternates = 1 << 17,

    /// <summary>The toggle properties of ECMA-376 Part 1 §17.7.3.</summary>
    Toggles = Bold | ComplexBold | Italic | ComplexItalic | Caps | SmallCaps | Strike | Outline | Shadow | Emboss | Imprint | Vanish,
}

/// <summary>
/// What one w:rPr states, and only that; <see cref="Over"/> lays one over another. Attributes of w:rFonts and w:lang count one by one.
/// Null: not stated.
/// </summary>
internal sealed record CharacterProperties
{
    public static CharacterProperties None { get; } = new();

    /// <summary>The character style that it names.</summary>
    public string? StyleId { get; init; }

    /// <summary>Whether its spelling is not checked (w:noProof); such text is not hyphenated either.</summary>
    public bool? IsNotProofed { get; init; }

    /// <summary>Which switches are stated.</summary>
    public CharacterSwitches Stated { get; init; }

    /// <summary>Of these, which are on.</summary>
    public CharacterSwitches On { get; init; }

    public string? Ascii { get; init; }

    public string? HighAnsi { get; init; }

    public string? EastAsia { get; init; }

    public string? ComplexFont { get; init; }

    public FontHint? Hint { get; init; }

    public Pt? Size { get; init; }

    public Pt? ComplexSize { get; init; }

    public StatedColor? Color { get; init; }

    public Underline? Underline { get; init; }

    public StatedColor? UnderlineColor { get; init; }

    /// <summary>The colour of no highlight is automatic.</summary>
    public StatedColor? Highlight { get; init; }

    public StatedColor? Shading { get; init; }

    public StatedBorder? Border { get; init; }

    public VerticalPosition? VerticalPosition { get; init; }

    public Pt? Position { get; init; }

    public Pt? Spacing { get; init; }

    public double? Scale { get; init; }

    public Pt? Kerning { get; init; }

    public Pt? FitText { get; init; }

    /// <summary>Which runs are fitted as one; beside <see cref="FitText"/>.</summary>
    public int FitId { get; init; }

    /// <summary>Bit n for the font's stylistic set n.</summary>
    public uint? StylisticSets { get; init; }

    public string? Latin { get; init; }

    public string? EastAsian { get; init; }

    public string? Bidi { get; init; }

    public Ligatures? Ligatures { get; init; }

    public byte? NumberForm { get; init; }

    public byte? NumberSpacing { get; init; }

    public EmphasisMark? Emphasis { get; init; }

    public StatedPart<TextLine>? Line { get; init; }

    public double? FillOpacity { get; init; }

    public StatedPart<TextShadow>? SoftShadow { get; init; }

    public StatedPart<TextGlow>? Glow { get; init; }

    /// <summary>Constructs in it that are no values of a <see cref="CharacterFormat"/>; null for none.</summary>
    public FoundConstructs? Constructs { get; init; }

    /// <summary>Reads w:rPr.</summary>
    public static CharacterProperties Read(Element rPr, Theme theme)
    {
        if (!rPr.Exists)
        {
            return None;
        }

        var read = new Builder(theme);
        foreach (var child in rPr.Elements)
        {
            read.Add(child);
        }

        return read.Result;
    }

    /// <summary>This over what is below: what this states wins.</summary>
    public CharacterProperties Over(CharacterProperties below)
    {
        if (ReferenceEquals(below, None) || ReferenceEquals(this, below))
        {
            return this;
        }

        return ReferenceEquals(this, None) ? below : Merge(below);
    }

    private CharacterProperties Merge(CharacterProperties below) => new()
    {
        StyleId = StyleId ?? below.StyleId,
        IsNotProofed = IsNotProofed ?? below.IsNotProofed,
        Stated = Stated | below.Stated,
        On = On | (below.On & ~Stated),
        Ascii = Ascii ?? below.Ascii,
        HighAnsi = HighAnsi ?? below.HighAnsi,
        EastAsia = EastAsia ?? below.EastAsia,
        ComplexFont = ComplexFont ?? below.ComplexFont,
        Hint = Hint ?? below.Hint,
        Size = Size ?? below.Size,
        ComplexSize = ComplexSize ?? below.ComplexSize,
        Color = Color ?? below.Color,
        Underline = Underline ?? below.Underline,
        UnderlineColor = Underline is null ? below.UnderlineColor : UnderlineColor,
        Highlight = Highlight ?? below.Highlight,
        Shading = Shading ?? below.Shading,
        Border = Border ?? below.Border,
        VerticalPosition = VerticalPosition ?? below.VerticalPosition,
        Position = Position ?? below.Position,
        Spacing = Spacing ?? below.Spacing,
        Scale = Scale ?? below.Scale,
        Kerning = Kerning ?? below.Kerning,
        FitText = FitText ?? below.FitText,
        FitId = FitText is null ? below.FitId : FitId,
        StylisticSets = StylisticSets ?? below.StylisticSets,
        Latin = Latin ?? below.Latin,
        EastAsian = EastAsian ?? below.EastAsian,
        Bidi = Bidi ?? below.Bidi,
        Ligatures = Ligatures ?? below.Ligatures,
        NumberForm = NumberForm ?? below.NumberForm,
        NumberSpacing = NumberSpacing ?? below.NumberSpacing,
        Emphasis = Emphasis ?? below.Emphasis,
        Line = Line ?? below.Line,
        FillOpacity = FillOpacity ?? below.FillOpacity,
        SoftShadow = SoftShadow ?? below.SoftShadow,
        Glow = Glow ?? below.Glow,
        Constructs = FoundConstructs.Join(below.Constructs, Constructs),
    };

    /// <summary>
    /// A style level over those below, by the toggle rule: a toggle property that two levels (table, paragraph, character style) both
    /// have on is off; one that the document defaults have on stays on (§17.7.3).
    /// </summary>
    /// <param name="below">The levels below, joined.</param>
    /// <param name="defaults">The document defaults.</param>
    public CharacterProperties ToggledOver(CharacterProperties below, CharacterProperties defaults)
    {
        if (ReferenceEquals(this, None))
        {
            return below;
        }

        var merged = Over(below);
        var toggles = Stated & CharacterSwitches.Toggles;
        if (toggles == 0)
        {
            return merged;
        }

        var always = defaults.On & CharacterSwitches.Toggles;
        var on = ((On ^ below.On) | always) & toggles;
        return merged with { On = (merged.On & ~toggles) | on };
    }

    /// <summary>The values: what is not stated is Word's own.</summary>
    public CharacterFormat ToFormat()
    {
        var size = Size ?? new Pt(10);
        return new CharacterFormat
        {
            Fonts = new FontSlots(Ascii ?? "Times New Roman", HighAnsi ?? Ascii ?? "Times New Roman", EastAsia ?? "Times New Roman", ComplexFont ?? "Times New Roman", Hint ?? FontHint.Default),
            Size = size,
            IsBold = Has(CharacterSwitches.Bold),
            IsItalic = Has(CharacterSwitches.Italic),
            ComplexSize = ComplexSize ?? new Pt(10),
            IsComplexBold = Has(CharacterSwitches.ComplexBold),
            IsComplexItalic = Has(CharacterSwitches.ComplexItalic),
            Color = Color?.Value,
            Underline = Underline ?? Model.Underline.None,
            UnderlineColor = UnderlineColor?.Value,
            IsStruck = Has(CharacterSwitches.Strike) && !Has(CharacterSwitches.DoubleStrike),
            IsDoubleStruck = Has(CharacterSwitches.DoubleStrike),
            Highlight = Highlight?.Value,
            Shading = Shading?.Value,
            ShadingDots = Shading?.Dots,
            Border = Border?.Value,
            IsCaps = Has(CharacterSwitches.Caps),
            IsSmallCaps = Has(CharacterSwitches.SmallCaps) && !Has(CharacterSwitches.Caps),
            VerticalPosition = VerticalPosition ?? Model.VerticalPosition.Baseline,
            Position = Position ?? Pt.Zero,
            Spacing = Spacing ?? Pt.Zero,
            Scale = Scale ?? 1,
            KerningFrom = Kerning ?? Pt.Zero,
            FitText = FitText ?? Pt.Zero,
            FitId = FitId,
            StylisticSets = StylisticSets ?? 0,
            IsRightToLeft = Has(CharacterSwitches.RightToLeft),
            IsComplexScript = Has(CharacterSwitches.ComplexScript),
            Languages = Latin is null && EastAsian is null && Bidi is null ? Languages.None : new Languages(Latin ?? "", EastAsian ?? "", Bidi ?? ""),
            IsHidden = Has(CharacterSwitches.Vanish) || Has(CharacterSwitches.SpecVanish),
            Ligatures = Ligatures ?? Model.Ligatures.None,
            NumberForm = NumberForm ?? 0,
            NumberSpacing = NumberSpacing ?? 0,
            HasContextualAlternates = Has(CharacterSwitches.ContextualAlternates),
            SnapsToGrid = (Stated & CharacterSwitches.SnapToGrid) == 0 || Has(CharacterSwitches.SnapToGrid),
            Emphasis = Emphasis ?? EmphasisMark.None,
            Look = Line?.Value is null && SoftShadow?.Value is null && Glow?.Value is null && FillOpacity is null or 1
                ? null
                : new TextLook { Opacity = FillOpacity ?? 1, Line = Line?.Value, Shadow = SoftShadow?.Value, Glow = Glow?.Value },
            Effects = (Has(CharacterSwitches.Emboss) ? TextEffects.Emboss : 0) | (Has(CharacterSwitches.Imprint) ? TextEffects.Imprint : 0)
                | (Has(CharacterSwitches.Outline) ? TextEffects.Outline : 0) | (Has(CharacterSwitches.Shadow) ? TextEffects.Shadow : 0),
        };
    }

    private bool Has(CharacterSwitches one) => (On & one) != 0;

    /// <summary>A colour that is stated, perhaps as automatic or none.</summary>
    internal readonly record struct StatedColor(Rgb? Value, ShadingDots? Dots = null);

    /// <summary>Something that is stated, perhaps as none.</summary>
    internal readonly record struct StatedPart<T>(T? Value)
        where T : class;

    /// <summary>A border that is stated, perhaps as none.</summary>
    internal readonly record struct StatedBorder(Border? Value);

    // Collects in local fields, because most properties are stated alone and "with" would copy the record each time.
    private struct Builder(Theme theme)
    {
        private CharacterProperties _read = new();

        public readonly CharacterProperties Result => _read;

        public void Add(Element e)
        {
            if (e.Ns == Ns.W)
            {
                AddWord(e);
            }
            else if (e.Ns == Ns.Word2010)
            {
                Add2010(e);
            }
            else if (e.Ns != Ns.Math)
            {
                Note(Construct.UnknownProperty, e.Name);
            }
        }

        private void AddWord(Element e)
        {
            switch (e.Name)
            {
                case "rStyle":
                    _read = _read with { StyleId = e.Val };
                    break;
                case "rFonts":
                    // A theme font wins over a name in the same element.
                    _read = _read with
                    {
                        Ascii = theme.Font(e["asciiTheme"]) ?? e["ascii"] ?? _read.Ascii,
                        HighAnsi = theme.Font(e["hAnsiTheme"]) ?? e["hAnsi"] ?? _read.HighAnsi,
                        EastAsia = theme.Font(e["eastAsiaTheme"]) ?? e["eastAsia"] ?? _read.EastAsia,
                        ComplexFont = theme.Font(e["cstheme"] ?? e["csTheme"]) ?? e["cs"] ?? _read.ComplexFont,
                        Hint = e["hint"] switch { "eastAsia" => FontHint.EastAsia, "cs" => FontHint.ComplexScript, "default" => FontHint.Default, _ => _read.Hint },
                    };
                    break;
                case "b":
                    Switch(CharacterSwitches.Bold, e);
                    break;
                case "bCs":
                    Switch(CharacterSwitches.ComplexBold, e);
                    break;
                case "i":
                    Switch(CharacterSwitches.Italic, e);
                    break;
                case "iCs":
                    Switch(CharacterSwitches.ComplexItalic, e);
                    break;
                case "caps":
                    Switch(CharacterSwitches.Caps, e);
                    break;
                case "smallCaps":
                    Switch(CharacterSwitches.SmallCaps, e);
                    break;
                case "strike":
                    Switch(CharacterSwitches.Strike, e);
                    break;
                case "dstrike":
                    Switch(CharacterSwitches.DoubleStrike, e);
                    break;
                case "outline":
                    Switch(CharacterSwitches.Outline, e);
                    break;
                case "shadow":
                    Switch(CharacterSwitches.Shadow, e);
                    break;
                case "emboss":
                    Switch(CharacterSwitches.Emboss, e);
                    break;
                case "imprint":
                    Switch(CharacterSwitches.Imprint, e);
                    break;
                case "vanish":
                    Switch(CharacterSwitches.Vanish, e);
                    break;
                case "specVanish":
                    Switch(CharacterSwitches.SpecVanish, e);
                    break;
                case "rtl":
                    Switch(CharacterSwitches.RightToLeft, e);
                    break;
                case "cs":
                    Switch(CharacterSwitches.ComplexScript, e);
                    break;
                case "snapToGrid":
                    Switch(CharacterSwitches.SnapToGrid, e);
                    break;
                case "sz":
                    _read = _read with { Size = PositiveSize(e) ?? _read.Size };
                    break;
                case "szCs":
                    _read = _read with { ComplexSize = PositiveSize(e) ?? _read.ComplexSize };
                    break;
                case "color":
                    _read = _read with { Color = new StatedColor(ColorReader.Read(e.Val, e["themeColor"], e["themeTint"], e["themeShade"], theme)) };
                    break;
                case "u":
                    _read = _read with
                    {
                        Underline = UnderlineOf(e.Val),
                        UnderlineColor = ColorReader.Read(e["color"], e["themeColor"], e["themeTint"], e["themeShade"], theme) is { } color ? new StatedColor(color) : null,
                    };
                    break;
                case "highlight":
                    _read = _read with { Highlight = new StatedColor(ColorReader.Highlight(e.Val)) };
                    break;
                case "shd":
                    _read = _read with { Shading = new StatedColor(ColorReader.Shading(e, theme), ColorReader.ShadingDots(e, theme)) };
                    break;
                case "bdr":
                    _read = _read with { Border = new StatedBorder(BorderReader.Read(e, theme)) };
                    break;
                case "vertAlign":
                    _read = _read with { VerticalPosition = e.Val switch { "superscript" => Model.VerticalPosition.Superscript, "subscript" => Model.VerticalPosition.Subscript, _ => Model.VerticalPosition.Baseline } };
                    break;
                case "position":
                    _read = _read with { Position = AttributeText.HalfPoints(e.Val) };
                    break;
                case "spacing":
                    _read = _read with { Spacing = AttributeText.Twips(e.Val) };
                    break;
                case "w":
                    _read = _read with { Scale = (e.Val is { } w && w.EndsWith('%') ? AttributeText.Double(w[..^1]) : AttributeText.Double(e.Val)) is { } percent and >= 1 and <= 600 ? percent / 100 : null };
                    break;
                case "kern":
                    _read = _read with { Kerning = AttributeText.HalfPoints(e.Val) };
                    break;
                case "fitText":
                    _read = _read with { FitText = AttributeText.Twips(e.Val), FitId = AttributeText.Int(e["id"]) ?? 0 };
                    break;
                case "lang":
                    _read = _read with { Latin = e.Val ?? _read.Latin, EastAsian = e["eastAsia"] ?? _read.EastAsian, Bidi = e["bidi"] ?? _read.Bidi };
                    break;
                case "em":
                    _read = _read with { Emphasis = e.Val switch { "dot" => EmphasisMark.Dot, "comma" => EmphasisMark.Comma, "circle" => EmphasisMark.Circle, "underDot" => EmphasisMark.UnderDot, _ => EmphasisMark.None } };
                    break;
                case "effect":
                    // Blinking and sparkling: not printed.
                    break;
                case "eastAsianLayout":
                    if (AttributeText.Bool(e["combine"]) == true || AttributeText.Bool(e["vert"]) == true)
                    {
                        Note(Construct.EastAsianLayout, "");
                    }

                    break;
                case "noProof":
                    _read = _read with { IsNotProofed = AttributeText.IsOn(e.Val) };
                    break;
                case "webHidden" or "rPrChange" or "ins" or "del" or "moveFrom" or "moveTo" or "oMath":
                    break;
                default:
                    Note(Construct.UnknownProperty, e.Name);
                    break;
            }
        }

        private void Add2010(Element e)
        {
            switch (e.Name)
            {
                case "ligatures":
                    _read = _read with { Ligatures = LigaturesOf(e.Val) };
                    break;
                case "numForm":
                    _read = _read with { NumberForm = e.Val switch { "lining" => 1, "oldStyle" => 2, _ => 0 } };
                    break;
                case "numSpacing":
                    _read = _read with { NumberSpacing = e.Val switch { "proportional" => 1, "tabular" => 2, _ => 0 } };
                    break;
                case "cntxtAlts":
                    Switch(CharacterSwitches.ContextualAlternates, e);
                    break;
                case "stylisticSets":
                    var sets = 0u;
                    foreach (var set in e.Elements)
                    {
                        sets |= AttributeText.Int(set["id"]) is >= 1 and <= 20 && set["val"] is null or "1" or "true" or "on" ? 1u << AttributeText.Int(set["id"])!.Value : 0;
                    }

                    _read = _read with { StylisticSets = sets };

                    break;
                case "textOutline":
                    var (isLine, line) = TextLookReader.Line(e, theme);
                    _read = _read with { Line = new StatedPart<TextLine>(line) };
                    Look(isLine, line is not null, e.Name);
                    break;
                case "textFill":
                    var opacity = TextLookReader.Opacity(e, theme);
                    _read = _read with { FillOpacity = opacity ?? 1 };
                    Look(opacity is not null, opacity is not (null or 1), e.Name);
                    break;
                case "shadow" when IsOrdinaryShadow(e):
                    _read = _read with { Stated = _read.Stated | CharacterSwitches.Shadow, On = _read.On | CharacterSwitches.Shadow };
                    break;
                case "shadow":
                    var (isShadow, shadow) = TextLookReader.Shadow(e, theme);
                    _read = _read with { SoftShadow = new StatedPart<TextShadow>(shadow) };
                    Look(isShadow, shadow is not null, e.Name);
                    break;
                case "glow":
                    var (isGlow, glow) = TextLookReader.Glow(e, theme);
                    _read = _read with { Glow = new StatedPart<TextGlow>(glow) };
                    Look(isGlow, glow is not null, e.Name);
                    break;
                default:
                    // Reflections and what stands in space.
                    Look(TextLookReader.IsNothing(e), isThere: false, e.Name);
                    break;
            }
        }

        private void Look(bool isKnown, bool isThere, string name)
        {
            if (!isKnown || isThere)
            {
                Note(isKnown ? Construct.TextLook : Construct.TextEffect, isKnown ? "" : name);
            }
        }

        // What Word makes of w:shadow when it saves a document in its newer form: black of two fifths, 3 pt away to the lower right, 4 pt soft.
        private static bool IsOrdinaryShadow(Element e)
            => e["blurRad"] is "50800" && e["dist"] is "38100" && e["dir"] is "2700000" && e["sx"] is null or "100000" && e["sy"] is null or "100000" && e["kx"] is null or "0" && e["ky"] is null or "0"
                && e.Child(Ns.Word2010, "srgbClr") is { Exists: true } color && color["val"] == "000000" && color.Child(Ns.Word2010, "alpha")["val"] == "60000";

        private void Switch(CharacterSwitches one, Element e)
            => _read = _read with { Stated = _read.Stated | one, On = AttributeText.IsOn(e.Val) ? _read.On | one : _read.On & ~one };

        private void Note(Construct construct, string detail) => _read = _read with { Constructs = FoundConstructs.Join(_read.Constructs, new FoundConstructs(construct, detail, null)) };

        // Word takes no size below half a point or above 1,638.
        private static Pt? PositiveSize(Element e) => AttributeText.HalfPoints(e.Val) is { Value: >= 0.5 } size ? Pt.Min(size, new Pt(1638)) : null;
    }

    private static Underline UnderlineOf(string? value) => value switch
    {
        null or "single" => Model.Underline.Single,
        "words" => Model.Underline.Words,
        "double" => Model.Underline.Double,
        "thick" => Model.Underline.Thick,
        "dotted" => Model.Underline.Dotted,
        "dottedHeavy" => Model.Underline.DottedHeavy,
        "dash" => Model.Underline.Dash,
        "dashedHeavy" => Model.Underline.DashedHeavy,
        "dashLong" => Model.Underline.DashLong,
        "dashLongHeavy" => Model.Underline.DashLongHeavy,
        "dotDash" => Model.Underline.DotDash,
        "dashDotHeavy" => Model.Underline.DashDotHeavy,
        "dotDotDash" => Model.Underline.DotDotDash,
        "dashDotDotHeavy" => Model.Underline.DashDotDotHeavy,
        "wave" => Model.Underline.Wave,
        "wavyHeavy" => Model.Underline.WavyHeavy,
        "wavyDouble" => Model.Underline.WavyDouble,
        _ => Model.Underline.None,
    };

    private static Ligatures LigaturesOf(string? value)
    {
        var ligatures = Model.Ligatures.None;
        foreach (var (name, flag) in new[] { ("standard", Model.Ligatures.Standard), ("contextual", Model.Ligatures.Contextual), ("historical", Model.Ligatures.Historical), ("discretional", Model.Ligatures.Discretional) })
        {
            ligatures |= value == "all" || (value?.Contains(name, StringComparison.OrdinalIgnoreCase) ?? false) ? flag : 0;
        }

        return ligatures;
    }
}
