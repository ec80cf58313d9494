using System.Globalization;
using ClinicFlow.Documents.Tags;
using Xunit;

namespace ClinicFlow.Documents.Tests.Tags;

/// <summary>Numbers and dates out of text.</summary>
public class ValueReaderTests
{
    private static readonly decimal[] Numbers = [0, 1, -1, 12.5m, -1234.5m, 1234567.25m, 999999999999.99m];
    private static readonly DateTime[] Dates = [new(2026, 3, 1), new(1999, 12, 31), new(2024, 2, 29)];

    [Fact]
    public void What_a_culture_prints_it_also_reads()
    {
        var failures = new List<string>();
        foreach (var culture in CultureInfo.GetCultures(CultureTypes.SpecificCultures))
        {
            foreach (var number in Numbers)
            {
                foreach (var text in new[] { number.ToString(culture), number.ToString("N2", culture), number.ToString(CultureInfo.InvariantCulture) })
                {
                    if (!ValueReader.TryNumber(text, culture, out var read) || read != number)
                    {
                        failures.Add($"{culture.Name} {text}");
                    }
                }
            }

            if (culture.Calendar is not GregorianCalendar)
            {
                continue;
            }

            foreach (var date in Dates)
            {
                var pattern = culture.DateTimeFormat.ShortDatePattern;
                foreach (var text in new[] { date.ToString(pattern.Contains("yyyy", StringComparison.Ordinal) ? pattern : pattern.Replace("yy", "yyyy", StringComparison.Ordinal).Replace("yyyyyyyy", "yyyy", StringComparison.Ordinal), culture), date.ToString("o", culture), date.ToString("D", culture) })
                {
                    if (!ValueReader.TryDate(text, culture, out var read) || read != date)
                    {
                        failures.Add($"{culture.Name} {text}");
                    }
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join("; ", failures.Distinct()));
    }

    [Theory]
    [InlineData("1.234", "de-DE", "1.234")]
    [InlineData("1.234.567", "de-DE", "1234567")]
    [InlineData("1.234,5", "de-AT", "1234.5")]
    [InlineData("12,34,567", "hi-IN", "1234567")]
    [InlineData("1'234.50", "de-CH", "1234.50")]
    [InlineData(".5", "en-US", "0.5")]
    [InlineData(",5", "de-DE", "0.5")]
    [InlineData("+7", "en-US", "7")]
    [InlineData("007", "en-US", "7")]
    [InlineData("1,23", "en-US", null)]
    [InlineData("1,2345", "en-US", null)]
    [InlineData("1,234,56", "en-US", null)]
    [InlineData("1.2.3", "de-DE", null)]
    [InlineData("1e5", "en-US", null)]
    [InlineData("5 mg", "en-US", null)]
    [InlineData("€ 5", "en-US", null)]
    [InlineData("--5", "en-US", null)]
    [InlineData("-", "en-US", null)]
    [InlineData("", "en-US", null)]
    [InlineData("NaN", "en-US", null)]
    [InlineData("99999999999999999999999999999999", "en-US", null)]
    public void Numbers_are_read_strictly(string text, string culture, string? expected)
        => Assert.Equal(expected, ValueReader.TryNumber(text, CultureInfo.GetCultureInfo(culture), out var number) ? number.ToString(CultureInfo.InvariantCulture) : null);

    [Theory]
    [InlineData("2026-03-01", "en-US", "2026-03-01T00:00:00")]
    [InlineData("2026-3-1", "en-US", "2026-03-01T00:00:00")]
    [InlineData("2026-03-01T10:20:30.5+02:00", "en-US", "2026-03-01T10:20:30")]
    [InlineData("1.3.2026 7:05", "en-US", "2026-03-01T07:05:00")]
    [InlineData("3/1/2026 7:05 PM", "en-US", "2026-03-01T19:05:00")]
    [InlineData("01-03-2026", "nl-NL", "2026-03-01T00:00:00")]
    [InlineData("1 mars 2026", "fr-FR", "2026-03-01T00:00:00")]
    [InlineData("Mar 1, 2026", "fr-FR", "2026-03-01T00:00:00")]
    [InlineData("2026-02-29", "en-US", null)]
    [InlineData("0000-01-01", "en-US", null)]
    [InlineData("01.03.26", "de-DE", null)]
    [InlineData("1.3.2026 25:00", "de-DE", null)]
    [InlineData("1.3/2026", "de-DE", null)]
    [InlineData("1.3.2026 about noon", "de-DE", null)]
    [InlineData("March", "en-US", null)]
    [InlineData("12345678", "en-US", null)]
    public void Dates_are_read_strictly(string text, string culture, string? expected)
        => Assert.Equal(expected, ValueReader.TryDate(text, CultureInfo.GetCultureInfo(culture), out var date) ? date.ToString("s", CultureInfo.InvariantCulture) : null);
}
