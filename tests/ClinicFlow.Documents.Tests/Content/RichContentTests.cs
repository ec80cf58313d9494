using ClinicFlow.Documents.Content;
using Xunit;

namespace ClinicFlow.Documents.Tests.Content;

public class RichContentTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain  text\n here", "[plain text here]")]
    [InlineData("<p>a</p><p>b</p>", "[a][b]")]
    [InlineData("<p>a<br>b<br></p>", "[a⏎b]")]
    [InlineData("<p><br></p>x", "[][x]")]
    [InlineData("a <b>b <i>c</i></b> <u>d</u><s>e</s>", "[a {b:b }{bi:c} {u:d}{s:e}]")]
    [InlineData("<strong>a</strong><em>b</em>H<sub>2</sub>O m<sup>2</sup>", "[{b:a}{i:b}H{_:2}O m{^:2}]")]
    [InlineData("a<b> b</b>", "[a{b: b}]")]
    [InlineData("<h1>T</h1>x<h6>U</h6>", "[h1 T][x][h6 U]")]
    [InlineData("<ul><li>a<li>b<ol start=3><li>c</ol></ul>", "ul([a] / [b]ol3([c]))")]
    [InlineData("<ul><li>a</li><ul><li>b</li></ul></ul>", "ul([a]ul([b]))")]
    [InlineData("<a href='https://example.org/?a=1&amp;b=\"2\"'>x</a>", "[{->https://example.org/?a=1&b=%222%22 :x}]")]
    [InlineData("<a href='MAILTO:a@example.org'>x</a>", "[{->mailto:a@example.org :x}]")]
    [InlineData("<a href='javascript:alert(1)'>x</a><a href='file:///etc'>y</a><a href='/rel'>z</a>", "[xyz]")]
    [InlineData("a<script>alert('1')</script><style>p{}</style>b<svg><text>q</text></svg>", "[ab]")]
    [InlineData("<span style='color:red'>a</span><font color=red>b</font><video>c</video>", "[abc]")]
    [InlineData("<div>a<div>b</div>c</div>", "[a][b][c]")]
    [InlineData("<pre>a\n  b</pre>", "[a⏎  b]")]
    [InlineData("a&nbsp; &lt;b&gt; &amp;auml;", "[a\u00A0 <b> &auml;]")]
    [InlineData("<table><tr><th>A<th colspan=2>B<tr><td rowspan=2>1<td>2<td>3<tr><td>4<td>5</table>", "table(th[{b:A}] | thc2[{b:B}] / r2[1] | [2] | [3] / [4] | [5])")]
    [InlineData("<table><caption>C</caption></table>", "[C]")]
    [InlineData("<b>unclosed <i>soup</b> more", "[{b:unclosed }{bi:soup}{i: more}]")]
    [InlineData("<img src=x onerror=alert(1)>text<iframe src=x></iframe>", "[text]")]
    public void Html_is_read_as_its_safe_subset(string html, string expected)
        => Assert.Equal(expected, RichPrint.Of(RichContent.FromHtml(html)));

    [Theory]
    [InlineData("", "")]
    [InlineData("# T\n\na\nb  \nc", "[h1 T][a b⏎c]")]
    [InlineData("**a** *b* ~~c~~ `d  e`", "[{b:a} {i:b} {s:c} d  e]")]
    [InlineData("- a\n- b\n  1. c\n  2. d", "ul([a] / [b]ol1([c] / [d]))")]
    [InlineData("5. a\n6. b", "ol5([a] / [b])")]
    [InlineData("[x](https://example.org) [y](javascript:alert(1)) <https://example.org/z>", "[{->https://example.org/ :x} y {->https://example.org/z :https://example.org/z}]")]
    [InlineData("| A | B |\n|---|---|\n| 1 | **2** |", "table(th[{b:A}] | th[{b:B}] / [1] | [{b:2}])")]
    [InlineData("[[a] b ![c *d **e", "[[[a] b ![c *d **e]")]
    [InlineData("> quote\n\n```\ncode  x\n  y\n```\n---\n![alt](x.png)", "[quote][code  x⏎  y][alt]")]
    [InlineData("<script>alert(1)</script>\n\na <b>c</b> &auml;", "[<script>alert(1)</script>][a <b>c</b> ä]")]
    public void Markdown_is_read_into_the_same_model(string markdown, string expected)
        => Assert.Equal(expected, RichPrint.Of(RichContent.FromMarkdown(markdown)));

    [Fact]
    public void Hostile_depth_keeps_the_words()
    {
        var deep = RichContent.FromHtml(string.Concat(Enumerable.Repeat("<div><ul><li>", 1_500)) + "word");
        var bold = RichContent.FromHtml(string.Concat(Enumerable.Repeat("<b>", 5_000)) + "word");
        var quotes = RichContent.FromMarkdown(new string('>', 50_000) + " word");
        var lists = RichContent.FromMarkdown(string.Concat(Enumerable.Repeat("- ", 5_000)) + "word");
        var brackets = RichContent.FromMarkdown(new string('[', 5_000) + "word");

        Assert.All([deep, bold, quotes, lists, brackets], content => Assert.Contains("word", RichPrint.Of(content), StringComparison.Ordinal));
    }

    [Fact]
    public void Hostile_size_keeps_the_words()
    {
        var tags = RichContent.FromHtml(string.Concat(Enumerable.Repeat("<i>", 30_000)) + "word &amp;<script>evil</script> more");
        var rebuilt = RichContent.FromHtml(
            string.Concat(Enumerable.Range(0, 3_000).Select(i => $"<b id={i}>")) + string.Concat(Enumerable.Repeat("<p>", 10_000)) + "word");
        var longText = RichContent.FromMarkdown(new string('x', RichContent.MaxChars) + "\n\nword");

        var brackets = RichContent.FromMarkdown(string.Concat(Enumerable.Repeat("[a](", 30_000)) + "\n\nword");
        var cells = RichContent.FromMarkdown(
            string.Concat(Enumerable.Repeat("|a", 1_000)) + "|\n" + string.Concat(Enumerable.Repeat("|-", 1_000)) + "|\n"
            + string.Concat(Enumerable.Repeat("|\n", 10_000)) + "word");

        Assert.All([brackets, cells], content => Assert.EndsWith("[word]", RichPrint.Of(content), StringComparison.Ordinal));
        Assert.Equal("[word &][more]", RichPrint.Of(tags));
        Assert.Equal("[word]", RichPrint.Of(rebuilt));
        Assert.EndsWith("[word]", RichPrint.Of(longText), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_link_is_safe_or_none()
    {
        var random = new Random(23);
        string[] starts = ["http://", "https://", "mailto:", "HTTPS://example.org/", " http://[", "javascript:", "data:", "//", "http:\\\\", "mailto:a@b?subject="];
        for (var round = 0; round < 20_000; round++)
        {
            var link = SafeLink.Of(starts[random.Next(starts.Length)] + Fuzz.Text(random, random.Next(20)));

            if (link is not null)
            {
                Assert.Matches("^(https?|mailto):", link);
                Assert.DoesNotContain(link, character => character is '"' or '\\' || char.IsControl(character));
            }
        }
    }
}
