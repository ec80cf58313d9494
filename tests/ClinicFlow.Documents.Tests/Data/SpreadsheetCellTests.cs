using ClinicFlow.Documents.Data;
using Xunit;

namespace ClinicFlow.Documents.Tests.Data;

public sealed class SpreadsheetCellTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+49 30 1", "'+49 30 1")]
    [InlineData("-5", "'-5")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "'\r=1")]
    [InlineData("\n=1", "'\n=1")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\uFF1D1", "'\uFF1D1")]
    [InlineData("'=1", "''=1")]
    [InlineData("' '=1", "'' '=1")]
    [InlineData("", "")]
    [InlineData(" ", " ")]
    [InlineData("'", "'")]
    [InlineData("'s-Hertogenbosch", "'s-Hertogenbosch")]
    [InlineData("a=1", "a=1")]
    [InlineData("12-3", "12-3")]
    public void What_a_spreadsheet_would_calculate_gets_an_apostrophe_that_can_be_taken_away_again(string text, string cell)
    {
        Assert.Equal(cell, SpreadsheetCell.Guard(text));
        Assert.Equal(text, SpreadsheetCell.Unguard(cell));
    }

    [Fact]
    public void Every_text_comes_back_and_none_starts_a_formula()
    {
        // All texts of up to six of the letters that matter.
        const string Letters = "=-@' a\t";
        var texts = new List<string> { "" };
        for (var from = 0; texts[from].Length < 6; from++)
        {
            texts.AddRange(Letters.Select(letter => texts[from] + letter));
        }

        Assert.Equal(137_257, texts.Count);
        Assert.All(texts, text => Assert.Equal(text, SpreadsheetCell.Unguard(SpreadsheetCell.Guard(text))));
        Assert.DoesNotContain(texts, text => SpreadsheetCell.Guard(text).TrimStart(' ') is ['=' or '-' or '@' or '\t', ..]);
        Assert.Equal(texts.Count, texts.Select(SpreadsheetCell.Guard).Distinct().Count());
    }
}
