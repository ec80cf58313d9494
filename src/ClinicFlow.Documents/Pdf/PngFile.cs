using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// A PNG file whose compressed pixels PDF can take as they are, because both use the same filters: without transparency, not interlaced.
/// </summary>
internal sealed record PngFile(int Width, int Height, string Colors, string Filter, int Bits, byte[] Data)
{
    /// <summary>Reads the file; null where its pixels must be decoded. That they can be inflated to the last row is checked here.</summary>
    public static PngFile? Read(ReadOnlySpan<byte> file)
    {
        var (width, height, bits, kind, interlace) = (0, 0, 0, 0, 0);
        var palette = ReadOnlySpan<byte>.Empty;
        var data = new ArrayBufferWriter<byte>();
        for (var at = 8; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12)
            {
                return null;
            }

            var name = file.Slice(at + 4, 4);
            var body = file.Slice(at + 8, (int)length);
            if (name.SequenceEqual("IHDR"u8) && length >= 13)
            {
                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body[4..]));
                (bits, kind, interlace) = (body[8], body[9], body[12]);
            }
            else if (name.SequenceEqual("PLTE"u8))
            {
                palette = body;
            }
            else if (name.SequenceEqual("tRNS"u8))
            {
                return null;
            }
            else if (name.SequenceEqual("IDAT"u8))
            {
                data.Write(body);
            }

            at += 12 + (int)length;
        }

        var channels = kind switch { 0 or 3 => 1, 2 => 3, _ => 0 };
        var isFit = channels > 0 && interlace == 0 && width > 0 && height > 0 && (long)width * height <= PdfPicture.MaxPixels
            && bits is 1 or 2 or 4 or 8 or 16 && (kind != 2 || bits >= 8) && (kind != 3 || (bits <= 8 && palette.Length is >= 3 and <= 768 && palette.Length % 3 == 0));
        var rowBytes = (((long)width * channels * bits) + 7) / 8;
        if (!isFit || !InflatesTo(data.WrittenMemory, rowBytes, height))
        {
            return null;
        }

        var colors = kind switch { 0 => "/DeviceGray", 2 => "/DeviceRGB", _ => $"[/Indexed/DeviceRGB {(palette.Length / 3) - 1}<{Convert.ToHexString(palette)}>]" };
        var filter = string.Create(CultureInfo.InvariantCulture, $"/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors {channels}/BitsPerComponent {bits}/Columns {width}>>");
        return new(width, height, colors, filter, bits, data.WrittenSpan.ToArray());
    }

    private static bool InflatesTo(ReadOnlyMemory<byte> data, long rowBytes, int height)
    {
        var row = ArrayPool<byte>.Shared.Rent((int)Math.Min(rowBytes + 1, int.MaxValue - 100));
        try
        {
            using var inflated = new ZLibStream(new MemoryStream(data.ToArray(), writable: false), CompressionMode.Decompress);
            for (var y = 0; y < height; y++)
            {
                inflated.ReadExactly(row.AsSpan(0, (int)rowBytes + 1));
                if (row[0] > 4)
                {
                    return false;
                }
            }

            return inflated.ReadByte() < 0;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(row);
        }
    }
}
