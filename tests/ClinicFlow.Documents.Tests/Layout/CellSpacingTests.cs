using System.Globalization;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using Xunit;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Cells that stand apart (docs/layout.md, "Space between cells"). A stored spacing of 5 pt makes gaps of 10; lines are 1 pt thick, text lines 20 pt high.</summary>
public sealed class CellSpacingTests
{
    private static readonly Border Line = new(BorderStyle.Single, new(1), null, default, false);
    private static readonly Border Outer = new(BorderStyle.Single, new(2), Rgb.FromHex(0xFF0000), default, false);
    private static readonly ParagraphFormat Plain = new() { LineSpacing = new(LineRule.Exact, new(20), 1), HasWidowControl = false };

    private static TableCell Cell(string text, bool hasLines = true) => new()
    {
        Margins = default,
        Width = new(WidthKind.Length, new(100), 0),
        Borders = hasLines ? new(Line, Line, Line, Line, null, null, CellSides.None) : CellBorders.None,
        Shading = hasLines ? null : Rgb.FromHex(0x00FF00),
        Blocks = [Typeset.Paragraph(text, Plain)],
    };

    private static Table Table(int rows, TableBorders borders, bool hasLines = true) => new()
    {
        IsFixed = true,
        Grid = [new(100), new(100)],
        Rows = [.. Enumerable.Range(0, rows).Select(r => new TableRow { CellSpacing = new(5), TableBorders = borders, Cells = [Cell($"a{r}", hasLines), Cell($"b{r}", hasLines)] })],
    };

    private static LaidDocument Lay(Table table, double height = 500) => Typeset.Lay(Typeset.Document(
        new DocumentSettings { CompatibilityMode = 15 },
        new Section { Page = new(new(300), new(height), false), Margins = new(new(50), new(50), new(50), new(50), new(20), new(20), default), Blocks = [table, Typeset.Paragraph("end", Plain)] }));

    private static string Fills(LaidPage page, uint color) => string.Join('\n', page.Placements
        .SelectMany(placement => placement.Fragment.Fills.Where(fill => (fill.Color.Argb & 0xFFFFFF) == color)
            .Select(fill => string.Create(CultureInfo.InvariantCulture, $"{placement.X + fill.X:0.#} {placement.Y + fill.Y:0.#} {fill.Width:0.#}x{fill.Height:0.#}"))));

    [Fact]
    public void Gaps_are_twice_the_spacing_between_cells_and_at_the_edges()
    {
        var page = Lay(Table(2, TableBorders.None, hasLines: false)).Pages[0];

        Assert.Equal("60 60 85x20\n155 60 85x20\n60 90 85x20\n155 90 85x20", Fills(page, 0x00FF00));
        Assert.Equal([60.0, 155.0, 60.0, 155.0, 50.0], Typeset.LinesOf(page).Select(line => Math.Round(line.X, 1)));

        // Two rows of 20, three gaps of 10.
        Assert.Equal(50 + 70 + 16, Typeset.LinesOf(page)[^1].Y, 0.1);
    }

    [Fact]
    public void Each_cell_has_its_lines_and_the_table_has_lines_around_them()
    {
        var page = Lay(Table(1, new(Outer, Outer, Outer, Outer, Line, Line))).Pages[0];

        Assert.Equal(
            """
            59.5 62 86x1
            59.5 83 86x1
            59.5 62 1x22
            144.5 62 1x22
            154.5 62 86x1
            154.5 83 86x1
            154.5 62 1x22
            239.5 62 1x22
            """.ReplaceLineEndings("\n"), Fills(page, 0x000000));
        Assert.Equal("49 50 202x2\n49 94 202x2\n49 50 2x46\n249 50 2x46", Fills(page, 0xFF0000));
        Assert.Equal(63 + 16, Typeset.LinesOf(page)[0].Y, 0.1);
    }

    [Fact]
    public void A_table_that_goes_on_has_its_upper_line_on_the_first_and_its_lower_on_the_last_page()
    {
        var pages = Lay(Table(4, new(Outer, null, Outer, null, null, null)), height: 190).Pages;

        Assert.Equal([1, 1], pages.Take(2).Select(page => Fills(page, 0xFF0000).Split('\n').Length));
        Assert.StartsWith("50 50 ", Fills(pages[0], 0xFF0000), StringComparison.Ordinal);
        Assert.Equal("a0 b0 a1 b1 | a2 b2 a3 b3 | end", string.Join(" | ", pages.Select(page => string.Join(' ', Typeset.LinesOf(page).Select(line => line.Text)))));
        Assert.True(double.Parse(Fills(pages[1], 0xFF0000).Split(' ')[1], CultureInfo.InvariantCulture) > 100);
    }

    [Fact]
    public void In_a_table_from_right_to_left_the_wide_gap_is_at_both_edges_too()
        => Assert.Equal("155 60 85x20\n60 60 85x20", Fills(Lay(Table(1, TableBorders.None, hasLines: false) with { IsRightToLeft = true, Alignment = TableAlignment.End }).Pages[0], 0x00FF00));
}
