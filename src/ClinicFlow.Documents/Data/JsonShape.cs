using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ClinicFlow.Documents.Data;

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

    private static readonly JsonReaderOptions ReaderOptions = new()
    {
        AllowTrailingCommas = JsonRecords.DocumentOptions.AllowTrailingCommas,
        CommentHandling = JsonRecords.DocumentOptions.CommentHandling,
        MaxDepth = JsonRecords.DocumentOptions.MaxDepth,
    };

    private FieldNames _names = MergeObject.Empty.Names;
    private byte[][] _utf8Names = [];
    private JsonShape?[] _inner = [];

    // Names that could also be those of one value with the text it is shown by.
    private bool _isLikeShown;

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

    /// <summary>
    /// Reads a record that has the names of the one before, in one pass over its bytes. Whatever is different, or wrong,
    /// is not read here: then <see cref="TryRead"/> reads it, or knows what to say.
    /// </summary>
    /// <returns>Whether it was read.</returns>
    public bool TryReadAgain(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out MergeObject? values)
    {
        values = null;
        try
        {
            var reader = new Utf8JsonReader(utf8, ReaderOptions);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !TryReadAgain(ref reader, 0, out var read) || reader.Read())
            {
                return false;
            }

            values = read;
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private bool TryReadAgain(ref Utf8JsonReader reader, int depth, [NotNullWhen(true)] out MergeObject? read)
    {
        read = null;
        if (depth >= RecordLimits.MaxJsonDepth || _isLikeShown)
        {
            return false;
        }

        var values = new MergeValue[_utf8Names.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(_utf8Names[i]) || !reader.Read() || !TryReadAgain(ref reader, _inner[i], depth, out values[i]))
            {
                return false;
            }
        }

        if (!reader.Read() || reader.TokenType != JsonTokenType.EndObject)
        {
            return false;
        }

        read = new MergeObject(_names, values);
        return true;
    }

    private static bool TryReadAgain(ref Utf8JsonReader reader, JsonShape? shape, int depth, out MergeValue value)
    {
        value = default;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject when shape is not null && shape.TryReadAgain(ref reader, depth + 1, out var group):
                value = MergeValue.From(group);
                return true;
            case JsonTokenType.StartArray when depth + 1 < RecordLimits.MaxJsonDepth:
                var (list, count) = (new MergeValue[4], 0);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (count == list.Length)
                    {
                        Array.Resize(ref list, 2 * count);
                    }

                    if (!TryReadAgain(ref reader, shape, depth + 1, out list[count++]))
                    {
                        return false;
                    }
                }

                Array.Resize(ref list, count);
                value = MergeValue.From(list);
                return true;
            case JsonTokenType.String:
                value = MergeValue.From(reader.GetString());
                return true;
            case JsonTokenType.Number:
                value = reader.TryGetDecimal(out var number) ? MergeValue.From(number) : MergeValue.From(Encoding.UTF8.GetString(reader.ValueSpan));
                return true;
            case JsonTokenType.True or JsonTokenType.False:
                value = MergeValue.From(reader.GetBoolean());
                return true;
            case JsonTokenType.Null:
                return true;
            default:
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
            if (!property.NameEquals(_utf8Names[i++]))
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
        _utf8Names = Array.ConvertAll(names, Encoding.UTF8.GetBytes);
        _inner = new JsonShape?[count];
        _isLikeShown = count == 2 && names.Contains(ShownName);
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
