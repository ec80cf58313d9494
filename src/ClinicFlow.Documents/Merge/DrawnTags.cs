using System.Xml.Linq;
using ClinicFlow.Documents.Package;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Finds tags in the text of charts and diagrams (ECMA-376 Part 1, 21.2 and 21.4), which stands in parts of its own that no record fills in: left alone, the tag
/// itself would be printed.
/// </summary>
internal static class DrawnTags
{
    /// <param name="story">The story that shows the drawings.</param>
    /// <param name="partName">Its part.</param>
    /// <param name="package">Has the parts that it refers to.</param>
    /// <param name="options">Say how a tag begins.</param>
    public static void Find(Story story, string partName, OpcPackage package, TemplateOptions options)
    {
        foreach (var element in story.Root.Descendants())
        {
            var (what, id) = (element.Name.LocalName, element.Name.NamespaceName) switch
            {
                ("chart", var names) when names.EndsWith("/chart", StringComparison.Ordinal) || names.EndsWith("/chartex", StringComparison.Ordinal) => ("chart", element.Attribute(story.Names.Relationships + "id")?.Value),
                ("relIds", var names) when names.EndsWith("/diagram", StringComparison.Ordinal) => ("diagram", element.Attribute(story.Names.Relationships + "dm")?.Value),
                _ => ("", null),
            };
            if (id is not null && package.RelationshipsOf(partName).FirstOrDefault(relationship => relationship.Id == id && !relationship.IsExternal) is { } found && package.Has(found.Target)
                && TextsOf(package.ReadXml(found.Target)).FirstOrDefault(text => text.Contains(options.TagOpen, StringComparison.Ordinal)) is { } tagged)
            {
                story.Problems.Add(new Problem(ProblemCode.TagInDrawing, $"A tag stands in a {what}, where no record fills it in.")
                {
                    Advice = $"Write the value as text beside the {what}, or in a text box over it.",
                    Place = story.PlaceOf(element, tagged),
                });
            }
        }
    }

    // Paragraphs, whose runs Word cuts anywhere, and the values that a chart has kept of its table.
    private static IEnumerable<string> TextsOf(XDocument part) => part.Descendants().Where(element => element.Name.LocalName is "p" or "v" or "pt")
        .Select(element => element.Name.LocalName == "p" ? string.Concat(element.Descendants().Where(text => text.Name.LocalName == "t").Select(text => text.Value)) : element.HasElements ? "" : element.Value);
}
