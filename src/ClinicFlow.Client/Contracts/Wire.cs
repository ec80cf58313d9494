using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ClinicFlow.Client.Contracts;

/// <summary>How the contracts travel.</summary>
public static class Wire
{
    /// <summary>JSON as the server writes and reads it: camelCase names, enumerations as camelCase words, what is null left out.</summary>
    public static JsonSerializerOptions Json { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Sets options to those of the server.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = 64;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new NodeConverter<JsonObject>());
        options.Converters.Add(new NodeConverter<JsonNode>());
        return options;
    }

    /// <summary>JSON as a client reads it: what a newer server adds is passed over.</summary>
    internal static JsonSerializerOptions Lenient { get; } = new(Json) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    /// <summary>
    /// Reads JSON of any shape, such as merge data. A property that is there twice is an error like any other of the JSON;
    /// the framework's own converter throws what looks like a defect.
    /// </summary>
    private sealed class NodeConverter<T> : JsonConverter<T>
        where T : JsonNode
    {
        private static readonly JsonSerializerOptions Plain = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return JsonSerializer.Deserialize<T>(ref reader, Plain);
            }
            catch (ArgumentException)
            {
                throw new JsonException("A property is there twice.");
            }
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => value.WriteTo(writer, Plain);
    }
}
