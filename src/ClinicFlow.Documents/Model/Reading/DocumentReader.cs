using System.Collections.Immutable;
using ClinicFlow.Documents.Merge;
using ClinicFlow.Documents.Package;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// Reads a Word document into its model: 1. theme, settings, styles and lists, 2. notes, 3. the body, whose sections bring their headers
/// and footers, 4. fonts and what the document says of itself. What cannot be rendered faithfully is noted on the way and ends in
/// <see cref="WordDocument.Unfaithful"/>; nothing is left out in silence.
/// </summary>
internal sealed class DocumentReader
{
    private readonly DocumentParts _parts;
    private readonly string _main;
    private readonly Dictionary<string, (HeaderFooter Read, ConstructScan.Finding[] Findings)> _headers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _storyNames = new(StringComparer.OrdinalIgnoreCase);
    private HashSet<string> _bound = [];
    private Func<string, Element> _story = _ => default;
    private ConstructScan.Finding[] _commonFindings = [];
    private ImmutableArray<FontDeclaration> _fonts = [];
    private DocumentInformation _information = DocumentInformation.None;
    private bool _isBackgroundShown;
    private readonly HashSet<string> _headersOfDocument = new(StringComparer.OrdinalIgnoreCase);
    private (ImmutableArray<Note> Notes, NoteSeparators Separators, ConstructScan.Finding[] Findings)? _footnotes;
    private (ImmutableArray<Note> Notes, NoteSeparators Separators, ConstructScan.Finding[] Findings)? _endnotes;

    private DocumentReader(OpcPackage package, PackageLimits limits, Func<bool>? hasMathFont)
    {
        _main = package.MainPart;
        var probe = new DocumentParts(package, limits.MaxXmlDepth) { Theme = Theme.Office };
        var settings = Part(probe, "settings");
        var theme = Part(probe, "theme");
        _parts = new DocumentParts(package, limits.MaxXmlDepth) { Theme = theme.Exists ? Theme.Read(theme, settings) : Theme.Office, Settings = SettingsReader.Read(settings), HasMathFont = hasMathFont ?? (() => true) };
    }

    /// <summary>Reads a document.</summary>
    /// <param name="package">Opened under its limits.</param>
    /// <param name="limits">The same limits, for the parts.</param>
    /// <param name="hasMathFont">Says whether there is a font for equations; asked once one is met. Null: there is.</param>
    /// <exception cref="TemplatePackageException">A part is damaged.</exception>
    public static WordDocument Read(OpcPackage package, PackageLimits limits, Func<bool>? hasMathFont = null)
        => new DocumentReader(package, limits, hasMathFont).Read();

    /// <summary>Prepares to read the documents of a template: reads all that is the same in each.</summary>
    /// <param name="package">The package with those parts; the stories that differ are there by name.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="bound">Names of the stories that differ.</param>
    /// <param name="hasMathFont">As for <see cref="Read(OpcPackage, PackageLimits, Func{bool})"/>.</param>
    /// <exception cref="TemplatePackageException">A part is damaged.</exception>
    public static DocumentReader OfTemplate(OpcPackage package, PackageLimits limits, IEnumerable<string> bound, Func<bool>? hasMathFont = null)
    {
        var reader = new DocumentReader(package, limits, hasMathFont) { _bound = new(bound, StringComparer.OrdinalIgnoreCase) };
        reader.ReadCommon();
        return reader;
    }

    /// <summary>How much is kept; it grows only with formats that records bring.</summary>
    public int FormatCount => _parts.Styles.FormatCount;

    /// <summary>How many pictures are kept or have a number; it grows only with pictures that records bring.</summary>
    public int PictureCount => _parts.Pictures.Count;

    /// <summary>Reads one document of the template.</summary>
    /// <param name="story">Gives the root of a story that differs.</param>
    /// <param name="imageOfRecord">Gives the image that the record brings to a story under a relationship's id.</param>
    public WordDocument Read(Func<string, Element> story, Func<string, string, MediaFile?> imageOfRecord)
    {
        _story = story;
        _parts.NextDocument(imageOfRecord);
        _parts.Scan.Found(_commonFindings);
        _headersOfDocument.Clear();
        foreach (var name in _bound)
        {
            _headers.Remove(name);
        }

        return ReadText();
    }

    private WordDocument Read()
    {
        ReadCommon();
        return ReadText();
    }

    // 1. What the text refers to.
    private void ReadCommon()
    {
        _parts.Styles = StyleSheet.Read(Part(_parts, "styles"), _parts.Theme, _parts.Scan);
        var numberingPart = PartName("numbering");
        var numbering = numberingPart is null ? default : _parts.Read(numberingPart);
        _parts.Numbering = NumberingDefinitions.Read(numbering, _parts.Theme, _parts.Styles.ListOfStyle, id => PictureBullet(numbering, numberingPart, id));
        _parts.Styles.Numbering = _parts.Numbering;
        _parts.Styles.HasHyphenation = _parts.Settings.AutoHyphenation;
        _parts.Styles.OverridesTableStyles = _parts.Settings.Has(CompatibilityFlags.OverrideTableStyleFontSizeAndJustification);
        NameStories();
        ScanSettings();
        _fonts = PartName("fontTable") is { } fontTable ? FontTableReader.Read(_parts.Read(fontTable), fontTable, _parts.Package) : [];
        _isBackgroundShown = AttributeText.OnOff(Part(_parts, "settings").Child("displayBackgroundShape")) == true;
        _information = ReadInformation();
        _commonFindings = _parts.Scan.PlacedSince(0);
    }

    private WordDocument ReadText()
    {
        // 2. Notes before the text, which refers to them by number.
        var (footnotes, footnoteSeparators) = ReadNotes("footnotes", _parts.Footnotes);
        var (endnotes, endnoteSeparators) = ReadNotes("endnotes", _parts.Endnotes);

        // 3. The text.
        var main = RootOf(_main);
        var body = main.Child("body");
        var sections = new SectionReader(_parts, _main, ReadHeader);
        _parts.Styles.CharacterGrid = SectionReader.ReadGrid(body.Child("sectPr").Child("docGrid")).CharacterPitch;
        var story = new StoryReader(_parts, _main, "body");
        var bodies = 0;
        foreach (var e in main.Elements)
        {
            bodies += e.Is("body") ? 1 : 0;
        }

        if (bodies > 1)
        {
            _parts.Scan.Found(Construct.UnknownElement, "a second body");
        }

        var blocks = ImmutableArray.CreateBuilder<Block>();
        story.ReadBody(body, blocks, sectPr => sections.End(sectPr, blocks));
        sections.End(body.Child("sectPr"), blocks);

        // 4. The rest.
        if (sections.Sections.Any(section => (footnotes.Length > 0 && section.Footnotes.IsUnknownFormat) || (endnotes.Length > 0 && section.Endnotes.IsUnknownFormat)))
        {
            _parts.Scan.Found(Construct.NumberFormat, "notes");
        }

        if (footnotes.Length > 0 && sections.Sections.Any(section => section.Footnotes.Restart == NoteRestart.EachPage))
        {
            _parts.Scan.Found(Construct.NoteNumbersByPage);
        }

        return new WordDocument
        {
            Settings = _parts.Settings,
            Sections = sections.Sections,
            Footnotes = footnotes,
            Endnotes = endnotes,
            FootnoteSeparators = footnoteSeparators,
            EndnoteSeparators = endnoteSeparators,
            Images = _parts.Pictures.All,
            Fonts = _fonts,
            Information = _information,
            Background = ReadBackground(main.Child("background")),
            DefaultCharacters = _parts.Styles.DefaultFormat,
            LineNumberCharacters = sections.Sections.Any(section => section.LineNumbers is not null) ? _parts.Styles.LineNumberFormat : null,
            Unfaithful = _parts.Scan.Unfaithful(),
        };
    }

    private Element RootOf(string part) => _bound.Contains(part) ? _story(part) : _parts.Read(part);

    private string? PartName(string kind) => PartName(_parts, kind);

    private string? PartName(DocumentParts parts, string kind)
    {
        foreach (var relationship in parts.Package.RelationshipsOf(_main))
        {
            if (!relationship.IsExternal && relationship.Type.EndsWith('/' + kind, StringComparison.Ordinal) && parts.Package.Has(relationship.Target))
            {
                return relationship.Target;
            }
        }

        return null;
    }

    private Element Part(DocumentParts parts, string kind) => PartName(parts, kind) is { } name ? parts.Read(name) : default;

    // "header 1" is the first that the document names, as for templates.
    private void NameStories()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var relationship in _parts.Package.RelationshipsOf(_main))
        {
            var kind = relationship.Type[(relationship.Type.LastIndexOf('/') + 1)..];
            if (!relationship.IsExternal && kind is "header" or "footer" && !_storyNames.ContainsKey(relationship.Target))
            {
                var number = counts[kind] = counts.GetValueOrDefault(kind) + 1;
                _storyNames[relationship.Target] = FormattableString.Invariant($"{kind} {number}");
            }
        }
    }

    private void ScanSettings()
    {
        if (_parts.Settings.PrintTwoOnOne)
        {
            _parts.Scan.Found(Construct.TwoPagesOnOne);
        }
    }

    private HeaderFooter? ReadHeader(string? relationshipId)
    {
        if (_parts.Relationship(_main, relationshipId) is not { IsExternal: false } relationship || !_parts.Package.Has(relationship.Target))
        {
            _parts.Scan.Found(Construct.DamagedReference);
            return null;
        }

        if (_headers.TryGetValue(relationship.Target, out var known))
        {
            // Once in a document: what a story holds is found where it is read.
            if (_headersOfDocument.Add(relationship.Target))
            {
                _parts.Scan.Found(known.Findings);
            }

            return known.Read;
        }

        var here = _parts.Scan.Here;
        var mark = _parts.Scan.Mark;
        var story = new StoryReader(_parts, relationship.Target, _storyNames.GetValueOrDefault(relationship.Target, "header"));
        _parts.IsReadingTemplate = IsOfTemplate(relationship.Target);
        var header = new HeaderFooter(story.ReadStory(RootOf(relationship.Target)));
        _parts.IsReadingTemplate = false;
        ScanFloats(header);
        _headers[relationship.Target] = (header, _parts.Scan.PlacedSince(mark));
        _headersOfDocument.Add(relationship.Target);
        _parts.Scan.Here = here;
        return header;
    }

    // A drawing that leaves no room beside it, placed by a paragraph that shows something itself: in a header Word does not push that down as it does in the text (docs/fidelity.md).
    private void ScanFloats(HeaderFooter header)
    {
        foreach (var block in header.Blocks)
        {
            if (block is Paragraph paragraph && paragraph.Inlines.Any(IsPushing) && paragraph.Inlines.Any(inline => inline is TextRun { Text.Length: > 0 } or Drawing { Anchor: null }))
            {
                _parts.Scan.Found(Construct.HeaderTopBottomWrap);
            }
        }

        static bool IsPushing(Inline inline)
            => inline is Drawing { Anchor: { Wrap.Kind: WrapKind.TopAndBottom, Vertical.From: FloatFrom.Paragraph or FloatFrom.Line } };
    }

    // Of the documents of a template: a part that is the same in all.
    private bool IsOfTemplate(string part) => _bound.Count > 0 && !_bound.Contains(part);

    private (ImmutableArray<Note> Notes, NoteSeparators Separators) ReadNotes(string kind, Dictionary<int, int> indexOf)
    {
        if (PartName(kind) is not { } part)
        {
            return ([], NoteSeparators.None);
        }

        ref var kept = ref kind == "footnotes" ? ref _footnotes : ref _endnotes;
        if (kept is { } known)
        {
            _parts.Scan.Found(known.Findings);
            return (known.Notes, known.Separators);
        }

        // The notes' own numbers first: a note can stand in a note's text box only in theory, but then it is known.
        var root = RootOf(part);
        var mark = _parts.Scan.Mark;
        _parts.IsReadingTemplate = IsOfTemplate(part);
        indexOf.Clear();
        var count = 0;
        foreach (var e in root.Elements)
        {
            if (IsNote(e) && AttributeText.Int(e["id"]) is { } id)
            {
                indexOf[id] = count++;
            }
        }

        var notes = ImmutableArray.CreateBuilder<Note>();
        var separators = NoteSeparators.None;
        foreach (var e in root.Elements)
        {
            if (e.Ns != Ns.W || e.Name is not ("footnote" or "endnote"))
            {
                continue;
            }

            if (IsNote(e))
            {
                if (AttributeText.Int(e["id"]) is { } id)
                {
                    notes.Add(new Note(id, new StoryReader(_parts, part, kind).ReadStory(e)));
                }

                continue;
            }

            // A separator that no note needs does not make a document unfaithful.
            var blocks = count > 0 ? new StoryReader(_parts, part, kind).ReadStory(e) : [];
            separators = e["type"] switch
            {
                "separator" => separators with { Separator = blocks },
                "continuationSeparator" => separators with { Continuation = blocks },
                "continuationNotice" => separators with { ContinuationNotice = blocks },
                _ => separators,
            };
        }

        _parts.IsReadingTemplate = false;
        if (IsOfTemplate(part))
        {
            kept = (notes.ToImmutable(), separators, _parts.Scan.PlacedSince(mark));
        }

        return (notes.ToImmutable(), separators);
    }

    private static bool IsNote(Element e) => e.Ns == Ns.W && e.Name is "footnote" or "endnote" && e["type"] is null or "normal";

    private PictureBullet? PictureBullet(Element numbering, string? part, int id)
    {
        foreach (var e in numbering.Elements)
        {
            if (e.Is("numPicBullet") && AttributeText.Int(e["numPicBulletId"]) == id)
            {
                var image = e.Descendant(Ns.Vml, "imagedata")[Ns.Relationships, "id"] ?? e.Descendant(Ns.DrawingMl, "blip")[Ns.Relationships, "embed"];

                // Lists that nobody uses may name pictures that are not there: that is told where one is used.
                if (_parts.Relationship(part!, image) is not { IsExternal: false } relationship || !_parts.Package.Has(relationship.Target) || _parts.Image(part!, image) is not { } known)
                {
                    return new PictureBullet(Model.PictureBullet.Missing, 1);
                }

                var style = new VmlStyle(e.Descendant(Ns.Vml, "shape")["style"]);
                var extent = e.Descendant(Ns.WordDrawing, "extent");
                var (width, height) = extent.Exists
                    ? (AttributeText.Long(extent["cx"]) ?? 0, AttributeText.Long(extent["cy"]) ?? 0)
                    : (style.Length("width")?.Value ?? 0, style.Length("height")?.Value ?? 0);
                return new PictureBullet(known, width > 0 && height > 0 ? Math.Clamp(width / height, 0.1, 10) : 1);
            }
        }

        return null;
    }

    private Rgb? ReadBackground(Element background)
    {
        // Shown only where the settings say so; printed by Word as an option that the PDF follows.
        if (!background.Exists || !_isBackgroundShown)
        {
            return null;
        }

        if (background.Descendant(Ns.Vml, "fill") is { Exists: true } fill && fill["type"] is not (null or "solid"))
        {
            _parts.Scan.Found(Construct.PictureBackground);
        }

        _parts.Scan.Found(Construct.PageBackground);
        return ColorReader.Read(background["color"], background["themeColor"], background["themeTint"], background["themeShade"], _parts.Theme);
    }

    private DocumentInformation ReadInformation()
    {
        var language = _parts.Styles.DefaultFormat.Languages.Latin;
        var information = DocumentInformation.None with { Language = language };
        foreach (var relationship in _parts.Package.RelationshipsOf(""))
        {
            if (!relationship.IsExternal && relationship.Type.EndsWith("/core-properties", StringComparison.Ordinal) && _parts.Package.Has(relationship.Target))
            {
                foreach (var e in _parts.Read(relationship.Target).Elements)
                {
                    information = e.Name switch
                    {
                        "title" => information with { Title = e.Text },
                        "creator" => information with { Author = e.Text },
                        "subject" => information with { Subject = e.Text },
                        "keywords" => information with { Keywords = e.Text },
                        "language" when language.Length == 0 => information with { Language = e.Text },
                        _ => information,
                    };
                }
            }
        }

        return information;
    }
}
