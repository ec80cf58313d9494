using ClinicFlow.Documents.Model.Metafiles;
using Xunit;

namespace ClinicFlow.Documents.Tests.Model.Metafiles;

/// <summary>Bitmaps of enhanced metafiles: all depths and compressions, parts, transparency and raster operations.</summary>
public sealed class EmfBitmapTests
{
    private static EmfFile File => new(400, 300);

    // Two rows of two pixels, from the bottom up: blue and white, red and green.
    private static readonly byte[] FourPixels = [255, 0, 0, 255, 255, 255, 0, 0, 0, 0, 255, 0, 255, 0, 0, 0];

    [Fact]
    public void A_bitmap_is_drawn_at_its_place_with_its_pixels()
        => Assert.Equal(
            "bitmap 10,20 to 50,60: FF0000 00FF00 | 0000FF FFFFFF",
            File.Bitmap((10, 20, 40, 40), EmfFile.Header(2, 2, 24), FourPixels, (0, 0, 2, 2)).Show());

    [Fact]
    public void Rows_may_run_from_the_top_a_part_be_taken_from_below_and_the_place_be_mirrored()
        => Assert.Equal(
            """
            bitmap 10,20 to 50,60: 0000FF FFFFFF | FF0000 00FF00
            bitmap 10,20 to 50,60: 00FF00
            bitmap 10,20 to 50,60: FFFFFF
            bitmap 50,60 to 10,20: FF0000 00FF00 | 0000FF FFFFFF
            """.ReplaceLineEndings("\n"),
            File.Bitmap((10, 20, 40, 40), EmfFile.Header(2, -2, 24), FourPixels, (0, 0, 2, 2))
                .Bitmap((10, 20, 40, 40), EmfFile.Header(2, 2, 24), FourPixels, (1, 1, 1, 1))
                .Bitmap((10, 20, 40, 40), EmfFile.Header(2, -2, 24), FourPixels, (1, 1, 1, 1))
                .Bitmap((50, 60, -40, -40), EmfFile.Header(2, 2, 24), FourPixels, (0, 0, 2, 2)).Show());

    [Fact]
    public void Nothing_is_drawn_of_what_lies_beyond_a_bitmap_or_of_rows_that_are_not_there()
        => Assert.Equal(
            """
            bitmap 10,20 to 50,60: - - | 00FF00 -
            bitmap 10,20 to 12,22: - - | 0000FF FFFFFF
            """.ReplaceLineEndings("\n"),
            File.Bitmap((10, 20, 40, 40), EmfFile.Header(2, 2, 24), FourPixels, (1, 1, 2, 2))
                .AddBytes(EmfRecord.SetDIBitsToDevice, new byte[16], EmfFile.Bytes(10, 20, 0, 0, 2, 2, 76, 40, 116, 16, 0, 0, 1), EmfFile.Header(2, 2, 24), FourPixels).Show());

    public static TheoryData<string, int, int, int[], byte[], string> Depths => new()
    {
        { "1 bit", 1, 0, [0x000000, 0xFFCC00], [0b0100_0000, 0, 0, 0], "000000 FFCC00 000000" },
        { "4 bits", 4, 0, [0x010203, 0x040506, 0x070809], [0x12, 0x00, 0, 0], "040506 070809 010203" },
        { "8 bits", 8, 0, [0x010203, 0x040506], [1, 0, 1, 0], "040506 010203 040506" },
        { "16 bits", 16, 0, [], [0x00, 0x7C, 0xE0, 0x03, 0x1F, 0x00, 0, 0], "FF0000 00FF00 0000FF" },
        { "16 bits with masks", 16, 3, [0xF800, 0x07E0, 0x001F], [0x00, 0xF8, 0xE0, 0x07, 0x1F, 0x00, 0, 0], "FF0000 00FF00 0000FF" },
        { "24 bits", 24, 0, [], [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0], "030201 060504 090807" },
        { "32 bits", 32, 0, [], [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0], "030201 060504 090807" },
        { "8 bits in runs", 8, 1, [0x010203, 0x040506], [2, 1, 1, 0, 0, 1], "040506 040506 010203" },
        { "8 bits in runs and as they are", 8, 1, [0x010203, 0x040506], [0, 3, 1, 0, 1, 0, 0, 1], "040506 010203 040506" },
        { "4 bits in runs", 4, 2, [0x010203, 0x040506], [3, 0x10, 0, 1], "040506 010203 040506" },
    };

    [Theory]
    [MemberData(nameof(Depths))]
    public void Each_depth_and_compression_is_read(string kind, int depth, int compression, int[] colors, byte[] bits, string pixels)
        => Assert.Equal((kind, "bitmap 0,0 to 30,10: " + pixels), (kind, File.Bitmap((0, 0, 30, 10), EmfFile.Header(3, 1, depth, compression, colors), bits, (0, 0, 3, 1)).Show()));

    [Fact]
    public void A_JPEG_goes_in_as_it_is_and_a_damaged_one_is_refused()
    {
        var jpeg = Tests.Pdf.PictureMaker.FromPage("-jpeg");
        var file = File.Bitmap((0, 0, 30, 10), EmfFile.Header(200, 100, 0, 4), jpeg, (0, 0, 200, 100));

        Assert.Equal(jpeg, Assert.IsType<MetafileBitmap>(Assert.Single(file.Read().Drawing!.Items)).File.ToArray());
        Assert.Equal("a damaged bitmap (record StretchDIBits)", File.Bitmap((0, 0, 30, 10), EmfFile.Header(200, 100, 0, 4), jpeg[..40], (0, 0, 200, 100)).Refusal());
    }

    [Fact]
    public void Pixels_and_whole_bitmaps_may_be_transparent()
    {
        // Colours are stored multiplied by their opacity: half of a full red.
        byte[] half = [0, 0, 128, 128];
        var file = File.Blt(EmfRecord.AlphaBlend, (0, 0, 10, 10), 0x01FF0000, EmfFile.Header(1, 1, 32), half, (0, 0, 1, 1))
            .Blt(EmfRecord.AlphaBlend, (0, 0, 10, 10), 0x00800000, EmfFile.Header(1, 1, 24), [1, 2, 3, 0], (0, 0, 1, 1))
            .Blt(EmfRecord.TransparentBlt, (0, 0, 10, 10), 0x0000FF, EmfFile.Header(2, 2, 24), FourPixels, (0, 0, 2, 2));

        Assert.Equal(
            """
            bitmap 0,0 to 10,10: 80FF0000
            bitmap 0,0 to 10,10 opacity 0.5: 030201
            bitmap 0,0 to 10,10: - 00FF00 | 0000FF FFFFFF
            """.ReplaceLineEndings("\n"),
            file.Show());
    }

    [Fact]
    public void An_icon_of_a_mask_and_its_colours_is_one_bitmap_with_holes()
    {
        // The mask is white where what is below stays; there the colours are black.
        byte[] mask = [0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0], colors = [0, 0, 0, 1, 2, 3, 0, 0];
        var header = EmfFile.Header(2, 1, 24);
        EmfFile Mask() => File.Blt(EmfRecord.BitBlt, (0, 0, 2, 1), 0x8800C6, header, mask, (0, 0, 2, 1));

        Assert.Equal("bitmap 0,0 to 2,1: - 000000", Mask().Show());
        Assert.Equal("bitmap 0,0 to 2,1: - 030201", Mask().Blt(EmfRecord.BitBlt, (0, 0, 2, 1), 0x660046, header, colors).Show());
        Assert.Equal("bitmap 0,0 to 2,1: - 030201", Mask().Blt(EmfRecord.BitBlt, (0, 0, 2, 1), 0xEE0086, header, colors).Show());
        Assert.Equal("a bitmap or area mixed with what is below it (raster operation 660046) (record BitBlt)", Mask().Blt(EmfRecord.BitBlt, (5, 0, 2, 1), 0x660046, header, colors).Refusal());
        Assert.Equal("a bitmap or area mixed with what is below it (raster operation 660046) (record BitBlt)", File.Blt(EmfRecord.BitBlt, (0, 0, 2, 1), 0x660046, header, colors).Refusal());
    }

    [Fact]
    public void Areas_are_filled_by_operations_without_a_bitmap()
        => Assert.Equal(
            """
            fill FF0000 M0,0 L9,0 L9,9 L0,9 Z
            fill 000000 M0,0 L9,0 L9,9 L0,9 Z
            fill FFFFFF M0,0 L9,0 L9,9 L0,9 Z
            """.ReplaceLineEndings("\n"),
            File.Brush(1, 0x0000FF)
                .Blt(EmfRecord.BitBlt, (0, 0, 9, 9), 0xF00021, [], []).Blt(EmfRecord.BitBlt, (0, 0, 9, 9), 0x000042, [], []).Blt(EmfRecord.BitBlt, (0, 0, 9, 9), 0xFF0062, [], []).Show());

    [Fact]
    public void A_gradient_is_bands_from_one_colour_to_the_other()
    {
        byte[] Corner(int x, int y, int red, int blue) => [.. EmfFile.Bytes(x, y), 0, (byte)red, 0, 0, 0, (byte)blue, 0, 0];
        var bands = File.AddBytes(EmfRecord.GradientFill, new byte[16], EmfFile.Bytes(2, 1, 0), Corner(0, 0, 255, 0), Corner(128, 10, 0, 255), EmfFile.Bytes(0, 1)).Show().Split('\n');

        Assert.Equal(128, bands.Length);
        Assert.Equal("fill FE0001 M0,0 L128,0 L128,10 L0,10 Z", bands[0]);
        Assert.Equal("fill 0100FE M127,0 L128,0 L128,10 L127,10 Z", bands[127]);
    }

    [Theory]
    [InlineData(50_000, 1, 24, "a bitmap of a strange size (record StretchDIBits)")]
    [InlineData(30_000, 30_000, 8, "bitmaps of more than 40 million pixels (record StretchDIBits)")]
    [InlineData(2, 2, 3, "a bitmap of 3 bits in compression 0 (record StretchDIBits)")]
    [InlineData(900, 2, 24, "a record that is cut short (record StretchDIBits)")]
    public void Bitmaps_that_are_too_large_or_cut_short_are_refused(int columns, int rows, int depth, string reason)
        => Assert.Equal(reason, File.Bitmap((0, 0, 9, 9), EmfFile.Header(columns, rows, depth), FourPixels, (0, 0, columns, rows)).Refusal());
}
