using System.Collections.Immutable;
using ClinicFlow.Documents.Model;
using Xunit;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Floating tables that do not fit on their page (docs/layout.md, "Floats"). A line is 20 pt high and pages hold 20 of them.</summary>
public sealed class FloatingTableTests
{
    private static readonly ParagraphFormat Plain = new() { LineSpacing = new(LineRule.Exact, new(20), 1), HasWidowControl = false };

    private static readonly Section Page = new()
    {
        Page = new(new(300), new(500), false),
        Margins = new(new(50), new(50), new(50), new(50), new(20), new(20), default),
    };

    private static ImmutableArray<Block> Text(string name, int count) => [.. Enumerable.Range(1, count).Select(i => Typeset.Paragraph($"{name}{i}", Plain))];

    /// <summary>As wide as the text, a row a line.</summary>
    private static Table Table(int rows, FloatPosition vertical, bool isHeaded = false) => new()
    {
        IsFixed = true,
        Grid = [new(200)],
        Rows = [.. Enumerable.Range(1, rows).Select(i => new TableRow { IsHeader = isHeaded && i == 1, Cells = [new() { Margins = default, Blocks = [Typeset.Paragraph($"r{i}", Plain)] }] })],
        Position = new(new(FloatFrom.Margin, FloatAlign.Left, Pt.Zero), vertical, Insets.None, true),
    };

    private static string Pages(CompatibilityFlags flags, params ImmutableArray<Block> blocks)
    {
        var settings = new DocumentSettings { CompatibilityMode = 15, Flags = flags };
        return string.Join(" | ", Typeset.Lay(Typeset.Document(settings, Page with { Blocks = blocks })).Pages.Select(page => string.Join(' ', Typeset.LinesOf(page).OrderBy(line => line.Y).Select(line => line.Text.Trim()))));
    }

    private static readonly FloatPosition AtText = new(FloatFrom.Paragraph, FloatAlign.Offset, Pt.Zero);

    private static FloatPosition AtPage(double top) => new(FloatFrom.Page, FloatAlign.Offset, new(top));

    [Fact]
    public void One_that_hangs_in_the_text_goes_on_on_the_next_page_row_by_row_and_the_text_behind_it()
        => Assert.Equal(
            "a1 a2 a3 a4 a5 a6 a7 a8 a9 a10 a11 a12 a13 a14 a15 a16 r1 r2 r3 r4 | r5 r6 b1 b2",
            Pages(CompatibilityFlags.None, [.. Text("a", 16), Table(6, AtText), .. Text("b", 2)]));

    [Fact]
    public void It_moves_as_a_whole_where_the_document_does_not_let_such_tables_be_cut()
        => Assert.Equal(
            "a1 a2 a3 a4 a5 a6 a7 a8 a9 a10 a11 a12 a13 a14 a15 a16 | r1 r2 r3 r4 r5 r6 b1 b2",
            Pages(CompatibilityFlags.DoNotBreakWrappedTables, [.. Text("a", 16), Table(6, AtText), .. Text("b", 2)]));

    [Fact]
    public void One_at_a_place_of_the_page_that_is_too_high_for_it_loses_no_row_and_repeats_its_header()
        => Assert.Equal(
            "r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15 | r1 r16 r17 r18 r19 r20 r21 r22 b1",
            Pages(CompatibilityFlags.None, [Table(22, AtPage(150), isHeaded: true), .. Text("b", 1)]));

    [Fact]
    public void One_whose_first_row_does_not_fit_at_its_place_is_moved_up_until_it_does()
        => Assert.Equal(
            "a1 r1 | r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15 r16 r17 r18 r19 r20 r21 | r22 b1",
            Pages(CompatibilityFlags.None, [.. Text("a", 1), Table(22, AtPage(440)), .. Text("b", 1)]));

    [Fact]
    public void A_frame_in_it_that_names_its_own_place_is_none()
    {
        var frame = new Frame { HorizontalAnchor = FrameAnchor.Margin, VerticalAnchor = FrameAnchor.Page, XAlign = FramePosition.Left, Y = new(150), Wrap = FrameWrap.Around };
        string Baselines(Frame frame)
        {
            var inner = new Table
            {
                IsFixed = true,
                Grid = [new(100)],
                Rows = [.. Enumerable.Range(1, 2).Select(i => new TableRow { Cells = [new() { Margins = default, Blocks = [Typeset.Paragraph($"r{i}", Plain with { Frame = frame })] }] })],
            };
            var outer = Table(1, AtPage(150)) with { Rows = [new() { Cells = [new() { Margins = default, Blocks = [inner, Typeset.Paragraph("end", Plain)] }] }] };
            return Typeset.Lines([outer with { Position = outer.Position! with { Horizontal = new(FloatFrom.Margin, FloatAlign.Left, Pt.Zero) } }, Typeset.Paragraph("text", Plain)]);
        }

        Assert.Equal("1 72.0 166.0 r1\n1 72.0 186.0 r2\n1 72.0 206.0 end\n1 72.0 88.0 text\n", Baselines(frame));
        Assert.NotEqual(Baselines(frame), Baselines(frame with { Y = new(100) }));
    }
}
