using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using HarfBuzzSharp;

namespace ClinicFlow.Documents.Fonts;

/// <summary>HarfBuzz' view of a face. Made once, then read by any thread; it lives as long as the face does.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It is shared by threads and lives as long as its face; the finalizers of what it owns free it.")]
internal sealed class HarfBuzzFont
{
    private readonly GCHandle _pin;
    private readonly Blob _blob;

    public HarfBuzzFont(byte[] file, int index, int unitsPerEm)
    {
        // The bytes stay where they are: HarfBuzz reads them in place.
        _pin = GCHandle.Alloc(file, GCHandleType.Pinned);
        _blob = new Blob(_pin.AddrOfPinnedObject(), file.Length, MemoryMode.ReadOnly);
        _blob.MakeImmutable();
        Face = new Face(_blob, index);
        Face.MakeImmutable();
        Font = new Font(Face);
        Font.SetFunctionsOpenType();
        Font.SetScale(unitsPerEm, unitsPerEm);
    }

    ~HarfBuzzFont()
    {
        if (_pin.IsAllocated)
        {
            _pin.Free();
        }
    }

    public Face Face { get; }

    public Font Font { get; }

    /// <summary>The box around a glyph's outline in design units, y up.</summary>
    public (int Left, int Bottom, int Right, int Top) BoundsOf(ushort glyph) =>
        Font.TryGetGlyphExtents(glyph, out var box) ? (box.XBearing, box.YBearing + box.Height, box.XBearing + box.Width, box.YBearing) : default;
}
