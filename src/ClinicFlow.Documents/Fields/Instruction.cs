using System.Text;

namespace ClinicFlow.Documents.Fields;

/// <summary>
/// A field's instruction, taken apart: name, arguments, switches. Says nothing about what they mean.
/// Immutable. Grammar: ECMA-376 Part 1 §17.16.1–17.16.4, and what Word accepts beyond it (<see cref="InstructionReader"/>).
/// </summary>
internal sealed class Instruction
{
    internal Instruction(string writtenName, IReadOnlyList<InstructionArgument> arguments, IReadOnlyList<InstructionSwitch> switches, InstructionArgument? expression)
    {
        WrittenName = writtenName;
        Name = writtenName.ToUpperInvariant();
        Arguments = arguments;
        Switches = switches;
        Expression = expression;
        Nodes = [.. arguments.Concat(switches.Select(one => one.Argument).OfType<InstructionArgument>()).SelectMany(argument => argument.Nodes),
            .. expression?.Nodes ?? []];
    }

    /// <summary>The field's name in upper case; <c>=</c> for a formula; empty where the instruction starts with no name.</summary>
    public string Name { get; }

    /// <summary>The name as the template writes it.</summary>
    public string WrittenName { get; }

    /// <summary>The arguments in order. Of a condition (IF, COMPARE, NEXTIF, SKIPIF) the operator is one of them.</summary>
    public IReadOnlyList<InstructionArgument> Arguments { get; }

    /// <summary>The switches in order.</summary>
    public IReadOnlyList<InstructionSwitch> Switches { get; }

    /// <summary>The expression of a formula; null for every other field.</summary>
    public InstructionArgument? Expression { get; }

    /// <summary>The nested fields, in the order of the instruction.</summary>
    public IReadOnlyList<FieldNode> Nodes { get; }

    /// <summary>Takes an instruction apart. Takes any input; what makes no sense as a field is for <see cref="FieldParser"/> to say.</summary>
    public static Instruction Parse(IReadOnlyList<InstructionPart> parts) => new InstructionReader(parts).Read();

    /// <summary>The argument at an index, or null.</summary>
    public InstructionArgument? Argument(int index) => index < Arguments.Count ? Arguments[index] : null;

    /// <summary>Whether a switch is there. Names of letters are compared without case.</summary>
    public bool Has(string name) => Switches.Any(one => one.Name == name);

    /// <summary>The argument of the first switch of a name; null where the switch or its argument is not there.</summary>
    public InstructionArgument? ArgumentOf(string name) => Switches.FirstOrDefault(one => one.Name == name)?.Argument;
}

/// <summary>A switch: <c>\*</c>, <c>\b</c> … with its backslash, letters in lower case, and its argument if it has one.</summary>
internal sealed record InstructionSwitch(string Name, InstructionArgument? Argument);

/// <summary>A piece of an argument: text, or a nested field (then <paramref name="Text"/> is empty).</summary>
internal readonly record struct ArgumentPiece(string Text, FieldNode? Node);

/// <summary>An argument of a field: text and nested fields, joined when evaluated.</summary>
internal sealed class InstructionArgument : FieldNode
{
    internal InstructionArgument(IReadOnlyList<ArgumentPiece> pieces, bool isQuoted, InstructionPosition start, InstructionPosition end)
    {
        Pieces = pieces;
        IsQuoted = isQuoted;
        Start = start;
        End = end;
        Nodes = [.. pieces.Select(piece => piece.Node).OfType<FieldNode>()];
        Constant = Nodes.Count == 0 ? string.Concat(pieces.Select(piece => piece.Text)) : null;
        DependsOnLayout = Nodes.Any(node => node.DependsOnLayout);
    }

    /// <summary>What the argument is made of. Quotes are not part of it, and <c>\"</c> and <c>\\</c> are resolved.</summary>
    public IReadOnlyList<ArgumentPiece> Pieces { get; }

    /// <summary>Whether quotes stand around it.</summary>
    public bool IsQuoted { get; }

    /// <summary>Where it starts, inside its quotes.</summary>
    public InstructionPosition Start { get; }

    /// <summary>Where it ends, inside its quotes.</summary>
    public InstructionPosition End { get; }

    /// <summary>The nested fields.</summary>
    public IReadOnlyList<FieldNode> Nodes { get; }

    /// <summary>The text where no nested field takes part in it; null otherwise.</summary>
    public string? Constant { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> ReadsFields => Nodes.SelectMany(node => node.ReadsFields);

    /// <inheritdoc/>
    public override bool DependsOnLayout { get; }

    /// <inheritdoc/>
    public override FieldText Evaluate(FieldScope scope)
    {
        if (Constant is not null)
        {
            return new FieldText(Constant);
        }

        // A lone nested field keeps its number or date; glued to something else it is text.
        if (Pieces.Count == 1)
        {
            return Pieces[0].Node!.Evaluate(scope);
        }

        var text = new StringBuilder();
        string? missing = null;
        Problem? error = null;
        foreach (var piece in Pieces)
        {
            if (piece.Node is null)
            {
                text.Append(piece.Text);
                continue;
            }

            var result = piece.Node.Evaluate(scope);
            text.Append(result.Text);
            missing ??= result.MissingField;
            error ??= result.Error;
        }

        return new FieldText(text.ToString(), missing, error);
    }
}
