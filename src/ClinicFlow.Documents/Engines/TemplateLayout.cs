using System.Buffers;
using ClinicFlow.Documents.Docx;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout;
using ClinicFlow.Documents.Layout.Flow;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Merge;
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

    // So can a record bring pictures.
    private const int MostPictures = 2_000;

    private readonly DocxTemplate _template;
    private readonly PackageLimits _limits;
    private readonly FontLibrary _library;
    private readonly DocumentReader _reader;
    private readonly StoryXml[] _stories;
    private LayoutParts? _parts;
    private int _images;

    /// <param name="template">The template.</param>
    /// <param name="paragraphs">Of each of its stories, what no record changes.</param>
    /// <param name="library">The machine's fonts.</param>
    /// <param name="limits">Bounds.</param>
    /// <exception cref="TemplatePackageException">A part of the template is damaged.</exception>
    public TemplateLayout(DocxTemplate template, TemplateParagraphs[] paragraphs, FontLibrary library, PackageLimits limits)
    {
        (_template, _library, _limits) = (template, library, limits);
        _stories = [.. paragraphs.Select(one => new StoryXml(one))];
        var shell = new ArrayBufferWriter<byte>(64 * 1024);
        template.WriteShell(shell);
        using var stream = new MemoryStream(shell.WrittenSpan.ToArray(), writable: false);
        _reader = DocumentReader.OfTemplate(OpcPackage.Open(stream, limits, allowMacros: true), limits, template.Stories.Select(story => story.PartName), () => library.HasMathFont);
    }

    /// <summary>Whether so much is kept that a new one is better.</summary>
    public bool IsWorn => _reader.FormatCount > MostFormats || _reader.PictureCount > MostPictures;

    /// <summary>Reads a document; it must have no lists of its own. What it gives holds none of the elements that it was read from.</summary>
    public WordDocument Read(BoundDocument document)
    {
        return _reader.Read(RootOf, ImageOf);

        Element RootOf(string part)
            => IndexOf(part) is >= 0 and var i ? _stories[i].Read(document.Content.Stories[i], part, _limits.MaxXmlDepth) : throw new System.Diagnostics.UnreachableException(part);

        MediaFile? ImageOf(string part, string relationshipId)
            => document.Content.Media.Count > 0 && IndexOf(part) is >= 0 and var i ? document.Content.ImageOf(i, relationshipId) : null;
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
        else
        {
            _parts.TakePictures(document.Images);
        }

        return DocumentLayout.Lay(document, _parts, stop: stop);
    }

    private int IndexOf(string part)
    {
        for (var i = 0; i < _stories.Length; i++)
        {
            if (string.Equals(_template.Stories[i].PartName, part, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}
