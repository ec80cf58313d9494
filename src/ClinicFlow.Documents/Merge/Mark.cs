using System.Globalization;
using System.Xml.Linq;
using ClinicFlow.Documents.Fields;
using ClinicFlow.Documents.Fields.Formats;
using ClinicFlow.Documents.Fields.Formula;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Something in a story that is not literal. While a template is compiled, marks stand in its XML as empty
/// elements of a namespace of our own, wherever their tag or field stood; the program writer turns them into operations.
/// </summary>
internal abstract class Mark
{
    private static readonly XName ElementName = XNamespace.Get("urn:clinicflow:merge") + "mark";

    /// <summary>Where the tag or field stands in the template.</summary>
    public required Place Place { get; init; }

    /// <summary>Its own text, for messages and for keeping it where the value is missing.</summary>
    public string Raw { get; init; } = "";

    public static bool Is(XElement element) => element.Name == ElementName;

    /// <summary>The index of the mark that an element stands for.</summary>
    public static int IndexOf(XElement element) => int.Parse(element.Attribute("i")!.Value, CultureInfo.InvariantCulture);

    public static XElement Element(int index) => new(ElementName, new XAttribute("i", index));
}

/// <summary>The marks of one story, each known by its index.</summary>
internal sealed class MarkList
{
    // A noncharacter pair encloses a mark's index inside an attribute value; the loader has removed both from the template's own text.
    public const char AttributeOpen = '\uFDD0';
    public const char AttributeClose = '\uFDD1';

    private readonly List<Mark> _all = [];

    public int Count => _all.Count;

    /// <summary>Whether there is a mark of a kind.</summary>
    public bool Any<T>()
        where T : Mark
        => _all.Exists(mark => mark is T);

    public Mark this[int index] => _all[index];

    public XElement Add(Mark mark)
    {
        _all.Add(mark);
        return Mark.Element(_all.Count - 1);
    }

    /// <summary>Adds a mark that stands inside an attribute value, and gives the text that stands for it.</summary>
    public string AddToAttribute(Mark mark)
    {
        _all.Add(mark);
        return string.Create(CultureInfo.InvariantCulture, $"{AttributeOpen}{_all.Count - 1}{AttributeClose}");
    }

    public Mark Of(XElement element) => _all[Mark.IndexOf(element)];
}

/// <summary>The value of a tag, printed as text.</summary>
internal sealed class ValueMark : Mark
{
    public required Expression Expression { get; init; }
}

/// <summary>The result of a Word field, printed as text.</summary>
internal sealed class FieldMark : Mark
{
    public required FieldNode Node
    {
        get;
        init => (field, UsesCells) = (value, ReadsCells(value));
    }

    /// <summary>Whether a paragraph that holds nothing else vanishes where this is blank (Word's "suppress blank lines").</summary>
    public bool SuppressesBlankLine { get; init; }

    /// <summary>The field's own XML, for <see cref="MissingData.Keep"/>; null where it cannot be put back in place.</summary>
    public byte[]? KeepXml { get; init; }

    /// <summary>Whether a formula in it reads the cells of its table, and is calculated when the table is bound.</summary>
    public bool UsesCells { get; private init; }

    /// <summary>Whether the field prints nothing and is run for what it does (SET, ASK, NEXT, SKIPIF).</summary>
    public bool IsSilent { get; init; }

    /// <summary>Whether a formula in a field reads the cells of its table.</summary>
    public static bool ReadsCells(FieldNode node) => FieldWalk.Of(node).Any(inner => inner is FormulaField { UsesCells: true });
}

/// <summary>A drawing made from a value: an image, a QR code, a barcode. Stands inside a run.</summary>
internal sealed class DrawingMark : Mark
{
    /// <summary>The tag; an image tag for MERGEFIELDs and INCLUDEPICTURE fields that bring an image.</summary>
    public required Tag Tag { get; init; }

    /// <summary>Where the value comes from, for tags; null for an INCLUDEPICTURE field.</summary>
    public Expression? Expression => Field is not null ? null : Tag switch
    {
        Tag.Image image => image.Expression,
        Tag.Qr qr => qr.Expression,
        Tag.Barcode barcode => barcode.Expression,
        _ => null,
    };

    /// <summary>The field that names the image; null for tags.</summary>
    public IncludePictureField? Field { get; init; }

    /// <summary>Whether it brings an image file into the document; other drawings are vector shapes.</summary>
    public bool MakesImage => Tag is Tag.Image;

    /// <summary>The text width at its place, in EMU: no image is drawn wider unless it was asked to be.</summary>
    public long MaxWidthEmu { get; init; }
}

/// <summary>A barcode field's drawing. Stands inside a run.</summary>
internal sealed class BarcodeFieldMark : Mark
{
    public required BarcodeField Field { get; init; }
}

/// <summary>The relationship id of a template picture whose image a record replaces. Stands in an attribute.</summary>
internal sealed class PictureMark : Mark
{
    public required Expression Expression { get; init; }

    /// <summary>The id that the picture has in the template, for records without an image where that is allowed.</summary>
    public required string OriginalId { get; init; }

    /// <summary>Whether a record without the value keeps the template's picture (content controls).</summary>
    public bool IsOptional { get; init; }
}

/// <summary>Rich content from HTML or Markdown. Stands among runs, or among paragraphs where <see cref="IsBlock"/>.</summary>
internal sealed class RichMark : Mark
{
    public required Expression Expression { get; init; }

    public required bool IsMarkdown { get; init; }

    public required bool IsBlock { get; init; }

    public required byte[] RunProperties { get; init; }

    public required byte[] ParagraphProperties { get; init; }
}

/// <summary>☒ or ☐. Stands among runs.</summary>
internal sealed class CheckboxMark : Mark
{
    public required Condition Condition { get; init; }

    /// <summary>The run that it is where the condition holds.</summary>
    public required byte[] Checked { get; init; }

    /// <summary>The run that it is otherwise.</summary>
    public required byte[] Unchecked { get; init; }
}

/// <summary>A value written into an attribute or form field by a rule of its own.</summary>
internal sealed class ControlMark : Mark
{
    public required Expression Expression { get; init; }

    public required ControlValue Kind { get; init; }

    /// <summary>What stands there where the record has no such value.</summary>
    public string Original { get; init; } = "";

    /// <summary>The entries of a drop-down: what is stored and what is shown.</summary>
    public IReadOnlyList<(string Value, string Shown)> Entries { get; init; } = [];

    /// <summary>The date picture of a date control; null where it has none.</summary>
    public DatePicture? Picture { get; init; }

    /// <summary>The language of a date control.</summary>
    public string? Language { get; init; }

    /// <summary>The glyphs of a checkbox: checked, unchecked.</summary>
    public (string Checked, string Unchecked) Glyphs { get; init; } = ("\u2612", "\u2610");
}

/// <summary>What a <see cref="ControlMark"/> writes.</summary>
internal enum ControlValue
{
    /// <summary>The value's text.</summary>
    Text,

    /// <summary>A date in the control's own picture.</summary>
    Date,

    /// <summary>1 or 0.</summary>
    Checked,

    /// <summary>The checkbox glyph.</summary>
    CheckGlyph,

    /// <summary>What a drop-down shows for the value.</summary>
    EntryShown,

    /// <summary>The index of a drop-down's entry.</summary>
    EntryIndex,
}

/// <summary>Something that must be different each time a section repeats it: an id or a bookmark's name. Stands in an attribute.</summary>
internal sealed class FreshMark : Mark
{
    public required FreshKind Kind { get; init; }

    /// <summary>Joins what must get the same value: a bookmark's start, end and name.</summary>
    public required int Key { get; init; }

    /// <summary>The template's own value, kept the first time.</summary>
    public required string Original { get; init; }

    /// <summary>The note, for <see cref="FreshKind.NoteReference"/>.</summary>
    public NoteKey Note { get; init; }
}

/// <summary>A footnote or endnote of the template.</summary>
internal readonly record struct NoteKey(bool IsEndnote, string Id);

/// <summary>What a <see cref="FreshMark"/> makes.</summary>
internal enum FreshKind
{
    /// <summary>A drawing's id (<c>wp:docPr/@id</c>), unique in the document.</summary>
    DrawingId,

    /// <summary>A bookmark's id at its start.</summary>
    BookmarkStartId,

    /// <summary>The bookmark's id at its end: the one its start got.</summary>
    BookmarkEndId,

    /// <summary>A bookmark's name: unique in the document, at most 40 characters.</summary>
    BookmarkName,

    /// <summary>The note that a reference in a repeated section refers to: one of its own each time.</summary>
    NoteReference,

    /// <summary>The id of such a note.</summary>
    NoteId,
}

/// <summary>Where bound output is looked at again: see the operations of the same names.</summary>
internal sealed class GuardMark : Mark
{
    public required GuardKind Kind { get; init; }
}

/// <summary>What a <see cref="GuardMark"/> guards.</summary>
internal enum GuardKind
{
    /// <summary>Before the content of a cell, text box, header … whose paragraphs may all be left out.</summary>
    BlockStart,

    /// <summary>After it: where nothing was written since the start, an empty paragraph is (ECMA-376 17.4.65: a cell ends with a paragraph).</summary>
    BlockEnd,

    /// <summary>Before a table all of whose rows may be left out.</summary>
    TableStart,

    /// <summary>After the table's grid: from here on there must be rows.</summary>
    TableRows,

    /// <summary>After it: a table without rows is taken back.</summary>
    TableEnd,

    /// <summary>Before a table with a formula that reads its cells.</summary>
    CellsStart,

    /// <summary>After it: now the formulas are calculated.</summary>
    CellsEnd,

    /// <summary>Before a paragraph that vanishes where its merge fields are all blank.</summary>
    LineStart,

    /// <summary>After it.</summary>
    LineEnd,
}

/// <summary>A boundary of a section.</summary>
internal sealed class SectionMark : Mark
{
    public required SectionRole Role { get; init; }

    /// <summary>The tag or field that makes it.</summary>
    public required SectionSource Source { get; init; }
}

/// <summary>Which boundary a <see cref="SectionMark"/> is.</summary>
internal enum SectionRole
{
    /// <summary>The start.</summary>
    Open,

    /// <summary>A start of another branch.</summary>
    Else,

    /// <summary>The end.</summary>
    Close,
}

/// <summary>What a section boundary says.</summary>
internal abstract record SectionSource
{
    /// <summary><c>{{#each}}</c> or a <c>TableStart:</c> region.</summary>
    internal sealed record Each(Expression List, Condition? Where, OrderBy? OrderBy, bool Columns) : SectionSource;

    /// <summary><c>{{#if}}</c>, <c>{{else if}}</c>.</summary>
    internal sealed record When(Condition Condition) : SectionSource;

    /// <summary><c>{{#name}}</c>: a list repeats, a group is entered, anything else is a condition.</summary>
    internal sealed record Any(Expression Expression, bool Inverted) : SectionSource;

    /// <summary>Word's IF field.</summary>
    internal sealed record WordIf(IfField Field) : SectionSource
    {
        /// <summary>Whether its condition reads the cells of its table: those bound so far, for what is shown depends on it.</summary>
        public bool UsesCells { get; } = FieldMark.ReadsCells(Field);
    }

    /// <summary>Whether the record has a value for a content control or form field: one value, or a list to repeat it over.</summary>
    internal sealed record Has(Expression Expression, bool IsList = false) : SectionSource;

    /// <summary>A footnote or endnote that a repeated section refers to: it stands once for each reference.</summary>
    internal sealed record Notes(NoteKey Note) : SectionSource;

    /// <summary><c>{{else}}</c>, and the second branch of the others.</summary>
    internal sealed record Otherwise : SectionSource;

    /// <summary><c>{{/each}}</c>, <c>{{/if}}</c>, <c>{{/}}</c>, TableEnd. The keyword is what it must close; empty closes anything.</summary>
    internal sealed record End(string Keyword) : SectionSource;
}

/// <summary>A section: its boundaries in document order.</summary>
internal sealed class Section
{
    public required SectionMark Open { get; init; }

    public required XElement OpenElement { get; init; }

    public List<(SectionMark Mark, XElement Element)> Elses { get; } = [];

    public SectionMark? Close { get; set; }

    public XElement? CloseElement { get; set; }
}
