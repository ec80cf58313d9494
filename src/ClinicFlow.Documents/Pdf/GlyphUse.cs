using System.Numerics;
using System.Runtime.InteropServices;
using ClinicFlow.Documents.Fonts;

namespace ClinicFlow.Documents.Pdf;

/// <summary>Which glyphs of which faces a content uses; one list may be poured into another.</summary>
internal sealed class GlyphUse(PdfCache cache)
{
    private const int MostIdle = 16;

    private readonly List<FaceUse> _faces = [];
    private readonly List<FaceUse> _idle = [];

    /// <summary>In the order of first use.</summary>
    public IReadOnlyList<FaceUse> Faces => _faces;

    public FaceUse Of(FontFace face)
    {
        // A document has a handful of faces, so looking through them is quicker than a table.
        foreach (var use in CollectionsMarshal.AsSpan(_faces))
        {
            if (ReferenceEquals(use.Face.Face, face))
            {
                return use;
            }
        }

        var added = TakeIdle(face) ?? new FaceUse(cache.FaceOf(face));
        _faces.Add(added);
        return added;
    }

    private FaceUse? TakeIdle(FontFace face)
    {
        for (var i = 0; i < _idle.Count; i++)
        {
            if (ReferenceEquals(_idle[i].Face.Face, face))
            {
                var found = _idle[i];
                _idle.RemoveAt(i);
                return found;
            }
        }

        return null;
    }

    public void Add(GlyphUse other)
    {
        foreach (var use in CollectionsMarshal.AsSpan(other._faces))
        {
            Of(use.Face.Face).Add(use);
        }
    }

    public void Clear()
    {
        foreach (var use in _faces)
        {
            if (_idle.Count < MostIdle)
            {
                use.Clear();
                _idle.Add(use);
            }
        }

        _faces.Clear();
    }
}

/// <summary>Glyphs of one face that are used.</summary>
internal sealed class FaceUse(PdfFace face)
{
    public PdfFace Face { get; } = face;

    /// <summary>A bit for each glyph.</summary>
    public ulong[] Glyphs { get; } = new ulong[(face.Face.GlyphCount + 63) / 64];

    /// <summary>Whether glyphs are named by CIDs, so that the composite font is needed.</summary>
    public bool HasCids { get; set; }

    private bool _hasAscii; // one of its letters, added as text

    /// <summary>Whether characters are named by bytes, so that the simple font is needed.</summary>
    public bool HasBytes { get; set; }

    /// <summary>Text of glyphs that no character leads to, such as ligatures and joined forms, as this content uses them first.</summary>
    public SortedDictionary<ushort, string>? Learned { get; private set; }

    /// <summary>Whether alphabets are all there is, and no glyph has a meaning of this content's own; known once it was widened.</summary>
    public bool IsOfAlphabets { get; private set; }

    /// <summary>Adds the rest of each alphabet that is used (<see cref="PdfFace.Widen"/>).</summary>
    public void Widen() => IsOfAlphabets = Face.Widen(Glyphs) && Learned is not { Count: > 0 };

    public void Clear()
    {
        Array.Clear(Glyphs);
        Learned = null;
        (IsOfAlphabets, HasCids, HasBytes, _hasAscii) = (false, false, false, false);
    }

    /// <summary>Adds text that is named by bytes (<see cref="PdfFace.Bytes"/>).</summary>
    public void AddText(ReadOnlySpan<char> text)
    {
        // A subset has the whole of each alphabet: one letter speaks for all of ASCII.
        if (!_hasAscii && text.IndexOfAnyInRange(' ', '~') is >= 0 and var first)
        {
            _hasAscii = true;
            Add(Face.Face.GlyphOf(text[first]));
        }

        HasBytes = true;
        for (; text.IndexOfAnyExceptInRange(' ', '~') is >= 0 and var other; text = text[(other + 1)..])
        {
            Add(Face.Face.GlyphOf(text[other]));
        }
    }

    public void Add(ushort glyph)
    {
        if ((uint)(glyph >> 6) < (uint)Glyphs.Length)
        {
            Glyphs[glyph >> 6] |= 1UL << (glyph & 63);
        }
    }

    /// <summary>Remembers what a glyph stands for; false where it is known to stand for something else.</summary>
    public bool Learn(ushort glyph, string text)
    {
        Learned ??= [];
        return Learned.TryAdd(glyph, text) || string.Equals(Learned[glyph], text, StringComparison.Ordinal);
    }

    public void Add(FaceUse other)
    {
        HasCids |= other.HasCids;
        HasBytes |= other.HasBytes;
        Join(Glyphs, other.Glyphs);
        if (other.Learned is { } learned)
        {
            Learned ??= [];
            foreach (var (glyph, text) in learned)
            {
                Learned.TryAdd(glyph, text);
            }
        }
    }

    private static void Join(Span<ulong> glyphs, ReadOnlySpan<ulong> others)
    {
        others = others[..glyphs.Length];
        var i = 0;
        for (; i + Vector<ulong>.Count <= glyphs.Length; i += Vector<ulong>.Count)
        {
            (new Vector<ulong>(glyphs[i..]) | new Vector<ulong>(others[i..])).CopyTo(glyphs[i..]);
        }

        for (; i < glyphs.Length; i++)
        {
            glyphs[i] |= others[i];
        }
    }
}
