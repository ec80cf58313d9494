using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace ClinicFlow.Documents.Content;

/// <summary>The picture formats that Word shows everywhere and that records may hold.</summary>
internal enum PictureFormat
{
    /// <summary>Portable Network Graphics.</summary>
    Png,

    /// <summary>JPEG: baseline, extended or progressive.</summary>
    Jpeg,
}

/// <summary>
/// What the header of a PNG or JPEG says. Reading checks that the structure holds together up to the image data;
/// the pixels themselves are never decoded.
/// </summary>
/// <param name="Format">The format the bytes really have.</param>
/// <param name="WidthPx">Stored width in pixels, before <paramref name="Orientation"/> turns it.</param>
/// <param name="HeightPx">Stored height in pixels, before <paramref name="Orientation"/> turns it.</param>
/// <param name="HorizontalDpi">Stored pixels per inch along the width; null where the file does not say.</param>
/// <param name="VerticalDpi">Stored pixels per inch along the height; null where the file does not say.</param>
/// <param name="Orientation">The EXIF orientation, 1 to 8; 1 is upright (CIPA DC-008, tag 0x0112).</param>
internal sealed record PictureFile(
    PictureFormat Format, int WidthPx, int HeightPx, double? HorizontalDpi, double? VerticalDpi, int Orientation)
{
    /// <summary>The longest side a picture may have.</summary>
    public const int MaxSidePx = 20_000;

    /// <summary>The most bytes a picture may have.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The content type for the package's <c>[Content_Types].xml</c>.</summary>
    public string ContentType => Format == PictureFormat.Png ? "image/png" : "image/jpeg";

    /// <summary>The part name's extension, without the dot.</summary>
    public string Extension => Format == PictureFormat.Png ? "png" : "jpeg";

    /// <summary>Whether the picture, seen upright, has its stored width as its height.</summary>
    public bool IsTurnedSideways => Orientation >= 5;

    /// <summary>Reads a picture's header.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="picture">What the header says.</param>
    /// <param name="reason">Where the answer is no: what is wrong, to follow on "the picture"; never any content.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out PictureFile? picture,
        [NotNullWhen(false)] out string? reason)
    {
        (picture, reason) = bytes switch
        {
            { Length: 0 } => (null, "is empty"),
            { Length: > MaxBytes } => (null, $"is larger than {MaxBytes / (1024 * 1024)} MB"),
            _ when bytes.StartsWith(PngHeader.Signature) => PngHeader.Read(bytes),
            [0xFF, 0xD8, ..] => JpegHeader.Read(bytes),
            _ => (null, "is neither PNG nor JPEG"),
        };
        if (picture is { WidthPx: > MaxSidePx } or { HeightPx: > MaxSidePx })
        {
            (picture, reason) = (null, $"is larger than {MaxSidePx} pixels on a side");
        }

        // An exhaustive pair: each reader gives either a picture or a reason.
        reason = picture is null ? reason ?? "cannot be read" : null;
        return picture is not null;
    }

    /// <summary>A resolution as files state it, or null where it is no resolution a scanner or camera could mean.</summary>
    internal static double? SaneDpi(double dpi) => dpi is >= 10 and <= 10_000 ? dpi : null;
}

/// <summary>The chunks of a PNG up to and including its end. Source: PNG specification (W3C), clauses 5 and 11.</summary>
internal static class PngHeader
{
    /// <summary>The eight bytes every PNG starts with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private const double MetersPerInch = 0.0254;

    /// <summary>Walks the chunks; gives a picture or a reason.</summary>
    public static (PictureFile? Picture, string? Reason) Read(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes[Signature.Length..];
        PictureFile? picture = null;
        var hasPixels = false;
        while (rest.Length >= 12)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12)
            {
                return (null, "is cut short");
            }

            var type = rest.Slice(4, 4);
            var content = rest.Slice(8, (int)length);
            if (picture is null)
            {
                var checksum = BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + content.Length)..]);
                if (!type.SequenceEqual("IHDR"u8) || Crc32(rest.Slice(4, 4 + content.Length)) != checksum
                    || !TryReadSize(content, out picture))
                {
                    return (null, "has a damaged PNG header");
                }
            }
            else if (type.SequenceEqual("pHYs"u8) && content.Length == 9 && content[8] == 1)
            {
                picture = picture with
                {
                    HorizontalDpi = PictureFile.SaneDpi(BinaryPrimitives.ReadUInt32BigEndian(content) * MetersPerInch),
                    VerticalDpi = PictureFile.SaneDpi(BinaryPrimitives.ReadUInt32BigEndian(content[4..]) * MetersPerInch),
                };
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                hasPixels = true;
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                return hasPixels ? (picture, null) : (null, "has no image data");
            }

            rest = rest[(12 + content.Length)..];
        }

        return (null, "is cut short");
    }

    private static bool TryReadSize(ReadOnlySpan<byte> content, out PictureFile? picture)
    {
        picture = null;
        if (content.Length != 13)
        {
            return false;
        }

        var width = BinaryPrimitives.ReadUInt32BigEndian(content);
        var height = BinaryPrimitives.ReadUInt32BigEndian(content[4..]);
        var isDepthAllowed = (content[9], content[8]) switch
        {
            (0, 1 or 2 or 4 or 8 or 16) => true,
            (3, 1 or 2 or 4 or 8) => true,
            (2 or 4 or 6, 8 or 16) => true,
            _ => false,
        };
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue
            || !isDepthAllowed || content[10] != 0 || content[11] != 0 || content[12] > 1)
        {
            return false;
        }

        picture = new PictureFile(PictureFormat.Png, (int)width, (int)height, null, null, Orientation: 1);
        return true;
    }

    /// <summary>The checksum of a chunk; only the header's 17 bytes are ever summed, so no table is worth it.</summary>
    internal static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}

/// <summary>
/// The segments of a JPEG up to its first scan. Sources: ITU-T T.81 Annex B (segments), T.871 (JFIF density),
/// CIPA DC-008 (EXIF tags).
/// </summary>
internal static class JpegHeader
{
    /// <summary>Walks the segments; gives a picture or a reason.</summary>
    public static (PictureFile? Picture, string? Reason) Read(ReadOnlySpan<byte> bytes)
    {
        PictureFile? picture = null;
        var jfif = Density.None;
        var exif = Density.None;
        var orientation = 1;
        var rest = bytes[2..];
        while (true)
        {
            if (rest.Length < 4)
            {
                return (null, "is cut short");
            }

            if (rest[0] != 0xFF)
            {
                return (null, "has a damaged JPEG header");
            }

            var marker = rest[1];
            if (marker == 0xFF)
            {
                rest = rest[1..]; // A fill byte (T.81 B.1.1.2).
                continue;
            }

            if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD9))
            {
                return (null, "has a damaged JPEG header");
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (length < 2)
            {
                return (null, "has a damaged JPEG header");
            }

            if (length > rest.Length - 2)
            {
                return (null, "is cut short");
            }

            var content = rest[4..(2 + length)];
            switch (marker)
            {
                case 0xDA when picture is null:
                    return (null, "has a damaged JPEG header");
                case 0xDA when rest.Length == 2 + length:
                    return (null, "has no image data");
                case 0xDA:
                    var density = jfif.IsKnown ? jfif : exif;
                    return (picture with
                    {
                        HorizontalDpi = density.Horizontal,
                        VerticalDpi = density.Vertical,
                        Orientation = orientation,
                    }, null);
                case 0xC0 or 0xC1 or 0xC2:
                    if (picture is not null || !TryReadSize(content, out picture))
                    {
                        return (null, "has a damaged JPEG header");
                    }

                    break;
                case >= 0xC3 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                    return (null, "is of a kind of JPEG that Word does not show (lossless or arithmetic coding)");
                case 0xE0 when content.Length >= 14 && content.StartsWith("JFIF\0"u8):
                    jfif = Density.OfUnit(
                        content[7] switch { 1 => 1, 2 => 2.54, _ => 0 },
                        BinaryPrimitives.ReadUInt16BigEndian(content[8..]),
                        BinaryPrimitives.ReadUInt16BigEndian(content[10..]));
                    break;
                case 0xE1 when content.StartsWith("Exif\0\0"u8):
                    (orientation, exif) = ReadExif(content[6..]);
                    break;
            }

            rest = rest[(2 + length)..];
        }
    }

    private static bool TryReadSize(ReadOnlySpan<byte> content, out PictureFile? picture)
    {
        picture = null;
        if (content.Length < 6 || content[5] is 0 or > 4 || content.Length != 6 + (3 * content[5]))
        {
            return false;
        }

        int height = BinaryPrimitives.ReadUInt16BigEndian(content[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(content[3..]);
        if (width == 0 || height == 0)
        {
            return false;
        }

        picture = new PictureFile(PictureFormat.Jpeg, width, height, null, null, Orientation: 1);
        return true;
    }

    /// <summary>Reads the first directory of an EXIF block. What is damaged there is ignored: the picture shows without it.</summary>
    private static (int Orientation, Density Density) ReadExif(ReadOnlySpan<byte> tiff)
    {
        var orientation = 1;
        if (tiff.Length < 8 || !(tiff.StartsWith("II*\0"u8) || tiff.StartsWith("MM\0*"u8)))
        {
            return (orientation, Density.None);
        }

        var isLittle = tiff[0] == (byte)'I';
        var directory = UInt32(tiff, 4, isLittle);
        if (directory > tiff.Length - 2)
        {
            return (orientation, Density.None);
        }

        double horizontal = 0, vertical = 0, perInch = 1;
        var count = UInt16(tiff, (int)directory, isLittle);
        for (var entry = 0; entry < count; entry++)
        {
            var at = (int)directory + 2 + (12 * entry);
            if (at > tiff.Length - 12)
            {
                break;
            }

            var type = UInt16(tiff, at + 2, isLittle);
            switch (UInt16(tiff, at, isLittle))
            {
                case 0x0112 when type == 3 && UInt16(tiff, at + 8, isLittle) is >= 1 and <= 8 and var value:
                    orientation = value;
                    break;
                case 0x011A when type == 5:
                    horizontal = Rational(tiff, UInt32(tiff, at + 8, isLittle), isLittle);
                    break;
                case 0x011B when type == 5:
                    vertical = Rational(tiff, UInt32(tiff, at + 8, isLittle), isLittle);
                    break;
                case 0x0128 when type == 3:
                    perInch = UInt16(tiff, at + 8, isLittle) switch { 2 => 1, 3 => 2.54, _ => 0 };
                    break;
            }
        }

        return (orientation, Density.OfUnit(perInch, horizontal, vertical));
    }

    private static int UInt16(ReadOnlySpan<byte> tiff, int at, bool isLittle) => isLittle
        ? BinaryPrimitives.ReadUInt16LittleEndian(tiff[at..])
        : BinaryPrimitives.ReadUInt16BigEndian(tiff[at..]);

    private static uint UInt32(ReadOnlySpan<byte> tiff, int at, bool isLittle) => isLittle
        ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[at..])
        : BinaryPrimitives.ReadUInt32BigEndian(tiff[at..]);

    private static double Rational(ReadOnlySpan<byte> tiff, uint at, bool isLittle)
    {
        if (tiff.Length < 8 || at > tiff.Length - 8)
        {
            return 0;
        }

        double divisor = UInt32(tiff, (int)at + 4, isLittle);
        return divisor == 0 ? 0 : UInt32(tiff, (int)at, isLittle) / divisor;
    }

    /// <summary>A resolution in dots per inch, known in both directions or in none.</summary>
    private readonly record struct Density(double? Horizontal, double? Vertical)
    {
        public static Density None => default;

        public bool IsKnown => Horizontal is not null;

        public static Density OfUnit(double perInch, double horizontal, double vertical)
            => PictureFile.SaneDpi(horizontal * perInch) is { } across && PictureFile.SaneDpi(vertical * perInch) is { } down
                ? new(across, down)
                : None;
    }
}
