using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Pdf;
using ClinicFlow.Documents.Unicode;

namespace ClinicFlow.Bench;

/// <summary>Parts of the native engine below the layout: shaping, bidirectional levels, line breaks, writing two pages.</summary>
[MemoryDiagnoser]
public class PdfBenchmarks : IDisposable
{
    private const string Latin = "The patient was informed in detail about the planned procedure, its risks and its alternatives, and agrees to it.";
    private const string Arabic = "تم إبلاغ المريض بالتفصيل بالإجراء المخطط له ومخاطره وبدائله ووافق عليه";

    private readonly FontSet _fonts = new(FontLibrary.OfSystem);
    private readonly Shaper _shaper = new();
    private readonly LineBreak[] _breaks = new LineBreak[Latin.Length];
    private readonly byte[] _levels = new byte[Arabic.Length];
    private readonly ArrayBufferWriter<byte> _output = Measure.Buffer();
    private readonly PdfWriter _writer = new(new PdfCache());
    private ShapingStyle _latin;
    private ShapingStyle _kerned;
    private ShapingStyle _arabic;
    private LaidDocument[] _documents = [];
    private int _turn;

    [GlobalSetup]
    public void Setup()
    {
        var calibri = _fonts.Resolve("Calibri", FontStyle.Regular);
        _latin = new(calibri, Script.Latin, false, FontFeatures.None, "");
        _kerned = _latin with { Features = FontFeatures.Kerning };
        _arabic = new(_fonts.FallbackFor(calibri, 'م', "ar"), Script.Arabic, true, FontFeatures.None, "ar");
        _documents = TwoPages.Make(_fonts, 64);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _shaper.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public int ShapeLatin() => _shaper.Shape(Latin, 0, Latin.Length, _latin).Length;

    [Benchmark]
    public int ShapeLatinWithKerning() => _shaper.Shape(Latin, 0, Latin.Length, _kerned).Length;

    [Benchmark]
    public int ShapeArabic() => _shaper.Shape(Arabic, 0, Arabic.Length, _arabic).Length;

    [Benchmark]
    public void FindBreaks() => LineBreaks.Find(Latin, _breaks);

    [Benchmark]
    public byte FindLevels() => Bidi.FindLevels(Arabic, ParagraphDirection.RightToLeft, _levels);

    [Benchmark]
    public int WriteTwoPages()
    {
        _output.ResetWrittenCount();
        _writer.Write(_documents[_turn++ % _documents.Length], PdfOptions.Default, _output);
        return _output.WrittenCount;
    }
}

/// <summary>Prints how many laid documents are written in a second, beside the limit: compressing, hashing and copying the same bytes.</summary>
internal static class PdfTable
{
    public static int Print(double seconds)
    {
        var documents = TwoPages.Make(new FontSet(FontLibrary.OfSystem), 64);
        var cache = new PdfCache();
        var sample = new ArrayBufferWriter<byte>();
        new PdfWriter(cache).Write(documents[0], PdfOptions.Default, sample);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Two pages, 12 paragraphs with a name in each, a table of 20 rows, header and footer: {sample.WrittenCount:N0} bytes"));
        foreach (var threads in (int[])[1, 2])
        {
            var (perSecond, allocated) = Measure.Run(threads, seconds, () =>
            {
                var (writer, output) = (new PdfWriter(cache), Measure.Buffer());
                return turn =>
                {
                    output.ResetWrittenCount();
                    writer.Write(documents[turn % documents.Length], PdfOptions.Default, output);
                };
            });
            var (limit, _) = Measure.Run(threads, seconds, () =>
            {
                var output = Measure.Buffer();
                var page = sample.WrittenSpan[..5000].ToArray();
                return _ =>
                {
                    output.ResetWrittenCount();
                    using var stream = new MemoryStream(16_384);
                    for (var i = 0; i < 3; i++)
                    {
                        using var zlib = new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true);
                        zlib.Write(page);
                    }

                    output.Write(sample.WrittenSpan);
                };
            });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{threads} thread(s): {perSecond:N0} a second, {allocated:N0} bytes allocated a document; limit {limit:N0}"));
        }

        return 0;
    }
}

/// <summary>Documents like the consent form, laid without Word's rules: what is shared is the same object in all of them.</summary>
internal static class TwoPages
{
    public static LaidDocument[] Make(FontSet fonts, int count)
    {
        var header = Lines(fonts, -1, true, "St. Elsewhere Clinic · Department of Surgery");
        var prose = Lines(fonts, 0, true,
            "The patient was informed in detail about the planned procedure, its risks and its alternatives, and had",
            "the opportunity to ask questions. All questions were answered. The patient agrees to the procedure and",
            "to extensions of it that turn out to be necessary. This consent can be withdrawn at any time before.");
        var rows = Enumerable.Range(0, 20).Select(i => Lines(fonts, 0, true, $"Item {i}", "12.50")).ToArray();
        return [.. Enumerable.Range(0, count).Select(i => Document(fonts, header, prose, rows, $"Patient Number-{i} Żółć-Müller"))];
    }

    private static LaidDocument Document(FontSet fonts, Fragment header, Fragment prose, Fragment[] rows, string name)
    {
        var nodes = ImmutableArray.CreateBuilder<StructureNode>();
        nodes.Add(new(StructureRole.Document, -1));
        var first = new List<Placement> { new(header, 72, 40, 0) };
        for (var i = 0; i < 12; i++)
        {
            first.Add(new(Lines(fonts, 0, false, $"I, {name}, declare under number {i}:"), 72, 80 + (60 * i), nodes.Count));
            first.Add(new(prose, 72, 95 + (60 * i), nodes.Count));
            nodes.Add(new(StructureRole.Paragraph, 0));
        }

        var second = new List<Placement> { new(header, 72, 40, 0) };
        var table = nodes.Count;
        nodes.Add(new(StructureRole.Table, 0));
        for (var i = 0; i < rows.Length; i++)
        {
            nodes.Add(new(StructureRole.TableRow, table));
            nodes.Add(new(StructureRole.TableCell, nodes.Count - 1));
            second.Add(new(rows[i], 72, 80 + (30 * i), nodes.Count - 1));
        }

        return new()
        {
            Pages = [new(595.3, 841.9, first), new(595.3, 841.9, second)], Structure = new(nodes.ToImmutable()), Destinations = [], Outline = [],
            Facts = new("Consent", null, null, null, "en"),
        };
    }

    private static Fragment Lines(FontSet fonts, int structure, bool isShared, params string[] lines)
    {
        var font = fonts.Resolve("Calibri", FontStyle.Regular);
        var items = ImmutableArray.CreateBuilder<PageItem>();
        var runs = ImmutableArray.CreateBuilder<GlyphRun>();
        var glyphs = ImmutableArray.CreateBuilder<LaidGlyph>();
        using var shaper = new Shaper();
        var text = string.Concat(lines);
        var at = 0;
        foreach (var line in lines)
        {
            items.Add(new(PageItemKind.GlyphRun, runs.Count, structure));
            runs.Add(new() { Face = font.Face, Size = 11, Color = Paint.Black, X = 0, Baseline = 14 * runs.Count, GlyphStart = glyphs.Count, GlyphCount = line.Length, TextStart = at, TextLength = line.Length });
            foreach (var glyph in shaper.Shape(text, at, line.Length, new(font, Script.Latin, false, FontFeatures.None, "")))
            {
                glyphs.Add(new(glyph.Id, glyph.Cluster, glyph.Advance * 11, 0, 0));
            }

            at += line.Length;
        }

        return new() { Items = items.ToImmutable(), Runs = runs.ToImmutable(), Glyphs = glyphs.ToImmutable(), Text = text, IsShared = isShared };
    }
}
