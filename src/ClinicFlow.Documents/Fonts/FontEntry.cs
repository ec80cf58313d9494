using Microsoft.Win32.SafeHandles;

namespace ClinicFlow.Documents.Fonts;

/// <summary>A face in a file, before it is used: what it is called and looks like.</summary>
internal sealed class FontEntry
{
    private const int MaxTableBytes = 1024 * 1024;
    private readonly Lock _lock = new();
    private readonly (int Offset, int Length) _cmap;
    private CharacterMap? _characters;
    private FontFace? _face;
    private bool _isRead;

    private FontEntry(string path, int index, NameTable names, FontData os2, FontData head, (int Offset, int Length) cmap)
    {
        (Path, Index, _cmap) = (path, index, cmap);
        Family = names.Family;
        Families = [.. names.OtherFamilies.Append(names.Family).Append(names.TypographicFamily).Append(names.Full).Where(n => n.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        Weight = os2.U16(4) is >= 1 and <= 1000 and var weight ? weight : (head.U16(44) & 1) != 0 ? 700 : 400;
        Width = os2.U16(6) is >= 1 and <= 9 and var width ? width : 5;
        IsItalic = (os2.U16(62) & 1) != 0 || (head.U16(44) & 2) != 0;
    }

    public string Path { get; }

    public int Index { get; }

    public string Family { get; }

    /// <summary>All names by which a document may ask for it.</summary>
    public IReadOnlyList<string> Families { get; }

    public int Weight { get; }

    /// <summary>1 to 9; 5 is normal, less is condensed.</summary>
    public int Width { get; }

    public bool IsItalic { get; }

    /// <summary>The faces of a file; none where it cannot be read or is no font.</summary>
    public static IReadOnlyList<FontEntry> Read(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var header = Bytes(file, 0, 12 + (4 * 256));
            var entries = new List<FontEntry>();
            for (var index = 0; index < TableDirectory.CountFaces(new FontData(header)); index++)
            {
                if (ReadFace(file, header, path, index) is { } entry)
                {
                    entries.Add(entry);
                }
            }

            return entries;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The face; null where the file turns out to be no usable font. Read by the first who asks.</summary>
    public FontFace? Face(Func<byte[]?> readFile)
    {
        lock (_lock)
        {
            if (!_isRead)
            {
                _face = readFile() is { } bytes ? FontFace.Read(bytes, Index) : null;
                _isRead = true;
            }

            return _face;
        }
    }

    /// <summary>How far this is from what is wanted; 0 is the very face.</summary>
    public int DistanceTo(string family, int weight, bool italic)
    {
        var distance = Math.Abs(Weight - weight) + (Math.Abs(Width - 5) * 1000);
        distance += IsItalic == italic ? 0 : 5000;

        // The name of the family of four says more than the typographic family, to which also "Light" and "Black" belong.
        return string.Equals(Family, family, StringComparison.OrdinalIgnoreCase) ? distance : distance + 100_000;
    }

    /// <summary>Whether the face has a character. Reads its character map alone, so that looking for a character that no font has
    /// does not bring all of them into memory.</summary>
    public bool Has(int codePoint)
    {
        lock (_lock)
        {
            return (_characters ??= ReadCharacters()).GlyphOf(codePoint) != 0;
        }
    }

    private CharacterMap ReadCharacters()
    {
        try
        {
            using var file = File.OpenHandle(Path);
            return CharacterMap.Read(new FontData(Bytes(file, _cmap.Offset, _cmap.Length)), ushort.MaxValue);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CharacterMap.Read(default, 0);
        }
    }

    private static FontEntry? ReadFace(SafeFileHandle file, byte[] header, string path, int index)
    {
        var start = header.AsSpan().StartsWith("ttcf"u8) ? new FontData(header).Offset32(12 + (4 * index)) : 0;
        var directory = Bytes(file, start, 12 + (16 * 64));
        var count = Math.Min((int)new FontData(directory).U16(4), 64);
        byte[] names = [], os2 = [], head = [];
        var (hasOutlines, cmap) = (false, (Offset: 0, Length: 0));
        for (var i = 0; i < count; i++)
        {
            var record = new FontData(directory).From(12 + (16 * i));
            var (tag, offset, length) = (record.U32(0), record.Offset32(8), Math.Min(record.Offset32(12), MaxTableBytes));
            if (tag == FontFace.Tag("name"))
            {
                names = Bytes(file, offset, length);
            }
            else if (tag == FontFace.Tag("OS/2"))
            {
                os2 = Bytes(file, offset, length);
            }
            else if (tag == FontFace.Tag("head"))
            {
                head = Bytes(file, offset, length);
            }

            cmap = tag == FontFace.Tag("cmap") ? (offset, length) : cmap;
            hasOutlines |= tag == FontFace.Tag("glyf") || tag == FontFace.Tag("CFF ");
        }

        var table = NameTable.Read(new FontData(names));
        return hasOutlines && table.Family.Length > 0 ? new(path, index, table, new FontData(os2), new FontData(head), cmap) : null;
    }

    private static byte[] Bytes(SafeFileHandle file, long offset, int count)
    {
        var bytes = new byte[count];
        var read = RandomAccess.Read(file, bytes, offset);
        return read == count ? bytes : bytes[..Math.Max(read, 0)];
    }
}
