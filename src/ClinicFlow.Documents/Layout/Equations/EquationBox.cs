using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using Fill = ClinicFlow.Documents.Layout.Pages.Fill;

namespace ClinicFlow.Documents.Layout.Equations;

/// <summary>
/// A part of an equation that is set: how far it reaches from the left end of its baseline, and what it draws. Immutable, and shared by documents where its paragraph is.
/// Lengths are points.
/// </summary>
internal abstract class EquationBox
{
    public required double Width { get; init; }

    /// <summary>Above the baseline; the outlines themselves, not a font's line.</summary>
    public required double Ascent { get; init; }

    /// <summary>Below the baseline, positive.</summary>
    public required double Descent { get; init; }

    public double Height => Ascent + Descent;

    /// <summary>How far its last letter leans beyond its width.</summary>
    public double ItalicsCorrection { get; init; }

    /// <summary>Where an accent's middle stands above it; null: over its middle.</summary>
    public double? AccentAt { get; init; }

    /// <summary>One letter or sign: scripts then stand by the font's heights, whatever the letter's own.</summary>
    public bool IsCharacter { get; init; }

    /// <summary>Draws it.</summary>
    /// <param name="into">Where to.</param>
    /// <param name="x">Left end of the baseline.</param>
    /// <param name="y">The baseline, down from the fragment's top.</param>
    /// <param name="node">The equation's node.</param>
    /// <param name="paintOf">Gives the colour of a format.</param>
    public abstract void Paint(FragmentBuilder into, double x, double y, int node, Func<CharacterFormat, Paint> paintOf);
}

/// <summary>Glyphs of one face after each other, or pieces of one sign.</summary>
internal sealed class EquationGlyphs : EquationBox
{
    public required FontFace Face { get; init; }

    public required double Size { get; init; }

    public required CharacterFormat Format { get; init; }

    public required LaidGlyph[] Glyphs { get; init; }

    public required string Text { get; init; }

    public bool IsSyntheticBold { get; init; }

    public bool IsSyntheticItalic { get; init; }

    public override void Paint(FragmentBuilder into, double x, double y, int node, Func<CharacterFormat, Paint> paintOf) => into.AddRun(
        new GlyphRun
        {
            Face = Face,
            Size = (float)Size,
            Color = paintOf(Format),
            X = (float)x,
            Baseline = (float)y,
            HorizontalScale = 1,
            IsSyntheticBold = IsSyntheticBold,
            IsSyntheticItalic = IsSyntheticItalic,
        },
        Glyphs,
        Text,
        node);
}

/// <summary>A filled rectangle from the ascent to the descent: a fraction's bar, the line of a root.</summary>
internal sealed class EquationRule : EquationBox
{
    public required CharacterFormat Format { get; init; }

    /// <summary>One that lies on the baseline.</summary>
    public static EquationRule Across(double width, double thickness, CharacterFormat format) => new() { Width = width, Ascent = thickness, Descent = 0, Format = format };

    public override void Paint(FragmentBuilder into, double x, double y, int node, Func<CharacterFormat, Paint> paintOf)
        => into.Add(new Fill((float)x, (float)(y - Ascent), (float)Width, (float)Height, paintOf(Format)), node);
}

/// <summary>A slanting line from corner to corner.</summary>
internal sealed class EquationStroke : EquationBox
{
    public required CharacterFormat Format { get; init; }

    public required double Thickness { get; init; }

    public required bool IsRising { get; init; }

    public override void Paint(FragmentBuilder into, double x, double y, int node, Func<CharacterFormat, Paint> paintOf)
    {
        var (from, to) = IsRising ? (y + Descent, y - Ascent) : (y - Ascent, y + Descent);
        into.Add(new Pages.Stroke((float)x, (float)from, (float)(x + Width), (float)to, (float)Thickness, paintOf(Format), Pages.DashKind.Solid), node);
    }
}

/// <summary>A box in another.</summary>
/// <param name="Box">What.</param>
/// <param name="X">To the right of the other's left end.</param>
/// <param name="Y">Its baseline below the other's.</param>
internal readonly record struct PlacedBox(EquationBox Box, double X, double Y);

/// <summary>Boxes at their places, in the order in which they are read.</summary>
internal sealed class EquationGroup : EquationBox
{
    public required PlacedBox[] Children { get; init; }

    public override void Paint(FragmentBuilder into, double x, double y, int node, Func<CharacterFormat, Paint> paintOf)
    {
        foreach (var child in Children)
        {
            child.Box.Paint(into, x + child.X, y + child.Y, node, paintOf);
        }
    }

    /// <summary>Boxes as wide as stated and as high as they reach.</summary>
    public static EquationGroup Of(double width, params ReadOnlySpan<PlacedBox> children)
    {
        var (ascent, descent) = Reach(children);
        return new() { Width = width, Ascent = ascent, Descent = descent, Children = [.. children] };
    }

    /// <summary>How far boxes reach above and below; nothing reaches nowhere.</summary>
    public static (double Ascent, double Descent) Reach(ReadOnlySpan<PlacedBox> children)
    {
        var (ascent, descent) = (double.NegativeInfinity, double.NegativeInfinity);
        foreach (var child in children)
        {
            ascent = Math.Max(ascent, child.Box.Ascent - child.Y);
            descent = Math.Max(descent, child.Box.Descent + child.Y);
        }

        return double.IsInfinity(ascent) ? (0, 0) : (ascent, descent);
    }

    public static EquationGroup Empty { get; } = new() { Width = 0, Ascent = 0, Descent = 0, Children = [] };
}
