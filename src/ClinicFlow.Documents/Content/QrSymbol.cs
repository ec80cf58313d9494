using System.Collections;
using QRCoder;
using QRCoder.Exceptions;

namespace ClinicFlow.Documents.Content;

/// <summary>QR codes: the matrix comes from QRCoder, here it becomes as few rectangles as rows of like runs allow.</summary>
internal static class QrSymbol
{
    /// <summary>Encodes a value. Beyond ASCII the text is UTF-8 and says so (ECI 26), so that names survive any scanner.</summary>
    public static (Symbol? Symbol, string? Reason) Encode(string value, QrCorrection correction)
    {
        var level = correction switch
        {
            QrCorrection.Low => QRCodeGenerator.ECCLevel.L,
            QrCorrection.Medium => QRCodeGenerator.ECCLevel.M,
            QrCorrection.Quartile => QRCodeGenerator.ECCLevel.Q,
            _ => QRCodeGenerator.ECCLevel.H,
        };
        var isAscii = System.Text.Ascii.IsValid(value);
        try
        {
            using var code = QRCodeGenerator.GenerateQrCode(
                value, level, forceUtf8: !isAscii, utf8BOM: false,
                eciMode: isAscii ? QRCodeGenerator.EciMode.Default : QRCodeGenerator.EciMode.Utf8);

            // The matrix has its quiet zone of four modules already.
            return (OfMatrix(code.ModuleMatrix), null);
        }
        catch (DataTooLongException)
        {
            return (null, "is longer than a QR code can hold");
        }
    }

    /// <summary>Gathers the dark modules of each row into runs, and like runs of rows under each other into areas.</summary>
    internal static Symbol OfMatrix(IReadOnlyList<BitArray> matrix)
    {
        var areas = new List<DarkArea>();
        var above = new Dictionary<(int Column, int Width), int>();
        for (var row = 0; row < matrix.Count; row++)
        {
            var here = new Dictionary<(int Column, int Width), int>();
            for (var column = 0; column < matrix[row].Length; column++)
            {
                if (!matrix[row][column])
                {
                    continue;
                }

                var start = column;
                while (column < matrix[row].Length && matrix[row][column])
                {
                    column++;
                }

                var run = (start, column - start);
                if (above.TryGetValue(run, out var index))
                {
                    areas[index] = areas[index] with { Height = areas[index].Height + 1 };
                }
                else
                {
                    index = areas.Count;
                    areas.Add(new DarkArea(start, row, column - start, 1));
                }

                here[run] = index;
            }

            above = here;
        }

        return new Symbol(SymbolKind.Qr, matrix[0].Length, matrix.Count, [.. areas], "");
    }
}
