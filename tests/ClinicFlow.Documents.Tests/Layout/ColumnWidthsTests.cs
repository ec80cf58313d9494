using System.Globalization;
using ClinicFlow.Documents.Layout.Tables;
using Xunit;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Widths of columns, as sentences: each cell is "preferred min max" (preferred - for none), the expected widths follow.</summary>
public sealed class ColumnWidthsTests
{
    [Theory]
    [InlineData("80 20 60 | 40 20 90", null, 200, "80 40", "preferred widths hold")]
    [InlineData("- 20 60 | - 20 90", null, 200, "60 90", "without one a column is as wide as its longest line")]
    [InlineData("50 70 90 | 50 20 90", null, 200, "70 50", "no column is narrower than its longest word")]
    [InlineData("- 20 150 | 100 20 90", null, 200, "100 100", "what is too much is taken from columns without a width first")]
    [InlineData("150 20 150 | 150 20 90", null, 200, "100 100", "then from all")]
    [InlineData("- 150 150 | - 250 250", null, 200, "75 125", "words that are too long for the page are broken")]
    [InlineData("50 20 60 | 50 20 60", 200.0, 200, "100 100", "a table with a width of its own fills it")]
    [InlineData("50 20 60 | - 20 60", 200.0, 200, "50 150", "columns without a width take what is free")]
    public void Columns_share_the_width(string cells, double? table, double room, string expected, string rule)
    {
        var demands = cells.Split(" | ").Select((cell, column) =>
        {
            var parts = cell.Split(' ');
            double? preferred = parts[0] == "-" ? null : double.Parse(parts[0], CultureInfo.InvariantCulture);
            return new CellDemand(column, 1, preferred, double.Parse(parts[1], CultureInfo.InvariantCulture), double.Parse(parts[2], CultureInfo.InvariantCulture));
        }).ToArray();

        var widths = ColumnWidths.Autofit(demands.Length, demands, table, room);

        Assert.True(expected == string.Join(' ', widths.Select(width => Math.Round(width, 1).ToString(CultureInfo.InvariantCulture))), $"{rule}: {string.Join(' ', widths)}");
    }

    [Fact]
    public void A_cell_over_two_columns_widens_both_by_what_its_word_needs()
    {
        var widths = ColumnWidths.Autofit(2, [new(0, 1, null, 10, 20), new(1, 1, null, 10, 60), new(0, 2, null, 120, 120)], null, 500);
        Assert.Equal(120, widths.Sum(), 0.01);
        Assert.True(widths[1] > widths[0]);
    }
}
