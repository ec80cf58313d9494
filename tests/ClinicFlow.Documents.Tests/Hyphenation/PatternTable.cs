using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ClinicFlow.Documents.Tests.Hyphenation;

/// <summary>Makes <c>patterns.bin</c> of the files of hyph-utf8 that lie beside this one, as they are published (Debian's packages texlive-lang-*), with their licences.</summary>
internal static partial class PatternTable
{
    // Norwegian has one set of patterns, and exceptions for its two languages.
    private static readonly Dictionary<string, string> PatternsElsewhere = new() { ["nb"] = "no", ["nn"] = "no" };

    public static string Folder { get; } = Checkout.PathOf("tests", "ClinicFlow.Documents.Tests", "Hyphenation", "Patterns");

    public static IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "hyph-*.tex").Order(StringComparer.Ordinal);

    public static byte[] Make()
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        var names = Files.Select(path => Path.GetFileNameWithoutExtension(path)["hyph-".Length..]).Where(name => !PatternsElsewhere.ContainsValue(name)).ToArray();
        writer.Write((byte)names.Length);
        foreach (var name in names)
        {
            var text = Read(name);
            var patterns = PatternsElsewhere.TryGetValue(name, out var other) ? Read(other) : text;
            writer.Write((byte)name.Length);
            writer.Write(Encoding.ASCII.GetBytes(name));
            var fewest = Fewest().Matches(text).OrderByDescending(match => match.Groups[0].Value[0]).First();
            writer.Write(byte.Parse(fewest.Groups[1].Value, CultureInfo.InvariantCulture));
            writer.Write(byte.Parse(fewest.Groups[2].Value, CultureInfo.InvariantCulture));
            var data = MakeOne(Words(patterns, "patterns"), [.. Words(patterns, "hyphenation"), .. ReferenceEquals(patterns, text) ? [] : Words(text, "hyphenation")]);
            writer.Write((uint)data.Length);
            writer.Write(data);
        }

        return file.ToArray();
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(Folder, $"hyph-{name}.tex"));

    private static byte[] MakeOne(string[] patterns, string[] exceptions)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file, Encoding.Unicode);
        exceptions = [.. exceptions.Select(word => word.ToLowerInvariant()).Distinct()];
        char[] alphabet = ['.', .. string.Concat(patterns.Concat(exceptions)).Where(c => !char.IsAsciiDigit(c) && c is not ('.' or '-')).Distinct().Order()];
        writer.Write((byte)alphabet.Length);
        foreach (var letter in alphabet)
        {
            writer.Write((ushort)letter);
        }

        var sorted = patterns.Select(pattern => (Letters: Digits().Replace(pattern, "").Select(c => (byte)Array.IndexOf(alphabet, c)).ToArray(), Pattern: pattern)).OrderBy(one => string.Concat(one.Letters.Select(number => (char)number)), StringComparer.Ordinal).ToArray();
        writer.Write((ushort)sorted.Length);
        byte[] before = [];
        foreach (var (letters, pattern) in sorted)
        {
            var known = letters.AsSpan().CommonPrefixLength(before);
            writer.Write(checked((byte)((Nibble(known) << 4) | Nibble(letters.Length - known))));
            writer.Write(letters.AsSpan(known));
            List<byte> values = [];
            var at = 0;
            foreach (var c in pattern)
            {
                if (char.IsAsciiDigit(c))
                {
                    values.Add((byte)((Nibble(at) << 4) | (c - '0')));
                }
                else
                {
                    at++;
                }
            }

            writer.Write((byte)values.Count);
            writer.Write([.. values]);
            before = letters;
        }

        writer.Write((ushort)exceptions.Length);
        foreach (var exception in exceptions)
        {
            var letters = exception.Where(c => c != '-').ToArray();
            writer.Write((byte)letters.Length);
            writer.Write(letters.Select(c => (byte)Array.IndexOf(alphabet, c)).ToArray());
            List<byte> places = [];
            for (var i = 0; i < exception.Length; i++)
            {
                if (exception[i] == '-')
                {
                    places.Add((byte)(i - places.Count));
                }
            }

            writer.Write((byte)places.Count);
            writer.Write([.. places]);
        }

        return file.ToArray();
    }

    private static int Nibble(int value) => value is >= 0 and <= 15 ? value : throw new InvalidDataException("A pattern is longer than the file's form allows.");

    private static string[] Words(string file, string command) => [.. Regex.Matches(Comment().Replace(file, ""), $@"\\{command}\s*\{{([^}}]*)\}}").SelectMany(match => match.Groups[1].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))];

    [GeneratedRegex("%.*")]
    private static partial Regex Comment();

    [GeneratedRegex("[0-9]")]
    private static partial Regex Digits();

    // Those for typesetting where there are others, for how the patterns were made.
    [GeneratedRegex(@"(?:typesetting|generation):\s*\n%\s+left:\s*(\d)\s*\n%\s+right:\s*(\d)")]
    private static partial Regex Fewest();
}
