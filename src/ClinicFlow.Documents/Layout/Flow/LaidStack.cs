using System.Runtime.InteropServices;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>Blocks one below the other.</summary>
/// <param name="room">How many blocks are expected.</param>
internal sealed class LaidStack(int room = 0) : LaidBlock
{
    private readonly List<Entry> _entries = new(room);
    private List<PlacedFloat>? _floats;

    /// <summary>A block at its place. Where it is a paragraph with a box: whose, and how the box joins its neighbours'.</summary>
    private readonly record struct Entry(LaidBlock Block, double X, double Top, Paragraph? Boxed, bool IsShared, bool Continues, double Width, double PreviousEnd)
    {
        public double Bottom => Top + Block.Height;
    }

    public ReadOnlySpan<PlacedFloat> Floats => CollectionsMarshal.AsSpan(_floats);

    /// <summary>Drawings of a cell that are placed by the page.</summary>
    public List<PageFloat>? FloatsOfPage { get; private set; }

    public void Add(PlacedFloat placed) => (_floats ??= []).Add(placed);

    public void Add(PageFloat own) => (FloatsOfPage ??= []).Add(own);

    /// <summary>Where its lowest float ends that keeps text away; a cell is at least that high.</summary>
    public double FloatBottom { get; private set; }

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>Between its text margins.</summary>
    public double Width { get; init; }

    public void Add(LaidBlock block, double x, double top, Paragraph? paragraph = null, bool isShared = false, bool continues = false, double width = 0, double previousEnd = 0)
        => _entries.Add(new(block, x, top, paragraph is not null && ParagraphBox.Has(paragraph) ? paragraph : null, isShared, continues, width, previousEnd));

    public void Close(double height, Exclusions floats)
    {
        Height = height;
        for (var i = 0; i < floats.Count; i++)
        {
            FloatBottom = Math.Max(FloatBottom, floats.All[i].Bottom);
        }
    }

    public override Slice Cut(double from, double room, bool mustMove)
    {
        var height = 0.0;
        var end = from;
        var isFirst = true;
        var previousBottom = 0.0;
        foreach (var entry in _entries)
        {
            if (entry.Bottom <= from + Noise && from > 0)
            {
                previousBottom = entry.Bottom;
                continue;
            }

            var start = Math.Max(0, from - entry.Top);
            var gap = isFirst ? (from > 0 ? 0 : entry.Top) : entry.Top - previousBottom;
            var whole = entry.Block.HeightOf(start, entry.Block.Height);
            if (height + gap + whole > room + Noise)
            {
                var cut = entry.Block.Cut(start, room - height - gap, mustMove && isFirst);
                if (cut.To <= start + Noise && entry.Block.Height > Noise)
                {
                    return new(end, height, Inline.LineEnding.Wrap);
                }

                if (cut.To < entry.Block.Height - Noise || cut.Forced != Inline.LineEnding.Wrap)
                {
                    return new(entry.Top + cut.To, height + gap + cut.Height, cut.Forced);
                }
            }

            height += gap + whole;
            end = entry.Bottom;
            previousBottom = entry.Bottom;
            isFirst = false;
        }

        return new(Height, height, Inline.LineEnding.Wrap);
    }

    public override double HeightOf(double from, double to)
    {
        var height = 0.0;
        var isFirst = true;
        var previousBottom = 0.0;
        foreach (var entry in _entries)
        {
            if (entry.Bottom <= from + Noise && from > 0)
            {
                previousBottom = entry.Bottom;
                continue;
            }

            if (entry.Top >= to - Noise && to < Height - Noise)
            {
                break;
            }

            var start = Math.Max(0, from - entry.Top);
            var piece = entry.Block.HeightOf(start, Math.Min(entry.Block.Height, to - entry.Top));
            if (piece <= 0 && to < Height - Noise)
            {
                break;
            }

            height += (isFirst ? (from > 0 ? 0 : entry.Top) : entry.Top - previousBottom) + piece;
            previousBottom = entry.Bottom;
            isFirst = false;
        }

        // The last paragraph's space is part of the stack where all of it stands on one page.
        return to >= Height - Noise && from <= 0 ? Height : height;
    }

    public override double Paint(Canvas canvas, double x, double y, double from, double to)
    {
        if (from <= 0)
        {
            foreach (var placed in Floats)
            {
                placed.Paint(canvas, x, y);
            }
        }

        if (FloatsOfPage is { } ofPage)
        {
            PaintFloatsOfPage(ofPage, canvas, x, y, from, to);
        }

        var height = 0.0;
        var isFirst = true;
        var previousBottom = 0.0;
        foreach (var entry in _entries)
        {
            if (entry.Bottom <= from + Noise && from > 0)
            {
                previousBottom = entry.Bottom;
                continue;
            }

            if (entry.Top >= to - Noise && to < Height - Noise)
            {
                break;
            }

            var start = Math.Max(0, from - entry.Top);
            var end = Math.Min(entry.Block.Height, to - entry.Top);
            var piece = entry.Block.HeightOf(start, end);
            if (piece <= 0 && to < Height - Noise)
            {
                break;
            }

            height += isFirst ? (from > 0 ? 0 : entry.Top) : entry.Top - previousBottom;
            if (entry.Boxed is { } paragraph)
            {
                var isStart = start <= 0;
                var isEnd = end >= entry.Block.Height - Noise;
                var above = entry.IsShared && isStart && !isFirst ? entry.Top - entry.PreviousEnd : isStart ? ParagraphBox.TopInset(paragraph, entry.IsShared) : 0;
                var below = isEnd ? ParagraphBox.BottomInset(paragraph, entry.Continues) : 0;
                ParagraphBox.Paint(canvas, paragraph, x + entry.X, entry.Width, y + height - above, y + height + piece + below, isStart, entry.IsShared, isEnd && !entry.Continues);
            }

            entry.Block.Paint(canvas, x + entry.X, y + height, start, end);
            height += piece;
            previousBottom = entry.Bottom;
            isFirst = false;
        }

        return to >= Height - Noise && from <= 0 ? Height : height;
    }

    // With the piece that has their paragraph's start. Where the canvas is no page, the cell is as good as one.
    private void PaintFloatsOfPage(List<PageFloat> floats, Canvas canvas, double x, double y, double from, double to)
    {
        foreach (var (drawing, laid, top) in floats)
        {
            if (top >= from - Noise && (top < to - Noise || to >= Height - Noise))
            {
                var page = canvas.Page?.Frame ?? FloatFrame.OfBox(Width, Height).From(-x, -y);
                FloatPlacer.Place(drawing, laid, page with { ParagraphTop = y + top - from, CharacterLeft = x }).Paint(canvas, 0, 0);
            }
        }
    }

    public override void CollectNotes(double from, double to, List<NoteReference> notes)
    {
        foreach (var entry in _entries)
        {
            if (entry.Bottom > from + Noise && entry.Top < to + Noise)
            {
                entry.Block.CollectNotes(Math.Max(0, from - entry.Top), to - entry.Top, notes);
            }
        }
    }
}

/// <summary>A drawing that leaves the cell it hangs in.</summary>
/// <param name="Drawing">Which.</param>
/// <param name="Float">Laid out.</param>
/// <param name="Top">Top of its paragraph in the stack.</param>
internal sealed record PageFloat(Drawing Drawing, LaidFloat Float, double Top);
