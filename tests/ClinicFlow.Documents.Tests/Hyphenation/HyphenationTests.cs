using System.Text.RegularExpressions;
using ClinicFlow.Documents.Hyphenation;
using Xunit;

namespace ClinicFlow.Documents.Tests.Hyphenation;

/// <summary>Where words are divided.</summary>
public sealed class HyphenationTests
{
    [Fact]
    public void The_file_of_patterns_is_what_the_published_patterns_say()
    {
        var made = PatternTable.Make();
        var path = Checkout.PathOf("src", "ClinicFlow.Documents", "Hyphenation", "patterns.bin");
        if (Environment.GetEnvironmentVariable("UPDATE") == "1")
        {
            File.WriteAllBytes(path, made);
        }

        Assert.True(made.AsSpan().SequenceEqual(File.ReadAllBytes(path)), "patterns.bin differs from the published patterns; UPDATE=1 ./test rewrites it.");
    }

    [Theory]
    [InlineData("en-US", "hyphenation", "hy-phen-ation")]
    [InlineData("en-US", "Associates", "As-so-ciates")]
    [InlineData("en-US", "criminal", "crim-i-nal")]
    [InlineData("en-GB", "hyphenation", "hy-phen-a-tion")]
    [InlineData("en-NZ", "consultation", "con-sulta-tion")]
    [InlineData("de-AT", "Einverständniserklärung", "Ein-ver-ständ-nis-er-klä-rung")]
    [InlineData("de-DE", "Autobahnen", "Au-to-bah-nen")]
    [InlineData("fr-FR", "consentement", "consen-te-ment")]
    [InlineData("es-ES", "consentimiento", "con-sen-ti-mien-to")]
    [InlineData("it-IT", "trattamento", "trat-ta-men-to")]
    [InlineData("pl-PL", "pacjentka", "pa-cjent-ka")]
    [InlineData("pt-BR", "paciente", "pa-ci-ente")]
    [InlineData("nb-NO", "attende", "at-ten-de")]
    [InlineData("nn-NO", "behandling", "be-hand-ling")]
    [InlineData("bg-BG", "пациентка", "па-ци-ент-ка")]
    [InlineData("en-US", "table", "ta-ble")]
    [InlineData("en-US", "word", "word")]
    public void Words_are_divided_as_their_language_does(string language, string word, string divided)
        => Assert.Equal(divided, Divide(language, word));

    [Theory]
    [InlineData("cs-CZ", false)]
    [InlineData("ru-RU", false)]
    [InlineData("", false)]
    [InlineData("en", true)]
    [InlineData("no", true)]
    [InlineData("de-CH", true)]
    public void Only_languages_with_patterns_are_known(string language, bool isKnown)
    {
        Assert.Equal(isKnown, HyphenationPatterns.Know(language));
        Assert.Equal(isKnown, HyphenationPatterns.For(language) is not null);
    }

    [Fact]
    public void Every_language_divides_as_the_plain_reading_of_its_patterns_does()
    {
        var count = 0;
        var random = new Random(31);
        foreach (var name in HyphenationPatterns.Names)
        {
            // Words that hold what the patterns ask for: two of them after each other.
            var text = File.ReadAllText(Path.Combine(PatternTable.Folder, $"hyph-{(name is "nb" or "nn" ? "no" : name)}.tex"));
            var patterns = Words(text, "patterns");
            var levels = patterns.ToDictionary(pattern => Regex.Replace(pattern, "[0-9]", ""), LevelsOf);
            var exceptions = Words(text, "hyphenation").Concat(name is "nb" or "nn" ? Words(File.ReadAllText(Path.Combine(PatternTable.Folder, $"hyph-{name}.tex")), "hyphenation") : [])
                .Select(word => word.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()).ToHashSet();
            var (before, behind) = name is "en-us" or "en-gb" or "pt" or "et" or "cy" or "ga" ? (2, 3) : (2, 2);
            for (var i = 0; i < 2000; i++)
            {
                var word = string.Concat(Enumerable.Range(0, 2).Select(_ => Regex.Replace(patterns[random.Next(patterns.Length)], "[0-9.']", "")));
                if (!exceptions.Contains(word))
                {
                    Assert.Equal($"{name}: {Plain(word, levels, before, behind)}", $"{name}: {Divide(name is "en-us" ? "en-US" : name is "en-gb" ? "en-GB" : name is "de-1996" ? "de" : name, word)}");
                    count++;
                }
            }
        }

        Assert.True(count > 30_000);
    }

    [Fact]
    public void Strange_words_divide_nowhere_and_do_no_harm()
    {
        foreach (var word in new[] { "", "a", "ααααααα", "\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00", new string('a', 61), "\0\0\0\0\0\0", "......." })
        {
            Assert.Equal(word, Divide("en-US", word));
        }
    }

    [Fact]
    public void The_licence_of_all_patterns_is_told_to_whoever_gets_them()
    {
        var notices = Regex.Replace(File.ReadAllText(Checkout.PathOf("src", "ClinicFlow.Documents", "THIRD-PARTY-NOTICES.txt")), @"\s+", " ");
        Assert.All(PatternTable.Files, file =>
        {
            var header = File.ReadLines(file).TakeWhile(line => line.StartsWith('%')).Select(line => line.TrimStart('%').Trim()).ToArray();
            var copyright = header.First(line => line.Contains("Copyright (C)", StringComparison.Ordinal));
            copyright = copyright[copyright.IndexOf("Copyright (C)", StringComparison.Ordinal)..];
            Assert.Contains(Path.GetFileName(file), notices, StringComparison.Ordinal);
            Assert.Contains(Regex.Replace(copyright, @"\s+", " ").Trim(), notices, StringComparison.Ordinal);
            Assert.False(header.Any(line => line is "name: GPL" or "name: LGPL") && !header.Any(line => line == "name: MIT"), file);
        });
    }

    private static string Divide(string language, string word)
    {
        var places = new List<int>();
        HyphenationPatterns.For(language)!.Divide(word, places);
        return Join(word, places);
    }

    private static string Join(string word, IEnumerable<int> places)
    {
        foreach (var place in places.Reverse())
        {
            word = word.Insert(place, "-");
        }

        return word;
    }

    private static string Plain(string word, Dictionary<string, int[]> patterns, int before, int behind)
    {
        var dotted = "." + word + ".";
        var levels = new int[dotted.Length + 1];
        for (var start = 0; start < dotted.Length; start++)
        {
            for (var end = start + 1; end <= dotted.Length; end++)
            {
                if (patterns.TryGetValue(dotted[start..end], out var own))
                {
                    for (var i = 0; i < own.Length; i++)
                    {
                        levels[start + i] = Math.Max(levels[start + i], own[i]);
                    }
                }
            }
        }

        return word.Length < before + behind ? word : Join(word, Enumerable.Range(before, word.Length - before - behind + 1).Where(i => levels[i + 1] % 2 == 1));
    }

    private static int[] LevelsOf(string pattern)
    {
        var levels = new int[pattern.Count(c => !char.IsAsciiDigit(c)) + 1];
        var at = 0;
        foreach (var c in pattern)
        {
            _ = char.IsAsciiDigit(c) ? levels[at] = c - '0' : at++;
        }

        return levels;
    }

    private static string[] Words(string file, string command) => [.. Regex.Matches(Regex.Replace(file, "%.*", ""), $@"\\{command}\s*\{{([^}}]*)\}}").SelectMany(match => match.Groups[1].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))];
}
