using ClinicFlow.Cli.Generate;
using ClinicFlow.Documents;

namespace ClinicFlow.Cli.Tests.Generate;

public sealed class DocumentNamesTests
{
    [Theory]
    [InlineData("Anna Huber", "Anna Huber")]
    [InlineData("  Anna  ", "Anna")]
    [InlineData("a/b\\c:d*e?f\"g<h>i|j", "a_b_c_d_e_f_g_h_i_j")]
    [InlineData("..", "fallback")]
    [InlineData("", "fallback")]
    [InlineData("name. . ", "name")]
    [InlineData(".hidden", "hidden")]
    [InlineData("con", "_con")]
    [InlineData("LPT1.txt", "_LPT1.txt")]
    [InlineData("Console", "Console")]
    [InlineData("tab\tline\nend", "tab_line_end")]
    [InlineData("right\u202Eleft", "right_left")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم")]
    public void Names_are_safe_on_every_usual_file_system(string text, string expected)
        => Assert.Equal(expected, DocumentNames.MakeSafe(text, "fallback"));

    [Fact]
    public void Half_a_surrogate_pair_does_not_get_into_a_name()
        => Assert.DoesNotContain('\uD800', DocumentNames.MakeSafe("a\uD800b", "fallback"));

    [Fact]
    public void Long_names_are_cut_between_characters()
    {
        var name = DocumentNames.MakeSafe(string.Concat(Enumerable.Repeat("👩‍⚕️", 100)), "fallback");

        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(name), 1, 220);
        Assert.EndsWith("👩‍⚕️", name, StringComparison.Ordinal);
    }

    [Fact]
    public void No_name_is_given_twice_however_the_numbers_meet()
    {
        var names = new DocumentNames(null, "x", new RenderOptions { JobTime = default });
        names.Reserve("b");

        string[] given = [names.Claim("a"), names.Claim("A"), names.Claim("a (2)"), names.Claim("a"), names.Claim("a (2)"), names.Claim("B")];

        Assert.Equal(["a", "A (2)", "a (2) (2)", "a (3)", "a (2) (3)", "B (2)"], given);
    }

    [Fact]
    public void Retries_wait_longer_each_time_and_end()
    {
        var rule = new RetryRule(8);
        var delays = Enumerable.Range(1, 8).Select(attempt => rule.DelayAfter(attempt, 0.5)!.Value.TotalSeconds).ToList();

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30], delays);
        Assert.Null(rule.DelayAfter(9, 0.5));
        Assert.Null(new RetryRule(0).DelayAfter(1, 0.5));
    }
}
