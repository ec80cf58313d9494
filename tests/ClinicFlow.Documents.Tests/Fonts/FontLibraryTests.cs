using ClinicFlow.Documents.Fonts;
using Xunit;

namespace ClinicFlow.Documents.Tests.Fonts;

/// <summary>Which face stands in for a font that a document names, and how long its lines are.</summary>
public sealed class FontLibraryTests
{
    [Theory]
    [InlineData("Calibri", "Regular", "Carlito", "SameMetrics", 1.2207)]
    [InlineData("Calibri", "BoldItalic", "Carlito-BoldItalic", "SameMetrics", 1.2207)]
    [InlineData("Arial", "Bold", "LiberationSans-Bold", "SameMetrics", 1.1499)]
    [InlineData("helvetica", "Regular", "LiberationSans", "SameMetrics", 1.1499)]
    [InlineData("Times New Roman", "Italic", "LiberationSerif-Italic", "SameMetrics", 1.1499)]
    [InlineData("Courier New", "Regular", "LiberationMono", "SameMetrics", 1.1328)]
    [InlineData("Aptos", "Regular", "Carlito", "SetToMetrics", 1.2207)]
    [InlineData("Consolas", "Regular", "LiberationMono", "SetToMetrics", 1.1709)]
    [InlineData("Georgia", "Regular", "LiberationSerif", "SetToMetrics", 1.1362)]
    [InlineData("Arial Black", "Regular", "LiberationSans-Bold", "Similar", 1.4102)]
    [InlineData("No Such Sans", "Regular", "LiberationSans", "Similar", 1.1499)]
    [InlineData("No Such Book Antiqua", "Regular", "LiberationSerif", "Similar", 1.1499)]
    [InlineData("NoSuchMono", "Regular", "LiberationMono", "Similar", 1.1328)]
    public void A_family_finds_its_stand_in(string family, string style, string postScript, string match, double lineHeight)
    {
        var font = new FontSet(FontLibrary.OfSystem).Resolve(family, Enum.Parse<FontStyle>(style));

        Assert.Equal((postScript, match), (font.Face.PostScriptName, font.Match.ToString()));
        Assert.Equal(lineHeight, font.Line.Height, 0.0002);
    }

    [Theory]
    [InlineData("Aptos", "Regular", "Hamburg 12", "H", 0.0)]
    [InlineData("Cambria", "Bold", "abc", "a", 0.0)]
    public void A_stand_in_is_set_to_the_widths_that_Word_uses(string family, string style, string text, string first, double tolerance)
    {
        var font = new FontSet(FontLibrary.OfSystem).Resolve(family, Enum.Parse<FontStyle>(style));
        Assert.Equal(FontMatch.SetToMetrics, font.Match);
        Assert.True(font.HasOwnAdvances);
        Assert.InRange(font.HorizontalScale, 0.9, 1.15);
        Assert.All(text, c => Assert.InRange(font.AdvanceOf(font.GlyphOf(c)), 0.15f, 1f));
        var expected = (family, first) switch { ("Aptos", "H") => 0.7f, _ => 0.51f };
        Assert.InRange(font.AdvanceOf(font.GlyphOf(first[0])), expected - 0.05 - tolerance, expected + 0.05 + tolerance);
    }

    [Fact]
    public void An_accented_letter_of_a_stand_in_is_as_wide_as_its_letter()
    {
        var font = new FontSet(FontLibrary.OfSystem).Resolve("Cambria", FontStyle.Regular);
        Assert.Equal(font.AdvanceOf(font.GlyphOf('e')), font.AdvanceOf(font.GlyphOf('é')));
        Assert.Equal(0.488f, font.AdvanceOf(font.GlyphOf('e')), 0.0001f);
    }

    [Fact]
    public void Faces_that_do_not_exist_are_synthesized()
    {
        var set = new FontSet(FontLibrary.OfSystem);
        Assert.True(set.Resolve("Noto Naskh Arabic", FontStyle.Italic).IsSyntheticItalic);
        Assert.False(set.Resolve("Noto Naskh Arabic", FontStyle.Bold).IsSyntheticBold);
        Assert.True(set.Resolve("Noto Sans Symbols2", FontStyle.Bold).IsSyntheticBold);
        Assert.False(set.Resolve("Calibri", FontStyle.BoldItalic) is { IsSyntheticBold: true } or { IsSyntheticItalic: true });
    }

    [Theory]
    [InlineData("Times New Roman", "שלום", "", "NotoSerifHebrew-Regular")]
    [InlineData("Times New Roman", "محمد", "", "NotoNaskhArabic-Regular")]
    [InlineData("Calibri", "محمد", "", "NotoSansArabic-Regular")]
    [InlineData("Calibri", "日", "ja-JP", "NotoSansCJKjp-Regular")]
    [InlineData("Calibri", "直", "zh-CN", "NotoSansCJKsc-Regular")]
    [InlineData("Times New Roman", "直", "zh-TW", "NotoSerifCJKtc-Regular")]
    [InlineData("Calibri", "김", "", "NotoSansCJKkr-Regular")]
    [InlineData("Calibri", "क", "", "NotoSansDevanagari-Regular")]
    [InlineData("Calibri", "ก", "", "NotoSansThai-Regular")]
    [InlineData("Calibri", "☑", "", "NotoSansSymbols2-Regular")]
    public void A_character_that_a_font_lacks_comes_from_one_of_its_script(string family, string text, string language, string postScript)
    {
        var set = new FontSet(FontLibrary.OfSystem);
        var font = set.Resolve(family, FontStyle.Regular);
        var codePoint = char.ConvertToUtf32(text, 0);
        var found = font.GlyphOf(codePoint) != 0 ? font : set.FallbackFor(font, codePoint, language);

        Assert.Equal(postScript, found.Face.PostScriptName);
        Assert.NotEqual(0, found.GlyphOf(codePoint));
    }

    [Theory]
    [InlineData("Symbol", 0xF0B7, 0x2022)]
    [InlineData("Wingdings", 0xF0A7, 0x25AA)]
    [InlineData("Wingdings", 0xF0FC, 0x2714)]
    [InlineData("Wingdings", 0xA8, 0x1F78E)]
    [InlineData("Symbol", 'a', 0x03B1)]
    public void A_symbol_font_shows_its_characters_from_a_face_that_has_them(string family, int codePoint, int unicode)
    {
        var set = new FontSet(FontLibrary.OfSystem);
        var font = set.Resolve(family, FontStyle.Regular);
        var found = font.GlyphOf(codePoint) != 0 ? font : set.FallbackFor(font, codePoint, "");

        Assert.Equal(unicode, font.UnicodeOf(codePoint));
        Assert.Equal(found.Face.GlyphOf(unicode), found.GlyphOf(codePoint));
        Assert.NotEqual(0, found.GlyphOf(codePoint));
    }

    [Fact]
    public void A_character_that_no_font_has_costs_little_and_stays_with_its_font()
    {
        var set = new FontSet(FontLibrary.OfSystem);
        var font = set.Resolve("Calibri", FontStyle.Regular);
        set.FallbackFor(font, 0x10FFFD, "");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var c = 0xF8000; c < 0xF8040; c++)
        {
            Assert.Same(font, set.FallbackFor(font, c, ""));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void The_same_request_gives_the_same_object_from_many_threads()
    {
        var set = new FontSet(FontLibrary.OfSystem);
        var fonts = Enumerable.Range(0, 64).AsParallel().WithDegreeOfParallelism(8).Select(i => set.Resolve(i % 2 == 0 ? "Calibri" : "CALIBRI", FontStyle.Bold)).Distinct().ToArray();
        Assert.Single(fonts);
    }

    [Fact]
    public void An_embedded_obfuscated_font_comes_before_an_installed_one()
    {
        var file = File.ReadAllBytes(Directory.EnumerateFiles("/usr/share/fonts", "LiberationMono-Regular.ttf", SearchOption.AllDirectories).First());
        var key = Guid.Parse("302EE813-EB4A-4642-A93A-89EF99B2457E");
        var digits = Convert.FromHexString(key.ToString("N"));
        for (var i = 0; i < 32; i++)
        {
            file[i] ^= digits[15 - (i % 16)];
        }

        var set = new FontSet(FontLibrary.OfSystem, [new DocumentFont("Calibri") { Embedded = [new(FontStyle.Regular, file, key)] }]);

        Assert.Equal(("LiberationMono", FontMatch.Embedded), (set.Resolve("Calibri", FontStyle.Regular).Face.PostScriptName, set.Resolve("Calibri", FontStyle.Regular).Match));
        Assert.True(set.Resolve("Calibri", FontStyle.Bold).IsSyntheticBold);
        Assert.Equal("Carlito", new FontSet(FontLibrary.OfSystem).Resolve("Calibri", FontStyle.Regular).Face.PostScriptName);
    }

    [Fact]
    public void The_font_table_helps_to_find_a_stand_in()
    {
        var set = new FontSet(FontLibrary.OfSystem, [
            new DocumentFont("Hausschrift") { AlternativeName = "Calibri" },
            new DocumentFont("Antikva") { Panose = [2, 2, 6, 3, 5, 4, 5, 2, 3, 4] },
            new DocumentFont("Schreibmaschine") { Panose = [2, 0, 5, 9, 0, 0, 0, 0, 0, 0] },
        ]);
        Assert.Equal("Carlito", set.Resolve("Hausschrift", FontStyle.Regular).Face.PostScriptName);
        Assert.Equal("LiberationSerif", set.Resolve("Antikva", FontStyle.Regular).Face.PostScriptName);
        Assert.Equal("LiberationMono", set.Resolve("Schreibmaschine", FontStyle.Regular).Face.PostScriptName);
    }

    [Fact]
    public void A_folder_without_fonts_says_what_to_install()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "a.ttf"), "no font");
            var e = Assert.Throws<FontsMissingException>(() => new FontSet(FontLibrary.Open([folder.FullName, "/no/such/folder"])).Resolve("Calibri", FontStyle.Regular));
            Assert.Equal("no-fonts", e.Code);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
