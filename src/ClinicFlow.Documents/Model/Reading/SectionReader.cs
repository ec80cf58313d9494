using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads w:sectPr (§17.6), with what a section takes from the one before. Owned by one read.</summary>
internal sealed class SectionReader(DocumentParts parts, string part, Func<string?, HeaderFooter?> readHeader)
{
    // The first section's own kind of start says nothing, so a document of one section is never "continuous".
    private readonly ImmutableArray<Section>.Builder _sections = ImmutableArray.CreateBuilder<Section>();
    private HeaderFooterSet _headers = HeaderFooterSet.None;
    private HeaderFooterSet _footers = HeaderFooterSet.None;

    public ImmutableArray<Section> Sections => _sections.ToImmutable();

    /// <summary>Ends a section: its properties come after its blocks, which are taken from the builder.</summary>
    public void End(Element sectPr, ImmutableArray<Block>.Builder blocks)
    {
        var section = Read(sectPr) with { Blocks = blocks.ToImmutable() };
        blocks.Clear();
        Scan(section);
        _sections.Add(section);
    }

    private Section Read(Element sectPr)
    {
        var section = new Section { Footnotes = parts.Settings.Footnotes, Endnotes = parts.Settings.Endnotes };
        foreach (var e in sectPr.Elements)
        {
            if (e.Ns == Ns.W)
            {
                section = Read(section, e);
            }
        }

        return section with { Headers = _headers, Footers = _footers };
    }

    private Section Read(Section section, Element e)
    {
        switch (e.Name)
        {
            case "headerReference":
                _headers = With(_headers, e);
                return section;
            case "footerReference":
                _footers = With(_footers, e);
                return section;
            case "type":
                return section with
                {
                    Start = e.Val switch { "continuous" => SectionStart.Continuous, "nextColumn" => SectionStart.NextColumn, "evenPage" => SectionStart.EvenPage, "oddPage" => SectionStart.OddPage, _ => SectionStart.NextPage },
                };
            case "pgSz":
                return section with { Page = new PageSize(Length(e["w"], section.Page.Width), Length(e["h"], section.Page.Height), e["orient"] == "landscape") };
            case "pgMar":
                return section with { Margins = ReadMargins(e, section.Margins) };
            case "cols":
                return section with { Columns = ReadColumns(e) };
            case "titlePg":
                return section with { HasTitlePage = AttributeText.IsOn(e.Val) };
            case "pgNumType":
                return section with
                {
                    PageNumbers = new PageNumbering(
                        FormatOf(e["fmt"]), AttributeText.Int(e["start"]), Math.Clamp(AttributeText.Int(e["chapStyle"]) ?? 0, 0, 9),
                        e["chapSep"] switch { "period" => '.', "colon" => ':', "emDash" => '—', "enDash" => '–', _ => '-' }),
                };
            case "pgBorders":
                return section with { Borders = ReadBorders(e) };
            case "vAlign":
                return section with { VerticalAlign = CellProperties.VerticalAlignOf(e.Val) };
            case "docGrid":
                return section with { Grid = ReadGrid(e) };
            case "lnNumType":
                return section with { LineNumbers = ReadLineNumbers(e) };
            case "footnotePr":
                return section with { Footnotes = SettingsReader.Notes(e, section.Footnotes) };
            case "endnotePr":
                return section with { Endnotes = SettingsReader.Notes(e, section.Endnotes) };
            case "bidi":
                return section with { IsRightToLeft = AttributeText.IsOn(e.Val) };
            case "rtlGutter":
                return section with { HasGutterAtRight = AttributeText.IsOn(e.Val) };
            case "noEndnote":
                return section with { SuppressesEndnotes = AttributeText.IsOn(e.Val) };
            case "textDirection":
                return section with { TextDirection = ParagraphProperties.DirectionOf(e.Val) };
            case "formProt" or "paperSrc" or "sectPrChange" or "printerSettings":
                return section;
            default:
                parts.Scan.Found(Construct.UnknownProperty, e.Name);
                return section;
        }
    }

    private HeaderFooterSet With(HeaderFooterSet set, Element e)
    {
        if (parts.Relationship(part, e[Ns.Relationships, "id"]) is null)
        {
            parts.Scan.Found(Construct.DamagedReference);
            return set;
        }

        var read = readHeader(e[Ns.Relationships, "id"]);
        return e["type"] switch { "first" => set with { First = read }, "even" => set with { Even = read }, _ => set with { Default = read } };
    }

    private NumberFormat FormatOf(string? name)
    {
        if (NumberText.FormatOf(name) is { } format)
        {
            return format;
        }

        parts.Scan.Found(Construct.NumberFormat, name ?? "");
        return NumberFormat.Decimal;
    }

    private static Pt Length(string? value, Pt otherwise) => AttributeText.Twips(value) is { Value: >= 7.2 and <= 14_400 } length ? length : otherwise;

    private static PageMargins ReadMargins(Element e, PageMargins otherwise) => new(
        AttributeText.Twips(e["top"]) ?? otherwise.Top,
        AttributeText.Twips(e["right"]) ?? otherwise.Right,
        AttributeText.Twips(e["bottom"]) ?? otherwise.Bottom,
        AttributeText.Twips(e["left"]) ?? otherwise.Left,
        AttributeText.Twips(e["header"]) ?? otherwise.Header,
        AttributeText.Twips(e["footer"]) ?? otherwise.Footer,
        AttributeText.Twips(e["gutter"]) ?? otherwise.Gutter);

    private static Columns ReadColumns(Element e)
    {
        var widths = ImmutableArray.CreateBuilder<Column>();
        foreach (var col in e.Elements)
        {
            if (col.Is("col") && AttributeText.Twips(col["w"]) is { Value: > 0 } width)
            {
                widths.Add(new Column(width, AttributeText.Twips(col["space"]) ?? Pt.Zero));
            }
        }

        // Equal widths are the rule; columns of their own count only where that is said to be off (§17.6.4).
        var isEqual = AttributeText.Bool(e["equalWidth"]) ?? widths.Count == 0;
        var count = !isEqual && widths.Count > 0 ? Math.Min(widths.Count, 45) : Math.Clamp(AttributeText.Int(e["num"]) ?? 1, 1, 45);
        return new Columns(count, AttributeText.Twips(e["space"]) ?? new Pt(36), isEqual || count == 1 ? [] : [.. widths.Take(count)], AttributeText.Bool(e["sep"]) == true);
    }

    private PageBorders? ReadBorders(Element e)
    {
        var sides = ParagraphProperties.StatedSides.Read(e, parts.Theme);
        var (top, end, bottom, start) = (sides.Top?.Value, sides.End?.Value, sides.Bottom?.Value, sides.Start?.Value);
        if (top is null && end is null && bottom is null && start is null)
        {
            return null;
        }

        parts.Scan.Found(Construct.PageBorder);
        foreach (var border in new[] { top, end, bottom, start })
        {
            parts.Styles.Scan(border, drawsShadow: true);
        }

        return new PageBorders(top, end, bottom, start, e["offsetFrom"] == "page",
            e["display"] switch { "firstPage" => PageBorderPages.First, "notFirstPage" => PageBorderPages.NotFirst, _ => PageBorderPages.All }, e["zOrder"] == "back");
    }

    /// <summary>Reads w:docGrid.</summary>
    public static DocumentGrid ReadGrid(Element e)
    {
        var kind = e["type"] switch { "lines" => DocumentGridKind.Lines, "linesAndChars" => DocumentGridKind.LinesAndCharacters, "snapToChars" => DocumentGridKind.SnapToCharacters, _ => DocumentGridKind.None };
        return new DocumentGrid(kind, AttributeText.Twips(e["linePitch"]) ?? Pt.Zero, AttributeText.Int(e["charSpace"]) ?? 0);
    }

    // What is stored is one less than the first number (docs/layout.md, "Line numbers").
    private static LineNumbering? ReadLineNumbers(Element e) => AttributeText.Int(e["countBy"]) is { } every and > 0
        ? new LineNumbering(every, Math.Clamp(AttributeText.Int(e["start"]) ?? 0, 0, 32_767) + 1, AttributeText.Twips(e["distance"]) ?? Pt.Zero,
            e["restart"] switch { "newSection" => LineNumberRestart.EachSection, "continuous" => LineNumberRestart.Continuous, _ => LineNumberRestart.EachPage })
        : null;

    private void Scan(Section section)
    {
        Found(section.Columns.Count > 1, Construct.Columns);
        Found(_sections.Count > 0 && section.Start is SectionStart.Continuous or SectionStart.NextColumn, Construct.ContinuousSection);
        Found(section.VerticalAlign != VerticalAlignment.Top, Construct.VerticalAlignment);
        Found(section.LineNumbers is not null, Construct.LineNumbers);
        Found(section.TextDirection != TextDirection.Horizontal, Construct.VerticalText);
        Found(section.PageNumbers.ChapterStyle > 0, Construct.ChapterNumber);
        Found(section.Grid.CharacterPitch != Pt.Zero, Construct.CharacterGrid);
        Found(section.Grid.CharacterPitch != parts.Styles.CharacterGrid || (section.Grid is { Kind: DocumentGridKind.SnapToCharacters, CharacterSpace: not 0 }), Construct.OtherCharacterGrid);
    }

    private void Found(bool isThere, Construct construct)
    {
        if (isThere)
        {
            parts.Scan.Found(construct);
        }
    }
}
