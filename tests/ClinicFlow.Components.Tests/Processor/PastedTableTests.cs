using ClinicFlow.Components.Processor;
using Xunit;

namespace ClinicFlow.Components.Tests.Processor;

public sealed class PastedTableTests
{
    [Theory]
    [InlineData("a\tb\r\nc\td\r\n", "a|b / c|d")]
    [InlineData("a\tb\nc\td", "a|b / c|d")]
    [InlineData("a\t\t\nb", "a|| / b")]
    [InlineData("a\t", "a|")]
    [InlineData("\ta", "|a")]
    [InlineData("\"two\nlines\"\tb\n", "two\nlines|b")]
    [InlineData("\"she said \"\"yes\"\"\"\tb", "she said \"yes\"|b")]
    [InlineData("\"never closed\tb\nc", "\"never closed|b / c")]
    [InlineData("5\" nail\tb", "5\" nail|b")]
    [InlineData("\"quoted\" and more\tb", "\"quoted\" and more|b")]
    [InlineData(" a \t\u00A0b", "a|b")]
    [InlineData("a\r\rb", "a /  / b")]
    [InlineData("", "")]
    public void Cells_come_as_Excel_copies_them(string text, string expected)
        => Assert.Equal(expected, string.Join(" / ", PastedTable.Read(text).Select(row => string.Join('|', row))));
}
