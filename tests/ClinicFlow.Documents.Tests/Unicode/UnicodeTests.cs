using System.Globalization;
using ClinicFlow.Documents.Unicode;
using Xunit;

namespace ClinicFlow.Documents.Tests.Unicode;

/// <summary>The algorithms against Unicode's own test files, which Debian's package unicode-data brings.</summary>
public sealed class UnicodeTests
{
    [Fact]
    public void The_property_table_is_what_the_files_of_Unicode_say()
    {
        var made = PropertyTable.Make();
        var path = Checkout.PathOf("src", "ClinicFlow.Documents", "Unicode", "properties.bin");
        if (Environment.GetEnvironmentVariable("UPDATE") == "1")
        {
            File.WriteAllBytes(path, made);
        }

        Assert.True(made.AsSpan().SequenceEqual(File.ReadAllBytes(path)), "properties.bin differs from the files of Unicode; UPDATE=1 ./test rewrites it.");
    }

    [Fact]
    public void Lines_break_as_in_the_test_file_of_UAX_14()
    {
        var failures = new List<string>();
        var count = 0;
        foreach (var line in File.ReadLines(Path.Combine(PropertyTable.Folder, "auxiliary", "LineBreakTest.txt")))
        {
            var fields = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0)
            {
                continue;
            }

            // "× 0041 ÷ 0042 ÷": between characters, whether a line may end there.
            var text = string.Concat(fields.Where((_, i) => i % 2 == 1).Select(hex => char.ConvertFromUtf32(int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
            var breaks = new LineBreak[text.Length];
            LineBreaks.Find(text, breaks);
            var at = 0;
            for (var i = 1; i < fields.Length; i += 2)
            {
                var expected = i > 1 && fields[i - 1] == "÷";
                if (expected != (breaks[at] != LineBreak.No))
                {
                    failures.Add(line);
                    break;
                }

                at += int.Parse(fields[i], NumberStyles.HexNumber, CultureInfo.InvariantCulture) > 0xFFFF ? 2 : 1;
            }

            count++;
        }

        Assert.True(count > 7000, $"only {count} cases");
        Assert.True(failures.Count == 0, $"{failures.Count} of {count}:\n" + string.Join('\n', failures.Take(30)));
    }

    [Fact]
    public void Levels_and_order_are_as_in_the_character_test_file_of_UAX_9()
    {
        var failures = new List<string>();
        var count = 0;
        foreach (var line in File.ReadLines(Path.Combine(PropertyTable.Folder, "BidiCharacterTest.txt")))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var fields = line.Split(';');
            var codes = fields[0].Split(' ').Select(hex => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
            var direction = fields[1] switch { "0" => ParagraphDirection.LeftToRight, "1" => ParagraphDirection.RightToLeft, _ => ParagraphDirection.OfFirstLetter };
            var (paragraphLevel, levels, order) = Check(codes, direction);
            var expected = fields[3].Split(' ');
            var isRight = paragraphLevel == int.Parse(fields[2], CultureInfo.InvariantCulture)
                && levels.Zip(expected).All(pair => pair.Second == "x" || pair.First == int.Parse(pair.Second, CultureInfo.InvariantCulture))
                && order.Where(i => expected[i] != "x").SequenceEqual(fields[4].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(i => int.Parse(i, CultureInfo.InvariantCulture)));
            count++;
            if (!isRight)
            {
                failures.Add($"{line} got {string.Join(' ', levels)}");
            }
        }

        Assert.True(count > 90_000, $"only {count} cases");
        Assert.True(failures.Count == 0, $"{failures.Count} of {count}:\n" + string.Join('\n', failures.Take(20)));
    }

    [Fact]
    public void Levels_are_as_in_the_class_test_file_of_UAX_9()
    {
        // A character of each class; one that needs no surrogate pair.
        var characters = new Dictionary<string, int>
        {
            ["L"] = 'a', ["R"] = 0x05D0, ["AL"] = 0x0627, ["EN"] = '1', ["ES"] = '+', ["ET"] = '$', ["AN"] = 0x0661, ["CS"] = ',', ["NSM"] = 0x0300, ["BN"] = 0x00AD,
            ["B"] = 0x2029, ["S"] = '\t', ["WS"] = ' ', ["ON"] = '!', ["LRE"] = 0x202A, ["LRO"] = 0x202D, ["RLE"] = 0x202B, ["RLO"] = 0x202E, ["PDF"] = 0x202C,
            ["LRI"] = 0x2066, ["RLI"] = 0x2067, ["FSI"] = 0x2068, ["PDI"] = 0x2069,
        };
        Assert.All(characters, pair => Assert.Equal(Enum.Parse<BidiClass>(pair.Key), CharacterProperties.BidiClassOf(pair.Value)));
        var failures = new List<string>();
        var count = 0;
        string[] expected = [];
        foreach (var line in File.ReadLines(Path.Combine(PropertyTable.Folder, "BidiTest.txt")))
        {
            if (line.StartsWith("@Levels:", StringComparison.Ordinal))
            {
                expected = line["@Levels:".Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            }
            else if (line.Length > 0 && line[0] is not ('#' or '@'))
            {
                var (classes, directions) = line.Split(';') is [var first, var second] ? (first.Split(' '), int.Parse(second, NumberStyles.HexNumber, CultureInfo.InvariantCulture)) : throw new InvalidDataException(line);
                foreach (var (bit, direction) in new[] { (1, ParagraphDirection.OfFirstLetter), (2, ParagraphDirection.LeftToRight), (4, ParagraphDirection.RightToLeft) })
                {
                    if ((directions & bit) != 0)
                    {
                        var (_, levels, _) = Check([.. classes.Select(name => characters[name])], direction);
                        count++;
                        if (!levels.Zip(expected).All(pair => pair.Second == "x" || pair.First == int.Parse(pair.Second, CultureInfo.InvariantCulture)))
                        {
                            failures.Add($"{line} {direction}: {string.Join(' ', expected)} got {string.Join(' ', levels)}");
                        }
                    }
                }
            }
        }

        Assert.True(count > 700_000, $"only {count} cases");
        Assert.True(failures.Count == 0, $"{failures.Count} of {count}:\n" + string.Join('\n', failures.Take(20)));
    }

    [Fact]
    public void Text_without_letters_that_read_from_the_right_is_known_at_a_glance()
    {
        Assert.True(Bidi.IsLeftToRightOnly("Łukasz Żółć, 12.5 % — 中文 नमस्ते 🙂"));
        Assert.False(Bidi.IsLeftToRightOnly("Mr. שלום"));
        Assert.False(Bidi.IsLeftToRightOnly("a\u202Eb"));
        Assert.False(Bidi.IsLeftToRightOnly("\U00010800"));
    }

    [Theory]
    [InlineData("see http://a.b/c-d now", "see |http://|a.b/|c-|d |now")]
    [InlineData("12.50 € (20%)", "12.50 |€ |(20%)")]
    [InlineData("日本語、テスト。", "日|本|語、|テ|ス|ト。")]
    [InlineData("a\u00A0b c\u00ADd", "a\u00A0b |c\u00AD|d")]
    [InlineData("Ζωή–και", "Ζωή–|και")]
    public void Everyday_text_breaks_where_a_reader_expects(string text, string expected)
    {
        var breaks = new LineBreak[text.Length];
        LineBreaks.Find(text, breaks);
        Assert.Equal(expected, string.Concat(text.Select((c, i) => (breaks[i] == LineBreak.No ? "" : "|") + c)));
    }

    private static (int Level, byte[] Levels, int[] Order) Check(int[] codes, ParagraphDirection direction)
    {
        var text = string.Concat(codes.Select(char.ConvertFromUtf32));
        var levels = new byte[text.Length];
        var level = Bidi.FindLevels(text, direction, levels);
        Bidi.ResetSpaces(text, levels, level);

        // The files speak of characters.
        var starts = new List<int>();
        for (var at = 0; at < text.Length; at += char.IsHighSurrogate(text[at]) ? 2 : 1)
        {
            starts.Add(at);
        }

        var perCharacter = starts.Select(at => levels[at]).ToArray();
        var order = new int[perCharacter.Length];
        Bidi.Reorder(perCharacter, order);
        return (level, perCharacter, order);
    }
}
