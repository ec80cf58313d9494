using ClinicFlow.Documents.Layout.Flow;
using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Tables;

/// <summary>How narrow and how wide content can be set.</summary>
/// <param name="Min">Its longest word.</param>
/// <param name="Max">Its longest line when nothing wraps.</param>
internal readonly record struct ContentWidths(double Min, double Max)
{
    public static ContentWidths Of(IEnumerable<Block> blocks, LayoutParts parts, int depth = 0)
    {
        var all = default(ContentWidths);
        foreach (var block in blocks)
        {
            var one = Of(block, parts, depth);
            all = new(Math.Max(all.Min, one.Min), Math.Max(all.Max, one.Max));
        }

        return all;
    }

    public static ContentWidths Of(Block block, LayoutParts parts, int depth = 0)
    {
        if (block is Table table)
        {
            return depth > LayoutParts.DeepestNesting ? default : OfTable(table, parts, depth);
        }

        var paragraph = (Paragraph)block;
        var shaped = parts.Paragraphs.Shape(paragraph);
        var format = paragraph.Format;
        var indents = format.IndentStart.Value + format.IndentEnd.Value;
        var first = Math.Max(0, indents + format.FirstLine.Value);
        var (min, max, word) = (0.0, 0.0, 0.0);
        var line = first + (shaped.Label is { } label ? Math.Max(label.Width + label.SpaceWidth, -format.FirstLine.Value) : 0);
        var visible = line;
        for (var i = 0; i < shaped.Text.Length; i++)
        {
            var c = shaped.Text[i];
            if (c is '\n' or '\f' or '\v')
            {
                (line, visible, word) = (indents, Math.Max(visible, indents), 0);
                continue;
            }

            if (c == '\t')
            {
                var target = TabStops.Next(format.Tabs, format.IndentStart.Value, format.FirstLine.Value < 0, parts.Settings.DefaultTabStop.Value, line);
                line = target.Alignment is TabAlignment.Start or TabAlignment.Number ? target.Position : line;
                word = 0;
                continue;
            }

            if (shaped.MayBreakBefore[i])
            {
                word = 0;
            }

            line += shaped.Advances[i];
            if (!LineFiller.IsHanging(c))
            {
                word += shaped.Advances[i];
                min = Math.Max(min, word);
                visible = Math.Max(visible, line);
            }

            max = Math.Max(max, visible);
        }

        return new(min + Math.Max(0, indents), Math.Max(max, min + Math.Max(0, indents)));
    }

    // Wider spaces do not leave cells any room.
    private const double MostSpacing = 40;

    private static ContentWidths OfTable(Table table, LayoutParts parts, int depth)
    {
        var grid = table.Grid.Sum(column => column.Value);
        if (table.Width.Kind == WidthKind.Length && table.Width.Length.Value > 0)
        {
            grid = table.Width.Length.Value;
        }

        if (table.IsFixed || table.Width.Kind == WidthKind.Length)
        {
            return new(grid, grid);
        }

        var widest = default(ContentWidths);
        foreach (var row in table.Rows)
        {
            var one = default(ContentWidths);
            foreach (var cell in row.Cells)
            {
                var content = Of(cell.Blocks, parts, depth + 1);
                var sides = cell.Margins.Start.Value + cell.Margins.End.Value + (2 * Math.Min(MostSpacing, row.CellSpacing.Value));
                one = new(one.Min + content.Min + sides, one.Max + Math.Max(content.Max + sides, cell.Width.Kind == WidthKind.Length ? cell.Width.Length.Value : 0));
            }

            one = new(one.Min + (2 * Math.Min(MostSpacing, row.CellSpacing.Value)), one.Max + (2 * Math.Min(MostSpacing, row.CellSpacing.Value)));
            widest = new(Math.Max(widest.Min, one.Min), Math.Max(widest.Max, one.Max));
        }

        return widest;
    }
}
