using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>Where a block can be cut.</summary>
/// <param name="To">The cut, in the block's own measure; equal to where it was asked from: nothing fits.</param>
/// <param name="Height">What the piece takes on the page.</param>
/// <param name="Forced">A break in the text that ends the piece; <see cref="LineEnding.Wrap"/> for none.</param>
internal readonly record struct Slice(double To, double Height, LineEnding Forced);

/// <summary>
/// A block that is set in its width. It has a length of its own, from 0 to <see cref="Height"/>, and can be cut into pieces for pages; a piece is
/// what ends behind one cut and not behind the next. (The cells of a row are cut at different heights, so pieces can be higher than the cuts are apart.)
/// </summary>
internal abstract class LaidBlock
{
    /// <summary>For cuts: sums of many lengths are equal when they differ by less.</summary>
    public const double Noise = 0.001;

    public double Height { get; protected set; }

    /// <summary>Finds the last cut so that the piece from <paramref name="from"/> on fits.</summary>
    /// <param name="from">0, or an earlier cut.</param>
    /// <param name="room">Height that there is.</param>
    /// <param name="mustMove">The piece stands on an empty page: at least a line is taken, whether it fits or not.</param>
    public abstract Slice Cut(double from, double room, bool mustMove);

    /// <summary>Paints a piece with its top left corner at (x, y).</summary>
    /// <returns>Its height.</returns>
    public abstract double Paint(Canvas canvas, double x, double y, double from, double to);

    /// <summary>Height of a piece, as <see cref="Paint"/> gives it.</summary>
    public abstract double HeightOf(double from, double to);

    /// <summary>Adds the footnotes whose marks are in a piece.</summary>
    public virtual void CollectNotes(double from, double to, List<NoteReference> notes)
    {
    }
}
