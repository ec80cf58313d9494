using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Tags;
using Xunit;

namespace ClinicFlow.Documents.Tests.Tags;

/// <summary>Whatever stands in a tag, the parser answers with a tag or a problem, and a tag can be evaluated.</summary>
public class TagFuzzTests
{
    private const int Runs = 50_000;
    private const int MaxPrinted = 2_000_000;

    private static readonly string[] Cultures = ["en-US", "de-AT", "ar-SA", "th-TH", ""];

    private static readonly string[] Seeds =
    [
        "patient.name | upper", "visit.date | date:\"d MMMM yyyy\"", "price | number:\"#,##0.00\" | default:'-'", "x | currency:EUR,2 | culture:\"de-AT\"",
        "#if a and (b or not c) = 'x' && d in (1, \"2\", e | count)", "#each visits where a.b >= 3 order by date desc, name as columns", "else if n <= -1.5", "/each visits",
        "image photo | fit:40mm,30mm", "barcode code128 mrn | size:20mm", "qr @root.x", "checkbox ! consent", "^list", "../../@index", "[Tel. (home)] | trim", "x | map:\"m=male;f=female;*=?\"",
        "list | join:\", \",\"name\",\" and \" | truncate:10,„…“", "x | phone:AT,e164", "x | words | title", "x | age:months | pad:8,\"0\",right", "x | mask:\"**-##\"",
        "x | replace:\"a\",\"b\" | first:3 | last", "@now | time:\"HH:mm:ss.fff\"", "x | ordinal:words", "list | sum:n | percent:1 | yesno:\"Ja;Nein\"", "«\u00A0text\u00A0» | initials:\".\"",
    ];

    private static readonly string[] Pieces =
    [
        "|", ":", "\"", "'", "“", "”", "„", "(", ")", "[", "]", "!", "=", "<", ">", "&&", "||", ",", ";", ".", "..", "../", "@", "#", "/", "^", " ", "\u00A0", "\u200B", "…", "–", "\0", "\ud800", "\udc00",
        "0", "9999999999999999999999999999999", "-", "%", "E99", "'''", "\\", "yyyyyyyy", "FFFFFFFF", "not ", "and ", "in (", "where ", "order by ", "this", "null", "| upper", "| number:", "| date:", "d", "%d", "K", "tt",
    ];

    [Fact]
    public void Mutated_tags_never_throw()
    {
        var random = new Random(20260315);
        var scope = new Scope(TagCheck.Value("""
            {"x":"+43 1 5880021","n":-12.75,"a":true,"b":"","price":"1.234,50","photo":null,"visit":{"date":"2026-02-28"},"patient":{"name":"Anna Huber"},
             "list":[{"n":1,"name":"a"},{"n":"2"},{}],"visits":[3,1,2],"e":[1,2],"date":"01.02.2026","consent":"no"}
            """));
        var contexts = Cultures.Select(TagCheck.Context).ToArray();
        var tags = 0;
        var problems = 0;
        for (var run = 0; run < Runs; run++)
        {
            var source = Mutate(random);
            var parse = TagParser.Parse(source);
            Assert.True(parse.Tag is null != parse.Problem is null, source);
            if (parse.Tag is { } tag)
            {
                tags++;
                Evaluate(tag, scope, contexts[run % contexts.Length], source);
            }
            else
            {
                problems++;
                Assert.InRange(parse.Problem!.Message.Length, 1, 8_500);
            }
        }

        // Both ways are walked often.
        Assert.InRange(tags, Runs / 10, Runs);
        Assert.InRange(problems, Runs / 10, Runs);
    }

    private static string Mutate(Random random)
    {
        var source = Seeds[random.Next(Seeds.Length)];
        for (var times = random.Next(4); times >= 0; times--)
        {
            var at = random.Next(source.Length + 1);
            var rest = source.Length - at;
            source = random.Next(7) switch
            {
                0 => source.Insert(at, Pieces[random.Next(Pieces.Length)]),
                1 => source.Remove(at, Math.Min(rest, random.Next(1, 6))),
                2 => source[..at] + Seeds[random.Next(Seeds.Length)],
                3 when rest > 0 => source[..at] + (char)random.Next(0x3000) + source[(at + 1)..],
                4 => source.Insert(at, source[..Math.Min(source.Length, random.Next(20))]),
                5 => source + Pieces[random.Next(Pieces.Length)],
                _ => source[..at] + " | " + Seeds[random.Next(Seeds.Length)].Split('|')[^1] + source[at..],
            };
        }

        return source;
    }

    private static void Evaluate(Tag tag, Scope scope, FormatContext context, string source)
    {
        try
        {
            switch (tag)
            {
                case Tag.Value value:
                    Print(value.Expression, scope, context);
                    break;
                case Tag.Section section:
                    Print(section.Expression, scope, context);
                    break;
                case Tag.Image image:
                    Print(image.Expression, scope, context);
                    break;
                case Tag.If first:
                    first.Condition.Holds(scope, context);
                    break;
                case Tag.ElseIf next:
                    next.Condition.Holds(scope, context);
                    break;
                case Tag.Checkbox box:
                    box.Condition.Holds(scope, context);
                    break;
                case Tag.Each each:
                    var list = each.List.Evaluate(scope, context).Value;
                    var items = list.Kind == MergeValueKind.List ? list.List : [];
                    Assert.Equal(items.Count, each.OrderBy?.Sort(items, scope, context).Count ?? items.Count);
                    Assert.InRange(items.Count(item => each.Where?.Holds(new Scope(item, scope), context) ?? true), 0, items.Count);
                    break;
            }
        }
        catch (Exception thrown) when (thrown is not Xunit.Sdk.IAssertionException)
        {
            Assert.Fail($"{source}: {thrown}");
        }
    }

    private static void Print(Expression expression, Scope scope, FormatContext context)
    {
        var evaluated = expression.Evaluate(scope, context);
        Assert.InRange(ValueText.Print(evaluated.Value, context.Culture).Value.Text.Length, 0, MaxPrinted);
        Assert.NotNull(expression.Paths);
    }
}
