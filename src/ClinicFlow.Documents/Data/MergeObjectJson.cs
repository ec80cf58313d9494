using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ClinicFlow.Documents.Data;

/// <summary>
/// Makes the values of a record from JSON: objects are groups, arrays are lists, a number is a decimal (its text where
/// it is too large for one), a string is always text. A name may stand once in an object (<see cref="FieldNameComparer"/>).
/// </summary>
public static class MergeObjectJson
{
    /// <summary>Makes the values from a JSON object.</summary>
    /// <param name="element">The object.</param>
    /// <param name="values">The values; null where it cannot be done.</param>
    /// <param name="problem">What is wrong with it, by field names; null where nothing is.</param>
    /// <returns>Whether it could be done.</returns>
    public static bool TryRead(JsonElement element, [NotNullWhen(true)] out MergeObject? values, [NotNullWhen(false)] out Problem? problem)
        => new JsonShape().TryRead(element, out values, out problem);

    /// <summary>Makes the values from the text of a JSON object. Comments and trailing commas are allowed.</summary>
    /// <param name="json">The text.</param>
    /// <param name="values">The values; null where it cannot be done.</param>
    /// <param name="problem">What is wrong with it, by field names or the line; null where nothing is.</param>
    /// <returns>Whether it could be done.</returns>
    public static bool TryParse(string json, [NotNullWhen(true)] out MergeObject? values, [NotNullWhen(false)] out Problem? problem)
    {
        try
        {
            using var document = JsonDocument.Parse(json, JsonRecords.DocumentOptions);
            return TryRead(document.RootElement, out values, out problem);
        }
        catch (JsonException e)
        {
            values = null;
            problem = new Problem(ProblemCode.RowNotReadable, $"The JSON is broken in line {(e.LineNumber ?? 0) + 1}.") { Advice = JsonRecords.BrokenAdvice };
            return false;
        }
    }

    /// <summary>
    /// Writes values as a JSON object that reads as the same values: a number or date that a workbook shows in a way of its
    /// own is <c>{"$number": 1.5, "$shown": "1,50"}</c> or <c>{"$date": "2026-01-31T00:00:00", "$shown": "31.1.26"}</c>.
    /// </summary>
    /// <param name="values">The values.</param>
    public static string Write(MergeObject values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { MaxDepth = RecordLimits.MaxJsonDepth + 1, SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(json, values);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, MergeObject values)
    {
        json.WriteStartObject();
        for (var i = 0; i < values.Names.All.Count; i++)
        {
            json.WritePropertyName(values.Names.All[i]);
            Write(json, values[i]);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MergeValue value)
    {
        switch (value.Kind)
        {
            case MergeValueKind.Text:
                json.WriteStringValue(value.Text);
                break;
            case MergeValueKind.Number when value.Shown is null:
                json.WriteNumberValue(value.Number);
                break;
            case MergeValueKind.Number:
                json.WriteStartObject();
                json.WriteNumber(JsonShape.NumberName, value.Number);
                json.WriteString(JsonShape.ShownName, value.Shown);
                json.WriteEndObject();
                break;
            case MergeValueKind.Date:
                json.WriteStartObject();
                json.WriteString(JsonShape.DateName, value.Date.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));
                json.WriteString(JsonShape.ShownName, value.Shown);
                json.WriteEndObject();
                break;
            case MergeValueKind.Boolean:
                json.WriteBooleanValue(value.Boolean);
                break;
            case MergeValueKind.List:
                json.WriteStartArray();
                foreach (var item in value.List)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case MergeValueKind.Group:
                Write(json, value.Group);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    /// <summary>Reads a cell of a CSV file or sheet that holds a list, or a group, as JSON.</summary>
    /// <returns>Whether it does; a text that only starts like one stays a text.</returns>
    internal static bool TryParseCell(string text, out MergeValue value)
    {
        value = default;
        if (text.AsSpan().Trim() is not (['[', .., ']'] or ['{', .., '}']))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text, JsonRecords.DocumentOptions);
            return JsonShape.TryReadValue(document.RootElement, out value);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>
/// The names last seen at one place of the records, so that records of the same shape share them. Grows with
/// the records that it reads; used by one reader at a time.
/// </summary>
internal sealed class JsonShape
{
    /// <summary>Names of what <see cref="MergeObjectJson.Write(MergeObject)"/> writes for values that JSON has no kind for.</summary>
    public const string NumberName = "$number";

    /// <inheritdoc cref="NumberName"/>
    public const string DateName = "$date";

    /// <inheritdoc cref="NumberName"/>
    public const string ShownName = "$shown";

    private const int MaxShown = 80;

    private FieldNames _names = MergeObject.Empty.Names;
    private JsonShape?[] _inner = [];

    public bool TryRead(JsonElement element, [NotNullWhen(true)] out MergeObject? values, [NotNullWhen(false)] out Problem? problem)
    {
        values = null;
        if (element.ValueKind != JsonValueKind.Object)
        {
            problem = new Problem(ProblemCode.RowNotReadable, $"A record must be a JSON object; this is {KindName(element.ValueKind)}.") { Advice = "Write each record as { \"name\": value, … }." };
            return false;
        }

        try
        {
            values = ReadObject(element, "", 0);
            problem = null;
            return true;
        }
        catch (WrongJsonException e)
        {
            problem = new Problem(ProblemCode.RowNotReadable, e.Message) { Field = e.Field };
            return false;
        }
        catch (InvalidOperationException)
        {
            // A string or name with an escape such as \ud83d alone: half of a character, which is no text.
            problem = new Problem(ProblemCode.RowNotReadable, "A text in the record holds half of a character.") { Advice = "Escapes from \\ud800 to \\udfff must stand in pairs." };
            return false;
        }
    }

    /// <summary>Reads a list or group that is no record of its own.</summary>
    public static bool TryReadValue(JsonElement element, out MergeValue value)
    {
        try
        {
            JsonShape? shape = null;
            value = ReadValue(element, ref shape, "", "", 0);
            return true;
        }
        catch (Exception e) when (e is WrongJsonException or InvalidOperationException)
        {
            value = default;
            return false;
        }
    }

    private MergeObject ReadObject(JsonElement element, string path, int depth)
    {
        if (depth >= RecordLimits.MaxJsonDepth)
        {
            throw new WrongJsonException($"The record nests deeper than {RecordLimits.MaxJsonDepth} levels.", path);
        }

        var count = element.GetPropertyCount();
        if (!HasNamesOf(element, count))
        {
            LearnNames(element, count, path);
        }

        var values = new MergeValue[count];
        var i = 0;
        foreach (var property in element.EnumerateObject())
        {
            values[i] = ReadValue(property.Value, ref _inner[i], _names.All[i], path, depth);
            i++;
        }

        return new MergeObject(_names, values);
    }

    private static MergeValue ReadValue(JsonElement element, ref JsonShape? shape, string name, string outer, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when TryReadShown(element, out var value):
                return value;
            case JsonValueKind.Object:
                return MergeValue.From((shape ??= new JsonShape()).ReadObject(element, Path(outer, name), depth + 1));
            case JsonValueKind.Array:
                if (depth + 1 >= RecordLimits.MaxJsonDepth)
                {
                    throw new WrongJsonException($"The record nests deeper than {RecordLimits.MaxJsonDepth} levels.", outer);
                }

                var list = new MergeValue[element.GetArrayLength()];
                var i = 0;
                foreach (var item in element.EnumerateArray())
                {
                    list[i++] = ReadValue(item, ref shape, name, outer, depth + 1);
                }

                return MergeValue.From(list);
            case JsonValueKind.String:
                return MergeValue.From(element.GetString());
            case JsonValueKind.Number:
                return element.TryGetDecimal(out var number) ? MergeValue.From(number) : MergeValue.From(element.GetRawText());
            case JsonValueKind.True or JsonValueKind.False:
                return MergeValue.From(element.GetBoolean());
            default:
                return MergeValue.Null;
        }
    }

    private static bool TryReadShown(JsonElement element, out MergeValue value)
    {
        value = default;
        if (element.GetPropertyCount() != 2 || !element.TryGetProperty(ShownName, out var shown) || shown.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
        {
            return false;
        }

        if (element.TryGetProperty(NumberName, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetDecimal(out var exact))
        {
            value = MergeValue.From(exact, shown.GetString());
            return true;
        }

        if (element.TryGetProperty(DateName, out var date) && date.ValueKind == JsonValueKind.String
            && DateTime.TryParseExact(date.GetString(), "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            value = MergeValue.From(time, shown.GetString());
            return true;
        }

        return false;
    }

    private bool HasNamesOf(JsonElement element, int count)
    {
        if (_names.All.Count != count)
        {
            return false;
        }

        var i = 0;
        foreach (var property in element.EnumerateObject())
        {
            if (!property.NameEquals(_names.All[i++]))
            {
                return false;
            }
        }

        return true;
    }

    private void LearnNames(JsonElement element, int count, string path)
    {
        var names = new string[count];
        var known = new HashSet<string>(count, FieldNameComparer.Instance);
        var i = 0;
        foreach (var property in element.EnumerateObject())
        {
            names[i] = property.Name;
            if (!known.Add(names[i]))
            {
                throw new WrongJsonException($"The field \"{Path(path, names[i])}\" is there more than once.", Path(path, names[i]));
            }

            i++;
        }

        _names = new FieldNames(names);
        _inner = new JsonShape?[count];
    }

    private static string Path(string outer, string name)
    {
        var path = outer.Length == 0 ? name : $"{outer}.{name}";
        return path.Length <= MaxShown ? path : path[..MaxShown] + "…";
    }

    private static string KindName(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "yes/no",
        _ => "nothing",
    };

    private sealed class WrongJsonException(string message, string field) : Exception(message)
    {
        public string Field { get; } = field;
    }
}
