using ClinicFlow.Documents.Merge;

namespace ClinicFlow.Documents.Docx;

/// <summary>Finds the bookmarks that SET and ASK fields give a text to: a REF to one of them is computed for each record.</summary>
internal static class SetBookmarks
{
    private const int LongestName = 40; // Word's limit for bookmarks

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
            for (var at = 0; at < instruction.Length; at++)
            {
                if (NameAt(instruction, at) is { IsEmpty: false } name)
                {
                    names.Add(name.ToString());
                }
            }
        }
    }

    // The name behind SET or ASK, a word of its own, that stands here. By hand, as a regular expression would take most of the time that a first template is compiled in.
    private static ReadOnlySpan<char> NameAt(ReadOnlySpan<char> instruction, int at)
    {
        var rest = instruction[at..];
        if ((at > 0 && !char.IsWhiteSpace(instruction[at - 1])) || rest.Length < 5 || !char.IsWhiteSpace(rest[3])
            || !(rest.StartsWith("SET", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("ASK", StringComparison.OrdinalIgnoreCase)))
        {
            return default;
        }

        var name = rest[3..].TrimStart();
        name = name.StartsWith('"') ? name[1..] : name;
        var length = 0;
        while (length < Math.Min(name.Length, LongestName) && (char.IsLetter(name[length]) || name[length] == '_' || (length > 0 && char.IsNumber(name[length]))))
        {
            length++;
        }

        return name[..length];
    }
}
