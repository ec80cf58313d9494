using System.Collections.Immutable;

namespace ClinicFlow.Documents.Layout.Pages;

/// <summary>
/// Marks that belong together and move together: a paragraph's lines on one page, the borders of a table's piece, a picture.
/// Immutable and shared: the fragment of a paragraph that no data touches is the same object in every document of a batch,
/// so a writer can keep what it made of it.
/// </summary>
internal sealed class Fragment
{
    public static readonly Fragment Empty = new();

    /// <summary>In painting order.</summary>
    public ImmutableArray<PageItem> Items { get; init; } = [];

    public ImmutableArray<GlyphRun> Runs { get; init; } = [];

    /// <summary>The glyphs of all runs but natural ones; a run names its range. In visual order, left to right.</summary>
    public ImmutableArray<LaidGlyph> Glyphs { get; init; } = [];

    /// <summary>The text behind the glyphs (UTF-16); a run names its range.</summary>
    public string Text { get; init; } = "";

    /// <summary>The glyphs of a run.</summary>
    /// <param name="run">One of this fragment's.</param>
    /// <param name="room">For those of a natural run, which are worked out; made longer where it is too short.</param>
    public ReadOnlySpan<LaidGlyph> GlyphsOf(in GlyphRun run, ref LaidGlyph[] room)
    {
        if (!run.IsNatural)
        {
            return Glyphs.AsSpan().Slice(run.GlyphStart, run.GlyphCount);
        }

        if (room.Length < run.TextLength)
        {
            room = new LaidGlyph[run.TextLength];
        }

        var toPoints = run.Size * (run.HorizontalScale is 0 ? 1 : run.HorizontalScale) / run.Face.UnitsPerEm;
        for (var i = 0; i < run.TextLength; i++)
        {
            var glyph = run.Face.GlyphOf(Text[run.TextStart + i]);
            room[i] = new(glyph, run.TextStart + i, run.Face.AdvanceOf(glyph) * toPoints, 0, 0);
        }

        return room.AsSpan(0, run.TextLength);
    }

    /// <summary>From the origin of one of a run's glyphs to the next one's.</summary>
    public float AdvanceOf(in GlyphRun run, ReadOnlySpan<LaidGlyph> glyphs, int glyph)
    {
        var own = glyphs[glyph];
        var isStretched = run.Stretch != 0 && own.Cluster >= run.StretchFrom && own.Cluster < run.StretchTo && Text[own.Cluster] == ' '
            && (glyph + 1 >= glyphs.Length || glyphs[glyph + 1].Cluster != own.Cluster);
        return isStretched ? own.Advance + run.Stretch : own.Advance;
    }

    public ImmutableArray<Fill> Fills { get; init; } = [];

    public ImmutableArray<Stroke> Strokes { get; init; } = [];

    public ImmutableArray<Shape> Shapes { get; init; } = [];

    public ImmutableArray<Picture> Pictures { get; init; } = [];

    public ImmutableArray<GraphicsGroup> Groups { get; init; } = [];

    public ImmutableArray<LinkArea> Links { get; init; } = [];

    /// <summary>How runs are drawn that name one of these.</summary>
    public ImmutableArray<GlyphLook> Looks { get; init; } = [];

    /// <summary>
    /// Whether any document but the one being laid may have this fragment: false where it holds a patient's data.
    /// A writer keeps nothing of a fragment that is not shared.
    /// </summary>
    public bool IsShared { get; init; }
}

internal enum PageItemKind : byte
{
    GlyphRun,
    Fill,
    Stroke,
    Shape,
    Picture,

    /// <summary>The items up to the matching <see cref="EndGroup"/> are turned or cut.</summary>
    BeginGroup,

    /// <summary>Has no list of its own.</summary>
    EndGroup,
}

/// <summary>One mark of a fragment.</summary>
/// <param name="Kind">Which list it is in.</param>
/// <param name="Index">Its index in that list.</param>
/// <param name="Structure">
/// Its node in the structure tree, relative to <see cref="Placement.StructureBase"/>: 0 is the placed paragraph itself, more are the
/// nodes made right after it (label, link, figure). <see cref="Artifact"/>: no content (border, header, rule).
/// </param>
internal readonly record struct PageItem(PageItemKind Kind, int Index, int Structure)
{
    public const int Artifact = -1;
}
