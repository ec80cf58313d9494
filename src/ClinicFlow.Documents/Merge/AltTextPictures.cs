using System.Xml.Linq;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Finds ordinary pictures whose alt text is a tag, <c>{{photo}}</c>: the record's image takes the place of the
/// picture's, within the same frame and crop.
/// </summary>
internal static class AltTextPictures
{
    public static void Find(Story story, TemplateOptions options)
    {
        foreach (var docPr in story.Root.Descendants().Where(element => element.Name.LocalName == "docPr").ToArray())
        {
            foreach (var name in new[] { "descr", "title" })
            {
                if (docPr.Attribute(name) is not { } attribute || attribute.Value.Trim() is not { } text
                    || !text.StartsWith(options.TagOpen, StringComparison.Ordinal) || !text.EndsWith(options.TagClose, StringComparison.Ordinal)
                    || text.Length <= options.TagOpen.Length + options.TagClose.Length)
                {
                    continue;
                }

                var place = story.PlaceOf(docPr, text);
                var parsed = TagParser.Parse(text[options.TagOpen.Length..^options.TagClose.Length]);
                var expression = parsed.Tag switch
                {
                    Tag.Value value => value.Expression,
                    Tag.Image image => image.Expression,
                    _ => null,
                };
                if (expression is null)
                {
                    story.Problems.Add((parsed.Problem ?? new Problem(ProblemCode.TagNotUnderstood, "A picture's alternative text is a tag that is no image.")
                    {
                        Advice = "Write the name of an image field, such as {{photo}}, or a text without braces.",
                    }) with
                    { Place = place });
                    continue;
                }

                if (docPr.Parent?.Descendants().FirstOrDefault(element => element.Name.LocalName == "blip" && element.Attribute(story.Names.Embed) is not null) is not { } blip)
                {
                    continue;
                }

                blip.SetAttributeValue(story.Names.Embed, story.Marks.AddToAttribute(new PictureMark
                {
                    Expression = expression,
                    OriginalId = blip.Attribute(story.Names.Embed)!.Value,
                    Place = place,
                    Raw = text,
                }));

                // A vector twin of the template's own picture would be shown instead of the record's.
                blip.Descendants().Where(element => element.Name.LocalName == "svgBlip").Select(svg => svg.Parent!).ToArray().Remove();
                attribute.Value = expression.Source;
                break;
            }
        }
    }
}
