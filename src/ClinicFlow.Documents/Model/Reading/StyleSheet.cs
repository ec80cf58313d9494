using System.Runtime.CompilerServices;
using System.Text;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// The styles of a document (styles.xml), each chain of based-on styles joined once, and the formats worked out from them: the same
/// style, table place and direct formatting give the same object. Owned by one read.
/// </summary>
internal sealed class StyleSheet
{
    // Deeper than any chain that Word makes; a ring ends here.
    private const int MaxChain = 64;

    // Of the default paragraph style's sizes the one that gives way to a table style's, and the one of which the sources say different things.
    private static readonly Pt GivesWay = new(12);
    private static readonly Pt Disputed = new(11);

    private readonly Dictionary<string, Style> _styles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ParagraphChain> _paragraphChains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CharacterProperties> _characterChains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TableStyle> _tableStyles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CharacterProperties> _runProperties = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ParagraphProperties> _paragraphProperties = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Style, TableContext Table), RunContext> _contexts = [];
    private readonly Dictionary<ParagraphKey, Known<ResolvedParagraph>> _paragraphs = [];
    private readonly Dictionary<RunKey, Known<CharacterFormat>> _formats = [];
    private readonly StringBuilder _key = new();
    private readonly Theme _theme;
    private readonly ConstructScan _scan;
    private int _document;
    private string _defaultParagraph = "";
    private string _defaultTable = "";
    private string _defaultCharacter = "";

    private StyleSheet(Theme theme, ConstructScan scan)
    {
        _theme = theme;
        _scan = scan;
    }

    /// <summary>The document defaults for characters.</summary>
    public CharacterProperties DefaultCharacters { get; private set; } = CharacterProperties.None;

    public ParagraphProperties DefaultParagraph { get; private set; } = ParagraphProperties.None;

    /// <summary>The lists that paragraphs refer to; set before the first paragraph.</summary>
    public NumberingDefinitions Numbering { get; set; } = NumberingDefinitions.None;

    /// <summary>Whether text that is not proofed differs from other text: where words are hyphenated. Set before the first paragraph.</summary>
    public bool HasHyphenation { get; set; }

    /// <summary>
    /// Whether the default paragraph style's size and alignment win over those of a table style, as other styles' do; without that (a compatibility setting)
    /// 12 pt and left give way. Set before the first paragraph. Evidence: docs/layout.md, "Table styles".
    /// </summary>
    public bool OverridesTableStyles { get; set; } = true;

    public CharacterFormat DefaultFormat => Format(Context("", TableContext.None), CharacterProperties.None);

    /// <summary>Of numbers beside lines: Word's style for them over the default paragraph style.</summary>
    public CharacterFormat LineNumberFormat => Format(Context("", TableContext.None), _lineNumbers ??= CharacterProperties.None with { StyleId = FindByName("line number") });

    private CharacterProperties? _lineNumbers;

    /// <summary>Reads w:styles; without a part all is Word's own.</summary>
    public static StyleSheet Read(Element styles, Theme theme, ConstructScan scan)
    {
        var sheet = new StyleSheet(theme, scan);
        var defaults = styles.Child("docDefaults");
        sheet.DefaultCharacters = CharacterProperties.Read(defaults.Child("rPrDefault").Child("rPr"), theme);
        sheet.DefaultParagraph = ParagraphProperties.Read(defaults.Child("pPrDefault").Child("pPr"), theme);
        foreach (var e in styles.Elements)
        {
            if (e.Is("style") && e["styleId"] is { } id)
            {
                sheet._styles.TryAdd(id, new Style(id, e));
                if (AttributeText.Bool(e["default"]) == true)
                {
                    _ = e["type"] switch
                    {
                        "paragraph" => sheet._defaultParagraph = id,
                        "table" => sheet._defaultTable = id,
                        "character" => sheet._defaultCharacter = id,
                        _ => "",
                    };
                }
            }
        }

        return sheet;
    }

    /// <summary>A style's id by its name, for STYLEREF; null where there is none.</summary>
    public string? FindByName(string name)
        => _styles.Values.FirstOrDefault(style => string.Equals(style.Element.Child("name").Val, name, StringComparison.OrdinalIgnoreCase))?.Id ?? (_styles.ContainsKey(name) ? name : null);

    /// <summary>The numbering style's list, for w:numStyleLink.</summary>
    public int? ListOfStyle(string styleId) => _styles.TryGetValue(styleId, out var style) ? AttributeText.Int(style.Element.Child("pPr").Child("numPr").Child("numId").Val) : null;

    /// <summary>The table style by id; the default one where it is null or unknown.</summary>
    public TableStyle Table(string? id)
    {
        id = id is not null && _styles.TryGetValue(id, out var known) && known.Type == "table" ? id : _defaultTable;
        if (!_tableStyles.TryGetValue(id, out var style))
        {
            _tableStyles[id] = style = TableStyle.Read(Chain(id, "table").Select(one => one.Element), _theme);
        }

        return style;
    }

    /// <summary>Works out a paragraph.</summary>
    /// <param name="pPr">Its w:pPr, or no element.</param>
    /// <param name="table">The place in a table, or <see cref="TableContext.None"/>.</param>
    public ResolvedParagraph Paragraph(Element pPr, TableContext table)
    {
        var direct = InternParagraph(pPr);
        var styleId = StyleOf(direct.StyleId, "paragraph", _defaultParagraph);
        var key = new ParagraphKey(styleId, table, direct);
        if (_paragraphs.TryGetValue(key, out var known))
        {
            return Again(known);
        }

        var mark = _scan.Mark;
        var resolved = Resolve(styleId, table, direct);
        _paragraphs[key] = new(resolved, _scan.Since(mark), _document);
        return resolved;
    }

    /// <summary>Starts the next document with these styles; what formats bring with them is found anew in each.</summary>
    public void NextDocument() => _document++;

    /// <summary>How many formats are kept.</summary>
    public int FormatCount => _formats.Count + _paragraphs.Count + _runProperties.Count + _paragraphProperties.Count;

    private T Again<T>(Known<T> known)
    {
        if (known.Document != _document)
        {
            known.Document = _document;
            _scan.Found(known.Findings);
        }

        return known.Value;
    }

    /// <summary>What runs start from in paragraphs of a style at a place in a table.</summary>
    public RunContext Context(string styleId, TableContext table)
    {
        styleId = StyleOf(styleId.Length == 0 ? null : styleId, "paragraph", _defaultParagraph);
        if (!_contexts.TryGetValue((styleId, table), out var context))
        {
            var characters = table.Characters.ToggledOver(DefaultCharacters, DefaultCharacters);
            _contexts[(styleId, table)] = context = new RunContext(CharactersIn(table, styleId).ToggledOver(characters, DefaultCharacters));
        }

        return context;
    }

    // The characters of a paragraph style, without the sizes that give way to the table's.
    private CharacterProperties CharactersIn(TableContext table, string styleId)
    {
        var chain = ParagraphChainOf(styleId);
        if (OverridesTableStyles || chain.Default is not { } normal)
        {
            return chain.Characters;
        }

        return chain.Characters with
        {
            Size = table.Characters.Size is not null && normal.Characters.Size == GivesWay ? chain.AboveDefault.Size : chain.Characters.Size,
            ComplexSize = table.Characters.ComplexSize is not null && normal.Characters.ComplexSize == GivesWay ? chain.AboveDefault.ComplexSize : chain.Characters.ComplexSize,
        };
    }

    /// <summary>The format of a run.</summary>
    /// <param name="context">Of its paragraph.</param>
    /// <param name="rPr">Its w:rPr, or no element.</param>
    public CharacterFormat Format(RunContext context, Element rPr) => Format(context, Intern(rPr));

    public CharacterFormat Format(RunContext context, CharacterProperties direct)
    {
        var key = new RunKey(context, direct);
        if (_formats.TryGetValue(key, out var known))
        {
            return Again(known);
        }

        var below = context.Characters;
        if (direct.StyleId is { } id && id != _defaultCharacter)
        {
            below = CharacterChain(id).ToggledOver(below, DefaultCharacters);
        }

        var all = direct.Over(below);
        var format = all.ToFormat();
        if (HasHyphenation && all.IsNotProofed == true)
        {
            format = format with { Languages = format.Languages with { Latin = "zxx" } };
        }

        var mark = _scan.Mark;
        _scan.Found(all.Constructs);
        Scan(format);
        _formats[key] = new(format, _scan.Since(mark), _document);
        return format;
    }

    /// <summary>The room that the sections' grid of characters adds to each; set before the first paragraph.</summary>
    public Pt CharacterGrid { get; set; }

    /// <summary>A format where its text stands: on the grid of characters, and upright in lines that run downwards. The same object for the same.</summary>
    public CharacterFormat At(CharacterFormat format, bool onGrid, bool isUpright)
    {
        onGrid &= CharacterGrid != Pt.Zero && format.SnapsToGrid;
        if (!onGrid && !isUpright)
        {
            return format;
        }

        if (!_placed.TryGetValue((format, onGrid, isUpright), out var placed))
        {
            placed = format with { Spacing = onGrid ? format.Spacing + CharacterGrid : format.Spacing, StandsUpright = isUpright };
            _placed[(format, onGrid, isUpright)] = placed;
        }

        return placed;
    }

    private readonly Dictionary<(CharacterFormat Format, bool OnGrid, bool IsUpright), CharacterFormat> _placed = [];

    /// <summary>A format in another size. The same object for the same.</summary>
    public CharacterFormat Sized(CharacterFormat format, Pt size)
    {
        if (format.Size == size)
        {
            return format;
        }

        if (!_sized.TryGetValue((format, size), out var sized))
        {
            _sized[(format, size)] = sized = format with { Size = size, ComplexSize = size };
        }

        return sized;
    }

    private readonly Dictionary<(CharacterFormat Format, Pt Size), CharacterFormat> _sized = [];

    /// <summary>The format of a label: the level's properties over those of the paragraph's mark.</summary>
    public CharacterFormat LabelFormat(RunContext context, Element markRPr, CharacterProperties level)
    {
        var mark = Intern(markRPr);
        return Format(context, ReferenceEquals(mark, CharacterProperties.None) ? level : _labels.GetOrAdd((mark, level), pair => pair.Level.Over(pair.Mark)));
    }

    private readonly LabelCache _labels = new();

    /// <summary>The same object for the same content.</summary>
    public CharacterProperties Intern(Element rPr)
    {
        if (!rPr.Exists)
        {
            return CharacterProperties.None;
        }

        _key.Clear();
        AppendKey(rPr);
        var key = _key.ToString();
        if (!_runProperties.TryGetValue(key, out var properties))
        {
            _runProperties[key] = properties = key.Length == 0 ? CharacterProperties.None : CharacterProperties.Read(rPr, _theme);
        }

        return properties;
    }

    private ParagraphProperties InternParagraph(Element pPr)
    {
        if (!pPr.Exists)
        {
            return ParagraphProperties.None;
        }

        _key.Clear();
        AppendKey(pPr);
        var key = _key.ToString();
        if (!_paragraphProperties.TryGetValue(key, out var properties))
        {
            _paragraphProperties[key] = properties = key.Length == 0 ? ParagraphProperties.None : ParagraphProperties.Read(pPr, _theme);
        }

        return properties;
    }

    // Children, their attributes and what is below, without what the properties leave out.
    private void AppendKey(Element element)
    {
        foreach (var child in element.Elements)
        {
            if (child.Ns == Ns.W && (child.Name is "rPr" or "sectPr" or "pPrChange" or "rPrChange" or "ins" || (child.Name == "noProof" && !HasHyphenation)))
            {
                continue;
            }

            _key.Append('<').Append((char)('A' + (int)child.Ns)).Append(child.Name);
            foreach (ref readonly var attribute in child.Attributes)
            {
                _key.Append(' ').Append(attribute.Name).Append('=').Append(attribute.Value);
            }

            AppendKey(child);
            _key.Append('>');
        }
    }

    private ResolvedParagraph Resolve(string styleId, TableContext table, ParagraphProperties direct)
    {
        var chain = ParagraphChainOf(styleId);
        var (listId, level) = ListOf(chain, direct);
        var definition = listId > 0 ? Numbering.Level(listId, level) : null;
        var properties = table.Paragraph.Over(DefaultParagraph);
        foreach (var (ownId, own) in chain.Layers)
        {
            // A list's indents go below the properties of the style that names the list, and above those of its base.
            if (definition is not null && own.ListId == listId)
            {
                properties = definition.Paragraph.Over(properties);
            }

            var givesWay = !OverridesTableStyles && ownId == _defaultParagraph && own.Alignment == ParagraphAlignment.Start && table.Paragraph.Alignment is not null;
            properties = (givesWay ? own with { Alignment = null } : own).Over(properties);
        }

        if (definition is not null && (direct.ListId is not null || direct.ListLevel is not null))
        {
            properties = definition.Paragraph.Over(properties);
        }

        properties = direct.Over(properties);
        _scan.Found(properties.Constructs);
        var format = properties.ToFormat(styleId, CharactersOfDefault().Size ?? new Pt(10));
        Scan(format);
        Found(
            !OverridesTableStyles && table.Characters.Size is { } inTable && chain.Default?.Characters.Size is { } normal && normal == Disputed && inTable != Disputed && chain.AboveDefault.Size is null,
            Construct.TableStyleSize);
        return new ResolvedParagraph(format, Context(styleId, table), definition is null ? 0 : listId, level);
    }

    private CharacterProperties CharactersOfDefault() => ParagraphChainOf(_defaultParagraph).Characters.Over(DefaultCharacters);

    private (int ListId, int Level) ListOf(ParagraphChain chain, ParagraphProperties direct)
    {
        var listId = direct.ListId;
        var level = direct.ListLevel;
        for (var i = chain.Layers.Count - 1; i >= 0 && (listId is null || (level is null && direct.ListId is null)); i--)
        {
            var (styleId, own) = chain.Layers[i];
            if (own.ListId is null && own.ListLevel is null)
            {
                continue;
            }

            listId ??= own.ListId;
            if (direct.ListId is null)
            {
                // A style's level is the one that names the style (§17.9.23); where none does, the style's own.
                level ??= (listId is { } id ? Numbering.LevelOfStyle(id, styleId) : null) ?? own.ListLevel;
            }
        }

        return (listId ?? 0, Math.Clamp(level ?? 0, 0, 8));
    }

    private ParagraphChain ParagraphChainOf(string styleId)
    {
        if (!_paragraphChains.TryGetValue(styleId, out var chain))
        {
            var layers = new List<(string, ParagraphProperties)>();
            var (characters, above) = (CharacterProperties.None, CharacterProperties.None);
            DefaultLayer? normal = null;
            foreach (var style in Chain(styleId, "paragraph"))
            {
                layers.Add((style.Id, ParagraphProperties.Read(style.Element.Child("pPr"), _theme)));
                var own = CharacterProperties.Read(style.Element.Child("rPr"), _theme);
                characters = own.Over(characters);
                (normal, above) = style.Id == _defaultParagraph ? (new(own), CharacterProperties.None) : (normal, own.Over(above));
            }

            _paragraphChains[styleId] = chain = new ParagraphChain(layers, characters) { Default = normal, AboveDefault = above };
        }

        return chain;
    }

    private CharacterProperties CharacterChain(string id)
    {
        if (!_characterChains.TryGetValue(id, out var joined))
        {
            joined = CharacterProperties.None;

            // A run that names a paragraph style means the character style that is linked with it.
            var start = _styles.TryGetValue(id, out var style) && style.Type == "paragraph" ? style.Element.Child("link").Val ?? "" : id;
            foreach (var one in Chain(start, "character"))
            {
                joined = CharacterProperties.Read(one.Element.Child("rPr"), _theme).Over(joined);
            }

            _characterChains[id] = joined;
        }

        return joined;
    }

    // From the base to the style itself.
    private List<Style> Chain(string id, string type)
    {
        var chain = new List<Style>();
        for (var at = id; chain.Count < MaxChain && _styles.TryGetValue(at, out var style) && style.Type == type && !chain.Contains(style); at = style.Element.Child("basedOn").Val ?? "")
        {
            chain.Add(style);
        }

        chain.Reverse();
        return chain;
    }

    private string StyleOf(string? id, string type, string otherwise) => id is not null && _styles.TryGetValue(id, out var style) && style.Type == type ? id : otherwise;

    private void Scan(CharacterFormat format)
    {
        Found(format.Effects != TextEffects.None, Construct.TextRelief);
        Found(format.Emphasis != EmphasisMark.None, Construct.Emphasis);
        Found(format.FitText.Value > 0, Construct.FittedRun);
        Found(format.Border is not null, Construct.TextBorder);
        Found(format.IsRightToLeft, Construct.RightToLeft);
        Scan(format.Border, drawsShadow: false);
    }

    private void Scan(ParagraphFormat format)
    {
        Found(format.Frame is { DropCap: not DropCap.None }, Construct.DropCap);
        Found(format.Frame is { DropCap: DropCap.None }, Construct.Frame);
        Found(format.IsRightToLeft, Construct.RightToLeft);
        Found(format is { TextDirection: TextDirection.Vertical, Frame: not null }, Construct.VerticalText);
        foreach (var tab in format.Tabs)
        {
            Found(tab.Alignment == TabAlignment.Bar, Construct.BarTab);
        }

        if (format.Borders is { } borders)
        {
            foreach (var border in new[] { borders.Top, borders.Right, borders.Bottom, borders.Left, borders.Between, borders.Bar })
            {
                Scan(border, drawsShadow: true);
            }
        }
    }

    /// <summary>Notes a border that is not a plain line.</summary>
    public void Scan(Border? border, bool drawsShadow)
    {
        Found(border is { Style: BorderStyle.Art }, Construct.ArtBorder);
        Found(border is { Style: BorderStyle.Wave or BorderStyle.DoubleWave or BorderStyle.ThreeDEmboss or BorderStyle.ThreeDEngrave or BorderStyle.DashDotStroked } or { HasShadow: true }, Construct.FancyBorder);
        Found(border is { HasShadow: true } && !drawsShadow, Construct.BorderShadow);
    }

    private void Found(bool isThere, Construct construct)
    {
        if (isThere)
        {
            _scan.Found(construct);
        }
    }

    // With what it brought when it was worked out, and the last document in which that was said.
    private sealed class Known<T>(T value, ConstructScan.Finding[] findings, int document)
    {
        public T Value { get; } = value;

        public ConstructScan.Finding[] Findings { get; } = findings;

        public int Document { get; set; } = document;
    }

    private sealed record Style(string Id, Element Element)
    {
        public string Type { get; } = Element["type"] ?? "paragraph";
    }

    private sealed record ParagraphChain(List<(string Id, ParagraphProperties Own)> Layers, CharacterProperties Characters)
    {
        /// <summary>What the default paragraph style itself states; null where it is not in the chain.</summary>
        public DefaultLayer? Default { get; init; }

        /// <summary>What the styles based on it state.</summary>
        public CharacterProperties AboveDefault { get; init; } = CharacterProperties.None;
    }

    private sealed record DefaultLayer(CharacterProperties Characters);

    // Properties are interned, so that their address is their content.
    private readonly record struct ParagraphKey(string StyleId, TableContext Table, ParagraphProperties Direct)
    {
        public bool Equals(ParagraphKey other) => StyleId == other.StyleId && ReferenceEquals(Table, other.Table) && ReferenceEquals(Direct, other.Direct);

        public override int GetHashCode() => HashCode.Combine(StyleId, RuntimeHelpers.GetHashCode(Table), RuntimeHelpers.GetHashCode(Direct));
    }

    private readonly record struct RunKey(RunContext Context, CharacterProperties Direct)
    {
        public bool Equals(RunKey other) => ReferenceEquals(Context, other.Context) && ReferenceEquals(Direct, other.Direct);

        public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(Context), RuntimeHelpers.GetHashCode(Direct));
    }

    private sealed class LabelCache
    {
        private readonly Dictionary<(CharacterProperties Mark, CharacterProperties Level), CharacterProperties> _joined = [];

        public CharacterProperties GetOrAdd((CharacterProperties Mark, CharacterProperties Level) pair, Func<(CharacterProperties Mark, CharacterProperties Level), CharacterProperties> join)
            => _joined.TryGetValue(pair, out var known) ? known : _joined[pair] = join(pair);
    }
}

/// <summary>What the runs of a paragraph start from: defaults, table style and paragraph style, joined.</summary>
internal sealed class RunContext(CharacterProperties characters)
{
    public CharacterProperties Characters { get; } = characters;
}

/// <summary>A paragraph's format, and the list it is in (0 for none).</summary>
internal sealed record ResolvedParagraph(ParagraphFormat Format, RunContext Context, int ListId, int Level);
