using ClinicFlow.Documents.Tags;
using Xunit;

namespace ClinicFlow.Documents.Tests.Tags;

/// <summary>What holds and what does not.</summary>
public class ConditionTests
{
    private const string Record = """
        {"yes":true,"no":false,"zero":0,"zeroText":"0","falseText":"False","empty":"","none":null,"list":[],"items":["a","B",3],
         "n":5,"t":"5.0","name":"Huber","city":"Wien","date":"2026-03-01","born":"@date 1980-03-15","codes":"A1; B2","flag":"no","group":{"a":1},
         "order":7,"First Name":"Anna"}
        """;

    [Theory]
    [InlineData("yes", true)]
    [InlineData("no", false)]
    [InlineData("zero", false)]
    [InlineData("zeroText", false)]
    [InlineData("falseText", false)]
    [InlineData("empty", false)]
    [InlineData("none", false)]
    [InlineData("absent", false)]
    [InlineData("absent.deeper", false)]
    [InlineData("list", false)]
    [InlineData("items", true)]
    [InlineData("group", true)]
    [InlineData("not absent", true)]
    [InlineData("NOT yes", false)]
    [InlineData("!yes", false)]
    [InlineData("! no && yes", true)]
    [InlineData("yes and no", false)]
    [InlineData("yes or no and no", true)]
    [InlineData("(yes or no) and no", false)]
    [InlineData("yes || no", true)]
    [InlineData("not (yes and no)", true)]
    [InlineData("not not yes", true)]
    [InlineData("n = 5", true)]
    [InlineData("n == t", true)]
    [InlineData("n=5", true)]
    [InlineData("n != 5", false)]
    [InlineData("n <> 6", true)]
    [InlineData("n ≠ 6", true)]
    [InlineData("n < 10", true)]
    [InlineData("n > 10", false)]
    [InlineData("n <= 5 and n >= 5", true)]
    [InlineData("n ≤ 5", true)]
    [InlineData("t < 10", true)]
    [InlineData("n > -1", true)]
    [InlineData("n > –1", true)]
    [InlineData("name = \"huber\"", true)]
    [InlineData("name = “HUBER”", true)]
    [InlineData("name = 'Huber'", true)]
    [InlineData("name != \"Maier\"", true)]
    [InlineData("name < \"maier\"", true)]
    [InlineData("name < 5", false)]
    [InlineData("name >= 5", false)]
    [InlineData("empty = \"\"", true)]
    [InlineData("absent = \"\"", true)]
    [InlineData("none = null", true)]
    [InlineData("absent < 5", false)]
    [InlineData("absent != 5", true)]
    [InlineData("yes = true", true)]
    [InlineData("no = false", true)]
    [InlineData("flag = false", true)]
    [InlineData("yes = 1", true)]
    [InlineData("date = \"01.03.2026\"", true)]
    [InlineData("date > born", true)]
    [InlineData("date < @today", true)]
    [InlineData("born < \"1980-03-16\"", true)]
    [InlineData("date >= \"2026-03-02\"", false)]
    [InlineData("items contains \"b\"", true)]
    [InlineData("items contains 3", true)]
    [InlineData("items contains \"c\"", false)]
    [InlineData("name contains \"UB\"", true)]
    [InlineData("name not contains \"x\"", true)]
    [InlineData("absent contains \"x\"", false)]
    [InlineData("name contains \"\"", false)]
    [InlineData("\"a\" in items", true)]
    [InlineData("city in (\"Graz\", \"wien\")", true)]
    [InlineData("city not in (\"Graz\", \"Linz\")", true)]
    [InlineData("n in (1, 5)", true)]
    [InlineData("not(yes)", false)]
    [InlineData("\"B\" in (name | first:1, city, \"b\")", true)]
    [InlineData("name | replace:\"H\",\"K\" = \"kuber\"", true)]
    [InlineData("city in (\"Graz\"; \"Wien\")", true)]
    [InlineData("\"b2\" in codes", true)]
    [InlineData("\"b\" in codes", false)]
    [InlineData("items | count > 2", true)]
    [InlineData("born | age >= 46", true)]
    [InlineData("name | upper | first = \"H\"", true)]
    [InlineData("name | number > 5", false)]
    [InlineData("items = \"a\"", false)]
    [InlineData("order = 7", true)]
    [InlineData("First Name = \"anna\"", true)]
    [InlineData("first_name and yes", true)]
    public void Hold_or_not(string condition, bool expected)
        => Assert.Equal(expected, TagCheck.Parse<Tag.If>($"#if {condition}").Condition.Holds(TagCheck.Record(Record), TagCheck.Context("de-AT")));

    [Theory]
    [InlineData("1,5", "1.5", "de-DE", true)]
    [InlineData("1,5", "1.5", "en-US", false)]
    [InlineData("3/4/2026", "2026-03-04", "en-US", true)]
    [InlineData("3/4/2026", "2026-04-03", "en-GB", true)]
    [InlineData("3/4/2026", "2026-04-03", "fr-FR", true)]
    public void Texts_are_read_in_the_documents_culture(string a, string b, string culture, bool expected)
        => Assert.Equal(expected, TagCheck.Parse<Tag.If>("#if a = b").Condition.Holds(TagCheck.Record($$"""{"a":"{{a}}","b":"{{b}}"}"""), TagCheck.Context(culture)));

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"x\"", true)]
    [InlineData("\"Ja\"", true)]
    [InlineData("\"signed on paper\"", true)]
    [InlineData("\"no\"", false)]
    [InlineData("\"NEIN\"", false)]
    [InlineData("\"\"", false)]
    [InlineData("null", false)]
    public void A_consent_that_says_no_is_not_ticked(string consent, bool expected)
    {
        var record = TagCheck.Record($$"""{"consent":{{consent}}}""");

        Assert.Equal(expected, TagCheck.Parse<Tag.Checkbox>("checkbox consent").Condition.Holds(record, TagCheck.Context("en-US")));
        Assert.Equal(!expected, TagCheck.Parse<Tag.Checkbox>("checkbox not consent").Condition.Holds(record, TagCheck.Context("en-US")));
    }

    [Fact]
    public void All_paths_are_known()
    {
        var each = TagCheck.Parse<Tag.Each>("#each visits where a.b = c or d in (e, \"f\") and not g order by h desc, this.i");

        Assert.Equal(["a.b", "c", "d", "e", "g"], each.Where!.Paths.Select(path => path.ToString()));
        Assert.Equal(["h", "this.i"], each.OrderBy!.Paths.Select(path => path.ToString()));
        Assert.Equal(["visits"], each.List.Paths.Select(path => path.ToString()));
    }
}
