using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Unicode;

namespace ClinicFlow.Documents.Layout.Inline;

internal enum SpanKind : byte
{
    Text,
    Tab,
    PositionTab,
    LineBreak,
    PageBreak,
    ColumnBreak,

    /// <summary>A picture or shape that stands in the line.</summary>
    Drawing,

    /// <summary>The rule above notes.</summary>
    NoteRule,

    /// <summary>A piece of an equation.</summary>
    Equation,

    /// <summary>Text with small text above it.</summary>
    Ruby,
}

/// <summary>A stretch of a paragraph's text in one face, size, format and direction, or one object (which is one character of the text).</summary>
internal sealed class TextSpan
{
    public required SpanKind Kind { get; init; }

    public required int Start { get; init; }

    public int Length { get; set; }

    public required CharacterFormat Format { get; init; }

    public Link? Link { get; init; }

    /// <summary>The inline it comes from: the drawing, the tab, the field.</summary>
    public Model.Inline? Source { get; init; }

    /// <summary>Of an equation; null for all else.</summary>
    public EquationPart? Part { get; init; }

    /// <summary>Of text with small text above it; null for all else.</summary>
    public RubyPart? Ruby { get; init; }

    /// <summary>Whether its characters stand upright in a line that runs downwards.</summary>
    public bool IsUpright => Format.StandsUpright && Slot == FontSlot.EastAsia && Kind == SpanKind.Text;

    /// <summary>Null for objects.</summary>
    public ResolvedFont? Font { get; init; }

    /// <summary>Size in which glyphs are drawn.</summary>
    public double Size { get; init; }

    /// <summary>How far the glyphs stand above the baseline.</summary>
    public double Rise { get; init; }

    /// <summary>What it asks of the line's height.</summary>
    public Extent Extent { get; init; }

    /// <summary>Range of <see cref="ShapedParagraph.Glyphs"/>, in visual order; none where they are natural.</summary>
    public int GlyphStart { get; set; }

    public int GlyphCount { get; set; }

    public Script Script { get; init; }

    public FontSlot Slot { get; init; }

    public byte Level { get; init; }

    /// <summary>Its node in the structure: 0 is the paragraph; others are <see cref="ShapedParagraph.Nodes"/>, counted from 1.</summary>
    public int Node { get; set; }

    /// <summary>One glyph a character, as in <see cref="GlyphRun.IsNatural"/>: they are not stored.</summary>
    public bool IsNatural { get; set; }

    public bool IsRightToLeft => (Level & 1) != 0;

    public int End => Start + Length;
}

/// <summary>Something that hangs on a character without taking room: a float, the start of a bookmark, a note.</summary>
internal readonly record struct Attached<T>(int At, T Thing);

/// <summary>
/// A paragraph as one text, in spans, with glyphs: all that does not depend on the width it is set in. Immutable once built, and shared.
/// </summary>
internal sealed class ShapedParagraph
{
    public required Paragraph Source { get; init; }

    /// <summary>All inlines as one text; objects are one character each.</summary>
    public required string Text { get; init; }

    /// <summary>In logical order; together they cover the text.</summary>
    public required TextSpan[] Spans { get; init; }

    /// <summary>Clusters are indexes into <see cref="Text"/>. Spans say which are used; the array may be longer, like those below.</summary>
    public required LaidGlyph[] Glyphs { get; init; }

    /// <summary>Whether there is any glyph.</summary>
    public bool HasGlyphs { get; init; }

    /// <summary>For each character the advance of the cluster that begins there; 0 within a cluster, and for tabs.</summary>
    public required float[] Advances { get; init; }

    /// <summary>Where each character begins were all of it one line, and behind the last the end: sums of <see cref="Advances"/>.</summary>
    public required double[] Edges { get; init; }

    /// <summary>Whether a line may begin at a character.</summary>
    public required bool[] MayBreakBefore { get; init; }

    /// <summary>Where a line may begin, in rising order: the same as <see cref="MayBreakBefore"/>.</summary>
    public required int[] Breaks { get; init; }

    /// <summary>Where words may be divided by automatic hyphenation, in rising order; empty in documents without it.</summary>
    public int[] Divisions { get; init; } = [];

    /// <summary>Nothing but text from left to right, without soft hyphens and breaks: lines are filled by words.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Whether characters of symbol fonts are in it, which are copied as what they show.</summary>
    public bool HasSymbols { get; init; }

    /// <summary>Whether an equation stands on lines of its own.</summary>
    public bool HasDisplayedEquations { get; init; }

    /// <summary>Width of a stretch of text on one line, without what justifies it.</summary>
    public double WidthOf(int start, int end) => end > start ? Edges[end] - Edges[start] : 0;

    /// <summary>Floats, in the order of the text.</summary>
    public required Attached<Drawing>[] Floats { get; init; }

    public required Attached<string>[] Bookmarks { get; init; }

    public required Attached<NoteReference>[] Notes { get; init; }

    /// <summary>Of the paragraph's mark.</summary>
    public required Extent MarkExtent { get; init; }

    /// <summary>Number or bullet; null for none.</summary>
    public ShapedLabel? Label { get; init; }

    /// <summary>Links and figures within the paragraph.</summary>
    public required InnerNode[] Nodes { get; init; }

    /// <summary>Whether any of it runs from right to left: lines must be put in visual order.</summary>
    public bool HasRightToLeft { get; init; }

    /// <summary>Whether it shows page numbers or the like: it looks different on another page.</summary>
    public bool DependsOnPage { get; init; }

    /// <summary>Whether it may look different in another document though its text is the same: page numbers, marks of notes.</summary>
    public bool DependsOnDocument => DependsOnPage || Notes.Length > 0;

    /// <summary>
    /// What its page numbers and counts show, each behind the other with a line's end, where nothing else in it depends on the document: with the same it looks the same.
    /// Null where something else does, or nothing.
    /// </summary>
    public string? Counts { get; init; }

    /// <summary>No text that is shown, no object: only its mark.</summary>
    public bool IsEmpty => Text.Length == 0;

    /// <summary>A paragraph whose mark is hidden and that shows nothing takes no room.</summary>
    public bool IsHidden => IsEmpty && Source.MarkFormat.IsHidden;

    /// <summary>Index of the span that holds a character.</summary>
    public int SpanAt(int at)
    {
        var (low, high) = (0, Spans.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = Spans[middle].Start <= at ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}

/// <summary>Text with small text above it, both shaped.</summary>
/// <param name="Source">What it is.</param>
/// <param name="Base">The text.</param>
/// <param name="Text">What stands above it.</param>
internal sealed record RubyPart(Ruby Source, ShapedParagraph Base, ShapedParagraph Text)
{
    /// <summary>Of the wider one.</summary>
    public double Width => Math.Max(Base.Edges[Base.Text.Length], Text.Edges[Text.Text.Length]);

    /// <summary>What both ask of the line's height.</summary>
    public Extent Extent
    {
        get
        {
            var (under, above) = (ExtentOf(Base), ExtentOf(Text));
            return new(Math.Max(under.Ascent, Source.Raise.Value + above.Ascent), under.Descent);
        }
    }

    public static Extent ExtentOf(ShapedParagraph text) => text.Spans.Aggregate(default(Extent), (extent, span) => extent.Or(span.Extent));
}

/// <summary>A part of a paragraph that has a meaning of its own.</summary>
internal readonly record struct InnerNode(StructureRole Role, string? AlternativeText);

/// <summary>A number or bullet, shaped.</summary>
/// <param name="Text">As a paragraph of its own. Null for a picture.</param>
/// <param name="Width">Its width.</param>
/// <param name="Extent">What it asks of its line.</param>
/// <param name="SpaceWidth">Width of a space in its font.</param>
internal sealed record ShapedLabel(ShapedParagraph? Text, double Width, Extent Extent, double SpaceWidth);
