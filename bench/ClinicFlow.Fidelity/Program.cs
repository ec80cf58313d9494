using System.Globalization;
using System.Text;
using System.Text.Json;
using ClinicFlow.Fidelity;

// FOLDER [--engine native|libreoffice]... [--out DIR] [--worst N] [--pages N] [--only TEXT]
//
// Renders each .docx of the folder with each engine and compares it with the reference: the PDF of the same name beside it
// (printed by Word), else what LibreOffice makes of it. Prints a line a document and the sums (where Word ended its pages among them), and writes into DIR
// report.json and, of the worst documents, pictures of the pages: the reference on the left, the engine on the right.
//
// breaks FOLDER [--out DIR] renders natively those documents of which it is known where Word ended its pages, and prints where ours end.
//
// scan FOLDER reads the documents only, and prints what would not be rendered faithfully.
if (args is ["scan", var scanned] && Directory.Exists(scanned))
{
    return Scan.Run(scanned);
}

if (args is ["breaks", var broken, ..] && Directory.Exists(broken))
{
    return await BreakReport.RunAsync(broken, Path.GetFullPath(Options("--out").LastOrDefault() ?? Path.Combine("artifacts", "fidelity", "breaks")), Options("--only").LastOrDefault() ?? "");
}

if (args.Length == 0 || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("usage: dotnet run --project bench/ClinicFlow.Fidelity -- FOLDER [--engine native|libreoffice]... [--out DIR] [--worst N] [--pages N] [--only TEXT]");
    return 2;
}

var folder = Path.GetFullPath(args[0]);
string[] engines = [.. Options("--engine")];
engines = engines.Length > 0 ? engines : Engines.Names;
var output = Path.GetFullPath(Options("--out").LastOrDefault() ?? Path.Combine("artifacts", "fidelity", Path.GetFileName(folder)));
var worst = int.Parse(Options("--worst").LastOrDefault() ?? "5", CultureInfo.InvariantCulture);
var maxPages = int.Parse(Options("--pages").LastOrDefault() ?? "3", CultureInfo.InvariantCulture);
var only = Options("--only").LastOrDefault() ?? "";
if (engines.Except(Engines.Names).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"There is no engine {unknown}; there are {string.Join(", ", Engines.Names)}.");
    return 2;
}

Directory.CreateDirectory(output);
var files = Directory.GetFiles(folder, "*.docx").Where(file => Path.GetFileName(file).Contains(only, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
await using var libreOffice = new LibreOfficeRenderings(Path.Combine(Path.GetDirectoryName(output)!, "libreoffice"));

// All at once, so that LibreOffice gets batches; it works with one process.
var references = files.ToDictionary(file => file, file => File.Exists(Path.ChangeExtension(file, ".pdf")) ? Task.FromResult(new Rendering(Path.ChangeExtension(file, ".pdf"), 0, "", [])) : libreOffice.RenderAsync(file));
if (engines.Contains("libreoffice"))
{
    _ = files.Select(libreOffice.RenderAsync).ToArray();
}

var results = new List<Result>();
foreach (var file in files)
{
    var reference = await references[file];
    var referenceWords = reference.Pdf is null ? null : await PdfWords.ReadAsync(reference.Pdf);
    var breaks = WordBreaks.Of(file);
    var referenceBreaks = await CompareBreaksAsync(breaks, reference.Pdf);
    foreach (var engine in engines)
    {
        var rendering = engine == "libreoffice" ? await libreOffice.RenderAsync(file) : await Engines.RenderAsync(file, Path.Combine(output, engine));
        var comparison = rendering.Pdf is null || referenceWords is null ? null : Comparison.Of(referenceWords, await PdfWords.ReadAsync(rendering.Pdf));
        var result = new Result(Path.GetFileName(file), engine, reference.Pdf, rendering, comparison, StatedPages.Of(file), await CompareBreaksAsync(breaks, rendering.Pdf), referenceBreaks);
        results.Add(result);
        Console.WriteLine(Line(result));
    }
}

foreach (var engine in engines)
{
    Console.WriteLine();
    Console.WriteLine(Sum(engine, [.. results.Where(result => result.Engine == engine)]));
}

await File.WriteAllTextAsync(Path.Combine(output, "report.json"), JsonSerializer.Serialize(results, new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
foreach (var result in results.Where(result => result.Comparison is not null && result.Engine == engines[0]).OrderBy(result => result.Comparison!.HasEqualPages).ThenBy(result => result.Comparison!.PlacedShare).Take(worst))
{
    var prefix = Path.Combine(output, $"{Path.GetFileNameWithoutExtension(result.File)}-{result.Engine}");
    var pages = await SideBySide.WriteAsync(result.Reference!, result.Rendering.Pdf!, prefix, maxPages);
    Console.WriteLine($"{prefix}-1.png … {pages}");
}

return 0;

IEnumerable<string> Options(string name) => Enumerable.Range(0, Math.Max(0, args.Length - 1)).Where(i => args[i] == name).Select(i => args[i + 1]);

static async Task<IReadOnlyList<ComparedBreak>?> CompareBreaksAsync(WordBreaks? breaks, string? pdf) =>
    breaks is null || pdf is null ? null : BreakComparison.Of(breaks, await PdfWords.ReadAsync(pdf, isAsDrawn: true));

static string Line(Result result)
{
    var line = new StringBuilder(FormattableString.Invariant($"{result.File,-22} {result.Engine,-12} "));
    line.Append(result.Comparison is { } c
        ? FormattableString.Invariant($"pages {c.Pages,3}/{c.ReferencePages,-3} found {c.FoundShare,6:0.0 %} page {c.OnPageShare,6:0.0 %} placed {c.PlacedShare,6:0.0 %} extra {c.Extra,4} lost {c.LostCharacters,4} {result.Rendering.Milliseconds,7:0.0} ms")
        : result.Rendering.Pdf is null ? $"no PDF: {result.Rendering.Problem}" : "no reference");
    line.Append(result.Stated is { } stated && result.Comparison is not null && stated != result.Comparison.Pages ? FormattableString.Invariant($"  Word says {stated}") : "");
    line.Append(result.Breaks is { Count: > 0 } breaks ? "  " + BreakReport.Line(breaks) : "");
    return result.Rendering.Refused.Count == 0 ? line.ToString() : $"{line}  refused: {string.Join(", ", result.Rendering.Refused)}";
}

static string Sum(string engine, Result[] results)
{
    var sum = new StringBuilder();
    foreach (var (what, some) in new[] { ("all", results), ("kept", results.Where(result => result.Rendering.Refused.Count == 0).ToArray()) })
    {
        var compared = some.Select(result => result.Comparison).OfType<Comparison>().ToArray();
        if (compared.Length == 0 || (what == "kept" && some.Length == results.Length))
        {
            continue;
        }

        double words = Math.Max(1, compared.Sum(c => c.Words));
        sum.Append(CultureInfo.InvariantCulture, $"{engine}, {what}: {some.Length} of {results.Length} documents ({(double)some.Length / results.Length:0.0 %}), pages equal {compared.Count(c => c.HasEqualPages) / (double)compared.Length:0.0 %}");
        sum.Append(CultureInfo.InvariantCulture, $"; mean of documents: found {compared.Average(c => c.FoundShare):0.0 %}, on page {compared.Average(c => c.OnPageShare):0.0 %}, placed {compared.Average(c => c.PlacedShare):0.0 %}");
        sum.Append(CultureInfo.InvariantCulture, $"; of all words: found {compared.Sum(c => c.Found) / words:0.0 %}, placed {compared.Sum(c => c.Placed) / words:0.0 %}; characters lost in {compared.Count(c => c.LostCharacters > 0)}");
        sum.AppendLine();
        var stated = some.Where(result => result.Stated is not null && result.Comparison is not null).ToArray();
        if (stated.Length > 0)
        {
            sum.Append(CultureInfo.InvariantCulture, $"  Word's own number of pages is known of {stated.Length}: {engine} has it in {stated.Count(result => result.Comparison!.Pages == result.Stated) / (double)stated.Length:0.0 %}, the reference in {stated.Count(result => result.Comparison!.ReferencePages == result.Stated) / (double)stated.Length:0.0 %}");
            sum.AppendLine();
        }

        if (some.Any(result => result.Breaks is { Count: > 0 }))
        {
            sum.Append(CultureInfo.InvariantCulture, $"  {engine}: {BreakReport.Sum([.. some.Select(result => result.Breaks).OfType<IReadOnlyList<ComparedBreak>>()])}\n");
            sum.Append(CultureInfo.InvariantCulture, $"  the reference: {BreakReport.Sum([.. some.Select(result => result.ReferenceBreaks).OfType<IReadOnlyList<ComparedBreak>>()])}\n");
        }
    }

    var failed = results.Count(result => result.Rendering.Pdf is null);
    sum.Append(failed > 0 ? $"{engine}: no PDF of {failed}\n" : "");
    foreach (var refused in results.SelectMany(result => result.Rendering.Refused.Select(code => code.Split(' ')[0]).Distinct()).GroupBy(code => code).OrderByDescending(group => group.Count()))
    {
        sum.Append(CultureInfo.InvariantCulture, $"  refused {refused.Key}: {refused.Count()} documents\n");
    }

    return sum.ToString().TrimEnd();
}

internal sealed record Result(string File, string Engine, string? Reference, Rendering Rendering, Comparison? Comparison, int? Stated, IReadOnlyList<ComparedBreak>? Breaks, IReadOnlyList<ComparedBreak>? ReferenceBreaks);
