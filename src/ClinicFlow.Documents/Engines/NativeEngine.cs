using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ClinicFlow.Documents.Docx;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Reading;
using ClinicFlow.Documents.Package;
using ClinicFlow.Documents.Pdf;
using ClinicFlow.Documents.Pdf.Compression;

namespace ClinicFlow.Documents.Engines;

/// <summary>
/// Turns Word documents into PDF in this process: reads the model, lays it out, writes the file. It starts nothing and leaves
/// nothing. Safe for concurrent calls, each of which takes one thread.
/// </summary>
public sealed class NativeEngine
{
    private readonly FontLibrary _fonts;
    private readonly PackageLimits _limits;
    private readonly PdfCache _cache = new();
    private readonly ConcurrentBag<PdfWriter> _writers = [];
    private readonly ConditionalWeakTable<DocxTemplate, TemplateLayouts> _templates = [];

    /// <summary>Makes the engine.</summary>
    /// <param name="fonts">The fonts to use; those of the machine where null.</param>
    /// <param name="limits">Bounds on documents; the defaults where null.</param>
    public NativeEngine(FontLibrary? fonts = null, PackageLimits? limits = null)
    {
        _fonts = fonts ?? FontLibrary.OfSystem;
        _limits = limits ?? PackageLimits.Default;
    }

    /// <summary>Finds what this engine would not render as Word does; empty where all of the document is rendered faithfully.</summary>
    /// <exception cref="TemplatePackageException">The file is no Word document, or is damaged.</exception>
    public IReadOnlyList<RenderGap> FindGaps(ReadOnlyMemory<byte> docx) => Gaps(Read(docx));

    /// <summary>Makes the PDF, whatever has to be left out: <see cref="ConvertedPdf.Gaps"/> says what.</summary>
    /// <param name="docx">The document.</param>
    /// <param name="stop">Ends the work between two paragraphs, so that a document that takes too long can be given up.</param>
    /// <exception cref="TemplatePackageException">The file is no Word document, or is damaged.</exception>
    /// <exception cref="ClinicFlowException">It cannot be laid out or drawn: no fonts, too many pages, a damaged picture or font.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public ConvertedPdf Convert(ReadOnlyMemory<byte> docx, CancellationToken stop = default) => Render(Read(docx), null, stop);

    /// <summary>Makes the PDF of a record, whatever has to be left out: <see cref="ConvertedPdf.Gaps"/> says what.</summary>
    /// <param name="document">The record, bound to its template.</param>
    /// <param name="stop">Ends the work between two paragraphs.</param>
    /// <exception cref="ClinicFlowException">It cannot be laid out or drawn.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public ConvertedPdf Convert(BoundDocument document, CancellationToken stop = default)
        => Convert(document, null, isOnlyFaithful: false, stop);

    /// <summary>Writes the PDF of a record to a buffer, whatever has to be left out: for those who hand it on, and need no copy of their own.</summary>
    /// <param name="document">The record, bound to its template.</param>
    /// <param name="output">Gets the file. What was written is of no use where an exception is thrown.</param>
    /// <param name="stop">Ends the work between two paragraphs.</param>
    /// <returns>What there is to say of it; its <see cref="ConvertedPdf.Pdf"/> is empty.</returns>
    /// <exception cref="ClinicFlowException">It cannot be laid out or drawn.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public ConvertedPdf Convert(BoundDocument document, IBufferWriter<byte> output, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        return Convert(document, output, isOnlyFaithful: false, stop);
    }

    /// <summary>
    /// The same, to an array where no buffer is given; where it shall be faithful and something would not be rendered as Word does, no file but the reasons, and
    /// LibreOffice as the engine to ask.
    /// </summary>
    internal ConvertedPdf Convert(BoundDocument document, IBufferWriter<byte>? output, bool isOnlyFaithful, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(document);
        // Lists of its own change the numbering part, which is read once for all documents of a template.
        if (!document.Content.Numbering.IsEmpty)
        {
            var whole = Read(document.ToDocx());
            return isOnlyFaithful && !whole.Unfaithful.IsEmpty ? Refused(whole) : Render(whole, output, stop);
        }

        var layouts = _templates.GetValue(document.Template, template => new TemplateLayouts(template, _fonts, _limits));
        var layout = layouts.Take();
        var read = layout.Read(document);
        if (isOnlyFaithful && !read.Unfaithful.IsEmpty)
        {
            layouts.Put(layout);
            return Refused(read);
        }

        var made = Write(layout.Lay(read, stop), read, output, layouts.Streams);
        layouts.Put(layout);
        return made;

        static ConvertedPdf Refused(WordDocument read) => new(default, PdfEngineKind.LibreOffice) { Gaps = Gaps(read) };
    }

    /// <summary>Reads a document.</summary>
    internal WordDocument Read(ReadOnlyMemory<byte> docx)
    {
        using var stream = new MemoryStream(docx.ToArray(), writable: false);
        return DocumentReader.Read(OpcPackage.Open(stream, _limits, allowMacros: true), _limits, () => _fonts.HasMathFont);
    }

    /// <summary>Lays out and writes, to an array where no buffer is given.</summary>
    internal ConvertedPdf Render(WordDocument document, IBufferWriter<byte>? output, CancellationToken stop)
    {
        var fonts = new FontSet(_fonts, document.Fonts.Select(FontOf));
        return Write(DocumentLayout.Lay(document, fonts, stop: stop), document, output) with
        {
            Fonts = [.. fonts.Used.Select(font => new FontChoice(font.Style == FontStyle.Regular ? font.Family : $"{font.Family} {font.Style}", font.Face.PostScriptName, MatchName(font.Match))).Distinct().OrderBy(font => font.Asked, StringComparer.Ordinal)],
        };
    }

    private ConvertedPdf Write(LaidDocument laid, WordDocument document, IBufferWriter<byte>? output, StreamCache? streams = null)
    {
        // What a writer that failed holds is not to be trusted: it is not put back.
        var writer = _writers.TryTake(out var idle) ? idle : new PdfWriter(_cache);
        byte[] pdf = [];
        if (output is null)
        {
            pdf = writer.Write(laid, PdfOptions.Default, streams);
        }
        else
        {
            writer.Write(laid, PdfOptions.Default, output, streams);
        }

        _writers.Add(writer);
        return new ConvertedPdf(pdf, PdfEngineKind.Native)
        {
            Pages = laid.Pages.Count,
            Gaps = Gaps(document),
        };
    }

    /// <summary>What a document that was read holds that is not rendered as Word does.</summary>
    internal static IReadOnlyList<RenderGap> Gaps(WordDocument document) => document.Unfaithful.IsEmpty ? [] : [.. document.Unfaithful.Select(found => new RenderGap(found.Code, found.What, found.Place, found.Count))];

    internal static DocumentFont FontOf(FontDeclaration declaration) => new(declaration.Name)
    {
        AlternativeName = declaration.AlternativeName.Length > 0 ? declaration.AlternativeName : null,
        Panose = declaration.Panose,
        Genus = declaration.Family switch
        {
            FontFamilyKind.Roman => FontGenus.Serif,
            FontFamilyKind.Swiss => FontGenus.Sans,
            FontFamilyKind.Modern => FontGenus.Monospaced,
            FontFamilyKind.Script => FontGenus.Script,
            FontFamilyKind.Decorative => FontGenus.Decorative,
            _ => FontGenus.Unknown,
        },
        IsFixedPitch = declaration.Pitch == FontPitch.Fixed,
        Embedded = [.. declaration.Embedded.Select(face => new Fonts.EmbeddedFace((face.IsBold ? FontStyle.Bold : 0) | (face.IsItalic ? FontStyle.Italic : 0), face.Bytes.AsMemory(), Key: null))],
    };

    private static string MatchName(FontMatch match) => match switch
    {
        FontMatch.Embedded => "embedded",
        FontMatch.Installed => "installed",
        FontMatch.SameMetrics => "same-metrics",
        FontMatch.SetToMetrics => "set-to-metrics",
        FontMatch.Similar => "similar",
        _ => "fallback",
    };
}
