using System.Globalization;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Tags;
using Xunit;

namespace ClinicFlow.Documents.Tests.Tags;

/// <summary>What expressions read, print and say of themselves; sorting and near names.</summary>
public class ExpressionTests
{
    private const string Record = """
        {"clinic":"North","patient":{"name":"Anna","address":null},"visits":[{"no":1,"name":"inner"},{"no":2}],"First Name":"Eva","a.b":"flat","Tel. (home)":"1234"}
        """;

    [Theory]
    [InlineData("patient.name", "Anna")]
    [InlineData("PATIENT.Name", "Anna")]
    [InlineData("First Name", "Eva")]
    [InlineData("first_name", "Eva")]
    [InlineData("a.b", "flat")]
    [InlineData("[first name]", "Eva")]
    [InlineData("[Tel. (home)]", "1234")]
    [InlineData("visits.1.no", "1")]
    [InlineData("patient.address.city", "")]
    [InlineData("patient.phone", "(missing patient.phone)")]
    [InlineData("phone | upper", "(missing phone)")]
    [InlineData("phone | default:\"-\"", "-")]
    [InlineData("phone | upper | default:\"-\"", "-")]
    [InlineData("visits.3.no", "(missing visits.3.no)")]
    [InlineData("patient", "(expected a single value)")]
    [InlineData("visits", "(expected a single value)")]
    [InlineData("true", "true")]
    [InlineData("12.50", "12.50")]
    [InlineData("-3", "-3")]
    [InlineData("null", "")]
    [InlineData("@today | date:iso", "2026-03-15")]
    [InlineData("@Now | time:\"HH:mm\"", "09:30")]
    public void Read_a_record(string tag, string expected) => Assert.Equal(expected, TagCheck.Print(tag, Record));

    [Theory]
    [InlineData("name", "inner")]
    [InlineData("this.name", "inner")]
    [InlineData("../patient.name", "Anna")]
    [InlineData("clinic", "North")]
    [InlineData("@root.clinic", "North")]
    [InlineData("@root.name | default:\"-\"", "-")]
    [InlineData("@index", "1")]
    [InlineData("@count", "2")]
    [InlineData("@first", "true")]
    [InlineData("@last", "false")]
    public void Read_an_item_of_a_list(string tag, string expected)
    {
        var outer = TagCheck.Record(Record);
        outer.Current.Group.TryGet("visits", out var visits);

        Assert.Equal(expected, TagCheck.Print(tag, new Scope(visits.List[0], outer) { Index = 1, Count = 2 }));
    }

    [Theory]
    [InlineData("en-US", "1234.50", "2/1/2026", "2/1/2026 2:05 PM")]
    [InlineData("de-AT", "1234,50", "01.02.2026", "01.02.2026 14:05")]
    [InlineData("fr-FR", "1234,50", "01/02/2026", "01/02/2026 14:05")]
    public void Values_print_in_the_culture(string culture, string number, string date, string time)
    {
        const string Data = """{"n":1234.50,"d":"@date 2026-02-01","t":"@date 2026-02-01T14:05:00"}""";

        Assert.Equal(number, TagCheck.Print("n", Data, culture));
        Assert.Equal(date, TagCheck.Print("d", Data, culture));
        Assert.Equal(time, TagCheck.Print("t", Data, culture));
    }

    [Fact]
    public void What_a_source_shows_is_printed_and_its_value_formatted()
    {
        var scope = new Scope(MergeValue.From(new MergeObject([KeyValuePair.Create("id", MergeValue.From(7m, "007"))])));

        Assert.Equal("007", TagCheck.Print("id", scope));
        Assert.Equal("7.0", TagCheck.Print("id | number:\"0.0\"", scope));
        Assert.Equal("007!", TagCheck.Print("id | pad:4,\"!\",right", scope));
    }

    [Theory]
    [InlineData("x", FieldType.Text, false)]
    [InlineData("x | date", FieldType.Date, false)]
    [InlineData("x | default:\"-\" | currency:EUR", FieldType.Number, true)]
    [InlineData("x | yesno", FieldType.Boolean, false)]
    [InlineData("x | join:\",\"", FieldType.List, false)]
    public void Say_what_the_field_probably_is(string tag, FieldType type, bool isOptional)
    {
        var expression = TagCheck.Parse<Tag.Value>(tag).Expression;

        Assert.Equal(type, expression.Type);
        Assert.Equal(isOptional, expression.IsOptional);
        Assert.Equal("x", expression.Source);
        Assert.Equal(tag == "x", expression.Path is not null);
    }

    [Fact]
    public void A_name_from_elsewhere_may_hold_any_character()
    {
        var expression = Expression.OfName("Größe (cm)");
        var scope = TagCheck.Record("""{"Größe (cm)":180}""");

        Assert.Equal(180, expression.Evaluate(scope, TagCheck.Context("de-AT")).Value.Number);
        Assert.Equal("Größe (cm)", expression.Source);
        Assert.NotNull(expression.Path);
    }

    [Fact]
    public void A_plain_path_allocates_nothing()
    {
        var expression = TagCheck.Parse<Tag.Value>("patient.name").Expression;
        var scope = TagCheck.Record(Record);
        var context = TagCheck.Context("de-AT");
        expression.Evaluate(scope, context);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            expression.Evaluate(scope, context);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("this", "[\"10\",\"9\",\"\",\"1.5\"]", "1.5 9 10 _")]
    [InlineData("this desc", "[\"10\",\"9\",null,\"1.5\"]", "10 9 1.5 _")]
    [InlineData("this", "[\"10\",\"9\",\"x\"]", "10 9 x")]
    [InlineData("this", "[\"02.01.2026\",\"01.02.2026\",\"2025-12-31\"]", "2025-12-31 02.01.2026 01.02.2026")]
    [InlineData("this", "[\"Zebra\",\"äpfel\",\"Birne\",\"apfel\"]", "apfel äpfel Birne Zebra")]
    [InlineData("this | lower | first", "[\"b1\",\"B0\",\"a2\",\"A1\"]", "a2 A1 b1 B0")]
    [InlineData("this | truncate:1,\"\" desc, this", "[\"b1\",\"b0\",\"a2\",\"c1\"]", "c1 b0 b1 a2")]
    [InlineData("absent", "[\"b\",\"a\"]", "b a")]
    public void Lists_are_sorted_by_what_their_values_are(string order, string list, string expected)
    {
        var each = TagCheck.Parse<Tag.Each>($"#each x order by {order}");
        var sorted = each.OrderBy!.Sort(TagCheck.Value(list).List, TagCheck.Record("{}"), TagCheck.Context("de-AT"));

        Assert.Equal(expected, string.Join(' ', sorted.Select(value => value.IsEmpty ? "_" : value.Text)));
    }

    [Theory]
    [InlineData("frist_name", "First Name")]
    [InlineData("birthdat", "birthdate")]
    [InlineData("BIRTHDATE", "birthdate")]
    [InlineData("mrm", "mrn")]
    [InlineData("mr", "mrn")]
    [InlineData("zzz", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void The_nearest_name_is_found(string name, string? expected)
        => Assert.Equal(expected, DidYouMean.Find(name, ["First Name", "birthdate", "mrn", "insurance number"]));

    [Fact]
    public void A_name_without_bounds_is_not_searched_for() => Assert.Null(DidYouMean.Find(new string('a', 100_000), [new string('a', 100_001)]));

    [Fact]
    public void A_list_prints_nothing_only_when_it_is_empty()
    {
        Assert.Equal("", ValueText.Print(TagCheck.Value("[]"), CultureInfo.InvariantCulture).Value.Text);
        Assert.Equal("a single value", ValueText.Print(TagCheck.Value("[1]"), CultureInfo.InvariantCulture).Expected);
    }
}
