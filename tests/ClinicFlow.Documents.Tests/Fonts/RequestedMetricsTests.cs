using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Tests.Layout;
using Xunit;

namespace ClinicFlow.Documents.Tests.Fonts;

/// <summary>Lines and advances of fonts that are not at hand (docs/layout.md, "Substitutes").</summary>
public sealed class RequestedMetricsTests
{
    [Theory]
    [InlineData("Tahoma", 1.207)]
    [InlineData("Gill Sans MT", 1.163)]
    [InlineData("Garamond", 1.125)]
    [InlineData("Century Gothic", 1.2256)]
    [InlineData("Book Antiqua", 1.238)]
    [InlineData("Comic Sans MS", 1.3936)]
    [InlineData("Palatino Linotype", 1.3491)]
    [InlineData("Wingdings 2", 1.1099)]
    public void A_line_is_as_high_as_that_of_the_font_that_was_asked_for(string family, double height)
    {
        var at = Typeset.LinesOf(Typeset.Lay(Typeset.Document(Typeset.Paragraph("a\na", characters: Typeset.Characters(10, family)))).Pages[0]).Select(line => line.Y).ToArray();

        Assert.Equal(height * 10, at[1] - at[0], 0.01);
    }

    [Theory]
    [InlineData("Tahoma", nameof(FontStyle.Regular), 'a', 525)]
    [InlineData("Tahoma", nameof(FontStyle.Bold), 'n', 640)]
    [InlineData("Verdana", nameof(FontStyle.BoldItalic), 'n', 710)]
    [InlineData("Century Gothic", nameof(FontStyle.Regular), 'o', 655)]
    [InlineData("Trebuchet MS", nameof(FontStyle.Regular), 'e', 545)]
    public void A_letter_is_as_wide_as_in_the_font_that_was_asked_for(string family, string style, char letter, int thousandths)
    {
        var font = Typeset.Fonts.Resolve(family, Enum.Parse<FontStyle>(style));

        Assert.Equal(FontMatch.SetToMetrics, font.Match);
        Assert.Equal(thousandths / 1000.0, font.AdvanceOf(font.GlyphOf(letter)), 0.0006);
    }

    [Fact]
    public void A_box_to_tick_of_MS_Gothic_has_the_line_of_MS_Gothic_whichever_face_draws_it()
    {
        var at = Typeset.LinesOf(Typeset.Lay(Typeset.Document(Typeset.Paragraph("☐\n☐", characters: Typeset.Characters(10, "MS Gothic")))).Pages[0]).Select(line => line.Y).ToArray();

        Assert.Equal(13.0, at[1] - at[0], 0.01);
    }

    [Theory]
    [InlineData(0.2, true)]
    [InlineData(2, false)]
    public void Words_of_letters_at_other_advances_are_told_unless_the_document_spaces_them_far(double spacing, bool isTold)
    {
        var page = Typeset.Lay(Typeset.Document(Typeset.Paragraph("Ct.", characters: Typeset.Characters(10, "Trebuchet MS") with { Spacing = new(spacing) }))).Pages[0];

        Assert.All(page.Placements.SelectMany(placement => placement.Fragment.Runs), run => Assert.Equal(isTold, run.HasOtherAdvances));
    }
}
