using System.Text;
using ClinicFlow.Documents.Package;
using Xunit;

namespace ClinicFlow.Documents.Tests.Package;

public sealed class OpcPackageTests
{
    private const string Transitional = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Strict = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    private const string Word = "application/vnd.openxmlformats-officedocument.wordprocessingml.";

    [Theory]
    [InlineData(Transitional, "word/document.xml", "word/document.xml")]
    [InlineData(Strict, "/word/document.xml", "word/document.xml")]
    [InlineData(Transitional, "WORD/Document.XML", "word/document.xml")]
    [InlineData(Transitional, "./word/x/../document.xml", "word/document.xml")]
    [InlineData(Transitional, "../../word/document.xml", "word/document.xml")]
    public void The_main_part_is_found_by_its_relationship(string family, string target, string expected)
    {
        var package = Open(Docx(target: target, family: family));

        Assert.Equal(expected, package.MainPart);
        Assert.False(package.IsWordTemplate);
        Assert.Equal("document", package.ReadXml(package.MainPart).Root!.Name.LocalName);
    }

    [Fact]
    public void A_main_part_may_have_any_name_and_its_type_may_stand_for_all_of_an_extension()
    {
        var types = $"<Types xmlns='t'><Default Extension='rels' ContentType='r'/><Default Extension='XML' ContentType='{Word}document.main+xml'/></Types>";

        Assert.Equal("text/letter.xml", Open(Docx(types: types, part: "text/letter.xml", target: "text/letter.xml")).MainPart);
    }

    [Fact]
    public void A_template_of_Word_is_told_from_a_document()
        => Assert.True(Open(Docx(type: Word + "template.main+xml")).IsWordTemplate);

    [Fact]
    public void Relationships_lead_from_their_part()
    {
        var package = Open(Docx().Add("word/_rels/document.xml.rels", Utf8($"""
            <Relationships xmlns="r">
              <Relationship Id="a" Type="{Transitional}/image" Target="media/i.png"/>
              <Relationship Id="b" Type="{Transitional}/image" Target="/media/i.png"/>
              <Relationship Id="c" Type="{Transitional}/image" Target="..\media\i.png#x"/>
              <Relationship Id="d" Type="{Transitional}/hyperlink" Target="https://clinic.example/a/../b" TargetMode="External"/>
              <Relationship Id="e" Type="{Transitional}/image" Target="my%20image.png"/>
              <Relationship Id="f" Type="{Transitional}/image" Target="my%20other.png"/>
              <Relationship/>
            </Relationships>
            """)).Add("word/my image.png", []).Add("word/my%20other.png", []));

        Assert.Equal("a word/media/i.png|b media/i.png|c media/i.png|d https://clinic.example/a/../b external|e word/my image.png|f word/my%20other.png| word",
            string.Join('|', package.RelationshipsOf("word/document.xml").Select(r => $"{r.Id} {r.Target}{(r.IsExternal ? " external" : "")}")));
        Assert.Empty(package.RelationshipsOf("word/styles.xml"));
    }

    [Theory]
    [InlineData("", "_rels/.rels")]
    [InlineData("document.xml", "_rels/document.xml.rels")]
    [InlineData("word/document.xml", "word/_rels/document.xml.rels")]
    public void Relationships_stand_beside_their_part(string part, string expected) => Assert.Equal(expected, OpcPackage.RelationshipsPartOf(part));

    [Fact]
    public void A_copied_entry_has_the_same_data()
    {
        var package = Open(Docx());
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new ZipWriter();
        writer.Start(buffer);
        foreach (var name in package.EntryNames)
        {
            writer.Copy(package.Copy(name));
        }

        writer.Finish();

        var copy = Open(buffer.WrittenSpan.ToArray());
        Assert.Equal(package.EntryNames, copy.EntryNames);
        Assert.All(package.EntryNames, name => Assert.Equal(package.ReadBytes(name), copy.ReadBytes(name)));
    }

    [Theory]
    [InlineData("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "Excel")]
    [InlineData("application/vnd.ms-excel.sheet.macroEnabled.main+xml", "Excel")]
    [InlineData("application/vnd.ms-excel.sheet.binary.macroEnabled.main", "Excel")]
    [InlineData("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml", "PowerPoint")]
    [InlineData("application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml", "PowerPoint")]
    [InlineData("application/vnd.ms-visio.drawing.main+xml", "Visio")]
    [InlineData("application/xml", "something else")]
    public void Other_Open_XML_files_are_named(string type, string word)
        => Assert.Contains(word, Refused("not-a-docx", Docx(type: type)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("mimetype", "application/vnd.oasis.opendocument.text", ".odt")]
    [InlineData("mimetype", "application/vnd.oasis.opendocument.spreadsheet", ".ods")]
    [InlineData("mimetype", "application/vnd.oasis.opendocument.presentation", ".odp")]
    [InlineData("mimetype", "application/epub+zip", "an ordinary ZIP file")]
    [InlineData("Index/Document.iwa", "", "Pages")]
    [InlineData("letter.txt", "hello", "an ordinary ZIP file")]
    public void Other_ZIP_files_are_named(string name, string content, string word)
        => Assert.Contains(word, Refused("not-a-docx", new RawZip().Add(name, Utf8(content))).Message, StringComparison.Ordinal);

    [Fact]
    public void Macros_are_refused_unless_they_are_allowed()
    {
        RawZip[] files =
        [
            Docx(type: "application/vnd.ms-word.document.macroEnabled.main+xml"),
            Docx(type: "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"),
            Docx().Add("word/vbaProject.bin", [1]), // renamed to .docx, so that it looks harmless
            Docx(types: Types(Word + "document.main+xml", "<Default Extension='odd' ContentType='application/vnd.ms-office.vbaProject'/>")).Add("word/code.odd", [1]),
        ];
        foreach (var file in files)
        {
            Refused("macros-not-allowed", file);
            Assert.Equal("word/document.xml", Open(file.Bytes(), allowMacros: true).MainPart);
        }
    }

    [Fact]
    public void A_package_without_its_main_part_is_damaged()
    {
        Refused("damaged", Docx(part: "word/elsewhere.xml"));
        Refused("not-a-docx", Docx(family: "http://example.invalid", target: "word/document.xml", relationshipType: "other"));
        Refused("not-a-docx", new RawZip().Add("[Content_Types].xml", Utf8(Types(Word + "document.main+xml"))));
    }

    [Fact]
    public void Broken_or_hostile_XML_in_the_packages_own_parts_is_refused()
    {
        Refused("bad-xml", Docx(types: "<Types>"));
        Refused("dtd-not-allowed", Docx(types: "<!DOCTYPE Types [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Types>&x;</Types>"));
        Refused("nested-too-deep", Docx(types: string.Concat(Enumerable.Repeat("<a>", 300))));
        Refused("bad-xml", new RawZip().Add("[Content_Types].xml", Utf8(Types(Word + "document.main+xml"))).Add("_rels/.rels", Utf8("x")));
    }

    [Fact]
    public void An_XML_part_over_its_limit_is_refused_when_it_is_read()
    {
        var package = OpcPackage.Open(new MemoryStream(Docx().Add("big.xml", Utf8("<a>" + new string(' ', 2000) + "</a>")).Bytes()), new PackageLimits { MaxXmlPartBytes = 1500 }, allowMacros: false);

        Assert.Equal("inflates-too-much", Assert.Throws<TemplatePackageException>(() => package.ReadXml("big.xml")).Code);
        Assert.Equal(2007, package.ReadBytes("big.xml").Length);
    }

    [Fact]
    public void A_part_that_is_missing_is_damage()
        => Assert.Equal("damaged", Assert.Throws<TemplatePackageException>(() => Open(Docx()).ReadXml("word/none.xml")).Code);

    internal static RawZip Docx(string type = Word + "document.main+xml", string? types = null, string part = "word/document.xml", string target = "word/document.xml",
        string family = Transitional, string relationshipType = "officeDocument")
        => new RawZip().Add("[Content_Types].xml", Utf8(types ?? Types(type)))
            .Add("_rels/.rels", Utf8($"<Relationships xmlns='r'><Relationship Id='p' Type='{family}/metadata' Target='x.xml'/><Relationship Id='m' Type='{family}/{relationshipType}' Target='{target}'/></Relationships>"))
            .Add(part, Utf8("<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body><w:p/></w:body></w:document>"));

    private static string Types(string type, string more = "")
        => $"<Types xmlns='t'><Default Extension='rels' ContentType='r'/><Default Extension='xml' ContentType='application/xml'/>{more}<Override PartName='/word/document.xml' ContentType='{type}'/></Types>";

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static OpcPackage Open(RawZip zip) => Open(zip.Bytes());

    private static OpcPackage Open(byte[] file, bool allowMacros = false) => OpcPackage.Open(new MemoryStream(file), PackageLimits.Default, allowMacros);

    private static TemplatePackageException Refused(string code, RawZip zip)
    {
        var refusal = Assert.Throws<TemplatePackageException>(() => Open(zip));
        Assert.Equal(code, refusal.Code);
        return refusal;
    }
}
