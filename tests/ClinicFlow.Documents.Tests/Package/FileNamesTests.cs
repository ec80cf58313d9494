using System.Text;
using ClinicFlow.Documents.Package;
using ClinicFlow.Documents.Tests.Content;
using Xunit;

namespace ClinicFlow.Documents.Tests.Package;

public sealed class FileNamesTests
{
    [Theory]
    [InlineData("Letter to Dr. Huber", "Letter to Dr. Huber")]
    [InlineData("Müller, Änne", "Müller, Änne")]
    [InlineData("Mu\u0308ller", "Müller")]
    [InlineData("../../etc/passwd", "_.._etc_passwd")]
    [InlineData(@"C:\Users\x", "C__Users_x")]
    [InlineData("a<b>c:d\"e/f\\g|h?i*j", "a_b_c_d_e_f_g_h_i_j")]
    [InlineData("tab\there\r\nand\0there", "tab_here__and_there")]
    [InlineData("  spaces and dots. . ", "spaces and dots")]
    [InlineData("\u00A0\u3000wide\u2003", "wide")]
    [InlineData(".hidden", "hidden")]
    [InlineData("~$letter", "$letter")]
    [InlineData("-rf", "rf")]
    [InlineData("CON", "_CON")]
    [InlineData("nul.txt", "_nul.txt")]
    [InlineData("Com1", "_Com1")]
    [InlineData("LPT\u00B2", "_LPT\u00B2")]
    [InlineData("CONIN$", "_CONIN$")]
    [InlineData("console", "console")]
    [InlineData("COM10", "COM10")]
    [InlineData("turned \u202Efdp.exe", "turned _fdp.exe")]
    [InlineData("zero\u200Bwidth", "zero_width")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم")]
    [InlineData("smile 👩\u200D⚕️", "smile 👩\u200D⚕️")]
    [InlineData("", "document")]
    [InlineData(" .. ", "document")]
    [InlineData("/", "_")]
    public void A_name_is_safe_everywhere_and_still_reads(string text, string expected)
        => Assert.Equal(expected, FileNames.MakeSafe(text));

    [Fact]
    public void Half_a_surrogate_pair_and_what_is_no_character_are_replaced()
        => Assert.Equal("half _ pair_", FileNames.MakeSafe("half \uD83D pair\uFFFE"));

    [Fact]
    public void A_name_is_cut_between_characters_and_leaves_room_for_its_ending()
    {
        Assert.Equal(new string('a', 111), FileNames.MakeSafe(new string('a', 500)));
        Assert.Equal(231, Encoding.UTF8.GetByteCount(FileNames.MakeSafe(new string('漢', 500))));
        Assert.Equal(new string('a', 110), FileNames.MakeSafe(new string('a', 110) + "👩\u200D⚕️ and more"));
        Assert.Equal(new string('a', 109), FileNames.MakeSafe(new string('a', 109) + ". and more"));
        Assert.Equal("document", FileNames.MakeSafe("a" + new string('\u0316', 500)));
    }

    [Fact]
    public void No_name_is_given_twice()
    {
        var names = new FileNames();
        string[] texts = ["Huber", "huber", "HUBER", "Huber (2)", "Mayr", "M/ayr", "M?ayr"];

        Assert.Equal("Huber|huber (2)|HUBER (3)|Huber (2) (2)|Mayr|M_ayr|M_ayr (2)", string.Join('|', texts.Select(text => names.Claim(text))));
    }

    [Fact]
    public void A_reserved_name_is_not_given()
    {
        var names = new FileNames();
        names.Reserve("Mu\u0308ller");

        Assert.Equal("müller (2)", names.Claim("müller"));
    }

    [Fact]
    public void The_same_texts_get_the_same_names_again()
    {
        string[] texts = ["a", "a", "A (2)", "", "", "a", "CON", "con"];
        var (first, second) = (new FileNames(), new FileNames());

        Assert.Equal(texts.Select(text => first.Claim(text)), texts.Select(text => second.Claim(text)));
    }

    [Fact]
    public void A_long_name_keeps_its_number_within_the_length()
    {
        var names = new FileNames();
        var text = new string('x', 300);
        var given = Enumerable.Range(0, 1200).Select(_ => names.Claim(text)).ToArray();

        Assert.Equal(1200, given.Distinct().Count());
        Assert.EndsWith(" (1200)", given[^1]);
        Assert.All(given, name => Assert.True(name.Length <= FileNames.MaxCharacters - FileNames.EndingRoom));
    }

    [Fact]
    public void Any_text_gives_a_name_that_keeps_all_promises()
    {
        var random = new Random(20261123);
        var names = new FileNames();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var round = 0; round < 20_000; round++)
        {
            var text = random.Next(4) == 0 ? Fuzz.Of(random, ["con", "nul", ".", " ", "a", "(2)", "\u0301", "👩\u200D⚕️", "/"], random.Next(8)) : Fuzz.Text(random, random.Next(400));
            var name = names.Claim(text);

            Assert.True(seen.Add(name), $"round {round} gives a name again");
            Assert.True(name.Length is > 0 and <= FileNames.MaxCharacters - FileNames.EndingRoom, $"round {round} is {name.Length} long");
            Assert.True(Encoding.UTF8.GetByteCount(name) <= FileNames.MaxBytes - FileNames.EndingRoom, $"round {round} is too long in bytes");
            Assert.True(name.IndexOfAny(['<', '>', ':', '"', '/', '\\', '|', '?', '*']) < 0 && !name.Any(char.IsControl), $"round {round} has a forbidden character");
            Assert.False(name[0] is '.' or ' ' or '-' || name[^1] is '.' or ' ', $"round {round} starts or ends badly");
            Assert.True(name.IsNormalized(NormalizationForm.FormC), $"round {round} is not normalised");
        }
    }
}
