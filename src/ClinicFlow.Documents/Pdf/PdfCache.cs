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
    private readonly ConditionalWeakTable<FontFace, PdfFace> _faces = [];
    private readonly ConditionalWeakTable<Fragment, FragmentContent> _fragments = [];
    private readonly ConditionalWeakTable<PictureSource, PdfPicture> _pictures = [];

    public PdfFace FaceOf(FontFace face) => _faces.TryGetValue(face, out var known) ? known : _faces.GetValue(face, static f => new(f));

    /// <summary>The content of a shared fragment, if it is known.</summary>
    public bool TryGet(Fragment fragment, out FragmentContent? content) => _fragments.TryGetValue(fragment, out content);

    /// <summary>Keeps the content of a shared fragment; the first that is kept stays.</summary>
    public FragmentContent Keep(Fragment fragment, FragmentContent content) => _fragments.GetValue(fragment, _ => content);

    /// <summary>A picture; read once for a <see cref="PictureSource"/>, and kept as long as that is.</summary>
    /// <exception cref="PictureUnusableException">The file is damaged or of a kind that cannot be drawn.</exception>
    public PdfPicture PictureOf(PictureSource source) => _pictures.TryGetValue(source, out var known) ? known : _pictures.GetValue(source, PdfPicture.Read);
}
