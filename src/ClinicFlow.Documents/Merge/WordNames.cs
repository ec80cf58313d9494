using System.Xml.Linq;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// The names of WordprocessingML in one namespace. Word writes the transitional one; "Strict Open XML" documents
/// use another for the same elements (ECMA-376 Part 4 against Part 1), so the names belong to the document.
/// </summary>
internal sealed class WordNames
{
    private const string Transitional = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    private const string Strict = "http://purl.oclc.org/ooxml/wordprocessingml/main";

    private WordNames(XNamespace w, XNamespace r)
    {
        W = w;
        Relationships = r;
        Embed = r + "embed";
        Id = w + "id";
        Name = w + "name";
        Val = w + "val";
        Type = w + "type";
        Body = w + "body";
        P = w + "p";
        PPr = w + "pPr";
        R = w + "r";
        RPr = w + "rPr";
        T = w + "t";
        Tab = w + "tab";
        Br = w + "br";
        Cr = w + "cr";
        NoBreakHyphen = w + "noBreakHyphen";
        SoftHyphen = w + "softHyphen";
        LastRenderedPageBreak = w + "lastRenderedPageBreak";
        ProofErr = w + "proofErr";
        BookmarkStart = w + "bookmarkStart";
        BookmarkEnd = w + "bookmarkEnd";
        PermStart = w + "permStart";
        PermEnd = w + "permEnd";
        CommentRangeStart = w + "commentRangeStart";
        CommentRangeEnd = w + "commentRangeEnd";
        CommentReference = w + "commentReference";
        Hyperlink = w + "hyperlink";
        Ins = w + "ins";
        Del = w + "del";
        MoveFrom = w + "moveFrom";
        MoveTo = w + "moveTo";
        SmartTag = w + "smartTag";
        FldChar = w + "fldChar";
        FldCharType = w + "fldCharType";
        FldSimple = w + "fldSimple";
        FfData = w + "ffData";
        Instr = w + "instr";
        InstrText = w + "instrText";
        DelInstrText = w + "delInstrText";
        Tbl = w + "tbl";
        TblGrid = w + "tblGrid";
        GridCol = w + "gridCol";
        Tr = w + "tr";
        Tc = w + "tc";
        TcPr = w + "tcPr";
        Sdt = w + "sdt";
        SdtPr = w + "sdtPr";
        SdtContent = w + "sdtContent";
        SectPr = w + "sectPr";
        TxbxContent = w + "txbxContent";
        Drawing = w + "drawing";
        Pict = w + "pict";
        Lang = w + "lang";
        Footnote = w + "footnote";
        Endnote = w + "endnote";
        FootnoteReference = w + "footnoteReference";
        EndnoteReference = w + "endnoteReference";
    }

    public static WordNames OfTransitional { get; } = new(Transitional, "http://schemas.openxmlformats.org/officeDocument/2006/relationships");

    public static WordNames OfStrict { get; } = new(Strict, "http://purl.oclc.org/ooxml/officeDocument/relationships");

    public static XNamespace Xml => XNamespace.Xml;

    public static XName Space { get; } = XNamespace.Xml + "space";

    public static XNamespace W14 { get; } = "http://schemas.microsoft.com/office/word/2010/wordml";

    public static XNamespace W15 { get; } = "http://schemas.microsoft.com/office/word/2012/wordml";

    public static XNamespace Mc { get; } = "http://schemas.openxmlformats.org/markup-compatibility/2006";

    public XNamespace W { get; }

    public XNamespace Relationships { get; }

    public XName Embed { get; }

    public XName Id { get; }

    public XName Name { get; }

    public XName Val { get; }

    public XName Type { get; }

    public XName Body { get; }

    public XName P { get; }

    public XName PPr { get; }

    public XName R { get; }

    public XName RPr { get; }

    public XName T { get; }

    public XName Tab { get; }

    public XName Br { get; }

    public XName Cr { get; }

    public XName NoBreakHyphen { get; }

    public XName SoftHyphen { get; }

    public XName LastRenderedPageBreak { get; }

    public XName ProofErr { get; }

    public XName BookmarkStart { get; }

    public XName BookmarkEnd { get; }

    public XName PermStart { get; }

    public XName PermEnd { get; }

    public XName CommentRangeStart { get; }

    public XName CommentRangeEnd { get; }

    public XName CommentReference { get; }

    public XName Hyperlink { get; }

    public XName Ins { get; }

    public XName Del { get; }

    public XName MoveFrom { get; }

    public XName MoveTo { get; }

    public XName SmartTag { get; }

    public XName FldChar { get; }

    public XName FldCharType { get; }

    public XName FldSimple { get; }

    public XName FfData { get; }

    public XName Instr { get; }

    public XName InstrText { get; }

    public XName DelInstrText { get; }

    public XName Tbl { get; }

    public XName TblGrid { get; }

    public XName GridCol { get; }

    public XName Tr { get; }

    public XName Tc { get; }

    public XName TcPr { get; }

    public XName Sdt { get; }

    public XName SdtPr { get; }

    public XName SdtContent { get; }

    public XName SectPr { get; }

    public XName TxbxContent { get; }

    public XName Drawing { get; }

    public XName Pict { get; }

    public XName Lang { get; }

    public XName Footnote { get; }

    public XName Endnote { get; }

    public XName FootnoteReference { get; }

    public XName EndnoteReference { get; }

    /// <summary>The names of the namespace that a part's root element is in; null where it is not WordprocessingML.</summary>
    public static WordNames? Of(XElement root) => root.Name.NamespaceName switch
    {
        Transitional => OfTransitional,
        Strict => OfStrict,
        _ => null,
    };

    /// <summary>Whether an element is nothing to a reader: marks of the proofing tools, bookmarks, ranges.</summary>
    public bool IsInvisible(XName name) => name == ProofErr || name == BookmarkStart || name == BookmarkEnd
        || name == PermStart || name == PermEnd || name == CommentRangeStart || name == CommentRangeEnd
        || name == LastRenderedPageBreak || name == PPr || name == RPr;
}
