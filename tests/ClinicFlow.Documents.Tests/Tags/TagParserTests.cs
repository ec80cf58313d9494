using ClinicFlow.Documents.Tags;
using Xunit;

namespace ClinicFlow.Documents.Tests.Tags;

/// <summary>Which tag a text is, and what is said of one that is none.</summary>
public class TagParserTests
{
    [Theory]
    [InlineData("name", "Value name")]
    [InlineData("  patient.name  ", "Value patient.name")]
    [InlineData("First Name", "Value First_Name")]
    [InlineData("Notes and remarks", "Value Notes_and_remarks")]
    [InlineData("work order | upper", "Value work_order")]
    [InlineData("[Größe (cm)] | number:1", "Value Größe (cm)")]
    [InlineData("[ Patient’s name – short ]", "Value Patient’s name – short")]
    [InlineData("#if [Tel. Nr.] and b", "If")]
    [InlineData("#each [in/out] where [a|b] = 1", "Each in/out where")]
    [InlineData("/[Tel. Nr.]", "End Tel. Nr.")]
    [InlineData("image [Photo (new)]", "Image Photo (new) 0x0")]
    [InlineData("address.zip code | upper", "Value address.zip_code")]
    [InlineData("Größe", "Value Größe")]
    [InlineData("../name", "Value ../name")]
    [InlineData("…/name", "Value ../name")]
    [InlineData("../../name", "Value ../../name")]
    [InlineData("..", "Value ../this")]
    [InlineData(".", "Value this")]
    [InlineData("This.name", "Value this.name")]
    [InlineData("@Index", "Value @index")]
    [InlineData("../@index", "Value ../@index")]
    [InlineData("@root.clinic", "Value @root.clinic")]
    [InlineData("list.1.name", "Value list.1.name")]
    [InlineData("2nd_visit", "Value 2nd_visit")]
    [InlineData("\u200Bna\u00ADme\uFEFF", "Value name")]
    [InlineData("name\u00A0|\u202Fupper", "Value name")]
    [InlineData("self\u2011pay", "Value self-pay")]
    [InlineData("\"text\"", "Value \"text\"")]
    [InlineData("image", "Value image")]
    [InlineData("image.name", "Value image.name")]
    [InlineData("html | upper", "Value html")]
    [InlineData("order", "Value order")]
    [InlineData("not", "Value not")]
    [InlineData("true.story", "Value true.story")]
    [InlineData("#each visits", "Each visits")]
    [InlineData("# EACH visits", "Each visits")]
    [InlineData("#each visits where paid", "Each visits where")]
    [InlineData("#each visits WHERE paid and n > 3 Order By date Desc, n", "Each visits where order 2")]
    [InlineData("#each visits order by date | date:iso, n", "Each visits order 2")]
    [InlineData("#each order order by order", "Each order order 1")]
    [InlineData("#each visits as columns", "Each visits columns")]
    [InlineData("#each visits columns where x", "Each visits where columns")]
    [InlineData("#each visits | first:3", "Each visits")]
    [InlineData("#if insured", "If")]
    [InlineData("#unless insured", "If")]
    [InlineData("else if minor", "ElseIf")]
    [InlineData("elseif minor", "ElseIf")]
    [InlineData("#else if minor", "ElseIf")]
    [InlineData("else", "Else")]
    [InlineData("ELSE", "Else")]
    [InlineData("#else", "Else")]
    [InlineData("^", "Else")]
    [InlineData("#visits", "Section visits")]
    [InlineData("#each", "(tag-not-understood)")]
    [InlineData("^visits", "Section visits inverted")]
    [InlineData("#First Name", "Section First_Name")]
    [InlineData("/each", "End each")]
    [InlineData("/ EACH visits", "End each")]
    [InlineData("/for", "End each")]
    [InlineData("/If", "End if")]
    [InlineData("/unless", "End if")]
    [InlineData("/visits", "End visits")]
    [InlineData("/", "End ")]
    [InlineData("image photo", "Image photo 0x0")]
    [InlineData("image photo | fit:40mm,30mm", "Image photo 1440000x1080000 fits")]
    [InlineData("image photo | fit:40", "Image photo 1440000x1440000 fits")]
    [InlineData("image ../photo", "Image ../photo 0x0")]
    [InlineData("image photo | width:1in", "Image photo 914400x0")]
    [InlineData("image photo | width:2cm | height:72pt", "Image photo 720000x914400")]
    [InlineData("image photo | default:\"x\" | size:96px", "Image photo 914400x914400 fits")]
    [InlineData("qr mrn | size:20mm", "Qr mrn 720000x720000 fits")]
    [InlineData("qr \"https://example.org/?a=1&b=2\"", "Qr \"https://example.org/?a=1&b=2\" 0x0")]
    [InlineData("barcode code128 mrn", "Barcode Code128 mrn 0x0")]
    [InlineData("barcode EAN-13 mrn | size:4cm,1.5cm", "Barcode Ean13 mrn 1440000x540000")]
    [InlineData("html note", "Html note")]
    [InlineData("markdown note | trim", "Markdown note")]
    [InlineData("checkbox consent", "Checkbox")]
    [InlineData("checkbox sex = \"f\"", "Checkbox")]
    [InlineData("checkbox not consent", "Checkbox")]
    [InlineData("pagebreak", "PageBreak")]
    [InlineData("! anything \" | } goes", "Comment")]
    public void Are_what_they_say(string source, string expected) => Assert.Equal(expected, Describe(TagParser.Parse(source)));

    [Theory]
    [InlineData("", ProblemCode.TagNotUnderstood, "empty")]
    [InlineData(" \u00A0 ", ProblemCode.TagNotUnderstood, "empty")]
    [InlineData("a.", ProblemCode.TagNotUnderstood, "A name is made of")]
    [InlineData("a..b", ProblemCode.TagNotUnderstood, "A name is made of")]
    [InlineData("Tel. Nr.", ProblemCode.TagNotUnderstood, "[Tel. no.]")]
    [InlineData("[", ProblemCode.TagNotUnderstood, "bracket")]
    [InlineData("[ ]", ProblemCode.TagNotUnderstood, "bracket")]
    [InlineData("a + b", ProblemCode.TagNotUnderstood, "\"+\"")]
    [InlineData("a = b", ProblemCode.TagNotUnderstood, "{{#if")]
    [InlineData("\"a", ProblemCode.TagNotUnderstood, "no partner")]
    [InlineData("a |", ProblemCode.TagNotUnderstood, "name of a formatter")]
    [InlineData("a | uper", ProblemCode.UnknownFormatter, "Did you mean \"upper\"?")]
    [InlineData("a | DATUM", ProblemCode.UnknownFormatter, "Did you mean \"date\"?")]
    [InlineData("a | fit:4mm,4mm", ProblemCode.UnknownFormatter, "image, qr and barcode only")]
    [InlineData("a | system.exit", ProblemCode.UnknownFormatter, "system")]
    [InlineData("a | default", ProblemCode.FormatterArgument, "default:\"-\"")]
    [InlineData("a | upper:1", ProblemCode.FormatterArgument, "takes nothing")]
    [InlineData("a | replace:\"x\"", ProblemCode.FormatterArgument, "needs 2 arguments")]
    [InlineData("a | replace:\"\",\"x\"", ProblemCode.FormatterArgument, "something to replace")]
    [InlineData("a | number:abc", ProblemCode.FormatterArgument, "number picture")]
    [InlineData("a | number:\"0,00\"", ProblemCode.FormatterArgument, "wrong way round")]
    [InlineData("a | number:\"#.##0,00\"", ProblemCode.FormatterArgument, "wrong way round")]
    [InlineData("a | number:\"#.##0.000\"", ProblemCode.FormatterArgument, "wrong way round")]
    [InlineData("a | number:#,##0.00", ProblemCode.FormatterArgument, "number:\"#,##0.00\"")]
    [InlineData("a | date:\"'\"", ProblemCode.FormatterArgument, "date picture")]
    [InlineData("a | date:dd.MM.yyyy HH", ProblemCode.TagNotUnderstood, "quotation marks")]
    [InlineData("a | date:", ProblemCode.TagNotUnderstood, "Behind a colon")]
    [InlineData("a | currency:euro", ProblemCode.FormatterArgument, "three letters")]
    [InlineData("a | culture:\"klingon-QQ-x\"", ProblemCode.FormatterArgument, "de-AT")]
    [InlineData("a | culture:\"\0de-AT\"", ProblemCode.FormatterArgument, "de-AT")]
    [InlineData("a | phone:XX", ProblemCode.FormatterArgument, "two letters")]
    [InlineData("a | round:99", ProblemCode.FormatterArgument, "0 to 28")]
    [InlineData("a | pad:1000000000", ProblemCode.FormatterArgument, "1 to 1000")]
    [InlineData("a | map:\"x\"", ProblemCode.FormatterArgument, "value=text")]
    [InlineData("a | map:\"x=1;X=2\"", ProblemCode.FormatterArgument, "same value twice")]
    [InlineData("a | yesno:\"Yes\"", ProblemCode.FormatterArgument, "two texts")]
    [InlineData("a | age:hours", ProblemCode.FormatterArgument, "weeks")]
    [InlineData("a | mask:\"x\"", ProblemCode.FormatterArgument, "#")]
    [InlineData("endif", ProblemCode.TagNotUnderstood, "{{/if}}")]
    [InlineData("image a | width:40parsec", ProblemCode.FormatterArgument, "fit:40mm,30mm")]
    [InlineData("image a | width:9999mm", ProblemCode.FormatterArgument, "22 inches")]
    [InlineData("barcode code12 mrn", ProblemCode.TagNotUnderstood, "Did you mean code128?")]
    [InlineData("barcode mrn", ProblemCode.TagNotUnderstood, "There are code128")]
    [InlineData("each visits", ProblemCode.TagNotUnderstood, "{{#each")]
    [InlineData("if insured", ProblemCode.TagNotUnderstood, "{{#if")]
    [InlineData("#eahc visits", ProblemCode.TagNotUnderstood, "{{#each")]
    [InlineData("#foreach visits", ProblemCode.TagNotUnderstood, "{{#each")]
    [InlineData("#each visit in visits", ProblemCode.TagNotUnderstood, "{{#each visits}}")]
    [InlineData("#each visits where", ProblemCode.TagNotUnderstood, "name of a field")]
    [InlineData("#each visits order by", ProblemCode.TagNotUnderstood, "name of a field")]
    [InlineData("#if", ProblemCode.TagNotUnderstood, "{{#if insured}}")]
    [InlineData("#if a =", ProblemCode.TagNotUnderstood, "name of a field")]
    [InlineData("#if (a", ProblemCode.TagNotUnderstood, "bracket")]
    [InlineData("#if a)", ProblemCode.TagNotUnderstood, "\")\"")]
    [InlineData("#if a = b = c", ProblemCode.TagNotUnderstood, "\"=\"")]
    [InlineData("#if a in (b", ProblemCode.TagNotUnderstood, "bracket")]
    [InlineData("else x", ProblemCode.TagNotUnderstood, "else")]
    [InlineData("@indx", ProblemCode.TagNotUnderstood, "@index")]
    [InlineData("{name}", ProblemCode.TagNotUnderstood, "\"{\"")]
    public void What_is_wrong_is_said_with_a_cure(string source, string code, string said)
    {
        var problem = TagCheck.ProblemOf(source);

        Assert.Equal(code, problem.Code);
        Assert.Contains(said, $"{problem.Message} {problem.Advice}", StringComparison.Ordinal);
        Assert.EndsWith(".", problem.Message, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Advice);
        Assert.Equal(Place.Nowhere, problem.Place);
    }

    [Fact]
    public void A_tag_that_is_too_long_is_refused()
    {
        Assert.Null(TagParser.Parse(new string('a', TagParser.MaxLength)).Problem);
        Assert.Equal(ProblemCode.TagNotUnderstood, TagCheck.ProblemOf(new string('a', TagParser.MaxLength + 1)).Code);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("not ", "")]
    [InlineData("!", "")]
    public void Nesting_has_a_limit(string open, string close)
    {
        string Nested(int depth) => "#if " + string.Concat(Enumerable.Repeat(open, depth)) + "a" + string.Concat(Enumerable.Repeat(close, depth));

        Assert.NotNull(TagParser.Parse(Nested(31)).Tag);
        Assert.Contains("nested", TagCheck.ProblemOf(Nested(32)).Message, StringComparison.Ordinal);
        Assert.Contains("nested", TagCheck.ProblemOf(Nested(1_000)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x | default:“–”", "–")]
    [InlineData("x | default:«\u00A0non\u00A0»", "non")]
    [InlineData("x | default:„it's “", "it's ")]
    [InlineData("x | default:'say \"no\"'", "say \"no\"")]
    [InlineData("x | default:\"say \"\"no\"\"\"", "say \"no\"")]
    [InlineData("x | default:\"\"", "")]
    [InlineData("x | default:‘a…’", "a…")]
    [InlineData("x | default:\"}} | |\"", "}} | |")]
    [InlineData("x | default:none", "none")]
    [InlineData("x|default:\"a\"|upper", "A")]
    public void Texts_are_read_as_typed(string source, string expected) => Assert.Equal(expected, TagCheck.Print(source, """{"x":null}"""));

    private static string Describe(TagParse parse) => parse.Tag switch
    {
        null => $"({parse.Problem!.Code})",
        Tag.Value tag => $"Value {tag.Expression.Source}",
        Tag.Each tag => $"Each {tag.List.Source}{(tag.Where is null ? "" : " where")}{(tag.OrderBy is null ? "" : $" order {tag.OrderBy.Keys.Count}")}{(tag.Columns ? " columns" : "")}",
        Tag.Section tag => $"Section {tag.Expression.Source}{(tag.Inverted ? " inverted" : "")}",
        Tag.End tag => $"End {tag.Keyword}",
        Tag.Image tag => $"Image {tag.Expression.Source} {Describe(tag.Size)}",
        Tag.Qr tag => $"Qr {tag.Expression.Source} {Describe(tag.Size)}",
        Tag.Barcode tag => $"Barcode {tag.Kind} {tag.Expression.Source} {Describe(tag.Size)}",
        Tag.Html tag => $"Html {tag.Expression.Source}",
        Tag.Markdown tag => $"Markdown {tag.Expression.Source}",
        var other => other.GetType().Name,
    };

    private static string Describe(DrawingSize size) => $"{size.WidthEmu}x{size.HeightEmu}{(size.Fits ? " fits" : "")}";
}
