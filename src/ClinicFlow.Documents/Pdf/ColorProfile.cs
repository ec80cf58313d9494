using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

using ClinicFlow.Documents.Pdf.Compression;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// The colour profile of sRGB (IEC 61966-2-1), made from its published numbers: primaries and white point adapted to D50, and its
/// transfer curve as a parametric one (ICC.1:2010, 10.16). Archives want to know what the colours of a file mean.
/// </summary>
internal static class ColorProfile
{
    private static readonly Lazy<byte[]> Made = new(Make);
    private static readonly Lazy<byte[]> MadeCompressed = new(() => Deflater.Compress(Made.Value, CompressionLevel.Optimal));

    public static ReadOnlySpan<byte> Bytes => Made.Value;

    public static ReadOnlySpan<byte> Compressed => MadeCompressed.Value;

    private static byte[] Make()
    {
        var curve = Parametric(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045);
        (string Tag, byte[] Data)[] tags =
        [
            ("desc", Text("sRGB")),
            ("cprt", Text("No copyright: the numbers of IEC 61966-2-1")),
            ("wtpt", Xyz(0.9642, 1, 0.8249)),
            ("chad", Numbers("sf32", 1.0478112, 0.0228866, -0.0501270, 0.0295424, 0.9904844, -0.0170491, -0.0092345, 0.0150436, 0.7521316)),
            ("rXYZ", Xyz(0.4360747, 0.2225045, 0.0139322)),
            ("gXYZ", Xyz(0.3850649, 0.7168786, 0.0971045)),
            ("bXYZ", Xyz(0.1430804, 0.0606169, 0.7141733)),
            ("rTRC", curve),
            ("gTRC", curve),
            ("bTRC", curve),
        ];

        var offset = 128 + 4 + (12 * tags.Length);
        var offsets = new List<int>();
        foreach (var (_, data) in tags)
        {
            // The three curves are one.
            var same = Array.FindIndex(tags, t => ReferenceEquals(t.Data, data));
            if (same < offsets.Count)
            {
                offsets.Add(offsets[same]);
                continue;
            }

            offsets.Add(offset);
            offset += (data.Length + 3) & ~3;
        }

        var profile = new byte[offset];
        var head = profile.AsSpan();
        BinaryPrimitives.WriteInt32BigEndian(head, offset);
        BinaryPrimitives.WriteInt32BigEndian(head[8..], 0x04200000);           // version 4.2
        "mntrRGB XYZ "u8.CopyTo(head[12..]);
        ReadOnlySpan<ushort> date = [2026, 1, 1, 0, 0, 0];                     // fixed, so that files are the same every day
        for (var i = 0; i < date.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(head[(24 + (2 * i))..], date[i]);
        }

        "acsp"u8.CopyTo(head[36..]);
        Xyz(0.9642, 1, 0.8249).AsSpan(8).CopyTo(head[68..]);                   // the white of the connection space, D50
        BinaryPrimitives.WriteInt32BigEndian(head[128..], tags.Length);
        for (var i = 0; i < tags.Length; i++)
        {
            var entry = head[(132 + (12 * i))..];
            Encoding.ASCII.GetBytes(tags[i].Tag, entry);
            BinaryPrimitives.WriteInt32BigEndian(entry[4..], offsets[i]);
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], tags[i].Data.Length);
            tags[i].Data.CopyTo(head[offsets[i]..]);
        }

        return profile;
    }

    private static byte[] Xyz(double x, double y, double z) => Numbers("XYZ ", x, y, z);

    // Signed numbers of 16.16 bits.
    private static byte[] Numbers(string type, params ReadOnlySpan<double> values)
    {
        var data = new byte[8 + (4 * values.Length)];
        Encoding.ASCII.GetBytes(type, data);
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(8 + (4 * i)), (int)Math.Round(values[i] * 65536));
        }

        return data;
    }

    // Type 3: Y = (aX + b)^g from X = d on, cX below.
    private static byte[] Parametric(double g, double a, double b, double c, double d)
    {
        var numbers = Numbers("para", g, a, b, c, d);
        byte[] data = [.. numbers[..8], 0, 3, 0, 0, .. numbers[8..]];
        return data;
    }

    private static byte[] Text(string text)
    {
        var data = new byte[28 + (2 * text.Length)];
        "mluc"u8.CopyTo(data);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(8), 1);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(12), 12);
        "enUS"u8.CopyTo(data.AsSpan(16));
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(20), 2 * text.Length);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(24), 28);
        Encoding.BigEndianUnicode.GetBytes(text, data.AsSpan(28));
        return data;
    }
}
