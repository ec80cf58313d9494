using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Inline;

internal enum LineEnding : byte
{
    /// <summary>The next word did not fit.</summary>
    Wrap,
    LineBreak,
    PageBreak,
    ColumnBreak,
    Paragraph,
}

/// <summary>A tab with the width that it got in its line.</summary>
internal readonly record struct SetTab(int At, double Width, TabLeader Leader);

/// <summary>
/// A line of a paragraph, filled and measured. Horizontal lengths are from the text margin at the side where lines start (the right one in a
/// paragraph from right to left). A line beside floats can have several parts on one height; each is a line of its own here.
/// </summary>
internal sealed class Line
{
    public int Start { get; set; }

    /// <summary>Behind the last character, trailing spaces and the break included.</summary>
    public int End { get; set; }

    /// <summary>Behind the last character that is not a trailing space.</summary>
    public int VisibleEnd { get; set; }

    /// <summary>Where its text starts, alignment included.</summary>
    public double Left { get; set; }

    /// <summary>Width of the visible part, stretched spaces included.</summary>
    public double Width { get; set; }

    /// <summary>From the top of the paragraph's first line.</summary>
    public double Top { get; set; }

    public double Height { get; set; }

    /// <summary>From <see cref="Top"/>.</summary>
    public double Baseline { get; set; }

    /// <summary>What the text asks for without line spacing: highlights are as high as that.</summary>
    public Extent Natural { get; set; }

    /// <summary>What a multiple adds below the text; it may hang over the end of a page.</summary>
    public double ExtraLeading { get; set; }

    public LineEnding Ending { get; set; }

    public bool IsFirst { get; set; }

    /// <summary>A hyphen is drawn behind <see cref="VisibleEnd"/>.</summary>
    public bool HasHyphen { get; set; }

    /// <summary>Its last word was divided by automatic hyphenation.</summary>
    public bool IsDivided { get; set; }

    /// <summary>It must not be the last on a page or in a column.</summary>
    public bool MovesAtEnd { get; set; }

    /// <summary>Added to each space (or, where <see cref="StretchesAll"/>, each character) from <see cref="StretchFrom"/> on.</summary>
    public double Stretch { get; set; }

    public int StretchFrom { get; set; }

    public bool StretchesAll { get; set; }

    /// <summary>Where text may start.</summary>
    public double RoomStart { get; set; }

    /// <summary>Where text must end.</summary>
    public double RoomEnd { get; set; }

    /// <summary>Where the number or bullet starts, in the first line.</summary>
    public double LabelLeft { get; set; }

    /// <summary>Leader of the tab behind the label.</summary>
    public SetTab[] Tabs { get; set; } = [];

    /// <summary>Another part stands to the left of it on the same height.</summary>
    public bool ContinuesRow { get; set; }

    public double Bottom => Top + Height;
}
