using System.Text;
using ClinicFlow.Batch.Archive;
using Xunit;

namespace ClinicFlow.Batch.Tests.Archive;

public sealed class DocumentFileNamesTests
{
    [Theory]
    [InlineData("Consent", "Consent.pdf")]
    [InlineData("Consent.PDF", "Consent.pdf")]
    [InlineData(" consent.docx ", "consent.pdf")]
    [InlineData("../../etc/passwd", "_.._etc_passwd.pdf")]
    [InlineData("C:\\Windows\\x", "C__Windows_x.pdf")]
    [InlineData("a\0b\u202Ec", "a_b_c.pdf")]
    [InlineData("", "document.pdf")]
    [InlineData("...", "document.pdf")]
    [InlineData(".pdf", "document.pdf")]
    [InlineData("CON", "_CON.pdf")]
    [InlineData("lpt1.x", "_lpt1.x.pdf")]
    [InlineData("患者 Łukasz 👩‍⚕️", "患者 Łukasz 👩‍⚕️.pdf")]
    [InlineData("manifest", "manifest (2).pdf")]
    [InlineData("Errors", "Errors (2).pdf")]
    public void A_name_is_made_safe(string documentName, string expected)
        => Assert.Equal(expected, new DocumentFileNames().NameOf(0, documentName, ".pdf"));

    [Fact]
    public void Equal_names_get_numbers_also_where_only_case_or_normalisation_differ()
    {
        var names = new DocumentFileNames();
        string[] texts = ["Müller", "MÜLLER", "Mu\u0308ller", "Müller (2)", "Müller"];

        Assert.Equal(
            ["Müller.pdf", "MÜLLER (2).pdf", "Müller (3).pdf", "Müller (2) (2).pdf", "Müller (4).pdf"],
            texts.Select((text, index) => names.NameOf(index, text, ".pdf")));
    }

    [Fact]
    public void Both_formats_and_all_attempts_of_a_request_have_one_stem()
    {
        var names = new DocumentFileNames();
        names.NameOf(0, "Letter", ".docx");

        Assert.Equal("Letter (2).docx", names.NameOf(1, "Letter", ".docx"));
        Assert.Equal("Letter (2).pdf", names.NameOf(1, "Letter", ".pdf"));
        Assert.Equal("Letter (2).docx", names.NameOf(1, "Letter", ".docx"));
        names.Settle(1);
        Assert.Equal("Letter (3).docx", names.NameOf(2, "Letter", ".docx"));
    }

    [Fact]
    public void After_a_restart_no_committed_name_is_given_again()
    {
        var random = new Random(11);
        string[] texts = ["A", "a", "Ä", "A\u0308", "A (2)", "", "x/y", "x\\y", new string('ü', 300), "NUL", "b.", "b"];
        for (var round = 0; round < 50; round++)
        {
            var committed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            var names = new DocumentFileNames();
            for (var index = 0; index < 200; index++)
            {
                var name = names.NameOf(index, texts[random.Next(texts.Length)], ".pdf");
                Assert.DoesNotContain(name.Normalize(NormalizationForm.FormC), committed);
                Assert.True(Encoding.UTF8.GetByteCount(name) <= 255);
                if (random.Next(3) > 0)
                {
                    committed.Add(name);
                    names.Settle(index);
                }

                if (random.Next(40) == 0)
                {
                    names = new DocumentFileNames();
                    foreach (var taken in committed)
                    {
                        names.Reclaim(taken);
                    }
                }
            }
        }
    }

    [Fact]
    public void A_hundred_thousand_equal_names_are_numbered()
    {
        var names = new DocumentFileNames();
        var last = "";
        for (var i = 0; i < 100_000; i++)
        {
            last = names.NameOf(i, "Letter", ".pdf");
            names.Settle(i);
        }

        Assert.Equal("Letter (100000).pdf", last);
    }
}
