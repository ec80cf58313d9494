using ClinicFlow.Documents.Tags.Formatters;
using Xunit;

namespace ClinicFlow.Documents.Tests.Tags;

/// <summary>What each formatter prints, in several cultures. In the data a text "@date …" stands for a date.</summary>
public class FormatterTests
{
    [Theory]
    // date
    [InlineData("x | date", "\"2026-02-01\"", "en-US", "2/1/2026")]
    [InlineData("x | date", "\"2026-02-01\"", "de-AT", "01.02.2026")]
    [InlineData("x | date", "\"2026-02-01\"", "fr-FR", "01/02/2026")]
    [InlineData("x | date:\"d MMMM yyyy\"", "\"2026-03-01\"", "en-GB", "1 March 2026")]
    [InlineData("x | date:\"d. MMMM yyyy\"", "\"2026-03-01\"", "de-DE", "1. März 2026")]
    [InlineData("x | date:\"d MMMM yyyy\"", "\"2026-03-01\"", "pl-PL", "1 marca 2026")]
    [InlineData("x | date:\"dd.MM.yyyy HH:mm\"", "\"2026-03-01T14:05:00Z\"", "en-US", "01.03.2026 14:05")]
    [InlineData("x | date:\"h:mm AM/PM\"", "\"2026-03-01 14:05\"", "en-US", "2:05 PM")]
    [InlineData("x | date:dd.mm.yyyy", "\"2026-03-01\"", "en-US", "01.03.2026")]
    [InlineData("x | date:\"TT.MM.JJJJ\"", "\"2026-03-01\"", "de-DE", "01.03.2026")]
    [InlineData("x | date:\"DD/MM/YYYY\"", "\"2026-03-01\"", "en-GB", "01/03/2026")]
    [InlineData("x | date:iso", "\"01.03.2026\"", "de-DE", "2026-03-01")]
    [InlineData("x | date:long", "\"2026-03-01\"", "de-DE", "Sonntag, 1. März 2026")]
    [InlineData("x | date:D", "\"2026-03-01\"", "en-US", "Sunday, March 1, 2026")]
    [InlineData("x | date:\"dddd 'den' d.\"", "\"2026-03-01\"", "de-DE", "Sonntag den 1.")]
    [InlineData("x | date:iso", "\"3/1/2026\"", "en-US", "2026-03-01")]
    [InlineData("x | date:iso", "\"3/1/2026\"", "en-GB", "2026-01-03")]
    [InlineData("x | date:iso", "\"1. März 2026\"", "de-DE", "2026-03-01")]
    [InlineData("x | date:iso", "\"1 March 2026\"", "de-DE", "2026-03-01")]
    [InlineData("x | date:iso", "\"20260301\"", "de-DE", "2026-03-01")]
    [InlineData("x | date:iso", "\"@date 2026-03-01\"", "de-DE", "2026-03-01")]
    [InlineData("x | date:iso", "\"31.02.2026\"", "de-DE", "(expected a date)")]
    [InlineData("x | date:iso", "\"13.05.52\"", "de-DE", "(expected a date)")]
    [InlineData("x | date:iso", "12.5", "de-DE", "(expected a date)")]
    [InlineData("x | date:iso", "[1]", "de-DE", "(expected a date)")]
    [InlineData("x | date:iso", "\" \"", "de-DE", "")]
    [InlineData("x | date", "\"1850-01-01\"", "ar-SA", "01/01/1850")]
    // time
    [InlineData("x | time", "\"14:05\"", "de-DE", "14:05")]
    [InlineData("x | time", "\"14:05\"", "en-US", "2:05 PM")]
    [InlineData("x | time", "\"@date 2026-03-01T14:05:09\"", "fr-FR", "14:05")]
    [InlineData("x | time:\"HH:mm:ss\"", "\"2:05:09 pm\"", "fr-FR", "14:05:09")]
    [InlineData("x | time:\"mm\"", "\"14:05\"", "fr-FR", "05")]
    [InlineData("x | time", "\"soon\"", "fr-FR", "(expected a time)")]
    [InlineData("x | time", "\"25:00\"", "fr-FR", "(expected a time)")]
    // age: the job's date is 15 March 2026
    [InlineData("x | age", "\"1980-03-15\"", "en-US", "46")]
    [InlineData("x | age", "\"16.03.1980\"", "de-AT", "45")]
    [InlineData("x | age", "\"15/03/1980\"", "fr-FR", "46")]
    [InlineData("x | age", "\"2024-02-29\"", "en-US", "2")]
    [InlineData("x | age:months", "\"2025-12-16\"", "en-US", "2")]
    [InlineData("x | age:weeks", "\"2026-03-01\"", "en-US", "2")]
    [InlineData("x | age:days", "\"2026-03-01\"", "en-US", "14")]
    [InlineData("x | age", "\"2026-03-16\"", "en-US", "(expected a date that is not in the future)")]
    [InlineData("x | age", "\"old\"", "en-US", "(expected a date)")]
    // number
    [InlineData("x | number", "1234567.5", "en-US", "1,234,567.5")]
    [InlineData("x | number", "1234567.5", "de-DE", "1.234.567,5")]
    [InlineData("x | number", "1234567.5", "fr-FR", "1 234 567,5")]
    [InlineData("x | number", "1234567.5", "hi-IN", "12,34,567.5")]
    [InlineData("x | number:2", "1.005", "de-DE", "1,01")]
    [InlineData("x | number:\"#,##0.00\"", "1234.5", "de-AT", "1 234,50")]
    [InlineData("x | number:\"#,#\"", "1234.5", "de-DE", "1.235")]
    [InlineData("x | number:\"0.00 'a,b'\"", "1.5", "de-DE", "1,50 a,b")]
    [InlineData("x | number:\"#,##0.00;-#,##0.00\"", "-1234.5", "de-DE", "-1.234,50")]
    [InlineData("x | number:\"000\"", "7", "en-US", "007")]
    [InlineData("x | number:N0", "1234.5", "en-US", "1,235")]
    [InlineData("x | number:\"0.0;(0.0);none\"", "-3", "en-US", "(3.0)")]
    [InlineData("x | number", "\"1.234,5\"", "de-DE", "1.234,5")]
    [InlineData("x | number", "\"1234.5\"", "de-DE", "1.234,5")]
    [InlineData("x | number", "\"1,234.5\"", "en-US", "1,234.5")]
    [InlineData("x | number", "\"1,5\"", "en-US", "(expected a number)")]
    [InlineData("x | number", "\"1 234,5\"", "fr-FR", "1 234,5")]
    [InlineData("x | number", "\"1’234.5\"", "de-CH", "1’234.5")]
    [InlineData("x | number", "\"–5\"", "en-US", "-5")]
    [InlineData("x | number", "\"n/a\"", "en-US", "(expected a number)")]
    [InlineData("x | number", "\"12.02.2026\"", "de-DE", "(expected a number)")]
    [InlineData("x | number", "null", "en-US", "")]
    [InlineData("x | number", "true", "en-US", "(expected a number)")]
    // currency
    [InlineData("x | currency:\"EUR\"", "1234.5", "de-DE", "1.234,50 €")]
    [InlineData("x | currency:EUR", "1234.5", "en-US", "€1,234.50")]
    [InlineData("x | currency:EUR", "1234.5", "fr-FR", "1 234,50 €")]
    [InlineData("x | currency:CHF", "1234.5", "en-US", "CHF 1,234.50")]
    [InlineData("x | currency:CHF", "-1234.5", "en-US", "-CHF 1,234.50")]
    [InlineData("x | currency:JPY", "1234.5", "en-US", "¥1,235")]
    [InlineData("x | currency:KWD", "1.5", "de-DE", "1,500 KWD")]
    [InlineData("x | currency:\"€\"", "1", "de-DE", "1,00 €")]
    [InlineData("x | currency:EUR,0", "1234.5", "de-DE", "1.235 €")]
    [InlineData("x | currency", "1234.5", "en-GB", "£1,234.50")]
    [InlineData("x | currency:EUR", "\"free\"", "en-GB", "(expected a number)")]
    // percent, round, abs
    [InlineData("x | percent", "0.25", "en-US", "25%")]
    [InlineData("x | percent", "0.25", "de-DE", "25 %")]
    [InlineData("x | percent", "0.125", "fr-FR", "12,5 %")]
    [InlineData("x | percent:1", "0.25", "de-AT", "25,0 %")]
    [InlineData("x | round", "2.5", "en-US", "3")]
    [InlineData("x | round:1", "-2.25", "de-DE", "-2,3")]
    [InlineData("x | round:2", "\"2,345\"", "fr-FR", "2,35")]
    [InlineData("x | abs", "-2.5", "de-DE", "2,5")]
    [InlineData("x | abs", "\"-2.5\"", "en-US", "2.5")]
    [InlineData("x | abs", "-2.5", "fr-FR", "2,5")]
    // ordinal, words
    [InlineData("x | ordinal", "3", "en-US", "3rd")]
    [InlineData("x | ordinal", "3", "de-DE", "3.")]
    [InlineData("x | ordinal", "1", "fr-FR", "1er")]
    [InlineData("x | ordinal:words", "3", "en-US", "third")]
    [InlineData("x | ordinal", "2.5", "en-US", "(expected a whole number)")]
    [InlineData("x | words", "21", "en-US", "twenty-one")]
    [InlineData("x | words", "21", "de-AT", "einundzwanzig")]
    [InlineData("x | words", "21", "fr-FR", "vingt et un")]
    [InlineData("x | words", "-12", "es-ES", "menos doce")]
    [InlineData("x | words", "1000000", "it-IT", "un milione")]
    [InlineData("x | words", "21", "eu-ES", "(expected a number in a language whose number words are known)")]
    [InlineData("x | words", "999999999999", "de-DE", "neunhundertneunundneunzig Milliarden neunhundertneunundneunzig Millionen neunhundertneunundneunzigtausendneunhundertneunundneunzig")]
    [InlineData("x | words", "1.5", "fr-FR", "(expected a whole number)")]
    // letters
    [InlineData("x | upper", "\"müller i\"", "de-DE", "MÜLLER I")]
    [InlineData("x | upper", "\"istanbul\"", "tr-TR", "İSTANBUL")]
    [InlineData("x | upper", "true", "en-US", "TRUE")]
    [InlineData("x | lower", "\"ANNA\"", "en-US", "anna")]
    [InlineData("x | lower", "\"IĞDIR\"", "tr-TR", "ığdır")]
    [InlineData("x | lower", "\"ÄRZTIN\"", "de-DE", "ärztin")]
    [InlineData("x | title", "\"ANNA-MARIE von huber\"", "de-DE", "Anna-Marie Von Huber")]
    [InlineData("x | title", "\"jean dupont\"", "fr-FR", "Jean Dupont")]
    [InlineData("x | title", "\"izmir\"", "tr-TR", "İzmir")]
    [InlineData("x | trim", "\" a b \"", "en-US", "a b")]
    [InlineData("x | trim | upper", "\" ä \"", "de-DE", "Ä")]
    [InlineData("x | trim", "1.5", "fr-FR", "1,5")]
    [InlineData("x | upper", "[1]", "fr-FR", "(expected a single value)")]
    [InlineData("x | replace:\"/\",\"-\"", "\"a/b/c\"", "en-US", "a-b-c")]
    [InlineData("x | replace:\".\",\"\"", "1234.5", "de-DE", "1234,5")]
    [InlineData("x | replace:',',';'", "1234.5", "fr-FR", "1234;5")]
    [InlineData("x | truncate:5", "\"abcdefg\"", "en-US", "abcd…")]
    [InlineData("x | truncate:5,\"...\"", "\"abcdefg\"", "de-DE", "ab...")]
    [InlineData("x | truncate:3,\"\"", "\"a👨‍👩‍👧bc\"", "fr-FR", "a👨‍👩‍👧b")]
    [InlineData("x | truncate:7", "\"abcdefg\"", "en-US", "abcdefg")]
    [InlineData("x | pad:8", "1234", "en-US", "00001234")]
    [InlineData("x | pad:6,\" \"", "1.5", "de-DE", "   1,5")]
    [InlineData("x | pad:6,\".\",right", "1.5", "fr-FR", "1,5...")]
    [InlineData("x | mask:\"#### ######\"", "\"1234010180\"", "de-AT", "1234 010180")]
    [InlineData("x | mask:\"(###) ###-####\"", "2125550100", "en-US", "(212) 555-0100")]
    [InlineData("x | mask:\"****##\"", "\"12-34-56\"", "fr-FR", "****56")]
    [InlineData("x | mask:\"##\"", "\"123\"", "fr-FR", "(expected 2 letters or digits)")]
    [InlineData("x | initials", "\"Anna-Maria huber\"", "de-DE", "AMH")]
    [InlineData("x | initials:\".\"", "\"ian smith\"", "en-US", "I.S.")]
    [InlineData("x | initials:\". \"", "\"ibrahim şahin\"", "tr-TR", "İ. Ş.")]
    // phone
    [InlineData("x | phone", "\"+43 1 5880021\"", "de-AT", "01 5880021")]
    [InlineData("x | phone", "\"+4315880021\"", "en-US", "+43 1 5880021")]
    [InlineData("x | phone:AT", "\"015880021\"", "en-US", "01 5880021")]
    [InlineData("x | phone", "\"2125550100\"", "en-US", "(212) 555-0100")]
    [InlineData("x | phone", "2125550100", "en-US", "(212) 555-0100")]
    [InlineData("x | phone:FR,international", "\"01 42 68 53 00\"", "fr-FR", "+33 1 42 68 53 00")]
    [InlineData("x | phone:AT:e164", "\"01/5880021\"", "de-DE", "+4315880021")]
    [InlineData("x | phone", "\"see relative\"", "de-DE", "(expected a telephone number)")]
    // default, map, yesno
    [InlineData("x | default:\"-\"", "null", "en-US", "-")]
    [InlineData("x | default:„keine“", "\"  \"", "de-DE", "keine")]
    [InlineData("x | default:\"-\"", "0", "fr-FR", "0")]
    [InlineData("y | default:\"none\" | upper", "1", "en-US", "NONE")]
    [InlineData("x | map:\"m=male;f=female\"", "\"F\"", "en-US", "female")]
    [InlineData("x | map:\"m=male;f=female\"", "\"d\"", "de-DE", "d")]
    [InlineData("x | map:\"m=Mann;*=divers;=keine Angabe\"", "\"d\"", "de-DE", "divers")]
    [InlineData("x | map:\"m=Mann;*=divers;=keine Angabe\"", "null", "fr-FR", "keine Angabe")]
    [InlineData("x | map:\"1=one;2=two\"", "2", "en-US", "two")]
    [InlineData("x | map:\"true=on;false=off\"", "false", "en-US", "off")]
    [InlineData("x | map:\"a=b\"", "[\"a\"]", "en-US", "(expected a single value)")]
    [InlineData("x | yesno:\"Yes;No\"", "true", "en-US", "Yes")]
    [InlineData("x | yesno:\"Yes;No\"", "\"nein\"", "de-DE", "No")]
    [InlineData("x | yesno:\"Yes;No;unknown\"", "\"\"", "fr-FR", "unknown")]
    [InlineData("x | yesno", "1", "de-AT", "ja")]
    [InlineData("x | yesno", "\"x\"", "fr-FR", "oui")]
    [InlineData("x | yesno", "false", "en-US", "no")]
    [InlineData("x | yesno", "\"perhaps\"", "en-US", "(expected yes or no)")]
    // lists
    [InlineData("x | join:\", \"", "[\"a\",\"\",\"b\"]", "en-US", "a, b")]
    [InlineData("x | join:\"; \"", "[1.5,2]", "de-DE", "1,5; 2")]
    [InlineData("x | join:\", \",\"n\"", "[{\"n\":\"a\"},{\"n\":\"b\"},{\"m\":1}]", "en-US", "a, b")]
    [InlineData("x | join:\", \",\"\",\" et \"", "[\"a\",\"b\",\"c\"]", "fr-FR", "a, b et c")]
    [InlineData("x | join:\", \"", "\"alone\"", "en-US", "alone")]
    [InlineData("x | join:\", \"", "[[1]]", "en-US", "(expected a list of single values)")]
    [InlineData("x | first", "[3,4]", "en-US", "3")]
    [InlineData("x | first:2 | join:\"-\"", "[3,4,5]", "en-US", "3-4")]
    [InlineData("x | first", "\"abc\"", "de-DE", "a")]
    [InlineData("x | last", "[3,4.5]", "fr-FR", "4,5")]
    [InlineData("x | last:2", "\"abc\"", "de-DE", "bc")]
    [InlineData("x | first | upper", "[]", "de-DE", "")]
    [InlineData("x | count", "[3,4]", "en-US", "2")]
    [InlineData("x | count", "null", "de-DE", "0")]
    [InlineData("x | count", "\"abc\"", "fr-FR", "(expected a list)")]
    [InlineData("x | sum", "[1.5,\"2.5\",null]", "en-US", "4.0")]
    [InlineData("x | sum:amount | number:2", "[{\"amount\":\"1,5\"},{\"amount\":2}]", "de-DE", "3,50")]
    [InlineData("x | sum", "[\"a\"]", "fr-FR", "(expected a list of numbers)")]
    [InlineData("x | sum", "[79228162514264337593543950335,1]", "fr-FR", "(expected a list of numbers)")]
    // culture, for the chain wherever it stands
    [InlineData("x | culture:\"de-AT\" | date:\"d. MMMM yyyy\"", "\"2026-01-02\"", "en-US", "2. Jänner 2026")]
    [InlineData("x | number:2 | culture:de-DE", "1234.5", "en-US", "1.234,50")]
    [InlineData("x | culture:de-DE", "1.5", "en-US", "1,5")]
    [InlineData("x | upper | culture:tr-TR", "\"i\"", "en-US", "İ")]
    public void Print_a_value(string tag, string value, string culture, string expected)
        => Assert.Equal(expected, TagCheck.Print(tag, $$"""{"x":{{value}}}""", culture));

    [Fact]
    public void A_date_prints_with_the_months_of_the_culture()
        => Assert.Equal("Jänner", TagCheck.Print("x | date:\"MMMM\"", """{"x":"2026-01-02"}""", "de-AT"));

    [Fact]
    public void Chained_replacing_cannot_fill_the_memory()
    {
        var grow = string.Concat(Enumerable.Repeat(" | replace:\"a\",\"aaaaaaaaaaaaaaaaaaaa\"", 30));

        Assert.Equal("(expected a shorter text)", TagCheck.Print("x" + grow, """{"x":"a"}"""));
    }

    [Fact]
    public void Every_formatter_bears_its_own_example_and_any_value()
    {
        string[] values = ["null", "\"\"", "\" \"", "\"text\"", "79228162514264337593543950335", "-79228162514264337593543950335", "0.0000000000000000000000000001", "true",
            "\"0001-01-01\"", "\"9999-12-31T23:59:59.9999999\"", "\"@date 9999-12-31\"", "[]", "[null]", "[[[]]]", "[{}]", "{}", "{\"a\":1}", "\"@half\"", "\"0\\u0301\""];
        foreach (var kind in FormatterTable.All)
        {
            var examples = kind.Example.Split(" or ");
            foreach (var example in examples)
            {
                foreach (var value in values)
                {
                    foreach (var culture in new[] { "", "en-US", "de-AT", "ar-SA", "th-TH", "fa-IR" })
                    {
                        var printed = TagCheck.Print($"x | {example}", $$"""{"x":{{value}}}""", culture);
                        Assert.InRange(printed.Length, 0, 2_000);
                    }
                }
            }
        }
    }
}
