namespace ClinicFlow.Documents.Fonts;

/// <summary>Where the tables of a face lie in its file (OpenType, "Organization of an OpenType Font").</summary>
internal static class TableDirectory
{
    private const uint Collection = 0x74746366; // "ttcf"
    private const int MaxTables = 256;

    /// <summary>How many faces a file has; 0 where it is no font.</summary>
    public static int CountFaces(FontData file) => file.U32(0) switch
    {
        Collection => (int)Math.Min(file.U32(8), 256),
        0x00010000 or 0x4F54544F or 0x74727565 => 1,
        _ => 0,
    };

    /// <summary>The tables of a face, by tag; null where the file is no font or ends too soon. Tables beyond its end are left out.</summary>
    public static Dictionary<uint, (int Offset, int Length)>? Read(ReadOnlySpan<byte> bytes, int index)
    {
        var file = new FontData(bytes);
        if (index < 0 || index >= CountFaces(file))
        {
            return null;
        }

        var start = file.U32(0) == Collection ? file.Offset32(12 + (4 * index)) : 0;
        var count = Math.Min((int)file.From(start).U16(4), MaxTables);
        var tables = new Dictionary<uint, (int, int)>(count);
        for (var i = 0; i < count; i++)
        {
            var record = file.From(start).From(12 + (16 * i));
            var (offset, length) = (record.Offset32(8), record.Offset32(12));
            if (record.Length >= 16 && offset < bytes.Length && length > 0)
            {
                tables.TryAdd(record.U32(0), (offset, Math.Min(length, bytes.Length - offset)));
            }
        }

        return tables.Count == 0 ? null : tables;
    }
}
