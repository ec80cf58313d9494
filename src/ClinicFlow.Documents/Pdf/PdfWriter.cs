using System.Buffers;
using System.Globalization;
using System.Text;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Pdf.Compression;

namespace ClinicFlow.Documents.Pdf;

/// <summary>How a file is to be written.</summary>
internal sealed record PdfOptions
{
    public static readonly PdfOptions Default = new();

    /// <summary>When the document was made; null: the file does not say, and is the same whenever it is written.</summary>
    public DateTimeOffset? Created { get; init; }
}

/// <summary>
/// Writes a laid document as PDF 1.7 that is also PDF/A-2b and tagged. The same document gives the same bytes.
/// <list type="number">
/// <item>Each page: its fragments' contents, of which shared ones are ready made, get their places and the numbers of their marked contents.</item>
/// <item>Fonts: subsets for the glyphs that all pages used. Pictures.</item>
/// <item>Structure tree, links, outline, metadata.</item>
/// <item>Cross-references (<see cref="ObjectFile"/>).</item>
/// </list>
/// One thread uses a writer at a time; what writers share is in the <see cref="PdfCache"/>.
/// </summary>
internal sealed class PdfWriter
{
    private readonly PdfCache _cache;
    private readonly ObjectFile _file = new();
    private readonly StructureWriter _structure = new();
    private readonly ContentWriter _contents;
    private readonly FragmentContent _own;           // of a fragment that only this document has
    private readonly GlyphUse _glyphs;
    private readonly PdfBuffer _output = new(64 * 1024);
    private readonly PdfBuffer _page = new(16 * 1024);
    private readonly PdfBuffer _scratch = new(1024);
    private readonly PdfBuffer _annotations = new(256);
    private readonly List<int> _pageNumbers = [];
    private readonly List<PdfPicture> _pictures = [];
    private readonly HashSet<string> _pictureNames = [];
    private readonly SortedDictionary<string, PdfShading> _shadings = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, PdfPattern> _patterns = new(StringComparer.Ordinal);
    private (DocumentFacts Facts, PdfOptions Options, byte[] Bytes)? _xmp; // of the last document
    private int _letters; // of the page: those of a byte each
    private int _cids;    // glyphs of two bytes each
    private UInt128 _opacitiesLow;
    private UInt128 _opacitiesHigh;

    /// <summary>Makes a writer.</summary>
    public PdfWriter(PdfCache cache)
    {
        _cache = cache;
        _contents = new(cache);
        _own = new(cache);
        _glyphs = new(cache);
    }

    /// <summary>Writes a document; exceptions as of the other overload.</summary>
    /// <param name="document">The document; at least one page.</param>
    /// <param name="options">How.</param>
    /// <param name="streams">For streams that come again in documents of one template; null for none.</param>
    /// <returns>The file.</returns>
    public byte[] Write(LaidDocument document, PdfOptions options, StreamCache? streams = null)
    {
        _output.Clear();
        Write(document, options, _output, streams);
        var pdf = GC.AllocateUninitializedArray<byte>(_output.Length);
        _output.Written.CopyTo(pdf);
        _output.Shrink(1 << 20);
        return pdf;
    }

    /// <summary>Writes a document.</summary>
    /// <param name="document">The document; at least one page.</param>
    /// <param name="options">How.</param>
    /// <param name="streams">For streams that come again in documents of one template; null for none.</param>
    /// <param name="output">Where to; gets the whole file. What was written is of no use where an exception is thrown.</param>
    /// <exception cref="PictureUnusableException">A picture is damaged or of a kind that cannot be drawn.</exception>
    /// <exception cref="FontUnusableException">A font is damaged.</exception>
    public void Write(LaidDocument document, PdfOptions options, IBufferWriter<byte> output, StreamCache? streams = null)
    {
        _file.Begin(output, streams);
        _structure.Begin(document.Structure);
        _glyphs.Clear();
        _pictures.Clear();
        _pictureNames.Clear();
        _shadings.Clear();
        _patterns.Clear();
        (_opacitiesLow, _opacitiesHigh) = (0, 0);
        var (catalog, pages, info, resources, root) = (_file.Allocate(), _file.Allocate(), _file.Allocate(), _file.Allocate(), _file.Allocate());
        _pageNumbers.Clear();
        for (var i = 0; i < document.Pages.Count; i++)
        {
            _pageNumbers.Add(_file.Allocate());
        }

        // 1.
        for (var i = 0; i < document.Pages.Count; i++)
        {
            WritePage(document, i, pages, resources);
        }

        var pageList = _file.Pack(pages).Write("<</Type/Pages/Count "u8).Write(document.Pages.Count).Write("/Kids["u8);
        foreach (var number in _pageNumbers)
        {
            pageList.Reference(number);
        }

        pageList.Write("]>>"u8);

        // 2.
        WriteResources(resources);

        // 3.
        _structure.Write(_file, root, _pageNumbers);
        var outline = document.Outline.Count > 0 ? OutlineWriter.Write(_file, document, _pageNumbers) : 0;
        WriteCatalog(document, options, catalog, pages, root, outline);
        Metadata.WriteInfo(_file.Pack(info), document.Facts, options);

        // 4.
        _file.End(catalog, info);
    }

    private void WritePage(LaidDocument document, int index, int pages, int resources)
    {
        var page = document.Pages[index];
        _structure.BeginPage();
        _page.Clear();
        _annotations.Clear();
        var isOfTemplate = true;
        (_letters, _cids) = (0, 0);
        foreach (var placement in page.Placements)
        {
            isOfTemplate &= placement.Fragment.IsShared;
            Place(placement, page.Height);
            foreach (var link in placement.Fragment.Links)
            {
                WriteLink(document, link, placement, page.Height);
            }
        }

        var content = _file.Allocate();

        // Numbers of glyphs are not letters: they want codes of their own.
        var codes = _cids * 8 > _page.Length ? null : _letters > _page.Length * 2 / 5 ? PageCodes.Prose : PageCodes.Marks;
        _file.PutDeflated(content, default, _page.Written, comesAgain: isOfTemplate, codes);
        var output = _file.Pack(_pageNumbers[index]).Write("<</Type/Page/Parent"u8).Reference(pages).Write("/MediaBox[0 0 "u8).Write(page.Width).WriteByte((byte)' ').Write(page.Height)
            .Write("]/Resources"u8).Reference(resources).Write("/Contents"u8).Reference(content).Write("/StructParents "u8).Write(index);
        if (_annotations.Length > 0)
        {
            output.Write("/Tabs/S/Annots["u8).Write(_annotations.Written).Write("]"u8);
        }

        if ((_opacitiesLow | _opacitiesHigh) != 0 || _pictures.Exists(p => p.Alpha is not null))
        {
            // Colours that shine through each other mix in the colour space of the page.
            output.Write("/Group<</S/Transparency/CS/DeviceRGB>>"u8);
        }

        output.Write(">>"u8);
    }

    private void Place(in Placement placement, double pageHeight)
    {
        var content = ContentOf(placement.Fragment);
        var bytes = content.Bytes.Written;
        if (bytes.IsEmpty)
        {
            return;
        }

        _page.Write("q "u8);
        if (placement.Clip is { Box: var clip })
        {
            Numbers(clip.Left, pageHeight - clip.Bottom, clip.Width, clip.Height);
            _page.Write("re W n "u8);
        }

        if (placement.Transform is { } m)
        {
            // y grows up here: what turns, turns the other way.
            Numbers(m.A, -m.B, -m.C, m.D, m.E + placement.X, pageHeight - m.F - placement.Y);
        }
        else
        {
            Numbers(1, 0, 0, 1, placement.X, pageHeight - placement.Y);
        }

        _page.Write("cm\n"u8);
        _letters += content.Letters;
        _cids += content.Cids;
        var at = 0;
        foreach (var (offset, local) in content.Marks)
        {
            var node = placement.StructureBase + local;
            _page.Write(bytes[at..offset]).Write(_structure.AddMark(_structure.Has(node) ? node : 0));
            at = offset;
        }

        _page.Write(bytes[at..]).Write("Q\n"u8);
        _glyphs.Add(content.Glyphs);
        _opacitiesLow |= content.OpacitiesLow;
        _opacitiesHigh |= content.OpacitiesHigh;
        foreach (var picture in content.Pictures)
        {
            if (_pictureNames.Add(Encoding.ASCII.GetString(picture.ResourceName)))
            {
                _pictures.Add(picture);
            }
        }

        foreach (var pattern in content.Patterns)
        {
            _patterns.TryAdd(Encoding.ASCII.GetString(pattern.ResourceName), pattern);
        }

        foreach (var shading in content.Shadings)
        {
            _shadings.TryAdd(Encoding.ASCII.GetString(shading.ResourceName), shading);
        }
    }

    private FragmentContent ContentOf(Fragment fragment)
    {
        if (!fragment.IsShared)
        {
            _own.Clear();
            _contents.Write(fragment, _own);
            return _own;
        }

        if (_cache.TryGet(fragment, out var known))
        {
            return known!;
        }

        var made = new FragmentContent(_cache);
        _contents.Write(fragment, made);
        return _cache.Keep(fragment, made);
    }

    private void WriteLink(LaidDocument document, LinkArea link, in Placement placement, double pageHeight)
    {
        var target = link.Destination is { } name ? FindDestination(document, name) : null;
        if (link.Uri is null && target is null)
        {
            return;
        }

        var number = _file.Allocate();
        var node = placement.StructureBase + link.Structure;
        var parent = link.Structure >= 0 && _structure.Has(node) ? _structure.AddLink(node, number) + document.Pages.Count : -1;
        var area = AreaOnPage(link.Area, placement);
        var output = _file.Pack(number).Write("<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect["u8)
            .Write(area.Left).WriteByte((byte)' ').Write(pageHeight - area.Bottom).WriteByte((byte)' ').Write(area.Right).WriteByte((byte)' ').Write(pageHeight - area.Top).Write("]"u8);
        if (parent >= 0)
        {
            output.Write("/StructParent "u8).Write(parent);
        }

        if (link.Uri is { } uri)
        {
            output.Write("/Contents"u8).Text(uri).Write("/A<</S/URI/URI"u8).Text(EscapeUri(uri)).Write(">>>>"u8);
        }
        else
        {
            output.Write("/Contents"u8).Text(link.Destination).Write("/Dest["u8).Reference(_pageNumbers[target!.Page]).Write("/XYZ "u8)
                .Write(target.X).WriteByte((byte)' ').Write(document.Pages[target.Page].Height - target.Y).Write(" 0]>>"u8);
        }

        _annotations.Reference(number);
    }

    private static Destination? FindDestination(LaidDocument document, string name)
    {
        foreach (var destination in document.Destinations)
        {
            if (string.Equals(destination.Name, name, StringComparison.Ordinal))
            {
                return (uint)destination.Page < (uint)document.Pages.Count ? destination : null;
            }
        }

        return null;
    }

    // A turned area becomes the upright one around it.
    private static Box AreaOnPage(Box area, in Placement placement)
    {
        if (placement.Transform is not { } m)
        {
            return new(area.Left + placement.X, area.Top + placement.Y, area.Width, area.Height);
        }

        Span<double> xs = stackalloc double[4];
        Span<double> ys = stackalloc double[4];
        for (var corner = 0; corner < 4; corner++)
        {
            var (x, y) = ((corner & 1) == 0 ? area.Left : area.Right, (corner & 2) == 0 ? area.Top : area.Bottom);
            xs[corner] = (m.A * x) + (m.C * y) + m.E + placement.X;
            ys[corner] = (m.B * x) + (m.D * y) + m.F + placement.Y;
        }

        var (left, right, top, bottom) = (xs[0], xs[0], ys[0], ys[0]);
        for (var i = 1; i < 4; i++)
        {
            (left, right, top, bottom) = (Math.Min(left, xs[i]), Math.Max(right, xs[i]), Math.Min(top, ys[i]), Math.Max(bottom, ys[i]));
        }

        return new(left, top, right - left, bottom - top);
    }

    // An address is ASCII; what is not is escaped as UTF-8.
    private static string EscapeUri(string uri)
    {
        if (Ascii.IsValid(uri) && !uri.AsSpan().ContainsAnyInRange('\0', ' '))
        {
            return uri;
        }

        var escaped = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(uri))
        {
            if (value is > 0x20 and < 0x7F)
            {
                escaped.Append((char)value);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
            }
        }

        return escaped.ToString();
    }

    private void WriteResources(int number)
    {
        _scratch.Clear();
        _scratch.Write("<<"u8);
        if (_glyphs.Faces.Count > 0)
        {
            _scratch.Write("/Font<<"u8);

            // What a face says of its alphabets is the same in all documents that use them; what it says of other glyphs is this document's own.
            foreach (var use in _glyphs.Faces)
            {
                use.Widen();
            }

            _file.BeginGroup();
            WriteFaces(areAlphabets: true);
            _file.EndGroup();
            WriteFaces(areAlphabets: false);
            _scratch.Write(">>"u8);
        }

        if (_pictures.Count > 0)
        {
            _scratch.Write("/XObject<<"u8);
            foreach (var picture in _pictures)
            {
                _scratch.Write(picture.ResourceName).Reference(WritePicture(picture));
            }

            _scratch.Write(">>"u8);
        }

        if (_patterns.Count > 0)
        {
            _scratch.Write("/Pattern<<"u8);
            foreach (var pattern in _patterns.Values)
            {
                _scratch.Write(pattern.ResourceName).Reference(WritePattern(pattern));
            }

            _scratch.Write(">>"u8);
        }

        if (_shadings.Count > 0)
        {
            _scratch.Write("/Shading<<"u8);
            foreach (var shading in _shadings.Values)
            {
                _scratch.Write(shading.ResourceName).Write(shading.Dictionary);
            }

            _scratch.Write(">>"u8);
        }

        if ((_opacitiesLow | _opacitiesHigh) != 0)
        {
            _scratch.Write("/ExtGState<<"u8);
            for (var alpha = 0; alpha < 256; alpha++)
            {
                if (((alpha < 128 ? _opacitiesLow >> alpha : _opacitiesHigh >> (alpha - 128)) & 1) != 0)
                {
                    _scratch.Write("/A"u8).Write(alpha).Write("<</ca "u8).Write(alpha / 255.0).Write("/CA "u8).Write(alpha / 255.0).Write(">>"u8);
                }
            }

            _scratch.Write(">>"u8);
        }

        _file.Pack(number).Write(_scratch.Write(">>"u8).Written);
    }

    private void WriteFaces(bool areAlphabets)
    {
        foreach (var use in _glyphs.Faces)
        {
            if (use.IsOfAlphabets == areAlphabets)
            {
                FontWriter.Write(_file, use, _scratch);
            }
        }
    }

    private int WritePattern(PdfPattern pattern)
    {
        var number = _file.Allocate();
        var entries = new PdfBuffer(128);
        PdfPattern.WriteEntries(entries);
        _file.PutStream(number, entries.Written, pattern.Content);
        return number;
    }

    private int WritePicture(PdfPicture picture)
    {
        var (number, mask) = (_file.Allocate(), 0);
        var entries = new PdfBuffer(256);
        if (picture.Alpha is { } alpha)
        {
            mask = _file.Allocate();
            entries.Write("/Type/XObject/Subtype/Image/Width "u8).Write(picture.Width).Write("/Height "u8).Write(picture.Height).Write("/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"u8);
            _file.PutStream(mask, entries.Written, alpha);
            entries.Clear();
        }

        entries.Write("/Type/XObject/Subtype/Image/Width "u8).Write(picture.Width).Write("/Height "u8).Write(picture.Height)
            .Write("/ColorSpace"u8).Ascii8(picture.Colors).Write("/BitsPerComponent "u8).Write(picture.Bits).Ascii8(picture.Filter).Ascii8(picture.Decode);
        if (mask != 0)
        {
            entries.Write("/SMask"u8).Reference(mask);
        }

        _file.PutStream(number, entries.Written, picture.Data);
        return number;
    }

    // The documents of a template say the same of themselves.
    private byte[] XmpOf(DocumentFacts facts, PdfOptions options)
    {
        if (_xmp is not { } last || last.Facts != facts || last.Options != options)
        {
            _xmp = last = (facts, options, Metadata.Xmp(facts, options));
        }

        return last.Bytes;
    }

    private void WriteCatalog(LaidDocument document, PdfOptions options, int catalog, int pages, int root, int outline)
    {
        var (metadata, profile) = (_file.Allocate(), _file.Allocate());
        _file.PutStream(metadata, "/Type/Metadata/Subtype/XML"u8, XmpOf(document.Facts, options));
        _file.PutStream(profile, "/N 3/Filter/FlateDecode"u8, ColorProfile.Compressed);
        var output = _file.Pack(catalog).Write("<</Type/Catalog/Pages"u8).Reference(pages).Write("/Metadata"u8).Reference(metadata)
            .Write("/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile"u8).Reference(profile)
            .Write(">>]/MarkInfo<</Marked true>>/StructTreeRoot"u8).Reference(root);
        if (document.Facts.Language.Length > 0)
        {
            output.Write("/Lang"u8).Text(document.Facts.Language);
        }

        if (document.Facts.Title is { Length: > 0 })
        {
            output.Write("/ViewerPreferences<</DisplayDocTitle true>>"u8);
        }

        if (outline != 0)
        {
            output.Write("/Outlines"u8).Reference(outline);
        }

        output.Write(">>"u8);
    }

    private void Numbers(params ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            _page.Write(value).WriteByte((byte)' ');
        }
    }
}
