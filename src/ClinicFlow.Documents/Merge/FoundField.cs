using ClinicFlow.Documents.Fields;

namespace ClinicFlow.Documents.Merge;

/// <summary>One of Word's fields in a flow: where it stands in its <see cref="FlowItems"/>, and what it was understood as.</summary>
internal sealed class FoundField(int begin)
{
    /// <summary>The item of its begin.</summary>
    public int Begin { get; } = begin;

    /// <summary>The item between instruction and result; -1 where it has no result.</summary>
    public int Separate { get; set; } = -1;

    /// <summary>The item of its end.</summary>
    public int End { get; set; } = -1;

    /// <summary>The item behind its instruction.</summary>
    public int InstructionEnd => Separate >= 0 ? Separate : End;

    /// <summary>The fields in its instruction.</summary>
    public List<FoundField> InInstruction { get; } = [];

    /// <summary>The fields in its result.</summary>
    public List<FoundField> InResult { get; } = [];

    /// <summary>The field understood; null where it is nested too deep to look at.</summary>
    public ParsedField? Parse { get; set; }

    /// <summary>Whether it needs the layout for its result, whatever it is.</summary>
    public bool IsKept { get; set; }

    /// <summary>Whether a record gives its result.</summary>
    public bool IsOfRecord => !IsKept && Parse is { Kind: FieldKind.Computed or FieldKind.Region or FieldKind.Barcode } or { Kind: FieldKind.Picture, Node: IncludePictureField { ReadsRecord: true } };

    /// <summary>What it works out; null where it was not understood.</summary>
    public WordField? Node => Parse?.Node;

    /// <summary>The parts of its instruction.</summary>
    public List<InstructionPart> Parts { get; } = [];

    /// <summary>For each part the item it comes from, and the nested field where it is one.</summary>
    public List<(int Item, FoundField? Nested)> Sources { get; } = [];

    /// <summary>Its instruction as an author reads it.</summary>
    public string Raw => $"{{ {string.Concat(Parts.Select(part => part is InstructionPart.Text text ? text.Value : "…")).Trim()} }}";

    /// <summary>Where it stands in a document.</summary>
    public Place PlaceIn(Story story, FlowItems items) => story.PlaceOf(items[Begin].Element, Raw);
}
