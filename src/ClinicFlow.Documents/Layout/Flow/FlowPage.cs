using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>A page while it is being filled.</summary>
/// <param name="section">Whose paper, headers and footers it has.</param>
/// <param name="sectionIndex">Which of the document's sections that is.</param>
/// <param name="geometry">Its sizes.</param>
/// <param name="number">The number that is printed.</param>
/// <param name="isFirstOfSection">Whether it is.</param>
/// <param name="room">How many marks are expected of its text.</param>
internal sealed class FlowPage(Section section, int sectionIndex, PageGeometry geometry, int number, bool isFirstOfSection, int room = 0)
{
    public Section Section { get; } = section;

    public int SectionIndex { get; } = sectionIndex;

    public PageGeometry Geometry { get; } = geometry;

    /// <summary>The number that is printed.</summary>
    public int Number { get; } = number;

    public bool IsFirstOfSection { get; } = isFirstOfSection;

    public bool IsEven => Number % 2 == 0;

    /// <summary>Headers and footers.</summary>
    public Canvas Margins { get; set; } = new() { IsArtifact = true };

    public Canvas Body { get; set; } = new(room);

    public Canvas Notes { get; } = new();

    /// <summary>What text keeps clear of.</summary>
    public Exclusions Floats { get; } = new();

    /// <summary>Where the text begins and ends: the margins, pushed by headers and footers.</summary>
    public double Top { get; set; }

    public double Bottom { get; set; }

    /// <summary>Footnotes that stand on the page, whole or in part.</summary>
    public List<NotePiece> FootnotePieces { get; } = [];

    /// <summary>What the notes and the line above them take.</summary>
    public double NotesHeight { get; set; }

    /// <summary>Where the lowest line of its text ends.</summary>
    public double TextBottom { get; set; }

    /// <summary>Of styles that STYLEREF asks for: the first and the last paragraph's text on this page.</summary>
    public Dictionary<string, (string First, string Last)> StyleTexts { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether anything of the flow stands on it.</summary>
    public bool HasContent { get; set; }
}

/// <summary>A part of a footnote.</summary>
internal readonly record struct NotePiece(LaidStack Stack, double From, double To, double Height);
