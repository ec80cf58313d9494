using System.Runtime.InteropServices;
using ClinicFlow.Documents.Merge;
using ClinicFlow.Documents.Model.Charts;
using ClinicFlow.Documents.Model.Metafiles;
using ClinicFlow.Documents.Package;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>What the readers of one document share: the package, styles, lists, pictures and what was found. Owned by one read.</summary>
internal sealed class DocumentParts(OpcPackage package, int maxDepth)
{
    private Func<string, string, MediaFile?> _imageOfRecord = static (_, _) => null;
    private readonly Dictionary<string, (Chart? Chart, string Reason)> _charts = new(StringComparer.OrdinalIgnoreCase);

    public OpcPackage Package { get; } = package;

    public ConstructScan Scan { get; } = new();

    public required Theme Theme { get; init; }

    public DocumentSettings Settings { get; set; } = new();

    /// <summary>Whether a font is installed that equations can be set in; asked where there is one.</summary>
    public Func<bool> HasMathFont { get; init; } = () => true;

    public StyleSheet Styles { get; set; } = null!;

    public NumberingDefinitions Numbering { get; set; } = NumberingDefinitions.None;

    /// <summary>The index of a note by its id; filled before the body is read.</summary>
    public Dictionary<int, int> Footnotes { get; } = [];

    public Dictionary<int, int> Endnotes { get; } = [];

    /// <summary>The pictures that were met.</summary>
    public PictureList Pictures { get; } = new();

    /// <summary>Makes ready for the next document of a template.</summary>
    /// <param name="imageOfRecord">Gives the image that the record brings to a part under a relationship's id.</param>
    public void NextDocument(Func<string, string, MediaFile?> imageOfRecord)
    {
        _imageOfRecord = imageOfRecord;
        Scan.Clear();
        Styles.NextDocument();
        Pictures.NextDocument();
    }

    /// <summary>A part as a tree.</summary>
    /// <exception cref="TemplatePackageException">It is no XML, or too much of it.</exception>
    public Element Read(string part) => XmlTree.Read(Package.ReadBytes(part), part, maxDepth).Root;

    /// <summary>Whether what is read now is a paragraph of the template that is kept.</summary>
    public bool IsReadingTemplate { get; set; }

    private readonly Dictionary<TemplateParagraphs, KeptParagraph?[]> _kept = new(ReferenceEqualityComparer.Instance);
    private readonly XmlScanner _scanner = new();

    /// <summary>What is kept of a paragraph of the template.</summary>
    public KeptParagraph KeptOf(KeptElement element)
    {
        if (!_kept.TryGetValue(element.Paragraphs, out var kept))
        {
            _kept.Add(element.Paragraphs, kept = new KeptParagraph?[element.Paragraphs.Count]);
        }

        return kept[element.Id] ??= new();
    }

    /// <summary>A paragraph of the template as an element, with its content.</summary>
    public Element Expand(KeptElement element)
    {
        var tree = new XmlTree(null);
        var xml = element.Filled is { } filled ? filled.Outline.Write(i => filled.Texts[i]) : element.Paragraphs.BytesOf(element.Id);
        _scanner.ReadWithin(xml, element.Scopes, tree, "", maxDepth);
        return tree.Root;
    }

    /// <summary>A paragraph of the template whose texts differ, with signs for the texts.</summary>
    public Element ExpandOutline(KeptElement element)
    {
        var tree = new XmlTree(null);
        _scanner.ReadWithin(element.Filled!.Outline.Write(i => KeptParagraph.SignOf(i).ToString()), element.Scopes, tree, "", maxDepth);
        return tree.Root;
    }

    /// <summary>The relationship of a part by its id; null where there is none.</summary>
    public OpcRelationship? Relationship(string part, string? id)
    {
        if (id is not null)
        {
            foreach (var relationship in Package.RelationshipsOf(part))
            {
                if (relationship.Id == id)
                {
                    return relationship;
                }
            }
        }

        return null;
    }

    /// <summary>The index of a picture; null, and noted, where it is not in the package.</summary>
    public int? Image(string part, string? id)
    {
        if (id is not null && _imageOfRecord(part, id) is { } image)
        {
            return Pictures.NumberOf(image.PartName, isOfRecord: true, name => ReadImage(name, image.Bytes.ToArray()));
        }

        if (Relationship(part, id) is not { } relationship)
        {
            Scan.Found(Construct.DamagedReference);
            return null;
        }

        if (relationship.IsExternal)
        {
            Scan.Found(Construct.LinkedPicture);
            return null;
        }

        if (!Package.Has(relationship.Target))
        {
            Scan.Found(Construct.DamagedReference);
            return null;
        }

        return Pictures.NumberOf(relationship.Target, isOfRecord: false, name => ReadImage(name, Package.ReadBytes(name)));
    }

    private static ImageFile ReadImage(string part, byte[] file)
    {
        var bytes = Metafiles.Packed.Open(file);
        var kind = KindOf(bytes);
        var (drawing, reason) = kind switch
        {
            ImageKind.Emf => MetafileReader.ReadEmf(bytes),
            ImageKind.Wmf => MetafileReader.ReadWmf(bytes),
            _ => default,
        };
        return new ImageFile(part, kind, ImmutableCollectionsMarshal.AsImmutableArray(bytes)) { Drawing = drawing, NotDrawn = reason };
    }

    /// <summary>Whether a picture is drawn by records, not by its pixels.</summary>
    public bool IsMetafile(int image) => Pictures[image].Kind is ImageKind.Emf or ImageKind.Wmf;

    /// <summary>Whether nothing shows through a picture, as far as its header says.</summary>
    public bool IsOpaque(int image)
    {
        var bytes = Pictures[image].Bytes.AsSpan();
        return Pictures[image].Kind switch
        {
            ImageKind.Jpeg => true,
            ImageKind.Png => bytes.Length > 25 && bytes[25] is 0 or 2 or 3 && bytes.IndexOf("tRNS"u8) < 0,
            _ => false,
        };
    }

    private bool? _isOfWord2007;

    // Word 2007, which leaves out of charts what is as usual (docProps/app.xml).
    private bool IsOfWord2007 => _isOfWord2007 ??= ReadIsOfWord2007();

    private bool ReadIsOfWord2007()
    {
        const string Properties = "docProps/app.xml";
        try
        {
            var properties = Package.Has(Properties) ? Read(Properties) : default;
            return properties.Descendant(Ns.Other, "AppVersion").Text.StartsWith("12.", StringComparison.Ordinal)
                && properties.Descendant(Ns.Other, "Application").Text.StartsWith("Microsoft", StringComparison.Ordinal);
        }
        catch (TemplatePackageException)
        {
            return false;
        }
    }

    /// <summary>A chart, or why it is not drawn; read once however often it is shown.</summary>
    /// <param name="target">Its part.</param>
    /// <param name="shapesOf">Reads the shapes of a part.</param>
    public (Chart? Chart, string Reason) Chart(string target, Func<string, ShapeReader> shapesOf)
    {
        if (!_charts.TryGetValue(target, out var known))
        {
            try
            {
                var own = Package.RelationshipsOf(target).FirstOrDefault(relationship => relationship.Type.EndsWith("/themeOverride", StringComparison.Ordinal) && !relationship.IsExternal);
                var theme = own is null ? Theme : ThemeOf(Read(own.Target));
                known = (new ChartReader(theme, own is null ? shapesOf(target) : null, ChartReader.CultureOf(Settings.DecimalSymbol), Settings.ListSeparator, IsOfWord2007).Read(Read(target)), "");
            }
            catch (UndrawnChartException e)
            {
                known = (null, e.Message);
            }
            catch (TemplatePackageException)
            {
                known = (null, "a part that cannot be read");
            }

            _charts.Add(target, known);
        }

        return known;
    }

    // Colours and fonts that a chart brought with it; where it brought some only, what the others are is not known.
    private static Theme ThemeOf(Element root)
        => root.Child(Ns.DrawingMl, "clrScheme").Exists && root.Child(Ns.DrawingMl, "fontScheme").Exists ? Theme.Read(root, default) : throw new UndrawnChartException("some colours or fonts of its own");

    /// <summary>Notes a picture, and why it is not drawn.</summary>
    public void ScanImage(int image)
    {
        switch (Pictures[image].Kind)
        {
            case ImageKind.Emf or ImageKind.Wmf when Pictures[image].Drawing is not null:
            case ImageKind.Png or ImageKind.Jpeg or ImageKind.Gif or ImageKind.Bmp or ImageKind.Tiff:
                Scan.Found(Construct.Picture);
                break;
            case ImageKind.Emf or ImageKind.Wmf:
                Scan.Found(Construct.MetafilePicture, Pictures[image].NotDrawn ?? "");
                break;
            case ImageKind.Svg:
                Scan.Found(Construct.SvgPicture);
                break;
            default:
                Scan.Found(Construct.UnknownPicture);
                break;
        }
    }

    private static ImageKind KindOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            return ImageKind.Png;
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return ImageKind.Jpeg;
        }

        if (bytes.StartsWith("GIF8"u8))
        {
            return ImageKind.Gif;
        }

        if (bytes.StartsWith("BM"u8))
        {
            return ImageKind.Bmp;
        }

        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8))
        {
            return ImageKind.Tiff;
        }

        if (bytes.Length > 44 && bytes[40..44].SequenceEqual(" EMF"u8))
        {
            return ImageKind.Emf;
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xD7, 0xCD, 0xC6, 0x9A]) || bytes.StartsWith((ReadOnlySpan<byte>)[1, 0, 9, 0, 0, 3]))
        {
            return ImageKind.Wmf;
        }

        if (bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8))
        {
            return ImageKind.WebP;
        }

        return bytes[..Math.Min(bytes.Length, 1024)].IndexOf("<svg"u8) >= 0 ? ImageKind.Svg : ImageKind.Unknown;
    }
}
