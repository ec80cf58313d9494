using System.Globalization;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using Xunit;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Lines around paragraphs and pages that are more than plain (docs/layout.md, "Borders"). The text is 200 pt wide and begins at (50, 50); lines are 2 pt thick.</summary>
public sealed class BorderTests
{
    private static readonly ParagraphFormat Plain = new() { LineSpacing = new(LineRule.Exact, new(20), 1), HasWidowControl = false };

    private static Border Line(BorderStyle style, int? rgb = null, bool hasShadow = false) => new(style, new(2), rgb is { } color ? Rgb.FromHex(color) : null, default, hasShadow);

    private static LaidPage Lay(Border line, int paragraphs = 1)
    {
        var boxed = Typeset.Paragraph("text", Plain with { Borders = new(line, line, line, line, null, null) });
        return Typeset.Lay(Typeset.Document(
            new DocumentSettings { CompatibilityMode = 15 },
            new Section { Page = new(new(300), new(300), false), Margins = new(new(50), new(50), new(50), new(50), new(20), new(20), default), Blocks = [.. Enumerable.Repeat<Block>(boxed, paragraphs)] })).Pages[0];
    }

    private static string Fills(LaidPage page) => string.Join('\n', page.Placements
        .SelectMany(placement => placement.Fragment.Fills
            .Select(fill => string.Create(CultureInfo.InvariantCulture, $"{fill.Color.Argb & 0xFFFFFF:X6} {placement.X + fill.X:0.#} {placement.Y + fill.Y:0.#} {fill.Width:0.#}x{fill.Height:0.#}"))));

    [Fact]
    public void A_raised_line_gets_darker_towards_the_text_in_three_tones_and_its_corners_are_mitred()
        => Assert.Equal(
            """
            808080 46 50 1x28
            555555 47 51 2x26
            2A2A2A 49 53 1x22
            808080 253 50 1x28
            555555 251 51 2x26
            2A2A2A 250 53 1x22
            808080 46 50 208x1
            555555 47 51 206x2
            2A2A2A 49 53 202x1
            808080 46 77 208x1
            555555 47 75 206x2
            2A2A2A 49 74 202x1
            """.ReplaceLineEndings("\n"), Fills(Lay(Line(BorderStyle.ThreeDEmboss, 0x555555))));

    [Fact]
    public void An_engraved_line_gets_lighter_towards_the_text_and_of_black_all_tones_are_lighter()
        => Assert.StartsWith("000000 46 50 1x28\n2A2A2A 47 51 2x26\n555555 49 53 1x22\n", Fills(Lay(Line(BorderStyle.ThreeDEngrave))), StringComparison.Ordinal);

    [Fact]
    public void A_shadow_is_black_and_as_thick_as_the_line_at_the_right_and_below()
        => Assert.Equal(
            "FF0000 48 50 2x24\nFF0000 250 50 2x24\nFF0000 48 50 204x2\nFF0000 48 72 204x2\n000000 252 52 2x22\n000000 50 74 204x2", Fills(Lay(Line(BorderStyle.Single, 0xFF0000, hasShadow: true))));

    [Fact]
    public void Paragraphs_in_one_box_have_one_shadow()
    {
        var shadows = Fills(Lay(Line(BorderStyle.Single, 0xFF0000, hasShadow: true), paragraphs: 2)).Split('\n').Where(fill => fill.StartsWith("000000", StringComparison.Ordinal));

        Assert.Equal(["000000 252 52 2x20", "000000 252 72 2x22", "000000 50 94 204x2"], shadows);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 11)]
    public void Waves_run_along_the_line_within_the_height_that_they_take(int waves, double height)
    {
        var page = Lay(Line(waves == 1 ? BorderStyle.Wave : BorderStyle.DoubleWave));
        var upper = page.Placements.SelectMany(placement => placement.Fragment.Shapes.Select(shape => (placement.Y, shape))).Where(pair => Span(pair.shape) > 100).ToList();

        // Above and below.
        Assert.Equal(2 * waves, upper.Count);
        Assert.All(upper, pair => Assert.Equal(2, pair.shape.StrokeWidth));
        Assert.Equal(50 + 2.5, upper[0].Y + upper[0].shape.Points[0].Y, 0.01);
        Assert.True(upper[0].shape.Points.Max(point => point.Y) - upper[0].shape.Points.Min(point => point.Y) is > 3 and <= 4.01f);

        // The text begins below the line.
        Assert.Equal(50 + height + 16, Typeset.LinesOf(page)[0].Y, 0.01);

        static double Span(Shape shape) => shape.Points.Max(point => point.X) - shape.Points.Min(point => point.X);
    }

    [Fact]
    public void A_stroked_line_is_thick_and_thin_strokes_by_turns_that_lean_and_end_with_it()
    {
        var placement = Lay(Line(BorderStyle.DashDotStroked)).Placements.Single(placement => placement.Fragment.Shapes.Length > 0);
        var upper = placement.Fragment.Shapes[2];

        var lengths = upper.Points.Chunk(4).Skip(2).Take(4).Select(stroke => stroke[1].X - stroke[0].X);
        Assert.Equal([4.0, 1.0, 4.0, 1.0], lengths.Select(length => Math.Round(length, 2)));
        Assert.All(upper.Points.Chunk(4).Skip(2).Take(4), stroke => Assert.Equal(2, stroke[3].X - stroke[0].X, 0.01));
        Assert.Equal((-2f, 202f), (upper.Points.Min(point => point.X), upper.Points.Max(point => point.X)));
        Assert.Equal((0f, 2f), (upper.Points.Min(point => point.Y), upper.Points.Max(point => point.Y)));
        Assert.Null(upper.StrokeColor);
    }
}
