using ClinicFlow.Documents.Fields;
using Xunit;

namespace ClinicFlow.Documents.Tests.Fields;

public sealed class FieldTests
{
    [Theory]
    [InlineData("{ MERGEFIELD Name }", "ana maria")]
    [InlineData("{ mergefield \"Name\" \\* MERGEFORMAT }", "ana maria")]
    [InlineData("{ MERGEFIELD First_Name }", "Ana")]
    [InlineData("{ MERGEFIELD First Name }", "Ana")]
    [InlineData("{ MERGEFIELD \"Last Name\" }", "Gruber")]
    [InlineData("{ MERGEFIELD group.inner }", "deep")]
    [InlineData("{ MERGEFIELD Name \\* Upper }", "ANA MARIA")]
    [InlineData("{ MERGEFIELD Name \\* Caps }", "Ana Maria")]
    [InlineData("{ MERGEFIELD Name \\* FirstCap }", "Ana maria")]
    [InlineData("{ MERGEFIELD City \\* lower }", "graz")]
    [InlineData("{ MERGEFIELD Name \\b \"<\" \\f \">\" }", "<ana maria>")]
    [InlineData("{ MERGEFIELD blank \\b \"<\" \\f \">\" }", "")]
    [InlineData("{ MERGEFIELD null \\b \"<\" }", "")]
    [InlineData("{ MERGEFIELD list }", "a, b")]
    [InlineData("{ MERGEFIELD yes }", "true")]
    [InlineData("{ MERGEFIELD n \\# \"#,##0.00\" }", "1,234.57")]
    [InlineData("{ MERGEFIELD born \\@ \"d. MMMM yyyy\" }", "7. March 1980")]
    [InlineData("{ MERGEFIELD n \\* Arabic }", "1235")]
    public void A_merge_field_prints_its_value(string field, string expected) => FieldCheck.Is(field, expected);

    [Theory]
    [InlineData("{ MERGEFIELD n \\# \"#,##0.00\" }", "de-AT", "1\u00A0234,57")]
    [InlineData("{ MERGEFIELD born \\@ \"dddd, d. MMMM yyyy\" }", "de-AT", "Freitag, 7. März 1980")]
    [InlineData("{ MERGEFIELD born \\@ \"d MMMM yyyy\" }", "fr-FR", "7 mars 1980")]
    [InlineData("{ = 3 \\* CardText }", "de-AT", "drei")]
    [InlineData("{ = 3 \\* OrdText }", "fr-FR", "troisième")]
    public void Formats_speak_the_documents_language(string field, string culture, string expected)
        => Assert.Equal(expected.Replace('\u00A0', '.'), FieldCheck.Evaluate(field, culture).Text.Replace('\u00A0', '.').Replace('\u202F', '.'));

    [Theory]
    [InlineData("1234.5", "0", "1235")]
    [InlineData("1234.5", "#,##0.00", "1,234.50")]
    [InlineData("1234.5", "$#,##0.00", "$1,234.50")]
    [InlineData("-5", "0;(0)", "(5)")]
    [InlineData("0", "0;-0;'none'", "none")]
    [InlineData("5", "00", "05")]
    [InlineData("12345", "x##", "345")]
    [InlineData("7", "0 'pieces'", "7 pieces")]
    [InlineData("0.256", "0.0%", "0.3%")]
    [InlineData("5", "+0", "+5")]
    [InlineData("-5", "+0", "-5")]
    public void Numeric_pictures_print_as_Word_does(string number, string picture, string expected) => FieldCheck.Is($"{{ = {number} \\# \"{picture}\" }}", expected);

    [Theory]
    [InlineData("= 1994 \\* ROMAN", "MCMXCIV")]
    [InlineData("= 4 \\* roman", "iv")]
    [InlineData("= 2 \\* ALPHABETIC", "B")]
    [InlineData("= 28 \\* alphabetic", "bb")]
    [InlineData("= 21 \\* Ordinal", "21st")]
    [InlineData("= 21 \\* OrdText", "twenty-first")]
    [InlineData("= 121 \\* CardText", "one hundred twenty-one")]
    [InlineData("= 121 \\* CardText \\* Caps", "One Hundred Twenty-One")]
    [InlineData("= 9.20 \\* DollarText", "nine and 20/100")]
    [InlineData("= 255 \\* Hex", "FF")]
    [InlineData("= 14 \\* ArabicDash", "- 14 -")]
    [InlineData("= 0 \\* roman", "Error! Number cannot be represented in specified format.")]
    public void Number_styles_print_as_Word_does(string field, string expected) => FieldCheck.Is($"{{ {field} }}", expected);

    [Theory]
    [InlineData("d/M/yy", "7/3/80")]
    [InlineData("dd.MM.yyyy", "07.03.1980")]
    [InlineData("ddd, MMM d", "Fri, Mar 7")]
    [InlineData("dddd", "Friday")]
    [InlineData("'day' d", "day 7")]
    [InlineData("M", "3")]
    [InlineData("h:mm am/pm", "12:00 am")]
    [InlineData("HH:mm:ss", "00:00:00")]
    public void Date_pictures_print_as_Word_does(string picture, string expected) => FieldCheck.Is($"{{ MERGEFIELD born \\@ \"{picture}\" }}", expected);

    [Theory]
    [InlineData("{ IF 1 = 1 \"yes\" \"no\" }", "yes")]
    [InlineData("{ IF 1 = 2 \"yes\" }", "")]
    [InlineData("{ IF 10 > 9 \"yes\" \"no\" }", "yes")]
    [InlineData("{ IF a > B \"yes\" \"no\" }", "no")]
    [InlineData("{ IF \"Abc\" = \"abc\" \"yes\" \"no\" }", "no")]
    [InlineData("{ IF \"1.0\" = \"1\" \"yes\" \"no\" }", "yes")]
    [InlineData("{ IF { MERGEFIELD City } = \"Gr*\" \"yes\" \"no\" }", "yes")]
    [InlineData("{ IF { MERGEFIELD City } <> \"G?az\" \"yes\" \"no\" }", "no")]
    [InlineData("{ IF { MERGEFIELD blank } = \"\" \"empty\" \"full\" }", "empty")]
    [InlineData("{ IF { MERGEFIELD n } >= 1000 \"big { MERGEFIELD City }\" \"small\" }", "big Graz")]
    [InlineData("{ IF { IF 1 = 1 \"a\" \"b\" } = \"a\" \"in\" \"out\" }", "in")]
    [InlineData("{ IF 1 = 1 “smart” “no” }", "smart")]
    [InlineData("{ IF 1=1 \"tight\" \"no\" }", "tight")]
    [InlineData("{ IF 1 = 1 \"two¶lines\" \"no\" }", "two\nlines")]
    [InlineData("{ COMPARE { MERGEFIELD City } = \"Graz\" }", "1")]
    [InlineData("{ COMPARE { MERGEFIELD City } = \"Wien\" }", "0")]
    public void Conditions_compare_as_Word_does(string field, string expected) => FieldCheck.Is(field, expected);

    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("2 ^ 3 ^ 2", "64")]
    [InlineData("-2 ^ 2", "4")]
    [InlineData("10 / 4", "2.5")]
    [InlineData("10 / 0", "!Zero Divide")]
    [InlineData("50%", "0.5")]
    [InlineData("3 > 2", "1")]
    [InlineData("3 <> 3", "0")]
    [InlineData("SUM(1, 2, 3.5)", "6.5")]
    [InlineData("AVERAGE(1;2;3)", "2")]
    [InlineData("MAX(1,7,3) - MIN(4,2)", "5")]
    [InlineData("ROUND(2.345, 2)", "2.35")]
    [InlineData("ROUND(1234, -2)", "1200")]
    [InlineData("INT(5.67)", "5")]
    [InlineData("ABS(-5) + SIGN(-3)", "4")]
    [InlineData("MOD(10, 3)", "1")]
    [InlineData("AND(1, 0) + OR(1, 0) + NOT(0)", "2")]
    [InlineData("IF(1 > 0, 10, 20)", "10")]
    [InlineData("PRODUCT(2,3,4)", "24")]
    [InlineData("COUNT(5,6)", "2")]
    [InlineData("TRUE + FALSE", "1")]
    [InlineData("DEFINED(nothing)", "0")]
    [InlineData("1,234 + 1", "1235")]
    [InlineData("{ MERGEFIELD n } * 2", "2469.134")]
    [InlineData("1 +", "!Syntax Error")]
    [InlineData("FOO(1)", "!Syntax Error")]
    [InlineData("nobookmark + 1", "!Undefined Bookmark, NOBOOKMARK")]
    [InlineData("SUM(ABOVE)", "!The Formula Not In Table")]
    public void Formulas_calculate(string formula, string expected) => FieldCheck.Is($"{{ = {formula} }}", expected);

    [Theory]
    [InlineData("{ SET a \"x\" }{ REF a }", "x")]
    [InlineData("{ SET a { MERGEFIELD City } }{ a }", "Graz")]
    [InlineData("{ SET price 5 }{ = price * 2 }", "10")]
    [InlineData("{ REF nowhere }", "Error! Reference source not found.")]
    [InlineData("{ ASK who \"Who?\" \\d \"Dr. A\" }{ REF who }", "Dr. A")]
    [InlineData("{ FILLIN \"Room?\" \\d \"12\" }", "12")]
    [InlineData("{ QUOTE \"a { MERGEFIELD City }\" }", "a Graz")]
    [InlineData("{ SEQ t }{ SEQ t }{ SEQ other }{ SEQ t \\c }", "2")]
    [InlineData("{ SEQ t \\r 10 }{ SEQ t }", "11")]
    [InlineData("{ MERGEREC }", "17")]
    [InlineData("{ MERGESEQ }", "3")]
    [InlineData("{ DATE }", "11/23/2026")]
    [InlineData("{ TIME \\@ \"H:mm\" }", "9:05")]
    [InlineData("{ AUTHOR }", "Dr. A")]
    [InlineData("{ DOCPROPERTY dept }", "Eyes")]
    [InlineData("{ DOCPROPERTY nothing }", "Error! Unknown document property name.")]
    [InlineData("{ DOCVARIABLE v }", "variable")]
    [InlineData("{ GREETINGLINE \\f \"<<_BEFORE_ Dear >><<_TITLE0_ >><<_LAST0_>><<_AFTER_ ,>>\" \\e \"Dear all,\" }", "Dear Dr. Gruber,")]
    [InlineData("{ ADDRESSBLOCK \\f \"<<_FIRST0_ >><<_LAST0_>>¶<<_STREET1_>>¶<<_POSTAL_ >><<_CITY_>>¶<<_COUNTRY_>>\" }", "Ana Gruber\nHauptstrasse 1\n8010 Graz\nAustria")]
    public void Other_fields_print_what_they_stand_for(string field, string expected) => FieldCheck.Is(field, expected);

    [Fact]
    public void Answers_given_take_the_place_of_defaults()
        => FieldCheck.Is("{ ASK who \"Who?\" \\d \"Dr. A\" }{ REF who }", "Dr. B", scope: FieldCheck.Scope(parameters: new Dictionary<string, string> { ["who"] = "Dr. B" }));

    [Theory]
    [InlineData("{ MERGEFIELD nothere }", "nothere")]
    [InlineData("{ IF { MERGEFIELD nothere } = 1 \"a\" \"b\" }", "nothere")]
    [InlineData("{ = { MERGEFIELD nothere } + 1 }", "nothere")]
    public void A_missing_field_is_named(string field, string expected) => Assert.Equal(expected, FieldCheck.Evaluate(field).MissingField);

    [Theory]
    [InlineData("PAGE", FieldKind.Live)]
    [InlineData("NUMPAGES \\* roman", FieldKind.Live)]
    [InlineData("TOC \\o \"1-3\"", FieldKind.Live)]
    [InlineData("HYPERLINK \"http://x\"", FieldKind.Live)]
    [InlineData("INCLUDETEXT \"c:\\\\x.docx\"", FieldKind.NeverFetched)]
    [InlineData("DDEAUTO excel x", FieldKind.NeverFetched)]
    [InlineData("DATABASE \\d x", FieldKind.NeverFetched)]
    [InlineData("FORMTEXT", FieldKind.FormField)]
    [InlineData("MERGEFIELD x", FieldKind.Computed)]
    [InlineData("MERGEFIELD TableStart:Visits", FieldKind.Region)]
    [InlineData("DISPLAYBARCODE \"x\" QR", FieldKind.Barcode)]
    [InlineData("INCLUDEPICTURE \"x.png\"", FieldKind.Picture)]
    [InlineData("MERGEFEILD x", FieldKind.Unknown)]
    public void Each_field_has_its_kind(string instruction, object kind) => Assert.Equal(kind, FieldCheck.One($"{{ {instruction} }}").Kind);

    [Fact]
    public void A_misspelt_field_is_told_its_near_name()
        => Assert.Contains("MERGEFIELD", FieldCheck.One("{ MERGEFEILD x }").Problem!.Advice, StringComparison.Ordinal);

    [Fact]
    public void No_instruction_whatever_is_in_it_throws()
    {
        string[] seeds = ["{ MERGEFIELD Name \\b \"(\" \\f \")\" \\* Upper }", "{ IF { MERGEFIELD n } >= 10 \"a { = n ^ 2 }\" \"b\" }", "{ = SUM(A1:B3, ABOVE) * ROUND(2.5, 1) % \\# \"#,##0.00;(0);'x'\" }",
            "{ MERGEFIELD born \\@ \"d. MMMM yyyy 'at' h:mm am/pm\" }", "{ ADDRESSBLOCK \\f \"<<_FIRST0_>><<, _STATE_>>\" \\c 2 \\e \"Austria\" }", "{ SET a { QUOTE \"x\" } }{ a }{ SEQ x \\r 3 \\* ROMAN }{ DISPLAYBARCODE \"12\" EAN13 \\h 1000 }"];
        const string pieces = "{}\"\\\"“”*#@¶0123456789<>=;:,.()^%'`ABCn \u00A0\uD83D";
        var evaluated = 0;
        for (var round = 0; round < 30_000; round++)
        {
            var random = new Random(round);
            var text = new System.Text.StringBuilder(seeds[random.Next(seeds.Length)]);
            for (var n = random.Next(1, 7); n > 0 && text.Length > 0; n--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Remove(at, Math.Min(text.Length - at, random.Next(6))),
                    1 => text.Insert(at, pieces[random.Next(pieces.Length)]),
                    _ => text.Insert(at, text.ToString(at, Math.Min(text.Length - at, random.Next(12)))),
                };
            }

            try
            {
                evaluated += FieldCheck.Evaluate(text.ToString(), round % 2 == 0 ? "en-US" : "de-AT").Text.Length;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"Round {round}: {text}\n{e}");
            }
        }

        Assert.True(evaluated > 0);
    }
}
