using System.Globalization;
using System.Text;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Tests.Model;

/// <summary>A model as lines that a person can read and approve: blocks with the values that were worked out, of which only what is not Word's own is written.</summary>
internal static class ModelText
{
    private static readonly CharacterFormat UsualCharacters = new() { Fonts = new FontSlots("Times New Roman", "Times New Roman", "Times New Roman", "Times New Roman") };
    private static readonly ParagraphFormat UsualParagraph = new();

    public static string Of(WordDocument document)
    {
        var text = new StringBuilder();
        foreach (var section in document.Sections)
        {
            Write(text, section.Blocks, "");
            if (document.Sections.Length > 1)
            {
                text.Append(CultureInfo.InvariantCulture, $"section {section.Start} {section.Page.Width}x{section.Page.Height} columns {section.Columns.Count}\n");
            }

            if (section.LineNumbers is { } numbers)
            {
                text.Append(CultureInfo.InvariantCulture, $"line numbers every {numbers.Every} from {numbers.Start} at {numbers.Distance} {numbers.Restart}{Differences(document.LineNumberCharacters!, UsualCharacters)}\n");
            }

            Header(text, "header", section.Headers.Default);
            Header(text, "first header", section.Headers.First);
            Header(text, "footer", section.Footers.Default);
        }

        foreach (var note in document.Footnotes)
        {
            text.Append("footnote\n");
            Write(text, note.Blocks, "  ");
        }

        foreach (var found in document.Unfaithful)
        {
            text.Append(CultureInfo.InvariantCulture, $"not faithful: {found.Code}: {found.What} [{found.Place}] x{found.Count}\n");
        }

        return text.ToString();
    }

    private static void Header(StringBuilder text, string name, HeaderFooter? header)
    {
        if (header is not null)
        {
            text.Append(name).Append('\n');
            Write(text, header.Blocks, "  ");
        }
    }

    private static void Write(StringBuilder text, IEnumerable<Block> blocks, string indent)
    {
        foreach (var block in blocks)
        {
            if (block is Paragraph paragraph)
            {
                Write(text, paragraph, indent);
            }
            else if (block is Table table)
            {
                Write(text, table, indent);
            }
        }
    }

    private static void Write(StringBuilder text, Paragraph paragraph, string indent)
    {
        text.Append(indent).Append('p').Append(Differences(paragraph.Format, UsualParagraph)).Append('\n');
        if (paragraph.Label is { } label)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}  label \"{label.Text}\"{(label.PictureBullet is { } picture ? string.Create(CultureInfo.InvariantCulture, $" picture {picture.Image} x{picture.Aspect:0.##}") : "")} {label.Suffix}{(label.TabStop is { } stop ? $" to {stop.Value}pt" : "")}{Differences(label.Format, UsualCharacters)}\n");
        }

        if (paragraph.Inlines.IsEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}  (empty){Differences(paragraph.MarkFormat, UsualCharacters)}\n");
        }

        foreach (var inline in paragraph.Inlines)
        {
            text.Append(indent).Append("  ").Append(Of(inline)).Append(Differences(inline.Format, UsualCharacters));
            text.Append(inline.Link is { } link ? $" -> {link.Address ?? "#" + link.Bookmark}" : "").Append('\n');
            if (inline is Drawing { Content: ShapeContent { Text: { } box } })
            {
                Write(text, box.Blocks, indent + "    ");
            }
        }
    }

    private static string Of(Inline inline) => inline switch
    {
        TextRun run => $"\"{run.Text}\"",
        SymbolRun symbol => string.Create(CultureInfo.InvariantCulture, $"symbol {symbol.Font} {symbol.Code:X4}"),
        Break line => $"break {line.Kind}",
        LayoutField field => $"field {field.Kind} {field.Number} \"{field.Cached}\" {field.Target}".TrimEnd(),
        NoteReference note => string.Create(CultureInfo.InvariantCulture, $"note {note.Note}"),
        Bookmark bookmark => $"bookmark {bookmark.Name}",
        Drawing drawing => $"drawing {drawing.Width}x{drawing.Height} {drawing.Content.GetType().Name} {(drawing.Anchor is { } anchor ? $"{anchor.Wrap.Kind} {anchor.Horizontal.From} {anchor.Horizontal.Align} {anchor.Horizontal.Offset} {anchor.Vertical.From} {anchor.Vertical.Offset}" : drawing.Rule is { } rule ? string.Create(CultureInfo.InvariantCulture, $"rule {rule.Share} {rule.Alignment}") : "inline")} \"{drawing.AlternativeText}\"",
        _ => inline.GetType().Name,
    };

    private static void Write(StringBuilder text, Table table, string indent)
    {
        text.Append(CultureInfo.InvariantCulture, $"{indent}table {table.Width.Kind} {table.Width.Length} grid {string.Join(' ', table.Grid)}{(table.IsFixed ? " fixed" : "")}{(table.HasRowHeaders ? " with row headers" : "")} indent {table.Indent}{(table.Position is { } at ? $" at {at.Horizontal.From} {at.Horizontal.Align} {at.Horizontal.Offset} {at.Vertical.From} {at.Vertical.Align} {at.Vertical.Offset}" : "")}\n");
        foreach (var row in table.Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}  row{(row.IsHeader ? " header" : "")}{(row.CannotSplit ? " unsplit" : "")}{(row.HeightRule == LineRule.Auto ? "" : $" {row.HeightRule} {row.Height}")}{(row.CellSpacing == Pt.Zero ? "" : $" apart {row.CellSpacing} within {Of(row.TableBorders.Top)}/{Of(row.TableBorders.End)}/{Of(row.TableBorders.Bottom)}/{Of(row.TableBorders.Start)}")}\n");
            foreach (var cell in row.Cells)
            {
                text.Append(CultureInfo.InvariantCulture, $"{indent}    cell{(cell.ColumnSpan > 1 ? $" span {cell.ColumnSpan}" : "")}{(cell.VerticalMerge == VerticalMerge.None ? "" : $" {cell.VerticalMerge}")}{(cell.Shading is { } color ? $" on {color}" : "")} borders {Of(cell.Borders.Top)}/{Of(cell.Borders.End)}/{Of(cell.Borders.Bottom)}/{Of(cell.Borders.Start)}{(cell.Margins == CellMargins.Word ? "" : $" margins {cell.Margins.Top} {cell.Margins.End} {cell.Margins.Bottom} {cell.Margins.Start}")}\n");
                Write(text, cell.Blocks, indent + "      ");
            }
        }
    }

    private static string Of(Border? border) => border is null ? "-" : $"{border.Style} {border.Width} {border.Color}".TrimEnd();

    /// <summary>The properties in which a format differs from the usual one, by name.</summary>
    private static string Differences<T>(T format, T usual)
    {
        var text = new StringBuilder();
        foreach (var property in typeof(T).GetProperties().Where(property => property.CanWrite && property.Name != "EqualityContract"))
        {
            var (own, other) = (Show(property.GetValue(format)), Show(property.GetValue(usual)));
            if (own != other)
            {
                text.Append(CultureInfo.InvariantCulture, $" {property.Name}={own}");
            }
        }

        return text.ToString();
    }

    private static string Show(object? value) => value switch
    {
        null => "none",
        FontSlots fonts => $"[{fonts.Ascii}|{fonts.HighAnsi}|{fonts.EastAsia}|{fonts.ComplexScript}]",
        Languages languages => $"[{languages.Latin}|{languages.EastAsia}|{languages.ComplexScript}]",
        LineSpacing { Rule: LineRule.Auto } spacing => string.Create(CultureInfo.InvariantCulture, $"x{spacing.Factor:0.###}"),
        LineSpacing spacing => $"{spacing.Rule} {spacing.Height}",
        Border border => $"[{Of(border)} space {border.Space}]",
        ParagraphBorders borders => $"[{Of(borders.Top)}/{Of(borders.Right)}/{Of(borders.Bottom)}/{Of(borders.Left)}]",
        System.Collections.Immutable.ImmutableArray<TabStop> tabs => $"[{string.Join(' ', tabs.Select(tab => $"{tab.Alignment}@{tab.Position}{(tab.Leader == TabLeader.None ? "" : $" {tab.Leader}")}"))}]",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
