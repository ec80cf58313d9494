using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>A column of a page.</summary>
internal readonly record struct ColumnBand(double Left, double Width);

/// <summary>The measures of a section's pages that do not depend on headers. Points from the page's left top corner.</summary>
internal sealed class PageGeometry
{
    public PageGeometry(Section section, DocumentSettings settings, bool isEvenPage)
    {
        var margins = section.Margins;
        (Width, Height) = (Math.Clamp(section.Page.Width.Value, 10, 14400), Math.Clamp(section.Page.Height.Value, 10, 14400));
        var (left, right) = (margins.Left.Value, margins.Right.Value);
        if (settings.MirrorMargins && isEvenPage)
        {
            (left, right) = (right, left);
        }

        var gutter = margins.Gutter.Value;
        var top = Math.Abs(margins.Top.Value);
        if (gutter > 0)
        {
            if (settings.GutterAtTop)
            {
                top += gutter;
            }
            else if (section.HasGutterAtRight != (settings.MirrorMargins && isEvenPage))
            {
                right += gutter;
            }
            else
            {
                left += gutter;
            }
        }

        // Margins that leave nothing are not followed: there is always room for a letter.
        var width = Math.Max(10, Width - left - right);
        var bottom = Math.Abs(margins.Bottom.Value);
        Margins = new Box(left, top, width, Math.Max(10, Height - top - bottom));
        Columns = ColumnsOf(section, left, width);
    }

    public double Width { get; }

    public double Height { get; }

    /// <summary>Between the margins that the section states.</summary>
    public Box Margins { get; }

    /// <summary>At least one, in the order in which they are filled.</summary>
    public ColumnBand[] Columns { get; }

    private static ColumnBand[] ColumnsOf(Section section, double left, double width)
    {
        var columns = section.Columns;
        var bands = new List<ColumnBand>();
        if (!columns.Widths.IsDefaultOrEmpty && columns.Widths.Length > 1)
        {
            var x = left;
            foreach (var column in columns.Widths)
            {
                bands.Add(new(x, Math.Max(1, column.Width.Value)));
                x += column.Width.Value + column.Space.Value;
            }
        }
        else
        {
            var count = Math.Clamp(columns.Count, 1, 45);
            var space = count > 1 ? columns.Space.Value : 0;
            var each = Math.Max(1, (width - (space * (count - 1))) / count);
            for (var i = 0; i < count; i++)
            {
                bands.Add(new(left + (i * (each + space)), each));
            }
        }

        if (section.IsRightToLeft)
        {
            // Columns run from the right.
            for (var i = 0; i < bands.Count; i++)
            {
                bands[i] = bands[i] with { Left = left + width - (bands[i].Left - left) - bands[i].Width };
            }
        }

        return [.. bands];
    }
}
