namespace ClinicFlow.Documents.Model.Reading;

/// <summary>A theme's fonts and colours (ECMA-376 Part 1 §20.1.6), as the document maps them.</summary>
internal sealed class Theme
{
    /// <summary>Office 2013's, for a document that names theme colours and has no theme.</summary>
    private static readonly Dictionary<string, Rgb> OfficeColors = new(StringComparer.Ordinal)
    {
        ["dk1"] = Rgb.Black,
        ["lt1"] = Rgb.White,
        ["dk2"] = Rgb.FromHex(0x44546A),
        ["lt2"] = Rgb.FromHex(0xE7E6E6),
        ["accent1"] = Rgb.FromHex(0x4472C4),
        ["accent2"] = Rgb.FromHex(0xED7D31),
        ["accent3"] = Rgb.FromHex(0xA5A5A5),
        ["accent4"] = Rgb.FromHex(0xFFC000),
        ["accent5"] = Rgb.FromHex(0x5B9BD5),
        ["accent6"] = Rgb.FromHex(0x70AD47),
        ["hlink"] = Rgb.FromHex(0x0563C1),
        ["folHlink"] = Rgb.FromHex(0x954F72),
    };

    private readonly Dictionary<string, Rgb> _colors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _fonts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _mapping = new(StringComparer.Ordinal);

    /// <summary>Without a theme part: Office's colours, no fonts.</summary>
    public static Theme Office { get; } = new();

    /// <summary>The theme's lines, fills and effects that shapes refer to by number.</summary>
    public Element Lines { get; private init; }

    public Element Fills { get; private init; }

    /// <summary>a:bgFillStyleLst: what a reference means whose number is above 1000.</summary>
    public Element BackgroundFills { get; private init; }

    public Element Effects { get; private init; }

    /// <summary>Reads a theme.</summary>
    /// <param name="root">a:theme.</param>
    /// <param name="settings">w:settings: the mapping of colours, and the languages of the theme's fonts.</param>
    public static Theme Read(Element root, Element settings)
    {
        // The theme of a chart that was brought from elsewhere has the same without its frame.
        var elements = root.Name == "themeOverride" ? root : root.Child(Ns.DrawingMl, "themeElements");
        var formats = elements.Child(Ns.DrawingMl, "fmtScheme");
        var theme = new Theme { Lines = formats.Child(Ns.DrawingMl, "lnStyleLst"), Fills = formats.Child(Ns.DrawingMl, "fillStyleLst"), BackgroundFills = formats.Child(Ns.DrawingMl, "bgFillStyleLst"), Effects = formats.Child(Ns.DrawingMl, "effectStyleLst") };
        foreach (var color in elements.Child(Ns.DrawingMl, "clrScheme").Elements)
        {
            var system = color.Child(Ns.DrawingMl, "sysClr");
            if ((AttributeText.Hex(color.Child(Ns.DrawingMl, "srgbClr")["val"]) ?? AttributeText.Hex(system["lastClr"]) ?? (system.Exists ? SystemColor(system["val"]) : null)) is { } rgb)
            {
                theme._colors[color.Name] = rgb;
            }
        }

        var languages = settings.Child("themeFontLang");
        var fonts = elements.Child(Ns.DrawingMl, "fontScheme");
        theme.AddFonts("major", fonts.Child(Ns.DrawingMl, "majorFont"), languages);
        theme.AddFonts("minor", fonts.Child(Ns.DrawingMl, "minorFont"), languages);
        foreach (var attribute in settings.Child("clrSchemeMapping").Attributes)
        {
            theme._mapping[attribute.Name] = attribute.Value;
        }

        return theme;
    }

    /// <summary>The name behind ST_Theme (<c>minorHAnsi</c> …); null where the theme names none.</summary>
    public string? Font(string? slot) => slot is not null && _fonts.TryGetValue(slot, out var name) ? name : null;

    /// <summary>A font by DrawingML's short name (<c>+mn-lt</c> …).</summary>
    public string? ShortFont(string name) => name switch
    {
        "+mj-lt" => Font("majorAscii"),
        "+mn-lt" => Font("minorAscii"),
        "+mj-ea" => Font("majorEastAsia"),
        "+mn-ea" => Font("minorEastAsia"),
        "+mj-cs" => Font("majorBidi"),
        "+mn-cs" => Font("minorBidi"),
        _ => null,
    };

    /// <summary>A colour by ST_ThemeColor (<c>accent1</c>, <c>text2</c> …) or DrawingML's name (<c>tx2</c>, <c>bg1</c> …); null for no known one.</summary>
    public Rgb? Color(string? name)
    {
        if (name is null or "none")
        {
            return null;
        }

        // §17.15.1.20: text and background go through the document's mapping; dark and light are the theme's own.
        var slot = name switch
        {
            "text1" or "tx1" => Mapped("t1", "dark1"),
            "background1" or "bg1" => Mapped("bg1", "light1"),
            "text2" or "tx2" => Mapped("t2", "dark2"),
            "background2" or "bg2" => Mapped("bg2", "light2"),
            "hyperlink" or "hlink" => Mapped("hyperlink", "hyperlink"),
            "followedHyperlink" or "folHlink" => Mapped("followedHyperlink", "followedHyperlink"),
            "accent1" or "accent2" or "accent3" or "accent4" or "accent5" or "accent6" => Mapped(name, name),
            _ => name,
        };
        var key = slot switch
        {
            "dark1" => "dk1",
            "light1" => "lt1",
            "dark2" => "dk2",
            "light2" => "lt2",
            "hyperlink" => "hlink",
            "followedHyperlink" => "folHlink",
            _ => slot,
        };
        return _colors.TryGetValue(key, out var color) || OfficeColors.TryGetValue(key, out color) ? color : null;
    }

    private string Mapped(string index, string usual) => _mapping.GetValueOrDefault(index, usual);

    private static Rgb? SystemColor(string? name) => name switch
    {
        "windowText" or "btnText" or "menuText" => Rgb.Black,
        "window" or "btnHighlight" or "menu" => Rgb.White,
        _ => null,
    };

    private void AddFonts(string kind, Element fonts, Element languages)
    {
        if (!fonts.Exists)
        {
            return;
        }

        var latin = fonts.Child(Ns.DrawingMl, "latin")["typeface"] ?? "";
        Add("Ascii", latin);
        Add("HAnsi", latin);
        Add("EastAsia", Named("ea", ScriptOf(languages["eastAsia"])));
        Add("Bidi", Named("cs", ScriptOf(languages["bidi"])));

        void Add(string slot, string name)
        {
            if (name.Length > 0)
            {
                _fonts[kind + slot] = name;
            }
        }

        // Without a font of its own the theme has one for each script.
        string Named(string slot, string script)
        {
            if (fonts.Child(Ns.DrawingMl, slot)["typeface"] is { Length: > 0 } name)
            {
                return name;
            }

            foreach (var font in fonts.Elements)
            {
                if (font.Name == "font" && font["script"] == script && script.Length > 0)
                {
                    return font["typeface"] ?? "";
                }
            }

            return "";
        }
    }

    private static string ScriptOf(string? language) => language switch
    {
        null or "" => "",
        _ when language.StartsWith("ja", StringComparison.OrdinalIgnoreCase) => "Jpan",
        _ when language.StartsWith("ko", StringComparison.OrdinalIgnoreCase) => "Hang",
        "zh-TW" or "zh-HK" or "zh-MO" => "Hant",
        _ when language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) => "Hans",
        _ when language.StartsWith("he", StringComparison.OrdinalIgnoreCase) => "Hebr",
        _ when language.StartsWith("th", StringComparison.OrdinalIgnoreCase) => "Thai",
        _ when language.StartsWith("hi", StringComparison.OrdinalIgnoreCase) || language.StartsWith("mr", StringComparison.OrdinalIgnoreCase) => "Deva",
        _ when language.StartsWith("bn", StringComparison.OrdinalIgnoreCase) => "Beng",
        _ when language.StartsWith("ta", StringComparison.OrdinalIgnoreCase) => "Taml",
        _ when language.StartsWith("vi", StringComparison.OrdinalIgnoreCase) => "Viet",
        _ when language.StartsWith("ar", StringComparison.OrdinalIgnoreCase) || language.StartsWith("fa", StringComparison.OrdinalIgnoreCase) || language.StartsWith("ur", StringComparison.OrdinalIgnoreCase) => "Arab",
        _ => "",
    };
}
