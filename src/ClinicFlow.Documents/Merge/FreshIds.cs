using System.Globalization;
using ClinicFlow.Documents.Content;

namespace ClinicFlow.Documents.Merge;

/// <summary>Writes ids and names that must be others each time what they stand in is repeated: of drawings, bookmarks and notes.</summary>
internal sealed class FreshIds(BindState state, BoundSections sections, DrawingWriter drawings)
{
    private readonly Dictionary<int, int> _bookmarkIds = [];
    private readonly HashSet<string> _bookmarkNames = new(StringComparer.OrdinalIgnoreCase);
    private int _nextBookmarkId;

    /// <summary>Makes ready for a document.</summary>
    public void Start(TemplateFacts facts)
    {
        _bookmarkIds.Clear();
        _bookmarkNames.Clear();
        _nextBookmarkId = facts.FreeBookmarkId;
    }

    /// <summary>Writes one.</summary>
    public void Write(FreshMark mark)
    {
        switch (mark.Kind)
        {
            case FreshKind.DrawingId:
                WriteNumber(drawings.NextDrawingId());
                break;
            case FreshKind.BookmarkStartId:
                _bookmarkIds[mark.Key] = _nextBookmarkId;
                WriteNumber(_nextBookmarkId++);
                break;
            case FreshKind.BookmarkEndId:
                WriteNumber(_bookmarkIds.TryGetValue(mark.Key, out var id) ? id : int.Parse(mark.Original, CultureInfo.InvariantCulture));
                break;
            case FreshKind.NoteReference:
                WriteNumber(sections.ReferTo(mark.Note));
                break;
            case FreshKind.NoteId:
                WriteNumber(sections.CurrentNoteId());
                break;
            case FreshKind.BookmarkName:
                var name = mark.Original;
                for (var copy = 2; !_bookmarkNames.Add(name); copy++)
                {
                    var suffix = string.Create(CultureInfo.InvariantCulture, $"_{copy}");
                    name = string.Concat(mark.Original.AsSpan(0, Math.Min(mark.Original.Length, 40 - suffix.Length)), suffix);
                }

                XmlText.WriteEscaped(name, state.Story);
                break;
        }
    }

    private void WriteNumber(int number)
    {
        var span = state.Story.GetSpan(12);
        number.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        state.Story.Advance(written);
    }
}
