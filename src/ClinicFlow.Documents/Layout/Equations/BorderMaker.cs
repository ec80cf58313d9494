using ClinicFlow.Documents.Model.Equations;

namespace ClinicFlow.Documents.Layout.Equations;

/// <summary>Draws the lines of boxes around and through what stands in them (m:borderBox).</summary>
internal static class BorderMaker
{
    private const double Padding = 0.15;

    /// <summary>A box with its lines.</summary>
    /// <param name="content">What stands in it.</param>
    /// <param name="box">Which lines it has.</param>
    /// <param name="line">Their thickness.</param>
    /// <param name="size">The em.</param>
    public static EquationGroup Around(EquationBox content, BorderBox box, double line, double size)
    {
        var padding = (Padding * size) + line;
        var (width, top, bottom) = (content.Width + (2 * padding), content.Ascent + padding, content.Descent + padding);
        var children = new List<PlacedBox> { new(content, padding, 0) };
        AddAcross(BoxLines.Top, -(top - line));
        AddAcross(BoxLines.Bottom, bottom);
        AddAcross(BoxLines.StrikeAcross, ((bottom - top) / 2) + (line / 2));
        AddDown(BoxLines.Left, 0);
        AddDown(BoxLines.Right, width - line);
        AddDown(BoxLines.StrikeDown, (width - line) / 2);
        AddSlanting(BoxLines.StrikeRising, isRising: true);
        AddSlanting(BoxLines.StrikeFalling, isRising: false);
        var (ascent, descent) = EquationGroup.Reach([.. children]);
        return new() { Width = width, Ascent = Math.Max(ascent, top), Descent = Math.Max(descent, bottom), Children = [.. children] };

        void AddAcross(BoxLines which, double y)
        {
            if (box.Lines.HasFlag(which))
            {
                children.Add(new(EquationRule.Across(width, line, box.Format), 0, y));
            }
        }

        void AddDown(BoxLines which, double x)
        {
            if (box.Lines.HasFlag(which))
            {
                children.Add(new(new EquationRule { Width = line, Ascent = top, Descent = bottom, Format = box.Format }, x, 0));
            }
        }

        void AddSlanting(BoxLines which, bool isRising)
        {
            if (box.Lines.HasFlag(which))
            {
                children.Add(new(new EquationStroke { Width = width, Ascent = top, Descent = bottom, Format = box.Format, Thickness = line, IsRising = isRising }, 0, 0));
            }
        }
    }
}
