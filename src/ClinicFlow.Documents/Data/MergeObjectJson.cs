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
            problem = BrokenProblem(e);
            return false;
        }
    }

    /// <summary>Says that a text is no JSON.</summary>
    internal static Problem BrokenProblem(JsonException e)
        => new(ProblemCode.RowNotReadable, $"The JSON is broken in line {(e.LineNumber ?? 0) + 1}.") { Advice = JsonRecords.BrokenAdvice };

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
