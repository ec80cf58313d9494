using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>
/// What fields show that only the layout knows. Page numbers are those that are printed (a section may begin at 5); counts come from the
/// layout before, where one was needed.
/// </summary>
internal sealed record FieldValues
{
    public static readonly FieldValues None = new();

    public int Page { get; init; } = 1;

    public NumberFormat PageFormat { get; init; }

    public int PageCount { get; init; } = 1;

    public int SectionPageCount { get; init; } = 1;

    public int Section { get; init; } = 1;

    /// <summary>Number of the note that is being laid; empty elsewhere.</summary>
    public string NoteMark { get; init; } = "";

    /// <summary>Printed page numbers of bookmarks, from the layout before.</summary>
    public IReadOnlyDictionary<string, string>? PageOfBookmark { get; init; }

    /// <summary>Marks of notes by their reference, for the whole document.</summary>
    public IReadOnlyDictionary<NoteReference, string>? NoteMarks { get; init; }

    /// <summary>Whether these depend on the pages that the references stand on, and change from layout to layout.</summary>
    public bool NumbersNotesByPage { get; init; }

    /// <summary>Text of the nearest paragraph of a style, by the style's id.</summary>
    public Func<string, string?>? StyleText { get; init; }

    /// <summary>What a field shows.</summary>
    public string TextOf(LayoutField field) => field.Kind switch
    {
        FieldKind.Page when field.Number is { } asked => PageNumbers.WriteField(Page, asked),
        FieldKind.Page => PageNumbers.Write(Page, PageFormat),
        FieldKind.PageCount => PageNumbers.WriteField(PageCount, field.Number ?? NumberFormat.Decimal),
        FieldKind.SectionPageCount => PageNumbers.WriteField(SectionPageCount, field.Number ?? NumberFormat.Decimal),
        FieldKind.Section => PageNumbers.WriteField(Section, field.Number ?? NumberFormat.Decimal),
        FieldKind.Computed => field.Formula?.Evaluate(TextOf) ?? field.Cached,
        FieldKind.PageReference => PageOfBookmark is not null && PageOfBookmark.TryGetValue(field.Target, out var page) ? page : field.Cached,
        FieldKind.StyleReference => StyleText?.Invoke(field.Target) ?? field.Cached,
        _ => field.Cached,
    };
}
