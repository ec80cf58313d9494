using System.Buffers;
using System.Collections.Concurrent;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Reading;
using ClinicFlow.Documents.Package;
using ClinicFlow.Documents.Pdf;

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
    public ConvertedPdf Convert(ReadOnlyMemory<byte> docx, CancellationToken stop = default) => Render(Read(docx), stop);

    /// <summary>Reads a document.</summary>
    internal WordDocument Read(ReadOnlyMemory<byte> docx)
    {
        using var stream = new MemoryStream(docx.ToArray(), writable: false);
        return DocumentReader.Read(OpcPackage.Open(stream, _limits, allowMacros: true), _limits);
    }

    /// <summary>Lays out and writes.</summary>
    internal ConvertedPdf Render(WordDocument document, CancellationToken stop)
    {
        var fonts = new FontSet(_fonts, document.Fonts.Select(FontOf));
        var laid = DocumentLayout.Lay(document, fonts, stop: stop);
        var output = new ArrayBufferWriter<byte>(64 * 1024);

        // What a writer that failed holds is not to be trusted: it is not put back.
        var writer = _writers.TryTake(out var idle) ? idle : new PdfWriter(_cache);
        writer.Write(laid, PdfOptions.Default, output);
        _writers.Add(writer);
        return new ConvertedPdf(output.WrittenMemory, PdfEngineKind.Native)
        {
            Pages = laid.Pages.Count,
            Gaps = Gaps(document),
            Fonts = [.. fonts.Used.Select(font => new FontChoice(font.Style == FontStyle.Regular ? font.Family : $"{font.Family} {font.Style}", font.Face.PostScriptName, MatchName(font.Match))).Distinct().OrderBy(font => font.Asked, StringComparer.Ordinal)],
        };
    }

    private static IReadOnlyList<RenderGap> Gaps(WordDocument document) => [.. document.Unfaithful.Select(found => new RenderGap(found.Code, found.What, found.Place, found.Count))];

    private static DocumentFont FontOf(FontDeclaration declaration) => new(declaration.Name)
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
