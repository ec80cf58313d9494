using Xunit;

namespace ClinicFlow.Documents.Tests.Merge;

public sealed class ContentControlTests
{
    private static string Control(string properties, string content) => $"<w:p><w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt></w:p>";

    private static void Inline(string properties, string shown, string json, string expected) => Check.Body(Control(properties, WordFile.Run(shown)), json, expected);

    [Fact]
    public void A_text_control_takes_the_field_its_tag_names()
        => Inline("<w:alias w:val=\"Anything\"/><w:tag w:val=\"patient.name\"/><w:text/>", "Click here", """{"patient":{"name":"Ana"}}""", "Ana");

    [Fact]
    public void A_control_without_a_value_keeps_its_own_content()
        => Inline("<w:tag w:val=\"nothing\"/><w:text/>", "Click here", "{}", "Click here");

    [Fact]
    public void A_date_control_prints_its_own_picture()
        => Inline("<w:tag w:val=\"born\"/><w:date><w:dateFormat w:val=\"d. MMMM yyyy\"/><w:lid w:val=\"de-AT\"/></w:date>", "x", """{"born":"1980-03-07"}""", "7. März 1980");

    [Fact]
    public void A_drop_down_shows_the_entry_of_the_value()
        => Inline("<w:tag w:val=\"sex\"/><w:dropDownList><w:listItem w:displayText=\"female\" w:value=\"f\"/><w:listItem w:displayText=\"male\" w:value=\"m\"/></w:dropDownList>", "choose", """{"sex":"F"}""", "female");

    [Theory]
    [InlineData("true", "☒", "1")]
    [InlineData("\"No\"", "☐", "0")]
    public void A_checkbox_is_set(string value, string glyph, string state)
    {
        var body = Control("<w:tag w:val=\"consent\"/><w14:checkbox><w14:checked w14:val=\"0\"/><w14:checkedState w14:val=\"2612\" w14:font=\"MS Gothic\"/><w14:uncheckedState w14:val=\"2610\" w14:font=\"MS Gothic\"/></w14:checkbox>", WordFile.Run("☐"));
        var docx = Check.Render(WordFile.FromBody(body), $"{{\"consent\":{value}}}");
        Assert.Equal(glyph, WordFile.TextOf(docx));
        Assert.Equal(state, WordFile.Part(docx).Descendants().Single(element => element.Name.LocalName == "checked").Attributes().Single().Value);
    }

    [Fact]
    public void A_repeating_section_repeats_its_item()
    {
        var body = "<w:sdt><w:sdtPr><w:tag w:val=\"visits\"/><w15:repeatingSection/></w:sdtPr><w:sdtContent><w:sdt><w:sdtPr><w:id w:val=\"5\"/><w15:repeatingSectionItem/></w:sdtPr><w:sdtContent>"
            + $"<w:p>{WordFile.Run("Visit {{on}}")}</w:p></w:sdtContent></w:sdt></w:sdtContent></w:sdt>";
        var docx = Check.Render(WordFile.FromBody(body), """{"visits":[{"on":"Mon"},{"on":"Tue"}]}""");
        Assert.Equal(["Visit Mon", "Visit Tue"], WordFile.Part(docx).Descendants(WordFile.W + "p").Select(paragraph => paragraph.Value));
    }

    [Theory]
    [InlineData("FORMTEXT", "", "[{FORMTEXT|Ana}]")]
    public void Form_fields_are_filled_by_their_bookmark(string kind, string data, string expected)
    {
        var body = $"<w:p>{WordFile.Run("[")}<w:r><w:fldChar w:fldCharType=\"begin\"><w:ffData><w:name w:val=\"name\"/><w:enabled/><w:calcOnExit w:val=\"0\"/><w:textInput>{data}</w:textInput></w:ffData></w:fldChar></w:r>{WordFile.Run(kind, "instrText")}<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{WordFile.Run("old")}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>{WordFile.Run("]")}</w:p>";
        Check.Body(body, """{"name":"Ana"}""", expected);
    }
}
