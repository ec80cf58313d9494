using System.Text;
using ClinicFlow.Documents.Content;

namespace ClinicFlow.Documents.Tests.Content;

/// <summary>Rich content as one line that a person can read and approve.</summary>
internal static class RichPrint
{
    public static string Of(RichContent content) => Of(content.Blocks);

    private static string Of(IReadOnlyList<RichBlock> blocks) => string.Concat(blocks.Select(Of));

    private static string Of(RichBlock block) => block switch
    {
        RichBlock.Paragraph { HeadingLevel: 0 } paragraph => $"[{Of(paragraph.Texts)}]",
        RichBlock.Paragraph heading => $"[h{heading.HeadingLevel} {Of(heading.Texts)}]",
        RichBlock.List list => $"{(list.IsOrdered ? $"ol{list.Start}" : "ul")}({string.Join(" / ", list.Items.Select(item => Of(item)))})",
        RichBlock.Table table => $"table({string.Join(" / ", table.Rows.Select(row => string.Join(" | ", row.Cells.Select(Of))))})",
        _ => "?",
    };

    private static string Of(RichCell cell)
        => $"{(cell.IsHeader ? "th" : "")}{(cell.ColumnSpan > 1 ? $"c{cell.ColumnSpan}" : "")}{(cell.RowSpan > 1 ? $"r{cell.RowSpan}" : "")}{Of(cell.Blocks)}";

    private static string Of(IEnumerable<RichText> texts)
    {
        var line = new StringBuilder();
        foreach (var text in texts)
        {
            var marks = (text.Styles.HasFlag(TextStyles.Bold) ? "b" : "") + (text.Styles.HasFlag(TextStyles.Italic) ? "i" : "")
                + (text.Styles.HasFlag(TextStyles.Underline) ? "u" : "") + (text.Styles.HasFlag(TextStyles.Strike) ? "s" : "")
                + (text.Styles.HasFlag(TextStyles.Subscript) ? "_" : "") + (text.Styles.HasFlag(TextStyles.Superscript) ? "^" : "")
                + (text.Link is null ? "" : $"->{text.Link} ");
            line.Append(marks.Length == 0 ? text.Text : $"{{{marks}:{text.Text}}}");
        }

        return line.Replace("\n", "⏎").ToString();
    }
}
