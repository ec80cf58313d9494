using System.Globalization;
using System.Text.Json;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Tags;
using Xunit;

namespace ClinicFlow.Documents.Tests.Tags;

/// <summary>Evaluates tags over records written as JSON. The only place of these tests that knows the parser's API.</summary>
internal static class TagCheck
{
    public static readonly DateTime JobTime = new(2026, 3, 15, 9, 30, 0);

    public static FormatContext Context(string culture) => new(CultureInfo.GetCultureInfo(culture), JobTime);

    /// <summary>The tag, which must be one.</summary>
    public static T Parse<T>(string source)
        where T : Tag
    {
        var parse = TagParser.Parse(source);
        Assert.True(parse.Problem is null, $"{source}: {parse.Problem?.Message} {parse.Problem?.Advice}");
        return Assert.IsType<T>(parse.Tag);
    }

    /// <summary>The problem, which there must be.</summary>
    public static Problem ProblemOf(string source)
    {
        var parse = TagParser.Parse(source);
        Assert.Null(parse.Tag);
        Assert.NotNull(parse.Problem);
        return parse.Problem;
    }

    public static Scope Record(string json) => new(Value(json));

    public static MergeValue Value(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Value(document.RootElement);
    }

    /// <summary>What the tag prints; <c>(missing x)</c> or <c>(expected x)</c> where it prints nothing.</summary>
    public static string Print(string source, string json, string culture = "en-US") => Print(source, Record(json), culture);

    public static string Print(string source, Scope scope, string culture = "en-US")
    {
        var evaluated = Parse<Tag.Value>(source).Expression.Evaluate(scope, Context(culture));
        if (evaluated.MissingField is { } missing)
        {
            return $"(missing {missing})";
        }

        var printed = evaluated.Expected is null ? ValueText.Print(evaluated.Value, CultureInfo.GetCultureInfo(culture)) : default;
        return (evaluated.Expected ?? printed.Expected) is { } expected ? $"(expected {expected})" : Plain(printed.Value.Text);
    }

    /// <summary>Cultures print with spaces of many kinds, which their data changes from year to year.</summary>
    private static string Plain(string text) => text.Replace('\u00A0', ' ').Replace('\u202F', ' ').Replace('\u2212', '-').Replace("\u200E", "", StringComparison.Ordinal);

    private static MergeValue Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String when element.GetString() is { } text && text.StartsWith("@date ", StringComparison.Ordinal)
            => MergeValue.From(DateTime.Parse(text[6..], CultureInfo.InvariantCulture)),
        // Half a surrogate pair: JSON cannot write it, a damaged CSV file can.
        JsonValueKind.String when element.GetString() == "@half" => MergeValue.From("a\ud83db"),
        JsonValueKind.String => MergeValue.From(element.GetString()),
        JsonValueKind.Number => MergeValue.From(element.GetDecimal()),
        JsonValueKind.True or JsonValueKind.False => MergeValue.From(element.GetBoolean()),
        JsonValueKind.Array => MergeValue.From((IReadOnlyList<MergeValue>)[.. element.EnumerateArray().Select(Value)]),
        JsonValueKind.Object => MergeValue.From(new MergeObject(element.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, Value(property.Value))))),
        _ => MergeValue.Null,
    };
}
