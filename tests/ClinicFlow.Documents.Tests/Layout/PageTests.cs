using System.Collections.Immutable;
using ClinicFlow.Documents.Layout;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using Xunit;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Paragraphs and tables on pages. A line is 20 pt high and pages hold 20 of them (A to T), so that cases can be read.</summary>
public sealed class PageTests
{
    private static readonly ParagraphFormat Plain = new() { LineSpacing = new(LineRule.Exact, new(20), 1), HasWidowControl = false };

    private static readonly Section Page = new()
    {
        Page = new(new(300), new(500), false),
        Margins = new(new(50), new(50), new(50), new(50), new(20), new(20), default),
    };

    private static Paragraph P(string text, ParagraphFormat? format = null) => Typeset.Paragraph(text, format ?? Plain);

    private static ImmutableArray<Block> Lines(int count) => [.. Enumerable.Range(1, count).Select(i => P($"{i}"))];

    /// <summary>The text of each page, lines joined by spaces.</summary>
    private static string Pages(params ImmutableArray<Block> blocks) => Pages(new DocumentSettings { CompatibilityMode = 15 }, Page with { Blocks = blocks });

    private static string Pages(DocumentSettings settings, params ImmutableArray<Section> sections) =>
        string.Join(" | ", Typeset.Lay(Typeset.Document(settings, sections)).Pages.Select(page => string.Join(' ', Typeset.LinesOf(page).Select(line => line.Text.Trim()))));

    [Fact]
    public void A_page_holds_the_lines_that_fit_and_the_rest_goes_on()
        => Assert.Equal("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 | 21 22", Pages(Lines(22)));

    [Fact]
    public void Space_after_may_hang_over_the_end_of_the_page()
        => Assert.Equal(
            "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 last | next",
            Pages([.. Lines(19), P("last", Plain with { SpaceAfter = new(100) }), P("next")]));

    [Theory]
    [InlineData(18, "2 + 2", 2)]
    [InlineData(19, "0 + 4", 0)]
    [InlineData(17, "3 lines never part", 0)]
    public void At_least_two_lines_stand_at_the_end_and_at_the_top_of_a_page(int before, string why, int expectedOnFirst)
    {
        var text = why.StartsWith('3') ? "a\nb\nc" : "a\nb\nc\nd";
        var lines = before == 17 ? 18 : before;

        var pages = Pages([.. Lines(lines), P(text, Plain with { HasWidowControl = true })]).Split(" | ");

        Assert.Equal(expectedOnFirst, pages[0].Split(' ').Count(word => char.IsLetter(word[0])));
    }

    [Fact]
    public void An_empty_mark_that_ends_a_section_makes_no_page_though_it_says_so()
    {
        var asks = Plain with { BreaksPageBefore = true };

        Assert.Equal("a | b", Pages(new DocumentSettings { CompatibilityMode = 15 }, Page with { Blocks = [P("a"), P("", asks) with { IsSectionEnd = true }] }, Page with { Blocks = [P("b", asks)] }));
        Assert.Equal("a | end | b", Pages(new DocumentSettings { CompatibilityMode = 15 }, Page with { Blocks = [P("a"), P("end", asks) with { IsSectionEnd = true }] }, Page with { Blocks = [P("b", asks)] }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_empty_mark_that_ends_a_section_makes_no_page_behind_a_page_break_either(bool isNextOnNewPage)
    {
        var start = isNextOnNewPage ? SectionStart.NextPage : SectionStart.Continuous;
        var settings = new DocumentSettings { CompatibilityMode = 15 };

        Assert.Equal("a | b", Pages(settings, Page with { Blocks = [P("a"), P("\f"), P("") with { IsSectionEnd = true }] }, Page with { Start = start, Blocks = [P("b")] }));
        Assert.Equal("a |  | b", Pages(settings, Page with { Blocks = [P("a"), P("\f"), P(""), P("") with { IsSectionEnd = true }] }, Page with { Blocks = [P("b")] }));
    }

    [Fact]
    public void An_empty_mark_that_ends_a_section_makes_no_page_where_it_does_not_fit()
    {
        Assert.Equal(2, Pages(new DocumentSettings { CompatibilityMode = 15 }, Page with { Blocks = [.. Lines(20), P("") with { IsSectionEnd = true }] }, Page with { Blocks = [P("b")] }).Split(" | ").Length);
        Assert.Equal(3, Pages(new DocumentSettings { CompatibilityMode = 15 }, Page with { Blocks = [.. Lines(20), P("end") with { IsSectionEnd = true }] }, Page with { Blocks = [P("b")] }).Split(" | ").Length);
    }

    [Fact]
    public void Lines_that_are_kept_together_go_to_the_next_page()
        => Assert.Equal(2, Pages([.. Lines(18), P("a\nb\nc", Plain with { KeepsLines = true })]).Split(" | ")[1].Split(' ').Length - 1);

    [Fact]
    public void A_heading_goes_with_what_follows_it()
        => Assert.Equal(
            "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 | heading text",
            Pages([.. Lines(19), P("heading", Plain with { KeepsWithNext = true }), P("text")]));

    [Fact]
    public void A_heading_is_weighed_against_two_lines_of_what_follows()
        => Assert.Equal(
            "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 | heading a b c d",
            Pages([.. Lines(18), P("heading", Plain with { KeepsWithNext = true }), P("a\nb\nc\nd", Plain with { HasWidowControl = true })]));

    [Fact]
    public void Paragraphs_that_all_keep_with_next_fill_pages_all_the_same()
        => Assert.Equal(3, Pages([.. Enumerable.Range(1, 60).Select(i => P($"{i}", Plain with { KeepsWithNext = true }))]).Split(" | ").Length);

    [Fact]
    public void The_gap_is_the_larger_of_after_and_before()
        => Assert.Equal([66.0, 102.0], Baselines(P("a", Plain with { SpaceAfter = new(16) }), P("b", Plain with { SpaceBefore = new(10) })));

    [Fact]
    public void The_gap_is_the_sum_where_the_document_says_so()
        => Assert.Equal(
            [66.0, 112.0],
            Baselines(new DocumentSettings { CompatibilityMode = 15, Flags = CompatibilityFlags.DoNotUseHTMLParagraphAutoSpacing }, P("a", Plain with { SpaceAfter = new(16) }), P("b", Plain with { SpaceBefore = new(10) })));

    [Theory]
    [InlineData(true, true, 0)]
    [InlineData(true, false, 4)]
    [InlineData(false, true, 16)]
    [InlineData(false, false, 20)]
    public void Contextual_spacing_acts_on_its_own_side(bool first, bool second, double gap)
    {
        var a = Plain with { SpaceAfter = new(16), HasContextualSpacing = first, StyleId = "S" };
        var b = Plain with { SpaceBefore = new(20), HasContextualSpacing = second, StyleId = "S" };

        var at = Baselines(P("a", a), P("b", b));

        Assert.Equal(gap, at[1] - at[0] - 20, 0.01);
    }

    [Fact]
    public void Space_before_is_dropped_at_the_top_of_a_page_that_was_reached_by_itself_and_kept_where_a_page_was_asked_for()
    {
        var spaced = Plain with { SpaceBefore = new(30) };
        Assert.Equal([66.0], Baselines([.. Lines(20), P("next", spaced)])[^1..]);
        Assert.Equal([96.0], Baselines([.. Lines(3), P("next", spaced with { BreaksPageBefore = true })])[^1..]);
        Assert.Equal([96.0], Baselines([.. Lines(3), P("\f"), P("next", spaced)])[^1..]);
        Assert.Equal([96.0], Baselines(P("first", spaced)));
    }

    [Fact]
    public void Before_mode_15_nothing_of_the_space_remains_behind_a_page_break()
        => Assert.Equal(66.0, Baselines(new DocumentSettings { CompatibilityMode = 14 }, P("\f"), P("next", Plain with { SpaceBefore = new(30) }))[^1]);

    [Fact]
    public void A_section_on_a_new_page_keeps_what_goes_beyond_the_space_after()
    {
        var document = Typeset.Document(
            new DocumentSettings { CompatibilityMode = 15 },
            Page with { Blocks = [P("a", Plain with { SpaceAfter = new(10) })] },
            Page with { Blocks = [P("b", Plain with { SpaceBefore = new(24) })] });
        Assert.Equal(66 + 14, Typeset.LinesOf(Typeset.Lay(document).Pages[1])[0].Y, 0.01);
    }

    [Fact]
    public void The_extra_of_a_multiple_may_hang_over_the_end_of_the_page()
    {
        var multiple = new ParagraphFormat { LineSpacing = new(LineRule.Auto, default, 2), HasWidowControl = false };
        var high = Typeset.Lay(Typeset.Document(new DocumentSettings(), Page with { Blocks = [.. Enumerable.Range(0, 60).Select(_ => P("x", multiple))] }));

        // Calibri 11 pt: 13.43 for the text, as much again for the multiple. 15 lines end at 452.9 but for their extra, which is less than 500 - 50.
        Assert.Equal(15, Typeset.LinesOf(high.Pages[0]).Count);
    }

    [Fact]
    public void A_page_break_ends_the_page_and_leaves_no_empty_line()
        => Assert.Equal("a | b", Pages(P("a\f"), P("b")));

    [Fact]
    public void A_high_header_pushes_the_text_down_and_a_negative_margin_stops_that()
    {
        var header = new HeaderFooter([P("h\nh\nh")]);
        var section = Page with { Headers = new(header, null, null), Blocks = [P("a")] };

        Assert.Equal(20 + 60 + 16, Typeset.LinesOf(Typeset.Lay(Typeset.Document(new DocumentSettings(), section)).Pages[0])[^1].Y, 0.01);
        Assert.Equal(66, Typeset.LinesOf(Typeset.Lay(Typeset.Document(new DocumentSettings(), section with { Margins = section.Margins with { Top = new(-50) } })).Pages[0])[^1].Y, 0.01);
    }

    [Fact]
    public void Page_numbers_and_counts_are_those_of_the_finished_document()
    {
        var format = Typeset.Characters();
        var footer = new HeaderFooter([new Paragraph
        {
            Format = Plain,
            MarkFormat = format,
            Inlines = [
                new LayoutField(FieldKind.Page, null, "?", "") { Format = format },
                new TextRun("/") { Format = format },
                new LayoutField(FieldKind.PageCount, null, "?", "") { Format = format },
            ],
        }]);

        var document = Typeset.Lay(Typeset.Document(new DocumentSettings(), Page with { Footers = new(footer, null, null), Blocks = Lines(45) }));

        Assert.Equal(["1/3", "2/3", "3/3"], document.Pages.Select(page => string.Concat(Typeset.LinesOf(page).Where(line => line.Y > 450).Select(line => line.Text))));
    }

    [Fact]
    public void Sections_begin_on_new_pages_and_on_odd_ones_where_asked()
    {
        Assert.Equal("a | b", Pages(new DocumentSettings(), Page with { Blocks = [P("a")] }, Page with { Blocks = [P("b")] }));
        Assert.Equal("a |  | b", Pages(new DocumentSettings(), Page with { Blocks = [P("a")] }, Page with { Start = SectionStart.OddPage, Blocks = [P("b")] }));
        Assert.Equal("a b", Pages(new DocumentSettings(), Page with { Blocks = [P("a")] }, Page with { Start = SectionStart.Continuous, Blocks = [P("b")] }));
    }

    [Fact]
    public void Columns_before_a_continuous_break_are_of_one_height()
    {
        var columns = Page with { Columns = new(2, new(20), [], false), Blocks = Lines(6) };
        var document = Typeset.Lay(Typeset.Document(new DocumentSettings(), columns, Page with { Start = SectionStart.Continuous, Blocks = [P("below")] }));
        var lines = Typeset.LinesOf(document.Pages[0]);

        Assert.Equal([66.0, 86, 106, 66, 86, 106, 126], lines.Select(line => Math.Round(line.Y, 2)));
        Assert.Equal([50.0, 50, 50, 160, 160, 160, 50], lines.Select(line => Math.Round(line.X, 2)));
    }

    [Fact]
    public void Columns_that_run_over_pages_are_of_one_height_on_the_page_where_they_end()
    {
        var columns = Page with { Columns = new(2, new(20), [], false), Blocks = Lines(46) };
        var document = Typeset.Lay(Typeset.Document(new DocumentSettings(), columns, Page with { Start = SectionStart.Continuous, Blocks = [P("below")] }));

        Assert.Equal(40, Typeset.LinesOf(document.Pages[0]).Count);
        Assert.Equal(["41", "42", "43", "44", "45", "46", "below"], Typeset.LinesOf(document.Pages[1]).Select(line => line.Text));
        Assert.Equal([66.0, 86, 106, 66, 86, 106, 126], Typeset.LinesOf(document.Pages[1]).Select(line => Math.Round(line.Y, 2)));
    }

    [Theory]
    [InlineData(true, "a b")]
    [InlineData(false, "a - b")]
    public void The_mark_of_an_empty_cell_gives_no_height_where_it_is_hidden(bool isHidden, string rows)
    {
        TableRow Row(string text, bool ignoresMark = false) => new() { Cells = [new() { Blocks = [P(text)], IgnoresEndMark = ignoresMark }] };
        var table = new Table { Grid = [new(100)], IsFixed = true, Rows = [Row("a"), Row("", isHidden), Row("b", isHidden)] };

        var lines = Typeset.LinesOf(Typeset.Lay(Typeset.Document(new DocumentSettings { CompatibilityMode = 15 }, Page with { Blocks = [table] })).Pages[0]);

        Assert.Equal(rows, string.Join(lines[1].Y - lines[0].Y > 30 ? " - " : " ", lines.Select(line => line.Text)));
        Assert.Equal(isHidden ? 20.0 : 40, lines[1].Y - lines[0].Y, 0.01);
    }

    [Theory]
    [InlineData("", 20.0)]
    [InlineData("x", 40.0)]
    public void The_mark_that_ends_a_cell_takes_no_room_behind_a_table(string behind, double gap)
    {
        var inner = new Table { Grid = [new(100)], IsFixed = true, Rows = [new() { Cells = [new() { Blocks = [P("in")] }] }] };
        var outer = new Table { Grid = [new(112)], IsFixed = true, Rows = [new() { Cells = [new() { Blocks = [inner, P(behind)] }] }, new() { Cells = [new() { Blocks = [P("next")] }] }] };

        var lines = Typeset.LinesOf(Typeset.Lay(Typeset.Document(new DocumentSettings { CompatibilityMode = 15 }, Page with { Blocks = [outer] })).Pages[0]);

        Assert.Equal(gap, lines[^1].Y - lines[0].Y, 0.01);
    }

    [Fact]
    public void A_table_that_floats_in_a_cell_stands_at_its_paragraph_and_the_cells_mark_beside_it()
    {
        var position = new TablePosition(new(FloatFrom.Column, FloatAlign.Offset, Pt.Zero), new(FloatFrom.Paragraph, FloatAlign.Center, Pt.Zero), Insets.None, true);
        var inner = new Table { Position = position, Grid = [new(100)], IsFixed = true, Rows = [new() { Cells = [new() { Blocks = [P("in")] }] }] };
        var outer = new Table { Grid = [new(112)], IsFixed = true, Rows = [new() { Cells = [new() { Blocks = [inner, P("")] }] }, new() { Cells = [new() { Blocks = [P("next")] }] }] };

        Assert.Equal([66.0, 86], Typeset.LinesOf(Typeset.Lay(Typeset.Document(new DocumentSettings { CompatibilityMode = 15 }, Page with { Blocks = [outer] })).Pages[0]).Select(line => Math.Round(line.Y, 2)));
    }

    [Fact]
    public void Header_rows_are_repeated_and_rows_that_may_not_split_move_as_a_whole()
    {
        TableRow Row(string text, bool isHeader = false, bool cannotSplit = false) => new()
        {
            IsHeader = isHeader,
            CannotSplit = cannotSplit,
            Cells = [new() { Blocks = [P(text)] }],
        };
        var table = new Table { Grid = [new(200)], IsFixed = true, Rows = [Row("head", isHeader: true), .. Enumerable.Range(1, 18).Select(i => Row($"{i}")), Row("x\ny\nz", cannotSplit: true)] };

        Assert.Equal("head 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 | head x y z", Pages(table));
    }

    [Fact]
    public void A_row_that_may_split_goes_on_on_the_next_page()
    {
        var table = new Table
        {
            Grid = [new(100), new(100)],
            IsFixed = true,
            Rows = [new() { Cells = [new() { Blocks = [.. Lines(25)] }, new() { Blocks = [P("side")] }] }],
        };
        Assert.Equal("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 side | 21 22 23 24 25", Pages(table));
    }

    [Fact]
    public void A_footnote_stands_on_the_page_of_its_mark_and_takes_room_from_the_text()
    {
        var format = Typeset.Characters();
        var marked = new Paragraph { Format = Plain, MarkFormat = format, Inlines = [new TextRun("marked") { Format = format }, new NoteReference(false, 0, false) { Format = format }] };
        var document = Typeset.Document(new DocumentSettings(), Page with { Blocks = [.. Lines(17), marked, .. Lines(3)] }) with { Footnotes = [new(1, [P("note")])] };

        var pages = Typeset.Lay(document).Pages.Select(page => string.Join(' ', Typeset.LinesOf(page).Select(line => line.Text))).ToArray();

        Assert.Contains("marked", pages[0], StringComparison.Ordinal);
        Assert.EndsWith("note", pages[0], StringComparison.Ordinal);
        Assert.Equal(2, pages.Length);
    }

    [Fact]
    public void Text_stands_beside_a_float_and_below_one_that_lets_no_text_beside_it()
    {
        Drawing Float(WrapKind wrap) => new()
        {
            Format = Typeset.Characters(),
            Width = new(100),
            Height = new(50),
            Content = new ShapeContent { Geometry = Geometry.Rectangle },
            Anchor = new() { Horizontal = new(FloatFrom.Margin, FloatAlign.Left, default), Vertical = new(FloatFrom.Margin, FloatAlign.Top, default), Wrap = new(wrap, WrapSide.Both, default, []) },
        };
        Paragraph With(WrapKind wrap) => P("a\nb\nc\nd") with { Inlines = [Float(wrap), .. P("a\nb\nc\nd").Inlines] };

        Assert.Equal([150.0, 150, 150, 50], Typeset.LinesOf(Typeset.Lay(Typeset.Document(new DocumentSettings(), Page with { Blocks = [With(WrapKind.Square)] })).Pages[0]).Select(line => line.X));
        Assert.Equal(50 + 50 + 16, Typeset.LinesOf(Typeset.Lay(Typeset.Document(new DocumentSettings(), Page with { Blocks = [With(WrapKind.TopAndBottom)] })).Pages[0])[0].Y, 0.02);
    }

    [Fact]
    public void A_float_at_a_fixed_place_keeps_text_away_that_stands_before_its_paragraph()
    {
        var drawing = new Drawing
        {
            Format = Typeset.Characters(),
            Width = new(200),
            Height = new(60),
            Content = new ShapeContent { Geometry = Geometry.Rectangle },
            Anchor = new() { Horizontal = new(FloatFrom.Margin, FloatAlign.Left, default), Vertical = new(FloatFrom.Page, FloatAlign.Offset, new(70)), Wrap = new(WrapKind.TopAndBottom, WrapSide.Both, default, []) },
        };
        var anchored = P("c") with { Inlines = [drawing, .. P("c").Inlines] };

        // The first line ends where the float begins, the second stands below it.
        Assert.Equal([66.0, 146.0, 166.0], Baselines(P("a"), P("b"), anchored));
    }

    [Theory]
    [InlineData(false, 1000, 440)]
    [InlineData(false, 420, 470)]
    [InlineData(true, 1000, 1000)]
    public void A_float_that_hangs_below_the_page_is_moved_up_to_its_lower_edge(bool isOfPage, double offset, double top)
    {
        var drawing = new Drawing
        {
            Format = Typeset.Characters(),
            Width = new(20),
            Height = new(60),
            Content = new ShapeContent { Geometry = Geometry.Rectangle, Fill = Documents.Model.Fill.Solid(Rgb.FromHex(0xFFCC00)) },
            Anchor = new() { Horizontal = new(FloatFrom.Margin, FloatAlign.Left, default), Vertical = new(isOfPage ? FloatFrom.Page : FloatFrom.Paragraph, FloatAlign.Offset, new(offset)), Wrap = new(WrapKind.None, WrapSide.Both, default, []) },
        };

        var page = Typeset.Lay(Typeset.Document(new DocumentSettings { CompatibilityMode = 15 }, Page with { Blocks = [P("a") with { Inlines = [drawing] }] })).Pages[0];

        Assert.Equal(top, page.Placements.Where(placement => placement.Fragment.Shapes.Length > 0).Select(placement => Math.Round(placement.Y, 2)).Single());
    }

    [Theory]
    [InlineData(15, 0.0)]
    [InlineData(14, -5.4)]
    [InlineData(0, -5.4)]
    public void The_border_or_the_text_of_a_table_stands_at_the_margin(int mode, double shift)
    {
        var table = new Table { Grid = [new(100)], IsFixed = true, Rows = [new() { Cells = [new() { Blocks = [P("x")] }] }] };
        var document = Typeset.Document(new DocumentSettings { CompatibilityMode = mode }, Page with { Blocks = [table] });
        Assert.Equal(50 + shift + 5.4, Typeset.LinesOf(Typeset.Lay(document).Pages[0])[0].X, 0.01);
    }

    [Fact]
    public void A_row_whose_lower_margin_alone_does_not_fit_moves_as_a_whole()
    {
        TableRow Row(string text) => new() { Cells = [new() { Margins = new(default, default, new(15), default), Blocks = [P(text)] }] };
        var table = new Table { Grid = [new(200)], IsFixed = true, Rows = [.. Enumerable.Range(1, 12).Select(i => Row($"{i}"))] };
        Assert.Equal("1 2 3 4 5 6 7 8 9 10 11 | 12", Pages(table));
    }

    [Theory]
    [InlineData(60, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 a b c | d")]
    [InlineData(61, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 | a b c d")]
    public void A_row_is_cut_only_where_its_least_height_fits(double least, string pages)
    {
        TableRow Row(string text, double height) => new() { HeightRule = LineRule.AtLeast, Height = new(height), Cells = [new() { Margins = default, Blocks = [P(text)] }] };
        var table = new Table { Grid = [new(200)], IsFixed = true, Rows = [.. Enumerable.Range(1, 17).Select(i => Row($"{i}", 20)), Row("a\nb\nc\nd", least)] };
        Assert.Equal(pages, Pages(table));
    }

    [Fact]
    public void A_row_whose_text_begins_a_page_does_so_the_first_of_a_table_too()
    {
        TableRow Row(string text, bool breaks) => new() { Cells = [new() { Blocks = [P(text, Plain with { BreaksPageBefore = breaks })] }] };
        var table = new Table { Grid = [new(200)], IsFixed = true, Rows = [Row("1", true), Row("2", false), Row("3", true), Row("4", false)] };

        Assert.Equal("a | 1 2 | 3 4 b", Pages(P("a"), table, P("b")));
        Assert.Equal("1 2 | 3 4 b", Pages(table, P("b")));
    }

    [Fact]
    public void More_pages_than_allowed_are_refused()
        => Assert.Equal("too-many-pages", Assert.Throws<LayoutLimitException>(() => DocumentLayout.Lay(Typeset.Document(new DocumentSettings(), Page with { Blocks = Lines(100) }), Typeset.Fonts, mostPages: 3, TestContext.Current.CancellationToken)).Code);

    [Fact]
    public void Headings_lists_and_tables_are_told_to_those_who_do_not_see_the_page()
    {
        var item = P("item") with { Label = new("1.", Typeset.Characters(), LabelSuffix.Tab, ParagraphAlignment.Start, null, null, 1, 0, 1, false, null) };
        var table = new Table { Grid = [new(100)], IsFixed = true, Rows = [new() { IsHeader = true, Cells = [new() { Blocks = [P("h")] }] }, new() { Cells = [new() { Blocks = [P("c")] }] }] };

        var document = Typeset.Lay(Typeset.Document(P("title", Plain with { OutlineLevel = 0 }), item, item, table));

        Assert.Equal(
            [StructureRole.Document, StructureRole.Heading1, StructureRole.List, StructureRole.ListItem, StructureRole.ListLabel, StructureRole.ListBody, StructureRole.ListItem, StructureRole.ListLabel, StructureRole.ListBody,
                StructureRole.Table, StructureRole.TableRow, StructureRole.TableHeaderCell, StructureRole.Paragraph, StructureRole.TableRow, StructureRole.TableCell, StructureRole.Paragraph],
            document.Structure.Nodes.Select(node => node.Role));
        Assert.Equal("title", document.Outline.Single().Title);
    }

    [Fact]
    public void The_first_cells_of_rows_are_told_as_headers_of_their_rows_where_the_table_has_such()
    {
        TableRow Row(bool isHeader, string first, VerticalMerge merge = VerticalMerge.None) => new() { IsHeader = isHeader, Cells = [new() { Blocks = [P(first)] }, new() { VerticalMerge = merge, Blocks = [P("x")] }] };
        var table = new Table { HasRowHeaders = true, Grid = [new(100), new(100)], IsFixed = true, Rows = [Row(true, "corner"), Row(false, "a", VerticalMerge.Restart), Row(false, "b", VerticalMerge.Continue), Row(false, "c")] };

        var cells = Typeset.Lay(Typeset.Document(table)).Structure.Nodes.Where(node => node.Role is StructureRole.TableHeaderCell or StructureRole.TableRowHeaderCell or StructureRole.TableCell).ToArray();

        Assert.Equal(
            [StructureRole.TableHeaderCell, StructureRole.TableHeaderCell, StructureRole.TableRowHeaderCell, StructureRole.TableCell, StructureRole.TableRowHeaderCell, StructureRole.TableRowHeaderCell, StructureRole.TableCell],
            cells.Select(node => node.Role));
        Assert.Equal([0, 0, 0, 2, 0, 0, 0], cells.Select(node => (int)node.RowSpan));
    }

    private static double[] Baselines(params ImmutableArray<Block> blocks) => Baselines(new DocumentSettings { CompatibilityMode = 15 }, blocks);

    private static double[] Baselines(DocumentSettings settings, params ImmutableArray<Block> blocks) =>
        [.. Typeset.Lay(Typeset.Document(settings, Page with { Blocks = blocks })).Pages.SelectMany(Typeset.LinesOf).Select(line => Math.Round(line.Y, 2))];
}
