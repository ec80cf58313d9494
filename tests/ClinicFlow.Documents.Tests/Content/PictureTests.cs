using System.Buffers.Binary;
using System.Text;
using System.Xml.Linq;
using ClinicFlow.Documents.Content;
using Xunit;

namespace ClinicFlow.Documents.Tests.Content;

public class PictureTests
{
    private static readonly string Png64 = Convert.ToBase64String(WordFile.Png);

    public static TheoryData<string> Forms =>
    [
        Png64,
        "data:image/png;base64," + Png64,
        "DATA:image/jpeg;charset=x;BASE64," + Png64,
        "  data:;base64,\r\n" + Png64 + "\n",
        Png64.Insert(20, "\r\n "),
        Png64.TrimEnd('='),
        Png64.Replace('+', '-').Replace('/', '_'),
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_picture_is_read_from_base64_in_any_form(string text)
    {
        var isRead = PictureData.TryDecode(text, out var picture, out var reason);

        Assert.True(isRead, reason);
        Assert.Equal(WordFile.Png, picture!.Bytes);
        Assert.Equal((PictureFormat.Png, 1, 1), (picture.File.Format, picture.File.WidthPx, picture.File.HeightPx));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("   ", "is empty")]
    [InlineData("data:image/png,abc", "is a data URI without base64")]
    [InlineData("data:image/png;base64", "is a data URI without base64")]
    [InlineData("patient secret!", "is not base64")]
    [InlineData("AAAA=AAA", "is not base64")]
    [InlineData("SGVsbG8gd29ybGQ=", "is neither PNG nor JPEG")]
    [InlineData("R0lGODlhAQABAAAAACw=", "is neither PNG nor JPEG")]
    [InlineData("iVBORw0KGgo=", "is cut short")]
    [InlineData("/9j/4AAQ", "is cut short")]
    public void What_is_no_picture_is_refused_with_its_reason(string text, string expected)
    {
        var isRead = PictureData.TryDecode(text, out var picture, out var reason);

        Assert.False(isRead);
        Assert.Null(picture);
        Assert.Equal(expected, reason);
    }

    [Fact]
    public void Too_many_bytes_or_pixels_are_refused()
    {
        Assert.Equal("is larger than 16 MB", ReasonOf(new byte[PictureFile.MaxBytes + 1]));
        Assert.Equal("is larger than 20000 pixels on a side", ReasonOf(Png(20_001, 10)));
        Assert.Equal("is larger than 20000 pixels on a side", ReasonOf(Jpeg(10, 20_001)));
        Assert.False(PictureData.TryDecode(new string('A', PictureFile.MaxBytes * 3), out _, out var reason));
        Assert.Equal("is larger than 16 MB", reason);
    }

    [Fact]
    public void A_damaged_png_header_is_refused()
    {
        var bytes = Png(10, 10);
        bytes[20] ^= 1;

        Assert.Equal("has a damaged PNG header", ReasonOf(bytes));
    }

    [Fact]
    public void The_resolution_of_a_png_is_read()
    {
        Assert.True(PictureFile.TryRead(Png(300, 600, perMeter: 11_811), out var picture, out _));

        var size = PictureSize.Of(picture, new PictureSizeRule.Natural(), default);

        Assert.Equal(300, picture.HorizontalDpi!.Value, 0.01);
        Assert.Equal(25.4, size.Width.Value / 36_000.0, 0.01);
        Assert.Equal(50.8, size.Height.Value / 36_000.0, 0.01);
    }

    [Fact]
    public void The_resolution_and_orientation_of_a_jpeg_are_read()
    {
        Assert.True(PictureFile.TryRead(Jpeg(640, 480, dpi: 72), out var upright, out _));
        Assert.Equal((PictureFormat.Jpeg, 640, 480, 72.0, 72.0, 1), (upright.Format, upright.WidthPx, upright.HeightPx, upright.HorizontalDpi, upright.VerticalDpi, upright.Orientation));

        for (var orientation = 1; orientation <= 8; orientation++)
        {
            foreach (var isLittle in (bool[])[true, false])
            {
                Assert.True(PictureFile.TryRead(Jpeg(640, 480, orientation: orientation, isLittle: isLittle), out var turned, out _));
                Assert.Equal(orientation, turned.Orientation);
                Assert.Equal(orientation >= 5, turned.IsTurnedSideways);
            }
        }
    }

    [Theory]
    [InlineData(0, 0, false, 0, 960, 480)]
    [InlineData(40, 30, true, 0, 40, 20)]
    [InlineData(30, 10, true, 0, 20, 10)]
    [InlineData(40, 30, false, 0, 40, 30)]
    [InlineData(40, 0, false, 0, 40, 20)]
    [InlineData(0, 30, false, 0, 60, 30)]
    [InlineData(0, 0, false, 100, 100, 50)]
    public void A_picture_gets_the_size_asked_for(int width, int height, bool fits, int room, double expectedWidth, double expectedHeight)
    {
        var rule = PictureSizeRule.Of(width * 36_000L, height * 36_000L, fits);
        var picture = new PictureFile(PictureFormat.Png, 960, 480, 25.4, 25.4, 1);

        foreach (var file in (PictureFile[])[picture, picture with { WidthPx = 480, HeightPx = 960, Orientation = 6 }])
        {
            var size = PictureSize.Of(file, rule, Emu.FromMillimeters(room));

            Assert.Equal((expectedWidth, expectedHeight), (size.Width.Value / 36_000.0, size.Height.Value / 36_000.0));
        }
    }

    [Fact]
    public void A_picture_is_valid_word_content()
    {
        foreach (var orientation in Enumerable.Range(1, 8))
        {
            var file = new PictureFile(PictureFormat.Png, 20, 10, null, null, orientation);
            var xml = WordFile.Written(output => PictureXml.Write(
                output, "rIdP", 12, file, new PictureSize(new(360_000), new(720_000)), "Picture \"1\"", "a < b & \"c\""));

            WordFile.AssertValid($"<w:p><w:r>{xml}</w:r></w:p>");
            var root = XElement.Parse(xml.Replace("<w:drawing>", "<w:drawing xmlns:w=\"w\">", StringComparison.Ordinal));
            Assert.Equal("a < b & \"c\"", (string?)root.Descendants().First(element => element.Name.LocalName == "docPr").Attribute("descr"));
        }
    }

    [Fact]
    public void Any_bytes_are_read_or_refused()
    {
        var random = new Random(5);
        byte[][] seeds = [WordFile.Png, Png(300, 200, 3_000), Jpeg(640, 480, 72), Jpeg(640, 480, orientation: 6, isLittle: true), Jpeg(640, 480, orientation: 6)];
        for (var round = 0; round < 10_000; round++)
        {
            var bytes = seeds[random.Next(seeds.Length)].ToArray();
            for (var i = random.Next(6); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            bytes = random.Next(3) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;

            var isRead = PictureFile.TryRead(bytes, out var picture, out var reason);

            Assert.Equal(isRead, reason is null);
            Assert.Equal(isRead, PictureData.TryDecode(Convert.ToBase64String(bytes), out _, out _));
            if (picture is not null)
            {
                Assert.InRange(picture.WidthPx, 1, PictureFile.MaxSidePx);
                Assert.InRange(PictureSize.Of(picture, new PictureSizeRule.Natural(), Emu.FromMillimeters(160)).Width.Value, 1, 160 * 36_000);
            }

            Assert.Equal(PictureData.TryDecode(Fuzz.Text(random, 12), out _, out var why), why is null);
        }
    }

    private static string? ReasonOf(byte[] bytes)
    {
        PictureFile.TryRead(bytes, out _, out var reason);
        return reason;
    }

    private static byte[] Png(int width, int height, int perMeter = 0)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = 2;
        var density = new byte[9];
        BinaryPrimitives.WriteInt32BigEndian(density, perMeter);
        BinaryPrimitives.WriteInt32BigEndian(density.AsSpan(4), perMeter);
        density[8] = 1;
        return
        [
            .. PngHeader.Signature, .. Chunk("IHDR", header), .. perMeter > 0 ? Chunk("pHYs", density) : [],
            .. Chunk("IDAT", [1, 2, 3]), .. Chunk("IEND", []),
        ];

        static byte[] Chunk(string type, byte[] content)
        {
            byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. content];
            var frame = new byte[8];
            BinaryPrimitives.WriteInt32BigEndian(frame, content.Length);
            BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), PngHeader.Crc32(typed));
            return [.. frame[..4], .. typed, .. frame[4..]];
        }
    }

    private static byte[] Jpeg(int width, int height, int dpi = 0, int orientation = 0, bool isLittle = false)
    {
        byte[] jfif = dpi == 0 ? [] : [0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 1, (byte)(dpi >> 8), (byte)dpi, (byte)(dpi >> 8), (byte)dpi, 0, 0];
        byte[] tiff = isLittle
            ? [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0]
            : [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        byte[] exif = orientation == 0 ? [] : [0xFF, 0xE1, 0, (byte)(8 + tiff.Length), .. "Exif\0\0"u8, .. tiff];
        return
        [
            0xFF, 0xD8, .. jfif, .. exif,
            0xFF, 0xC0, 0, 17, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0,
            0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3, 0xFF, 0xD9,
        ];
    }
}
