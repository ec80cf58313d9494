using System.Xml.Linq;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Makes sections of the footnotes and endnotes that repeated sections refer to, so that each reference has a note of
/// its own, with the item that the reference stands in.
/// </summary>
internal static class RepeatedNotes
{
    public static void Place(Story story, IReadOnlySet<NoteKey> notes)
    {
        var names = story.Names;
        foreach (var note in story.Root.Elements().Where(element => element.Name == names.Footnote || element.Name == names.Endnote).ToArray())
        {
            var key = new NoteKey(note.Name == names.Endnote, note.Attribute(names.Id)?.Value ?? "");
            if (!notes.Contains(key))
            {
                continue;
            }

            note.SetAttributeValue(names.Id, story.Marks.AddToAttribute(new FreshMark { Kind = FreshKind.NoteId, Key = -1, Original = key.Id, Place = Documents.Place.Nowhere }));
            note.AddBeforeSelf(Boundary(SectionRole.Open, new SectionSource.Notes(key)));
            note.AddAfterSelf(Boundary(SectionRole.Close, new SectionSource.End("")));
        }

        XElement Boundary(SectionRole role, SectionSource source) => story.Marks.Add(new SectionMark { Role = role, Source = source, Place = Documents.Place.Nowhere });
    }
}
