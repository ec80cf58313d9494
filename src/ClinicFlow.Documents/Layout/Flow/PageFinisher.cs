using System.Collections.Immutable;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using Fill = ClinicFlow.Documents.Layout.Pages.Fill;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>
/// Makes the laid document of filled pages: adds what goes around the text (colour of the paper, page borders, lines between columns), moves the text of
/// sections that are not aligned to the top, numbers the structure in the order of what is painted, and gathers bookmarks and headings.
/// </summary>
/// <param name="document">The document.</param>
/// <param name="nodes">Where its structure is gathered; empty.</param>
internal sealed class PageFinisher(WordDocument document, ImmutableArray<StructureNode>.Builder nodes)
{
    private readonly List<Destination> _destinations = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<OutlineEntry> _outline = [];
    private readonly StructureOwner _root = new(StructureRole.Document, null) { Id = 0 };

    public LaidDocument Finish(List<FlowPage> pages)
    {
        nodes.Add(new(StructureRole.Document, -1));
        var laid = new List<LaidPage>(pages.Count);
        for (var i = 0; i < pages.Count; i++)
        {
            laid.Add(Finish(pages[i], i));
        }

        var information = document.Information;
        return new LaidDocument
        {
            Pages = laid,
            Structure = new(nodes.ToImmutable()),
            Destinations = _destinations,
            Outline = _outline,
            Facts = new(Stated(information.Title), Stated(information.Author), Stated(information.Subject), Stated(information.Keywords), information.Language),
        };
    }

    private static string? Stated(string text) => text.Length > 0 ? text : null;

    private LaidPage Finish(FlowPage page, int index)
    {
        var placements = new List<Placement>(page.Margins.Count + page.Body.Count + page.Notes.Count + 4);
        if (document.Background is { } paper)
        {
            var builder = new FragmentBuilder();
            builder.Add(new Fill(0, 0, (float)page.Geometry.Width, (float)page.Geometry.Height, BorderLines.PaintOf(paper)));
            placements.Add(new(builder.Build(), 0, 0, -1));
        }

        var borders = Borders(page);
        if (borders is not null && page.Section.Borders!.IsBehindText)
        {
            placements.Add(new(borders, 0, 0, -1));
        }

        Add(placements, page.Margins, 0);
        var shift = ShiftOf(page);
        Add(placements, page.Body, shift);
        Add(placements, page.Notes, 0);
        if (ColumnLines(page) is { } lines)
        {
            placements.Add(new(lines, 0, 0, -1));
        }

        if (borders is not null && !page.Section.Borders!.IsBehindText)
        {
            placements.Add(new(borders, 0, 0, -1));
        }

        foreach (var landmark in page.Body.Landmarks)
        {
            var y = landmark.Y + shift;
            if (landmark.OutlineLevel > 0)
            {
                _outline.Add(new(landmark.Name, landmark.OutlineLevel, index, y));
            }
            else if (_names.Add(landmark.Name))
            {
                _destinations.Add(new(landmark.Name, index, landmark.X, y));
            }
        }

        return new(page.Geometry.Width, page.Geometry.Height, placements);
    }

    private void Add(List<Placement> into, Canvas canvas, double shift)
    {
        foreach (var item in canvas.InOrder())
        {
            var number = item.Owner is { } owner ? NumberOf(owner) : -1;
            into.Add(new(item.Fragment, item.X, item.Y + shift, number)
            {
                Transform = item.Transform,
                Clip = item.Clip is { } clip && shift != 0 ? new(clip.Box with { Top = clip.Box.Top + shift }) : item.Clip,
            });
        }
    }

    // The text of a section that is centred or stands at the bottom moves as a whole.
    private static double ShiftOf(FlowPage page)
    {
        if (page.Section.VerticalAlign is not (VerticalAlignment.Center or VerticalAlignment.Bottom) || page.TextBottom <= page.Top)
        {
            return 0;
        }

        var free = Math.Max(0, page.Bottom - page.NotesHeight - page.TextBottom);
        return page.Section.VerticalAlign == VerticalAlignment.Center ? free / 2 : free;
    }

    private int NumberOf(StructureOwner owner)
    {
        if (owner.Id >= 0)
        {
            return owner.Id;
        }

        var parent = owner.Parent ?? _root;
        var parentId = NumberOf(parent);
        if (owner.ListId > 0)
        {
            // Items of one list after each other go into one list; the label's number comes first, the text's right behind it.
            if (parent.OpenListId != owner.ListId || parent.OpenListNode < 0)
            {
                parent.OpenListId = owner.ListId;
                parent.OpenListNode = Add(new(StructureRole.List, parentId));
            }

            var item = Add(new(StructureRole.ListItem, parent.OpenListNode));
            owner.Id = Add(new(StructureRole.ListLabel, item));
            AddInner(owner, Add(new(StructureRole.ListBody, item)));
            return owner.Id;
        }

        parent.OpenListNode = -1;
        owner.Id = Add(new(owner.Role, parentId)
        {
            AlternativeText = owner.AlternativeText,
            Language = owner.Language,
            ColumnSpan = owner.ColumnSpan,
            RowSpan = owner.RowSpan,
        });
        AddInner(owner, owner.Id);
        return owner.Id;
    }

    private void AddInner(StructureOwner owner, int content)
    {
        foreach (var inner in owner.Inner)
        {
            Add(new(inner.Role, content) { AlternativeText = inner.AlternativeText });
        }
    }

    private int Add(StructureNode node)
    {
        nodes.Add(node);
        return nodes.Count - 1;
    }

    private static Fragment? ColumnLines(FlowPage page)
    {
        if (!page.Section.Columns.HasSeparator || page.Geometry.Columns.Length < 2 || page.TextBottom <= page.Top)
        {
            return null;
        }

        var builder = new FragmentBuilder();
        var columns = page.Geometry.Columns;
        for (var i = 0; i + 1 < columns.Length; i++)
        {
            var x = (columns[i].Left + columns[i].Width + columns[i + 1].Left) / 2;
            builder.Add(new Fill((float)(x - 0.25), (float)page.Top, 0.5f, (float)(page.TextBottom - page.Top), Paint.Black));
        }

        return builder.Build();
    }

    private Fragment? Borders(FlowPage page)
    {
        if (page.Section.Borders is not { } borders)
        {
            return null;
        }

        var isFirst = page.IsFirstOfSection;
        if ((borders.Pages == PageBorderPages.First && !isFirst) || (borders.Pages == PageBorderPages.NotFirst && isFirst))
        {
            return null;
        }

        // From the page's edge inwards, or from the text outwards.
        var geometry = page.Geometry;
        var margins = geometry.Margins;
        var (topText, bottomText) = (margins.Top, margins.Bottom);
        if (!borders.IsFromPage)
        {
            topText = document.Settings.BordersSurroundHeader ? Math.Min(topText, page.Section.Margins.Header.Value) : page.Top;
            bottomText = document.Settings.BordersSurroundFooter ? Math.Max(bottomText, geometry.Height - page.Section.Margins.Footer.Value) : page.Bottom;
        }

        double Inset(Border? border) => border is null ? 0 : border.Space.Value;
        var left = borders.IsFromPage ? Inset(borders.Left) : margins.Left - Inset(borders.Left) - BorderLines.WidthOf(borders.Left);
        var right = borders.IsFromPage ? geometry.Width - Inset(borders.Right) : margins.Right + Inset(borders.Right) + BorderLines.WidthOf(borders.Right);
        var top = borders.IsFromPage ? Inset(borders.Top) : topText - Inset(borders.Top) - BorderLines.WidthOf(borders.Top);
        var bottom = borders.IsFromPage ? geometry.Height - Inset(borders.Bottom) : bottomText + Inset(borders.Bottom) + BorderLines.WidthOf(borders.Bottom);
        var builder = new FragmentBuilder();
        if (borders.Top is { } upper)
        {
            BorderLines.AddHorizontal(builder, upper, left, right, top, isMitred: true);
        }

        if (borders.Bottom is { } lower)
        {
            BorderLines.AddHorizontal(builder, lower, left, right, bottom - BorderLines.WidthOf(lower), isOuterBelow: true, isMitred: true);
        }

        if (borders.Left is { } leftLine)
        {
            BorderLines.AddVertical(builder, leftLine, top, bottom, left, isMitred: true);
        }

        if (borders.Right is { } rightLine)
        {
            BorderLines.AddVertical(builder, rightLine, top, bottom, right - BorderLines.WidthOf(rightLine), isOuterRight: true, isMitred: true);
        }

        BorderLines.AddShadow(builder, borders.Right, borders.Bottom, new(left, top, right - left, bottom - top));

        return builder.IsEmpty ? null : builder.Build();
    }
}
