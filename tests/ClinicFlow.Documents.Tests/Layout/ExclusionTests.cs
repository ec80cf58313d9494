using System.Collections.Immutable;
using ClinicFlow.Documents.Layout.Flow;
using ClinicFlow.Documents.Model;
using Xunit;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Where text may stand beside a float. Expected values come from docs/layout.md, "Floats".</summary>
public sealed class ExclusionTests
{
    private static readonly ImmutableArray<ShapePoint> Diamond = [new(0.5, 0), new(1, 0.5), new(0.5, 1), new(0, 0.5)];

    /// <summary>A float of 100 by 100 at (200, 0), in a column from 0 to 500.</summary>
    private static string Gaps(TextWrap wrap, double top, double bottom)
    {
        var distance = wrap.Distance;
        var floats = new Exclusions();
        floats.Add(new Exclusion(200 - distance.Left.Value, 0, 300 + distance.Right.Value, 100, WrapSides.Both, WrapOutline.Of(wrap)));
        var gaps = new List<Gap>();
        floats.FindGaps(0, 500, top, bottom, gaps, out _);
        return string.Join(" ", gaps.Select(gap => FormattableString.Invariant($"{gap.Left:0.#}-{gap.Right:0.#}")));
    }

    [Theory]
    [InlineData(0, 10, "0-240 260-500")]
    [InlineData(40, 60, "0-200 300-500")]
    [InlineData(90, 99.99, "0-240 260-500")]
    [InlineData(101, 110, "0-500")]
    public void Text_along_an_outline_keeps_clear_of_its_widest_part_within_the_line(double top, double bottom, string expected)
        => Assert.Equal(expected, Gaps(new(WrapKind.Tight, WrapSide.Both, Insets.None, Diamond), top, bottom));

    [Fact]
    public void Distances_are_kept_at_both_sides_of_an_outline()
        => Assert.Equal("0-231 269-500", Gaps(new(WrapKind.Tight, WrapSide.Both, new(new(9), Pt.Zero, new(9), Pt.Zero), Diamond), 0, 10));

    [Fact]
    public void An_outline_that_is_the_box_or_is_no_area_counts_as_the_box()
    {
        Assert.Equal("0-200 300-500", Gaps(new(WrapKind.Tight, WrapSide.Both, Insets.None, [new(0, 0), new(0, 0.98), new(0.98, 0.98), new(0.98, 0)]), 0, 10));
        Assert.Equal("0-200 300-500", Gaps(new(WrapKind.Tight, WrapSide.Both, Insets.None, [new(0, -99_420), new(0.03, -99_420), new(0, -99_420)]), 0, 10));
        Assert.Equal("0-200 300-500", Gaps(new(WrapKind.Square, WrapSide.Both, Insets.None, Diamond), 0, 10));
    }
}
