using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using BitMiracle.LibTiff.Classic;
using ClinicFlow.Documents.Content;
using ClinicFlow.Documents.Layout.Pages;
using StbImageSharp;

using ClinicFlow.Documents.Pdf.Compression;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// A picture as an image of PDF. JPEG files, and PNG files without transparency, go in as they are; everything else is decoded and compressed anew.
/// </summary>
internal sealed class PdfPicture
{
    /// <summary>The most pixels that are decoded: an A4 page at 600 dots an inch has 35 million.</summary>
    public const int MaxPixels = 50_000_000;

    private PdfPicture(int width, int height, string colors, string filter, int bits, byte[] data, byte[]? alpha = null) =>
        (Width, Height, Colors, Filter, Bits, Data, Alpha) = (width, height, colors, filter, bits, data, alpha);

    public int Width { get; }

    public int Height { get; }

    /// <summary>The value of <c>/ColorSpace</c>.</summary>
    public string Colors { get; }

    /// <summary>The entries <c>/Filter</c> and <c>/DecodeParms</c>.</summary>
    public string Filter { get; }

    /// <summary>Bits of a component.</summary>
    public int Bits { get; }

    /// <summary>The stream.</summary>
    public byte[] Data { get; }

    /// <summary>Opacity, 8 bits a pixel, deflated; null where every pixel is opaque.</summary>
    public byte[]? Alpha { get; }

    /// <summary>What the file's values mean, in <c>/Decode</c>; empty where they mean themselves.</summary>
    public string Decode { get; private init; } = "";

    /// <summary>Its name among a page's resources, with the slash: the same file has the same name in every document.</summary>
    public byte[] ResourceName { get; private init; } = [];

    /// <summary>Whether a picture can be drawn; what is wrong where it cannot, to follow on "the picture".</summary>
    public static string? Check(PictureSource source)
    {
        try
        {
            Read(source);
            return null;
        }
        catch (PictureUnusableException e)
        {
            return e.Reason;
        }
    }

    /// <summary>Reads a picture.</summary>
    /// <exception cref="PictureUnusableException">The file is damaged or of a kind that cannot be drawn.</exception>
    public static PdfPicture Read(PictureSource source)
    {
        var picture = ReadFile(source);
        var name = Convert.ToHexString(XxHash128.Hash(source.Bytes.Span));
        if (source.Tone is { } tone)
        {
            // In no language: the same document has the same bytes on every machine.
            name += Convert.ToHexString(XxHash64.Hash(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{tone.Silhouette?.Argb:X8} {tone.IsGray} {tone.Threshold} {tone.Slope} {tone.Lift}"))));
        }

        return new(picture.Width, picture.Height, picture.Colors, picture.Filter, picture.Bits, picture.Data, picture.Alpha) { Decode = picture.Decode, ResourceName = Encoding.ASCII.GetBytes($"/I{name}") };
    }

    // Brightness and contrast are a line for each channel, which the file can leave to the reader; values beyond 0 and 1 are cut off there (ISO 32000-1, 8.9.5.2).
    private static PdfPicture? Toned(PdfPicture picture, PictureTone? tone)
    {
        if (tone is null)
        {
            return picture;
        }

        var channels = picture.Colors switch { "/DeviceGray" => 1, "/DeviceRGB" => 3, _ => 0 };
        if (!tone.IsLinear || channels == 0)
        {
            return null;
        }

        var ends = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{tone.Lift:0.####} {tone.Lift + tone.Slope:0.####}");
        return new(picture.Width, picture.Height, picture.Colors, picture.Filter, picture.Bits, picture.Data, picture.Alpha) { Decode = $"/Decode[{string.Join(' ', Enumerable.Repeat(ends, channels))}]" };
    }

    private static PdfPicture ReadFile(PictureSource source)
    {
        var bytes = source.Bytes.Span;
        try
        {
            return bytes switch
            {
                [0xFF, 0xD8, ..] => Toned(ReadJpeg(source), source.Tone) ?? DecodeFile(source),
                [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => (PngFile.Read(bytes) is { } png ? Toned(new(png.Width, png.Height, png.Colors, png.Filter, png.Bits, png.Data), source.Tone) : null) ?? DecodeFile(source),
                [(byte)'G', (byte)'I', (byte)'F', ..] or [(byte)'B', (byte)'M', ..] => DecodeFile(source),
                [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => DecodeTiff(source),
                _ => throw new PictureUnusableException(source.Name, "is neither PNG, JPEG, GIF, BMP nor TIFF"),
            };
        }
        catch (Exception e) when (e is not (PictureUnusableException or OutOfMemoryException))
        {
            // The decoders throw what they please at damaged files; none of it says more than this.
            throw new PictureUnusableException(source.Name, "is damaged", e);
        }
    }

    private static PdfPicture ReadJpeg(PictureSource source)
    {
        if (!PictureFile.TryRead(source.Bytes.Span, out var file, out var reason))
        {
            throw new PictureUnusableException(source.Name, reason);
        }

        var components = JpegComponents(source.Bytes.Span);
        return components switch
        {
            1 => new(file.WidthPx, file.HeightPx, "/DeviceGray", "/Filter/DCTDecode", 8, source.Bytes.ToArray()),
            3 => new(file.WidthPx, file.HeightPx, "/DeviceRGB", "/Filter/DCTDecode", 8, source.Bytes.ToArray()),
            _ => DecodeFile(source with { Tone = null }), // CMYK: archives want the colours of the one profile that the file has.
        };
    }

    // The frame header: baseline, extended or progressive, eight bits.
    private static int JpegComponents(ReadOnlySpan<byte> bytes)
    {
        for (var at = 2; at + 9 < bytes.Length && bytes[at] == 0xFF;)
        {
            var marker = bytes[at + 1];
            if (marker is 0xFF)
            {
                at++;
                continue;
            }

            if (marker is 0xC0 or 0xC1 or 0xC2)
            {
                return bytes[at + 4] == 8 ? bytes[at + 9] : 0;
            }

            at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
        }

        return 0;
    }

    private static PdfPicture DecodeFile(PictureSource source)
    {
        using var stream = new MemoryStream(source.Bytes.ToArray(), writable: false);
        if (ImageInfo.FromStream(stream) is not { } info)
        {
            throw new PictureUnusableException(source.Name, "is damaged or of a rare kind");
        }

        CheckSize(source, info.Width, info.Height);
        stream.Position = 0;
        var image = ImageResult.FromStream(stream, ColorComponents.RedGreenBlueAlpha);
        return FromRgba(image.Width, image.Height, image.Data, source.Tone);
    }

    private static PdfPicture DecodeTiff(PictureSource source)
    {
        Tiff.SetErrorHandler(Silence.Instance);
        using var stream = new MemoryStream(source.Bytes.ToArray(), writable: false);
        using var tiff = Tiff.ClientOpen("picture", "r", stream, new TiffStream())
            ?? throw new PictureUnusableException(source.Name, "is damaged");
        var (width, height) = (tiff.GetField(TiffTag.IMAGEWIDTH)[0].ToInt(), tiff.GetField(TiffTag.IMAGELENGTH)[0].ToInt());
        CheckSize(source, width, height);
        var raster = new int[width * height];
        if (!tiff.ReadRGBAImageOriented(width, height, raster, Orientation.TOPLEFT))
        {
            throw new PictureUnusableException(source.Name, "is damaged or of a rare kind");
        }

        // Whole numbers with red lowest, which is the order of bytes here.
        return FromRgba(width, height, System.Runtime.InteropServices.MemoryMarshal.AsBytes(raster.AsSpan()), source.Tone);
    }

    private static void CheckSize(PictureSource source, int width, int height)
    {
        if (width <= 0 || height <= 0 || (long)width * height > MaxPixels)
        {
            throw new PictureUnusableException(source.Name, $"has more than {MaxPixels / 1_000_000} million pixels");
        }
    }

    private static void Change(Span<byte> rgba, PictureTone tone)
    {
        if (tone.Silhouette is { } one)
        {
            for (var i = 0; i + 3 < rgba.Length; i += 4)
            {
                (rgba[i], rgba[i + 1], rgba[i + 2]) = (one.Red, one.Green, one.Blue);
            }

            return;
        }

        var line = new byte[256];
        for (var value = 0; value < 256; value++)
        {
            line[value] = (byte)Math.Round(Math.Clamp((value / 255.0 * tone.Slope) + tone.Lift, 0, 1) * 255);
        }

        for (var i = 0; i + 3 < rgba.Length; i += 4)
        {
            if (tone.IsGray || tone.Threshold is not null)
            {
                var gray = ((299 * rgba[i]) + (587 * rgba[i + 1]) + (114 * rgba[i + 2]) + 500) / 1000;
                gray = tone.Threshold is { } threshold ? gray >= threshold * 255 ? 255 : 0 : gray;
                rgba[i] = rgba[i + 1] = rgba[i + 2] = (byte)gray;
            }

            (rgba[i], rgba[i + 1], rgba[i + 2]) = (line[rgba[i]], line[rgba[i + 1]], line[rgba[i + 2]]);
        }
    }

    private static PdfPicture FromRgba(int width, int height, Span<byte> rgba, PictureTone? tone)
    {
        if (tone is not null)
        {
            Change(rgba, tone);
        }

        var count = width * height;
        var (colors, alpha) = (new byte[count * 3], new byte[count]);
        var (isOpaque, isGray) = (true, true);
        for (var i = 0; i < count; i++)
        {
            var (r, g, b, a) = (rgba[4 * i], rgba[(4 * i) + 1], rgba[(4 * i) + 2], rgba[(4 * i) + 3]);
            (colors[3 * i], colors[(3 * i) + 1], colors[(3 * i) + 2], alpha[i]) = (r, g, b, a);
            isOpaque &= a == 255;
            isGray &= r == g && g == b;
        }

        if (isGray)
        {
            for (var i = 0; i < count; i++)
            {
                colors[i] = colors[3 * i];
            }
        }

        return new(
            width, height, isGray ? "/DeviceGray" : "/DeviceRGB", "/Filter/FlateDecode", 8,
            Deflater.Compress(colors.AsSpan(0, isGray ? count : count * 3), CompressionLevel.Optimal),
            isOpaque ? null : Deflater.Compress(alpha, CompressionLevel.Optimal));
    }

    // The library would print what is wrong with a file to the console of whoever runs us. It has one handler for the whole process.
    private sealed class Silence : TiffErrorHandler
    {
        public static readonly Silence Instance = new();

        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }

        public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }
    }
}

/// <summary>A picture cannot be drawn. Code <c>picture-unusable</c>.</summary>
public sealed class PictureUnusableException : ClinicFlowException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="name">Name of the part or file.</param>
    /// <param name="reason">What is wrong, to follow on "the picture".</param>
    /// <param name="inner">The cause.</param>
    public PictureUnusableException(string name, string reason, Exception? inner = null)
        : base("picture-unusable", $"The picture {name} {reason}. Replace it by a PNG or JPEG.", inner) => Reason = reason;

    /// <summary>What is wrong, to follow on "the picture".</summary>
    public string Reason { get; }
}
