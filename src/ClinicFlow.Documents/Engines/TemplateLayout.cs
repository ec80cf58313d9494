using System.Buffers;
using ClinicFlow.Documents.Docx;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout;
using ClinicFlow.Documents.Layout.Flow;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Reading;
using ClinicFlow.Documents.Package;

namespace ClinicFlow.Documents.Engines;

/// <summary>
/// Reads and lays documents of one template, one after the other, and keeps from each to the next what is of the template: styles, lists, fonts, pictures, and the
/// paragraphs that no record changes, with their lines and what they look like. What it keeps is found by place in the template, never by what a document holds, so no
/// record can meet another's data here. One thread uses it at a time.
/// </summary>
internal sealed class TemplateLayout
{
    // Rich content can bring formats without end; who has met too many starts anew.
    private const int MostFormats = 20_000;

    private readonly DocxTemplate _template;
    private readonly PackageLimits _limits;
    private readonly FontLibrary _library;
    private readonly TemplateParagraphs[] _paragraphs;
    private readonly DocumentReader _reader;
    private readonly XmlScanner[] _scanners;
    private readonly XmlTree[] _trees;
    private readonly ParagraphOutlines[] _outlines;
    private readonly List<KeptMark> _marks = [];
    private byte[] _xml = new byte[64 * 1024];
    private LayoutParts? _parts;
    private int _images;

    /// <param name="template">The template.</param>
    /// <param name="paragraphs">Of each of its stories, what no record changes.</param>
    /// <param name="library">The machine's fonts.</param>
    /// <param name="limits">Bounds.</param>
    /// <exception cref="TemplatePackageException">A part of the template is damaged.</exception>
    public TemplateLayout(DocxTemplate template, TemplateParagraphs[] paragraphs, FontLibrary library, PackageLimits limits)
    {
        (_template, _paragraphs, _library, _limits) = (template, paragraphs, library, limits);
        _scanners = [.. template.Stories.Select(_ => new XmlScanner())];
        _outlines = [.. paragraphs.Select(_ => new ParagraphOutlines())];
        _trees = [.. paragraphs.Select(one => new XmlTree(one))];
        var shell = new ArrayBufferWriter<byte>(64 * 1024);
        template.WriteShell(shell);
        using var stream = new MemoryStream(shell.WrittenSpan.ToArray(), writable: false);
        _reader = DocumentReader.OfTemplate(OpcPackage.Open(stream, limits, allowMacros: true), limits, template.Stories.Select(story => story.PartName), () => library.HasMathFont);
    }

    /// <summary>Whether so much is kept that a new one is better.</summary>
    public bool IsWorn => _reader.FormatCount > MostFormats;

    /// <summary>Reads a document; it must differ from the template in its stories alone. What it gives holds none of the elements that it was read from.</summary>
    public WordDocument Read(BoundDocument document)
    {
        return _reader.Read(RootOf);

        Element RootOf(string part)
        {
            for (var i = 0; i < _paragraphs.Length; i++)
            {
                if (string.Equals(_template.Stories[i].PartName, part, StringComparison.OrdinalIgnoreCase))
                {
                    var length = _paragraphs[i].Write(document.Content.Stories[i], _outlines[i], ref _xml, _marks);
                    var tree = _trees[i];
                    tree.Clear();
                    _scanners[i].Read(_xml.AsSpan(0, length), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_marks), tree, part, _limits.MaxXmlDepth);
                    return tree.Root;
                }
            }

            throw new System.Diagnostics.UnreachableException(part);
        }
    }

    /// <summary>Lays a document that was read here.</summary>
    /// <exception cref="ClinicFlowException">It cannot be laid out.</exception>
    public LaidDocument Lay(WordDocument document, CancellationToken stop)
    {
        // Pictures are numbered as they are met: one that an earlier document did not show needs new parts.
        if (_parts is null || _images != document.Images.Length)
        {
            _parts = new LayoutParts(document, new FontSet(_library, document.Fonts.Select(NativeEngine.FontOf)), new Shaper());
            _images = document.Images.Length;
        }

        return DocumentLayout.Lay(document, _parts, stop: stop);
    }
}
