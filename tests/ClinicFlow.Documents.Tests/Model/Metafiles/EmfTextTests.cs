using ClinicFlow.Documents.Model.Metafiles;
using Xunit;

namespace ClinicFlow.Documents.Tests.Model.Metafiles;

/// <summary>Text of enhanced metafiles: where it stands, in what font, and with which widths.</summary>
public sealed class EmfTextTests
{
    private static EmfFile File => new EmfFile(400, 300).Add(EmfRecord.SetBkMode, 1);

    [Fact]
    public void Text_has_its_font_colour_place_and_widths()
    {
        var file = File.Font(1, -16, "Arial", isBold: true).Add(EmfRecord.SetTextColor, 0x0000FF).Add(EmfRecord.SetTextAlign, 24)
            .Text(10, 50, "Größe", [12, 6, 9, 9, 9])
            .Add(EmfRecord.SetTextAlign, 2).Font(2, 20, "Times New Roman").Text(390, 0, "ab", [5, 6])
            .Add(EmfRecord.SetTextAlign, 6 | 8).Add(EmfRecord.SetBkMode, 2).Add(EmfRecord.SetBkColor, 0x00FFFF).Text(200, 30, "c", [7]);

        Assert.Equal(
            """
            text 'Größe' Arial -16 bold FF0000 Left Baseline at 10,50 widths 12 6 9 9 9
            text 'ab' Times New Roman 20 FF0000 Right Top at 390,0 widths 5 6
            text 'c' Times New Roman 20 FF0000 Center Bottom at 200,30 widths 7 on FFFF00
            """.ReplaceLineEndings("\n"),
            file.Show());
    }

    [Fact]
    public void Escapement_turns_text_against_the_clock_and_a_mirrored_page_does_not_mirror_it()
    {
        var file = File.Font(1, -16, "Arial", escapement: 900).Text(10, 50, "a", [9])
            .Add(EmfRecord.SetMapMode, 8).Add(EmfRecord.SetWindowExtEx, 1, -1).Add(EmfRecord.SetViewportExtEx, 1, 1).Add(EmfRecord.SetViewportOrgEx, 0, 200)
            .Text(10, 50, "b", [9]);

        Assert.Equal(
            """
            text 'a' Arial -16 000000 Left Top at 10,50 turned 90 widths 9
            text 'b' Arial -16 000000 Left Top at 10,150 turned 90 widths 9
            """.ReplaceLineEndings("\n"),
            file.Show());
        var mirrored = Assert.IsType<MetafileText>(file.Read().Drawing!.Items[1]);
        Assert.True(mirrored.Place.Determinant > 0);
    }

    [Fact]
    public void Text_may_go_on_where_the_last_one_ended()
    {
        var file = File.Font(1, -16, "Arial").Add(EmfRecord.SetTextAlign, 1).Add(EmfRecord.MoveToEx, 20, 30)
            .Text(0, 0, "ab", [5, 6]).Text(0, 0, "c", [7]);

        Assert.Equal(
            """
            text 'ab' Arial -16 000000 Left Top at 20,30 widths 5 6
            text 'c' Arial -16 000000 Left Top at 31,30 widths 7
            """.ReplaceLineEndings("\n"),
            file.Show());
    }

    [Fact]
    public void A_box_is_filled_behind_text_or_cuts_it()
    {
        var file = File.Font(1, -16, "Arial").Add(EmfRecord.SetBkColor, 0x00FFFF).Text(10, 50, "a", [9], options: 2, box: (5, 45, 25, 65)).Text(10, 50, "b", [9], options: 4, box: (5, 45, 25, 65))
            .Text(10, 50, "c", [9], options: 6, box: (0, 0, -1, -1));

        Assert.Equal(
            """
            fill FFFF00 M5,45 L25,45 L25,65 L5,65 Z
            text 'a' Arial -16 000000 Left Top at 10,50 widths 9
            text 'b' Arial -16 000000 Left Top at 10,50 widths 9 within M5,45 L25,45 L25,65 L5,65 Z
            text 'c' Arial -16 000000 Left Top at 10,50 widths 9
            """.ReplaceLineEndings("\n"),
            file.Show());
    }

    [Fact]
    public void Bytes_are_the_characters_of_the_fonts_character_set()
    {
        EmfFile Bytes(byte charset, byte[] text, params int[] widths)
        {
            var padded = text.ToArray();
            Array.Resize(ref padded, (text.Length + 3) / 4 * 4);
            return File.Font(1, -16, charset == 2 ? "Wingdings" : "Arial", charset: charset).AddBytes(EmfRecord.ExtTextOutA, new byte[16], EmfFile.Bytes(1), EmfFile.Bytes(1f, 1f), EmfFile.Bytes(0, 0, text.Length, 76, 0, 0, 0, 0, 0, 76 + padded.Length), padded, EmfFile.Bytes(widths));
        }

        Assert.StartsWith("text 'Привет' Arial", Bytes(204, [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2], 1, 2, 3, 4, 5, 6).Show(), StringComparison.Ordinal);
        Assert.StartsWith("text '€' Arial", Bytes(0, [0x80], 1).Show(), StringComparison.Ordinal);
        Assert.EndsWith("text '日本a' Arial -16 000000 Left Top at 0,0 widths 11 22 7", Bytes(128, [0x93, 0xFA, 0x96, 0x7B, 0x61], 5, 6, 10, 12, 7).Show(), StringComparison.Ordinal);
        Assert.StartsWith("text '\uF0FC' Wingdings", Bytes(2, [0xFC], 1).Show(), StringComparison.Ordinal);
    }

    [Fact]
    public void Small_texts_are_read_too()
    {
        var file = File.Font(1, -16, "Arial").AddBytes(EmfRecord.SmallTextOut, EmfFile.Bytes(10, 20, 2, 0x300, 1), EmfFile.Bytes(1f, 1f), "ab"u8.ToArray())
            .AddBytes(EmfRecord.SmallTextOut, EmfFile.Bytes(10, 40, 1, 0, 1), EmfFile.Bytes(1f, 1f), EmfFile.Bytes(0, 0, 9, 9), [0xAC, 0x20]);

        Assert.Equal(
            """
            text 'ab' Arial -16 000000 Left Top at 10,20
            text '€' Arial -16 000000 Left Top at 10,40
            """.ReplaceLineEndings("\n"),
            file.Show());
    }

    [Fact]
    public void Text_that_cannot_be_read_or_set_is_refused()
    {
        Assert.Equal("text as numbers of a font's glyphs (record ExtTextOutW)", File.Text(0, 0, "ab", options: 0x10).Refusal());
        Assert.Equal("text in the symbol font MT Extra (record ExtTextOutW)", File.Font(1, -16, "MT Extra", charset: 2).Text(0, 0, "\uF04C").Refusal());
        Assert.Equal("text as an outline (record ExtTextOutW)", File.Add(EmfRecord.BeginPath).Text(0, 0, "ab").Refusal());
        Assert.Equal("text whose letters stand up and down (record ExtTextOutW)", File.Text(0, 0, "ab", [5, 0, 5, 3], options: 0x2000).Refusal());
    }
}
