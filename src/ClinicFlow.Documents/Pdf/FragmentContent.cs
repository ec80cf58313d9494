using ClinicFlow.Documents.Layout.Pages;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// What a fragment becomes in a content stream: operators in the fragment's own coordinates (y up, its origin at 0, 0), with gaps where
/// numbers of marked content go, and what it needs of the page's resources. The kept ones belong to shared fragments and are never changed.
/// </summary>
internal sealed class FragmentContent(PdfCache cache)
{
    public PdfBuffer Bytes { get; } = new(1024);

    /// <summary>How many of the bytes are letters of strings of one byte each.</summary>
    public int Letters { get; set; }

    /// <summary>How many glyphs are named by their CIDs, of two bytes each.</summary>
    public int Cids { get; set; }

    public List<StructureMark> Marks { get; } = [];

    public GlyphUse Glyphs { get; } = new(cache);

    public List<PdfPicture> Pictures { get; } = [];

    public List<PdfShading> Shadings { get; } = [];

    public List<PdfPattern> Patterns { get; } = [];

    /// <summary>A bit for each opacity (0 to 255) that is used.</summary>
    public UInt128 OpacitiesLow { get; set; }

    public UInt128 OpacitiesHigh { get; set; }

    public void UseOpacity(byte alpha)
    {
        if (alpha < 128)
        {
            OpacitiesLow |= UInt128.One << alpha;
        }
        else
        {
            OpacitiesHigh |= UInt128.One << (alpha - 128);
        }
    }

    public void Clear()
    {
        Bytes.Clear();
        Marks.Clear();
        Glyphs.Clear();
        Pictures.Clear();
        Shadings.Clear();
        Patterns.Clear();
        (Letters, Cids) = (0, 0);
        (OpacitiesLow, OpacitiesHigh) = (0, 0);
    }
}

/// <summary>A gap for the number of a marked content.</summary>
/// <param name="Offset">Where in the bytes it goes.</param>
/// <param name="Structure">The node, relative as in <see cref="PageItem.Structure"/>.</param>
internal readonly record struct StructureMark(int Offset, int Structure);
