using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using Xunit;
using Fill = ClinicFlow.Documents.Model.Fill;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Horizontal rules (docs/layout.md, "Shapes"). The text is 468 pt wide and begins at 72 pt.</summary>
public sealed class HorizontalRuleTests
{
    private static Drawing Rule(double? share, ParagraphAlignment alignment, double width = 0) => new()
    {
        Format = Typeset.Characters(),
        Width = new(width),
        Height = new(3),
        Rule = new(share, alignment),
        IsDecorative = true,
        Content = new ShapeContent { Geometry = Geometry.Rectangle, Fill = Fill.Solid(Rgb.FromHex(0xA0A0A0)) },
    };

    private static Paragraph With(Drawing rule, string before = "", string behind = "", ParagraphFormat? format = null) =>
        Typeset.Paragraph("", format) with { Inlines = [.. Typeset.Inlines(before, Typeset.Characters()), rule, .. Typeset.Inlines(behind, Typeset.Characters())] };

    private static (double Left, double Right, double Top)[] ShapesOf(LaidPage page) =>
        [.. page.Placements.SelectMany(placement => placement.Fragment.Shapes.Select(shape => (placement.X + shape.Points.Min(point => point.X), placement.X + shape.Points.Max(point => point.X), placement.Y + shape.Points.Min(point => point.Y))))];

    [Theory]
    [InlineData(1.0, "Center", 0, 72, 540)]
    [InlineData(0.5, "Start", 0, 72, 306)]
    [InlineData(0.5, "Center", 0, 189, 423)]
    [InlineData(0.25, "End", 0, 423, 540)]
    [InlineData(null, "End", 100, 440, 540)]
    [InlineData(null, "Start", 1000, 72, 540)]
    public void A_rule_takes_its_share_of_the_line_or_its_width_and_stands_where_it_says(double? share, string alignment, double width, double left, double right)
    {
        var page = Typeset.Lay(Typeset.Document(With(Rule(share, Enum.Parse<ParagraphAlignment>(alignment), width)))).Pages[0];

        var (ruleLeft, ruleRight, _) = Assert.Single(ShapesOf(page));

        Assert.Equal((left, right), (Math.Round(ruleLeft, 2), Math.Round(ruleRight, 2)));
    }

    [Fact]
    public void A_rule_has_a_line_to_itself_as_high_as_one_of_text()
    {
        var page = Typeset.Lay(Typeset.Document(With(Rule(1, ParagraphAlignment.Center), "before ", "behind"), Typeset.Paragraph("next"))).Pages[0];

        // Lines of 11 pt are 13.43 pt high; the rule stands on the baseline of the second.
        Assert.Equal(["before ", "behind", "next"], Typeset.LinesOf(page).Select(line => line.Text));
        Assert.Equal([82.7, 109.5, 123.0], Typeset.LinesOf(page).Select(line => Math.Round(line.Y, 1)));
        Assert.Equal(96.1 - 3, Assert.Single(ShapesOf(page)).Top, 0.05);
    }

    [Fact]
    public void A_rule_keeps_to_the_indents_and_a_line_break_behind_it_makes_no_empty_line()
    {
        var page = Typeset.Lay(Typeset.Document(With(Rule(1, ParagraphAlignment.Center), "", "\nbehind", new() { IndentStart = new(30), IndentEnd = new(20) }))).Pages[0];

        var (left, right, _) = Assert.Single(ShapesOf(page));
        Assert.Equal((102.0, 520.0), (Math.Round(left, 2), Math.Round(right, 2)));
        Assert.Equal(96.1, Assert.Single(Typeset.LinesOf(page)).Y, 0.05);
    }

    [Fact]
    public void A_rule_says_nothing_and_is_no_figure()
    {
        var document = Typeset.Lay(Typeset.Document(With(Rule(1, ParagraphAlignment.Center))));

        Assert.DoesNotContain(document.Structure.Nodes, node => node.Role == StructureRole.Figure);
        Assert.All(document.Pages[0].Placements.SelectMany(placement => placement.Fragment.Items.Where(item => item.Kind == PageItemKind.Shape)), item => Assert.Equal(PageItem.Artifact, item.Structure));
    }
}
