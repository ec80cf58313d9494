using System.Collections.Immutable;

namespace ClinicFlow.Documents.Layout.Pages;

/// <summary>What a node is; the names are PDF's (ISO 32000-1, 14.8.4).</summary>
internal enum StructureRole : byte
{
    Document,
    Heading1,
    Heading2,
    Heading3,
    Heading4,
    Heading5,
    Heading6,
    Paragraph,
    List,
    ListItem,
    ListLabel,
    ListBody,
    Table,
    TableRow,
    TableHeaderCell,
    TableCell,
    Figure,
    Link,
    Note,
    Span,

    /// <summary>An equation.</summary>
    Formula,

    /// <summary>The cell that says what its row is about.</summary>
    TableRowHeaderCell,
}

/// <summary>A node. Its children are the nodes that name it as parent, in the order of their ids, after its own content where both exist.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Parent">Id of its parent, which is smaller; -1 for the document.</param>
internal readonly record struct StructureNode(StructureRole Role, int Parent)
{
    /// <summary>What a picture shows, for those who cannot see it. Null: not said.</summary>
    public string? AlternativeText { get; init; }

    /// <summary>BCP 47 tag where it differs from the parent's. Null: as the parent.</summary>
    public string? Language { get; init; }

    /// <summary>Columns that a cell spans; 0 and 1 are the same.</summary>
    public short ColumnSpan { get; init; }

    /// <summary>Rows that a cell spans; 0 and 1 are the same.</summary>
    public short RowSpan { get; init; }
}

/// <summary>The document's meaning as a tree; a node's id is its index.</summary>
internal sealed record StructureTree(ImmutableArray<StructureNode> Nodes);
