using System.Globalization;
using System.Text.Json.Nodes;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Server.Web.Templates;

/// <summary>Invented data that fits a template, to look at it: each field says its own name.</summary>
internal static class SampleData
{
    private const int ItemsOfAList = 2;

    /// <summary>Makes it.</summary>
    /// <param name="fields">The template's fields.</param>
    /// <param name="today">What dates say.</param>
    public static JsonObject For(IEnumerable<TemplateField> fields, DateTimeOffset today)
    {
        var all = fields.ToArray();
        var lists = all.Where(field => field.Type == "list").Select(field => field.Name).ToArray();
        var root = new JsonObject();
        foreach (var name in lists)
        {
            var hasColumns = Array.Exists(all, field => field.Name.StartsWith(name + ".", StringComparison.Ordinal));
            Put(root, name, new JsonArray([.. Enumerable.Range(1, ItemsOfAList).Select(i => hasColumns ? (JsonNode)new JsonObject() : JsonValue.Create($"{Words(name)} {i}"))]));
        }

        foreach (var field in all.Where(field => field.Type is not ("list" or "image")))
        {
            if (Array.Find(lists, list => field.Name.StartsWith(list + ".", StringComparison.Ordinal)) is not { } list)
            {
                Put(root, field.Name, Of(field, today, null));
            }
            else if (Find(root, list) is JsonArray items)
            {
                for (var i = 0; i < items.Count; i++)
                {
                    Put(items[i]!.AsObject(), field.Name[(list.Length + 1)..], Of(field, today, i + 1));
                }
            }
        }

        return root;
    }

    private static JsonValue Of(TemplateField field, DateTimeOffset today, int? item) => field.Type switch
    {
        "number" => JsonValue.Create(12 * (item ?? 1)),
        "date" => JsonValue.Create(today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        "boolean" => JsonValue.Create(true),
        _ => JsonValue.Create(Words(field.Name[(field.Name.LastIndexOf('.') + 1)..]) + (item is { } number ? $" {number}" : "")),
    };

    /// <summary><c>lastName</c> as "Last name".</summary>
    private static string Words(string name)
    {
        var words = string.Concat(name.Replace('_', ' ').Select((letter, i) => i > 0 && char.IsUpper(letter) && !char.IsUpper(name[i - 1]) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
        return words.Length == 0 ? name : char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static JsonNode? Find(JsonObject at, string path)
    {
        JsonNode? node = at;
        foreach (var part in path.Split('.'))
        {
            node = (node as JsonObject)?[part];
        }

        return node;
    }

    private static void Put(JsonObject at, string path, JsonNode value)
    {
        var parts = path.Split('.');
        foreach (var part in parts[..^1])
        {
            if (at[part] is not JsonObject inner)
            {
                at[part] = inner = [];
            }

            at = inner;
        }

        if (at[parts[^1]] is not JsonObject)
        {
            at[parts[^1]] = value;
        }
    }
}
