using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Model.Equations;

namespace ClinicFlow.Documents.Layout.Equations;

/// <summary>Sets the rows of matrices and arrays below each other.</summary>
internal sealed class StackMaker(MathFont font)
{
    // Rows that are higher than a line keep this much of the em between them.
    private const double LeastGap = 0.2;

    /// <param name="rows">The rows.</param>
    /// <param name="alignment">What stands on the baseline of the text around.</param>
    /// <param name="spacing">The rule for the rows' distance.</param>
    /// <param name="line">A line's distance in parts of the em.</param>
    /// <param name="size">The em.</param>
    public EquationBox Stack(EquationBox[] rows, StackAlignment alignment, EquationSpacing spacing, double line, double size)
    {
        if (rows.Length <= 1)
        {
            return rows.Length == 0 ? EquationGroup.Empty : rows[0];
        }

        var baselines = new double[rows.Length];
        for (var i = 1; i < rows.Length; i++)
        {
            var touching = rows[i - 1].Descent + rows[i].Ascent;
            var distance = spacing.Exact is { } exact ? Math.Max(exact.Value, touching) : Math.Max(line * spacing.Lines * size, touching + (LeastGap * spacing.Lines * size));
            baselines[i] = baselines[i - 1] + distance;
        }

        var shift = alignment switch
        {
            StackAlignment.Top => 0,
            StackAlignment.Bottom => -baselines[^1],
            _ => ((rows[0].Ascent - (baselines[^1] + rows[^1].Descent)) / 2) - (font[MathConstant.AxisHeight] * size),
        };
        var placed = new PlacedBox[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            placed[i] = new(rows[i], 0, baselines[i] + shift);
        }

        return EquationGroup.Of(rows.Max(row => row.Width), placed);
    }
}
