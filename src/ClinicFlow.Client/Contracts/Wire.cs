using System.Text.Json;
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
        return options;
    }

    /// <summary>JSON as a client reads it: what a newer server adds is passed over.</summary>
    internal static JsonSerializerOptions Lenient { get; } = new(Json) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };
}
