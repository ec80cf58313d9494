using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Reflection;
using System.Text;

namespace ClinicFlow.Documents.Hyphenation;

/// <summary>
/// Where words of a language may be divided: Liang's algorithm (F. M. Liang, "Word Hy-phen-a-tion by Com-put-er", 1983) over the patterns of hyph-utf8, of which
/// <c>patterns.bin</c> holds those with a permissive licence (THIRD-PARTY-NOTICES.txt). The tests make that file of the patterns as they are published.
/// Immutable, and shared by threads.
/// </summary>
internal sealed class HyphenationPatterns
{
    // patterns.bin, little-endian: count of languages u8; of each: name (length u8, ASCII), fewest letters before and behind a hyphen (u8 each), length of what follows u32;
    // alphabet (count u8, UTF-16 each; the first is '.', the edge of a word); count of patterns u16; the patterns in the order of their letters: how many letters
    // are those of the one before (high nibble) and how many follow (low), these as numbers in the alphabet (u8), count of values u8, each with its place (high nibble);
    // count of exceptions u16; of each: letters (count u8, numbers u8), count of hyphens u8, the places (u8).
    private static readonly FrozenDictionary<string, Lazy<HyphenationPatterns>> Languages = Open();

    // A pattern is at most 14 letters long.
    private const int LongestWord = 60;

    /// <summary>Shorter words are not divided.</summary>
    public const int ShortestWord = 5;

    private readonly Dictionary<char, byte> _alphabet = [];
    private readonly int[] _firstChild;
    private readonly int[] _nextSibling;
    private readonly byte[] _letters;
    private readonly int[] _values;
    private readonly byte[] _levels;
    private readonly Dictionary<string, byte[]> _exceptions = new(StringComparer.Ordinal);
    private readonly int _before;
    private readonly int _behind;

    private HyphenationPatterns(ReadOnlySpan<byte> data, int before, int behind)
    {
        (_before, _behind) = (before, behind);
        var reader = new Reader(data);
        var letters = new char[reader.Byte()];
        for (var i = 0; i < letters.Length; i++)
        {
            letters[i] = (char)reader.Short();
            _alphabet[letters[i]] = (byte)i;
        }

        // A tree of letters. Patterns come in order, so the node that is added is always the last of its parent's children.
        var tree = new Tree();
        var levels = new List<byte>();
        Span<int> path = stackalloc int[16];
        Span<byte> values = stackalloc byte[16];
        for (var count = (int)reader.Short(); count > 0; count--)
        {
            var lengths = reader.Byte();
            var (known, more) = (lengths >> 4, lengths & 15);
            for (var i = 0; i < more; i++)
            {
                path[known + i + 1] = tree.Add(path[known + i], reader.Byte());
            }

            var length = known + more;
            values[..(length + 1)].Clear();
            for (var numbers = (int)reader.Byte(); numbers > 0; numbers--)
            {
                var number = reader.Byte();
                values[number >> 4] = (byte)(number & 15);
            }

            tree.Values[path[length]] = levels.Count;
            levels.AddRange(values[..(length + 1)]);
        }

        (_firstChild, _nextSibling, _letters, _values, _levels) = ([.. tree.FirstChild], [.. tree.NextSibling], [.. tree.Letters], [.. tree.Values], [.. levels]);
        for (var count = (int)reader.Short(); count > 0; count--)
        {
            var word = new char[reader.Byte()];
            for (var i = 0; i < word.Length; i++)
            {
                word[i] = letters[reader.Byte()];
            }

            var hyphens = new byte[reader.Byte()];
            for (var i = 0; i < hyphens.Length; i++)
            {
                hyphens[i] = reader.Byte();
            }

            _exceptions[new string(word)] = hyphens;
        }
    }

    /// <summary>Names of the languages that there are patterns of, as in hyph-utf8.</summary>
    public static IEnumerable<string> Names => Languages.Keys.Order(StringComparer.Ordinal);

    /// <summary>The patterns for text of a language.</summary>
    /// <param name="tag">A tag such as <c>en-GB</c>.</param>
    /// <returns>Null where there are none.</returns>
    public static HyphenationPatterns? For(string tag) => NameFor(tag) is { } name && Languages.TryGetValue(name, out var patterns) ? patterns.Value : null;

    /// <summary>Whether there are patterns for a language.</summary>
    public static bool Know(string tag) => NameFor(tag) is { } name && Languages.ContainsKey(name);

    /// <summary>Whether text is marked as being in no language (<c>zxx</c>, Word's <c>x-none</c>): it is never divided.</summary>
    public static bool IsNoLanguage(string tag) => tag.StartsWith("zxx", StringComparison.OrdinalIgnoreCase) || tag.Equals("x-none", StringComparison.OrdinalIgnoreCase);

    /// <summary>Letters of the scripts whose words are divided with hyphens.</summary>
    public static bool IsLetter(char c) => (c < 0x0590 || c is >= '\u1E00' and <= '\u1FFF') && char.IsLetter(c);

    /// <summary>Whether a text holds a word long enough to be divided: five letters.</summary>
    public static bool HasWord(string text)
    {
        var letters = 0;
        foreach (var c in text)
        {
            letters = IsLetter(c) ? letters + 1 : 0;
            if (letters == ShortestWord)
            {
                return true;
            }
        }

        return false;
    }

    private static string? NameFor(string tag)
    {
        var end = tag.AsSpan().IndexOfAny('-', '_');
        var language = (end < 0 ? tag : tag[..end]).ToLowerInvariant();
        var region = end < 0 ? "" : tag[(end + 1)..].ToUpperInvariant();
        return language switch
        {
            "" => null,
            "en" => region is "" or "US" or "CA" or "PH" or "PR" ? "en-us" : "en-gb",
            "de" => "de-1996",
            "no" => "nb",
            _ => language,
        };
    }

    /// <summary>Finds where a word may be divided.</summary>
    /// <param name="word">Letters only, of any case.</param>
    /// <param name="places">Gets in rising order how many letters stand before each hyphen.</param>
    public void Divide(ReadOnlySpan<char> word, List<int> places)
    {
        places.Clear();
        if (word.Length < _before + _behind || word.Length > LongestWord)
        {
            return;
        }

        Span<char> lower = stackalloc char[LongestWord];
        lower = lower[..word.ToLowerInvariant(lower)];
        if (_exceptions.Count > 0 && _exceptions.TryGetValue(lower.ToString(), out var known))
        {
            foreach (var place in known)
            {
                places.Add(place);
            }

            return;
        }

        // With a dot at both ends, which patterns use for the edges of words.
        Span<byte> codes = stackalloc byte[LongestWord + 2];
        codes[0] = 0;
        for (var i = 0; i < lower.Length; i++)
        {
            codes[i + 1] = _alphabet.GetValueOrDefault(lower[i], byte.MaxValue);
        }

        codes[lower.Length + 1] = 0;
        codes = codes[..(lower.Length + 2)];
        Span<byte> levels = stackalloc byte[LongestWord + 3];
        levels.Clear();
        for (var start = 0; start < codes.Length; start++)
        {
            var node = 0;
            for (var at = start; at < codes.Length && (node = Child(node, codes[at])) > 0; at++)
            {
                if (_values[node] is >= 0 and var values)
                {
                    for (var i = 0; i <= at - start + 1; i++)
                    {
                        levels[start + i] = Math.Max(levels[start + i], _levels[values + i]);
                    }
                }
            }
        }

        for (var i = _before; i <= lower.Length - _behind; i++)
        {
            if ((levels[i + 1] & 1) != 0)
            {
                places.Add(i);
            }
        }
    }

    // 0 for none: the root is nobody's child.
    private int Child(int node, byte letter)
    {
        var child = _firstChild[node];
        while (child > 0 && _letters[child] != letter)
        {
            child = _nextSibling[child];
        }

        return child;
    }

    private static FrozenDictionary<string, Lazy<HyphenationPatterns>> Open()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("ClinicFlow.Documents.Hyphenation.patterns.bin")!;
        var file = new byte[stream.Length];
        stream.ReadExactly(file);
        var found = new Dictionary<string, Lazy<HyphenationPatterns>>(StringComparer.Ordinal);
        var at = 1;
        for (var count = file[0]; count > 0; count--)
        {
            var name = Encoding.ASCII.GetString(file, at + 1, file[at]);
            at += 1 + file[at];
            var (before, behind) = (file[at], file[at + 1]);
            var (start, length) = (at + 6, (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 2)));
            found[name] = new(() => new(file.AsSpan(start, length), before, behind));
            at = start + length;
        }

        return found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private sealed class Tree
    {
        private readonly List<int> _lastChild = [0];

        public List<int> FirstChild { get; } = [0];

        public List<int> NextSibling { get; } = [0];

        public List<byte> Letters { get; } = [0];

        public List<int> Values { get; } = [-1];

        public int Add(int parent, byte letter)
        {
            var node = Letters.Count;
            Letters.Add(letter);
            FirstChild.Add(0);
            NextSibling.Add(0);
            Values.Add(-1);
            _lastChild.Add(0);
            if (FirstChild[parent] == 0)
            {
                FirstChild[parent] = node;
            }
            else
            {
                NextSibling[_lastChild[parent]] = node;
            }

            _lastChild[parent] = node;
            return node;
        }
    }

    private ref struct Reader(ReadOnlySpan<byte> data)
    {
        private ReadOnlySpan<byte> _data = data;

        public byte Byte()
        {
            var value = _data[0];
            _data = _data[1..];
            return value;
        }

        public ushort Short()
        {
            var value = BinaryPrimitives.ReadUInt16LittleEndian(_data);
            _data = _data[2..];
            return value;
        }
    }
}
