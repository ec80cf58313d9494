using System.Text;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Equations;
using ClinicFlow.Documents.Tests.Layout;
using Xunit;
using static ClinicFlow.Documents.Tests.Equations.Omml;

namespace ClinicFlow.Documents.Tests.Equations;

/// <summary>What is read of equations, what is said of them in words, and what is refused.</summary>
public sealed class EquationReaderTests
{
    private static WordDocument Read(string body, string settings = "") => new NativeEngine().Read(SetEquation.Docx(body, settings));

    private static Equation Only(string math) => Assert.Single(Read(Alone(math)).Sections[0].Blocks.Cast<Paragraph>().SelectMany(paragraph => paragraph.Inlines.OfType<Equation>()));

    public static TheoryData<string, string> Words => new()
    {
        { Fraction(Run("a+b"), Run("2")), "(a+b)/2" },
        { Sup(Run("x"), Run("2")) + Run("+1"), "x^2+1" },
        { SubSup(Run("x"), Run("i+1"), Run("2")), "x_(i+1)^2" },
        { Root(Run("x")), "sqrt(x)" },
        { Root(Run("x"), Run("3")), "root(3, x)" },
        { Nary("∑", Run("i=1"), Run("n"), Run("x")), "∑_(i=1)^n x" },
        { Brackets(Run("x")) + Brackets(Run("y"), "<m:begChr m:val=\"|\"/><m:endChr m:val=\"|\"/>"), "(x)|y|" },
        { Function(Upright("sin"), Run("x")), "sin x" },
        { Limit(Upright("lim"), Run("n→∞")), "lim_(n→∞)" },
        { Matrix([[Run("a"), Run("b")], [Run("c"), Run("d")]]), "a, b; c, d" },
        { Array(Run("x&amp;=1"), Run("y&amp;=2")), "x=1; y=2" },
        { $"<m:bar><m:barPr><m:pos m:val=\"top\"/></m:barPr><m:e>{Run("AB")}</m:e></m:bar>", "overline(AB)" },
        { Pre(Upright("C"), Run("6"), Run("14")), "_6^14C" },
    };

    [Theory]
    [MemberData(nameof(Words))]
    public void An_equation_is_said_in_one_line_of_text(string math, string words) => Assert.Equal(words, Only(math).AlternativeText);

    [Fact]
    public void A_long_equation_is_said_in_bounded_words()
    {
        var words = Only(string.Concat(Enumerable.Repeat(Run("𝕏abc+"), 5000))).AlternativeText;

        Assert.InRange(words.Length, 3_900, 4_001);
        Assert.Equal(words, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(words)));
    }

    public static TheoryData<string, string, string> Refused => new()
    {
        { "equation-part", "newThing", Alone("<m:newThing/>") },
        { "equation-part", "aln, brk", Alone(Run("x", "<m:aln/>")) },
        { "equation-part", "aln, brk", Alone(Run("x", "<m:brk/>")) },
        { "equation-part", "argSz", Alone($"<m:sSup><m:e>{Run("x")}</m:e><m:sup><m:argPr><m:argSz m:val=\"1\"/></m:argPr>{Run("2")}</m:sup></m:sSup>") },
        { "equation-part", "fldChar", Alone("<m:r><w:fldChar w:fldCharType=\"begin\"/></m:r>") },
        { "equation-part", "fldSimple", Alone("<w:fldSimple w:instr=\"MERGEFIELD a\"><m:r><m:t>x</m:t></m:r></w:fldSimple>") },
        { "equation-part", "footnoteReference", Alone("<m:r><w:footnoteReference w:id=\"2\"/></m:r>") },
        { "equation-part", "drawing", Alone("<w:r><w:drawing/></w:r>") },
        { "equation-part", "tab", Alone("<m:r><m:t>x</m:t><w:tab/></m:r>") },
        { "equation-part", "br", Alone(Run("x") + "<m:r><w:br/></m:r>" + Run("y")) },
        { "equation-part", "text of a complex script", Alone(Run("سلام", "<m:nor/>")) },
        { "equation-part", "marks that combine", Alone(Run("x\u0301")) },
        { "equation-part", "objDist", Alone($"<m:eqArr><m:eqArrPr><m:objDist m:val=\"1\"/></m:eqArrPr><m:e>{Run("x")}</m:e></m:eqArr>") },
        { "equation-part", "rSpRule", Alone(Matrix([[Run("a")]], "<m:rSpRule m:val=\"4\"/><m:rSp m:val=\"3\"/>")) },
        { "equation-part", "begChr", Alone(Brackets(Run("x"), "<m:begChr m:val=\"((\"/>")) },
        { "equation-part", "#", Alone(Array(Run("x#1"), Run("y#2"))) },
        { "equation-part", "box: aln, brk", Alone($"<m:box><m:boxPr><m:brk/></m:boxPr><m:e>{Run("x")}</m:e></m:box>") },
        { "equation-part", "in a link", $"<w:p><w:hyperlink w:anchor=\"a\"><m:oMath {Names}>{Run("x")}</m:oMath></w:hyperlink></w:p>" },
        { "equation-part", "in a field", $"<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>REF a</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><m:oMath {Names}>{Run("x")}</m:oMath><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>" },
        { "equation-part", "between paragraphs", $"<m:oMathPara {Names}><m:oMath>{Run("x")}</m:oMath></m:oMathPara><w:p/>" },
        { "equation-part", "from right to left", $"<w:p><w:pPr><w:bidi/></w:pPr><m:oMathPara {Names}><m:oMath>{Run("x")}</m:oMath></m:oMathPara></w:p>" },
        { "equation-format", "underlined", Alone(Run("x", "", "<w:u w:val=\"single\"/>")) },
        { "equation-format", "struck", Alone(Run("x", "", "<w:strike/>")) },
        { "equation-format", "shaded", Alone(Run("x", "", "<w:highlight w:val=\"yellow\"/>")) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_drawn_as_Word_does_is_refused_with_its_place(string code, string what, string body)
    {
        var found = Assert.Single(Read("<w:p/>" + body).Unfaithful);

        Assert.Equal(code, found.Code);
        Assert.Contains(what, found.What, StringComparison.Ordinal);
        Assert.Contains("body", found.Place.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<m:brkBin m:val=\"repeat\"/>", "operators repeated")]
    [InlineData("<m:preSp m:val=\"120\"/>", "preSp")]
    public void Settings_that_are_not_followed_are_refused_where_there_is_an_equation(string settings, string what)
    {
        Assert.Empty(Read("<w:p/>", settings).Unfaithful);
        Assert.Contains(what, Assert.Single(Read(Alone(Run("x")), settings).Unfaithful).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_font_for_them_equations_are_refused_and_the_package_is_named()
    {
        using var folder = new OneFont();
        var engine = new NativeEngine(FontLibrary.Open([folder.Path]));

        var gap = Assert.Single(engine.FindGaps(SetEquation.Docx(Alone(Run("x")))));
        Assert.Equal(("equation-without-font", "body, paragraph 1"), (gap.Code, gap.Place.ToString()));
        Assert.Contains("fonts-stix", gap.What, StringComparison.Ordinal);
        Assert.Empty(engine.FindGaps(SetEquation.Docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>")));

        // Asked for all the same, what it says is there in words.
        var made = engine.Convert(SetEquation.Docx(Alone(Fraction(Run("a"), Run("b")))), TestContext.Current.CancellationToken);
        Assert.Equal(["a/b"], Pdf.PdfTool.Text(made.Pdf.ToArray()));
    }

    /// <summary>A folder with a font that has no MATH table.</summary>
    private sealed class OneFont : IDisposable
    {
        public OneFont()
        {
            var face = Typeset.Fonts.Resolve("Calibri", FontStyle.Regular).Face;
            File.WriteAllBytes(System.IO.Path.Combine(Path, "one.ttf"), face.File.ToArray());
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("one-font-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    [Fact]
    public void Equations_in_equations_without_end_are_refused_in_bounded_time()
    {
        var deep = Run("x");
        for (var i = 0; i < 60; i++)
        {
            deep = Root(deep);
        }

        var many = string.Concat(Enumerable.Repeat("<m:r><m:t>x</m:t></m:r>", 25_000));
        var wide = Matrix([.. Enumerable.Range(0, 200).Select(_ => (string[])[""]), [.. Enumerable.Repeat("", 15_000)]]);

        Assert.Contains(Read(Alone(deep)).Unfaithful, found => found.What.Contains("nested deeper than 40", StringComparison.Ordinal));
        Assert.Contains(Read(Alone(many)).Unfaithful, found => found.What.Contains("more than 20,000", StringComparison.Ordinal));
        Assert.Contains(Read(Alone(wide)).Unfaithful, found => found.What.Contains("more than 20,000", StringComparison.Ordinal));
        Assert.All([deep, many, wide], math => Assert.NotEmpty(DocumentLayout.Lay(Read(Alone(math)), Typeset.Fonts, stop: TestContext.Current.CancellationToken).Pages));
    }

    [Fact]
    public void What_is_deleted_or_hidden_is_not_shown_and_what_is_inserted_is()
    {
        var math = $"<w:ins w:id=\"1\" w:author=\"a\">{Run("x")}</w:ins><w:del w:id=\"2\" w:author=\"a\">{Run("y")}</w:del>" + Run("z", "", "<w:vanish/>");

        Assert.Equal("x", Only(math).AlternativeText);
        Assert.Empty(Read(Alone(math)).Unfaithful);
    }

    [Fact]
    public void A_bookmark_in_an_equation_is_kept()
        => Assert.Contains(Read($"<w:p><m:oMath {Names}><w:bookmarkStart w:id=\"1\" w:name=\"eq1\"/>{Run("x")}<w:bookmarkEnd w:id=\"1\"/></m:oMath></w:p>").Sections[0].Blocks.Cast<Paragraph>().Single().Inlines, inline => inline is Bookmark { Name: "eq1" });
}
