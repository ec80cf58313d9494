using System.Text.RegularExpressions;
using ClinicFlow.Documents.Merge;

namespace ClinicFlow.Documents.Docx;

/// <summary>Finds the bookmarks that SET and ASK fields give a text to: a REF to one of them is computed for each record.</summary>
internal static partial class SetBookmarks
{
    public static IReadOnlySet<string> Find(IEnumerable<Story> stories)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var story in stories)
        {
            var word = story.Names;

            // Instructions may be cut anywhere; a paragraph's are read as one text. A name found too often does no harm.
            foreach (var paragraph in story.Root.Descendants(word.P))
            {
                Add(string.Concat(paragraph.Descendants().Where(e => e.Name == word.InstrText || e.Name == word.FldChar)
                    .Select(e => e.Name == word.FldChar ? "\n" : e.Value)));
            }

            foreach (var simple in story.Root.Descendants(word.FldSimple))
            {
                Add(simple.Attribute(word.Instr)?.Value ?? "");
            }
        }

        return names;

        void Add(string instruction)
        {
            foreach (Match match in SetOrAsk().Matches(instruction))
            {
                names.Add(match.Groups[1].Value);
            }
        }
    }

    [GeneratedRegex("""(?:^|\s)(?:SET|ASK)\s+"?([\p{L}_][\p{L}\p{N}_]{0,39})""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex SetOrAsk();
}
