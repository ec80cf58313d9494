using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Layout.Pages;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>
/// Something that will be a node of the structure tree. Nodes get their numbers when all pages are there, in the order in which their first
/// mark is painted: layout may try places and give them up again without leaving empty nodes behind.
/// </summary>
internal sealed class StructureOwner(StructureRole role, StructureOwner? parent)
{
    public StructureRole Role { get; } = role;

    /// <summary>Null: the document.</summary>
    public StructureOwner? Parent { get; } = parent;

    public string? AlternativeText { get; init; }

    public string? Language { get; init; }

    public short ColumnSpan { get; init; }

    public short RowSpan { get; set; }

    /// <summary>The list that a paragraph with a number or bullet belongs to (w:numId); 0 for none.</summary>
    public int ListId { get; init; }

    /// <summary>Links and figures within; they get the numbers behind the paragraph's own.</summary>
    public InnerNode[] Inner { get; init; } = [];

    /// <summary>The node's number; -1 until it has one.</summary>
    public int Id { get; set; } = -1;

    /// <summary>Of the last list made below this node, so that its next item goes into the same one.</summary>
    public int OpenListId { get; set; }

    public int OpenListNode { get; set; } = -1;
}
