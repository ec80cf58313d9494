using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Pages;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// What many documents have in common, made once: faces, font subsets, and the content of shared fragments and their pictures. Shared by threads.
/// Nothing of a fragment that holds a patient's data gets in here: the only way in is <see cref="Fragment.IsShared"/>, and of a document's
/// own text it keeps which alphabets it used, at most.
/// </summary>
internal sealed class PdfCache
{
    private const int MaxSubsets = 256;

    private readonly ConditionalWeakTable<FontFace, PdfFace> _faces = [];
    private readonly ConditionalWeakTable<Fragment, FragmentContent> _fragments = [];
    private readonly ConditionalWeakTable<PictureSource, PdfPicture> _pictures = [];
    private readonly ConcurrentDictionary<SubsetKey, FontSubset> _subsets = new();

    public PdfFace FaceOf(FontFace face) => _faces.TryGetValue(face, out var known) ? known : _faces.GetValue(face, static f => new(f));

    /// <summary>The content of a shared fragment, if it is known.</summary>
    public bool TryGet(Fragment fragment, out FragmentContent? content) => _fragments.TryGetValue(fragment, out content);

    /// <summary>Keeps the content of a shared fragment; the first that is kept stays.</summary>
    public FragmentContent Keep(Fragment fragment, FragmentContent content) => _fragments.GetValue(fragment, _ => content);

    /// <summary>A picture; read once for a <see cref="PictureSource"/>, and kept as long as that is.</summary>
    /// <exception cref="PictureUnusableException">The file is damaged or of a kind that cannot be drawn.</exception>
    public PdfPicture PictureOf(PictureSource source) => _pictures.TryGetValue(source, out var known) ? known : _pictures.GetValue(source, PdfPicture.Read);

    /// <summary>The subset for glyphs that are widened already; cut once where their text is that of the face itself.</summary>
    public FontSubset SubsetOf(PdfFace face, ulong[] glyphs, SortedDictionary<ushort, string>? learned)
    {
        if (learned is { Count: > 0 })
        {
            return FontSubset.Make(face, glyphs, learned); // The text of joined letters is the document's own.
        }

        var key = new SubsetKey(face, glyphs);
        if (_subsets.TryGetValue(key, out var known))
        {
            return known;
        }

        var made = FontSubset.Make(face, glyphs, null);
        if (_subsets.Count >= MaxSubsets)
        {
            _subsets.Clear();
        }

        return _subsets.GetOrAdd(new(face, [.. glyphs]), made);
    }

    private readonly struct SubsetKey(PdfFace face, ulong[] glyphs) : IEquatable<SubsetKey>
    {
        private readonly PdfFace _face = face;
        private readonly ulong[] _glyphs = glyphs;

        public bool Equals(SubsetKey other) => ReferenceEquals(_face, other._face) && _glyphs.AsSpan().SequenceEqual(other._glyphs);

        public override bool Equals(object? obj) => obj is SubsetKey other && Equals(other);

        public override int GetHashCode() =>
            HashCode.Combine(RuntimeHelpers.GetHashCode(_face), System.IO.Hashing.XxHash3.HashToUInt64(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_glyphs.AsSpan())));
    }
}
