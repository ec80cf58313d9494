using System.Text;

namespace ClinicFlow.Documents.Tags;

/// <summary>
/// Turns what an author and Word's auto-correction have left between the delimiters into plain characters, so that
/// the parser knows one kind of quote, space and dash. Inside quotes an author's own dashes and ellipses stay.
/// </summary>
internal static class TagSource
{
    /// <summary>
    /// The tag with every text in straight double quotes (a quote inside one doubled), plain spaces, hyphens, points and
    /// comparison signs, and without characters of no width.
    /// </summary>
    /// <returns>False where a quote is never closed.</returns>
    public static bool TryNormalize(string source, out string plain)
    {
        plain = "";
        var result = new StringBuilder(source.Length);
        for (var i = 0; i < source.Length; i++)
        {
            var c = source[i];
            if (IsDouble(c) || IsSingle(c))
            {
                i = CopyText(source, i, result);
                if (i < 0)
                {
                    return false;
                }

                continue;
            }

            if (c == '[' && source.IndexOf(']', i) is > 0 and var end)
            {
                // A column's own name in brackets: its quotes and dashes are part of it.
                foreach (var inner in source.AsSpan(i, end - i + 1))
                {
                    if (!IsWidthless(inner))
                    {
                        result.Append(char.IsWhiteSpace(inner) || char.IsControl(inner) ? ' ' : inner);
                    }
                }

                i = end;
                continue;
            }

            switch (c)
            {
                case '\u2026':
                    result.Append("..");
                    break;
                case '\u2260':
                    result.Append("!=");
                    break;
                case '\u2264':
                    result.Append("<=");
                    break;
                case '\u2265':
                    result.Append(">=");
                    break;
                case >= '\u2010' and <= '\u2015' or '\u2212':
                    result.Append('-');
                    break;
                case var _ when IsWidthless(c):
                    break;
                default:
                    result.Append(char.IsWhiteSpace(c) || char.IsControl(c) ? ' ' : c);
                    break;
            }
        }

        plain = result.ToString();
        return true;
    }

    // Copies the quoted text that starts at open; answers where it ends, or -1. Quotes close with any of their class:
    // German „Text“ ends with what starts an English text.
    private static int CopyText(string source, int open, StringBuilder result)
    {
        var isDouble = IsDouble(source[open]);
        var start = open + 1;
        for (var end = start; end < source.Length; end++)
        {
            var c = source[end];
            if (isDouble ? !IsDouble(c) : !IsSingle(c))
            {
                continue;
            }

            if (c is '"' or '\'' && end + 1 < source.Length && source[end + 1] == c)
            {
                end++;
                continue;
            }

            var text = source[start..end].Replace(c is '"' ? "\"\"" : "''", c is '"' ? "\"" : "'", StringComparison.Ordinal);
            if (source[open] == '\u00AB')
            {
                // French typing sets these spaces inside the quotes by itself.
                text = text.Trim('\u00A0', '\u202F');
            }

            result.Append('"');
            foreach (var inner in text)
            {
                if (inner is '\u200B' or '\uFEFF' or '\u00AD' or '\u2060')
                {
                    continue;
                }

                result.Append(inner == '"' ? "\"\"" : inner.ToString());
            }

            result.Append('"');
            return end;
        }

        return -1;
    }

    private static bool IsWidthless(char c)
        => c is '\u00AD' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u2069') or '\uFEFF';

    private static bool IsDouble(char c) => c is '"' or '\u201C' or '\u201D' or '\u201E' or '\u201F' or '\u00AB' or '\u00BB' or '\u2033' or '\uFF02';

    private static bool IsSingle(char c) => c is '\'' or '\u2018' or '\u2019' or '\u201A' or '\u201B' or '\u2039' or '\u203A' or '\u2032';
}
