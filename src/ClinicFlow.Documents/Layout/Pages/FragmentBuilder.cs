using System.Runtime.InteropServices;
using System.Text;

namespace ClinicFlow.Documents.Layout.Pages;

/// <summary>Gathers the marks of one fragment in painting order. Used again after <see cref="Build"/>, it starts from nothing.</summary>
internal sealed class FragmentBuilder
{
    private readonly List<PageItem> _items = [];
    private readonly List<GlyphRun> _runs = [];
    private readonly List<LaidGlyph> _glyphs = [];
    private readonly StringBuilder _text = new();
    private readonly List<Fill> _fills = [];
    private readonly List<Stroke> _strokes = [];
    private readonly List<Shape> _shapes = [];
    private readonly List<Picture> _pictures = [];
    private readonly List<GraphicsGroup> _groups = [];
    private readonly List<LinkArea> _links = [];
    private readonly List<GlyphLook> _looks = [];
    private LaidGlyph[]? _shared;
    private string _sharedText = "";
    private bool _isCopied;

    public bool IsEmpty => _items.Count == 0 && _links.Count == 0;

    /// <summary>
    /// Starts a fragment over glyphs and text that are there already and never change: runs of them are added without copying. To be called before anything is added.
    /// </summary>
    public void Share(LaidGlyph[] glyphs, string text) => (_shared, _sharedText, _isCopied) = (glyphs, text, false);

    /// <summary>Whether runs of the shared glyphs may be added.</summary>
    public bool IsSharing => _shared is not null;

    /// <summary>What <see cref="GlyphRun.Look"/> is for runs that are drawn so; 0 where there are too many in one fragment.</summary>
    public byte LookOf(in GlyphLook look)
    {
        var at = _looks.IndexOf(look);
        if (at < 0 && _looks.Count < byte.MaxValue)
        {
            at = _looks.Count;
            _looks.Add(look);
        }

        return (byte)(at + 1);
    }

    /// <summary>Adds a run of the shared glyphs; its ranges are set.</summary>
    public void AddSharedRun(in GlyphRun run, int structure)
    {
        _items.Add(new(PageItemKind.GlyphRun, _runs.Count, structure));
        _runs.Add(run);
    }

    /// <summary>Adds a run whose glyphs and text come right behind those added before; ranges are filled in here.</summary>
    public void AddRun(in GlyphRun run, ReadOnlySpan<LaidGlyph> glyphs, ReadOnlySpan<char> text, int structure)
    {
        LeaveShared();
        var glyphStart = _glyphs.Count;
        var textStart = _text.Length;
        _text.Append(text);
        CollectionsMarshal.SetCount(_glyphs, glyphStart + glyphs.Length);
        var into = CollectionsMarshal.AsSpan(_glyphs)[glyphStart..];
        for (var i = 0; i < glyphs.Length; i++)
        {
            into[i] = glyphs[i] with { Cluster = glyphs[i].Cluster + textStart };
        }

        _items.Add(new(PageItemKind.GlyphRun, _runs.Count, structure));
        _runs.Add(run with { GlyphStart = glyphStart, GlyphCount = glyphs.Length, TextStart = textStart, TextLength = text.Length });
    }

    /// <summary>Adds a natural run whose text comes right behind that added before. Its range is filled in here; where its spaces are stretched, the places are counted from the text's beginning.</summary>
    public void AddNaturalRun(in GlyphRun run, ReadOnlySpan<char> text, int structure)
    {
        LeaveShared();
        var textStart = _text.Length;
        _text.Append(text);
        _items.Add(new(PageItemKind.GlyphRun, _runs.Count, structure));
        _runs.Add(run with { TextStart = textStart, TextLength = text.Length, StretchFrom = run.StretchFrom + textStart, StretchTo = run.StretchTo + textStart });
    }

    // Glyphs and text of its own come behind the shared ones, whose ranges stay as they are.
    private void LeaveShared()
    {
        if (_shared is not null && !_isCopied)
        {
            _glyphs.AddRange(_shared.AsSpan());
            _text.Append(_sharedText);
            _isCopied = true;
        }
    }

    public void Add(in Fill fill, int structure = PageItem.Artifact)
    {
        if (fill.Width <= 0 || fill.Height <= 0)
        {
            return;
        }

        _items.Add(new(PageItemKind.Fill, _fills.Count, structure));
        _fills.Add(fill);
    }

    public void Add(in Stroke stroke, int structure = PageItem.Artifact)
    {
        _items.Add(new(PageItemKind.Stroke, _strokes.Count, structure));
        _strokes.Add(stroke);
    }

    public void Add(Shape shape, int structure = PageItem.Artifact)
    {
        _items.Add(new(PageItemKind.Shape, _shapes.Count, structure));
        _shapes.Add(shape);
    }

    public void Add(Picture picture, int structure)
    {
        _items.Add(new(PageItemKind.Picture, _pictures.Count, structure));
        _pictures.Add(picture);
    }

    /// <summary>What is added from now to <see cref="EndGroup"/> is turned and cut; all of it has this structure.</summary>
    public void BeginGroup(GraphicsGroup group, int structure)
    {
        _items.Add(new(PageItemKind.BeginGroup, _groups.Count, structure));
        _groups.Add(group);
    }

    public void EndGroup(int structure) => _items.Add(new(PageItemKind.EndGroup, 0, structure));

    public void Add(LinkArea link) => _links.Add(link);

    /// <summary>The fragment, and this builder empty again.</summary>
    public Fragment Build(bool isShared = false)
    {
        var (shared, sharedText) = _isCopied ? (null, "") : (_shared, _sharedText);
        (_shared, _sharedText, _isCopied) = (null, "", false);
        if (IsEmpty)
        {
            return Fragment.Empty;
        }

        var fragment = new Fragment
        {
            Items = [.. _items],
            Runs = [.. _runs],
            Glyphs = shared is null ? [.. _glyphs] : ImmutableCollectionsMarshal.AsImmutableArray(shared),
            Text = shared is null ? _text.ToString() : sharedText,
            Fills = [.. _fills],
            Strokes = [.. _strokes],
            Shapes = [.. _shapes],
            Pictures = [.. _pictures],
            Groups = [.. _groups],
            Links = [.. _links],
            Looks = [.. _looks],
            IsShared = isShared,
        };
        _items.Clear();
        _runs.Clear();
        _glyphs.Clear();
        _text.Clear();
        _fills.Clear();
        _strokes.Clear();
        _shapes.Clear();
        _pictures.Clear();
        _groups.Clear();
        _links.Clear();
        _looks.Clear();
        return fragment;
    }
}
