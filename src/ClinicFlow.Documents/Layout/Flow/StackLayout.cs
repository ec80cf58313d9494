using System.Collections.Immutable;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>Where a stack stands.</summary>
internal sealed record StackPlace
{
    /// <summary>Between the text margins.</summary>
    public required double Width { get; init; }

    public double GridPitch { get; init; }

    public Rgb? Background { get; init; }

    /// <summary>The node that its paragraphs go below; null for the document.</summary>
    public StructureOwner? Parent { get; init; }

    public bool IsArtifact { get; init; }

    public bool IsCell { get; init; }

    /// <summary>Whether an empty paragraph that stands alone takes no room (w:hideMark).</summary>
    public bool IgnoresEndMark { get; init; }

    public int Depth { get; init; }

    /// <summary>Where the innermost floating table stands that this is in.</summary>
    public TablePosition? Table { get; init; }

    /// <summary>What floats are placed by. Its origin is the stack's left top corner; for a header that is off the page's.</summary>
    public required FloatFrame Frame { get; init; }
}

/// <summary>Sets blocks one below the other in one width and any height: cells, headers, notes, text boxes.</summary>
internal sealed class StackLayout(LayoutParts parts)
{
    public LaidStack Lay(ImmutableArray<Block> blocks, StackPlace place)
    {
        var stack = new LaidStack(blocks.Length) { Width = place.Width };
        if (place.Depth > LayoutParts.DeepestNesting)
        {
            return stack;
        }

        var floats = new Exclusions();
        var y = 0.0;
        Paragraph? previous = null;
        var isFirst = true;
        for (var i = 0; i < blocks.Length; i++)
        {
            if (blocks[i] is Table table)
            {
                y += previous is null ? 0 : Spacing.After(previous);
                if (table.Position is { } position)
                {
                    var laid = parts.Tables.Lay(table, place with { Depth = place.Depth + 1 });
                    AddFloat(stack, floats, FloatPlacer.Place(position, laid, place.Frame.At(0, y)));
                }
                else
                {
                    var laid = parts.Tables.Lay(table, place with { Depth = place.Depth + 1 });
                    stack.Add(laid, laid.Left, y);
                    y += laid.Height;
                    isFirst = false;
                }

                previous = null;
                continue;
            }

            var paragraph = (Paragraph)blocks[i];
            if (paragraph.IsHiddenMark && i > 0)
            {
                continue;
            }

            // In a floating table Word names the table's place once more for each paragraph of the tables in it.
            if (paragraph.Format.Frame is { } frame && place.Table?.IsPlaceOf(frame) != true)
            {
                var end = i + 1;
                while (end < blocks.Length && blocks[end] is Paragraph other && Equals(other.Format.Frame, frame))
                {
                    end++;
                }

                var laid = parts.Drawings.LayFrame(blocks.AsSpan()[i..end], frame, place);
                AddFloat(stack, floats, FloatPlacer.Place(frame, laid, place.Frame.At(0, y)));
                i = end - 1;
                continue;
            }

            var shaped = parts.Paragraphs.Shape(paragraph);
            if (shaped.IsHidden)
            {
                continue;
            }

            var isShared = ParagraphBox.IsShared(previous, paragraph);
            var gap = previous is null
                ? Spacing.Before(paragraph, place.IsCell && isFirst)
                : Spacing.Between(previous, paragraph, parts.Settings.Has(CompatibilityFlags.DoNotUseHTMLParagraphAutoSpacing));
            var top = y + gap + ParagraphBox.TopInset(paragraph, isShared);
            foreach (var attached in shaped.Floats)
            {
                if (parts.Drawings.LayFloat(attached.Thing, place) is not { } laid)
                {
                    continue;
                }

                if (place.IsCell && attached.Thing.Anchor is { Wrap.Kind: WrapKind.None } anchor && anchor.LeavesCell(parts.Settings.CompatibilityMode))
                {
                    stack.Add(new PageFloat(attached.Thing, laid, top));
                }
                else
                {
                    AddFloat(stack, floats, FloatPlacer.Place(attached.Thing, laid, place.Frame.At(0, top)));
                }
            }

            // The empty mark that ends a cell takes no room behind a table.
            var endsBehindTable = place.IsCell && i > 0 && blocks[i - 1] is Table { Position: null };
            if ((place.IgnoresEndMark || endsBehindTable) && i == blocks.Length - 1 && previous is null && shaped.Text.Length == 0 && shaped.Label is null && shaped.Floats.Length == 0)
            {
                break;
            }

            // The empty mark that ends a cell does not go below a table that floats above it: it has nothing that would be hidden.
            var isCellEnd = place.IsCell && i == blocks.Length - 1 && shaped.Text.Length == 0 && shaped.Label is null && i > 0 && blocks[i - 1] is Table { Position: not null };
            var where = new ParagraphPlace(place.Width, place.GridPitch, paragraph.Format.Shading ?? place.Background);
            var set = floats.Count == 0 || isCellEnd
                ? parts.Paragraphs.Set(shaped, where)
                : new SetLines(parts.Paragraphs.Fill(shaped, 0, where, new AmongFloats(floats, 0, top)), where.Width, where.GridPitch, where.Background);
            var owner = place.IsArtifact ? null : LayoutParts.OwnerOf(paragraph, shaped, place.Parent);
            var block = new LaidParagraph(parts.Painter, shaped, set) { Owner = owner };
            var next = i + 1 < blocks.Length ? blocks[i + 1] as Paragraph : null;
            var continues = ParagraphBox.IsShared(paragraph, next);
            stack.Add(block, 0, top, paragraph, isShared, continues, place.Width, y);
            y = top + block.Height + ParagraphBox.BottomInset(paragraph, continues);
            previous = paragraph;
            isFirst = false;
        }

        stack.Close(y + (previous is null ? 0 : Spacing.After(previous, place.IsCell)), floats);
        return stack;
    }

    private static void AddFloat(LaidStack stack, Exclusions floats, PlacedFloat placed)
    {
        stack.Add(placed);
        if (placed.Exclusion is { } exclusion)
        {
            floats.Add(exclusion);
        }
    }
}
