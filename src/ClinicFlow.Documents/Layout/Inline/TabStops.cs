using System.Collections.Immutable;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>A stop that a tab goes to. Position from the text margin at the side where lines start.</summary>
internal readonly record struct TabTarget(double Position, TabAlignment Alignment, TabLeader Leader, bool IsCustom);

/// <summary>Finds the stop for a tab. Evidence: docs/layout.md, "Tabs".</summary>
internal static class TabStops
{
    private const double Noise = 0.01;

    /// <summary>The next stop behind <paramref name="x"/>, measured from the text margin, not from the indent.</summary>
    /// <param name="stops">The paragraph's own stops in ascending order.</param>
    /// <param name="indentStart">The indent of a hanging paragraph is a stop of its own.</param>
    /// <param name="isHanging">Whether the first line starts before the others.</param>
    /// <param name="defaultStop">Distance of automatic stops.</param>
    /// <param name="x">Where the tab begins.</param>
    public static TabTarget Next(ImmutableArray<TabStop> stops, double indentStart, bool isHanging, double defaultStop, double x)
    {
        TabTarget? custom = null;
        foreach (var stop in stops)
        {
            if (stop.Alignment != TabAlignment.Bar && stop.Position.Value > x + Noise)
            {
                custom = new(stop.Position.Value, stop.Alignment, stop.Leader, IsCustom: true);
                break;
            }
        }

        if (isHanging && indentStart > x + Noise && (custom is null || indentStart < custom.Value.Position - Noise))
        {
            return new(indentStart, TabAlignment.Start, TabLeader.None, IsCustom: false);
        }

        if (custom is { } found)
        {
            return found;
        }

        // Automatic stops are multiples from the margin on, behind the last stop of the paragraph.
        var step = defaultStop > 1 ? defaultStop : 36;
        var next = (Math.Floor((x + Noise) / step) + 1) * step;
        return new(next, TabAlignment.Start, TabLeader.None, IsCustom: false);
    }
}
