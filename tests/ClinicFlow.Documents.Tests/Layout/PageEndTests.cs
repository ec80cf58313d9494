using System.Collections.Immutable;
using ClinicFlow.Documents.Model;
using Xunit;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Where pages end that Word ended elsewhere (docs/fidelity.md, "Word's breaks"). A line is 20 pt high and pages hold 20 of them.</summary>
public sealed class PageEndTests
{
    private static readonly ParagraphFormat Plain = new() { LineSpacing = new(LineRule.Exact, new(20), 1), HasWidowControl = false };
    private static readonly ParagraphFormat Kept = Plain with { KeepsWithNext = true };

    private static readonly Section Page = new()
    {
        Page = new(new(300), new(500), false),
        Margins = new(new(50), new(50), new(50), new(50), new(20), new(20), default),
    };

    private static Paragraph P(string text, ParagraphFormat? format = null) => Typeset.Paragraph(text, format ?? Plain);

    private static ImmutableArray<Block> Lines(int count) => [.. Enumerable.Range(1, count).Select(i => P($"{i}"))];

    /// <summary>The text of each page behind the numbered lines.</summary>
    private static string Pages(CompatibilityFlags flags, params ImmutableArray<Block> blocks) =>
        string.Join(" | ", Typeset.Lay(Typeset.Document(new DocumentSettings { CompatibilityMode = 15, Flags = flags }, Page with { Blocks = blocks })).Pages
            .Select(page => string.Join(' ', Typeset.LinesOf(page).Select(line => line.Text.Trim()).Where(text => !char.IsDigit(text[0])))));

    private static string Pages(params ImmutableArray<Block> blocks) => Pages(CompatibilityFlags.None, blocks);

    private static TableRow Row(string text, bool isHeader = false) => new() { IsHeader = isHeader, Cells = [new() { Margins = default, Blocks = [P(text)] }] };

    private static Table TableOf(params ImmutableArray<TableRow> rows) => new() { Grid = [new(200)], IsFixed = true, Rows = rows };

    [Fact]
    public void A_page_may_end_within_a_paragraph_that_keeps_with_the_next_one()
        => Assert.Equal("a | b next", Pages([.. Lines(18), P("a\nb", Kept), P("next", Plain with { KeepsLines = true })]));

    [Theory]
    [InlineData(17, false, false, "a b c | d next more")]
    [InlineData(17, false, true, " | a b c d next more")]
    [InlineData(17, true, false, "a b | c d next more")]
    [InlineData(15, false, false, "a b c d next | more")]
    public void It_is_parted_so_that_its_end_stands_beside_the_next_one(int before, bool hasWidowControl, bool keepsLines, string pages)
        => Assert.Equal(pages, Pages([.. Lines(before), P("a\nb\nc\nd", Kept with { HasWidowControl = hasWidowControl, KeepsLines = keepsLines }), P("next\nmore", before == 15 ? Plain : Plain with { KeepsLines = true })]));

    [Fact]
    public void Of_a_chain_that_does_not_fit_the_last_paragraph_that_can_be_parted_is()
        => Assert.Equal("a b c | d title next", Pages([.. Lines(16), P("a\nb\nc\nd", Kept), P("title", Kept), P("next")]));

    [Fact]
    public void Automatic_space_is_left_out_above_the_first_paragraph_of_a_document_alone()
    {
        var automatic = Plain with { HasAutomaticSpaceBefore = true, SpaceBefore = new(5) };

        var lines = Typeset.LinesOf(Typeset.Lay(Typeset.Document(new DocumentSettings { CompatibilityMode = 15 }, Page with { Blocks = [P("a", automatic), P("b", automatic)] })).Pages[0]);

        Assert.Equal([66.0, 100.0], lines.Select(line => Math.Round(line.Y, 2)));
    }

    [Theory]
    [InlineData(60, " | side a b c")]
    [InlineData(40, "a b side | c")]
    public void A_row_moves_as_a_whole_where_one_of_its_cells_would_leave_nothing(double high, string pages)
    {
        var side = new TableCell { Margins = default, Blocks = [P("side", Plain with { LineSpacing = new(LineRule.Exact, new(high), 1) })] };
        var table = new Table { Grid = [new(100), new(100)], IsFixed = true, Rows = [new() { Cells = [new() { Margins = default, Blocks = [P("a"), P("b"), P("c")] }, side] }] };

        var found = Pages([.. Lines(18), table]);

        Assert.Equal(Sorted(pages), Sorted(found));

        static string Sorted(string text) => string.Join(" | ", text.Split('|').Select(page => string.Join(' ', page.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal))));
    }

    [Fact]
    public void A_header_row_is_not_cut_where_all_rows_are_headers_either()
        => Assert.Equal("x y | a b c", Pages([.. Lines(16), TableOf(Row("x\ny", isHeader: true), Row("a\nb\nc", isHeader: true))]));

    [Theory]
    [InlineData(CompatibilityFlags.None, "h | k a")]
    [InlineData(CompatibilityFlags.DifferentiateMultirowTableHeaders, " | h k a")]
    public void Header_rows_stay_together_where_the_document_says_so(object flags, string pages)
        => Assert.Equal(pages, Pages((CompatibilityFlags)flags, [.. Lines(19), TableOf(Row("h", isHeader: true), Row("k", isHeader: true), Row("a"))]));

    [Fact]
    public void A_table_of_header_rows_alone_that_no_page_holds_begins_on_the_next_one_and_is_cut_between_rows()
    {
        var pages = Pages(CompatibilityFlags.DifferentiateMultirowTableHeaders, [.. Lines(3), TableOf([.. Enumerable.Range(0, 25).Select(i => Row($"{(char)('a' + i)}", isHeader: true))])]).Split(" | ");

        Assert.Equal(["", "a b c d e f g h i j k l m n o p q r s t", "u v w x y"], pages);
    }
}
