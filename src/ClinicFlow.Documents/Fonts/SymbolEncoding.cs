namespace ClinicFlow.Documents.Fonts;

/// <summary>
/// What the characters of symbol fonts are in Unicode. Word writes them as U+F020 to U+F0FF; a substitute has them at their Unicode places.
/// Symbol follows Adobe's encoding of that name, Wingdings the correspondence that came with the characters of Unicode 7.
/// </summary>
internal static class SymbolEncoding
{
    // 0x20 to 0xFF, U+FFFD where there is no such character in Unicode.
    private const string Symbol =
        "\u0020\u0021\u2200\u0023\u2203\u0025\u0026\u220D\u0028\u0029\u2217\u002B\u002C\u2212\u002E\u002F" +
        "\u0030\u0031\u0032\u0033\u0034\u0035\u0036\u0037\u0038\u0039\u003A\u003B\u003C\u003D\u003E\u003F" +
        "\u2245\u0391\u0392\u03A7\u0394\u0395\u03A6\u0393\u0397\u0399\u03D1\u039A\u039B\u039C\u039D\u039F" +
        "\u03A0\u0398\u03A1\u03A3\u03A4\u03A5\u03C2\u03A9\u039E\u03A8\u0396\u005B\u2234\u005D\u22A5\u005F" +
        "\u203E\u03B1\u03B2\u03C7\u03B4\u03B5\u03C6\u03B3\u03B7\u03B9\u03D5\u03BA\u03BB\u03BC\u03BD\u03BF" +
        "\u03C0\u03B8\u03C1\u03C3\u03C4\u03C5\u03D6\u03C9\u03BE\u03C8\u03B6\u007B\u007C\u007D\u223C\uFFFD" +
        "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD" +
        "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD" +
        "\u20AC\u03D2\u2032\u2264\u2044\u221E\u0192\u2663\u2666\u2665\u2660\u2194\u2190\u2191\u2192\u2193" +
        "\u00B0\u00B1\u2033\u2265\u00D7\u221D\u2202\u2022\u00F7\u2260\u2261\u2248\u2026\u23D0\u23AF\u21B5" +
        "\u2135\u2111\u211C\u2118\u2297\u2295\u2205\u2229\u222A\u2283\u2287\u2284\u2282\u2286\u2208\u2209" +
        "\u2220\u2207\u00AE\u00A9\u2122\u220F\u221A\u22C5\u00AC\u2227\u2228\u21D4\u21D0\u21D1\u21D2\u21D3" +
        "\u22C4\u27E8\u00AE\u00A9\u2122\u2211\u239B\u239C\u239D\u23A1\u23A2\u23A3\u23A7\u23A8\u23A9\u23AA" +
        "\uFFFD\u27E9\u222B\u2320\u23AE\u2321\u239E\u239F\u23A0\u23A4\u23A5\u23A6\u23AB\u23AC\u23AD\uFFFD";

    private const string Wingdings =
        "\u0020\U0001F589\u2702\u2701\U0001F453\U0001F56D\U0001F56E\U0001F56F\U0001F57F\u2706\U0001F582\U0001F583\U0001F4EA\U0001F4EB\U0001F4EC\U0001F4ED" +
        "\U0001F4C1\U0001F4C2\U0001F4C4\U0001F5CF\U0001F5D0\U0001F5C4\u231B\U0001F5AE\U0001F5B0\U0001F5B2\U0001F5B3\U0001F5B4\U0001F5AB\U0001F5AC\u2707\u270D" +
        "\U0001F58E\u270C\U0001F44C\U0001F44D\U0001F44E\u261C\u261E\u261D\u261F\U0001F590\u263A\U0001F610\u2639\U0001F4A3\u2620\U0001F3F3" +
        "\U0001F3F1\u2708\u263C\U0001F4A7\u2744\U0001F546\u271E\U0001F548\u2720\u2721\u262A\u262F\u0950\u2638\u2648\u2649" +
        "\u264A\u264B\u264C\u264D\u264E\u264F\u2650\u2651\u2652\u2653\U0001F670\U0001F675\u25CF\U0001F53E\u25A0\u25A1" +
        "\U0001F790\u2751\u2752\u2B27\u29EB\u25C6\u2756\u2B25\u2327\u2BB9\u2318\U0001F3F5\U0001F3F6\U0001F676\U0001F677\uFFFD" +
        "\u24EA\u2460\u2461\u2462\u2463\u2464\u2465\u2466\u2467\u2468\u2469\u24FF\u2776\u2777\u2778\u2779" +
        "\u277A\u277B\u277C\u277D\u277E\u277F\U0001F662\U0001F660\U0001F661\U0001F663\U0001F65E\U0001F65C\U0001F65D\U0001F65F\u00B7\u2022" +
        "\u2B1D\u2B58\U0001F786\U0001F788\U0001F78A\U0001F78B\U0001F53F\u25AA\U0001F78E\U0001F7C2\U0001F7C0\u2605\U0001F7CB\U0001F7CF\U0001F7D3\U0001F7D1" +
        "\u2BD0\u2316\u2BCE\u2BCF\u2BD1\u272A\u2730\U0001F550\U0001F551\U0001F552\U0001F553\U0001F554\U0001F555\U0001F556\U0001F557\U0001F558" +
        "\U0001F559\U0001F55A\U0001F55B\u2BB0\u2BB1\u2BB2\u2BB3\u2BB4\u2BB5\u2BB6\u2BB7\U0001F66A\U0001F66B\U0001F655\U0001F654\U0001F657" +
        "\U0001F656\U0001F650\U0001F651\U0001F652\U0001F653\u232B\u2326\u2B98\u2B9A\u2B99\u2B9B\u2B88\u2B8A\u2B89\u2B8B\U0001F868" +
        "\U0001F86A\U0001F869\U0001F86B\U0001F86C\U0001F86D\U0001F86F\U0001F86E\U0001F878\U0001F87A\U0001F879\U0001F87B\U0001F87C\U0001F87D\U0001F87F\U0001F87E\u21E6" +
        "\u21E8\u21E7\u21E9\u2B04\u21F3\u2B00\u2B01\u2B03\u2B02\U0001F8AC\U0001F8AD\U0001F5F6\u2714\U0001F5F7\U0001F5F9\uFFFD";

    private const string Dingbats =
        "\u0020\u2701\u2702\u2703\u2704\u260E\u2706\u2707\u2708\u2709\u261B\u261E\u270C\u270D\u270E\u270F" +
        "\u2710\u2711\u2712\u2713\u2714\u2715\u2716\u2717\u2718\u2719\u271A\u271B\u271C\u271D\u271E\u271F" +
        "\u2720\u2721\u2722\u2723\u2724\u2725\u2726\u2727\u2605\u2729\u272A\u272B\u272C\u272D\u272E\u272F" +
        "\u2730\u2731\u2732\u2733\u2734\u2735\u2736\u2737\u2738\u2739\u273A\u273B\u273C\u273D\u273E\u273F" +
        "\u2740\u2741\u2742\u2743\u2744\u2745\u2746\u2747\u2748\u2749\u274A\u274B\u25CF\u274D\u25A0\u274F" +
        "\u2750\u2751\u2752\u25B2\u25BC\u25C6\u2756\u25D7\u2758\u2759\u275A\u275B\u275C\u275D\u275E\uFFFD" +
        "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD" +
        "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD" +
        "\uFFFD\u2761\u2762\u2763\u2764\u2765\u2766\u2767\u2663\u2666\u2665\u2660\u2460\u2461\u2462\u2463" +
        "\u2464\u2465\u2466\u2467\u2468\u2469\u2776\u2777\u2778\u2779\u277A\u277B\u277C\u277D\u277E\u277F" +
        "\u2780\u2781\u2782\u2783\u2784\u2785\u2786\u2787\u2788\u2789\u278A\u278B\u278C\u278D\u278E\u278F" +
        "\u2790\u2791\u2792\u2793\u2794\u2192\u2194\u2195\u2798\u2799\u279A\u279B\u279C\u279D\u279E\u279F" +
        "\u27A0\u27A1\u27A2\u27A3\u27A4\u27A5\u27A6\u27A7\u27A8\u27A9\u27AA\u27AB\u27AC\u27AD\u27AE\u27AF" +
        "\uFFFD\u27B1\u27B2\u27B3\u27B4\u27B5\u27B6\u27B7\u27B8\u27B9\u27BA\u27BB\u27BC\u27BD\u27BE\uFFFD";

    private static readonly Dictionary<string, SymbolTable> Encodings = Build();

    /// <summary>Unicode characters by code (0x20 to 0xFF); null where a family is no symbol font.</summary>
    public static SymbolTable? Of(string family) => Encodings.GetValueOrDefault(family.Trim());

    private static Dictionary<string, SymbolTable> Build()
    {
        var (symbol, dingbats) = (Table(Symbol), Table(Dingbats));
        return new(StringComparer.OrdinalIgnoreCase)
        {
            ["Symbol"] = symbol,
            ["SymbolMT"] = symbol,
            ["Standard Symbols PS"] = symbol,
            ["Wingdings"] = Table(Wingdings),
            ["ZapfDingbats"] = dingbats,
            ["Zapf Dingbats"] = dingbats,

            // Those that forms use: ticks, crosses, boxes, triangles.
            ["Wingdings 2"] = Few((0x50, 0x2713), (0x4F, 0x1F5F4), (0x52, 0x2611), (0x53, 0x1F5F5), (0x54, 0x2612), (0xA3, 0x25A1), (0x97, 0x25CF)),
            ["Wingdings 3"] = Few((0x7D, 0x25B6), (0x7C, 0x25C0), (0x70, 0x25B2), (0x71, 0x25BC)),
            ["Webdings"] = Few((0x61, 0x2714), (0x63, 0x25A1), (0x67, 0x25A0), (0x6E, 0x25CF), (0x33, 0x25C0), (0x34, 0x25B6), (0x35, 0x25B2), (0x36, 0x25BC), (0x72, 0x1F5F6), (0x59, 0x2665)),
        };
    }

    private static SymbolTable Table(string characters)
    {
        var table = new SymbolTable();
        var code = 0x20;
        foreach (var rune in characters.EnumerateRunes())
        {
            table[code++] = rune.Value == 0xFFFD ? 0 : rune.Value;
        }

        return table;
    }

    private static SymbolTable Few(params ReadOnlySpan<(int Code, int Unicode)> pairs)
    {
        var table = new SymbolTable();
        foreach (var (code, unicode) in pairs)
        {
            table[code] = unicode;
        }

        return table;
    }
}

/// <summary>What the codes of a symbol font are in Unicode. Filled when it is made, then only read.</summary>
internal sealed class SymbolTable
{
    private readonly int[] _unicode = new int[256];

    /// <summary>The character of a code, 0 to 255; 0 where there is none.</summary>
    public int this[int code]
    {
        get => (uint)code < 256 ? _unicode[code] : 0;
        internal set => _unicode[code] = value;
    }

    /// <summary>Whether a code has a character.</summary>
    public bool TryGetValue(int code, out int unicode) => (unicode = this[code]) > 0;
}
