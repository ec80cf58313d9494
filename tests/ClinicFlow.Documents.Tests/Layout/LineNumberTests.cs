using System.Collections.Immutable;
using ClinicFlow.Documents.Model;
using Xunit;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Numbers beside lines (docs/layout.md, "Line numbers"). A line is 20 pt high, pages hold 5 of them, the text begins at 100 pt.</summary>
public sealed class LineNumberTests
{
    private static readonly ParagraphFormat Plain = new() { LineSpacing = new(LineRule.Exact, new(20), 1), HasWidowControl = false };

    private static readonly Section Page = new()
    {
        Page = new(new(300), new(200), false),
        Margins = new(new(50), new(50), new(50), new(100), new(20), new(20), default),
    };

    private static Paragraph P(string text, ParagraphFormat? format = null) => Typeset.Paragraph(text, format ?? Plain);

    private static Section Numbered(int every, LineNumberRestart restart, int start = 1, double distance = 0) => Page with { LineNumbers = new(every, start, new(distance), restart) };

    private static Typeset.TextLine[][] Lay(params ImmutableArray<Section> sections) =>
        [.. Typeset.Lay(Typeset.Document(new DocumentSettings { CompatibilityMode = 15 }, sections) with { LineNumberCharacters = Typeset.Characters() }).Pages.Select(page => Typeset.LinesOf(page).ToArray())];

    /// <summary>For each page the numbers, each with the text on its height.</summary>
    private static string Numbers(params ImmutableArray<Section> sections) => string.Join(" | ", Lay(sections).Select(lines =>
        string.Join(' ', lines.Where(line => line.X < 100).Select(number => number.Text + Assert.Single(lines, line => line.X >= 100 && line.Y == number.Y).Text.Trim()))));

    private static ImmutableArray<Block> Letters(string letters) => [.. letters.Select(letter => P($"{letter}"))];

    [Theory]
    [InlineData("EachPage", 1, 1, "1a 2b 3c 4d 5e | 1f 2g")]
    [InlineData("Continuous", 1, 1, "1a 2b 3c 4d 5e | 6f 7g")]
    [InlineData("EachSection", 3, 1, "3c | 6f")]
    [InlineData("EachPage", 2, 10, "10a 12c 14e | 10f")]
    public void Lines_are_numbered_as_the_section_says(string restart, int every, int start, string expected)
        => Assert.Equal(expected, Numbers(Numbered(every, Enum.Parse<LineNumberRestart>(restart), start) with { Blocks = Letters("abcdefg") }));

    [Fact]
    public void Each_line_of_a_paragraph_counts_but_not_one_that_suppresses_it_nor_a_table()
    {
        var cell = new TableCell { Blocks = [P("t")], Width = new(WidthKind.Length, new(60), 0) };
        var table = new Table { Grid = [new(60)], Rows = [new() { Cells = [cell] }] };

        Assert.Equal("1a 2b 3d", Numbers(Numbered(1, LineNumberRestart.EachPage) with { Blocks = [P("a\nb"), P("c", Plain with { SuppressesLineNumbers = true }), table, P("d")] }));
    }

    [Theory]
    [InlineData("EachSection", "1a 2b 1c 2d")]
    [InlineData("Continuous", "1a 2b 3c 4d")]
    [InlineData("EachPage", "1a 2b 3c 4d")]
    public void A_section_on_the_same_page_begins_anew_or_goes_on(string restart, string expected)
    {
        var numbered = Numbered(1, Enum.Parse<LineNumberRestart>(restart));
        Assert.Equal(expected, Numbers(numbered with { Blocks = Letters("ab") }, numbered with { Start = SectionStart.Continuous, Blocks = Letters("cd") }));
    }

    [Theory]
    [InlineData(0, 82)]
    [InlineData(30, 70)]
    public void Numbers_end_at_one_distance_from_the_text(double distance, double right)
    {
        var lines = Lay(Numbered(1, LineNumberRestart.Continuous, 9, distance) with { Blocks = Letters("ab") })[0];

        Assert.Equal(["9", "10"], lines.Where(line => line.X < 100).Select(line => line.Text));
        Assert.All(lines.Where(line => line.X < 100), line => Assert.Equal(right, line.Right, 0.01));
    }

    [Fact]
    public void Columns_of_one_height_are_numbered_once_each()
    {
        var columns = Numbered(1, LineNumberRestart.Continuous) with { Columns = new(2, new(40), [], false), Blocks = Letters("abcd") };
        var lines = Lay(columns, Page with { Start = SectionStart.Continuous, Blocks = Letters("x") })[0];

        Assert.Equal("1 2 3 4 a b c d x", string.Join(' ', lines.Select(line => line.Text).Order(StringComparer.Ordinal)));
        Assert.Equal(2, lines.Count(line => line.X < 100 && char.IsDigit(line.Text[0])));
    }

    [Fact]
    public void Numbers_are_artifacts()
    {
        var document = Typeset.Lay(Typeset.Document(new DocumentSettings(), Numbered(1, LineNumberRestart.Continuous) with { Blocks = [P("text")] }) with { LineNumberCharacters = Typeset.Characters() });

        Assert.Equal(-1, Assert.Single(document.Pages[0].Placements, placement => placement.Fragment.Text == "1").StructureBase);
    }
}
