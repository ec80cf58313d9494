using System.Globalization;
using System.Text;

namespace ClinicFlow.Fidelity;

/// <summary>Word's own page breaks beside ours, of all documents of a folder of which they are known. Needs no reference.</summary>
internal static class BreakReport
{
    public static async Task<int> RunAsync(string folder, string output, string only)
    {
        var all = new List<IReadOnlyList<ComparedBreak>>();
        var kept = new List<IReadOnlyList<ComparedBreak>>();
        foreach (var file in Directory.GetFiles(folder, "*.docx").Where(file => Path.GetFileName(file).Contains(only, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            if (WordBreaks.Of(file) is not { } word)
            {
                continue;
            }

            var rendering = await Engines.RenderAsync(file, Path.Combine(output, "native"));
            if (rendering.Pdf is null)
            {
                Console.WriteLine($"{Path.GetFileName(file),-22} no PDF: {rendering.Problem}");
                continue;
            }

            var breaks = BreakComparison.Of(word, await PdfWords.ReadAsync(rendering.Pdf, isAsDrawn: true));
            all.Add(breaks);
            if (rendering.Refused.Count == 0)
            {
                kept.Add(breaks);
            }

            Console.WriteLine($"{Path.GetFileName(file),-22} {Line(breaks)}{(rendering.Refused.Count > 0 ? $"  refused: {string.Join(", ", rendering.Refused)}" : "")}");
            foreach (var one in breaks.Where(one => !one.IsMet && one.IsFromEqualStart))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    page {one.Page}: Word goes on with \"{one.Text}\", we {Distance(one)}"));
            }
        }

        Console.WriteLine();
        Console.WriteLine($"all: {Sum(all)}");
        Console.WriteLine($"kept: {Sum(kept)}");
        return 0;
    }

    /// <summary>What a document's breaks come to, in words.</summary>
    public static string Line(IReadOnlyList<ComparedBreak> breaks)
    {
        var line = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"Word's breaks {breaks.Count(one => one.IsMet)}/{breaks.Count}"));
        if (breaks.FirstOrDefault(one => !one.IsMet) is { } missed)
        {
            line.Append(CultureInfo.InvariantCulture, $" (first missed on page {missed.Page}: {Distance(missed)})");
        }

        return line.ToString();
    }

    /// <summary>What the breaks of many documents come to, in words.</summary>
    public static string Sum(IReadOnlyCollection<IReadOnlyList<ComparedBreak>> documents)
    {
        var breaks = documents.SelectMany(one => one).ToArray();
        var fromStart = breaks.Where(one => one.IsFromEqualStart).ToArray();
        return breaks.Length == 0 ? "no document whose breaks by Word are known" : string.Create(CultureInfo.InvariantCulture,
            $"Word's breaks are known of {documents.Count(one => one.Count > 0)} documents: met {breaks.Count(one => one.IsMet) / (double)breaks.Length:0.0 %} of {breaks.Length}; of pages that began where Word's did {fromStart.Count(one => one.IsMet) / (double)Math.Max(1, fromStart.Length):0.0 %} of {fromStart.Length}, earlier {fromStart.Count(one => one.Words < 0)}, later {fromStart.Count(one => one.Words > 0)}; all met in {documents.Count(one => one.Count > 0 && one.All(b => b.IsMet))} documents");
    }

    private static string Distance(ComparedBreak one) => string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(one.Words)} words ({Math.Abs(one.Lines)} lines) {(one.Words < 0 ? "earlier" : "later")}");
}
