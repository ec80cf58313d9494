using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Storage;

/// <summary>How the column <c>output_files</c> of a request keeps where its files lie.</summary>
internal static partial class OutputFiles
{
    /// <summary>Writes the slices; null where there are none.</summary>
    public static string? Write(IReadOnlyList<ArchiveSlice> slices) => slices.Count == 0 ? null : JsonSerializer.Serialize(slices, Json.Default.IReadOnlyListArchiveSlice);

    /// <summary>Writes the slices as UTF-8; nothing where there are none.</summary>
    public static void Write(IReadOnlyList<ArchiveSlice> slices, Utf8JsonWriter json)
    {
        if (slices.Count > 0)
        {
            JsonSerializer.Serialize(json, slices, Json.Default.IReadOnlyListArchiveSlice);
        }
    }

    /// <summary>Reads them. Each document's are read twice at the end of a job, so no serializer stands between.</summary>
    /// <exception cref="JsonException">The text is not what was written.</exception>
    public static IReadOnlyList<ArchiveSlice> Read(string? json) => Read(json is null ? default : Encoding.UTF8.GetBytes(json));

    /// <summary>Reads them from UTF-8; nothing is none.</summary>
    /// <exception cref="JsonException">The text is not what was written.</exception>
    public static IReadOnlyList<ArchiveSlice> Read(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return [];
        }

        var reader = new Utf8JsonReader(json);
        var slices = new List<ArchiveSlice>(1);
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            slices.Add(ReadSlice(ref reader));
        }

        Expect(reader.TokenType == JsonTokenType.EndArray && !reader.Read());
        return slices;
    }

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

    private static ArchiveSlice ReadSlice(ref Utf8JsonReader reader)
    {
        var (fileName, sha256, isDeflated, crc32) = ("", "", false, 0u);
        var (headerOffset, dataOffset, storedBytes, bytes) = (0L, 0L, 0L, 0L);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "fileName"u8))
            {
                fileName = reader.GetString() ?? "";
            }
            else if (Is(ref reader, "headerOffset"u8))
            {
                headerOffset = reader.GetInt64();
            }
            else if (Is(ref reader, "dataOffset"u8))
            {
                dataOffset = reader.GetInt64();
            }
            else if (Is(ref reader, "storedBytes"u8))
            {
                storedBytes = reader.GetInt64();
            }
            else if (Is(ref reader, "bytes"u8))
            {
                bytes = reader.GetInt64();
            }
            else if (Is(ref reader, "isDeflated"u8))
            {
                isDeflated = reader.GetBoolean();
            }
            else if (Is(ref reader, "crc32"u8))
            {
                crc32 = reader.GetUInt32();
            }
            else if (Is(ref reader, "sha256"u8))
            {
                sha256 = reader.GetString() ?? "";
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        Expect(reader.TokenType == JsonTokenType.EndObject && fileName.Length > 0);
        return new ArchiveSlice(fileName, headerOffset, dataOffset, storedBytes, bytes, isDeflated, crc32, sha256);

        static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) => reader.ValueTextEquals(name) && reader.Read();
    }

    private static void Expect(bool holds)
    {
        if (!holds)
        {
            throw new JsonException("The column output_files holds something else.");
        }
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(IReadOnlyList<ArchiveSlice>))]
    private sealed partial class Json : JsonSerializerContext;
}
