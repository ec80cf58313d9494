using ClinicFlow.Documents.Model.Metafiles;
using Xunit;

namespace ClinicFlow.Documents.Tests.Model.Metafiles;

/// <summary>Windows metafiles ([MS-WMF]): what is drawn, and what is refused.</summary>
public sealed class WmfTests
{
    private static readonly int[][] Page = [[0x020B, 0, 0], [0x020C, 100, 200], [0x0102, 1]];

    private static string Show(params int[][] records) => WmfFile.Show(WmfFile.Of([.. Page, .. records]), 200, 100);

    private static string? Refusal(params int[][] records) => MetafileReader.ReadWmf(WmfFile.Of([.. Page, .. records])).Reason;

    [Fact]
    public void Lines_and_areas_have_their_places_and_colours()
        => Assert.Equal(
            """
            fill 0000FF line FF0000 4 M0,0 L100,50 L200,100 Z
            fill 0000FF M100,50 L200,50 L200,100 L100,100 Z
            line FF0000 4 M10,20 L30,40
            line FF0000 4 M0,0 L200,100
            line FF0000 4 M200,50 C200,22.4 177.6,0 150,0
            fill 0000FF line FF0000 4 M0,0 L9,0 L9,9 Z M1,1 L2,1 L2,2 Z
            """.ReplaceLineEndings("\n"),
            Show(
                [0x02FC, 0, 0x0000, 0x00FF, 0], [0x012D, 0], // a blue brush: bytes 00 00 FF
                [0x02FA, 0, 4, 0, 0x00FF, 0x0000], [0x012D, 1], // a red pen of width 4
                [0x0324, 3, 0, 0, 100, 50, 200, 100],
                [0x02FA, 5, 0, 0, 0, 0], [0x012D, 2], // no pen
                [0x041B, 100, 200, 50, 100],
                [0x012D, 1],
                [0x0214, 20, 10], [0x0213, 40, 30], [0x0325, 2, 0, 0, 200, 100],
                [0x0817, 0, 150, 50, 200, 100, 200, 0, 100],
                [0x0538, 2, 3, 3, 0, 0, 9, 0, 9, 9, 1, 1, 2, 1, 2, 2]));

    [Fact]
    public void A_placeable_file_says_its_box_and_an_ellipse_touches_its_sides()
    {
        byte[] placeable = [0xD7, 0xCD, 0xC6, 0x9A, 0, 0, 10, 0, 10, 0, 30, 0, 30, 0, 0x60, 0, 0, 0, 0, 0, 0, 0];

        Assert.Equal("fill FFFFFF line 000000 0 M20,10 C20,15.5 15.5,20 10,20 C4.5,20 0,15.5 0,10 C0,4.5 4.5,0 10,0 C15.5,0 20,4.5 20,10 Z", WmfFile.Show([.. placeable, .. WmfFile.Of([0x0418, 30, 30, 10, 10])], 20, 20));
    }

    [Fact]
    public void Text_is_read_with_and_without_widths()
        => Assert.Equal(
            """
            text 'Größe' Arial -12 FF0000 Left Baseline at 10,50
            text 'ab' Arial -12 FF0000 Left Baseline at 20,60 widths 7 8
            fill FFFFFF M1,2 L30,2 L30,40 L1,40 Z
            text 'c' Arial -12 FF0000 Left Baseline at 20,60 within M1,2 L30,2 L30,40 L1,40 Z
            text 'Ж' Arial 14 FF0000 Left Baseline at 5,6 turned 90
            """.ReplaceLineEndings("\n"),
            Show(
                WmfFile.Font(-12, "Arial"), [0x012D, 0], [0x0209, 0x00FF, 0], [0x012E, 24],
                [0x0521, 5, .. WmfFile.Words(0x47, 0x72, 0xF6, 0xDF, 0x65, 0), 50, 10],
                [0x0A32, 60, 20, 2, 0, .. WmfFile.Words(0x61, 0x62), 7, 8],
                [0x0A32, 60, 20, 1, 6, 1, 2, 30, 40, .. WmfFile.Words(0x63, 0)],
                WmfFile.Font(14, "Arial Cyr", escapement: 900), [0x012D, 1], [0x0521, 1, 0x00C6, 6, 5]));

    [Fact]
    public void Bitmaps_are_drawn_by_all_records_that_have_one()
    {
        // One row of two pixels, red and blue.
        int[] bitmap = WmfFile.Words([.. EmfFile.Header(2, 1, 24), 0, 0, 255, 255, 0, 0, 0, 0]);

        Assert.Equal(
            """
            bitmap 10,20 to 40,50: FF0000 0000FF
            bitmap 10,20 to 40,50: 0000FF
            bitmap 10,20 to 12,21: FF0000 0000FF
            bitmap 10,20 to 12,21: FF0000 0000FF
            fill 000000 M10,20 L40,20 L40,50 L10,50 Z
            """.ReplaceLineEndings("\n"),
            Show(
                [0x0F43, 0x0020, 0x00CC, 0, 1, 2, 0, 0, 30, 30, 20, 10, .. bitmap],
                [0x0B41, 0x0020, 0x00CC, 1, 1, 0, 1, 30, 30, 20, 10, .. bitmap],
                [0x0940, 0x0020, 0x00CC, 0, 0, 1, 2, 20, 10, .. bitmap],
                [0x0D33, 0, 1, 0, 0, 0, 1, 2, 20, 10, .. bitmap],
                [0x061D, 0x0042, 0x0000, 30, 30, 20, 10]));
    }

    [Fact]
    public void Drawing_is_cut_to_rectangles_until_what_was_saved_comes_back()
        => Assert.Equal(
            """
            fill FFFFFF line 000000 0 M0,0 L9,0 L9,9 L0,9 Z within M10,20 L50,20 L50,60 L10,60 Z
            fill FFFFFF line 000000 0 M0,0 L9,0 L9,9 L0,9 Z
            """.ReplaceLineEndings("\n"),
            Show([0x001E], [0x0416, 60, 50, 20, 10], [0x041B, 9, 9, 0, 0], [0x0127, -1], [0x041B, 9, 9, 0, 0]));

    [Theory]
    [InlineData(0x0419, "the record FloodFill")]
    [InlineData(0x012A, "the record InvertRegion")]
    [InlineData(0x020E, "the record SetViewportExt")]
    [InlineData(0x0B23, "a bitmap that only one device knew (record StretchBlt)")]
    [InlineData(0x0777, "the record 0x0777")]
    public void A_file_with_anything_else_is_not_read_and_says_why(int function, string reason)
        => Assert.Equal(reason, Refusal([0x0324, 2, 0, 0, 10, 10], [function, .. new int[20]]));

    [Fact]
    public void A_file_without_a_page_draws_nothing()
        => Assert.Equal("a page without a size (record 0x0324)", MetafileReader.ReadWmf(WmfFile.Of([0x0324, 2, 0, 0, 10, 10])).Reason);
}
