using System.Buffers;
using System.Text;

namespace ClinicFlow.Documents.Content;

/// <summary>
/// The children of a <c>w:rPr</c> or <c>w:pPr</c>, so that some can be replaced and the rest kept byte for byte, in the
/// order that the schema asks for (ECMA-376 Part 1 §17.3.1.26, §17.3.2.28). Children of other namespaces stay last.
/// </summary>
internal sealed class PropertyList
{
    // The order of EG_RPrBase, and that of CT_PPr.
    private static readonly string[] RunOrder =
    [
        "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow", "emboss",
        "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing", "w", "kern", "position", "sz", "szCs",
        "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout",
        "specVanish", "oMath",
    ];

    private static readonly string[] ParagraphOrder =
    [
        "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers", "pBdr",
        "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE",
        "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents",
        "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle",
        "rPr", "sectPr", "pPrChange",
    ];

    private static readonly SearchValues<byte> EndOfName = SearchValues.Create(" \t\r\n/>"u8);

    private readonly string _element;
    private readonly string[] _order;
    private readonly List<(string Name, byte[] Xml)> _children;

    private PropertyList(string element, string[] order, List<(string, byte[])> children)
        => (_element, _order, _children) = (element, order, children);

    /// <summary>Reads run properties: a whole <c>w:rPr</c>, or nothing. Recorded changes of format are left out.</summary>
    public static PropertyList OfRun(ReadOnlySpan<byte> xml) => new("rPr", RunOrder, Dropping(Read(xml), "rPrChange"));

    /// <summary>Reads paragraph properties: a whole <c>w:pPr</c>, or nothing. Recorded changes of format are left out.</summary>
    public static PropertyList OfParagraph(ReadOnlySpan<byte> xml) => new("pPr", ParagraphOrder, Dropping(Read(xml), "pPrChange"));

    /// <summary>The XML of a child, or null.</summary>
    public byte[]? this[string name]
    {
        get
        {
            var index = _children.FindIndex(child => child.Name == "w:" + name);
            return index < 0 ? null : _children[index].Xml;
        }
    }

    /// <summary>The same list without some children.</summary>
    public PropertyList Without(params ReadOnlySpan<string> names)
    {
        var children = new List<(string Name, byte[] Xml)>(_children);
        foreach (var name in names)
        {
            children = Dropping(children, name);
        }

        return new(_element, _order, children);
    }

    /// <summary>The same list with a child added, or put in place of the one of its name.</summary>
    public PropertyList With(string name, string xml) => With(name, Encoding.UTF8.GetBytes(xml));

    /// <inheritdoc cref="With(string, string)"/>
    public PropertyList With(string name, byte[] xml)
    {
        var children = Dropping(_children, name);
        var place = Array.IndexOf(_order, name);
        var at = children.FindIndex(child => Rank(child.Name) > place);
        children.Insert(at < 0 ? children.Count : at, ("w:" + name, xml));
        return new(_element, _order, children);

        int Rank(string child)
        {
            var index = child.StartsWith("w:", StringComparison.Ordinal) ? Array.IndexOf(_order, child[2..]) : -1;
            return index < 0 ? int.MaxValue : index;
        }
    }

    /// <summary>The element, or nothing where it would be empty.</summary>
    public byte[] ToBytes()
    {
        if (_children.Count == 0)
        {
            return [];
        }

        var output = new ArrayBufferWriter<byte>();
        output.Write(Encoding.UTF8.GetBytes($"<w:{_element}>"));
        foreach (var (_, xml) in _children)
        {
            output.Write(xml);
        }

        output.Write(Encoding.UTF8.GetBytes($"</w:{_element}>"));
        return output.WrittenSpan.ToArray();
    }

    private static List<(string Name, byte[] Xml)> Dropping(List<(string Name, byte[] Xml)> children, string name)
        => children.FindAll(child => child.Name != "w:" + name);

    /// <summary>Cuts an element into its children. What is not a well-formed element has none.</summary>
    private static List<(string Name, byte[] Xml)> Read(ReadOnlySpan<byte> xml)
    {
        List<(string, byte[])> children = [];
        var depth = 0;
        var start = 0;
        var name = "";
        for (var at = 0; at < xml.Length;)
        {
            var open = xml[at..].IndexOf((byte)'<');
            if (open < 0)
            {
                break;
            }

            at += open;
            var end = EndOfTag(xml, at);
            if (end < 0)
            {
                return [];
            }

            var isEnd = xml[at + 1] == '/';
            var isEmpty = xml[end - 1] == '/';
            if (!isEnd)
            {
                if (depth == 1)
                {
                    start = at;
                    var nameLength = xml[(at + 1)..].IndexOfAny(EndOfName);
                    name = Encoding.UTF8.GetString(xml.Slice(at + 1, nameLength));
                }

                depth++;
            }

            if (isEnd || isEmpty)
            {
                depth--;
                if (depth == 1)
                {
                    children.Add((name, xml[start..(end + 1)].ToArray()));
                }
            }

            at = end + 1;
        }

        return depth == 0 ? children : [];
    }

    /// <summary>The index of a tag's <c>&gt;</c>, which may not stand in an attribute's quotes; -1 where there is none.</summary>
    private static int EndOfTag(ReadOnlySpan<byte> xml, int at)
    {
        byte quote = 0;
        for (var i = at + 1; i < xml.Length; i++)
        {
            if (quote != 0)
            {
                quote = xml[i] == quote ? (byte)0 : quote;
            }
            else if (xml[i] is (byte)'"' or (byte)'\'')
            {
                quote = xml[i];
            }
            else if (xml[i] == '>')
            {
                return i;
            }
        }

        return -1;
    }
}
