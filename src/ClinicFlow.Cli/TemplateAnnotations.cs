using System.Globalization;
using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;
using ClinicFlow.Documents;

namespace ClinicFlow.Cli;

/// <summary>
/// Writes problems into a copy of a template, as Word comments where they are. Word has no comments in headers,
/// footers and text boxes: those stand at the start of the document, or at the paragraph that holds the box, and name
/// their place. The template must have been compiled before, which keeps hostile files out.
/// </summary>
internal sealed class TemplateAnnotations
{
    private const string RelationshipsNamespace = "http://schemas.openxmlformats.org/package/2006/relationships";
    private const string TypesNamespace = "http://schemas.openxmlformats.org/package/2006/content-types";
    private const string CommentsType = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml";
    private const string TransitionalType = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments";
    private const string StrictType = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments";

    private readonly ZipArchive _package;
    private readonly string _mainPart;
    private readonly XDocument _document;
    private readonly XNamespace _w;

    // Where the paragraphs of the body are, in the words of Place.Position: paragraphs outside tables are counted
    // through, paragraphs in a table are told by table, row and column; several share one then.
    private readonly Dictionary<string, List<XElement>> _paragraphs = [];

    private TemplateAnnotations(ZipArchive package)
    {
        _package = package;
        _mainPart = FindMainPart(package);
        _document = Load(package.GetEntry(_mainPart)!);
        _w = _document.Root!.Name.Namespace;
        Number(_document.Root, "", new Counter(), new Counter());
    }

    /// <summary>Writes the copy.</summary>
    /// <param name="template">The template.</param>
    /// <param name="copy">The copy; replaced where it is there.</param>
    /// <param name="problems">What is wrong with the template.</param>
    /// <exception cref="InvalidDataException">The template has no place for comments.</exception>
    public static void Write(string template, string copy, IReadOnlyList<Problem> problems)
    {
        var part = copy + ".part";
        File.Copy(template, part, overwrite: true);
        try
        {
            using (var package = ZipFile.Open(part, ZipArchiveMode.Update))
            {
                if (problems.Count > 0)
                {
                    new TemplateAnnotations(package).Annotate(problems);
                }
            }

            File.Move(part, copy, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private void Annotate(IReadOnlyList<Problem> problems)
    {
        var (commentsPart, comments) = OpenComments();
        var id = comments.Root!.Elements(_w + "comment").Select(comment => (int?)comment.Attribute(_w + "id") ?? 0).DefaultIfEmpty(-1).Max() + 1;
        foreach (var problem in problems)
        {
            var number = id++.ToString(CultureInfo.InvariantCulture);
            var (paragraph, isExact) = Find(problem.Place);
            var lines = new[] { isExact ? problem.Message : $"{problem.Place}: {problem.Message}", problem.Advice }.Where(line => line.Length > 0);
            comments.Root.Add(new XElement(_w + "comment", new XAttribute(_w + "id", number), new XAttribute(_w + "author", "ClinicFlow"), new XAttribute(_w + "initials", "CF"),
                lines.Select(line => new XElement(_w + "p", new XElement(_w + "r", new XElement(_w + "t", new XAttribute(XNamespace.Xml + "space", "preserve"), line))))));
            Mark(paragraph, number);
        }

        Save(_mainPart, _document);
        Save(commentsPart, comments);
    }

    private void Mark(XElement paragraph, string number)
    {
        var start = new XElement(_w + "commentRangeStart", new XAttribute(_w + "id", number));
        if (paragraph.Element(_w + "pPr") is { } properties)
        {
            properties.AddAfterSelf(start);
        }
        else
        {
            paragraph.AddFirst(start);
        }

        paragraph.Add(
            new XElement(_w + "commentRangeEnd", new XAttribute(_w + "id", number)),
            new XElement(_w + "r", new XElement(_w + "commentReference", new XAttribute(_w + "id", number))));
    }

    /// <summary>The paragraph of a place, and whether it is the very one.</summary>
    private (XElement Paragraph, bool IsExact) Find(Place place)
    {
        if (place.Part == "body")
        {
            if (_paragraphs.TryGetValue(place.Position, out var exact))
            {
                // Of the paragraphs in one cell, the one that holds the text.
                var text = place.Text.Trim('…', ' ');
                return (exact.Find(paragraph => text.Length > 0 && TextOf(paragraph).Contains(text, StringComparison.Ordinal)) ?? exact[0], true);
            }

            var around = _paragraphs.Where(pair => place.Position.Contains(pair.Key, StringComparison.Ordinal)).OrderByDescending(pair => pair.Key.Length).Select(pair => pair.Value[0]).FirstOrDefault();
            if (around is not null)
            {
                return (around, false);
            }
        }

        return (_paragraphs.Values.FirstOrDefault()?[0] ?? throw new InvalidDataException("The template has no paragraph."), false);
    }

    private string TextOf(XElement paragraph) => string.Concat(paragraph.Descendants(_w + "t").Select(text => text.Value));

    /// <summary>Counts as a person counts in Word; the same counting as that of the template's problems.</summary>
    private void Number(XElement container, string cell, Counter paragraphs, Counter tables)
    {
        foreach (var child in container.Elements())
        {
            if (child.Name == _w + "p")
            {
                var position = cell.Length > 0 ? cell : $"paragraph {paragraphs.Next()}";
                if (!_paragraphs.TryGetValue(position, out var sharing))
                {
                    _paragraphs[position] = sharing = [];
                }

                sharing.Add(child);
            }
            else if (child.Name == _w + "tbl")
            {
                var table = cell.Length > 0 ? $"{cell}, table {tables.Next()}" : $"table {tables.Next()}";
                var row = 0;
                foreach (var tr in Inside(child, "tr"))
                {
                    row++;
                    var column = 0;
                    foreach (var tc in Inside(tr, "tc"))
                    {
                        column++;
                        Number(tc, $"{table}, row {row}, column {column}", new Counter(), new Counter());
                    }
                }
            }
            else if (child.Name != _w + "pPr" && child.Name != _w + "sectPr" && child.Name != _w + "tcPr")
            {
                Number(child, cell, paragraphs, tables);
            }
        }
    }

    /// <summary>Rows or cells, also those inside content controls and custom XML.</summary>
    private IEnumerable<XElement> Inside(XElement parent, string name)
        => parent.Elements().SelectMany(child => child.Name == _w + name ? [child]
            : child.Name == _w + "sdt" || child.Name == _w + "sdtContent" || child.Name == _w + "customXml" ? Inside(child, name) : []);

    private (string Path, XDocument Comments) OpenComments()
    {
        var folder = _mainPart.Contains('/', StringComparison.Ordinal) ? _mainPart[..(_mainPart.LastIndexOf('/') + 1)] : "";
        var relationshipsPath = $"{folder}_rels/{_mainPart[folder.Length..]}.rels";
        XNamespace r = RelationshipsNamespace;
        var relationships = _package.GetEntry(relationshipsPath) is { } entry ? Load(entry) : new XDocument(new XElement(r + "Relationships"));
        var existing = relationships.Root!.Elements(r + "Relationship").FirstOrDefault(one => (string?)one.Attribute("Type") is TransitionalType or StrictType);
        if (existing is not null)
        {
            var target = (string)existing.Attribute("Target")!;
            var path = target.StartsWith('/') ? target[1..] : folder + target;
            if (_package.GetEntry(path) is { } comments)
            {
                return (path, Load(comments));
            }
        }

        var name = Enumerable.Range(0, 1000).Select(i => i == 0 ? "comments.xml" : $"comments{i}.xml").First(one => _package.GetEntry(folder + one) is null);
        var ids = relationships.Root.Elements().Select(one => (string?)one.Attribute("Id")).ToHashSet();
        var isStrict = _w.NamespaceName.StartsWith("http://purl.oclc.org/", StringComparison.Ordinal);
        relationships.Root.Add(new XElement(r + "Relationship",
            new XAttribute("Id", Enumerable.Range(1, ids.Count + 1).Select(i => $"rIdComments{i}").First(one => !ids.Contains(one))),
            new XAttribute("Type", isStrict ? StrictType : TransitionalType), new XAttribute("Target", name)));
        Save(relationshipsPath, relationships);

        XNamespace t = TypesNamespace;
        var types = Load(_package.GetEntry("[Content_Types].xml")!);
        types.Root!.Add(new XElement(t + "Override", new XAttribute("PartName", $"/{folder}{name}"), new XAttribute("ContentType", CommentsType)));
        Save("[Content_Types].xml", types);
        return (folder + name, new XDocument(new XElement(_w + "comments", new XAttribute(XNamespace.Xmlns + "w", _w.NamespaceName))));
    }

    private static string FindMainPart(ZipArchive package)
    {
        XNamespace r = RelationshipsNamespace;
        var target = package.GetEntry("_rels/.rels") is { } entry
            ? Load(entry).Root!.Elements(r + "Relationship").Where(one => ((string?)one.Attribute("Type"))?.EndsWith("/officeDocument", StringComparison.Ordinal) == true)
                .Select(one => ((string?)one.Attribute("Target"))?.TrimStart('/')).FirstOrDefault() : null;
        return target is not null && package.GetEntry(target) is not null ? target : throw new InvalidDataException("The template has no main part.");
    }

    private static XDocument Load(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
    }

    private void Save(string path, XDocument document)
    {
        _package.GetEntry(path)?.Delete();
        using var stream = _package.CreateEntry(path).Open();
        using var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new System.Text.UTF8Encoding(false) });
        document.Save(writer);
    }

    /// <summary>A number that counts up through a recursion.</summary>
    private sealed class Counter
    {
        private int _count;

        public int Next() => ++_count;
    }
}
