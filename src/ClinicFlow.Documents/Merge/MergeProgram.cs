namespace ClinicFlow.Documents.Merge;

/// <summary>What an operation of a merge program does.</summary>
internal enum OpCode : byte
{
    /// <summary>Writes segment A.</summary>
    Literal,

    /// <summary>Writes what mark A yields: text, a drawing, an id.</summary>
    Slot,

    /// <summary>Starts the repetition of section mark A; goes to B where there is nothing to repeat.</summary>
    Repeat,

    /// <summary>Goes back to B for the next item of the innermost repetition, or ends it.</summary>
    Next,

    /// <summary>Goes to B unless the condition of section mark A holds.</summary>
    Unless,

    /// <summary>Goes to B.</summary>
    Jump,

    /// <summary>Does what guard mark A says.</summary>
    Guard,
}

/// <summary>One operation.</summary>
internal readonly record struct Op(OpCode Code, int A, int B = -1);

/// <summary>Where a slot's text lands.</summary>
internal enum SlotContext : byte
{
    /// <summary>Inside <c>w:t</c>: line breaks and tabs become Word's own.</summary>
    Text,

    /// <summary>Inside <c>w:instrText</c>: quotes and backslashes are escaped as field instructions want it.</summary>
    Instruction,

    /// <summary>Inside an attribute value.</summary>
    Attribute,

    /// <summary>Between elements.</summary>
    Element,
}

/// <summary>
/// A part as literal byte runs and the operations between them. Immutable; binding a record to it gives the list of
/// segments and values that make the part's XML.
/// </summary>
/// <param name="Ops">The operations; the program ends behind the last.</param>
/// <param name="Segments">The literal byte runs.</param>
/// <param name="Marks">What the operations refer to.</param>
/// <param name="Contexts">For each mark that is a slot, where its text lands.</param>
/// <param name="RunProperties">For each mark that stands in a run, the run's properties as XML; else empty.</param>
internal sealed record MergeProgram(Op[] Ops, byte[][] Segments, Mark[] Marks, SlotContext[] Contexts, byte[][] RunProperties)
{
    /// <summary>Whether every record gives the same bytes.</summary>
    public bool IsStatic => Ops.Length == 0 || (Ops.Length == 1 && Ops[0].Code == OpCode.Literal);
}
