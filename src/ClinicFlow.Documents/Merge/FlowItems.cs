using System.Xml.Linq;

namespace ClinicFlow.Documents.Merge;

/// <summary>What a thing in a flow is, for the fields around it.</summary>
internal enum FlowItemKind
{
    /// <summary>A run.</summary>
    Run,

    /// <summary>The end of a paragraph.</summary>
    ParagraphEnd,

    /// <summary>Something that is moved or removed as a whole: a table, a mark.</summary>
    Opaque,
}

/// <summary>A thing in a flow.</summary>
internal sealed record FlowItem(FlowItemKind Kind, XElement Element);

/// <summary>A flow as a list, in which a field is what stands between two places, however many paragraphs it runs over.</summary>
internal sealed class FlowItems
{
    private readonly WordNames _names;
    private readonly List<FlowItem> _items = [];

    // Paragraphs whose content has moved to the one before.
    private readonly Dictionary<XElement, XElement> _mergedInto = [];

    /// <summary>Reads a flow.</summary>
    public FlowItems(XElement flow, WordNames names)
    {
        _names = names;
        Read(flow);
    }

    /// <summary>How many there are.</summary>
    public int Count => _items.Count;

    /// <summary>One of them.</summary>
    public FlowItem this[int index] => _items[index];

    /// <summary>The begin, separator or end of a field that an item is; null where it is none.</summary>
    public XElement? FieldCharOf(int index) => _items[index].Kind == FlowItemKind.Run ? _items[index].Element.Element(_names.FldChar) : null;

    /// <summary>The first run between two places whose text is seen.</summary>
    public XElement? ShownRun(int from, int end)
    {
        for (var i = from; i < end; i++)
        {
            if (_items[i].Kind == FlowItemKind.Run && _items[i].Element.Element(_names.FldChar) is null && !string.IsNullOrWhiteSpace(_items[i].Element.Value))
            {
                return _items[i].Element;
            }
        }

        return null;
    }

    /// <summary>Removes what stands between two items, both included; paragraphs whose boundary goes become one.</summary>
    public void Drop(int from, int to)
    {
        for (var i = from; i <= to; i++)
        {
            if (_items[i].Kind != FlowItemKind.ParagraphEnd && _items[i].Element.Parent is not null)
            {
                _items[i].Element.Remove();
            }
        }

        for (var i = from; i <= to; i++)
        {
            if (_items[i].Kind == FlowItemKind.ParagraphEnd)
            {
                JoinWithNext(_items[i].Element);
            }
        }
    }

    private void Read(XElement parent)
    {
        foreach (var child in parent.Elements())
        {
            if (child.Name == _names.R)
            {
                _items.Add(new FlowItem(FlowItemKind.Run, child));
            }
            else if (child.Name == _names.P)
            {
                Read(child);
                _items.Add(new FlowItem(FlowItemKind.ParagraphEnd, child));
            }
            else if (Mark.Is(child))
            {
                _items.Add(new FlowItem(FlowItemKind.Opaque, child));
            }
            else if (child.Name == _names.Tbl)
            {
                // For a field around it a table is one thing; fields inside its cells are read for themselves.
                _items.Add(new FlowItem(FlowItemKind.Opaque, child));
                Read(child);
            }
            else if (child.Name != _names.Del && child.Name != _names.MoveFrom && child.Name != _names.PPr && child.Name != _names.TxbxContent)
            {
                Read(child);
            }
        }
    }

    private void JoinWithNext(XElement paragraph)
    {
        while (_mergedInto.TryGetValue(paragraph, out var into))
        {
            paragraph = into;
        }

        if (paragraph.Parent is null || paragraph.ElementsAfterSelf().FirstOrDefault() is not { } next || next.Name != _names.P
            || paragraph.Element(_names.PPr)?.Element(_names.SectPr) is not null)
        {
            return;
        }

        var moved = next.Nodes().Where(node => node is not XElement element || element.Name != _names.PPr).ToArray();
        foreach (var node in moved)
        {
            node.Remove();
        }

        paragraph.Add(moved);
        if (next.Element(_names.PPr)?.Element(_names.SectPr) is { } section)
        {
            if (paragraph.Element(_names.PPr) is not { } properties)
            {
                properties = new XElement(_names.PPr);
                paragraph.AddFirst(properties);
            }

            section.Remove();
            properties.Add(section);
        }

        next.Remove();
        _mergedInto[next] = paragraph;
    }
}
