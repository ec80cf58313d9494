using System.Globalization;
using System.Xml.Linq;
using ClinicFlow.Documents.Merge;

namespace ClinicFlow.Documents.Docx;

/// <summary>How wide text can run at a place, so that no picture leaves the page.</summary>
internal sealed class PageWidths(XElement mainRoot, WordNames names)
{
    private const long EmuPerTwip = 635;

    // A4 with Word's own margins, where a template says nothing.
    private const long UsualTwips = 9026;

    private readonly Lazy<long> _first = new(() => WidthOf(mainRoot.Descendants(names.SectPr).FirstOrDefault(), names));

    /// <summary>The width in EMU at a paragraph: of its cell, or of the section that it stands in.</summary>
    public long Of(XElement paragraph)
    {
        if (paragraph.Ancestors(names.Tc).FirstOrDefault()?.Element(names.TcPr)?.Element(names.W + "tcW") is { } width
            && width.Attribute(names.Type)?.Value == "dxa" && Twips(width, "w") is > 400 and var cell)
        {
            // Less the cell's usual margins of 108 twips each side.
            return (cell - 216) * EmuPerTwip;
        }

        var block = paragraph.AncestorsAndSelf().FirstOrDefault(element => element.Parent?.Name == names.Body);
        var section = block?.ElementsAfterSelf().Prepend(block)
            .Select(element => element.Name == names.SectPr ? element : element.Element(names.PPr)?.Element(names.SectPr)).FirstOrDefault(found => found is not null);
        return section is null ? _first.Value : WidthOf(section, names);
    }

    private static long WidthOf(XElement? section, WordNames names)
    {
        var page = section?.Element(names.W + "pgSz");
        var margins = section?.Element(names.W + "pgMar");
        var width = page is null ? 0 : Value(page, names.W + "w");
        var text = width - (margins is null ? 2880 : Value(margins, names.W + "left") + Value(margins, names.W + "right"));
        if (section?.Element(names.W + "cols") is { } columns && Value(columns, names.W + "num") is > 1 and <= 45 and var count)
        {
            text = (text - ((count - 1) * Value(columns, names.W + "space"))) / count;
        }

        return (text > 400 ? text : UsualTwips) * EmuPerTwip;
    }

    private long Twips(XElement element, string attribute) => Value(element, names.W + attribute);

    private static long Value(XElement element, XName attribute)
        => long.TryParse(element.Attribute(attribute)?.Value, CultureInfo.InvariantCulture, out var value) && value is >= 0 and < 100_000 ? value : 0;
}
