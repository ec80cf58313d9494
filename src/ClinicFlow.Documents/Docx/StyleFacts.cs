using System.Xml.Linq;
using ClinicFlow.Documents.Merge;

namespace ClinicFlow.Documents.Docx;

/// <summary>Which of a document's paragraph styles are headings.</summary>
/// <param name="HeadingIds">The style ids of all headings.</param>
/// <param name="Headings">The style ids of headings 1 to 6; empty text where there is none.</param>
internal sealed record StyleFacts(ISet<string> HeadingIds, IReadOnlyList<string> Headings)
{
    /// <summary>Reads the style part; null where the document has none.</summary>
    public static StyleFacts Read(XDocument? styles, WordNames names)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var headings = new[] { "", "", "", "", "", "" };
        foreach (var style in styles?.Root?.Elements(names.W + "style") ?? [])
        {
            if (style.Attribute(names.W + "styleId")?.Value is not { } id || style.Attribute(names.Type)?.Value is not (null or "paragraph"))
            {
                continue;
            }

            // Word keeps the built-in names in English whatever its language.
            var name = style.Element(names.Name)?.Attribute(names.Val)?.Value ?? "";
            var level = name.StartsWith("heading ", StringComparison.OrdinalIgnoreCase) && int.TryParse(name.AsSpan(8), out var number) ? number : 0;
            if (level is >= 1 and <= 9 || style.Element(names.PPr)?.Element(names.W + "outlineLvl") is not null)
            {
                ids.Add(id);
            }

            if (level is >= 1 and <= 6)
            {
                headings[level - 1] = id;
            }
        }

        return new StyleFacts(ids, headings);
    }
}
