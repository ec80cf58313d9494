using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Unicode;
using Xunit;

namespace ClinicFlow.Documents.Tests.Fonts;

/// <summary>Text becomes the right glyphs, by both ways through the shaper.</summary>
public sealed class ShaperTests
{
    private static readonly FontSet Fonts = new(FontLibrary.OfSystem);

    [Theory]
    [InlineData("Calibri", "Müller-Łukasz, 12.50 €: “Größe” – Straße…")]
    [InlineData("Times New Roman", "Αθήνα Ελλάδα, Москва Ёлка Їжак")]
    [InlineData("Aptos", "Nguyễn Thị Thành Đạt, Čapek, Ångström")]
    [InlineData("Arial", "AVAToTeWA fi ffl")]
    public void The_short_way_and_HarfBuzz_give_the_same_glyphs(string family, string text)
    {
        var font = Fonts.Resolve(family, FontStyle.Regular);
        using var shaper = new Shaper();
        foreach (var item in Items(text, font))
        {
            var style = new ShapingStyle(item.Font, item.Script, false, FontFeatures.None, "");
            Assert.True(Shaper.IsSimple(text.AsSpan(item.Start, item.Length), style));
            var simple = shaper.Shape(text, item.Start, item.Length, style).ToArray();

            // Historical ligatures exist in none of these fonts; asking for them takes the long way.
            var shaped = shaper.Shape(text, item.Start, item.Length, style with { Features = FontFeatures.Historical }).ToArray();

            Assert.Equal(simple.Select(g => (g.Id, g.Cluster)), shaped.Select(g => (g.Id, g.Cluster)));
            Assert.All(simple.Zip(shaped), pair => Assert.Equal(pair.First.Advance, pair.Second.Advance, 0.0001f));
        }
    }

    [Fact]
    public void Kerning_moves_pairs_only_where_it_is_asked_for()
    {
        var style = new ShapingStyle(Fonts.Resolve("Calibri", FontStyle.Regular), Script.Latin, false, FontFeatures.None, "");
        using var shaper = new Shaper();
        Assert.True(shaper.Measure("AVATAR", 0, 6, style with { Features = FontFeatures.Kerning }) < shaper.Measure("AVATAR", 0, 6, style) - 0.05f);
    }

    [Fact]
    public void Ligatures_join_letters_only_where_they_are_asked_for()
    {
        var style = new ShapingStyle(Fonts.Resolve("Calibri", FontStyle.Regular), Script.Latin, false, FontFeatures.None, "");
        using var shaper = new Shaper();
        Assert.Equal(6, shaper.Shape("office", 0, 6, style).Length);
        var glyphs = shaper.Shape("office", 0, 6, style with { Features = FontFeatures.Ligatures });
        Assert.Equal([0, 1, 4, 5], glyphs.ToArray().Select(g => g.Cluster));
    }

    [Fact]
    public void Arabic_letters_join_across_a_change_of_formatting()
    {
        var font = Fonts.FallbackFor(Fonts.Resolve("Times New Roman", FontStyle.Regular), 'م', "ar");
        var style = new ShapingStyle(font, Script.Arabic, true, FontFeatures.None, "ar");
        using var shaper = new Shaper();
        var alone = shaper.Shape("م", 0, 1, style).ToArray();
        var joined = shaper.Shape("محمد", 0, 1, style).ToArray();

        Assert.Single(joined);
        Assert.NotEqual(alone[0].Id, joined[0].Id);
        Assert.Equal([3, 2, 1, 0], shaper.Shape("محمد", 0, 4, style).ToArray().Select(g => g.Cluster));
    }

    [Fact]
    public void Devanagari_is_set_in_the_order_of_its_shapes()
    {
        var font = Fonts.FallbackFor(Fonts.Resolve("Calibri", FontStyle.Regular), 'क', "hi");
        using var shaper = new Shaper();
        var glyphs = shaper.Shape("कि", 0, 2, new(font, Script.Devanagari, false, FontFeatures.None, "hi")).ToArray();

        Assert.Equal(2, glyphs.Length);
        Assert.Equal(font.GlyphOf('क'), glyphs[1].Id); // The vowel sign stands before its consonant.
        Assert.All(glyphs, g => Assert.Equal(0, g.Cluster));
    }

    [Fact]
    public void A_combining_mark_stands_on_its_letter()
    {
        var font = Fonts.Resolve("Times New Roman", FontStyle.Regular);
        using var shaper = new Shaper();
        var composed = shaper.Shape("e\u0301", 0, 2, new(font, Script.Latin, false, FontFeatures.None, "")).ToArray();
        Assert.Equal(font.GlyphOf('é'), Assert.Single(composed).Id);

        // The font has no macron: letter and mark come together from one that has both.
        var item = Assert.Single(Items("x\u0304", font));
        var stacked = shaper.Shape("x\u0304", 0, 2, new(item.Font, Script.Latin, false, FontFeatures.None, "")).ToArray();
        Assert.Equal(2, stacked.Length);
        Assert.DoesNotContain((ushort)0, stacked.Select(g => g.Id));
        Assert.Equal(0, stacked[1].Advance);
    }

    [Fact]
    public void A_run_divides_by_level_script_and_font()
    {
        const string text = "Dr. שלום 12 日本";
        var levels = new byte[text.Length];
        Bidi.FindLevels(text, ParagraphDirection.LeftToRight, levels);
        var items = new List<TextItem>();
        TextItemizer.Split(text, 0, text.Length, levels, Fonts.Resolve("Calibri", FontStyle.Regular), Fonts, "ja", items);

        Assert.Equal(text.Length, items.Sum(item => item.Length));
        Assert.Equal(["Dr. ", "שלום"], items.Take(2).Select(item => text.Substring(item.Start, item.Length)));
        Assert.Equal((Script.Hebrew, (byte)1), (items[1].Script, items[1].Level));
        Assert.Equal((Script.Han, (byte)0), (items[^1].Script, items[^1].Level));
        Assert.Equal("日本", text.Substring(items[^1].Start, items[^1].Length));
        Assert.All(items, item => Assert.All(text.Substring(item.Start, item.Length), c => Assert.True(c == ' ' || item.Font.GlyphOf(c) != 0)));
    }

    [Fact]
    public void Controls_have_no_width_and_hyphens_that_may_not_break_have_a_hyphen()
    {
        var font = Fonts.Resolve("Calibri", FontStyle.Regular);
        var style = new ShapingStyle(font, Script.Latin, false, FontFeatures.None, "");
        using var shaper = new Shaper();
        Assert.Equal(0, shaper.Measure("\t\n\u00AD\u200B", 0, 4, style));
        Assert.True(shaper.Measure("a\u2011b", 0, 3, style) > shaper.Measure("ab", 0, 2, style));
        Assert.DoesNotContain((ushort)0, shaper.Shape("a\u00A0\u2011\u202Fb", 0, 5, style).ToArray().Select(g => g.Id));
    }

    [Fact]
    public void Broken_fonts_neither_throw_nor_hang()
    {
        var original = File.ReadAllBytes(FontFile("Carlito-Regular.ttf"));
        var random = new Random(20261125);
        using var shaper = new Shaper();
        var opened = 0;
        for (var i = 0; i < 150; i++)
        {
            var file = i % 10 == 0 ? original[..random.Next(original.Length)] : [.. original];
            for (var hits = random.Next(1, 40); hits > 0; hits--)
            {
                // Half of the hits go where the tables are described.
                file[hits % 2 == 0 ? random.Next(Math.Min(400, file.Length)) : random.Next(file.Length)] = (byte)random.Next(256);
            }

            if (FontFace.Read(file) is not { } face)
            {
                continue;
            }

            opened++;
            var font = new ResolvedFont("Broken", FontStyle.Regular, face, FontMatch.Embedded);
            foreach (var features in new[] { FontFeatures.None, FontFeatures.Kerning | FontFeatures.Ligatures })
            {
                var glyphs = shaper.Shape("Waffle é Ωμέγα Жук", 0, 18, new(font, Script.Latin, false, features, "")).ToArray();
                Assert.All(glyphs, g => Assert.InRange(g.Cluster, 0, 17));
            }
        }

        Assert.True(opened > 50, $"only {opened} could be opened");
    }

    internal static string FontFile(string name) => Directory.EnumerateFiles("/usr/share/fonts", name, SearchOption.AllDirectories).First();

    private static List<TextItem> Items(string text, ResolvedFont font)
    {
        var items = new List<TextItem>();
        TextItemizer.Split(text, 0, text.Length, [], font, Fonts, "", items);
        return items;
    }
}
