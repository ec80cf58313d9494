using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Pdf;
using Xunit;

namespace ClinicFlow.Documents.Tests.Pdf;

/// <summary>Text comes out as it went in, in every script, whoever reads the file.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("Calibri", "The quick brown fox — “naïve” café, 12.50 € (20 %).", "")]
    [InlineData("Times New Roman", "Łukasz Żółć, Čapková, Ångström, Nguyễn Thị Hồng", "")]
    [InlineData("Aptos", "Set to the widths of a font that is not here", "")]
    [InlineData("Cambria", "11 (111) 15.1% and 211 more", "")]
    [InlineData("Malgun Gothic", "본 계약은 유상증자를 위하여 체결되며", "ko")]
    [InlineData("Arial", "Αθήνα, Ελληνικά: μέρα", "el")]
    [InlineData("Cambria", "Москва, Україна, Ђорђе", "ru")]
    [InlineData("Times New Roman", "שלום עולם", "he")]
    [InlineData("Times New Roman", "محمد بن سلمان", "ar")]
    [InlineData("Calibri", "日本語の文章、東京都", "ja")]
    [InlineData("Times New Roman", "中华人民共和国", "zh-CN")]
    [InlineData("Calibri", "안녕하세요 김철수", "ko")]
    [InlineData("Calibri", "नमस्ते हिन्दी क्षत्रिय", "hi")]
    [InlineData("Calibri", "สวัสดีครับ", "th")]
    [InlineData("Times New Roman", "x\u0304 e\u0323\u0302 combining", "")]
    [InlineData("Consolas", "if (a \\ b) { return 0; }", "")]
    public void Text_can_be_copied_out_of_the_file(string family, string text, string language)
    {
        var pdf = PdfTool.Write(LaidText.Document(LaidText.Line(text, family, language: language)));

        PdfTool.CheckFile(pdf);
        Assert.Equal([text.Normalize()], PdfTool.Text(pdf).Select(line => line.Trim('\u202B', '\u202C', '\u202A').Normalize()));
    }

    [Theory]
    [InlineData("שָׁלוֹם")]
    [InlineData("مُحَمَّد")]
    public void Words_with_vowel_signs_that_read_from_the_right_keep_their_letters_together(string text)
    {
        // pdftotext turns a letter and its marks around like two letters; so the letters are compared in order, the marks as a set.
        var pdf = PdfTool.Write(LaidText.Document(LaidText.Line(text, "Times New Roman")));
        PdfTool.CheckFile(pdf);
        var read = Assert.Single(PdfTool.Text(pdf)).Trim('\u202B', '\u202C').Normalize(System.Text.NormalizationForm.FormD);
        Assert.Equal(Letters(text), Letters(read));
        Assert.Equal(text.Normalize(System.Text.NormalizationForm.FormD).Order(), read.Order());

        static string Letters(string word) => string.Concat(word.Where(char.IsLetter));
    }

    [Fact]
    public void Ligatures_give_their_letters_back()
    {
        var pdf = PdfTool.Write(LaidText.Document(LaidText.Line("office waffle fjord", features: FontFeatures.Ligatures)));
        PdfTool.CheckFile(pdf);
        Assert.Equal(["office waffle fjord"], PdfTool.Text(pdf));
    }

    [Fact]
    public void A_joined_pair_of_Arabic_letters_gives_both_back_in_the_order_they_are_read()
    {
        // pdftotext of Debian 12 turns the letters of one glyph around; so the file is asked through another reader.
        var pdf = PdfTool.Write(LaidText.Document(LaidText.Line("السلام", "Calibri", language: "ar")));
        using var document = UglyToad.PdfPig.PdfDocument.Open(pdf);
        Assert.Equal(["م", "لا", "س", "ل", "ا"], document.GetPage(1).Letters.Select(letter => letter.Value));
    }

    [Fact]
    public void Every_script_looks_like_itself()
    {
        // Not only the text: the shapes too. Ink on each line, and no sign for a missing glyph in any.
        var lines = Scripts.Select(text => LaidText.Line(text, "Times New Roman")).ToArray();
        Assert.All(lines, line => Assert.DoesNotContain((ushort)0, line.Glyphs.Select(glyph => glyph.Id)));
        PdfTool.CheckFile(PdfTool.Write(LaidText.Document(lines)));
    }

    private static readonly string[] Scripts =
    [
        "Latin Łódź Nguyễn", "Ελληνικά", "Кириллица", "עברית שָׁלוֹם", "العربية السلام عليكم", "हिन्दी क्षत्रिय कर्म", "বাংলা ভাষা", "தமிழ் மொழி", "ไทย น้ำ", "日本語 東京", "中文", "한국어", "ქართული", "Հայերեն", "አማርኛ", "ខ្មែរ", "မြန်မာ", "☑ ✓ → ∑ ½ €", "😀",
    ];

    [Fact]
    public void A_bullet_of_a_symbol_font_is_a_bullet()
    {
        var pdf = PdfTool.Write(LaidText.Document(LaidText.Line("\uF0B7", "Symbol"), LaidText.Line("\uF0FC", "Wingdings")));
        PdfTool.CheckFile(pdf);
        Assert.Equal(["•", "✔"], PdfTool.Text(pdf));
    }

    [Fact]
    public void Fonts_are_embedded_as_subsets_with_their_way_back_to_text()
    {
        var pdf = PdfTool.Write(LaidText.Document(
            LaidText.Line("Regular"), LaidText.Line("Bold", style: FontStyle.Bold), LaidText.Line("日本"), LaidText.Line("नमस्ते"), LaidText.Line("محمد")));
        var fonts = PdfTool.Run(pdf, "pdffonts", "FILE").Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..];

        Assert.Equal(5, fonts.Length);
        Assert.All(fonts, line => Assert.Matches(@"^[A-Z]{6}\+\S+ +(TrueType +WinAnsi +yes yes no|CID (TrueType|Type 0C) +Identity-H +yes yes yes)", line));
        Assert.Equal(2, fonts.Count(line => line.Contains("WinAnsi", StringComparison.Ordinal)));
        Assert.Contains(fonts, line => line.Contains("CID Type 0C", StringComparison.Ordinal));
        Assert.InRange(pdf.Length, 10_000, 150_000);
    }

    [Theory]
    [InlineData("Plain (text) with a \\ and an é – for 5 €", "WinAnsi")]
    [InlineData("AVAVAV Wo fi", "WinAnsi", (int)FontFeatures.Kerning)]
    [InlineData("office waffle", "Identity-H", (int)FontFeatures.Ligatures)]
    [InlineData("Łukasz Żółć", "Identity-H")]
    [InlineData("one\u00A0two", "WinAnsi")]
    [InlineData("Ωμέγα", "Identity-H")]
    public void Characters_that_have_a_byte_take_one(string text, string encoding, int features = 0)
    {
        var pdf = PdfTool.Write(LaidText.Document(LaidText.Line(text, features: (FontFeatures)features)));
        PdfTool.CheckFile(pdf);
        Assert.Equal([text.Replace('\u00A0', ' ')], PdfTool.Text(pdf));
        Assert.Contains(encoding, Assert.Single(PdfTool.Run(pdf, "pdffonts", "FILE").Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..]), StringComparison.Ordinal);
    }

    [Fact]
    public void One_face_in_both_encodings_has_one_program()
    {
        var pdf = PdfTool.Write(LaidText.Document(LaidText.Line("plain"), LaidText.Line("Łódź")));
        PdfTool.CheckFile(pdf);
        Assert.Equal(["plain", "Łódź"], PdfTool.Text(pdf));
        Assert.Equal(2, PdfTool.Run(pdf, "pdffonts", "FILE").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 2);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(System.Text.Encoding.Latin1.GetString(pdf), "/Length1 "));
    }

    [Theory]
    [InlineData("one two three four", 0, 18)]
    [InlineData("one two three four ", 0, 18)]
    [InlineData("one two (three) four", 5, 16)]
    [InlineData("Łódź two three four", 0, 19)]
    public void Stretched_spaces_move_the_words_behind_them_and_no_other(string text, int from, int to)
    {
        var natural = LaidText.Line(text);
        var run = Assert.Single(natural.Runs) with { IsNatural = true, Stretch = 7.25f, StretchFrom = from, StretchTo = to };
        var line = new ClinicFlow.Documents.Layout.Pages.Fragment { Items = natural.Items, Glyphs = natural.Glyphs, Text = natural.Text, Runs = [run] };
        var boxes = PdfTool.Run(PdfTool.Write(LaidText.Document(line, LaidText.Line("one"))), "pdftotext", "-bbox", "FILE", "-");
        var words = System.Text.RegularExpressions.Regex.Matches(boxes, "xMin=\"([0-9.]+)\".*>(\\S+)</word>").Select(m => double.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();

        var (at, word) = (0, 0);
        foreach (var expected in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var stretched = Enumerable.Range(from, Math.Max(0, Math.Min(to, at) - from)).Count(i => text[i] == ' ');
            var laid = 72 + natural.Glyphs.Where(glyph => glyph.Cluster < at).Sum(glyph => (double)glyph.Advance) + (stretched * 7.25);
            Assert.Equal(laid, words[word++], 0.02);
            at += expected.Length + 1;
        }
    }

    [Fact]
    public void Words_stand_where_they_were_laid()
    {
        var document = LaidText.Document(LaidText.Line("AVAVAV Wo fi (12) x", "Times New Roman", 11), LaidText.Line("Aptos set to its own widths", "Aptos", 11));
        var boxes = PdfTool.Run(PdfTool.Write(document), "pdftotext", "-bbox", "FILE", "-");
        var words = System.Text.RegularExpressions.Regex.Matches(boxes, "xMin=\"([0-9.]+)\".*>(\\S+)</word>").Select(m => (X: double.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), Word: m.Groups[2].Value)).ToArray();

        foreach (var placement in document.Pages[0].Placements)
        {
            var (fragment, at) = (placement.Fragment, 0);
            foreach (var word in fragment.Text.Split(' '))
            {
                var laid = 72 + fragment.Glyphs.Where(g => g.Cluster < at).Sum(g => (double)g.Advance);
                Assert.Equal(laid, Assert.Single(words, w => w.Word == word).X, 0.02);
                at += word.Length + 1;
            }
        }
    }

    [Fact]
    public void The_same_document_gives_the_same_bytes_whatever_was_written_before()
    {
        var document = LaidText.Document(LaidText.Line("Shared", isShared: true), LaidText.Line("Zoë محمد 日本 waffle", features: FontFeatures.Ligatures));
        var alone = PdfTool.Write(document);
        var cache = new PdfCache();
        PdfTool.Write(LaidText.Document(LaidText.Line("Something else: Ωμέγα", "Arial"), LaidText.Line("Shared", isShared: true)), cache);

        Assert.Equal(alone, PdfTool.Write(document, cache));
        Assert.Equal(alone, PdfTool.Write(document, cache));
        Assert.NotEqual(alone, PdfTool.Write(LaidText.Document(LaidText.Line("Shared")), cache));
    }

    [Fact]
    public void Many_threads_share_a_cache_and_no_text()
    {
        var cache = new PdfCache();
        var shared = Enumerable.Range(0, 8).Select(i => LaidText.Line($"Shared paragraph {i} (ü)", isShared: true)).ToArray();
        var names = Enumerable.Range(0, 400).Select(i => $"Patient {i:X4} {(char)('Ā' + (i % 100))} {(char)(0x0410 + (i % 32))}").ToArray();
        Parallel.For(0, names.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var document = LaidText.Document([.. shared, LaidText.Line(names[i])]);
            Assert.Equal(PdfTool.Write(document), PdfTool.Write(document, cache));
        });
    }

    [Fact]
    public void A_broken_font_is_refused_or_embedded_and_never_crashes()
    {
        var original = File.ReadAllBytes(Fonts.ShaperTests.FontFile("Carlito-Regular.ttf"));
        var random = new Random(7);
        var (written, refused) = (0, 0);
        for (var i = 0; i < 60; i++)
        {
            byte[] file = [.. original];
            for (var hits = random.Next(1, 60); hits > 0; hits--)
            {
                file[random.Next(hits % 3 == 0 ? 400 : file.Length)] = (byte)random.Next(256);
            }

            if (FontFace.Read(file) is not { } face)
            {
                continue;
            }

            var line = LaidText.Line("Hamburgefonts");
            var broken = new ClinicFlow.Documents.Layout.Pages.Fragment
            {
                Items = line.Items, Glyphs = line.Glyphs, Text = line.Text, Runs = [line.Runs[0] with { Face = face }],
            };
            try
            {
                Assert.True(PdfTool.Write(LaidText.Document(broken)).Length > 1000);
                written++;
            }
            catch (FontUnusableException e)
            {
                Assert.Equal("font-damaged", e.Code);
                refused++;
            }
        }

        Assert.True(written > 20, $"{written} written, {refused} refused");
    }
}
