using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Tests.Layout;
using ClinicFlow.Documents.Tests.Pdf;
using Xunit;
using static ClinicFlow.Documents.Tests.Equations.Omml;

namespace ClinicFlow.Documents.Tests.Equations;

/// <summary>Equations in the file: whole, tagged, and to be copied.</summary>
public sealed partial class EquationPdfTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly string Everything = Alone(Run("x=") + Fraction(Run("-b±") + Root(Sup(Run("b"), Run("2")) + Run("-4ac")), Run("2a")))
        + Among("Among words ", Nary("∑", Run("i=1"), Run("n"), Run("x")) + Brackets(Fraction(Run("α"), Run("β"))), ", and on.")
        + Alone(Brackets(Matrix([.. Enumerable.Range(0, 9).Select(i => new[] { Run($"{i}"), Run("y") })])))
        + Alone($"<m:groupChr><m:e>{Run("a+b+c+d+e+f+g")}</m:e></m:groupChr>" + "<m:acc><m:e>" + Run("x") + "</m:e></m:acc>");

    [Fact]
    public void A_file_with_equations_is_whole_and_the_same_each_time()
    {
        var docx = SetEquation.Docx(Everything);

        var pdf = new NativeEngine().Convert(docx, Stop);

        Assert.Empty(pdf.Gaps);
        PdfTool.CheckFile(pdf.Pdf.ToArray());
        Assert.True(pdf.Pdf.Span.SequenceEqual(new NativeEngine().Convert(docx, Stop).Pdf.Span));
    }

    [Fact]
    public void Letters_are_copied_as_what_they_are_and_tall_signs_once()
    {
        var text = PdfTool.Run(new NativeEngine().Convert(SetEquation.Docx(Everything), Stop).Pdf.ToArray(), "pdftotext", "-raw", "FILE", "-");

        Assert.All("𝑥 𝑏 𝑎 𝑐 𝛼 𝛽 ± √ ∑".Split(' '), sign => Assert.Contains(sign, text, StringComparison.Ordinal));
        Assert.Equal((2, 2), (text.Count(c => c == '('), text.Count(c => c == ')')));
        Assert.Equal(1, text.Count(c => c == '\u23DF'));
        Assert.DoesNotContain(text, c => c is '\uFFFD' or '\uFFFC');
        Assert.DoesNotContain(text, c => c is >= '\uE000' and <= '\uF8FF');
    }

    [Fact]
    public void Formulas_are_tagged_with_their_text()
    {
        var plain = PdfTool.Run(new NativeEngine().Convert(SetEquation.Docx(Among("", Fraction(Run("a+b"), Run("2")), "")), Stop).Pdf.ToArray(), "qpdf", "--qdf", "--object-streams=disable", "FILE", "-");

        Assert.Single(FormulaTag().Matches(plain));
        Assert.Contains("/Alt (\\(a+b\\)/2)", plain, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"/S /Formula\b")]
    private static partial Regex FormulaTag();

    [Fact]
    public void A_heading_with_an_equation_has_it_in_the_outline()
    {
        var body = $"<w:p><w:pPr><w:outlineLvl w:val=\"0\"/></w:pPr><w:r><w:t xml:space=\"preserve\">On </w:t></w:r><m:oMath {Names}>{Sup(Run("x"), Run("2"))}</m:oMath></w:p>";

        Assert.Equal("On x^2", Assert.Single(SetEquation.Of(body).Document.Outline).Title);
    }

    [Theory]
    [InlineData("<w:r><w:t>{{dose}}</w:t></w:r>")]
    [InlineData("<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>MERGEFIELD dose</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>old</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>")]
    public void A_value_that_is_merged_into_an_equation_is_shown(string field)
    {
        var template = TemplateCompiler.Compile(new MemoryStream(SetEquation.Docx(Alone(Run("x=") + Fraction(field, Run("2"))))));
        Assert.Empty(template.Problems);
        var engine = new NativeEngine();

        foreach (var dose in (string[])["42", "17 ml", "42"])
        {
            var bound = Bind(template, $"[{{\"dose\":\"{dose}\"}}]");
            var made = engine.Convert(bound, Stop);

            Assert.Empty(made.Gaps);
            Assert.Contains(PdfTool.Text(made.Pdf.ToArray()), line => line == dose);
            Assert.True(made.Pdf.Span.SequenceEqual(new NativeEngine().Convert(bound.ToDocx(), Stop).Pdf.Span), dose);
        }
    }

    [Fact]
    public void A_field_that_is_still_one_when_the_record_is_drawn_is_refused()
    {
        // Characters of a field in runs of mathematics: merging leaves them as they are.
        const string field = "<m:r><w:fldChar w:fldCharType=\"begin\"/></m:r><m:r><w:instrText>SEQ Equation</w:instrText></m:r><m:r><w:fldChar w:fldCharType=\"separate\"/></m:r><m:r><m:t>old</m:t></m:r><m:r><w:fldChar w:fldCharType=\"end\"/></m:r>";
        var bound = Bind(TemplateCompiler.Compile(new MemoryStream(SetEquation.Docx(Alone(field) + "<w:p><w:r><w:t>{{dose}}</w:t></w:r></w:p>"))), "[{\"dose\":\"42\"}]");

        Assert.Contains(new NativeEngine().Convert(bound, Stop).Gaps, gap => gap.Code == "equation-part" && gap.What.EndsWith("fldChar", StringComparison.Ordinal) && gap.Place.ToString() == "body, paragraph 1");
        Assert.Equal(PdfEngineKind.LibreOffice, new NativeEngine().Convert(bound, null, isOnlyFaithful: true, TestContext.Current.CancellationToken).Engine);
    }

    [Fact]
    public void Records_beside_an_equation_of_the_template_are_each_their_own()
    {
        var template = TemplateCompiler.Compile(new MemoryStream(SetEquation.Docx(Among("For {{name}}: ", Sup(Run("x"), Run("2")), " is {{name}}'s."))));
        var engine = new NativeEngine();

        foreach (var name in (string[])["Anna", "Zoë", "שלום", "Anna"])
        {
            var bound = Bind(template, $"[{{\"name\":\"{name}\"}}]");
            var made = engine.Convert(bound, Stop);

            Assert.Empty(made.Gaps);
            Assert.True(made.Pdf.Span.SequenceEqual(new NativeEngine().Convert(bound.ToDocx(), Stop).Pdf.Span), name);
        }
    }

    [Fact]
    public void Real_documents_with_equations_are_kept_and_lose_no_sign_of_them()
    {
        // One of our own first: the others are not beside every checkout.
        var documents = Corpus.Documents().Select(file => (Name: Path.GetFileName(file), Docx: File.ReadAllBytes(file)));
        var kept = 0;
        foreach (var (file, docx) in documents.Prepend(("own", SetEquation.Docx(Alone(Run("x=") + Fraction(Run("a+b"), Run("2"))) + Among("For ", Sup(Run("x"), Run("2")), " too.")))))
        {
            if (Signs(docx) is not { Length: > 0 } signs)
            {
                continue;
            }

            var made = new NativeEngine().Convert(docx, Stop);
            Assert.DoesNotContain(made.Gaps, gap => gap.Code.StartsWith("equation", StringComparison.Ordinal));
            var text = Letters(PdfTool.Run(made.Pdf.ToArray(), "pdftotext", "FILE", "-"));
            Assert.All(signs.CountBy(c => c), sign => Assert.True(text.Count(c => c == sign.Key) >= sign.Value, $"{file}: {sign.Key} {sign.Value} times"));
            kept++;
        }

        Assert.True(kept > 0, "No document has an equation.");
    }

    // The characters of a document's equations, in plain forms.
    private static string Signs(byte[] docx)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(docx));
            using var reader = new StreamReader(zip.GetEntry("word/document.xml")!.Open());
            return Letters(string.Concat(MathText().Matches(reader.ReadToEnd()).Select(match => System.Net.WebUtility.HtmlDecode(match.Groups[1].Value))).Replace("#", "", StringComparison.Ordinal));
        }
        catch (InvalidDataException)
        {
            return "";
        }
    }

    private static string Letters(string text) => string.Concat(text.Replace('-', '−').Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c)));

    [GeneratedRegex("<m:t(?: [^>]*)?>([^<]*)</m:t>")]
    private static partial Regex MathText();

    private static BoundDocument Bind(CompiledTemplate template, string json)
    {
        using var reader = RecordSource.Open(new MemoryStream(Encoding.UTF8.GetBytes(json)), "one.json");
        var record = Assert.IsType<RecordRead.Good>(Assert.Single(reader.Read(TestContext.Current.CancellationToken))).Record;
        return Assert.IsType<BindResult.Bound>(template.Bind(record, new RenderOptions { Culture = CultureInfo.GetCultureInfo("en-GB"), JobTime = new DateTime(2026, 11, 23) })).Document;
    }
}
