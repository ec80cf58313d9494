using System.Collections.Immutable;
using System.Text;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>Text in bytes, whose characters the font's character set tells ([MS-WMF] 2.1.1.5).</summary>
internal static class AnsiText
{
    private const byte Symbols = 2;

    /// <summary>The characters, and the widths of those that are more than one byte joined.</summary>
    /// <param name="bytes">The text.</param>
    /// <param name="font">Its font.</param>
    /// <param name="advances">A width for each byte, becomes one for each unit of the text; empty for none.</param>
    public static string Read(ReadOnlySpan<byte> bytes, GdiFont font, ref ImmutableArray<double> advances)
    {
        if (font.Charset == Symbols)
        {
            return string.Create(bytes.Length, bytes, static (into, from) =>
            {
                for (var i = 0; i < from.Length; i++)
                {
                    into[i] = from[i] < 0x20 ? (char)from[i] : (char)(0xF000 + from[i]);
                }
            });
        }

        var encoding = EncodingOf(font.Charset);
        if (encoding.IsSingleByte || advances.IsEmpty)
        {
            return encoding.GetString(bytes);
        }

        var text = new StringBuilder();
        var joined = ImmutableArray.CreateBuilder<double>();
        var decoder = encoding.GetDecoder();
        Span<char> characters = stackalloc char[8];
        var width = 0.0;
        for (var i = 0; i < bytes.Length; i++)
        {
            width += i < advances.Length ? advances[i] : 0;
            var count = decoder.GetChars(bytes.Slice(i, 1), characters, flush: i + 1 == bytes.Length);
            for (var c = 0; c < count; c++)
            {
                text.Append(characters[c]);
                joined.Add(c == 0 ? width : 0);
            }

            width = count > 0 ? 0 : width;
        }

        advances = joined.ToImmutable();
        return text.ToString();
    }

    public static Encoding EncodingOf(byte charset) => CodePagesEncodingProvider.Instance.GetEncoding(charset switch
    {
        77 => 10000,
        128 => 932,
        129 => 949,
        130 => 1361,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        255 => 437,
        _ => 1252,
    })!;
}
