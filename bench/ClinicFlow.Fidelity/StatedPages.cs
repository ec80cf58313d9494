using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace ClinicFlow.Fidelity;

/// <summary>How many pages Word itself says a document has (<c>docProps/app.xml</c>), where that can be believed.</summary>
internal static partial class StatedPages
{
    /// <summary>
    /// Null where Word did not save it, saved it in its web view, or says something that the document does not bear out: a number of characters that is not
    /// the document's (programs copy that part from other files), or one page though breaks lie in the text (Word had not yet counted).
    /// </summary>
    public static int? Of(string docx)
    {
        try
        {
            using var package = ZipFile.OpenRead(docx);
            var stated = Part(package, "docProps/app.xml");
            var text = Fallback().Replace(Part(package, "word/document.xml"), "");
            if (!Application().Match(stated).Groups[1].Value.StartsWith("Microsoft", StringComparison.Ordinal) || Part(package, "word/settings.xml").Contains("<w:view w:val=\"web\"", StringComparison.Ordinal))
            {
                return null;
            }

            var pages = Number(Pages().Match(stated));
            var characters = Number(CharacterCount().Match(stated));
            var found = Text().Matches(text).Sum(match => match.Groups[1].Value.Count(c => !char.IsWhiteSpace(c)));
            var isTheDocuments = characters * 3 >= found * 2 && found * 3 >= characters * 2;
            return pages == 0 || !isTheDocuments || (pages == 1 && Break().IsMatch(text)) ? null : pages;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static string Part(ZipArchive package, string name)
    {
        if (package.GetEntry(name) is not { } entry)
        {
            return "";
        }

        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }

    private static int Number(Match match) => int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex("<Application>([^<]*)")]
    private static partial Regex Application();

    [GeneratedRegex("<Pages>([0-9]+)<")]
    private static partial Regex Pages();

    [GeneratedRegex("<Characters>([0-9]+)<")]
    private static partial Regex CharacterCount();

    [GeneratedRegex("<mc:Fallback>.*?</mc:Fallback>", RegexOptions.Singleline)]
    private static partial Regex Fallback();

    [GeneratedRegex("<w:t(?: [^>]*)?>([^<]*)<")]
    private static partial Regex Text();

    [GeneratedRegex("<w:lastRenderedPageBreak ?/>|<w:br [^>]*w:type=\"page\"")]
    private static partial Regex Break();
}
