using System.Xml.Linq;
using ClinicFlow.Documents.Content;
using Xunit;

namespace ClinicFlow.Documents.Tests.Content;

public class XmlTextTests
{
    private const string Break = "</w:t><w:br/><w:t xml:space=\"preserve\">";
    private const string Tab = "</w:t><w:tab/><w:t xml:space=\"preserve\">";

    [Theory]
    [InlineData("", "")]
    [InlineData("Müller & Söhne <1>", "Müller &amp; Söhne &lt;1&gt;")]
    [InlineData("a\"b'c", "a&quot;b'c")]
    [InlineData("a\tb\nc\rd", "a&#9;b&#10;c&#13;d")]
    [InlineData("a\0b\u0001c\uFFFEd\uFFFFe", "abcde")]
    [InlineData("😀 ok", "😀 ok")]
    public void Escapes_markup_and_leaves_out_what_xml_forbids(string text, string expected)
        => Assert.Equal(expected, WordFile.Written(output => XmlText.WriteEscaped(text, output)));

    [Theory]
    [InlineData("a\nb", "a" + Break + "b")]
    [InlineData("a\r\nb", "a" + Break + "b")]
    [InlineData("a\rb", "a" + Break + "b")]
    [InlineData("a\vb", "a" + Break + "b")]
    [InlineData("ä\u2028b", "ä" + Break + "b")]
    [InlineData("a\tb", "a" + Tab + "b")]
    [InlineData("a\u00ADb\u2011c", "a\u00ADb\u2011c")]
    [InlineData("\"x\"<&>", "\"x\"&lt;&amp;&gt;")]
    [InlineData("a\u0000\u001Fb", "ab")]
    public void Line_ends_and_tabs_in_a_run_become_elements(string text, string expected)
        => Assert.Equal(expected, WordFile.Written(output => XmlText.WriteRunText(text, output)));

    [Fact]
    public void Lone_surrogates_are_left_out()
    {
        Assert.Equal("ab", Escaped("a" + (char)0xD800 + "b"));
        Assert.Equal("ab", Escaped("a" + (char)0xDC00 + "b"));
        Assert.Equal("ab", Escaped("ab" + (char)0xD83D));
        Assert.Equal("é", Escaped("é" + (char)0xDE00 + (char)0xD83D));
    }

    [Theory]
    [InlineData(8190)]
    [InlineData(8191)]
    [InlineData(8192)]
    [InlineData(16383)]
    public void A_surrogate_pair_survives_where_long_text_is_cut(int before)
    {
        var text = new string('x', before) + "😀" + new string('y', 9000);

        Assert.Equal(text, Escaped(text));
    }

    [Fact]
    public void Any_text_gives_well_formed_xml_that_reads_back()
    {
        var random = new Random(42);
        for (var round = 0; round < 10_000; round++)
        {
            var text = Fuzz.Text(random, random.Next(40));

            var run = XElement.Parse($"<w:r xmlns:w=\"w\"><w:t xml:space=\"preserve\">{WordFile.Written(output => XmlText.WriteRunText(text, output))}</w:t></w:r>");
            var attribute = XElement.Parse($"<a b=\"{Escaped(text)}\"/>").Attribute("b")!.Value;

            Assert.Equal(Fuzz.OnlyXml(text), attribute);
            Assert.All(run.Elements(), element => Assert.Contains(element.Name.LocalName, (string[])["t", "br", "tab"]));
        }
    }

    [Fact]
    public void Plain_text_allocates_nothing()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>(1 << 16);
        XmlText.WriteRunText("Müller & Söhne", output);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
        {
            XmlText.WriteRunText("Müller & Söhne\n", output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Escaped(string text) => WordFile.Written(output => XmlText.WriteEscaped(text, output));
}
