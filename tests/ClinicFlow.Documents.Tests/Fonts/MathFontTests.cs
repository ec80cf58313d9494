using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Tests.Layout;
using Xunit;

namespace ClinicFlow.Documents.Tests.Fonts;

/// <summary>Fonts that equations are set in, whole and damaged.</summary>
public sealed class MathFontTests
{
    private static MathFont Font => Typeset.Fonts.ForEquations("Cambria Math")!;

    [Fact]
    public void A_font_for_equations_is_installed_and_says_how_to_set_them()
    {
        var font = Font;

        Assert.Equal("STIXMath-Regular", font.Face.PostScriptName);
        Assert.Equal(0.75, font[MathConstant.ScriptPercentScaleDown]);
        Assert.InRange(font[MathConstant.AxisHeight], 0.2, 0.3);
        Assert.InRange(font[MathConstant.FractionRuleThickness], 0.03, 0.08);
        Assert.InRange(font[MathConstant.RadicalDegreeBottomRaisePercent], 0.3, 0.9);

        // Lines are those of the font that was asked for.
        Assert.Equal(0.95, font.Font.Line.Ascent, 0.01);
    }

    [Theory]
    [InlineData('(', true)]
    [InlineData('{', true)]
    [InlineData('√', true)]
    [InlineData('\u23DF', false)]
    public void Signs_have_larger_forms_and_pieces(char sign, bool isVertical)
    {
        var glyph = Font.Face.GlyphOf(sign);

        var variants = Font.VariantsOf(glyph, isVertical);
        var pieces = Font.PiecesOf(glyph, isVertical);

        Assert.Equal(variants.Select(variant => variant.Length).Order(), variants.Select(variant => variant.Length));
        Assert.True(variants.Length > 2);
        Assert.Contains(pieces, piece => piece.IsExtender);
        Assert.All(pieces, piece => Assert.True(piece.Length > 0 && piece.Glyph < Font.Face.GlyphCount));
    }

    [Fact]
    public void The_same_request_gives_the_same_font_and_an_unknown_one_a_font_as_well()
    {
        Assert.Same(Typeset.Fonts.ForEquations("Cambria Math"), Typeset.Fonts.ForEquations("cambria math"));
        Assert.Equal(Font.Face, Typeset.Fonts.ForEquations("No Such Math")!.Face);
        Assert.True(MathFont.IsInstalled(FontLibrary.OfSystem));
    }

    [Fact]
    public void A_font_without_the_table_is_none() => Assert.Null(MathTable.Read(Typeset.Fonts.Resolve("Calibri", FontStyle.Regular).Face));

    [Fact]
    public void A_damaged_table_never_throws()
    {
        var file = Font.Face.File.ToArray();
        var directory = TableDirectory.Read(file, 0)!;
        var (offset, length) = directory[FontFace.Tag("MATH")];
        var random = new Random(7);
        var read = 0;
        for (var round = 0; round < 300; round++)
        {
            var damaged = file.ToArray();
            for (var i = 0; i < 1 + (round % 40); i++)
            {
                damaged[offset + random.Next(round % 3 == 0 ? Math.Min(length, 64) : length)] = (byte)random.Next(256);
            }

            if (FontFace.Read(damaged) is not { } face || MathTable.Read(face) is not { } table)
            {
                continue;
            }

            read++;
            foreach (var sign in "({√∑|→")
            {
                var glyph = face.GlyphOf(sign);
                Assert.All(table.VariantsOf(glyph, isVertical: true), variant => Assert.True(variant.Glyph < face.GlyphCount));
                Assert.All(table.PiecesOf(glyph, isVertical: true), piece => Assert.True(piece.Glyph < face.GlyphCount && piece.Length > 0));
                Assert.True(table.VariantsOf(glyph, isVertical: false).Length <= 64 && table.PiecesOf(glyph, isVertical: false).Length <= 16);
            }
        }

        Assert.True(read > 50, "Nearly all tables were refused; the damage only breaks the first bytes.");
    }

    [Fact]
    public void A_table_that_is_cut_off_never_throws()
    {
        var face = Font.Face;
        for (var length = 0; length < 400; length += 3)
        {
            var file = face.File.ToArray();
            var records = new FontData(file).U16(4);
            for (var i = 0; i < records; i++)
            {
                var at = 12 + (16 * i);
                if (new FontData(file).U32(at) == FontFace.Tag("MATH"))
                {
                    System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 12), (uint)length);
                }
            }

            var cut = FontFace.Read(file)!;
            var table = MathTable.Read(cut);
            Assert.True(table is null || length >= 214);
            _ = table?.VariantsOf(cut.GlyphOf('('), isVertical: true);
            _ = table?.PiecesOf(cut.GlyphOf('('), isVertical: true);
        }
    }
}
