using System.Globalization;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using Xunit;
using Fill = ClinicFlow.Documents.Model.Fill;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Drawings that hang in a cell and are placed by the page (docs/layout.md, "Floats"). The page is 300 by 500 pt with margins of 50, the cell begins at (150, 70).</summary>
public sealed class FloatOutsideCellTests
{
    private static readonly ParagraphFormat Plain = new() { LineSpacing = new(LineRule.Exact, new(20), 1), HasWidowControl = false };

    private static Drawing Float(FloatPosition across, FloatPosition down, bool isLaidOutInCell = false) => new()
    {
        Format = Typeset.Characters(),
        Width = new(40),
        Height = new(30),
        Anchor = new Anchor { Horizontal = across, Vertical = down, Wrap = new(WrapKind.None, WrapSide.Both, Insets.None, []), IsBehindText = true, IsLaidOutInCell = isLaidOutInCell },
        Content = new ShapeContent { Geometry = Geometry.Rectangle, Fill = Fill.Solid(Rgb.FromHex(0xFFCC00)) },
    };

    private static Table Table(Drawing drawing, int paragraphsBefore = 0)
    {
        TableCell Cell(params ReadOnlySpan<Paragraph> content) => new() { Margins = default, Width = new(WidthKind.Length, new(100), 0), Blocks = [.. content.ToArray()] };
        var text = Typeset.Paragraph("text", Plain);
        return new() { IsFixed = true, Grid = [new(100), new(100)], Rows = [new() { Cells = [Cell(text), Cell([.. Enumerable.Repeat(text, paragraphsBefore), text with { Inlines = [drawing, .. text.Inlines] }])] }] };
    }

    private static LaidDocument Lay(Drawing drawing, int mode = 14, int paragraphsBefore = 0) => Typeset.Lay(Typeset.Document(
        new DocumentSettings { CompatibilityMode = mode },
        new Section { Page = new(new(300), new(500), false), Margins = new(new(50), new(50), new(50), new(50), new(20), new(20), default), Blocks = [Typeset.Paragraph("above", Plain), Table(drawing, paragraphsBefore), Typeset.Paragraph("below", Plain)] }));

    private static string Shapes(LaidDocument document) => string.Join(' ', document.Pages.SelectMany((page, index) => page.Placements
        .Where(placement => placement.Fragment.Shapes.Length > 0)
        .Select(placement => string.Create(CultureInfo.InvariantCulture, $"page {index + 1}: {placement.X + placement.Fragment.Shapes[0].Points[0].X:0.#},{placement.Y + placement.Fragment.Shapes[0].Points[0].Y:0.#}"))));

    private static FloatPosition Middle(FloatFrom from) => new(from, FloatAlign.Center, Pt.Zero);

    private static FloatPosition At(FloatFrom from, double offset) => new(from, FloatAlign.Offset, new(offset));

    [Fact]
    public void One_that_is_not_laid_out_in_the_cell_stands_where_the_page_says()
    {
        Assert.Equal("page 1: 130,420", Shapes(Lay(Float(Middle(FloatFrom.Page), new(FloatFrom.Margin, FloatAlign.Bottom, Pt.Zero)))));
        Assert.Equal("page 1: 5,70", Shapes(Lay(Float(At(FloatFrom.Page, 5), At(FloatFrom.Paragraph, 0)))));
    }

    [Fact]
    public void From_mode_15_on_and_where_it_is_laid_out_in_the_cell_the_cell_is_its_page()
    {
        Assert.Equal("page 1: 155,77", Shapes(Lay(Float(At(FloatFrom.Page, 5), At(FloatFrom.Page, 7)), mode: 15)));
        Assert.Equal("page 1: 155,77", Shapes(Lay(Float(At(FloatFrom.Page, 5), At(FloatFrom.Page, 7), isLaidOutInCell: true))));
    }

    [Fact]
    public void In_a_row_that_goes_on_it_is_on_the_page_of_its_paragraph_and_only_there()
        => Assert.Equal("page 2: 5,7", Shapes(Lay(Float(At(FloatFrom.Page, 5), At(FloatFrom.Page, 7)), paragraphsBefore: 25)));

    [Fact]
    public void Text_stands_where_it_stands_without_it()
        => Assert.Equal("page 1: 5,7 50 50 150 50", Shapes(Lay(Float(At(FloatFrom.Page, 5), At(FloatFrom.Page, 7)))) + string.Concat(Typeset.LinesOf(Lay(Float(At(FloatFrom.Page, 5), At(FloatFrom.Page, 7))).Pages[0]).Select(line => FormattableString.Invariant($" {line.X:0}"))));
}
