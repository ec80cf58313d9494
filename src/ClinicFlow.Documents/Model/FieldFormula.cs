using System.Collections.Immutable;
using System.Globalization;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Fields;

namespace ClinicFlow.Documents.Model;

/// <summary>
/// A field that computes with what only the layout knows: <c>IF PAGE &lt; NUMPAGES "continued" ""</c> in a footer. Immutable. Evidence: docs/layout.md, "Fields without a result".
/// </summary>
/// <param name="Parts">Its instruction: text, and between it the fields that the layout decides.</param>
/// <param name="Language">The language tag of its text, by which numbers are written.</param>
internal sealed record FieldFormula(ImmutableArray<FieldFormula.Part> Parts, string Language)
{
    /// <summary>A part of the instruction.</summary>
    /// <param name="Text">What stands there, or what another field shows there.</param>
    /// <param name="IsShown">Whether another field shows it: then it is one word, whatever stands in it.</param>
    /// <param name="Field">The field that the layout decides; null for text.</param>
    internal readonly record struct Part(string Text, bool IsShown, LayoutField? Field);

    /// <summary>The fields in it, those within fields that compute as well.</summary>
    public IEnumerable<LayoutField> Fields => Parts.Where(part => part.Field is not null).SelectMany(part => part.Field!.Formula is { } inner ? inner.Fields : [part.Field]);

    /// <summary>What it shows; null where it is not understood.</summary>
    /// <param name="show">What the fields in it show.</param>
    public string? Evaluate(Func<LayoutField, string> show)
    {
        var parts = new List<InstructionPart>(Parts.Length);
        foreach (var part in Parts)
        {
            parts.Add(part.Field is { } field ? new InstructionPart.Nested(new Shown(show(field))) : part.IsShown ? new InstructionPart.Nested(new Shown(part.Text)) : new InstructionPart.Text(part.Text));
        }

        var parsed = FieldParser.Parse(parts, Language.Length > 0 ? Language : null);
        if (parsed is not { Kind: Documents.Fields.FieldKind.Computed, Problem: null, Instruction.Name: "IF" or "=" or "COMPARE" or "QUOTE" })
        {
            return null;
        }

        var result = parsed.Node.Evaluate(new FieldScope
        {
            Data = new Scope(MergeValue.Null),
            Culture = CultureInfo.InvariantCulture,
            JobTime = default,
            Parameters = Nothing,
            Properties = Nothing,
            Variables = Nothing,
            MappedFields = Nothing,
        });
        return result is { Error: null, MissingField: null } ? result.Text : null;
    }

    private static readonly Dictionary<string, string> Nothing = [];

    private sealed class Shown(string text) : FieldNode
    {
        public override FieldText Evaluate(FieldScope scope) => new(text);
    }
}
