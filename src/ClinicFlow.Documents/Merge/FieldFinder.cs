using System.Xml.Linq;
using ClinicFlow.Documents.Fields;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Finds Word's fields in a flow, simple and complex, nested and over several paragraphs, and replaces those that
/// read the record by marks. Layout fields (PAGE, TOC …) stay as they are, with nested record fields replaced in place.
/// </summary>
/// <remarks>
/// The steps: (1) simple fields become complex ones and runs are cut so that each holds one thing; (2) the flow is
/// read as a list of items; (3) begin, separate and end are paired into a tree; (4) from the inside out each field's
/// instruction is parsed; (5) from the outside in each field is replaced.
/// </remarks>
/// <param name="story">The story the flow belongs to.</param>
/// <param name="isSetBookmark">Whether a bookmark gets its text from SET or ASK, so that a REF to it is a record field.</param>
internal sealed class FieldFinder(Story story, Func<string, bool> isSetBookmark)
{
    private readonly WordNames _names = story.Names;
    private readonly Runs _runs = new(story.Names);

    /// <summary>Replaces the record fields of a flow.</summary>
    public void FindIn(XElement flow)
    {
        // 1.
        foreach (var simple in story.InFlow(flow).Where(element => element.Name == _names.FldSimple).ToArray())
        {
            ExpandSimple(simple);
        }

        foreach (var run in story.InFlow(flow)
            .Where(element => element.Name == _names.R && (element.Element(_names.FldChar) ?? element.Element(_names.InstrText)) is not null).ToArray())
        {
            _runs.SplitAll(run);
        }

        if (!story.InFlow(flow).Any(element => element.Name == _names.FldChar))
        {
            return;
        }

        // 2.
        var items = new FlowItems(flow, _names);
        if (Enumerable.Range(0, items.Count).Count(i => items.FieldCharOf(i) is not null) > 3 * Story.MaxMarks)
        {
            story.ReportTooMany(flow, null);
            return;
        }

        // 3. and 4.
        var roots = new FieldReader(story, items).Read();

        // 5.
        var replacer = new FieldReplacer(story, items, isSetBookmark);
        foreach (var field in roots)
        {
            replacer.Replace(field);
        }
    }

    // A simple field that Word lays out stays; any other is written as a complex one, so that one path serves both.
    private void ExpandSimple(XElement simple)
    {
        var instruction = simple.Attribute(_names.Instr)?.Value ?? "";
        if (FieldParser.Parse([new InstructionPart.Text(instruction)]).Kind is FieldKind.Live or FieldKind.NeverFetched or FieldKind.Picture)
        {
            return;
        }

        var style = simple.Descendants(_names.R).FirstOrDefault() ?? new XElement(_names.R);
        var result = simple.Nodes().ToArray();
        foreach (var node in result)
        {
            node.Remove();
        }

        simple.ReplaceWith(
            FieldChar(style, "begin"),
            _runs.Like(style, new XElement(_names.InstrText, new XAttribute(WordNames.Space, "preserve"), instruction)),
            FieldChar(style, "separate"),
            result,
            FieldChar(style, "end"));
    }

    private XElement FieldChar(XElement style, string type)
        => _runs.Like(style, new XElement(_names.FldChar, new XAttribute(_names.FldCharType, type)));
}
