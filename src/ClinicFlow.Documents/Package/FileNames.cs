using System.Buffers;
using System.Globalization;
using System.Text;

namespace ClinicFlow.Documents.Package;

/// <summary>
/// Makes file names out of any text, such as a patient's name, and never gives one twice. They are safe on Windows,
/// macOS and Linux, show as they read, and hold no path. The same texts in the same order give the same names. Used by
/// one thread at a time.
/// </summary>
public sealed class FileNames
{
    /// <summary>The longest name with its ending, in UTF-16 characters.</summary>
    public const int MaxCharacters = 120;

    /// <summary>The longest name with its ending, in bytes of UTF-8: file systems take 255.</summary>
    public const int MaxBytes = 240;

    /// <summary>What of both is left free for an ending, such as <c>.docx</c>.</summary>
    public const int EndingRoom = 8;

    // Of most names nothing is to be changed, and each of their characters is one to people too.
    private static readonly SearchValues<char> Plain = SearchValues.Create(" !#$%&'()+,-.0123456789;=@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{}~");

    private static readonly string StartTrimmed = $"{Spaces}.-~";
    private static readonly string EndTrimmed = $"{Spaces}.";

    // A hash for each name and the number last given to it: 16 bytes, where a million names would take hundreds of
    // megabytes. Two names with one hash only mean that one of them gets a number it did not need.
    private readonly Dictionary<long, int> _taken = [];

    /// <summary>
    /// Turns a text into a name without ending. What separates paths, is forbidden on Windows, does not show or turns
    /// the reading direction becomes <c>_</c>; Windows' device names get one in front; the text is normalised (NFC), cut
    /// between characters as people count them, and loses the spaces and dots at its ends.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="fallback">The name of a text of which nothing is left; it must be a safe name itself.</param>
    public static string MakeSafe(string text, string fallback = "document") => Shorten(Cleaned(text), 0) is { Length: > 0 } name ? name : fallback;

    /// <summary>
    /// Takes a name that was not given yet: the safe name of a text, or that with <c> (2)</c>, <c> (3)</c> and so on. Names
    /// that differ in letter case only count as the same, as Windows and macOS have it. A document in two formats has one
    /// name and two endings.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="fallback">The name of a text of which nothing is left; it must be a safe name itself.</param>
    /// <returns>The name without ending.</returns>
    public string Claim(string text, string fallback = "document")
    {
        var cleaned = Cleaned(text);
        var name = Shorten(cleaned, 0);
        if (name.Length == 0)
        {
            name = cleaned = fallback;
        }

        var first = HashOf(name);
        if (_taken.TryAdd(first, 1))
        {
            return name;
        }

        while (true)
        {
            var suffix = string.Create(CultureInfo.InvariantCulture, $" ({++_taken[first]})");
            var numbered = (Shorten(cleaned, suffix.Length) is { Length: > 0 } start ? start : fallback) + suffix;
            if (_taken.TryAdd(HashOf(numbered), 1))
            {
                return numbered;
            }
        }
    }

    /// <summary>Marks a name as taken, such as that of a file that is there already.</summary>
    /// <param name="name">The name without ending.</param>
    public void Reserve(string name) => _taken.TryAdd(HashOf(Cleaned(name)), 1);

    private static string Cleaned(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text.AsSpan().TrimStart(StartTrimmed).ToString();
        }

        // Half a surrogate pair comes as U+FFFD here, and what is no character goes: the rest can be normalised.
        var name = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            name.Append(IsSafe(rune) ? rune.ToString() : "_");
        }

        // A leading dot hides a file, "-" reads as an option, and "~$" is how Word calls its lock files.
        return name.ToString().Normalize(NormalizationForm.FormC).AsSpan().TrimStart(StartTrimmed).ToString();
    }

    /// <summary>The start of a cleaned text that is a name and leaves room for a number and an ending.</summary>
    private static string Shorten(string cleaned, int room)
    {
        // One is kept for the "_" that a device's name gets.
        var (maxCharacters, maxBytes) = (MaxCharacters - EndingRoom - room - 1, MaxBytes - EndingRoom - room - 1);
        var isPlain = !cleaned.AsSpan().ContainsAnyExcept(Plain);
        var (characters, bytes) = (isPlain ? Math.Min(cleaned.Length, maxCharacters) : 0, 0);
        while (!isPlain && characters < cleaned.Length)
        {
            // A grapheme cluster is kept whole: half a flag or an accent without its letter is another text.
            var cluster = StringInfo.GetNextTextElementLength(cleaned, characters);
            var clusterBytes = Encoding.UTF8.GetByteCount(cleaned.AsSpan(characters, cluster));
            if (characters + cluster > maxCharacters || bytes + clusterBytes > maxBytes)
            {
                break;
            }

            characters += cluster;
            bytes += clusterBytes;
        }

        // Windows drops trailing dots and spaces.
        var name = cleaned.AsSpan(0, characters).TrimEnd(EndTrimmed).ToString();
        return IsDevice(name) ? "_" + name : name;
    }

    private static ReadOnlySpan<char> Spaces => " \u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000";

    private static bool IsSafe(Rune rune) => rune.Value switch
    {
        '<' or '>' or ':' or '"' or '/' or '\\' or '|' or '?' or '*' or 0xFFFD => false,
        0x200C or 0x200D => true, // joiners belong to Persian, to Indian scripts and to emoji
        _ => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned),
    };

    /// <summary>Device names, which Windows does not take for files whatever ending follows. Superscript digits count too.
    /// Source: "Naming Files, Paths, and Namespaces" of the Windows documentation.</summary>
    private static bool IsDevice(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var first = name.AsSpan(0, dot < 0 ? name.Length : dot).TrimEnd();
        if (first.Length is < 3 or > 7)
        {
            return false;
        }

        var stem = first.ToString().ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL" or "CONIN$" or "CONOUT$" or "CLOCK$"
            || (stem.Length == 4 && stem[..3] is "COM" or "LPT" && (char.IsAsciiDigit(stem[3]) || stem[3] is '\u00B9' or '\u00B2' or '\u00B3'));
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
