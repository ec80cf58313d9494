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
    private readonly List<LinkArea> _links = [];

    public bool IsEmpty => _items.Count == 0 && _links.Count == 0;

    /// <summary>Number of UTF-16 units of text so far: where the next run's text starts.</summary>
    public int TextLength => _text.Length;

    public int GlyphCount => _glyphs.Count;

    /// <summary>Adds a run whose glyphs and text come right behind those added before; ranges are filled in here.</summary>
    public void AddRun(in GlyphRun run, ReadOnlySpan<LaidGlyph> glyphs, ReadOnlySpan<char> text, int structure)
    {
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

    public void Add(LinkArea link) => _links.Add(link);

    /// <summary>The fragment, and this builder empty again.</summary>
    public Fragment Build(bool isShared = false)
    {
        if (IsEmpty)
        {
            return Fragment.Empty;
        }

        var fragment = new Fragment
        {
            Items = [.. _items],
            Runs = [.. _runs],
            Glyphs = [.. _glyphs],
            Text = _text.ToString(),
            Fills = [.. _fills],
            Strokes = [.. _strokes],
            Shapes = [.. _shapes],
            Pictures = [.. _pictures],
            Links = [.. _links],
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
        _links.Clear();
        return fragment;
    }
}
