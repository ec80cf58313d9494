using ClinicFlow.Documents.Merge;
using ClinicFlow.Documents.Package;

namespace ClinicFlow.Documents.Docx;

/// <summary>Collects the entries of a compiled template.</summary>
internal sealed class DocxLayoutBuilder(TemplateFacts facts, WordNames names, string idPrefix)
{
    private readonly List<DocxEntry> _entries = [];
    private readonly List<StoryPart> _stories = [];

    public void AddCopy(ZipEntryTemplate entry) => _entries.Add(new DocxEntry.Copied(entry));

    public void AddStory(StoryPart part) => _entries.Add(new DocxEntry.Bound(part.PartName, IndexOf(part)));

    public void AddRelationships(string name, StoryPart owner, byte[] bytes)
        => _entries.Add(new DocxEntry.Relationships(IndexOf(owner), Extensible(name, bytes, "</Relationships>"u8)));

    public void AddNumbering(string name, byte[] bytes)
    {
        // CT_Numbering ends with an optional numIdMacAtCleanup behind all instances (ECMA-376 Part 1 §17.9.17).
        var at = bytes.AsSpan().LastIndexOf("<w:numIdMacAtCleanup"u8);
        _entries.Add(new DocxEntry.Numbering(at < 0 ? Extensible(name, bytes, "</w:numbering>"u8) : Extensible(name, bytes, at)));
    }

    /// <summary>Finishes; the stories get the order in which they are bound, the body first.</summary>
    public DocxTemplate Build(IEnumerable<string> order, FieldList fields, IReadOnlyList<Problem> problems)
    {
        var ordered = order.Select(name => _stories.FindIndex(part => part.PartName == name)).Where(index => index >= 0).ToArray();
        var entries = _entries.Select(entry => entry switch
        {
            DocxEntry.Bound bound => bound with { Story = Array.IndexOf(ordered, bound.Story) },
            DocxEntry.Relationships relationships => relationships with { Story = Array.IndexOf(ordered, relationships.Story) },
            _ => entry,
        })

            // What no record changes goes first: so all documents begin with the same bytes (DocxTemplate.CommonStart).
            .OrderBy(entry => entry is not DocxEntry.Copied).ToArray();
        var stories = ordered.Select(index => _stories[index]).ToArray();
        return new DocxTemplate(facts, stories, entries, NewRelationships, fields, problems);

        RelationshipList NewRelationships(int _) => new(names.Relationships.NamespaceName + "/image", idPrefix);
    }

    private int IndexOf(StoryPart part)
    {
        var index = _stories.IndexOf(part);
        if (index < 0)
        {
            index = _stories.Count;
            _stories.Add(part);
        }

        return index;
    }

    private static ExtensiblePart Extensible(string name, byte[] bytes, ReadOnlySpan<byte> endTag)
    {
        var at = bytes.AsSpan().LastIndexOf(endTag);
        return Extensible(name, bytes, at);
    }

    private static ExtensiblePart Extensible(string name, byte[] bytes, int at)
        => new(ZipEntryTemplate.Deflated(name, bytes), name, bytes[..at], bytes[at..]);
}
