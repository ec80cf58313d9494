using ClinicFlow.Documents.Model;
using Xunit;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Automatic hyphenation (docs/layout.md, "Hyphenation"): lines 100 pt wide of a font whose letters are all 6 pt wide, so that 16 of them fit.</summary>
public sealed class HyphenationTests
{
    private static readonly DocumentSettings Settings = new() { CompatibilityMode = 15, AutoHyphenation = true, HyphenationZone = new(18) };

    private static CharacterFormat Letters(string language = "en-US") => Typeset.Characters(10, "Courier New") with { Languages = new(language, "", "") };

    private static List<Typeset.TextLine>[] Lay(DocumentSettings settings, Paragraph paragraph, double height = 500)
    {
        var section = new Section { Page = new(new(200), new(height), false), Margins = new(new(50), new(50), new(50), new(50), new(20), new(20), default), Blocks = [paragraph] };
        return [.. Typeset.Lay(Typeset.Document(settings, section)).Pages.Select(Typeset.LinesOf)];
    }

    // The hyphen that is drawn stands for an optional one in the text.
    private static string Lines(string text, DocumentSettings? settings = null, ParagraphFormat? format = null, string language = "en-US", double height = 500) =>
        string.Join(" | ", Lay(settings ?? Settings, Typeset.Paragraph(text, format, Letters(language)), height)
            .Select(page => string.Join(" / ", page.GroupBy(line => line.Y).Select(line => string.Concat(line.Select(part => part.Text)).TrimEnd().Replace('\u00AD', '-')))));

    [Theory]
    [InlineData("the complications", "the complica- / tions")]
    [InlineData("a documentation of it", "a documentation / of it")]
    [InlineData("all documentation", "all documenta- / tion")]
    [InlineData("complicationcomplication", "complicationcom- / plication")]
    [InlineData("we see (complications)", "we see (complic- / ations)", "en-GB")]
    [InlineData("the Einverständnis", "the Einverständ- / nis", "de-DE")]
    [InlineData("of the Einverständnis", "of the Einver- / ständnis", "de-DE")]
    public void A_word_that_does_not_fit_is_divided_as_far_as_it_fits(string text, string expected, string language = "en-US") => Assert.Equal(expected, Lines(text, language: language));

    [Theory]
    [InlineData(18, "one two thr com- / plication")]
    [InlineData(34.5, "one two thr / complication")]
    public void A_word_is_divided_only_where_the_line_would_leave_more_room_than_the_zone(double zone, string expected)
        => Assert.Equal(expected, Lines("one two thr complication", Settings with { HyphenationZone = new(zone) }));

    [Theory]
    [InlineData("see the COMPLICATIONS", "see the COMPLIC- / ATIONS", false)]
    [InlineData("see the COMPLICATIONS", "see the / COMPLICATIONS", true)]
    [InlineData("see the Complications", "see the Complic- / ations", true)]
    public void Words_in_capitals_are_divided_unless_the_document_forbids_it(string text, string expected, bool isForbidden)
        => Assert.Equal(expected, Lines(text, Settings with { DoNotHyphenateCaps = isForbidden }, language: "en-GB"));

    [Theory]
    [InlineData("zxx")]
    [InlineData("cs-CZ")]
    [InlineData("")]
    public void Text_in_no_language_or_one_that_is_not_known_is_not_divided(string language) => Assert.Equal("see the / complications", Lines("see the complications", language: language));

    [Theory]
    [InlineData("at www.complications.org", "at / www.complication / s.org")]
    [InlineData("to complications@example", "to / complications@ex / ample")]
    [InlineData("12 complications12", "12 / complications12")]
    public void Addresses_and_words_with_numbers_are_not_divided(string text, string expected) => Assert.Equal(expected, Lines(text));

    [Fact]
    public void A_paragraph_and_a_document_can_do_without()
    {
        Assert.Equal("see the / complications", Lines("see the complications", format: new() { SuppressesHyphenation = true }));
        Assert.Equal("see the / complications", Lines("see the complications", Settings with { AutoHyphenation = false }));
    }

    [Theory]
    [InlineData(0, "documentation- / documentation- / documentation- / documentation")]
    [InlineData(1, "documentation- / documentationdoc / umentationdocu- / mentation")]
    public void Only_so_many_lines_after_each_other_end_in_a_hyphen(int limit, string expected)
        => Assert.Equal(expected, Lines("documentationdocumentationdocumentationdocumentation", Settings with { ConsecutiveHyphenLimit = limit }));

    [Fact]
    public void A_divided_line_is_justified_to_its_hyphen()
    {
        var lines = Lay(Settings, Typeset.Paragraph("we do see complications", new() { Alignment = ParagraphAlignment.Justify }, Letters("en-GB")))[0];

        Assert.Equal(150, lines.Where(line => line.Y == lines[0].Y).Max(line => line.Right), 0.05);
        Assert.Contains(lines, line => line.Text.EndsWith('\u00AD'));
    }

    [Theory]
    [InlineData("Moves", "one | two complica- / tions")]
    [InlineData("KeepsWordWhole", "one / two | complications")]
    [InlineData("Stays", "one / two complica- | tions")]
    public void What_ends_a_page_is_as_the_document_says(string name, string expected)
    {
        // Two lines a page.
        var settings = Settings with { DividedLines = Enum.Parse<DividedLineAtEnd>(name) };
        var format = new ParagraphFormat { LineSpacing = new(LineRule.Exact, new(20), 1), HasWidowControl = false };
        Assert.Equal(expected, Lines("one\ntwo complications", settings, format, height: 140));
    }

    [Fact]
    public void Nothing_of_a_text_is_lost_or_moved_by_its_divisions()
    {
        var text = string.Join(' ', Enumerable.Repeat("Information about anaesthesia, documentation of complications; hospitalisation (ambulatory) and self-determination.", 30));
        var pages = Lay(Settings, Typeset.Paragraph(text, new() { Alignment = ParagraphAlignment.Justify }, Letters("en-GB")), height: 300);

        var lines = pages.SelectMany(page => page).ToArray();
        Assert.Equal(text, string.Concat(lines.Select(line => line.Text)).Replace("\u00AD", "", StringComparison.Ordinal));
        Assert.True(lines.Count(line => line.Text.EndsWith('\u00AD')) > 50);
        Assert.All(lines, line => Assert.True(line.Right - (line.Text.EndsWith(' ') ? 6.01 : 0) <= 150.01, line.Text));
    }
}
