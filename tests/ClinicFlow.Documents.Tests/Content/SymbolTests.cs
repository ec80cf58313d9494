using System.Text.RegularExpressions;
using System.Xml.Linq;
using ClinicFlow.Documents.Content;
using QRCoder;
using Xunit;

namespace ClinicFlow.Documents.Tests.Content;

public class SymbolTests
{
    private const string Drawing = "http://schemas.openxmlformats.org/drawingml/2006/main";

    [Theory]
    [InlineData(nameof(SymbolKind.Ean13), "4006381333931", "4006381333931")]
    [InlineData(nameof(SymbolKind.Ean13), "400638133393", "4006381333931")]
    [InlineData(nameof(SymbolKind.Ean13), "978-0-306-40615-7", "9780306406157")]
    [InlineData(nameof(SymbolKind.Ean8), "7351353", "73513537")]
    [InlineData(nameof(SymbolKind.UpcA), "03600029145", "036000291452")]
    [InlineData(nameof(SymbolKind.Itf14), "1540014128876", "15400141288763")]
    [InlineData(nameof(SymbolKind.Code39), "MRN-00 12.$/+%Z", "MRN-00 12.$/+%Z")]
    [InlineData(nameof(SymbolKind.Code128), "PJJ123C", "PJJ123C")]
    [InlineData(nameof(SymbolKind.Code128), "123456", "123456")]
    [InlineData(nameof(SymbolKind.Code128), "a\tb\u0001C12345d~", "a\tb\u0001C12345d~")]
    public void A_scanner_reads_what_was_encoded(string kind, string value, string expected)
    {
        var symbol = Encode(Enum.Parse<SymbolKind>(kind), value);

        Assert.Equal(expected, Read(symbol));
    }

    [Fact]
    public void A_scanner_reads_any_value_of_each_bar_code()
    {
        var random = new Random(7);
        for (var round = 0; round < 3_000; round++)
        {
            Check(SymbolKind.Code128, string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => (char)(random.Next(3) switch
            {
                0 => random.Next(128),
                1 => random.Next('0', '9' + 1),
                _ => random.Next(32, 127),
            }))));
            Check(SymbolKind.Code39, string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"[random.Next(43)])));
            CheckDigits(SymbolKind.Ean13, 12);
            CheckDigits(SymbolKind.Ean8, 7);
            CheckDigits(SymbolKind.UpcA, 11);
            CheckDigits(SymbolKind.Itf14, 13);
        }

        void Check(SymbolKind kind, string value) => Assert.Equal(value, Read(Encode(kind, value)));

        void CheckDigits(SymbolKind kind, int length)
        {
            var value = string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next('0', '9' + 1)));
            var symbol = Encode(kind, value);
            Assert.StartsWith(value, symbol.Text, StringComparison.Ordinal);
            Assert.Equal(symbol.Text, Read(symbol));

            // The sum with the check digit is a multiple of ten.
            Assert.Equal(0, symbol.Text.Reverse().Select((digit, i) => (digit - '0') * (i % 2 == 0 ? 1 : 3)).Sum() % 10);
        }
    }

    [Fact]
    public void Both_tables_of_code_128_are_the_same()
    {
        Assert.Equal(106, Code128Table.Count);
        for (var code = 0; code < 106; code++)
        {
            Assert.Equal(Code128Table.At(code), Code128.PatternOf(code));
            Assert.Equal(11, Code128.PatternOf(code).Sum(width => width - '0'));
        }
    }

    [Theory]
    [InlineData("1234567890", 10 + 35 + (7 - 2) * 11 + 10)]
    [InlineData("ABC", 10 + 35 + 3 * 11 + 10)]
    [InlineData("A123456", 10 + 35 + 5 * 11 + 10)]
    public void Code_128_is_as_short_as_can_be(string value, int columns)
        => Assert.Equal(columns, Encode(SymbolKind.Code128, value).Columns);

    [Theory]
    [InlineData(nameof(SymbolKind.Ean13), "4006381333932", "has a wrong check digit for EAN13")]
    [InlineData(nameof(SymbolKind.Ean13), "40063813339", "is not 12 or 13 digits, as EAN13 needs them")]
    [InlineData(nameof(SymbolKind.Ean8), "12345678901", "is not 7 or 8 digits, as EAN8 needs them")]
    [InlineData(nameof(SymbolKind.UpcA), "0360002914٥", "is not 11 or 12 digits, as UPCA needs them")]
    [InlineData(nameof(SymbolKind.Itf14), "15400141288760", "has a wrong check digit for ITF14")]
    [InlineData(nameof(SymbolKind.Code39), "abc", "holds characters that CODE39 cannot hold: only A to Z in capitals, 0 to 9, space and - . $ / + %")]
    [InlineData(nameof(SymbolKind.Code39), "A*B", "holds an asterisk, which CODE39 keeps for itself")]
    [InlineData(nameof(SymbolKind.Code128), "Müller", "holds characters that CODE128 cannot hold: only ASCII letters, digits and signs")]
    [InlineData(nameof(SymbolKind.Qr), "", "is empty")]
    public void A_value_that_cannot_be_encoded_is_refused_with_its_reason(string kind, string value, string expected)
    {
        var isEncoded = Symbol.TryEncode(Enum.Parse<SymbolKind>(kind), value, QrCorrection.Medium, out var symbol, out var reason);

        Assert.False(isEncoded);
        Assert.Null(symbol);
        Assert.Equal(expected, reason);
    }

    [Fact]
    public void A_value_too_long_for_its_symbol_is_refused()
    {
        Assert.False(Symbol.TryEncode(SymbolKind.Qr, new string('x', 5000), QrCorrection.Low, out _, out var qr));
        Assert.False(Symbol.TryEncode(SymbolKind.Code128, new string('x', 121), QrCorrection.Low, out _, out var bars));
        Assert.Equal("is longer than a QR code can hold", qr);
        Assert.Equal("is longer than the 120 characters that make a legible CODE128", bars);
    }

    [Theory]
    [InlineData("https://example.org/p/4711", nameof(QrCorrection.Low))]
    [InlineData("1234567890", nameof(QrCorrection.Medium))]
    [InlineData("Müller, Jürgen", nameof(QrCorrection.Quartile))]
    [InlineData("漢字", nameof(QrCorrection.High))]
    public void The_path_of_a_qr_code_draws_its_matrix(string value, string level)
    {
        var correction = Enum.Parse<QrCorrection>(level);
        using var expected = QRCodeGenerator.GenerateQrCode(
            value,
            correction switch { QrCorrection.Low => QRCodeGenerator.ECCLevel.L, QrCorrection.Medium => QRCodeGenerator.ECCLevel.M, QrCorrection.Quartile => QRCodeGenerator.ECCLevel.Q, _ => QRCodeGenerator.ECCLevel.H },
            forceUtf8: value.Any(character => character > 127),
            eciMode: value.Any(character => character > 127) ? QRCodeGenerator.EciMode.Utf8 : QRCodeGenerator.EciMode.Default);
        Assert.True(Symbol.TryEncode(SymbolKind.Qr, value, correction, out var symbol, out _));

        var drawn = Rasterize(Xml(symbol, showsText: false), symbol.Columns);

        Assert.Equal(expected.ModuleMatrix.Count, symbol.Rows);
        for (var row = 0; row < symbol.Rows; row++)
        {
            for (var column = 0; column < symbol.Columns; column++)
            {
                Assert.Equal(expected.ModuleMatrix[row][column], drawn[row, column]);
            }
        }

        // The quiet zone is four modules (ISO/IEC 18004 6.3.8).
        Assert.All(Enumerable.Range(0, symbol.Columns), column => Assert.False(drawn[3, column] || drawn[column, 3]));
        Assert.True(drawn[4, 4]);
    }

    [Theory]
    [InlineData(nameof(SymbolKind.Qr), "4711", false)]
    [InlineData(nameof(SymbolKind.Code128), "A<&>\u0001\"4711", true)]
    [InlineData(nameof(SymbolKind.Ean13), "400638133393", true)]
    [InlineData(nameof(SymbolKind.Itf14), "1540014128876", false)]
    public void A_symbol_is_valid_word_content(string kind, string value, bool showsText)
    {
        var xml = Xml(Encode(Enum.Parse<SymbolKind>(kind), value), showsText);

        WordFile.AssertValid($"<w:p><w:r>{xml}</w:r></w:p>");
        Assert.Equal(showsText, xml.Contains("wps:txbx", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 0, false, 0, 25.0, 25.0)]
    [InlineData(20, 0, false, 0, 20.0, 20.0)]
    [InlineData(20, 20, true, 0, 20.0, 20.0)]
    [InlineData(40, 30, false, 0, 30.0, 30.0)]
    [InlineData(0, 0, false, 18, 18.0, 18.0)]
    public void A_qr_code_is_square(int width, int height, bool fits, int room, double expectedWidth, double expectedHeight)
    {
        var size = SymbolSize.Of(Encode(SymbolKind.Qr, "4711"), width * 36_000L, height * 36_000L, fits, Emu.FromMillimeters(room));

        Assert.Equal((expectedWidth, expectedHeight), (size.Width.Value / 36_000.0, size.Height.Value / 36_000.0));
    }

    private static Symbol Encode(SymbolKind kind, string value)
    {
        Assert.True(Symbol.TryEncode(kind, value, QrCorrection.Medium, out var symbol, out var reason), reason);
        return symbol;
    }

    private static string Read(Symbol symbol) => symbol.Kind switch
    {
        SymbolKind.Code128 => SymbolReader.ReadCode128(symbol),
        SymbolKind.Code39 => SymbolReader.ReadCode39(symbol),
        SymbolKind.Itf14 => SymbolReader.ReadItf(symbol),
        SymbolKind.UpcA => SymbolReader.ReadEan(symbol)[1..],
        _ => SymbolReader.ReadEan(symbol),
    };

    private static string Xml(Symbol symbol, bool showsText)
        => WordFile.Written(output => SymbolXml.Write(
            output, 7, symbol, SymbolSize.Of(symbol, 0, 0, false, default), showsText, "Symbol of \"mrn\""));

    /// <summary>Fills the path's rectangles at module centres, as a renderer would.</summary>
    private static bool[,] Rasterize(string xml, int modules)
    {
        var root = XElement.Parse(Regex.Replace(xml, "<w:drawing>", "<w:drawing xmlns:w=\"w\">"));
        var path = root.Descendants(XName.Get("path", Drawing)).Single();
        var unit = (int)path.Attribute("w")! / modules;
        var points = path.Descendants(XName.Get("pt", Drawing)).Select(point => ((int)point.Attribute("x")!, (int)point.Attribute("y")!)).ToArray();
        var drawn = new bool[modules, modules];
        for (var i = 0; i < points.Length; i += 4)
        {
            var ((left, top), (right, bottom)) = (points[i], points[i + 2]);
            for (var row = top / unit; row < bottom / unit; row++)
            {
                for (var column = left / unit; column < right / unit; column++)
                {
                    Assert.False(drawn[row, column]);
                    drawn[row, column] = true;
                }
            }
        }

        return drawn;
    }
}
