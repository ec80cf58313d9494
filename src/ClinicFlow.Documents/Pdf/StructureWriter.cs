using ClinicFlow.Documents.Layout.Pages;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// The document's meaning as PDF has it: a tree of structure elements, and from each page's marked contents and links the way back to them
/// (ISO 32000-1, 14.7 and 14.8). One thread uses it at a time; <see cref="Begin"/> starts a new document.
/// </summary>
internal sealed class StructureWriter
{
    private readonly List<Content> _contents = [];
    private readonly List<int> _nodesOfMarks = [];  // the node of each marked content, page after page
    private readonly List<int> _marksBefore = [];   // how many marked contents come before each page
    private readonly List<int> _nodesOfLinks = [];
    private StructureTree _tree = null!;
    private int[] _firstContent = [];
    private int[] _lastContent = [];
    private int[] _numbers = [];
    private int[] _firstChild = [];
    private int[] _nextSibling = [];

    // A piece of a node's own content: a marked content of a page (Mark ≥ 0), or a link's annotation object.
    private readonly record struct Content(int Page, int Mark, int Annotation, int Next);

    /// <summary>Starts a document.</summary>
    public void Begin(StructureTree tree)
    {
        _tree = tree;
        _contents.Clear();
        _nodesOfMarks.Clear();
        _marksBefore.Clear();
        _nodesOfLinks.Clear();
        var count = tree.Nodes.Length;
        if (_numbers.Length < count)
        {
            Array.Resize(ref _firstContent, count);
            Array.Resize(ref _lastContent, count);
            Array.Resize(ref _numbers, count);
            Array.Resize(ref _firstChild, count);
            Array.Resize(ref _nextSibling, count);
        }

        _firstContent.AsSpan(0, count).Fill(-1);
        _lastContent.AsSpan(0, count).Fill(-1);
        _numbers.AsSpan(0, count).Clear();
        _firstChild.AsSpan(0, count).Fill(-1);
        _nextSibling.AsSpan(0, count).Fill(-1);
    }

    /// <summary>Whether there is such a node.</summary>
    public bool Has(int node) => (uint)node < (uint)_tree.Nodes.Length;

    public void BeginPage() => _marksBefore.Add(_nodesOfMarks.Count);

    /// <summary>A number, on the current page, for a marked content of a node.</summary>
    public int AddMark(int node)
    {
        var mark = _nodesOfMarks.Count - _marksBefore[^1];
        _nodesOfMarks.Add(node);
        Add(node, new(_marksBefore.Count - 1, mark, 0, -1));
        return mark;
    }

    /// <summary>A link of a node; the answer, counted after the pages, is its annotation's <c>/StructParent</c>.</summary>
    public int AddLink(int node, int annotation)
    {
        _nodesOfLinks.Add(node);
        Add(node, new(_marksBefore.Count - 1, -1, annotation, -1));
        return _nodesOfLinks.Count - 1;
    }

    /// <summary>Writes the tree.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="root">The number of the tree's root.</param>
    /// <param name="pageNumbers">Object numbers of the pages.</param>
    public void Write(ObjectFile file, int root, IReadOnlyList<int> pageNumbers)
    {
        Number(file);
        var isTextFree = IsTextFree();
        if (isTextFree)
        {
            file.BeginGroup();
        }

        for (var node = 0; node < _tree.Nodes.Length; node++)
        {
            if (_numbers[node] != 0)
            {
                WriteElement(file.Pack(_numbers[node]), node, root, pageNumbers);
            }
        }

        var parents = file.Allocate();
        file.Pack(root).Write("<</Type/StructTreeRoot/K"u8).Reference(_numbers[0]).Write("/ParentTree"u8).Reference(parents)
            .Write("/ParentTreeNextKey "u8).Write(_marksBefore.Count + _nodesOfLinks.Count).Write(">>"u8);
        WriteParents(file.Pack(parents));
        if (isTextFree)
        {
            file.EndGroup();
        }
    }

    // Nothing but kinds and numbers: no words of anyone.
    private bool IsTextFree()
    {
        foreach (ref readonly var node in _tree.Nodes.AsSpan())
        {
            if (node.AlternativeText is { Length: > 0 } || node.Language is { Length: > 0 })
            {
                return false;
            }
        }

        return true;
    }

    private void Add(int node, Content content)
    {
        if (_lastContent[node] < 0)
        {
            _firstContent[node] = _contents.Count;
        }
        else
        {
            _contents[_lastContent[node]] = _contents[_lastContent[node]] with { Next = _contents.Count };
        }

        _lastContent[node] = _contents.Count;
        _contents.Add(content);
    }

    // Gives numbers to what is kept: not to empty paragraphs and the like. From the end, so that children come before their parents.
    private void Number(ObjectFile file)
    {
        var nodes = _tree.Nodes.AsSpan();
        for (var node = nodes.Length - 1; node >= 0; node--)
        {
            var mayBeEmpty = nodes[node].Role is StructureRole.Document or StructureRole.Table or StructureRole.TableRow or StructureRole.TableCell or StructureRole.TableHeaderCell or StructureRole.TableRowHeaderCell;
            if (_firstContent[node] < 0 && _firstChild[node] < 0 && !mayBeEmpty)
            {
                continue;
            }

            _numbers[node] = file.Allocate();
            if (nodes[node].Parent is >= 0 and var parent)
            {
                _nextSibling[node] = _firstChild[parent];
                _firstChild[parent] = node;
            }
        }
    }

    private void WriteElement(PdfBuffer output, int id, int root, IReadOnlyList<int> pageNumbers)
    {
        ref readonly var node = ref _tree.Nodes.AsSpan()[id];
        output.Write("<</S"u8).Write(NameOf(node.Role)).Write("/P"u8).Reference(node.Parent < 0 ? root : _numbers[node.Parent]);
        if (node.AlternativeText is { Length: > 0 } alternative)
        {
            output.Write("/Alt"u8).Text(alternative);
        }

        if (node.Language is { Length: > 0 } language)
        {
            output.Write("/Lang"u8).Text(language);
        }

        WriteAttributes(output, node);
        var page = _firstContent[id] >= 0 ? _contents[_firstContent[id]].Page : -1;
        if (page >= 0)
        {
            output.Write("/Pg"u8).Reference(pageNumbers[page]);
        }

        output.Write("/K["u8);
        for (var at = _firstContent[id]; at >= 0; at = _contents[at].Next)
        {
            var content = _contents[at];
            if (content.Mark < 0)
            {
                output.Write("<</Type/OBJR/Obj"u8).Reference(content.Annotation).Write("/Pg"u8).Reference(pageNumbers[content.Page]).Write(">>"u8);
            }
            else if (content.Page == page)
            {
                output.WriteByte((byte)' ').Write(content.Mark);
            }
            else
            {
                output.Write("<</Type/MCR/Pg"u8).Reference(pageNumbers[content.Page]).Write("/MCID "u8).Write(content.Mark).Write(">>"u8);
            }
        }

        for (var child = _firstChild[id]; child >= 0; child = _nextSibling[child])
        {
            output.Reference(_numbers[child]);
        }

        output.Write("]>>"u8);
    }

    private static void WriteAttributes(PdfBuffer output, in StructureNode node)
    {
        var isHeader = node.Role is StructureRole.TableHeaderCell or StructureRole.TableRowHeaderCell;
        if (isHeader || node.ColumnSpan > 1 || node.RowSpan > 1)
        {
            output.Write("/A<</O/Table"u8);
            if (isHeader)
            {
                output.Write(node.Role == StructureRole.TableHeaderCell ? "/Scope/Column"u8 : "/Scope/Row"u8);
            }

            if (node.ColumnSpan > 1)
            {
                output.Write("/ColSpan "u8).Write(node.ColumnSpan);
            }

            if (node.RowSpan > 1)
            {
                output.Write("/RowSpan "u8).Write(node.RowSpan);
            }

            output.Write(">>"u8);
        }
    }

    private void WriteParents(PdfBuffer output)
    {
        output.Write("<</Nums["u8);
        for (var page = 0; page < _marksBefore.Count; page++)
        {
            var end = page + 1 < _marksBefore.Count ? _marksBefore[page + 1] : _nodesOfMarks.Count;
            output.Write(page).WriteByte((byte)'[');
            for (var mark = _marksBefore[page]; mark < end; mark++)
            {
                output.Reference(_numbers[_nodesOfMarks[mark]]);
            }

            output.WriteByte((byte)']');
        }

        for (var link = 0; link < _nodesOfLinks.Count; link++)
        {
            output.WriteByte((byte)' ').Write(_marksBefore.Count + link).Reference(_numbers[_nodesOfLinks[link]]);
        }

        output.Write("]>>"u8);
    }

    private static ReadOnlySpan<byte> NameOf(StructureRole role) => role switch
    {
        StructureRole.Document => "/Document"u8,
        StructureRole.Heading1 => "/H1"u8,
        StructureRole.Heading2 => "/H2"u8,
        StructureRole.Heading3 => "/H3"u8,
        StructureRole.Heading4 => "/H4"u8,
        StructureRole.Heading5 => "/H5"u8,
        StructureRole.Heading6 => "/H6"u8,
        StructureRole.List => "/L"u8,
        StructureRole.ListItem => "/LI"u8,
        StructureRole.ListLabel => "/Lbl"u8,
        StructureRole.ListBody => "/LBody"u8,
        StructureRole.Table => "/Table"u8,
        StructureRole.TableRow => "/TR"u8,
        StructureRole.TableHeaderCell or StructureRole.TableRowHeaderCell => "/TH"u8,
        StructureRole.TableCell => "/TD"u8,
        StructureRole.Figure => "/Figure"u8,
        StructureRole.Formula => "/Formula"u8,
        StructureRole.Link => "/Link"u8,
        StructureRole.Note => "/Note"u8,
        StructureRole.Span => "/Span"u8,
        _ => "/P"u8,
    };
}
