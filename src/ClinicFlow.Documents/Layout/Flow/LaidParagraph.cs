using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>A picture or shape in a line, at its place in the paragraph.</summary>
internal readonly record struct InlineObject(Drawing Drawing, double Left, double Top, int Line, int Node);

/// <summary>
/// A paragraph in lines, at its place in a document's structure. The lines of one width never change and can be shared by documents, with what the whole
/// paragraph looks like (<see cref="SetLines"/>).
/// </summary>
internal sealed class LaidParagraph : LaidBlock
{
    private readonly BlockPainter _painter;
    private readonly SetLines _set;

    public LaidParagraph(BlockPainter painter, ShapedParagraph shaped, SetLines set)
    {
        (_painter, Shaped, _set, Height) = (painter, shaped, set, set.Height);
    }

    public ShapedParagraph Shaped { get; }

    public Paragraph Source => Shaped.Source;

    public Line[] Lines => _set.Lines;

    /// <summary>Whether a page or column ends within it.</summary>
    public bool BreaksPage => _set.BreaksPage;

    /// <summary>Between the text margins.</summary>
    public double Width => _set.Width;

    /// <summary>What automatic text stands on; null for paper.</summary>
    public Rgb? Background => _set.Background;

    /// <summary>Its place in the structure; null for artifacts.</summary>
    public StructureOwner? Owner { get; init; }

    /// <summary>Lines of the same paragraph stand in the area before.</summary>
    public bool IsContinued { get; init; }

    /// <summary>
    /// Whether a piece may end behind a line (docs/layout.md, "Pages": two lines stay together at both ends, three never split).
    /// </summary>
    private bool MayEndAt(int line, int first)
    {
        if (line == Lines.Length - 1 || Lines[line].Ending is LineEnding.PageBreak or LineEnding.ColumnBreak)
        {
            return true;
        }

        if (Lines[line + 1].ContinuesRow || Lines[line].MovesAtEnd)
        {
            return false;
        }

        var format = Source.Format;
        if (format.KeepsLines)
        {
            return false;
        }

        if (!format.HasWidowControl)
        {
            return true;
        }

        return (first > 0 || IsContinued || line >= 1) && Lines.Length - 1 - line >= 2;
    }

    /// <summary>Height of the least that can stand on a page: two lines, or all where they must not be parted.</summary>
    public double SmallestPiece()
    {
        for (var i = 0; i < Lines.Length; i++)
        {
            if (MayEndAt(i, 0))
            {
                return Lines[i].Bottom;
            }
        }

        return Height;
    }

    /// <summary>The last place within the room where its lines may be parted; 0 where there is none.</summary>
    public double LastPartingWithin(double room)
    {
        var at = 0.0;
        for (var i = 0; i < Lines.Length - 1 && Lines[i].Bottom - Lines[i].ExtraLeading <= room + Noise; i++)
        {
            at = MayEndAt(i, 0) ? Lines[i].Bottom : at;
        }

        return at;
    }

    public override Slice Cut(double from, double room, bool mustMove)
    {
        var first = FirstLineAfter(from);
        if (first >= Lines.Length)
        {
            return new(Height, 0, LineEnding.Wrap);
        }

        var top = first == 0 ? 0 : Lines[first].Top;
        var best = -1;
        var anyFits = -1;
        for (var i = first; i < Lines.Length; i++)
        {
            var line = Lines[i];

            // An empty paragraph may hang over by what is below its baseline (docs/layout.md, "Pages").
            var need = Shaped.IsEmpty ? line.Top + line.Baseline : line.Bottom - line.ExtraLeading;
            if (need - top > room + Noise)
            {
                break;
            }

            anyFits = i;
            if (MayEndAt(i, first))
            {
                best = i;
            }

            if (line.Ending is LineEnding.PageBreak or LineEnding.ColumnBreak)
            {
                return new(Lines[i].Bottom, Lines[i].Bottom - top, line.Ending);
            }
        }

        if (best < 0 && mustMove)
        {
            best = Math.Max(first, anyFits);
            while (best + 1 < Lines.Length && Lines[best + 1].ContinuesRow)
            {
                best++;
            }
        }

        return best < 0 ? new(from, 0, LineEnding.Wrap) : new(Lines[best].Bottom, Lines[best].Bottom - top, LineEnding.Wrap);
    }

    public override double Paint(Canvas canvas, double x, double y, double from, double to)
    {
        var (first, last) = (FirstLineAfter(from), FirstLineAfter(to));
        if (first >= last)
        {
            return 0;
        }

        Fragment fragment;
        InlineObject[] objects;
        var top = first == 0 ? 0 : Lines[first].Top;
        if (first == 0 && last == Lines.Length)
        {
            (fragment, objects) = _set.Whole ??= _painter.PaintLines(this, 0, Lines.Length, Source.IsOfTemplate && (!Shaped.DependsOnDocument || Shaped.Counts is not null));
        }
        else
        {
            (fragment, objects) = _painter.PaintLines(this, first, last, isShared: false);
        }

        canvas.Add(fragment, x, y, Owner);
        foreach (var item in objects)
        {
            _painter.Drawings.Paint(canvas, item.Drawing, x + item.Left, y + item.Top, Owner, item.Node);
        }

        AddLandmarks(canvas, x, y - top, first, last);
        return Lines[last - 1].Bottom - (first == 0 ? 0 : Lines[first].Top);
    }

    public override double HeightOf(double from, double to)
    {
        var (first, last) = (FirstLineAfter(from), FirstLineAfter(to));
        return first >= last ? 0 : Lines[last - 1].Bottom - (first == 0 ? 0 : Lines[first].Top);
    }

    public override void CollectNotes(double from, double to, List<NoteReference> notes)
    {
        if (Shaped.Notes.Length == 0)
        {
            return;
        }

        var (first, last) = (FirstLineAfter(from), FirstLineAfter(to));
        if (first >= last)
        {
            return;
        }

        var (start, end) = (Lines[first].Start, Lines[last - 1].End);
        foreach (var note in Shaped.Notes)
        {
            if (!note.Thing.IsEndnote && note.At >= start && (note.At < end || (note.At == end && last == Lines.Length)))
            {
                notes.Add(note.Thing);
            }
        }
    }

    /// <summary>Index of the first line that ends behind a cut.</summary>
    public int FirstLineAfter(double cut)
    {
        var (low, high) = (0, Lines.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Lines[middle].Bottom > cut + Noise ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private void AddLandmarks(Canvas canvas, double x, double y, int first, int last)
    {
        foreach (var bookmark in Shaped.Bookmarks)
        {
            for (var i = first; i < last; i++)
            {
                if (bookmark.At >= Lines[i].Start && (bookmark.At < Lines[i].End || i == Lines.Length - 1))
                {
                    canvas.Landmarks.Add(new(bookmark.Thing, -1, x, y + Lines[i].Top));
                    break;
                }
            }
        }

        if (first == 0 && Source.Format.OutlineLevel is { } level && Owner is not null && !string.IsNullOrWhiteSpace(Shaped.Text))
        {
            canvas.Landmarks.Add(new(TitleOf(), level + 1, x, y));
        }
    }

    private string TitleOf()
    {
        var shown = Shaped.Text;
        for (var i = Shaped.Spans.Length - 1; i >= 0; i--)
        {
            if (Shaped.Spans[i] is { Part: { Index: 0 } part, Start: var at })
            {
                shown = shown.Insert(at, part.Source.AlternativeText);
            }
        }

        var text = shown.Replace('\t', ' ').Replace('\n', ' ').Replace("\uFFFC", "", StringComparison.Ordinal).Trim();
        return Source.Label is { IsBullet: false, Text.Length: > 0 } label ? label.Text + " " + text : text;
    }
}
