using System.Collections.Immutable;
using ClinicFlow.Documents.Model;
using Xunit;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Lines: where their baselines are and what is in them. Expected values come from docs/layout.md, "Lines".</summary>
public sealed class LineTests
{
    // Carlito: ascent 1536, descent 512, gap 452 of 2048: a line of 11 pt is 13.4277 high, its baseline 10.678 below its top.
    [Fact]
    public void The_first_baseline_is_below_the_whole_line_gap_and_the_ascent()
        => Assert.Equal("1 72.0 82.7 Hello\n1 72.0 96.1 World\n", Typeset.Lines(Typeset.Paragraph("Hello"), Typeset.Paragraph("World")));

    [Theory]
    [InlineData(1.5, "1 72.0 82.7 a\n1 72.0 102.8 b\n")]
    [InlineData(2, "1 72.0 82.7 a\n1 72.0 109.5 b\n")]
    public void Extra_leading_goes_below_the_text(double factor, string expected)
        => Assert.Equal(expected, Typeset.Lines(Typeset.Paragraph("a\nb", new() { LineSpacing = new(LineRule.Auto, default, factor) })));

    [Theory]
    [InlineData(8)]
    [InlineData(40)]
    public void An_exact_line_has_its_baseline_at_eight_tenths(double size)
        => Assert.Equal("1 72.0 88.0 a\n1 72.0 108.0 b\n", Typeset.Lines(Typeset.Paragraph("a\nb", new() { LineSpacing = new(LineRule.Exact, new(20), 1) }, Typeset.Characters(size))));

    [Fact]
    public void At_least_adds_what_is_missing_above_the_text()
        => Assert.Equal("1 72.0 109.3 a\n", Typeset.Lines(Typeset.Paragraph("a", new() { LineSpacing = new(LineRule.AtLeast, new(40), 1) })));

    [Fact]
    public void Spaces_alone_make_no_line_higher_unless_there_is_nothing_else_in_it()
    {
        var (small, large) = (Typeset.Characters(), Typeset.Characters(72));
        Paragraph Of(params ImmutableArray<Documents.Model.Inline> inlines) => Typeset.Paragraph("") with { Inlines = inlines };
        double Second(Paragraph first) => Typeset.LinesOf(Typeset.Lay(Typeset.Document(first, Typeset.Paragraph("next"))).Pages[0])[^1].Y;

        var plain = Second(Typeset.Paragraph("a b"));

        Assert.Equal(plain, Second(Of(new TextRun("a") { Format = small }, new TextRun(" ") { Format = large }, new TextRun("b") { Format = small })), 0.01);
        Assert.True(Second(Of(new TextRun("  ") { Format = large })) > plain + 50);
        Assert.True(Second(Of(new TextRun("a") { Format = small }, new TextRun(" b") { Format = large })) > plain + 50);
    }

    [Fact]
    public void Spaces_at_the_end_hang_and_wrap_nothing()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 40));
        var plain = Typeset.LinesOf(Typeset.Lay(Typeset.Document(Typeset.Paragraph(text))).Pages[0]);
        var spaced = Typeset.LinesOf(Typeset.Lay(Typeset.Document(Typeset.Paragraph(text + new string(' ', 300)))).Pages[0]);

        Assert.Equal(plain.Select(line => line.Y), spaced.Select(line => line.Y));
        Assert.All(plain, line => Assert.True(line.X + Width(line.Text.TrimEnd()) <= 540.01, line.Text));
    }

    [Theory]
    [InlineData(true, "一二三四五六七八九。", "十")]
    [InlineData(false, "一二三四五六七八", "九。十")]
    public void A_full_stop_of_East_Asian_text_hangs_over_the_end_where_the_paragraph_lets_it(bool hangs, string first, string second)
    {
        // Nine characters of 10 pt fill the line.
        var format = new ParagraphFormat { HangsPunctuation = hangs };
        var section = new Section { Page = new(new(190), new(300), false), Margins = new(new(50), new(50), new(50), new(50), new(20), new(20), default), Blocks = [Typeset.Paragraph("一二三四五六七八九。十", format, Typeset.Characters(10, "SimSun"))] };

        var lines = Typeset.LinesOf(Typeset.Lay(Typeset.Document(new DocumentSettings { CompatibilityMode = 15 }, section)).Pages[0]);

        Assert.Equal([first, second], lines.Select(line => line.Text));
        Assert.All(lines, line => Assert.Equal(50, line.X, 0.01));
    }

    [Fact]
    public void Blanks_to_be_filled_in_count_at_the_end_of_a_paragraph_where_ordinary_spaces_do_not()
    {
        double LeftOf(string text) => Typeset.LinesOf(Typeset.Lay(Typeset.Document(Typeset.Paragraph(text, new() { Alignment = ParagraphAlignment.End }))).Pages[0])[0].X;

        Assert.Equal(LeftOf("Name:"), LeftOf("Name:   "), 0.01);
        Assert.Equal(LeftOf("Name:") - Width("\u2002\u2002\u2002"), LeftOf("Name:\u2002\u2002\u2002"), 0.01);
        Assert.Equal(LeftOf("Name:") - Width("\u2002\u2002\u2002"), LeftOf("Name:\u2002\u2002\u2002\nnext"), 0.01);
    }

    [Fact]
    public void A_word_longer_than_the_line_is_broken_and_nothing_of_it_is_lost()
    {
        var word = new string('m', 200);
        var lines = Typeset.LinesOf(Typeset.Lay(Typeset.Document(Typeset.Paragraph(word))).Pages[0]);

        Assert.True(lines.Count > 3);
        Assert.Equal(word, string.Concat(lines.Select(line => line.Text)));
        Assert.All(lines, line => Assert.True(line.Right <= 540.01));
    }

    [Theory]
    [InlineData("Start", 72.0)]
    [InlineData("Center", 294.4)]
    [InlineData("End", 516.8)]
    public void Lines_are_aligned(string alignment, double left)
        => Assert.Equal(left, Typeset.LinesOf(Typeset.Lay(Typeset.Document(Typeset.Paragraph("Hello", new() { Alignment = Enum.Parse<ParagraphAlignment>(alignment) }))).Pages[0])[0].X, 0.1);

    [Fact]
    public void Justified_lines_end_at_the_margin_but_for_the_last()
    {
        var text = string.Join(' ', Enumerable.Range(1, 60).Select(i => new string("abcdefghij"[i % 10], 2 + (i % 5))));
        var lines = Typeset.LinesOf(Typeset.Lay(Typeset.Document(Typeset.Paragraph(text, new() { Alignment = ParagraphAlignment.Justify }))).Pages[0]);

        Assert.True(lines.Count >= 3);
        Assert.All(lines.SkipLast(1), line => Assert.Equal(540, line.Right - TrailingSpace(line.Text), 0.05));
        Assert.True(lines[^1].Right < 539);
    }

    [Fact]
    public void Tabs_go_to_stops_measured_from_the_margin()
    {
        var format = new ParagraphFormat
        {
            IndentStart = new(20),
            Tabs = [new(new(100), TabAlignment.Start, TabLeader.None), new(new(300), TabAlignment.End, TabLeader.None), new(new(400), TabAlignment.Decimal, TabLeader.None)],
        };
        var lines = Typeset.LinesOf(Typeset.Lay(Typeset.Document(Typeset.Paragraph("a\tb\tc\t12.50\td", format))).Pages[0]);

        Assert.Equal([92.0, 172.0], lines.Take(2).Select(line => Math.Round(line.X, 1)));
        Assert.Equal(372, lines[2].Right, 0.1);
        Assert.Equal(472 - Width("12"), lines[3].X, 0.1);

        // Behind the last stop of its own the automatic ones go on, as multiples from the margin.
        Assert.Equal(72 + 432, lines[4].X, 0.1);
    }

    // The default page has 451.3 pt between its margins.
    [Theory]
    [InlineData(300, "$\t00,000 (a)", 1)]
    [InlineData(300, "$\t00,000 goes on to the margin and there into the next line, as all of this does not fit", 2)]
    [InlineData(100, "$\t00,000 (a)", 1)]
    [InlineData(100, "$\t00,000 beyond the right indent", 2)]
    public void Behind_a_stop_beyond_the_right_indent_text_goes_on_to_the_margin(double stop, string text, int lines)
    {
        var format = new ParagraphFormat { IndentEnd = new(250), Tabs = [new(new(stop), TabAlignment.Start, TabLeader.None)] };

        Assert.Equal(lines, Typeset.LinesOf(Typeset.Lay(Typeset.Document(Typeset.Paragraph(text, format))).Pages[0]).DistinctBy(line => Math.Round(line.Y)).Count());
    }

    [Fact]
    public void A_tab_at_the_end_of_a_paragraph_begins_no_line()
    {
        var full = new string('m', 50);
        double Next(string text) => Typeset.LinesOf(Typeset.Lay(Typeset.Document(Typeset.Paragraph(text), Typeset.Paragraph("next"))).Pages[0])[^1].Y;

        Assert.Equal(Next(full), Next(full + "\t"), 0.01);
        Assert.True(Next(full + "\tx") > Next(full) + 10);
    }

    [Fact]
    public void The_hanging_indent_is_a_stop_by_itself()
    {
        var format = new ParagraphFormat { IndentStart = new(50), FirstLine = new(-50) };
        Assert.Equal("1 72.0 82.7 1.\n1 122.0 82.7 text\n", Typeset.Lines(Typeset.Paragraph("1.\ttext", format)));
    }

    [Theory]
    [InlineData(1, 11, 22, 11, 50, 82.678)]
    [InlineData(2, 11, 22, 22, 50, 82.678)]
    [InlineData(4, 11, 22, 44, 72, 82.678)]
    [InlineData(1, 40, 22, 40, 72, 110.83)]
    public void A_picture_as_bullet_is_as_high_as_its_label_and_the_text_begins_where_it_would_behind_a_sign(double aspect, double size, double left, double width, double text, double baseline)
    {
        var format = new ParagraphFormat { IndentStart = new(50), FirstLine = new(-28) };
        var label = new ListLabel("\uF0B7", Typeset.Characters(size), LabelSuffix.Tab, ParagraphAlignment.Start, null, new PictureBullet(0, aspect), 1, 0, 1, true, null);
        var document = Typeset.Document(Typeset.Paragraph("text", format) with { Label = label }) with { Images = [new("word/media/image1.png", ImageKind.Png, [1])] };

        var page = Typeset.Lay(document).Pages[0];

        var picture = Assert.Single(page.Placements.SelectMany(placement => placement.Fragment.Pictures.Select(picture => (placement, picture))));
        Assert.Equal((72 + left, width, size), (Math.Round(picture.placement.X + picture.picture.Place.E, 2), picture.picture.Place.A, picture.picture.Place.D));
        var line = Assert.Single(Typeset.LinesOf(page));
        Assert.Equal("text", line.Text);
        Assert.Equal(72 + text, line.X, 0.05);
        Assert.Equal(baseline, line.Y, 0.05);
        Assert.Equal(line.Y, picture.placement.Y + picture.picture.Place.F + size, 0.05);
    }

    [Theory]
    [InlineData("", 0.0, 72)]
    [InlineData("", null, 108)]
    [InlineData("-", 0.0, 108)]
    public void A_label_of_nothing_stays_at_its_own_stop(string sign, double? stop, double x)
    {
        var label = new ListLabel(sign, Typeset.Characters(), LabelSuffix.Tab, ParagraphAlignment.Start, stop is { } at ? new Pt(at) : null, null, 1, 0, 1, true, null);

        Assert.Equal(x, Typeset.LinesOf(Typeset.Lay(Typeset.Document(Typeset.Paragraph("text") with { Label = label })).Pages[0])[^1].X, 0.01);
    }

    [Fact]
    public void Hebrew_runs_from_right_to_left_and_its_text_is_kept_in_reading_order()
    {
        var line = Typeset.LinesOf(Typeset.Lay(Typeset.Document(Typeset.Paragraph("שלום", new() { IsRightToLeft = true }))).Pages[0]).Single();

        Assert.Equal("שלום", line.Text);
        Assert.Equal(540, line.Right, 0.1);
    }

    [Fact]
    public void An_empty_paragraph_is_as_high_as_its_mark()
        => Assert.Equal("1 72.0 121.7 b\n", Typeset.Lines(Typeset.Paragraph("", null, Typeset.Characters(32)), Typeset.Paragraph("b")));

    private static double Width(string text)
    {
        var line = Typeset.LinesOf(Typeset.Lay(Typeset.Document(Typeset.Paragraph(text))).Pages[0]);
        return line[0].Right - line[0].X;
    }

    private static double TrailingSpace(string text) => text.EndsWith(' ') ? Width("a a") - (2 * Width("a")) : 0;
}
