using System.Xml.Linq;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Finds tags and merge fields within an equation's own runs (ECMA-376 Part 1, 22.1.2.87), which no record fills in: left alone, the tag itself or an old value would be printed.
/// </summary>
internal static class EquationTags
{
    private const string Advice = "Write the value as text beside the equation, or the whole equation as text.";

    private static readonly string[] RecordFields = ["MERGEFIELD", "MERGEREC", "MERGESEQ", "IF", "NEXT", "NEXTIF", "SKIPIF", "ADDRESSBLOCK", "GREETINGLINE", "MERGEBARCODE"];

    public static void Find(Story story, TemplateOptions options)
    {
        foreach (var equation in story.Root.Descendants().Where(element => IsMath(element, "oMath")))
        {
            var runs = equation.Descendants().Where(element => IsMath(element, "r")).ToArray();

            // Word cuts what is typed into several runs, by letters and signs.
            var text = string.Concat(runs.SelectMany(run => run.Elements()).Where(element => IsMath(element, "t") || element.Name == story.Names.T).Select(element => element.Value));
            if (text.Contains(options.TagOpen, StringComparison.Ordinal))
            {
                story.Problems.Add(new Problem(ProblemCode.TagInEquation, "A tag stands inside an equation, where no record fills it in.") { Advice = Advice, Place = story.PlaceOf(equation, text) });
            }

            var instructions = string.Concat(runs.SelectMany(run => run.Elements(story.Names.InstrText)).Select(element => element.Value));
            var simple = equation.Ancestors(story.Names.FldSimple).Concat(equation.Descendants(story.Names.FldSimple).Where(field => field.Descendants().Any(element => IsMath(element, "r"))));
            if (simple.Select(field => field.Attribute(story.Names.Instr)?.Value ?? "").Append(instructions).FirstOrDefault(IsOfRecord) is { } found)
            {
                story.Problems.Add(new Problem(ProblemCode.TagInEquation, "A merge field stands inside an equation, where no record fills it in.") { Advice = Advice, Place = story.PlaceOf(equation, found.Trim()) });
            }
        }
    }

    private static bool IsOfRecord(string instruction)
        => instruction.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries) is [var name, ..] && RecordFields.Contains(name, StringComparer.OrdinalIgnoreCase);

    // In both of Word's dialects.
    private static bool IsMath(XElement element, string name)
        => element.Name.LocalName == name && element.Name.NamespaceName is "http://schemas.openxmlformats.org/officeDocument/2006/math" or "http://purl.oclc.org/ooxml/officeDocument/math";
}
