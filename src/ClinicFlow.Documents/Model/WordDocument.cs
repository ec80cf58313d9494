using System.Collections.Immutable;
using ClinicFlow.Documents.Model.Metafiles;

namespace ClinicFlow.Documents.Model;

/// <summary>
/// A Word document with every style, theme and number worked out to values: what layout needs, and nothing that it would have
/// to look up. Immutable; equal formats are the same object, so that layout can compare and remember them by reference.
/// </summary>
internal sealed record WordDocument
{
    public required DocumentSettings Settings { get; init; }

    /// <summary>At least one.</summary>
    public required ImmutableArray<Section> Sections { get; init; }

    /// <summary>In the order of the part; <see cref="NoteReference.Note"/> is an index into these.</summary>
    public ImmutableArray<Note> Footnotes { get; init; } = [];

    /// <summary>In the order of the part; <see cref="NoteReference.Note"/> is an index into these.</summary>
    public ImmutableArray<Note> Endnotes { get; init; } = [];

    /// <summary>The line above footnotes, and the one above what goes on from the page before. Empty: draw Word's own.</summary>
    public NoteSeparators FootnoteSeparators { get; init; } = NoteSeparators.None;

    /// <summary>The same for endnotes.</summary>
    public NoteSeparators EndnoteSeparators { get; init; } = NoteSeparators.None;

    /// <summary>Pictures, each once however often it is drawn; <see cref="PictureContent.Image"/> is an index into these.</summary>
    public ImmutableArray<ImageFile> Images { get; init; } = [];

    /// <summary>What the document says of the fonts that it names, so that a missing one can be replaced well.</summary>
    public ImmutableArray<FontDeclaration> Fonts { get; init; } = [];

    /// <summary>Title, author and so on, for the PDF's metadata.</summary>
    public DocumentInformation Information { get; init; } = DocumentInformation.None;

    /// <summary>The colour behind every page where the document shows one; null for none.</summary>
    public Rgb? Background { get; init; }

    /// <summary>The character format of text that no style says anything about (the document defaults).</summary>
    public required CharacterFormat DefaultCharacters { get; init; }

    /// <summary>The format of numbers beside lines; null where no section numbers its lines.</summary>
    public CharacterFormat? LineNumberCharacters { get; init; }

    /// <summary>What stands in the document that is not rendered faithfully, each with its place; empty where everything is.</summary>
    public ImmutableArray<Unfaithful> Unfaithful { get; init; } = [];
}

/// <summary>What goes into the PDF's metadata. Empty text where the document does not say.</summary>
/// <param name="Title">dc:title.</param>
/// <param name="Author">dc:creator.</param>
/// <param name="Subject">dc:subject.</param>
/// <param name="Keywords">cp:keywords.</param>
/// <param name="Language">The document's main language as a tag such as <c>en-GB</c>.</param>
internal sealed record DocumentInformation(string Title, string Author, string Subject, string Keywords, string Language)
{
    public static DocumentInformation None { get; } = new("", "", "", "", "");
}

/// <summary>What kind of picture bytes are, told by their first bytes and not by their name.</summary>
internal enum ImageKind
{
    /// <summary>Of no kind that is known here.</summary>
    Unknown,
    Png,
    Jpeg,
    Gif,
    Bmp,
    Tiff,
    Svg,
    Emf,
    Wmf,
    WebP,
}

/// <summary>A picture as it lies in the package.</summary>
/// <param name="PartName">The part's name, for messages.</param>
/// <param name="Kind">Told by the bytes.</param>
/// <param name="Bytes">The file.</param>
internal sealed record ImageFile(string PartName, ImageKind Kind, ImmutableArray<byte> Bytes)
{
    /// <summary>What a metafile draws, where all of it can be drawn here; null for other pictures.</summary>
    public Metafile? Drawing { get; init; }

    /// <summary>Of a metafile that is not drawn: what in it is not.</summary>
    public string? NotDrawn { get; init; }
}

/// <summary>What the font table says of a font (ECMA-376 Part 1 §17.8.3).</summary>
/// <param name="Name">The name that text asks for.</param>
/// <param name="AlternativeName">Another name of it; empty where none is given.</param>
/// <param name="Panose">Ten numbers that describe its look; empty where not given.</param>
/// <param name="Family">Its kind.</param>
/// <param name="Pitch">Whether all characters are equally wide.</param>
/// <param name="IsSymbolCharset">Whether its characters are symbols (w:charset 02).</param>
/// <param name="Embedded">The faces that lie in the document, readable: the obfuscation is undone.</param>
internal sealed record FontDeclaration(string Name, string AlternativeName, ImmutableArray<byte> Panose, FontFamilyKind Family, FontPitch Pitch, bool IsSymbolCharset, ImmutableArray<EmbeddedFace> Embedded);

/// <summary>w:family (§17.18.30).</summary>
internal enum FontFamilyKind
{
    Auto,
    Roman,
    Swiss,
    Modern,
    Script,
    Decorative,
}

/// <summary>w:pitch (§17.18.66).</summary>
internal enum FontPitch
{
    Default,
    Fixed,
    Variable,
}

/// <summary>A font file in the document.</summary>
/// <param name="IsBold">Whether it is the bold face.</param>
/// <param name="IsItalic">Whether it is the italic face.</param>
/// <param name="Bytes">An OpenType or TrueType file.</param>
internal sealed record EmbeddedFace(bool IsBold, bool IsItalic, ImmutableArray<byte> Bytes);

/// <summary>A construct that the engine does not render as Word does, and where it stands.</summary>
/// <param name="Code">A stable code such as <c>chart</c> or <c>element-unknown</c>.</param>
/// <param name="What">What a person calls it, with the element's name where that helps.</param>
/// <param name="Place">Where it stands first.</param>
/// <param name="Count">How often it occurs in the document.</param>
internal sealed record Unfaithful(string Code, string What, Place Place, int Count);
