using System.Globalization;
using System.Text;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Fields;
using Xunit;

namespace ClinicFlow.Documents.Tests.Fields;

/// <summary>Cases of fields, written as Word shows them with Alt+F9: <c>{ IF { MERGEFIELD a } = 1 "x" "y" }</c>. The only place that knows the API.</summary>
internal static class FieldCheck
{
    public const string Person = """
        {"Name":"ana maria","First Name":"Ana","Last_Name":"Gruber","Title":"Dr.","n":1234.567,"neg":-5,"zero":0,"text":"12 apples","born":"1980-03-07","blank":"","null":null,
         "yes":true,"Address 1":"Hauptstrasse 1","City":"Graz","Postal Code":"8010","Country":"Austria","list":["a","b"],"group":{"inner":"deep"}}
        """;

    public static void Is(string field, string expected, string culture = "en-US", FieldScope? scope = null)
        => Assert.Equal(expected, Evaluate(field, culture, scope).Text);

    public static FieldText Evaluate(string field, string culture = "en-US", FieldScope? scope = null)
    {
        scope ??= Scope(culture);
        var text = new FieldText("");
        foreach (var parsed in Parse(field))
        {
            text = parsed.Node.Evaluate(scope);
        }

        return text;
    }

    public static FieldScope Scope(string culture = "en-US", IReadOnlyDictionary<string, string>? parameters = null)
    {
        Assert.True(MergeObjectJson.TryParse(Person, out var values, out _));
        return new FieldScope
        {
            Data = new Scope(MergeValue.From(values)),
            Culture = CultureInfo.GetCultureInfo(culture),
            JobTime = new DateTime(2026, 11, 23, 9, 5, 7),
            Parameters = parameters ?? new Dictionary<string, string>(),
            Properties = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Author"] = "Dr. A", ["Title"] = "Consent", ["Dept"] = "Eyes" },
            Variables = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["v"] = "variable" },
            MappedFields = new Dictionary<string, string>(),
            RecordNumber = 17,
            MergeSequence = 3,
        };
    }

    public static ParsedField One(string field) => Assert.Single(Parse(field));

    /// <summary>The outermost fields of a text, in order.</summary>
    public static List<ParsedField> Parse(string text)
    {
        var fields = new List<ParsedField>();
        var at = 0;
        while (at < text.Length)
        {
            if (text[at] == '{')
            {
                at++;
                fields.Add(ParseOne(text, ref at));
            }
            else
            {
                at++;
            }
        }

        return fields;
    }

    private static ParsedField ParseOne(string text, ref int at)
    {
        var parts = new List<InstructionPart>();
        var literal = new StringBuilder();
        while (at < text.Length && text[at] != '}')
        {
            if (text[at] == '{')
            {
                at++;
                EndLiteral();
                parts.Add(new InstructionPart.Nested(ParseOne(text, ref at).Node));
            }
            else if (text[at] == '¶')
            {
                EndLiteral();
                parts.Add(new InstructionPart.ParagraphEnd());
                at++;
            }
            else
            {
                literal.Append(text[at++]);
            }
        }

        at++;
        EndLiteral();
        return FieldParser.Parse(parts);

        void EndLiteral()
        {
            if (literal.Length > 0)
            {
                // Cut in two: instructions are split over runs anywhere.
                var half = literal.Length / 2;
                parts.Add(new InstructionPart.Text(literal.ToString(0, half)));
                parts.Add(new InstructionPart.Text(literal.ToString(half, literal.Length - half)));
                literal.Clear();
            }
        }
    }
}
