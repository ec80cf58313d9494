namespace ClinicFlow.Documents.Model.Reading;

/// <summary>The sides of a table's or cell's borders, each stated (perhaps as none) or not.</summary>
internal sealed record StatedTableSides(
    CharacterProperties.StatedBorder? Top, CharacterProperties.StatedBorder? End, CharacterProperties.StatedBorder? Bottom, CharacterProperties.StatedBorder? Start,
    CharacterProperties.StatedBorder? InsideHorizontal, CharacterProperties.StatedBorder? InsideVertical, CharacterProperties.StatedBorder? Down, CharacterProperties.StatedBorder? Up)
{
    public static StatedTableSides None { get; } = new(null, null, null, null, null, null, null, null);

    /// <summary>Reads w:tblBorders or w:tcBorders.</summary>
    public static StatedTableSides? Read(Element e, Theme theme)
    {
        if (!e.Exists)
        {
            return null;
        }

        return new StatedTableSides(Side("top"), Side("end", "right"), Side("bottom"), Side("start", "left"), Side("insideH"), Side("insideV"), Side("tl2br"), Side("tr2bl"));

        CharacterProperties.StatedBorder? Side(string name, string other = "")
        {
            var side = e.Child(name);
            side = side.Exists || other.Length == 0 ? side : e.Child(other);
            return side.Exists ? new CharacterProperties.StatedBorder(BorderReader.Read(side, theme)) : null;
        }
    }

    public StatedTableSides Over(StatedTableSides? below) => below is null ? this
        : new StatedTableSides(Top ?? below.Top, End ?? below.End, Bottom ?? below.Bottom, Start ?? below.Start, InsideHorizontal ?? below.InsideHorizontal, InsideVertical ?? below.InsideVertical, Down ?? below.Down, Up ?? below.Up);
}

/// <summary>Stated cell margins.</summary>
internal sealed record StatedMargins(Pt? Top, Pt? End, Pt? Bottom, Pt? Start)
{
    public static StatedMargins? Read(Element e)
        => e.Exists ? new StatedMargins(Side(e, "top"), Side(e, "end") ?? Side(e, "right"), Side(e, "bottom"), Side(e, "start") ?? Side(e, "left")) : null;

    public StatedMargins Over(StatedMargins? below) => below is null ? this : new StatedMargins(Top ?? below.Top, End ?? below.End, Bottom ?? below.Bottom, Start ?? below.Start);

    public CellMargins Over(CellMargins below) => new(Top ?? below.Top, End ?? below.End, Bottom ?? below.Bottom, Start ?? below.Start);

    private static Pt? Side(Element e, string name)
        => e.Child(name) is { Exists: true } side ? side["type"] == "nil" ? Pt.Zero : AttributeText.Twips(side["w"]) is { } width ? Pt.Max(width, Pt.Zero) : null : null;
}

/// <summary>What one w:tblPr (or w:tblPrEx) states. Null: not stated.</summary>
internal sealed record TableProperties
{
    public static TableProperties None { get; } = new();

    public string? StyleId { get; init; }

    public TableAlignment? Alignment { get; init; }

    public Pt? Indent { get; init; }

    public TableWidth? Width { get; init; }

    public bool? IsFixed { get; init; }

    public StatedMargins? Margins { get; init; }

    public StatedTableSides? Borders { get; init; }

    public CharacterProperties.StatedColor? Shading { get; init; }

    public Pt? CellSpacing { get; init; }

    public TablePosition? Position { get; init; }

    public bool? MayOverlap { get; init; }

    public bool? IsRightToLeft { get; init; }

    public TableLook? Look { get; init; }

    public int? RowBand { get; init; }

    public int? ColumnBand { get; init; }

    public string? Caption { get; init; }

    public string? Description { get; init; }

    public FoundConstructs? Constructs { get; init; }

    public static TableProperties Read(Element tblPr, Theme theme)
    {
        var read = None;
        foreach (var e in tblPr.Elements)
        {
            read = e.Ns == Ns.W ? Read(read, e, theme) : read;
        }

        return read;
    }

    public TableProperties Over(TableProperties below) => ReferenceEquals(below, None) ? this : ReferenceEquals(this, None) ? below : new TableProperties
    {
        StyleId = StyleId ?? below.StyleId,
        Alignment = Alignment ?? below.Alignment,
        Indent = Indent ?? below.Indent,
        Width = Width ?? below.Width,
        IsFixed = IsFixed ?? below.IsFixed,
        Margins = Margins?.Over(below.Margins) ?? below.Margins,
        Borders = Borders?.Over(below.Borders) ?? below.Borders,
        Shading = Shading ?? below.Shading,
        CellSpacing = CellSpacing ?? below.CellSpacing,
        Position = Position ?? below.Position,
        MayOverlap = MayOverlap ?? below.MayOverlap,
        IsRightToLeft = IsRightToLeft ?? below.IsRightToLeft,
        Look = Look ?? below.Look,
        RowBand = RowBand ?? below.RowBand,
        ColumnBand = ColumnBand ?? below.ColumnBand,
        Caption = Caption ?? below.Caption,
        Description = Description ?? below.Description,
        Constructs = FoundConstructs.Join(below.Constructs, Constructs),
    };

    private static TableProperties Read(TableProperties read, Element e, Theme theme)
    {
        switch (e.Name)
        {
            case "tblStyle":
                return read with { StyleId = e.Val };
            case "jc":
                return read with { Alignment = AlignmentOf(e.Val) };
            case "tblInd":
                return read with { Indent = Length(e) };
            case "tblW":
                return read with { Width = WidthOf(e) };
            case "tblLayout":
                return read with { IsFixed = e["type"] == "fixed" };
            case "tblCellMar":
                return read with { Margins = StatedMargins.Read(e) };
            case "tblBorders":
                return read with { Borders = StatedTableSides.Read(e, theme) };
            case "shd":
                return read with { Shading = new CharacterProperties.StatedColor(ColorReader.Shading(e, theme), ColorReader.ShadingDots(e, theme)) };
            case "tblCellSpacing":
                return read with { CellSpacing = Length(e) is { } spacing ? Pt.Max(spacing, Pt.Zero) : null };
            case "tblpPr":
                return read with { Position = PositionOf(e) };
            case "tblOverlap":
                return read with { MayOverlap = e.Val != "never" };
            case "bidiVisual":
                return read with { IsRightToLeft = AttributeText.IsOn(e.Val) };
            case "tblLook":
                return read with { Look = LookOf(e) };
            case "tblStyleRowBandSize":
                return read with { RowBand = AttributeText.Int(e.Val) };
            case "tblStyleColBandSize":
                return read with { ColumnBand = AttributeText.Int(e.Val) };
            case "tblCaption":
                return read with { Caption = e.Val };
            case "tblDescription":
                return read with { Description = e.Val };
            case "tblPrChange" or "tblPrExChange":
                return read;
            default:
                return read with { Constructs = FoundConstructs.Join(read.Constructs, new FoundConstructs(Construct.UnknownProperty, e.Name, null)) };
        }
    }

    public static TableAlignment AlignmentOf(string? value) => value switch { "center" => TableAlignment.Center, "right" or "end" => TableAlignment.End, _ => TableAlignment.Start };

    private static Pt? Length(Element e) => e["type"] is "nil" or "auto" ? Pt.Zero : e["type"] == "pct" ? null : AttributeText.Twips(e["w"]);

    /// <summary>w:tblW, w:tcW, w:wBefore, w:wAfter.</summary>
    public static TableWidth? WidthOf(Element e)
    {
        var w = e["w"];
        return e["type"] switch
        {
            "nil" => new TableWidth(WidthKind.Nil, Pt.Zero, 0),
            "auto" => TableWidth.Auto,
            "pct" => AttributeText.Fiftieths(w) is { } share and > 0 ? new TableWidth(WidthKind.Share, Pt.Zero, Math.Min(share, 100)) : TableWidth.Auto,
            _ when w is not null && w.EndsWith('%') => AttributeText.Fiftieths(w) is { } share and > 0 ? new TableWidth(WidthKind.Share, Pt.Zero, Math.Min(share, 100)) : TableWidth.Auto,
            _ => AttributeText.Twips(w) is { } length && length.Value > 0 ? new TableWidth(WidthKind.Length, length, 0) : TableWidth.Auto,
        };
    }

    private static TableLook LookOf(Element e)
    {
        var bits = e.Val is { } val && int.TryParse(val, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var number) ? (TableLook)number & TableLook.All : 0;
        Set("firstRow", TableLook.FirstRow);
        Set("lastRow", TableLook.LastRow);
        Set("firstColumn", TableLook.FirstColumn);
        Set("lastColumn", TableLook.LastColumn);
        Set("noHBand", TableLook.NoRowBands);
        Set("noVBand", TableLook.NoColumnBands);
        return bits;

        void Set(string name, TableLook flag) => bits = AttributeText.Bool(e[name]) switch { true => bits | flag, false => bits & ~flag, null => bits };
    }

    // A place that is stated without saying from where is one of the margin's (docs/layout.md, "Floats").
    private static TablePosition PositionOf(Element e)
    {
        var offset = AttributeText.Twips(e["tblpY"]) ?? Pt.Zero;
        var isPlaced = offset.Value != 0 || e["tblpYSpec"] is not null;
        var horizontal = new FloatPosition(
            e["horzAnchor"] switch { "page" => FloatFrom.Page, "margin" => FloatFrom.Margin, _ => FloatFrom.Column },
            e["tblpXSpec"] switch { "left" => FloatAlign.Left, "center" => FloatAlign.Center, "right" => FloatAlign.Right, "inside" => FloatAlign.Inside, "outside" => FloatAlign.Outside, _ => FloatAlign.Offset },
            AttributeText.Twips(e["tblpX"]) ?? Pt.Zero);
        var vertical = new FloatPosition(
            e["vertAnchor"] switch { "page" => FloatFrom.Page, "margin" => FloatFrom.Margin, null when isPlaced => FloatFrom.Margin, _ => FloatFrom.Paragraph },
            e["tblpYSpec"] switch { "top" => FloatAlign.Top, "center" => FloatAlign.Center, "bottom" => FloatAlign.Bottom, "inside" => FloatAlign.Inside, "outside" => FloatAlign.Outside, _ => FloatAlign.Offset },
            offset);
        var distance = new Insets(AttributeText.Twips(e["leftFromText"]) ?? Pt.Zero, AttributeText.Twips(e["topFromText"]) ?? Pt.Zero, AttributeText.Twips(e["rightFromText"]) ?? Pt.Zero, AttributeText.Twips(e["bottomFromText"]) ?? Pt.Zero);
        return new TablePosition(horizontal, vertical, distance, MayOverlap: true);
    }
}

/// <summary>Which conditions of the table style are on (§17.4.56).</summary>
[Flags]
internal enum TableLook
{
    FirstRow = 0x20,
    LastRow = 0x40,
    FirstColumn = 0x80,
    LastColumn = 0x100,
    NoRowBands = 0x200,
    NoColumnBands = 0x400,
    All = 0x7E0,
}

/// <summary>What one w:trPr states.</summary>
internal sealed record RowProperties
{
    public static RowProperties None { get; } = new();

    public Pt? Height { get; init; }

    public LineRule HeightRule { get; init; }

    public bool? CannotSplit { get; init; }

    public bool? IsHeader { get; init; }

    public bool? IsHidden { get; init; }

    public int ColumnsBefore { get; init; }

    public int ColumnsAfter { get; init; }

    public TableWidth WidthBefore { get; init; }

    public TableWidth WidthAfter { get; init; }

    public TableAlignment? Alignment { get; init; }

    public Pt? CellSpacing { get; init; }

    /// <summary>Whether the row was deleted under tracking.</summary>
    public bool IsDeleted { get; init; }

    public FoundConstructs? Constructs { get; init; }

    public static RowProperties Read(Element trPr)
    {
        var read = None;
        foreach (var e in trPr.Elements)
        {
            read = e.Ns == Ns.W ? Read(read, e) : read;
        }

        return read;
    }

    /// <summary>Only what a table style can give a row.</summary>
    public RowProperties Over(RowProperties below) => ReferenceEquals(below, None) ? this : this with
    {
        Height = Height ?? below.Height,
        HeightRule = Height is null ? below.HeightRule : HeightRule,
        CannotSplit = CannotSplit ?? below.CannotSplit,
        IsHeader = IsHeader ?? below.IsHeader,
        IsHidden = IsHidden ?? below.IsHidden,
        Alignment = Alignment ?? below.Alignment,
        CellSpacing = CellSpacing ?? below.CellSpacing,
        Constructs = FoundConstructs.Join(below.Constructs, Constructs),
    };

    private static RowProperties Read(RowProperties read, Element e)
    {
        switch (e.Name)
        {
            case "trHeight":
                return read with { Height = AttributeText.Twips(e.Val), HeightRule = e["hRule"] switch { "exact" => LineRule.Exact, _ => LineRule.AtLeast } };
            case "cantSplit":
                return read with { CannotSplit = AttributeText.IsOn(e.Val) };
            case "tblHeader":
                return read with { IsHeader = AttributeText.IsOn(e.Val) };
            case "hidden":
                return read with { IsHidden = AttributeText.IsOn(e.Val) };
            case "gridBefore":
                return read with { ColumnsBefore = Math.Clamp(AttributeText.Int(e.Val) ?? 0, 0, 63) };
            case "gridAfter":
                return read with { ColumnsAfter = Math.Clamp(AttributeText.Int(e.Val) ?? 0, 0, 63) };
            case "wBefore":
                return read with { WidthBefore = TableProperties.WidthOf(e) ?? TableWidth.Auto };
            case "wAfter":
                return read with { WidthAfter = TableProperties.WidthOf(e) ?? TableWidth.Auto };
            case "jc":
                return read with { Alignment = TableProperties.AlignmentOf(e.Val) };
            case "tblCellSpacing":
                return read with { CellSpacing = AttributeText.Twips(e["w"]) is { } spacing ? Pt.Max(spacing, Pt.Zero) : null };
            case "del":
                return read with { IsDeleted = true };
            case "ins" or "trPrChange" or "cnfStyle" or "divId":
                return read;
            default:
                return read with { Constructs = FoundConstructs.Join(read.Constructs, new FoundConstructs(Construct.UnknownProperty, e.Name, null)) };
        }
    }
}

/// <summary>What one w:tcPr states.</summary>
internal sealed record CellProperties
{
    public static CellProperties None { get; } = new();

    public int ColumnSpan { get; init; } = 1;

    public VerticalMerge VerticalMerge { get; init; }

    /// <summary>w:hMerge: the cell goes on from the one before.</summary>
    public bool GoesOnFromBefore { get; init; }

    /// <summary>Whether it was deleted under tracking.</summary>
    public bool IsDeleted { get; init; }

    public TableWidth? Width { get; init; }

    public StatedMargins? Margins { get; init; }

    public StatedTableSides? Borders { get; init; }

    public CharacterProperties.StatedColor? Shading { get; init; }

    public VerticalAlignment? VerticalAlign { get; init; }

    public TextDirection? Direction { get; init; }

    public bool? DoesNotWrap { get; init; }

    public bool? FitsText { get; init; }

    public bool? IgnoresEndMark { get; init; }

    public FoundConstructs? Constructs { get; init; }

    public static CellProperties Read(Element tcPr, Theme theme)
    {
        var read = None;
        foreach (var e in tcPr.Elements)
        {
            read = e.Ns == Ns.W ? Read(read, e, theme) : read;
        }

        return read;
    }

    public CellProperties Over(CellProperties below) => ReferenceEquals(below, None) ? this : this with
    {
        Margins = Margins?.Over(below.Margins) ?? below.Margins,
        Borders = Borders?.Over(below.Borders) ?? below.Borders,
        Shading = Shading ?? below.Shading,
        VerticalAlign = VerticalAlign ?? below.VerticalAlign,
        Direction = Direction ?? below.Direction,
        DoesNotWrap = DoesNotWrap ?? below.DoesNotWrap,
        FitsText = FitsText ?? below.FitsText,
        IgnoresEndMark = IgnoresEndMark ?? below.IgnoresEndMark,
        Constructs = FoundConstructs.Join(below.Constructs, Constructs),
    };

    private static CellProperties Read(CellProperties read, Element e, Theme theme)
    {
        switch (e.Name)
        {
            case "tcW":
                return read with { Width = TableProperties.WidthOf(e) };
            case "gridSpan":
                return read with { ColumnSpan = Math.Clamp(AttributeText.Int(e.Val) ?? 1, 1, 63) };
            case "vMerge":
                return read with { VerticalMerge = e.Val == "restart" ? VerticalMerge.Restart : VerticalMerge.Continue };
            case "hMerge":
                return read with { GoesOnFromBefore = e.Val != "restart" };
            case "tcMar":
                return read with { Margins = StatedMargins.Read(e) };
            case "tcBorders":
                return read with { Borders = StatedTableSides.Read(e, theme) };
            case "shd":
                read = read with { Shading = new CharacterProperties.StatedColor(ColorReader.Shading(e, theme), ColorReader.ShadingDots(e, theme)) };
                return ColorReader.ShadingDots(e, theme) is null ? read : read with { Constructs = FoundConstructs.Join(read.Constructs, new FoundConstructs(Construct.ShadingPattern, "", null)) };
            case "vAlign":
                return read with { VerticalAlign = VerticalAlignOf(e.Val) };
            case "textDirection":
                return read with { Direction = ParagraphProperties.DirectionOf(e.Val) };
            case "noWrap":
                return read with { DoesNotWrap = AttributeText.IsOn(e.Val) };
            case "tcFitText":
                return read with { FitsText = AttributeText.IsOn(e.Val) };
            case "hideMark":
                return read with { IgnoresEndMark = AttributeText.IsOn(e.Val) };
            case "cellIns":
                return read;
            case "cellDel":
                return read with { IsDeleted = true };
            case "cellMerge":
                return read with { Constructs = FoundConstructs.Join(read.Constructs, new FoundConstructs(Construct.DeletedCell, "", null)) };
            case "tcPrChange" or "cnfStyle" or "headers":
                return read;
            default:
                return read with { Constructs = FoundConstructs.Join(read.Constructs, new FoundConstructs(Construct.UnknownProperty, e.Name, null)) };
        }
    }

    public static VerticalAlignment VerticalAlignOf(string? value) => value switch
    {
        "center" => VerticalAlignment.Center,
        "bottom" => VerticalAlignment.Bottom,
        "both" => VerticalAlignment.Justified,
        _ => VerticalAlignment.Top,
    };
}
