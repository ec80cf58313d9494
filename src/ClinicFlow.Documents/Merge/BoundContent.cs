namespace ClinicFlow.Documents.Merge;

/// <summary>A record bound to one story: which segment or value follows which.</summary>
/// <param name="Ops">At or above 0 a segment's index; below 0 the complement of a chunk's.</param>
/// <param name="Bytes">Holds the chunks.</param>
/// <param name="Chunks">Where each chunk lies.</param>
internal readonly record struct StoryContent(ReadOnlyMemory<int> Ops, ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<(int Offset, int Length)> Chunks);

/// <summary>A record bound to a whole template: all by which its document differs from others.</summary>
/// <param name="Stories">For each story that differs.</param>
/// <param name="Relationships">For each of them, the relationships that the record adds; null for none.</param>
/// <param name="Numbering">What it adds to the numbering part.</param>
/// <param name="Media">The images that it brings.</param>
internal readonly record struct BoundContent(StoryContent[] Stories, AddedRelationships?[] Relationships, ReadOnlyMemory<byte> Numbering, IReadOnlyList<MediaFile> Media)
{
    /// <summary>An image that the record brings, by the relationship of a story; null where the story has none of that id from it.</summary>
    public MediaFile? ImageOf(int story, string relationshipId)
    {
        if (Relationships[story] is { } added)
        {
            foreach (var (id, partName) in added.Images)
            {
                if (id == relationshipId)
                {
                    return FindMedia(partName);
                }
            }
        }

        return null;
    }

    /// <summary>The same, independent of the working memory that it was bound in.</summary>
    public BoundContent Copy()
    {
        var stories = new StoryContent[Stories.Length];
        for (var i = 0; i < stories.Length; i++)
        {
            var story = Stories[i];
            stories[i] = new(story.Ops.ToArray(), story.Bytes.ToArray(), story.Chunks.ToArray());
        }

        return new(stories, [.. Relationships], Numbering.ToArray(), Media.Count == 0 ? [] : [.. Media]);
    }

    private MediaFile? FindMedia(string partName)
    {
        foreach (var media in Media)
        {
            if (media.PartName == partName)
            {
                return media;
            }
        }

        return null;
    }
}
