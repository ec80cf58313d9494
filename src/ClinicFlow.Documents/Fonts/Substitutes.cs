namespace ClinicFlow.Documents.Fonts;

/// <summary>A family that stands in for another.</summary>
/// <param name="Family">The family to draw.</param>
/// <param name="HasSameMetrics">Advances and lines are those of the other.</param>
/// <param name="Style">Style that the other has by nature: Arial Black is bold.</param>
internal readonly record struct Substitute(string Family, bool HasSameMetrics = false, FontStyle Style = FontStyle.Regular);

/// <summary>Which families stand in for those that are not installed (docs/layout.md, "Fonts").</summary>
internal static class Substitutes
{
    private static readonly string[] SerifFamilies = ["Liberation Serif", "Tinos", "Times New Roman", "Noto Serif", "DejaVu Serif"];
    private static readonly string[] SansFamilies = ["Liberation Sans", "Arimo", "Arial", "Noto Sans", "DejaVu Sans"];
    private static readonly string[] FixedFamilies = ["Liberation Mono", "Cousine", "Courier New", "Noto Sans Mono", "DejaVu Sans Mono"];

    private static readonly Dictionary<string, Substitute[]> Known = Build();

    /// <summary>Stand-ins for a family, the best first; none where nothing is known of it.</summary>
    public static IReadOnlyList<Substitute> For(string family) => Known.TryGetValue(family.Trim(), out var found) ? found : [];

    /// <summary>Families of a kind, the best first.</summary>
    public static IReadOnlyList<string> ForKind(FontGenus genus) => genus switch
    {
        FontGenus.Serif or FontGenus.Script => SerifFamilies,
        FontGenus.Monospaced => FixedFamilies,
        _ => SansFamilies,
    };

    /// <summary>The kind of a font: by its font table's PANOSE and family, else by words in its name.</summary>
    public static FontGenus KindOf(string family, DocumentFont? font)
    {
        if (font is { IsFixedPitch: true, Genus: not FontGenus.Unknown })
        {
            return FontGenus.Monospaced;
        }

        // Latin text (2): proportion 9 is monospaced; serif styles 2 to 10 have serifs, 11 to 15 have none. Hand-written: 3.
        if (font?.Panose is [2, var serif, _, var proportion, ..])
        {
            return proportion == 9 ? FontGenus.Monospaced : serif is >= 2 and <= 10 ? FontGenus.Serif : serif >= 11 ? FontGenus.Sans : ByName(family, font);
        }

        return ByName(family, font);
    }

    private static FontGenus ByName(string family, DocumentFont? font)
    {
        if (font is { Genus: not (FontGenus.Unknown or FontGenus.Decorative) })
        {
            return font.Genus;
        }

        bool Says(params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
            {
                if (family.Contains(word, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            return false;
        }

        return Says("mono", "courier", "console", "consolas", "typewriter", "code") ? FontGenus.Monospaced
            : Says("sans", "gothic", "grotesk", "segoe", "ui") ? FontGenus.Sans
            : Says("serif", "roman", "times", "garamond", "book", "antiqua", "mincho", "song", "ming", "georgia", "cambria", "palatino", "century", "caladea", "david", "frankruehl", "naskh", "baskerville", "bodoni", "didot", "minion", "caslon") ? FontGenus.Serif
            : FontGenus.Sans;
    }

    private static Dictionary<string, Substitute[]> Build()
    {
        var known = new Dictionary<string, Substitute[]>(StringComparer.OrdinalIgnoreCase);
        void Add(string families, params Substitute[] substitutes)
        {
            foreach (var family in families.Split('|'))
            {
                known.Add(family, substitutes);
            }
        }

        // The same advances and lines by design.
        Add("Calibri", new Substitute("Carlito", HasSameMetrics: true));
        Add("Arial|Helvetica|ArialMT|Arial MT|Arimo|Helvetica Neue", new("Liberation Sans", true), new("Arimo", true));
        Add("Times New Roman|Times|TimesNewRoman|Times New Roman PS|Tinos", new("Liberation Serif", true), new("Tinos", true));
        Add("Courier New|Courier|CourierNew|Cousine", new("Liberation Mono", true), new("Cousine", true));
        Add("Arial Narrow", new Substitute("Liberation Sans Narrow", HasSameMetrics: true));
        Add("Caladea", new Substitute("Caladea", HasSameMetrics: true));

        // Other designs, set to the advances and lines of the font that was asked for where they are known.
        Add("Cambria", new("Caladea"), new("Liberation Serif"), new("Noto Serif"));
        Add("Cambria Math", new("Caladea"), new("Liberation Serif"), new("Noto Serif"));
        Add("Aptos|Aptos Display|Aptos Narrow|Aptos Light|Aptos SemiBold|Calibri Light", new("Carlito"), new("Liberation Sans"), new("Noto Sans"));
        Add("Candara|Corbel|Gill Sans MT|Optima", new("Carlito"), new("Liberation Sans"));
        Add("Verdana|Tahoma|Segoe UI|Trebuchet MS|Lucida Sans|Lucida Sans Unicode|Lucida Grande|Open Sans|Segoe UI Semilight|Segoe UI Light", new("Noto Sans"), new("DejaVu Sans"), new("Liberation Sans"));
        Add("Segoe UI Semibold|Segoe UI Black", new("Noto Sans", Style: FontStyle.Bold), new("Liberation Sans", Style: FontStyle.Bold));
        Add("Georgia|Constantia|Book Antiqua|Palatino Linotype|Palatino|Garamond|EB Garamond|Bookman Old Style|Century|Century Schoolbook|Baskerville Old Face", new("Gelasio"), new("Liberation Serif"), new("Noto Serif"));
        Add("Consolas|Lucida Console|Andale Mono|Menlo|Monaco", new("Liberation Mono"), new("DejaVu Sans Mono"), new("Noto Sans Mono"));
        Add("Arial Black|Impact|Franklin Gothic Heavy", new("Liberation Sans", Style: FontStyle.Bold), new("Noto Sans", Style: FontStyle.Bold));
        Add("Century Gothic|Franklin Gothic Book|Franklin Gothic Medium|Arial Unicode MS|Microsoft Sans Serif|MS Sans Serif|Univers|Helvetica Light|Source Sans Pro|Roboto|Lato", new("Liberation Sans"), new("Noto Sans"));

        // East Asian families, by the script they were drawn for.
        Add("MS Mincho|ＭＳ 明朝|MS PMincho|ＭＳ Ｐ明朝|Yu Mincho|游明朝|Hiragino Mincho ProN|Hiragino Mincho Pro", new("Noto Serif CJK JP"), new("Noto Sans CJK JP"));
        Add("MS Gothic|ＭＳ ゴシック|MS PGothic|ＭＳ Ｐゴシック|MS UI Gothic|Yu Gothic|游ゴシック|Yu Gothic Light|游ゴシック Light|Yu Gothic UI|Meiryo|メイリオ|Hiragino Sans|Hiragino Kaku Gothic ProN", new Substitute("Noto Sans CJK JP"));
        Add("SimSun|宋体|NSimSun|新宋体|SimSun-ExtB|FangSong|仿宋|FangSong_GB2312|仿宋_GB2312|KaiTi|楷体|KaiTi_GB2312|楷体_GB2312|STSong|华文宋体", new("Noto Serif CJK SC"), new("Noto Sans CJK SC"));
        Add("SimHei|黑体|Microsoft YaHei|微软雅黑|DengXian|等线|DengXian Light|等线 Light|STHeiti|PingFang SC", new Substitute("Noto Sans CJK SC"));
        Add("PMingLiU|新細明體|MingLiU|細明體|DFKai-SB|標楷體", new("Noto Serif CJK TC"), new("Noto Sans CJK TC"));
        Add("Microsoft JhengHei|微軟正黑體|PingFang TC", new Substitute("Noto Sans CJK TC"));
        Add("Batang|바탕|BatangChe|바탕체|Gungsuh|궁서", new("Noto Serif CJK KR"), new("Noto Sans CJK KR"));
        Add("Malgun Gothic|맑은 고딕|Gulim|굴림|GulimChe|굴림체|Dotum|돋움|DotumChe|돋움체|Malgun Gothic Semilight", new Substitute("Noto Sans CJK KR"));

        // Pictures behind letters.
        Add("Symbol|SymbolMT|Standard Symbols PS|Wingdings|Wingdings 2|Wingdings 3|Webdings|ZapfDingbats|Zapf Dingbats", new("Noto Sans Symbols2"), new("DejaVu Sans"), new("Noto Sans Math"));
        Add("Segoe UI Symbol|Segoe UI Emoji|MS Outlook", new("Noto Sans Symbols2"), new("DejaVu Sans"));

        // Complex scripts.
        Add("Traditional Arabic|Simplified Arabic|Arabic Typesetting|Sakkal Majalla|Arabic Transparent|Andalus", new("Noto Naskh Arabic"), new("Noto Sans Arabic"));
        Add("David|Miriam|FrankRuehl|Gisha|Levenim MT|Narkisim|Rod|Aharoni", new("Noto Serif Hebrew"), new("Noto Sans Hebrew"));
        Add("Mangal|Aparajita|Kokila|Utsaah|Nirmala UI", new("Noto Sans Devanagari"), new("Noto Serif Devanagari"));
        Add("Cordia New|Angsana New|Browallia New|TH SarabunPSK|TH Sarabun New|Leelawadee|Leelawadee UI|Tahoma Thai", new("Noto Sans Thai"), new("Noto Serif Thai"));
        return known;
    }
}
