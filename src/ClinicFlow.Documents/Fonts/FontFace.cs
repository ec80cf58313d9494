using System.Buffers.Binary;

namespace ClinicFlow.Documents.Fonts;

/// <summary>How a face describes its outlines.</summary>
internal enum OutlineKind : byte
{
    /// <summary>Quadratic curves in <c>glyf</c>.</summary>
    TrueType,

    /// <summary>Cubic curves in <c>CFF</c>.</summary>
    Cff,
}

/// <summary>
/// One face of a font file: its metrics, characters and advances. Immutable and shared by threads; the file is in memory once.
/// </summary>
internal sealed class FontFace
{
    private readonly byte[] _file;
    private readonly CharacterMap _characters;
    private readonly ushort[] _advances;
    private readonly Dictionary<uint, (int Offset, int Length)> _tables;
    private readonly Lazy<HarfBuzzFont> _harfBuzz;
    private readonly Lazy<uint> _fingerprint;

    private FontFace(byte[] file, int index, Dictionary<uint, (int Offset, int Length)> tables, string name)
    {
        _file = file;
        _tables = tables;
        Index = index;

        var head = Table("head");
        UnitsPerEm = head.U16(18) is >= 16 and <= 16384 and var units ? units : 1000;
        Box = (head.I16(36), head.I16(38), head.I16(40), head.I16(42));
        GlyphCount = Math.Max(1, (int)Table("maxp").U16(4));
        Outlines = tables.ContainsKey(Tag("CFF ")) ? OutlineKind.Cff : OutlineKind.TrueType;

        var os2 = Table("OS/2");
        var hhea = Table("hhea");
        Line = LineOf(hhea, os2);
        var post = Table("post");
        ItalicAngle = post.Length >= 8 ? (int)post.U32(4) / 65536f : 0;
        IsMonospaced = post.U32(12) != 0;
        Underline = post.I16(10) > 0 ? new(Em(post.I16(8)), Em(post.I16(10))) : new(-0.1f, 0.05f);
        Strikeout = os2.I16(26) > 0 ? new(Em(os2.I16(28) - (os2.I16(26) / 2)), Em(os2.I16(26))) : new(0.25f, 0.05f);
        Weight = os2.U16(4) is >= 1 and <= 1000 and var weight ? weight : 400;
        IsItalic = (os2.U16(62) & 1) != 0 || (head.U16(44) & 2) != 0;
        CapHeight = os2.U16(0) >= 2 && os2.I16(88) > 0 ? Em(os2.I16(88)) : 0.7f;
        XHeight = os2.U16(0) >= 2 && os2.I16(86) > 0 ? Em(os2.I16(86)) : 0.5f;
        EmbeddingRights = os2.U16(8);
        PostScriptName = name;

        _advances = ReadAdvances(hhea.U16(34));
        _characters = CharacterMap.Read(Table("cmap"), GlyphCount);
        _fingerprint = new(() => unchecked(System.IO.Hashing.XxHash32.HashToUInt32(_file) + ((uint)Index * 0x9E3779B1)));
        _harfBuzz = new(() => new HarfBuzzFont(_file, Index, UnitsPerEm));
    }

    /// <summary>Reads a face. What the file has wrong beyond its frame shows as missing glyphs.</summary>
    /// <param name="file">The file: TrueType, OpenType, or a collection of them. Kept, and never written to.</param>
    /// <param name="index">Which face of a collection; 0 otherwise.</param>
    /// <returns>Null where this is no font that text can be set in (no outlines, no characters, no advances).</returns>
    public static FontFace? Read(byte[] file, int index = 0)
    {
        if (TableDirectory.Read(file, index) is not { } tables)
        {
            return null;
        }

        var hasOutlines = tables.ContainsKey(Tag("CFF ")) || (tables.ContainsKey(Tag("glyf")) && tables.ContainsKey(Tag("loca")));
        if (!hasOutlines || !tables.ContainsKey(Tag("cmap")) || !tables.ContainsKey(Tag("hmtx")) || !tables.ContainsKey(Tag("hhea")) || !tables.ContainsKey(Tag("head")) || !tables.ContainsKey(Tag("maxp")))
        {
            return null;
        }

        var name = tables.TryGetValue(Tag("name"), out var at) ? NameTable.Read(new FontData(file).Slice(at.Offset, at.Length)).PostScript : "";
        return new FontFace(file, index, tables, NameTable.SafePostScript(name));
    }

    /// <summary>Which face of a collection.</summary>
    public int Index { get; }

    /// <summary>Its PostScript name, of letters, digits and hyphens only.</summary>
    public string PostScriptName { get; }

    /// <summary>Design units in an em.</summary>
    public int UnitsPerEm { get; }

    /// <summary>How many glyphs there are; every id below is valid.</summary>
    public int GlyphCount { get; }

    public OutlineKind Outlines { get; }

    /// <summary>This face's own line; see <see cref="ResolvedFont.Line"/> for the requested one.</summary>
    public FontLine Line { get; }

    public FontRule Underline { get; }

    public FontRule Strikeout { get; }

    /// <summary>Height of capitals in parts of the em.</summary>
    public float CapHeight { get; }

    /// <summary>Height of a small x in parts of the em.</summary>
    public float XHeight { get; }

    /// <summary>Degrees; negative leans to the right.</summary>
    public float ItalicAngle { get; }

    /// <summary>100 to 900; 400 is regular, 700 bold.</summary>
    public int Weight { get; }

    public bool IsItalic { get; }

    public bool IsMonospaced { get; }

    /// <summary>All glyphs lie within, in design units.</summary>
    public (short Left, short Bottom, short Right, short Top) Box { get; }

    /// <summary><c>OS/2.fsType</c>: 2 alone forbids embedding.</summary>
    public int EmbeddingRights { get; }

    /// <summary>Whether the file is a variable font, drawn at its default instance.</summary>
    public bool IsVariable => _tables.ContainsKey(Tag("fvar"));

    /// <summary>The glyph of a character; 0 where there is none.</summary>
    public ushort GlyphOf(int codePoint) => _characters.GlyphOf(codePoint);

    /// <summary>Whether there is a glyph for a character.</summary>
    public bool Has(int codePoint) => _characters.GlyphOf(codePoint) != 0;

    /// <summary>All characters that have a glyph.</summary>
    public IEnumerable<(int CodePoint, ushort Glyph)> Characters() => _characters.All();

    /// <summary>Advance of a glyph in design units; 0 for an id that does not exist.</summary>
    public int AdvanceOf(ushort glyph) => glyph < _advances.Length ? _advances[glyph] : 0;

    /// <summary>Advance of a glyph in parts of the em.</summary>
    public float EmAdvanceOf(ushort glyph) => (float)AdvanceOf(glyph) / UnitsPerEm;

    /// <summary>The box around a glyph's outline in design units, y up; empty for one without an outline.</summary>
    public (int Left, int Bottom, int Right, int Top) BoundsOf(ushort glyph) => glyph < GlyphCount ? HarfBuzz.BoundsOf(glyph) : default;

    /// <summary>Bytes of a table; empty where there is none.</summary>
    public FontData Table(string tag) => _tables.TryGetValue(Tag(tag), out var at) ? new FontData(_file).Slice(at.Offset, at.Length) : default;

    /// <summary>Whether a table is there.</summary>
    public bool HasTable(string tag) => _tables.ContainsKey(Tag(tag));

    /// <summary>The whole file, for a subsetter.</summary>
    public ReadOnlyMemory<byte> File => _file;

    /// <summary>A number that is the same for the same face of the same file everywhere, and that tells faces of a document apart.</summary>
    public uint Fingerprint => _fingerprint.Value;

    /// <summary>HarfBuzz' view of this face; made when first needed.</summary>
    public HarfBuzzFont HarfBuzz => _harfBuzz.Value;

    internal static uint Tag(string tag) => BinaryPrimitives.ReadUInt32BigEndian([(byte)tag[0], (byte)tag[1], (byte)tag[2], (byte)tag[3]]);

    // hhea, which Word uses; where it is empty, the typographic values, then those of Windows.
    private FontLine LineOf(FontData hhea, FontData os2)
    {
        var (ascent, descent, gap) = ((int)hhea.I16(4), (int)hhea.I16(6), (int)hhea.I16(8));
        if (ascent == 0 && descent == 0)
        {
            (ascent, descent, gap) = (os2.I16(68), os2.I16(70), os2.I16(72));
        }

        if (ascent == 0 && descent == 0)
        {
            (ascent, descent, gap) = (os2.U16(74), -os2.U16(76), 0);
        }

        return ascent == 0 && descent == 0 ? new(0.8f, 0.2f, 0) : new(Em(ascent), Em(Math.Abs(descent)), Em(Math.Max(0, gap)));
    }

    private float Em(int units) => (float)units / UnitsPerEm;

    // Glyphs beyond the long metrics have the last long advance.
    private ushort[] ReadAdvances(int longMetrics)
    {
        var hmtx = Table("hmtx");
        var advances = new ushort[GlyphCount];
        var last = 0;
        for (var glyph = 0; glyph < advances.Length; glyph++)
        {
            last = glyph < longMetrics ? hmtx.U16(glyph * 4) : last;
            advances[glyph] = (ushort)last;
        }

        return advances;
    }
}
