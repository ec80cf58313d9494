using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>
/// Sets a page's header and footer, and where they leave room for text. Evidence: docs/layout.md, "Headers and footers".
/// </summary>
internal sealed class HeadersAndFooters(LayoutParts parts)
{
    public void Set(FlowPage page)
    {
        var section = page.Section;
        var geometry = page.Geometry;
        var margins = section.Margins;
        page.Top = geometry.Margins.Top;
        page.Bottom = geometry.Margins.Bottom;
        page.Margins.Page = parts.Settings.CompatibilityMode < 15 ? new(FrameOf(page)) : null;
        if (Choose(section.Headers, page) is { } header)
        {
            var top = margins.Header.Value;
            var stack = Lay(header, page, top);
            stack.Paint(page.Margins, geometry.Margins.Left, top, 0, stack.Height);
            AddFloats(page, stack, top);
            if (margins.Top.Value >= 0)
            {
                page.Top = Math.Max(page.Top, top + stack.Height);
            }
        }

        if (Choose(section.Footers, page) is { } footer)
        {
            var stack = Lay(footer, page, geometry.Height - margins.Footer.Value);
            var top = geometry.Height - margins.Footer.Value - stack.Height;
            if (!stack.Floats.IsEmpty)
            {
                stack = Lay(footer, page, top);
            }

            stack.Paint(page.Margins, geometry.Margins.Left, top, 0, stack.Height);
            AddFloats(page, stack, top);
            if (margins.Bottom.Value >= 0)
            {
                page.Bottom = Math.Min(page.Bottom, top);
            }
        }

        // Headers that leave no room for text would make pages without end.
        if (page.Bottom - page.Top < 20)
        {
            (page.Top, page.Bottom) = (Math.Min(geometry.Margins.Top, geometry.Height / 2), Math.Max(geometry.Margins.Bottom, geometry.Height / 2));
            if (page.Bottom - page.Top < 20)
            {
                (page.Top, page.Bottom) = (0, geometry.Height);
            }
        }
    }

    private HeaderFooter? Choose(HeaderFooterSet set, FlowPage page)
    {
        if (page.Section.HasTitlePage && page.IsFirstOfSection)
        {
            return set.First;
        }

        return parts.Settings.EvenAndOddHeaders && page.IsEven ? set.Even : set.Default;
    }

    private LaidStack Lay(HeaderFooter content, FlowPage page, double top)
    {
        var geometry = page.Geometry;
        return parts.Stacks.Lay(content.Blocks, new StackPlace
        {
            Width = geometry.Margins.Width,
            GridPitch = PageFlow.GridPitchOf(page.Section),
            IsArtifact = true,
            Frame = FrameOf(page).From(geometry.Margins.Left, top),
        });
    }

    private static FloatFrame FrameOf(FlowPage page) => new()
    {
        Page = new Box(0, 0, page.Geometry.Width, page.Geometry.Height),
        Margins = page.Geometry.Margins,
        ColumnLeft = page.Geometry.Margins.Left,
        ColumnWidth = page.Geometry.Margins.Width,
        IsEvenPage = page.IsEven,
    };

    // What floats in a header and reaches into the page keeps text away there too.
    private static void AddFloats(FlowPage page, LaidStack stack, double top)
    {
        foreach (var placed in stack.Floats)
        {
            if (placed.Exclusion is { } e)
            {
                var left = page.Geometry.Margins.Left;
                page.Floats.Add(e with { Left = e.Left + left, Right = e.Right + left, Top = e.Top + top, Bottom = e.Bottom + top });
            }
        }
    }
}
