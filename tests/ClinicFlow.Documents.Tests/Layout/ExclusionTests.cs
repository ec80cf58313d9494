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

    /// <summary>Two legs and a bar across their tops, like the letter U on its head.</summary>
    private static readonly ImmutableArray<ShapePoint> Arch = [new(0, 0), new(1, 0), new(1, 1), new(0.9, 1), new(0.9, 0.2), new(0.1, 0.2), new(0.1, 1), new(0, 1)];

    /// <summary>A float of 400 by 100 at (50, 0), in a column from 0 to 500.</summary>
    private static string GapsOfWide(WrapKind kind, double top, double bottom, double distance = 0, WrapSides sides = WrapSides.Both)
    {
        var floats = new Exclusions();
        floats.Add(new Exclusion(50 - distance, 0, 450 + distance, 100, sides, WrapOutline.Of(new(kind, WrapSide.Both, new(new(distance), Pt.Zero, new(distance), Pt.Zero), Arch))));
        var gaps = new List<Gap>();
        floats.FindGaps(0, 700, top, bottom, gaps, out _);
        return string.Join(" ", gaps.Select(gap => FormattableString.Invariant($"{gap.Left:0.#}-{gap.Right:0.#}")));
    }

    [Fact]
    public void Tight_text_stays_out_of_hollows_and_through_text_goes_into_them()
    {
        Assert.Equal("450-700", GapsOfWide(WrapKind.Tight, 40, 60));
        Assert.Equal("90-410 450-700", GapsOfWide(WrapKind.Through, 40, 60));
        Assert.Equal("450-700", GapsOfWide(WrapKind.Through, 10, 30)); // touches the bar
        Assert.Equal("100-400 460-700", GapsOfWide(WrapKind.Through, 40, 60, distance: 10));
        Assert.Equal("450-700", GapsOfWide(WrapKind.Through, 40, 60, sides: WrapSides.Right));
    }

    [Fact]
    public void A_line_through_slanted_sides_keeps_clear_of_all_that_they_cover_within_its_height()
        => Assert.Equal("0-205 295-500", Gaps(new(WrapKind.Through, WrapSide.Both, Insets.None, Diamond), 40, 45));

    [Fact]
    public void An_outline_that_is_the_box_or_is_no_area_counts_as_the_box()
    {
        Assert.Equal("0-200 300-500", Gaps(new(WrapKind.Tight, WrapSide.Both, Insets.None, [new(0, 0), new(0, 0.98), new(0.98, 0.98), new(0.98, 0)]), 0, 10));
        Assert.Equal("0-200 300-500", Gaps(new(WrapKind.Tight, WrapSide.Both, Insets.None, [new(0, -99_420), new(0.03, -99_420), new(0, -99_420)]), 0, 10));
        Assert.Equal("0-200 300-500", Gaps(new(WrapKind.Square, WrapSide.Both, Insets.None, Diamond), 0, 10));
    }
}
