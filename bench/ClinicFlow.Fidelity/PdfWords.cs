using System.Globalization;
using System.Text.RegularExpressions;

namespace ClinicFlow.Fidelity;

/// <summary>A word on a page, in points from its top left corner.</summary>
internal sealed record PdfWord(string Text, int Page, double X, double Y);

/// <summary>The words of a PDF in reading order, as <c>pdftotext -bbox</c> finds them.</summary>
internal sealed partial record PdfWords(int Pages, IReadOnlyList<PdfWord> Words)
{
    /// <summary>Reads them.</summary>
    /// <param name="pdf">The file.</param>
    /// <param name="isAsDrawn">In the order in which they are drawn, which for most writers is that of the text.</param>
    public static async Task<PdfWords> ReadAsync(string pdf, bool isAsDrawn = false)
    {
        var text = await Tool.RunAsync("pdftotext", isAsDrawn ? ["-raw", "-bbox", pdf, "-"] : ["-bbox", pdf, "-"]);
        var words = new List<PdfWord>();
        var page = 0;
        foreach (var line in text.Split('\n'))
        {
            if (line.AsSpan().TrimStart().StartsWith("<page "))
            {
                page++;
            }
            else if (Word().Match(line) is { Success: true } match)
            {
                words.Add(new PdfWord(System.Net.WebUtility.HtmlDecode(match.Groups[3].Value), page, Number(match.Groups[1]), Number(match.Groups[2])));
            }
        }

        return new PdfWords(page, words);
    }

    private static double Number(Group group) => double.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("""<word xMin="([-0-9.]+)" yMin="([-0-9.]+)"[^>]*>(.*)</word>""")]
    private static partial Regex Word();
}
