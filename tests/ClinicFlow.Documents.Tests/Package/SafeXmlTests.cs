using System.Text;
using System.Xml.Linq;
using ClinicFlow.Documents.Package;
using Xunit;

namespace ClinicFlow.Documents.Tests.Package;

public sealed class SafeXmlTests
{
    [Fact]
    public void White_space_is_kept_and_comments_and_instructions_are_not()
    {
        var xml = Load("<?xml version=\"1.0\"?>\n<!-- x --><a>\n  <b xml:space=\"preserve\"> two  words\t</b><?pi x?><!-- y --> </a>");

        Assert.Equal("<a>\n  <b xml:space=\"preserve\"> two  words\t</b> </a>", xml.Root!.ToString(SaveOptions.DisableFormatting));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void The_encodings_of_Open_XML_are_read(string encoding)
    {
        var target = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. target.GetPreamble(), .. target.GetBytes("<?xml version=\"1.0\"?><a>Ä漢👩</a>")];

        Assert.Equal("Ä漢👩", SafeXml.Load(bytes, "p.xml", 9).Root!.Value);
    }

    [Theory]
    [InlineData("<!DOCTYPE a><a/>")]
    [InlineData("<!DOCTYPE a SYSTEM \"http://attacker.invalid/a.dtd\"><a/>")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>")]
    [InlineData("<!DOCTYPE a [<!ENTITY % p SYSTEM \"file:///etc/passwd\">%p;]><a/>")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]><a>&d;</a>")]
    public void A_document_type_is_refused(string xml)
    {
        var hidden = $"<?xml version=\"1.0\"?><!-- {new string('x', 10_000)} -->{xml}";

        Assert.Equal("dtd-not-allowed", Refused(Encoding.UTF8.GetBytes(xml)).Code);
        Assert.Equal("dtd-not-allowed", Refused(Encoding.UTF8.GetBytes(hidden)).Code);
        Assert.Equal("dtd-not-allowed", Refused([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(xml)]).Code);
        Assert.Equal("dtd-not-allowed", Refused([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(xml)]).Code);
    }

    [Fact]
    public void Text_that_only_speaks_of_document_types_is_taken()
        => Assert.Equal("<!DOCTYPE a>", Load("<a><![CDATA[<!DOCTYPE a>]]></a>").Root!.Value);

    [Fact]
    public void Elements_may_nest_to_the_limit_and_no_deeper()
    {
        Assert.NotNull(Load(Nested(20), 20).Root);
        Assert.Equal("nested-too-deep", Refused(Encoding.UTF8.GetBytes(Nested(21)), 20).Code);

        // Before anything is built of it: a tree this deep would end the process when it is walked.
        Assert.Equal("nested-too-deep", Refused(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", 1_000_000))), 256).Code);

        static string Nested(int depth) => string.Concat(Enumerable.Repeat("<a>", depth)) + "x" + string.Concat(Enumerable.Repeat("</a>", depth));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("no xml")]
    [InlineData("<a>")]
    [InlineData("<a></b>")]
    [InlineData("<a b='1' b='2'/>")]
    [InlineData("<a>&unknown;</a>")]
    [InlineData("<a>\u0001</a>")]
    [InlineData("<a>&#0;</a>")]
    [InlineData("<a/><b/>")]
    [InlineData("<x:a/>")]
    [InlineData("<a><!DOCTYPE b></a>")]
    [InlineData("<?xml version=\"2.0\"?><a/>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-7\"?><a/>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"klingon\"?><a/>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-16\"?><a/>")]
    [InlineData("<a xmlns:xml=\"u\"/>")]
    public void What_is_no_xml_is_refused(string xml) => Assert.Equal("bad-xml", Refused(Encoding.UTF8.GetBytes(xml)).Code);

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused() => Assert.Equal("bad-xml", Refused([.. "<a>"u8, 0xC3, 0x28, 0xFF, .. "</a>"u8]).Code);

    [Fact]
    public void The_place_and_the_part_are_named_and_the_content_is_not()
    {
        var message = Refused("<a>\n  <secret value='x'></a>"u8.ToArray()).Message;

        Assert.Contains("\"p.xml\"", message, StringComparison.Ordinal);
        Assert.Contains("line 2, column", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    private static XDocument Load(string xml, int maxDepth = 256) => SafeXml.Load(Encoding.UTF8.GetBytes(xml), "p.xml", maxDepth);

    private static TemplatePackageException Refused(byte[] bytes, int maxDepth = 256)
        => Assert.Throws<TemplatePackageException>(() => SafeXml.Load(bytes, "p.xml", maxDepth));
}
