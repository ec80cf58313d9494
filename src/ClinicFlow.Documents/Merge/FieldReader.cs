using System.Xml.Linq;
using ClinicFlow.Documents.Fields;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Pairs the begins, separators and ends of a flow's fields into trees, and understands each field's instruction from the
/// inside out.
/// </summary>
internal sealed class FieldReader(Story story, FlowItems items)
{
    private const int MaxNesting = 32;

    private readonly WordNames _names = story.Names;

    /// <summary>Reads the fields that are in no other one. What is wrong with any is reported.</summary>
    public List<FoundField> Read()
    {
        var roots = Pair();
        foreach (var field in roots)
        {
            Resolve(field, 0);
        }

        return roots;
    }

    private List<FoundField> Pair()
    {
        var roots = new List<FoundField>();
        var open = new Stack<FoundField>();
        for (var i = 0; i < items.Count; i++)
        {
            if (items.FieldCharOf(i) is not { } fieldChar)
            {
                continue;
            }

            switch (fieldChar.Attribute(_names.FldCharType)?.Value)
            {
                case "begin":
                    open.Push(new FoundField(i));
                    break;
                case "separate" when open.TryPeek(out var current):
                    current.Separate = i;
                    break;
                case "end" when open.TryPop(out var ended):
                    ended.End = i;
                    if (open.TryPeek(out var around))
                    {
                        (around.Separate < 0 ? around.InInstruction : around.InResult).Add(ended);
                    }
                    else
                    {
                        roots.Add(ended);
                    }

                    break;
                default:
                    Unclosed(items[i].Element, "A field ends here that never began.");
                    break;
            }
        }

        foreach (var never in open)
        {
            Unclosed(items[never.Begin].Element, "A field begins here that never ends.");

            // What stands inside it is still read, so that all problems come at once.
            roots.AddRange(never.InInstruction);
            roots.AddRange(never.InResult);
        }

        return roots;

        void Unclosed(XElement run, string message) => story.Problems.Add(new Problem(ProblemCode.FieldNotClosed, message)
        {
            Advice = "Delete the field in Word (Alt+F9 shows the field codes) and insert it again.",
            Place = story.PlaceOf(run),
        });
    }

    private void Resolve(FoundField field, int depth)
    {
        if (depth > MaxNesting)
        {
            story.Problems.Add(new Problem(ProblemCode.FieldNotUnderstood, $"Fields are nested more than {MaxNesting} deep.")
            {
                Advice = "Build the text in fewer steps.",
                Place = story.PlaceOf(items[field.Begin].Element),
            });
            return;
        }

        foreach (var nested in field.InInstruction.Concat(field.InResult))
        {
            Resolve(nested, depth + 1);
        }

        ReadInstruction(field);
        var parse = FieldParser.Parse(field.Parts, LanguageOf(field));
        if (parse.Problem is { } problem)
        {
            story.Problems.Add(problem with { Place = field.PlaceIn(story, items) });
        }

        field.Parse = parse;
        field.IsKept = DependsOnLayout(field, parse);
    }

    private void ReadInstruction(FoundField field)
    {
        var nested = 0;
        for (var i = field.Begin + 1; i < field.InstructionEnd; i++)
        {
            if (nested < field.InInstruction.Count && field.InInstruction[nested].Begin == i)
            {
                var inner = field.InInstruction[nested++];
                Add(i, inner.IsOfRecord ? new InstructionPart.Nested(inner.Node!) : new InstructionPart.Opaque(), inner);
                i = inner.End;
                continue;
            }

            var item = items[i];
            Add(i, item.Kind switch
            {
                FlowItemKind.ParagraphEnd => new InstructionPart.ParagraphEnd(),
                FlowItemKind.Opaque => new InstructionPart.Opaque(),
                _ => PartOf(item.Element),
            });
        }

        void Add(int item, InstructionPart part, FoundField? inner = null)
        {
            field.Parts.Add(part);
            field.Sources.Add((item, inner));
        }
    }

    private InstructionPart PartOf(XElement run)
    {
        var content = run.Elements().FirstOrDefault(child => child.Name != _names.RPr);
        if (content is null)
        {
            return new InstructionPart.Text("");
        }

        if (content.Elements().FirstOrDefault(Mark.Is) is { } mark && story.Marks.Of(mark) is ValueMark value)
        {
            return new InstructionPart.Nested(new TagNode(value.Expression));
        }

        return content.Name == _names.InstrText || content.Name == _names.T ? new InstructionPart.Text(content.Value)
            : content.Name == _names.Tab || content.Name == _names.Br || content.Name == _names.Cr ? new InstructionPart.Text(" ")
            : content.Name == _names.NoBreakHyphen ? new InstructionPart.Text("-")
            : new InstructionPart.Opaque();
    }

    // A field that reads a layout field can only be calculated by who lays out, unless the layout field just stands in a branch.
    private static bool DependsOnLayout(FoundField field, ParsedField parse)
    {
        for (var i = 0; i < field.Sources.Count; i++)
        {
            if (field.Sources[i].Nested is { IsOfRecord: false } && !(parse.Node is IfField condition && IfBranches.Cover(condition, i)))
            {
                return true;
            }
        }

        return false;
    }

    private string? LanguageOf(FoundField field)
        => items[Math.Min(field.Begin + 1, items.Count - 1)].Element.Element(_names.RPr)?.Element(_names.Lang)?.Attribute(_names.Val)?.Value;
}
