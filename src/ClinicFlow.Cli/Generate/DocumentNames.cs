using System.Globalization;
using System.Text;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Cli.Generate;

/// <summary>
/// Gives every record the name of its document. The names depend on nothing but the data and its order, so that a run
/// that goes on gives the same names. Names that differ only in letter case count as the same, as some file systems
/// have it; the second becomes <c>name (2)</c>. Used by one thread.
/// </summary>
internal sealed class DocumentNames
{
    // A file name may have 255 bytes on the usual file systems: room is left for a number and an ending.
    private const int MaxNameBytes = 220;

    private readonly TextTemplate? _template;
    private readonly string _fallback;
    private readonly RenderOptions _options;

    // A hash for each name and the number last given to it: 16 bytes, where a million names would take hundreds of
    // megabytes. Two names with one hash only mean that one of them gets a number it did not need.
    private readonly Dictionary<long, int> _taken = [];

    /// <summary>Makes the names.</summary>
    /// <param name="template">The name with its tags; null for <paramref name="templateName"/> and the row.</param>
    /// <param name="templateName">The template's own name.</param>
    /// <param name="options">The job's options.</param>
    public DocumentNames(TextTemplate? template, string templateName, RenderOptions options)
    {
        _template = template;
        _fallback = MakeSafe(templateName, "document");
        _options = options;
    }

    /// <summary>Marks a name, without its ending, as not to be given.</summary>
    public void Reserve(string name) => _taken.TryAdd(HashOf(name), 1);

    /// <summary>The name of a record's document, without ending; null where the record does not give one.</summary>
    /// <param name="record">The record.</param>
    /// <param name="problems">Receives the reasons.</param>
    public string? Next(MergeRecord record, List<Problem> problems)
    {
        var rendered = _template?.Render(record, _options, problems);
        if (problems.Count > 0)
        {
            return null;
        }

        // Six digits: files sort as their rows do up to a million, and the width does not depend on what is still to be read.
        var wanted = rendered is null ? $"{_fallback} {record.Row:D6}" : MakeSafe(rendered, $"{_fallback} {record.Row:D6}");
        return Claim(wanted);
    }

    /// <summary>Takes a name, with a number where it is taken already.</summary>
    public string Claim(string wanted)
    {
        var hash = HashOf(wanted);
        if (_taken.TryAdd(hash, 1))
        {
            return wanted;
        }

        while (true)
        {
            var name = $"{wanted} ({++_taken[hash]})";
            if (_taken.TryAdd(HashOf(name), 1))
            {
                return name;
            }
        }
    }

    /// <summary>Turns any text into a name that the usual file systems take and that shows as it is.</summary>
    internal static string MakeSafe(string text, string fallback)
    {
        var name = new StringBuilder();
        var bytes = 0;
        var elements = StringInfo.GetTextElementEnumerator(Normalized(text).Trim());
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            var safe = string.Concat(element.EnumerateRunes().Select(rune => IsSafe(rune) ? rune.ToString() : "_"));
            bytes += Encoding.UTF8.GetByteCount(safe);
            if (bytes > MaxNameBytes)
            {
                break;
            }

            name.Append(safe);
        }

        // Windows drops trailing dots and spaces, and a leading dot hides a file.
        var trimmed = name.ToString().Trim(' ', '.', '\u00A0');
        if (trimmed.Length == 0)
        {
            return fallback;
        }

        return IsDevice(trimmed) ? $"_{trimmed}" : trimmed;
    }

    private static string Normalized(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair cannot be normalised; EnumerateRunes replaces it.
            return text;
        }
    }

    /// <summary>Not what separates paths or is forbidden on Windows; no control; nothing that turns the reading direction.</summary>
    private static bool IsSafe(Rune rune) => rune.Value switch
    {
        '<' or '>' or ':' or '"' or '/' or '\\' or '|' or '?' or '*' => false,
        0x200C or 0x200D => true, // joiners belong to Persian and to Indian scripts
        _ => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned),
    };

    /// <summary>Device names that Windows does not take for files, whatever ending follows.</summary>
    private static bool IsDevice(string name)
    {
        var stem = name.Split('.')[0].TrimEnd().ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL"
            || (stem.Length == 4 && stem[..3] is "COM" or "LPT" && char.IsAsciiDigit(stem[3]));
    }

    private static long HashOf(string name)
    {
        // FNV-1a, 64 bits: the same in every process, which string.GetHashCode is not.
        var hash = 14695981039346656037UL;
        foreach (var c in name.ToUpperInvariant())
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return (long)hash;
    }
}
