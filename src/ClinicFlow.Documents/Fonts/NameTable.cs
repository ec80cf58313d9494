using System.Text;

namespace ClinicFlow.Documents.Fonts;

/// <summary>What a face calls itself. Names are English where there is a choice.</summary>
/// <param name="Family">The family of four (regular, bold, italic, bold italic), such as "Calibri Light".</param>
/// <param name="TypographicFamily">The whole family, such as "Calibri"; the same as <paramref name="Family"/> where the face does not say.</param>
/// <param name="Full">The full name, such as "Arial Bold".</param>
/// <param name="PostScript">The PostScript name, such as "Arial-BoldMT"; "" where the face does not say.</param>
/// <param name="OtherFamilies">The family in other languages: a Japanese document asks for a font by its Japanese name.</param>
internal sealed record NameTable(string Family, string TypographicFamily, string Full, string PostScript, IReadOnlyList<string> OtherFamilies)
{
    private const int MaxRecords = 1024;
    private const int English = 0x409;

    /// <summary>Reads the table <c>name</c>; what cannot be read is "".</summary>
    public static NameTable Read(FontData table)
    {
        var count = Math.Min((int)table.U16(2), MaxRecords);
        var text = table.From(table.U16(4));
        var names = new Dictionary<int, (int Rank, string Name)>();
        var families = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < count; i++)
        {
            var record = table.From(6 + (12 * i));
            var (platform, language, id) = (record.U16(0), record.U16(4), record.U16(6));
            if (id is not (1 or 4 or 6 or 16))
            {
                continue;
            }

            var rank = (platform, language) switch { (3, English) => 3, (1, 0) => 2, (0, _) => 1, _ => 0 };
            var name = Decode(text.Slice(record.U16(10), record.U16(8)).Span, platform);
            if (name.Length > 0 && (!names.TryGetValue(id, out var known) || rank > known.Rank))
            {
                names[id] = (rank, name);
            }

            if (id is 1 or 16 && platform == 3 && name.Length > 0)
            {
                families.Add(name);
            }
        }

        string Get(int id) => names.TryGetValue(id, out var found) ? found.Name : "";
        var family = Get(1);
        return new(family, Get(16) is { Length: > 0 } whole ? whole : family, Get(4), Get(6), [.. families]);
    }

    /// <summary>A name that a PDF can hold as it is: letters, digits and hyphens, at most 63 of them.</summary>
    public static string SafePostScript(string name)
    {
        var safe = new string([.. name.Where(c => char.IsAsciiLetterOrDigit(c) || c == '-').Take(63)]);
        return safe.Length > 0 ? safe : "Font";
    }

    private static string Decode(ReadOnlySpan<byte> bytes, int platform) =>
        (platform == 1 ? Encoding.Latin1.GetString(bytes) : Encoding.BigEndianUnicode.GetString(bytes[..(bytes.Length & ~1)])).Trim('\0', ' ');
}
