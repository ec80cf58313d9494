using System.Buffers;
using System.Globalization;
using System.Xml.Linq;
using ClinicFlow.Documents.Merge;
using ClinicFlow.Documents.Package;

namespace ClinicFlow.Documents.Docx;

/// <summary>Writes problems into a copy of a template as Word comments, at the paragraphs that they are about.</summary>
internal sealed class DocxAnnotator
{
    private const string CommentsType = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml";

    private readonly OpcPackage _package;
    private readonly XDocument _main;
    private readonly WordNames _names;
    private readonly Story _body;
    private readonly string? _commentsPart;
    private readonly XDocument _comments;
    private int _nextId;

    private DocxAnnotator(OpcPackage package)
    {
        _package = package;
        _main = package.ReadXml(package.MainPart);
        _names = WordNames.Of(_main.Root!) ?? throw new TemplatePackageException("not-a-docx", $"The main part of the file, {package.MainPart}, is no Word document.");
        _body = new Story("body", _main.Root!, _names, new HashSet<string>());
        _commentsPart = package.RelationshipsOf(package.MainPart).FirstOrDefault(r => !r.IsExternal && r.Type.EndsWith("/comments", StringComparison.Ordinal) && package.Has(r.Target))?.Target;
        _comments = _commentsPart is null
            ? new XDocument(new XElement(_names.W + "comments", new XAttribute(XNamespace.Xmlns + "w", _names.W.NamespaceName)))
            : package.ReadXml(_commentsPart);
        _nextId = _comments.Root!.Elements().Select(comment => int.TryParse(comment.Attribute(_names.Id)?.Value, CultureInfo.InvariantCulture, out var id) ? id + 1 : 0).DefaultIfEmpty().Max();
    }

    /// <summary>Writes the copy.</summary>
    public static void Write(Stream docx, TemplateOptions options, IEnumerable<Problem> problems, DateTime date, IBufferWriter<byte> output)
    {
        var annotator = new DocxAnnotator(OpcPackage.Open(docx, options.Limits, options.AllowMacros));
        foreach (var problem in problems)
        {
            annotator.Add(problem, date);
        }

        annotator.Save(output);
    }

    private void Add(Problem problem, DateTime date)
    {
        // Word takes no comments in headers, footers and text boxes: what is wrong there is said at the first paragraph, or at the one that holds the box.
        var paragraph = problem.Place.Part == "body" ? _body.FindParagraph(problem.Place) : null;
        paragraph = paragraph?.Ancestors(_names.TxbxContent).LastOrDefault()?.Ancestors(_names.P).FirstOrDefault() ?? paragraph ?? _main.Root!.Descendants(_names.P).FirstOrDefault();
        if (paragraph is null)
        {
            return;
        }

        var id = new XAttribute(_names.Id, _nextId++);
        var reference = new XElement(_names.R, new XElement(_names.CommentReference, id));
        if (paragraph.Element(_names.PPr) is { } properties)
        {
            properties.AddAfterSelf(new XElement(_names.CommentRangeStart, id));
        }
        else
        {
            paragraph.AddFirst(new XElement(_names.CommentRangeStart, id));
        }

        paragraph.Add(new XElement(_names.CommentRangeEnd, id), reference);
        var lines = new[]
        {
            problem.Place.Part is "body" or "" ? problem.Message : $"{problem.Place}: {problem.Message}",
            problem.Advice,
            problem.Place.Text.Length > 0 ? $"Here: {problem.Place.Text}" : "",
            problem.Code,
        };
        _comments.Root!.Add(new XElement(_names.W + "comment", id,
            new XAttribute(_names.W + "author", "ClinicFlow"),
            new XAttribute(_names.W + "date", date.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)),
            new XAttribute(_names.W + "initials", "CF"),
            lines.Where(line => line.Length > 0).Select(line => new XElement(_names.P, new XElement(_names.R, new XElement(_names.T, new XAttribute(WordNames.Space, "preserve"), line))))));
    }

    private void Save(IBufferWriter<byte> output)
    {
        var changed = new Dictionary<string, byte[]>(StringComparer.OrdinalIgnoreCase) { [_package.MainPart] = XmlBytes.Of(_main) };
        var comments = _commentsPart ?? _package.MainPart[..(_package.MainPart.LastIndexOf('/') + 1)] + "comments.xml";
        changed[comments] = XmlBytes.Of(_comments);
        if (_commentsPart is null)
        {
            var types = _package.ReadXml(OpcPackage.ContentTypesPart);
            types.Root!.Add(new XElement(types.Root.Name.Namespace + "Override", new XAttribute("PartName", "/" + comments), new XAttribute("ContentType", CommentsType)));
            changed[OpcPackage.ContentTypesPart] = XmlBytes.Of(types);

            var name = OpcPackage.RelationshipsPartOf(_package.MainPart);
            XNamespace relationships = "http://schemas.openxmlformats.org/package/2006/relationships";
            var root = _package.Has(name) ? _package.ReadXml(name).Root! : new XElement(relationships + "Relationships", new XAttribute("xmlns", relationships.NamespaceName));
            root.Add(new XElement(relationships + "Relationship", new XAttribute("Id", "cfComments"), new XAttribute("Type", _names.Relationships.NamespaceName + "/comments"), new XAttribute("Target", "/" + comments)));
            changed[name] = XmlBytes.Of(new XDocument(root));
        }

        var zip = new ZipWriter();
        zip.Start(output);
        foreach (var name in _package.EntryNames)
        {
            zip.Copy(changed.Remove(name, out var bytes) ? ZipEntryTemplate.Deflated(name, bytes) : _package.Copy(name));
        }

        foreach (var (name, bytes) in changed)
        {
            zip.Copy(ZipEntryTemplate.Deflated(name, bytes));
        }

        zip.Finish();
    }
}
