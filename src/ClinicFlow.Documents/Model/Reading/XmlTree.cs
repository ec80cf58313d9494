using System.Xml;
using ClinicFlow.Documents.Package;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>The namespaces that the reader tells apart; strict and transitional ones of one meaning are one here.</summary>
internal enum Ns : byte
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>No namespace, as of most attributes outside WordprocessingML.</summary>
    None,
    W,
    Relationships,
    DrawingMl,
    WordDrawing,
    Picture,
    WordShape,
    WordGroup,
    WordCanvas,
    Diagram,
    WordDrawing2010,
    Word2010,
    Word2012,
    Vml,
    Office,
    OfficeWord,
    Compatibility,
    Math,
    Xml,
    Svg,
    Chart,
}

/// <summary>
/// A part as flat arrays of elements, texts and attributes: one forward pass with bounded size and depth, then every look is an index.
/// Revision ids are left out. Owned by the reader that made it.
/// </summary>
internal sealed class XmlTree
{
    private const int MaxNodes = 3_000_000;

    // Names and values are compared as strings; those that come again are one object.
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CheckCharacters = true,
        CloseInput = true,
    };

    private readonly List<Node> _nodes = new(1024);
    private readonly List<XmlValue> _attributes = new(1024);

    private readonly TemplateParagraphs? _paragraphs;
    private readonly List<XmlScanner.Scope[]> _scopes = [];
    private readonly List<int> _kept = []; // the nodes of kept paragraphs
    private Dictionary<int, KeptTable>? _tables;

    private XmlTree()
    {
    }

    /// <summary>An empty tree for an <see cref="XmlScanner"/>.</summary>
    /// <param name="paragraphs">The template's paragraphs that it may leave out; null for none.</param>
    public XmlTree(TemplateParagraphs? paragraphs) => _paragraphs = paragraphs;

    /// <summary>The root element.</summary>
    public Element Root => new(this, 0);

    /// <summary>Reads a part.</summary>
    /// <exception cref="TemplatePackageException">It is no XML, has a DTD, nests too deep or is too large.</exception>
    public static XmlTree Read(byte[] bytes, string partName, int maxDepth)
    {
        var tree = new XmlTree();
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes, writable: false), Settings);
            tree.Fill(reader, partName, maxDepth);
            return tree;
        }
        catch (Exception e) when (e is XmlException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            // What is wrong in detail is for the reader that says it in full.
            SafeXml.Load(bytes, partName, maxDepth);
            throw new TemplatePackageException("bad-xml", $"The part {ZipPackage.Shown(partName)} is no XML that can be read.", e);
        }
    }

    /// <summary>The element at an index.</summary>
    internal ref readonly Node At(int index) => ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_nodes)[index];

    internal ReadOnlySpan<XmlValue> Attributes(int index)
    {
        ref readonly var node = ref At(index);
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_attributes).Slice(node.FirstAttribute, node.AttributeCount);
    }

    /// <summary>Forgets all elements, for the next document.</summary>
    internal void Clear()
    {
        _nodes.Clear();
        _attributes.Clear();
        _scopes.Clear();
        _kept.Clear();
        _tables?.Clear();
        ComesAgain = false;

        // One document with a huge table must not keep its memory for the rest of the job.
        if (_nodes.Capacity > 1 << 16)
        {
            _nodes.Capacity = 1024;
            _attributes.Capacity = 1024;
        }
    }

    /// <summary>Starts an element; its attributes follow.</summary>
    internal int Begin(Ns ns, string name)
    {
        _nodes.Add(new Node(ns, name, "") { FirstAttribute = _attributes.Count, End = _nodes.Count + 1 });
        return _nodes.Count - 1;
    }

    internal void AddAttribute(Ns ns, string name, string value)
    {
        _attributes.Add(new XmlValue(ns, name, value));
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_nodes)[^1].AttributeCount++;
    }

    internal void AddText(string text) => _nodes.Add(new Node(Ns.None, "", text) { End = _nodes.Count + 1 });

    internal void End(int element) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_nodes)[element].End = _nodes.Count;

    internal bool IsTextElement(int element) => IsText(At(element).Name);

    /// <summary>Whether the elements are those of the document before.</summary>
    internal bool ComesAgain { get; private set; }

    /// <summary>For the next document, whose XML is the same: puts in its kept paragraphs, as many as there are.</summary>
    internal void PutKept(ReadOnlySpan<KeptMark> marks)
    {
        ComesAgain = true;
        for (var i = 0; i < marks.Length; i++)
        {
            ref var node = ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_nodes)[_kept[i]];
            if (node.Kept!.Filled is not null || marks[i].Filled is not null)
            {
                node.Kept = node.Kept with { Filled = marks[i].Filled };
            }
        }
    }

    internal KeptTable? TableAt(int index) => _tables?.GetValueOrDefault(index);

    internal void Keep(int index, KeptTable table) => (_tables ??= [])[index] = table;

    /// <summary>Adds a paragraph of the template that was left out of the XML: it looks like one without content.</summary>
    internal void AddKept(in KeptMark mark, List<XmlScanner.Scope> scopes)
    {
        // Most stand in the scope of the root.
        if (_scopes.Count == 0 || !System.Runtime.InteropServices.CollectionsMarshal.AsSpan(scopes).SequenceEqual(_scopes[^1]))
        {
            _scopes.Add([.. scopes]);
        }

        _kept.Add(_nodes.Count);
        _nodes.Add(new Node(Ns.W, "p", "") { End = _nodes.Count + 1, Kept = new(_paragraphs!, mark.Id, _scopes[^1]) { Filled = mark.Filled } });
    }

    private void Fill(XmlReader reader, string partName, int maxDepth)
    {
        var open = new int[maxDepth + 2];
        var depth = 0;
        var namespaces = new Dictionary<string, Ns>(ReferenceComparer.Instance);
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (depth >= maxDepth)
                    {
                        throw new TemplatePackageException("nested-too-deep", $"The part {ZipPackage.Shown(partName)} nests elements more than {maxDepth} deep. This is no ordinary Word document.");
                    }

                    if (_nodes.Count > MaxNodes)
                    {
                        throw new TemplatePackageException("too-large", $"The part {ZipPackage.Shown(partName)} has more than {MaxNodes:N0} elements and texts. Use a smaller document.");
                    }

                    var isEmpty = reader.IsEmptyElement;
                    var index = _nodes.Count;
                    var node = new Node(NamespaceOf(reader.NamespaceURI, namespaces), reader.LocalName, "") { FirstAttribute = _attributes.Count };
                    while (reader.MoveToNextAttribute())
                    {
                        if (!ReferenceEquals(reader.NamespaceURI, XmlnsUri) && reader.NamespaceURI != XmlnsUri && !reader.LocalName.StartsWith("rsid", StringComparison.Ordinal))
                        {
                            _attributes.Add(new XmlValue(NamespaceOf(reader.NamespaceURI, namespaces), reader.LocalName, reader.Value));
                        }
                    }

                    node.AttributeCount = _attributes.Count - node.FirstAttribute;
                    node.End = index + 1;
                    _nodes.Add(node);
                    if (!isEmpty)
                    {
                        open[depth++] = index;
                    }

                    break;
                case XmlNodeType.EndElement:
                    System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_nodes)[open[--depth]].End = _nodes.Count;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    // White space between elements is no content; that of a text element is.
                    if (depth > 0 && (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA || IsText(_nodes[open[depth - 1]].Name)))
                    {
                        _nodes.Add(new Node(Ns.None, "", reader.Value) { End = _nodes.Count + 1 });
                    }

                    break;
            }
        }
    }

    private const string XmlnsUri = "http://www.w3.org/2000/xmlns/";

    private static bool IsText(string name) => name is "t" or "instrText" or "separator";

    private static Ns NamespaceOf(string uri, Dictionary<string, Ns> known)
    {
        if (!known.TryGetValue(uri, out var ns))
        {
            known[uri] = ns = NamespaceOf(uri);
        }

        return ns;
    }

    internal static Ns NamespaceOf(string uri)
        => uri switch
        {
            "" => Ns.None,
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main" or "http://purl.oclc.org/ooxml/wordprocessingml/main" => Ns.W,
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships" or "http://purl.oclc.org/ooxml/officeDocument/relationships" => Ns.Relationships,
            "http://schemas.openxmlformats.org/drawingml/2006/main" or "http://purl.oclc.org/ooxml/drawingml/main" => Ns.DrawingMl,
            "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" or "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing" => Ns.WordDrawing,
            "http://schemas.openxmlformats.org/drawingml/2006/picture" or "http://purl.oclc.org/ooxml/drawingml/picture" => Ns.Picture,
            "http://schemas.microsoft.com/office/word/2010/wordprocessingShape" => Ns.WordShape,
            "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup" => Ns.WordGroup,
            "http://schemas.microsoft.com/office/drawing/2008/diagram" => Ns.Diagram,
            "http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas" => Ns.WordCanvas,
            "http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing" => Ns.WordDrawing2010,
            "http://schemas.microsoft.com/office/word/2010/wordml" => Ns.Word2010,
            "http://schemas.microsoft.com/office/word/2012/wordml" => Ns.Word2012,
            "urn:schemas-microsoft-com:vml" => Ns.Vml,
            "urn:schemas-microsoft-com:office:office" => Ns.Office,
            "urn:schemas-microsoft-com:office:word" => Ns.OfficeWord,
            "http://schemas.openxmlformats.org/markup-compatibility/2006" => Ns.Compatibility,
            "http://schemas.openxmlformats.org/officeDocument/2006/math" or "http://purl.oclc.org/ooxml/officeDocument/math" => Ns.Math,
            "http://www.w3.org/XML/1998/namespace" => Ns.Xml,
            "http://schemas.microsoft.com/office/drawing/2016/SVG/main" => Ns.Svg,
            "http://schemas.openxmlformats.org/drawingml/2006/chart" or "http://purl.oclc.org/ooxml/drawingml/chart" => Ns.Chart,
            _ => Ns.Other,
        };

    // The reader hands out one string a namespace, so the address is enough.
    private sealed class ReferenceComparer : IEqualityComparer<string>
    {
        public static ReferenceComparer Instance { get; } = new();

        public bool Equals(string? x, string? y) => ReferenceEquals(x, y);

        public int GetHashCode(string obj) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj);
    }

    /// <summary>An element, or a text where the name is empty. <c>End</c> is the index behind its last descendant.</summary>
    internal struct Node(Ns ns, string name, string text)
    {
        public readonly Ns Ns = ns;
        public readonly string Name = name;
        public readonly string Text = text;
        public int End;
        public int FirstAttribute;
        public int AttributeCount;

        /// <summary>Of a paragraph of the template that was left out of the XML; null for all others.</summary>
        public KeptElement? Kept;
    }

    internal readonly record struct XmlValue(Ns Ns, string Name, string Value);
}

/// <summary>An element of a tree; the default value is no element.</summary>
internal readonly struct Element(XmlTree tree, int index)
{
    private readonly XmlTree? _tree = tree;

    public bool Exists => _tree is not null;

    public Ns Ns => _tree!.At(index).Ns;

    public string Name => _tree!.At(index).Name;

    public int Index => index;

    /// <summary>Of a paragraph of the template whose content was left out; null for all others.</summary>
    public KeptElement? Kept => _tree?.At(index).Kept;

    /// <summary>What was kept of a table when the same elements were read before; null for nothing.</summary>
    public KeptTable? KeptTable => _tree?.TableAt(index);

    /// <summary>Whether it was there in the document before too, so that what is read of it is worth keeping.</summary>
    public bool ComesAgain => _tree is { ComesAgain: true };

    /// <summary>Keeps what was read of a table.</summary>
    public void Keep(KeptTable table) => _tree!.Keep(index, table);

    /// <summary>Whether it is of WordprocessingML and has this name.</summary>
    public bool Is(string name) => Is(Ns.W, name);

    public bool Is(Ns ns, string name) => _tree is not null && _tree.At(index).Ns == ns && _tree.At(index).Name == name;

    /// <summary>An attribute of the element's own namespace or of none; null where it is not there.</summary>
    public string? this[string name]
    {
        get
        {
            if (_tree is null)
            {
                return null;
            }

            var own = Ns;
            foreach (ref readonly var attribute in _tree.Attributes(index))
            {
                if (attribute.Name == name && (attribute.Ns == own || attribute.Ns == Ns.None))
                {
                    return attribute.Value;
                }
            }

            return null;
        }
    }

    /// <summary>An attribute of a namespace; null where it is not there.</summary>
    public string? this[Ns ns, string name]
    {
        get
        {
            if (_tree is not null)
            {
                foreach (ref readonly var attribute in _tree.Attributes(index))
                {
                    if (attribute.Ns == ns && attribute.Name == name)
                    {
                        return attribute.Value;
                    }
                }
            }

            return null;
        }
    }

    /// <summary>w:val.</summary>
    public string? Val => this["val"];

    public ReadOnlySpan<XmlTree.XmlValue> Attributes => _tree is null ? [] : _tree.Attributes(index);

    /// <summary>The child elements, without texts.</summary>
    public Children Elements => new(_tree, index);

    /// <summary>The first child of WordprocessingML of this name.</summary>
    public Element Child(string name) => Child(Ns.W, name);

    public Element Child(Ns ns, string name)
    {
        foreach (var child in Elements)
        {
            if (child.Ns == ns && child.Name == name)
            {
                return child;
            }
        }

        return default;
    }

    /// <summary>The first element of this name below, at any depth.</summary>
    public Element Descendant(Ns ns, string name)
    {
        for (var at = index + 1; _tree is not null && at < _tree.At(index).End; at++)
        {
            if (_tree.At(at).Ns == ns && _tree.At(at).Name == name)
            {
                return new Element(_tree, at);
            }
        }

        return default;
    }

    /// <summary>The text right below.</summary>
    public string Text
    {
        get
        {
            if (_tree is null)
            {
                return "";
            }

            var end = _tree.At(index).End;
            var text = "";
            for (var at = index + 1; at < end; at = _tree.At(at).End)
            {
                ref readonly var node = ref _tree.At(at);
                text = node.Name.Length > 0 ? text : text.Length == 0 ? node.Text : text + node.Text;
            }

            return text;
        }
    }

    /// <summary>All text below, at any depth.</summary>
    public string AllText
    {
        get
        {
            var text = new System.Text.StringBuilder();
            for (var at = index + 1; _tree is not null && at < _tree.At(index).End; at++)
            {
                text.Append(_tree.At(at).Text);
            }

            return text.ToString();
        }
    }

    /// <summary>Goes over child elements.</summary>
    public struct Children(XmlTree? tree, int parent)
    {
        private readonly int _end = tree is null ? 0 : tree.At(parent).End;
        private int _next = parent + 1;
        private int _at;

        public readonly Element Current => new(tree!, _at);

        public readonly Children GetEnumerator() => this;

        public readonly Element[] ToArray()
        {
            var all = new List<Element>();
            foreach (var e in this)
            {
                all.Add(e);
            }

            return [.. all];
        }

        public bool MoveNext()
        {
            while (_next < _end)
            {
                _at = _next;
                ref readonly var node = ref tree!.At(_at);
                _next = node.End;
                if (node.Name.Length > 0)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
