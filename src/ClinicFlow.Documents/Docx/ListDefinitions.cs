using System.Globalization;
using System.Xml.Linq;
using ClinicFlow.Documents.Content;
using ClinicFlow.Documents.Merge;
using ClinicFlow.Documents.Package;

namespace ClinicFlow.Documents.Docx;

/// <summary>The template's numbering part, and what lists in rich content add to it.</summary>
internal sealed class ListDefinitions
{
    private readonly XDocument _xml;
    private readonly WordNames _names;

    public ListDefinitions(OpcPackage package, string? partName, WordNames names)
    {
        PartName = partName;
        _names = names;
        _xml = partName is null ? new XDocument(new XElement(names.W + "numbering")) : package.ReadXml(partName);
        _xml.Root!.SetAttributeValue(XNamespace.Xmlns + "w", names.W.NamespaceName);
        FreeInstanceId = 1 + Ids(names.W + "num", names.W + "numId").DefaultIfEmpty().Max();
    }

    /// <summary>The part's name; null where the template has none.</summary>
    public string? PartName { get; private set; }

    /// <summary>The first numbering instance that is not defined.</summary>
    public int FreeInstanceId { get; private set; }

    /// <summary>Names a new part beside the main one.</summary>
    public string CreatePart(string mainPart) => PartName = mainPart[..(mainPart.LastIndexOf('/') + 1)] + "numbering.xml";

    /// <summary>Adds a list with bullets and a kind of list with numbers; gives the instance of the one and the abstract id of the other.</summary>
    public (int Bullets, int Numbers) AddKinds()
    {
        var root = _xml.Root!;
        var bullets = 1 + Ids(_names.W + "abstractNum", _names.W + "abstractNumId").DefaultIfEmpty(-1).Max();
        var kinds = new[] { Fragment(NumberingXml.AbstractBullets(bullets)), Fragment(NumberingXml.AbstractOrdered(bullets + 1)) };

        // All abstract definitions stand before the instances.
        if (root.Element(_names.W + "num") is { } first)
        {
            first.AddBeforeSelf(kinds);
        }
        else if (root.Element(_names.W + "numIdMacAtCleanup") is { } cleanup)
        {
            cleanup.AddBeforeSelf(kinds);
        }
        else
        {
            root.Add(kinds);
        }

        var instance = Fragment(NumberingXml.Instance(FreeInstanceId, bullets, restart: false));
        if (root.Element(_names.W + "numIdMacAtCleanup") is { } last)
        {
            last.AddBeforeSelf(instance);
        }
        else
        {
            root.Add(instance);
        }

        return (FreeInstanceId++, bullets + 1);
    }

    /// <summary>The part as bytes whose prefix for WordprocessingML is <c>w</c>.</summary>
    public byte[] ToBytes()
    {
        _xml.Root!.Add("");
        return ProgramWriter.Serialize(_xml.Root);
    }

    private XElement Fragment(byte[] xml)
        => XElement.Parse($"<x xmlns:w=\"{_names.W.NamespaceName}\">{System.Text.Encoding.UTF8.GetString(xml)}</x>").Elements().Single();

    private IEnumerable<int> Ids(XName element, XName attribute)
        => _xml.Root!.Elements(element).Select(e => int.TryParse(e.Attribute(attribute)?.Value, CultureInfo.InvariantCulture, out var id) && id is >= 0 and < 1 << 29 ? id : 0);
}
