using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using ClinicFlow.Documents.Fonts;

namespace ClinicFlow.Documents.Pdf;

/// <summary>A face as this writer knows it: how content names its glyphs, what they mean, and which of them go together into a file.</summary>
internal sealed class PdfFace
{
    // ASCII; Latin letters with marks, and signs of prose; those of Vietnamese; Greek; Cyrillic.
    private static readonly (int First, int Last)[][] AlphabetRanges =
    [
        [(0x20, 0x7E)],
        [(0xA0, 0x17F), (0x2013, 0x2014), (0x2018, 0x201E), (0x2020, 0x2022), (0x2026, 0x2026), (0x2030, 0x2030), (0x2039, 0x203A), (0x20AC, 0x20AC), (0x2122, 0x2122)],
        [(0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1EA0, 0x1EF9)],
        [(0x370, 0x3CF)],
        [(0x400, 0x45F), (0x490, 0x491)],
    ];

    private const int MaxSubsets = 64;

    private readonly ulong[][] _alphabets;
    private readonly ConcurrentDictionary<GlyphKey, FontSubset> _subsets = new();

    public PdfFace(FontFace face)
    {
        Face = face;
        Texts = new GlyphTexts(face);
        Cids = GlyphCids.Of(face);
        Glyphs = new GlyphCodes(face, Cids);
        ResourceName = System.Text.Encoding.ASCII.GetBytes($"/F{face.Fingerprint:X8}");
        ByteName = [.. ResourceName, (byte)'B'];
        _alphabets = [.. AlphabetRanges.Select(Bits)];
        var western = _alphabets[0].Zip(_alphabets[1], (ascii, latin) => ascii | latin).ToArray();
        Bytes = ByteCodes.Of(face, Texts, western);
        ByteGlyphs = Bytes is null ? null : new GlyphCodes(face, Bytes);
    }

    public FontFace Face { get; }

    public GlyphTexts Texts { get; }

    public GlyphCids Cids { get; }

    public GlyphCodes Glyphs { get; }

    /// <summary>Codes of one byte, for a simple font; null where the face can be no such font.</summary>
    public ByteCodes? Bytes { get; }

    /// <summary>The same by glyph.</summary>
    public GlyphCodes? ByteGlyphs { get; }

    /// <summary>Its name among a page's resources, with the slash; the same in every document, so that text which is written once goes with all.</summary>
    public byte[] ResourceName { get; }

    /// <summary>The name of the simple font.</summary>
    public byte[] ByteName { get; }

    /// <summary>
    /// Adds the rest of each alphabet of which a glyph is used. So nearly all documents of a template have the same subset, which is cut once,
    /// and a file's bytes still depend on nothing but its own text.
    /// </summary>
    /// <param name="glyphs">A bit for each glyph.</param>
    /// <returns>Whether alphabets are all there is: none is of the document's own.</returns>
    public bool Widen(Span<ulong> glyphs)
    {
        Span<ulong> own = stackalloc ulong[glyphs.Length];
        glyphs.CopyTo(own);
        own[0] &= ~1UL; // the sign for a missing glyph is in every subset
        foreach (var alphabet in _alphabets)
        {
            var isUsed = false;
            for (var i = 0; i < glyphs.Length && !isUsed; i++)
            {
                isUsed = (glyphs[i] & alphabet[i]) != 0;
            }

            for (var i = 0; isUsed && i < glyphs.Length; i++)
            {
                glyphs[i] |= alphabet[i];
                own[i] &= ~alphabet[i];
            }
        }

        return !own.ContainsAnyExcept(0UL);
    }

    /// <summary>The subset for glyphs that are widened already; cut once where their text is that of the face itself.</summary>
    /// <exception cref="FontUnusableException">The font program is damaged.</exception>
    public FontSubset SubsetOf(ulong[] glyphs, SortedDictionary<ushort, string>? learned)
    {
        if (learned is { Count: > 0 })
        {
            return FontSubset.Make(this, glyphs, learned); // What joined letters say is the document's own.
        }

        var key = new GlyphKey(glyphs);
        if (_subsets.TryGetValue(key, out var known))
        {
            return known;
        }

        var made = FontSubset.Make(this, glyphs, null);
        if (_subsets.Count >= MaxSubsets)
        {
            _subsets.Clear();
        }

        return _subsets.GetOrAdd(new([.. glyphs]), made);
    }

    private readonly struct GlyphKey(ulong[] glyphs) : IEquatable<GlyphKey>
    {
        private readonly ulong[] _glyphs = glyphs;

        public bool Equals(GlyphKey other) => _glyphs.AsSpan().SequenceEqual(other._glyphs);

        public override bool Equals(object? obj) => obj is GlyphKey other && Equals(other);

        public override int GetHashCode() => (int)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(_glyphs.AsSpan()));
    }

    private ulong[] Bits((int First, int Last)[] ranges)
    {
        var bits = new ulong[(Face.GlyphCount + 63) / 64];
        foreach (var (first, last) in ranges)
        {
            for (var c = first; c <= last; c++)
            {
                if (Face.GlyphOf(c) is > 0 and var glyph)
                {
                    bits[glyph >> 6] |= 1UL << (glyph & 63);
                }
            }
        }

        return bits;
    }
}
