using System.Xml.Linq;
using ClinicFlow.Documents.Docx.Deflate;
using ClinicFlow.Documents.Merge;
using ClinicFlow.Documents.Package;

namespace ClinicFlow.Documents.Docx;

/// <summary>
/// Compiles a DOCX: reads its stories, turns tags and fields into merge programs, and prepares all other parts as the
/// bytes that every document gets. Used for one compile call.
/// </summary>
internal sealed class DocxCompiler
{
    private sealed record NamedStory(string PartName, Story Story);

    private sealed record AddedPart(string Name, byte[] Bytes);

    private const string PackageRelationships = "http://schemas.openxmlformats.org/package/2006/relationships";

    private readonly OpcPackage _package;
    private readonly TemplateOptions _options;
    private readonly WordNames _names;
    private readonly XDocument _main;
    private readonly List<Problem> _problems = [];
    private readonly List<NamedStory> _stories = [];
    private readonly Dictionary<string, byte[]> _replaced = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<AddedPart> _added = [];

    private DocxCompiler(OpcPackage package, TemplateOptions options)
    {
        _package = package;
        _options = options;
        _main = package.ReadXml(package.MainPart);
        _names = WordNames.Of(_main.Root!) is { } names && _main.Root!.Name.LocalName == "document" ? names
            : throw new TemplatePackageException("not-a-docx", $"The main part of the file, {package.MainPart}, is no Word document.");
    }

    /// <summary>Compiles a template.</summary>
    public static DocxTemplate Compile(Stream docx, TemplateOptions options)
    {
        var package = OpcPackage.Open(docx, options.Limits, options.AllowMacros);
        return new DocxCompiler(package, options).Compile();
    }

    private DocxTemplate Compile()
    {
        RefuseExternalContent();
        var styles = StyleFacts.Read(Related(_package.MainPart, "styles") is { } part ? _package.ReadXml(part) : null, _names);
        OpenStories(styles);
        var setBookmarks = SetBookmarks.Find(_stories.Select(story => story.Story));
        foreach (var (partName, story) in _stories)
        {
            CompileStory(story, setBookmarks);
            DrawnTags.Find(story, partName, _package, _options);
        }

        var lists = new ListDefinitions(_package, Related(_package.MainPart, "numbering"), _names);
        var usesLists = _stories.Any(story => story.Story.Marks.Any<RichMark>());
        var facts = new TemplateFacts
        {
            Properties = DocumentProperties.Read(_package),
            Variables = ReadVariables(),
            FreeDrawingId = 1 + MaxId("docPr", "id"),
            FreeBookmarkId = 1 + MaxId("bookmarkStart", "id"),
            FreeNoteId = 1 + Math.Max(MaxId("footnote", "id"), MaxId("endnote", "id")),
            ListKinds = usesLists ? lists.AddKinds() : default,
            FreeListId = lists.FreeInstanceId,
            HeadingStyles = styles.Headings,
            MediaPrefix = FreePrefix("word/media/record", _package.EntryNames),
        };

        StripSettings();
        var programs = new List<StoryPart>();
        var notes = new HashSet<NoteKey>();
        foreach (var (partName, story) in _stories)
        {
            // The body comes first: it says which notes are repeated.
            RepeatedNotes.Place(story, notes);
            var program = ProgramWriter.Write(story, notes);
            _problems.AddRange(story.Problems);
            if (!program.IsStatic)
            {
                programs.Add(new StoryPart(partName, story.Name, program, SplicedDeflate.Compile(program.Segments)));
            }
            else if (story.IsChanged)
            {
                _replaced[partName] = BoundStory.Literals(program);
            }
        }

        return Assemble(facts, programs, usesLists ? lists : null);
    }

    // --- Stories ---
    private void OpenStories(StyleFacts styles)
    {
        Add(_package.MainPart, "body", _main);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var relationship in _package.RelationshipsOf(_package.MainPart))
        {
            var kind = relationship.Type[(relationship.Type.LastIndexOf('/') + 1)..];
            if (relationship.IsExternal || kind is not ("header" or "footer" or "footnotes" or "endnotes") || !_package.Has(relationship.Target)
                || _stories.Exists(story => string.Equals(story.PartName, relationship.Target, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            var number = counts[kind] = counts.GetValueOrDefault(kind) + 1;
            Add(relationship.Target, kind is "header" or "footer" ? FormattableString.Invariant($"{kind} {number}") : kind, _package.ReadXml(relationship.Target));
        }

        void Add(string partName, string name, XDocument xml)
        {
            if (WordNames.Of(xml.Root!) is { } names)
            {
                Scrub(xml.Root!);

                // What a record brings is written with this prefix.
                xml.Root!.SetAttributeValue(XNamespace.Xmlns + "w", names.W.NamespaceName);
                _stories.Add(new(partName, new Story(name, xml.Root!, names, styles.HeadingIds)));
            }
        }
    }

    // The two noncharacters that stand for marks in attributes must not come from the template itself.
    private static void Scrub(XElement root)
    {
        foreach (var attribute in root.DescendantsAndSelf().Attributes().Where(a => a.Value.AsSpan().IndexOfAny(MarkList.AttributeOpen, MarkList.AttributeClose) >= 0))
        {
            attribute.Value = attribute.Value.Replace($"{MarkList.AttributeOpen}", "", StringComparison.Ordinal).Replace($"{MarkList.AttributeClose}", "", StringComparison.Ordinal);
        }

        foreach (var foreign in root.Descendants().Where(Mark.Is).ToArray())
        {
            foreign.Remove();
        }
    }

    private void CompileStory(Story story, IReadOnlySet<string> setBookmarks)
    {
        EquationTags.Find(story, _options);
        var tags = new TagFinder(story, _options, new PageWidths(_main.Root!, _names).Of);
        foreach (var flow in story.Flows().ToArray())
        {
            foreach (var paragraph in Paragraphs(flow))
            {
                tags.FindInInstructions(paragraph);
            }

            new FieldFinder(story, setBookmarks.Contains).FindIn(flow);
            foreach (var paragraph in Paragraphs(flow))
            {
                tags.FindIn(paragraph);
            }
        }

        new ContentControls(story).Find();
        AltTextPictures.Find(story, _options);
        RichBlocks.Place(story);
        foreach (var flow in story.Flows().ToArray())
        {
            new SectionPlacer(story).Place(flow);
        }

        new Guards(story).Place();

        XElement[] Paragraphs(XElement flow) => [.. story.InFlow(flow).Where(element => element.Name == story.Names.P)];
    }

    private static string FreePrefix(string wanted, IEnumerable<string> taken)
    {
        var names = taken.ToArray();
        while (names.Any(name => name.StartsWith(wanted, StringComparison.OrdinalIgnoreCase)))
        {
            wanted += "x";
        }

        return wanted;
    }

    private int MaxId(string element, string attribute)
        => _stories.SelectMany(story => story.Story.Root.Descendants().Where(e => e.Name.LocalName == element))
            .Select(e => e.Attributes().FirstOrDefault(a => a.Name.LocalName == attribute)?.Value)
            .Select(value => int.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var id) && id is >= 0 and < 1 << 30 ? id : 0)
            .DefaultIfEmpty().Max();

    // --- Parts beside the stories ---
    private string? Related(string part, string kind)
        => _package.RelationshipsOf(part).FirstOrDefault(r => !r.IsExternal && r.Type.EndsWith("/" + kind, StringComparison.Ordinal) && _package.Has(r.Target))?.Target;

    // Whatever a document would fetch when it is opened is refused, but for what Word itself leaves in ordinary
    // templates: those links are cut (StripSettings).
    private void RefuseExternalContent()
    {
        foreach (var part in _package.PartNames)
        {
            foreach (var relationship in _package.RelationshipsOf(part))
            {
                var kind = relationship.Type[(relationship.Type.LastIndexOf('/') + 1)..];
                if (relationship.IsExternal && kind is not ("hyperlink" or "attachedTemplate" or "mailMergeSource" or "mailMergeHeaderSource" or "recipientData"))
                {
                    _problems.Add(new Problem(ProblemCode.ExternalContent, $"The template links to content outside itself ({kind} in {part}).")
                    {
                        Advice = "In Word, insert the content itself instead of a link to it (File > Info > Edit Links to Files > Break Link).",
                        Place = new Place(part, ""),
                    });
                }
            }
        }
    }

    private Dictionary<string, string> ReadVariables()
    {
        var variables = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (Related(_package.MainPart, "settings") is { } part && _package.ReadXml(part).Root is { } root)
        {
            foreach (var variable in root.Descendants().Where(element => element.Name.LocalName == "docVar"))
            {
                if (variable.Attribute(_names.Name)?.Value is { } name)
                {
                    variables[name] = variable.Attribute(_names.Val)?.Value ?? "";
                }
            }
        }

        return variables;
    }

    // A finished document must not ask for the template's data source again when Word opens it, nor look for its template.
    private void StripSettings()
    {
        if (Related(_package.MainPart, "settings") is not { } part)
        {
            return;
        }

        var settings = _package.ReadXml(part);
        var external = _package.RelationshipsOf(part).Where(r => r.IsExternal).Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        var doomed = settings.Root!.Elements().Where(element => element.Name.LocalName == "mailMerge"
            || (element.Name.LocalName == "attachedTemplate" && external.Contains(element.Attribute(_names.Relationships + "id")?.Value ?? ""))).ToArray();
        if (doomed.Length == 0)
        {
            return;
        }

        var ids = doomed.SelectMany(element => element.DescendantsAndSelf()).Attributes().Where(a => a.Name.Namespace == _names.Relationships).Select(a => a.Value).ToHashSet(StringComparer.Ordinal);
        doomed.Remove();
        _replaced[part] = XmlBytes.Of(settings);
        var relationshipsPart = OpcPackage.RelationshipsPartOf(part);
        var relationships = _package.ReadXml(relationshipsPart);
        relationships.Root!.Elements().Where(element => ids.Contains(element.Attribute("Id")?.Value ?? "")).Remove();
        _replaced[relationshipsPart] = XmlBytes.Of(relationships);
    }

    // --- Assembly ---
    private DocxTemplate Assemble(TemplateFacts facts, List<StoryPart> programs, ListDefinitions? lists)
    {
        var addsImages = programs.Exists(part => part.Program.Marks.Any(mark => mark is DrawingMark { MakesImage: true } or PictureMark));
        var contentTypes = _package.ReadXml(OpcPackage.ContentTypesPart);
        var mainRelationships = OpcPackage.RelationshipsPartOf(_package.MainPart);
        if (lists is not null)
        {
            if (lists.PartName is null)
            {
                var name = lists.CreatePart(_package.MainPart);
                contentTypes.Root!.Add(new XElement(contentTypes.Root.Name.Namespace + "Override", new XAttribute("PartName", "/" + name),
                    new XAttribute("ContentType", "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml")));
                var relationships = Relationships(mainRelationships);
                relationships.Root!.Add(new XElement(XName.Get("Relationship", PackageRelationships), new XAttribute("Id", "cfNumbering"),
                    new XAttribute("Type", _names.Relationships.NamespaceName + "/numbering"), new XAttribute("Target", "/" + name)));
                Put(mainRelationships, XmlBytes.Of(relationships));
            }

            Put(lists.PartName!, lists.ToBytes());
        }

        if (addsImages)
        {
            foreach (var (extension, type) in new[] { ("png", "image/png"), ("jpeg", "image/jpeg") })
            {
                if (!contentTypes.Root!.Elements().Any(element => string.Equals(element.Attribute("Extension")?.Value, extension, StringComparison.OrdinalIgnoreCase)))
                {
                    contentTypes.Root.AddFirst(new XElement(contentTypes.Root.Name.Namespace + "Default", new XAttribute("Extension", extension), new XAttribute("ContentType", type)));
                }
            }

            foreach (var part in programs)
            {
                var name = OpcPackage.RelationshipsPartOf(part.PartName);
                if (!_package.Has(name) && !_replaced.ContainsKey(name))
                {
                    Put(name, XmlBytes.Of(Relationships(name)));
                }
            }
        }

        if (_package.IsWordTemplate)
        {
            // A document that calls itself a template does not open in Word under the name of a document.
            foreach (var type in contentTypes.Root!.Elements().Attributes("ContentType").Where(type => type.Value.Contains(".template.main+xml", StringComparison.Ordinal) || type.Value.Contains(".macroEnabledTemplate.main+xml", StringComparison.Ordinal)))
            {
                type.Value = type.Value.Replace(".template.main+xml", ".document.main+xml", StringComparison.Ordinal).Replace("template.macroEnabledTemplate.main+xml", "document.macroEnabled.main+xml", StringComparison.Ordinal);
            }
        }

        if (addsImages || lists is not null || _package.IsWordTemplate)
        {
            Put(OpcPackage.ContentTypesPart, XmlBytes.Of(contentTypes));
        }

        var builder = new DocxLayoutBuilder(facts, _names, FreePrefix("image", _package.PartNames.SelectMany(_package.RelationshipsOf).Select(relationship => relationship.Id)));
        foreach (var name in _package.EntryNames)
        {
            if (programs.FindIndex(part => IsSame(part.PartName, name)) is >= 0 and var index)
            {
                builder.AddStory(programs[index]);
            }
            else if (addsImages && programs.FindIndex(part => IsSame(OpcPackage.RelationshipsPartOf(part.PartName), name)) is >= 0 and var owner)
            {
                builder.AddRelationships(name, programs[owner], Extensible(name));
            }
            else if (lists is not null && IsSame(lists.PartName!, name))
            {
                builder.AddNumbering(name, _replaced[name]);
            }
            else if (_replaced.TryGetValue(name, out var replaced))
            {
                builder.AddCopy(ZipEntryTemplate.Deflated(name, replaced));
            }
            else if (!IsSignature(name))
            {
                builder.AddCopy(_package.Copy(name));
            }
        }

        foreach (var (name, bytes) in _added)
        {
            if (addsImages && programs.FindIndex(part => IsSame(OpcPackage.RelationshipsPartOf(part.PartName), name)) is >= 0 and var owner)
            {
                builder.AddRelationships(name, programs[owner], Extensible(name));
            }
            else if (lists is not null && IsSame(lists.PartName!, name))
            {
                builder.AddNumbering(name, bytes);
            }
            else
            {
                builder.AddCopy(ZipEntryTemplate.Deflated(name, bytes));
            }
        }

        var fields = FieldList.Of(programs.Select(part => part.Program));
        return builder.Build(_stories.Select(story => story.PartName), fields, _problems);

        // Written anew, so that its end tag is where the builder looks for it.
        byte[] Extensible(string name)
        {
            var root = Relationships(name).Root!;
            return ProgramWriter.Serialize(new XElement(root.Name, new XAttribute("xmlns", root.Name.NamespaceName), root.Elements(), ""));
        }
    }

    private static bool IsSame(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    // A signature over the template says nothing about the documents made from it; Word would call it broken.
    private static bool IsSignature(string name) => name.StartsWith("_xmlsignatures/", StringComparison.OrdinalIgnoreCase);

    private XDocument Relationships(string name)
        => _replaced.TryGetValue(name, out var bytes) ? XDocument.Load(new MemoryStream(bytes))
            : _added.Find(added => IsSame(added.Name, name))?.Bytes is { } added ? XDocument.Load(new MemoryStream(added))
            : _package.Has(name) ? _package.ReadXml(name)

            // Declared as the default namespace: LibreOffice does not open a document whose relationships have a prefix.
            : new XDocument(new XElement(XName.Get("Relationships", PackageRelationships), new XAttribute("xmlns", PackageRelationships)));

    private void Put(string name, byte[] bytes)
    {
        if (_package.Has(name))
        {
            _replaced[name] = bytes;
        }
        else
        {
            _added.RemoveAll(added => IsSame(added.Name, name));
            _added.Add(new(name, bytes));
        }
    }
}
