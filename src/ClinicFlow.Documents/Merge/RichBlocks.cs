namespace ClinicFlow.Documents.Merge;

/// <summary>A paragraph that holds nothing but a rich content tag gives its place to the content's own paragraphs.</summary>
internal static class RichBlocks
{
    public static void Place(Story story)
    {
        var names = story.Names;
        foreach (var element in story.Root.Descendants().Where(Mark.Is).ToArray())
        {
            if (story.Marks.Of(element) is RichMark { IsBlock: true } && element.Parent is { } paragraph && paragraph.Name == names.P)
            {
                element.Remove();
                paragraph.ReplaceWith(element);
            }
        }
    }
}
