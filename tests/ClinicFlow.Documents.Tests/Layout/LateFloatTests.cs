using System.Collections.Immutable;
using ClinicFlow.Documents.Model;
using Xunit;
using Fill = ClinicFlow.Documents.Model.Fill;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Floats at a fixed place of the page that hang in a paragraph far down on it (docs/layout.md, "Floats"). A line is 20 pt high and pages hold 20 of them.</summary>
public sealed class LateFloatTests
{
    private static readonly ParagraphFormat Plain = new() { LineSpacing = new(LineRule.Exact, new(20), 1), HasWidowControl = false };

    private static readonly Section Page = new()
    {
        Page = new(new(300), new(500), false),
        Margins = new(new(50), new(50), new(50), new(50), new(20), new(20), default),
    };

    /// <summary>As wide as the text, with a line above and below free of text.</summary>
    private static Drawing Float(double top, double height) => new()
    {
        Format = Typeset.Characters(),
        Width = new(200),
        Height = new(height),
        Anchor = new Anchor
        {
            Horizontal = new(FloatFrom.Margin, FloatAlign.Left, Pt.Zero),
            Vertical = new(FloatFrom.Margin, FloatAlign.Offset, new(top)),
            Wrap = new(WrapKind.TopAndBottom, WrapSide.Both, Insets.None, []),
        },
        Content = new ShapeContent { Geometry = Geometry.Rectangle, Fill = Fill.Solid(Rgb.FromHex(0xFFCC00)) },
    };

    private static ImmutableArray<Block> Text(int count, params (int At, Drawing Float)[] floats) => [.. Enumerable.Range(1, count).Select(i =>
    {
        var paragraph = Typeset.Paragraph($"{i}", Plain);
        return (Block)(paragraph with { Inlines = [.. floats.Where(one => one.At == i).Select(one => (Documents.Model.Inline)one.Float), .. paragraph.Inlines] });
    })];

    /// <summary>For each page the lines by number, with "#" for each line's height without text before the last.</summary>
    private static string Pages(params ImmutableArray<Block> blocks) => string.Join(" | ", Typeset.Lay(Typeset.Document(new DocumentSettings { CompatibilityMode = 15 }, Page with { Blocks = blocks })).Pages.Select(page =>
    {
        var lines = Typeset.LinesOf(page).ToDictionary(line => (int)Math.Round((line.Y - 66) / 20), line => line.Text);
        var shapes = page.Placements.Sum(placement => placement.Fragment.Shapes.Length);
        return string.Join(' ', Enumerable.Range(0, lines.Keys.Max() + 1).Select(i => lines.GetValueOrDefault(i, "#"))) + (shapes > 0 ? $" ({shapes})" : "");
    }));

    [Fact]
    public void Text_above_the_anchor_keeps_clear_of_the_float_however_far_down_that_is()
        => Assert.Equal("1 2 # # 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 (1) | 19 20 21", Pages(Text(21, (18, Float(40, 40)))));

    [Fact]
    public void A_float_that_would_push_its_own_anchor_off_the_page_leaves_no_band_there_and_goes_with_it()
        => Assert.Equal("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 | 19 20 # # 21 (1)", Pages(Text(21, (19, Float(40, 40)))));

    [Fact]
    public void One_that_goes_leaves_the_others_where_they_are()
        => Assert.Equal("1 # 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 (1) | 18 19 # # # # 20 21 (1)", Pages(Text(21, (10, Float(20, 20)), (18, Float(40, 80)))));

    [Fact]
    public void On_a_page_that_begins_within_a_paragraph_the_rest_of_it_counts()
    {
        var before = Text(18);
        var text = Typeset.Paragraph(string.Join('\n', Enumerable.Range(1, 10).Select(i => $"p{i}")), Plain);
        var pages = Pages([.. before, text, .. Text(10, (10, Float(200, 40))).Select(block => block)]);

        Assert.Equal("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 p1 p2 | p3 p4 p5 p6 p7 p8 p9 p10 1 2 # # 3 4 5 6 7 8 9 10 (1)", pages);
    }

    [Fact]
    public void A_floating_table_is_treated_alike()
    {
        var table = new Table
        {
            IsFixed = true, Grid = [new(200)], Rows = [new() { HeightRule = LineRule.Exact, Height = new(40), Cells = [new() { Margins = default, Blocks = [Typeset.Paragraph("T", Plain)] }] }],
            Position = new(new(FloatFrom.Margin, FloatAlign.Left, Pt.Zero), new(FloatFrom.Margin, FloatAlign.Offset, new(20)), Insets.None, true),
        };

        Assert.Equal("1 T # 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 | 19 20", Pages([.. Text(16), table, .. Text(20).Skip(16)]).Replace(" (1)", "", StringComparison.Ordinal));
    }
}
