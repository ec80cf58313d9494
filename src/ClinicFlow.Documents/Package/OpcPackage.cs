using System.Xml.Linq;

namespace ClinicFlow.Documents.Package;

/// <summary>A relationship of a part (ECMA-376 Part 2 §6.5).</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type, a URI.</param>
/// <param name="Target">The target part's name without a leading slash; for an external target the URI as written.</param>
/// <param name="IsExternal">Whether the target lies outside the package.</param>
internal sealed record OpcRelationship(string Id, string Type, string Target, bool IsExternal);

/// <summary>A Word document's package: parts and relationships over the ZIP entries. Reads only; immutable.</summary>
internal sealed class OpcPackage
{
    /// <summary>The name of the entry that holds the content types.</summary>
    public const string ContentTypesPart = "[Content_Types].xml";

    private const string WordMain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    private const string WordTemplate = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml";
    private const string WordMacroMain = "application/vnd.ms-word.document.macroEnabled.main+xml";
    private const string WordMacroTemplate = "application/vnd.ms-word.template.macroEnabledTemplate.main+xml";

    private readonly ZipPackage _zip;
    private readonly PackageLimits _limits;
    private readonly Dictionary<string, IReadOnlyList<OpcRelationship>> _relationships = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _overrides = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _defaults = new(StringComparer.OrdinalIgnoreCase);

    private OpcPackage(ZipPackage zip, PackageLimits limits)
    {
        _zip = zip;
        _limits = limits;
        MainPart = "";
    }

    /// <summary>The name of the main document part.</summary>
    public string MainPart { get; private set; }

    /// <summary>Whether the main part is a template's (.dotx), which Word opens otherwise than a document.</summary>
    public bool IsWordTemplate => ContentTypeOf(MainPart) is WordTemplate or WordMacroTemplate;

    /// <summary>All entries, in the file's order.</summary>
    public IEnumerable<string> EntryNames => _zip.Entries.Select(entry => entry.Name);

    /// <summary>All parts: the entries that are no relationships and no content types, and the package itself as the empty name.</summary>
    public IEnumerable<string> PartNames => EntryNames.Where(name => !name.EndsWith(".rels", StringComparison.OrdinalIgnoreCase) && name != ContentTypesPart).Prepend("");

    /// <summary>Opens a Word document.</summary>
    /// <exception cref="TemplatePackageException">It is none, or cannot be used; see there for the codes.</exception>
    public static OpcPackage Open(Stream stream, PackageLimits limits, bool allowMacros)
    {
        var package = new OpcPackage(ZipPackage.Open(stream, limits), limits);
        package.ReadContentTypes();
        package.FindMainPart();
        if (!allowMacros && package.HasMacros())
        {
            throw new TemplatePackageException("macros-not-allowed", "The file holds macros (.docm). Save it as a Word document without macros (.docx), or allow macros for this template.");
        }

        return package;
    }

    /// <summary>The name of the entry that holds a part's relationships; for the empty name the package's own.</summary>
    public static string RelationshipsPartOf(string part)
    {
        var slash = part.LastIndexOf('/');
        return $"{part[..(slash + 1)]}_rels/{part[(slash + 1)..]}.rels";
    }

    /// <summary>Whether there is an entry of a name.</summary>
    public bool Has(string name) => _zip.Find(name) is not null;

    /// <summary>An entry's bytes.</summary>
    public byte[] ReadBytes(string name) => _zip.Read(Entry(name));

    /// <summary>An entry as XML; a new tree each time.</summary>
    public XDocument ReadXml(string name)
    {
        var entry = Entry(name);
        if (entry.Length > _limits.MaxXmlPartBytes)
        {
            throw new TemplatePackageException("inflates-too-much", $"The part {ZipPackage.Shown(name)} is larger than {_limits.MaxXmlPartBytes:N0} bytes.");
        }

        return SafeXml.Load(_zip.Read(entry), name, _limits.MaxXmlDepth);
    }

    /// <summary>An entry to be copied into documents as it is.</summary>
    public ZipEntryTemplate Copy(string name)
    {
        var entry = Entry(name);
        return new ZipEntryTemplate(entry.Name, entry.Method, entry.Crc32, entry.Length, _zip.CompressedBytes(entry));
    }

    /// <summary>A part's relationships; for the empty name the package's own. Empty where it has none.</summary>
    public IReadOnlyList<OpcRelationship> RelationshipsOf(string part)
    {
        if (_relationships.TryGetValue(part, out var known))
        {
            return known;
        }

        var name = RelationshipsPartOf(part);
        IReadOnlyList<OpcRelationship> read = Has(name) ? [.. ReadXml(name).Root!.Elements().Where(element => element.Name.LocalName == "Relationship").Select(element => Read(element, part))] : [];
        return _relationships[part] = read;
    }

    /// <summary>A part's content type; empty where none is stated.</summary>
    public string ContentTypeOf(string part)
        => _overrides.TryGetValue(part, out var type) ? type
            : _defaults.GetValueOrDefault(part[(part.LastIndexOf('.') + 1)..], "");

    /// <summary>Whether the content of a type has macros.</summary>
    private bool HasMacros() => ContentTypeOf(MainPart) is WordMacroMain or WordMacroTemplate
        || EntryNames.Any(name => ContentTypeOf(name) is "application/vnd.ms-office.vbaProject" || name.EndsWith("/vbaProject.bin", StringComparison.OrdinalIgnoreCase));

    private OpcRelationship Read(XElement element, string part)
    {
        var target = element.Attribute("Target")?.Value ?? "";
        var isExternal = element.Attribute("TargetMode")?.Value == "External";
        return new OpcRelationship(element.Attribute("Id")?.Value ?? "", element.Attribute("Type")?.Value ?? "", isExternal ? target : Locate(part, target), isExternal);
    }

    // Part names keep their percent signs (ECMA-376 Part 2 §6.2.2.3), but some programs write the entry without them.
    private string Locate(string part, string target)
    {
        var end = target.IndexOfAny(['#', '?']);
        var path = (end < 0 ? target : target[..end]).Replace('\\', '/');
        var asWritten = Resolve(part, path);
        return !path.Contains('%', StringComparison.Ordinal) || Has(asWritten) ? asWritten : Resolve(part, Uri.UnescapeDataString(path));
    }

    private static string Resolve(string part, string path)
    {
        var names = new List<string>();
        if (!path.StartsWith('/'))
        {
            names.AddRange(part.Split('/')[..^1]);
        }

        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == "..")
            {
                if (names.Count > 0)
                {
                    names.RemoveAt(names.Count - 1);
                }
            }
            else if (name != ".")
            {
                names.Add(name);
            }
        }

        return string.Join('/', names);
    }

    private void ReadContentTypes()
    {
        if (!Has(ContentTypesPart))
        {
            throw NotWord(NameOtherZip());
        }

        foreach (var element in ReadXml(ContentTypesPart).Root!.Elements())
        {
            var type = element.Attribute("ContentType")?.Value ?? "";
            if (element.Attribute("PartName")?.Value is { } name)
            {
                _overrides[name.TrimStart('/')] = type;
            }
            else if (element.Attribute("Extension")?.Value is { } extension)
            {
                _defaults[extension] = type;
            }
        }
    }

    private void FindMainPart()
    {
        var main = RelationshipsOf("").FirstOrDefault(r => !r.IsExternal && r.Type.EndsWith("/officeDocument", StringComparison.Ordinal))?.Target ?? "";
        var type = ContentTypeOf(main);
        if (type is not (WordMain or WordTemplate or WordMacroMain or WordMacroTemplate))
        {
            throw NotWord(type switch
            {
                _ when IsOf(type, "spreadsheetml") || IsOf(type, "ms-excel") => "an Excel workbook",
                _ when IsOf(type, "presentationml") || IsOf(type, "ms-powerpoint") => "a PowerPoint presentation",
                _ when IsOf(type, "ms-visio") => "a Visio drawing",
                _ => "something else",
            });
        }

        MainPart = Entry(main).Name;
    }

    private static bool IsOf(string type, string family) => type.Contains(family, StringComparison.OrdinalIgnoreCase);

    // OpenDocument names its kind in a part of its own (OpenDocument 1.3 Part 2 §3.3).
    private string NameOtherZip()
    {
        var kind = _zip.Find("mimetype") is { Length: < 200 } entry ? System.Text.Encoding.ASCII.GetString(_zip.Read(entry)) : "";
        return kind switch
        {
            _ when IsOf(kind, "opendocument.text") => "an OpenDocument text (.odt); save it as .docx",
            _ when IsOf(kind, "opendocument.spreadsheet") => "an OpenDocument spreadsheet (.ods)",
            _ when IsOf(kind, "opendocument.presentation") => "an OpenDocument presentation (.odp)",
            _ when Has("Index/Document.iwa") => "a document of Apple's Pages, Numbers or Keynote",
            _ => "an ordinary ZIP file",
        };
    }

    private ZipEntry Entry(string name) => _zip.Find(name)
        ?? throw new TemplatePackageException("damaged", $"The file is damaged: the part {ZipPackage.Shown(name)} is missing. Open it in Word, let Word repair it, and save it again.");

    private static TemplatePackageException NotWord(string what) => new("not-a-docx", $"The file is no Word document (.docx) but {what}.");
}
