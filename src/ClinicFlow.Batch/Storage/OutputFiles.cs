using System.Text.Json;
using System.Text.Json.Serialization;
using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Storage;

/// <summary>How the column <c>output_files</c> of a request keeps where its files lie.</summary>
internal static partial class OutputFiles
{
    /// <summary>Writes the slices; null where there are none.</summary>
    public static string? Write(IReadOnlyList<ArchiveSlice> slices) => slices.Count == 0 ? null : JsonSerializer.Serialize(slices, Json.Default.IReadOnlyListArchiveSlice);

    /// <summary>Reads them.</summary>
    public static IReadOnlyList<ArchiveSlice> Read(string? json) => json is null ? [] : JsonSerializer.Deserialize(json, Json.Default.IReadOnlyListArchiveSlice) ?? [];

    /// <summary>How long the files are together; null where there are none.</summary>
    public static long? TotalBytes(IReadOnlyList<ArchiveSlice> slices)
    {
        if (slices.Count == 0)
        {
            return null;
        }

        var bytes = 0L;
        for (var i = 0; i < slices.Count; i++)
        {
            bytes += slices[i].Bytes;
        }

        return bytes;
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(IReadOnlyList<ArchiveSlice>))]
    private sealed partial class Json : JsonSerializerContext;
}
