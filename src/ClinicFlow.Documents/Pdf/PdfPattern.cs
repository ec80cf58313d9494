using System.Text;
using ClinicFlow.Documents.Layout.Pages;

namespace ClinicFlow.Documents.Pdf;

/// <summary>Dots of two colours that repeat, as a tiling pattern (ISO 32000-1, 8.7.3). Its tiles begin at the page's lower left corner, so patterns of neighbours fit together.</summary>
internal sealed record PdfPattern(byte[] ResourceName, byte[] Content)
{
    private const double Side = DotPattern.Dot * 8;

    public static PdfPattern Of(DotPattern pattern)
    {
        var output = new PdfBuffer(512);
        SetColor(output, pattern.Back);
        output.Write("0 0 "u8).Write(Side).Write(" "u8).Write(Side).Write(" re f\n"u8);
        SetColor(output, pattern.Fore);
        for (var row = 0; row < 8; row++)
        {
            var bits = (byte)(pattern.Dots >> (8 * (7 - row)));
            for (var column = 0; column < 8; column++)
            {
                var length = 0;
                while (column + length < 8 && (bits & (0x80 >> (column + length))) != 0)
                {
                    length++;
                }

                if (length > 0)
                {
                    output.Write(column * DotPattern.Dot).Write(" "u8).Write((7 - row) * DotPattern.Dot).Write(" "u8).Write(length * DotPattern.Dot).Write(" "u8).Write(DotPattern.Dot).Write(" re "u8);
                    column += length;
                }
            }
        }

        output.Write("f\n"u8);
        return new(Encoding.ASCII.GetBytes(FormattableString.Invariant($"/P{pattern.Dots:X16}{pattern.Fore.Argb & 0xFFFFFF:X6}{pattern.Back.Argb & 0xFFFFFF:X6}")), output.Written.ToArray());
    }

    /// <summary>The entries of its dictionary, but for those of the stream.</summary>
    public static void WriteEntries(PdfBuffer output)
        => output.Write("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/Resources<<>>/BBox[0 0 "u8).Write(Side).Write(" "u8).Write(Side).Write("]/XStep "u8).Write(Side).Write("/YStep "u8).Write(Side);

    private static void SetColor(PdfBuffer output, Paint color)
        => output.Write(color.Red / 255.0).Write(" "u8).Write(color.Green / 255.0).Write(" "u8).Write(color.Blue / 255.0).Write(" rg "u8);
}
