using Xunit;

namespace ClinicFlow.Documents.Tests.Merge;

public sealed class ValueTagTests
{
    [Theory]
    [InlineData("Dear {{name}},", """{"name":"Ana"}""", "Dear Ana,")]
    [InlineData("{{ name }}{{name}}", """{"name":"Ana"}""", "AnaAna")]
    [InlineData("{{patient.address.city}}", """{"patient":{"address":{"city":"Graz"}}}""", "Graz")]
    [InlineData("{{First_Name}}", """{"first name":"Ana"}""", "Ana")]
    [InlineData("{{name | upper}}", """{"name":"Ana"}""", "ANA")]
    [InlineData("{{name | default:\"}}\"}}", """{"name":""}""", "}}")]
    [InlineData("a {{! never printed }}b", "{}", "a b")]
    [InlineData("a{{pagebreak}}b", "{}", "a[break]b")]
    public void A_tag_is_replaced_by_its_value(string template, string json, string expected) => Check.Text(template, json, expected);

    [Theory]
    [InlineData("a\nb", "a↵b")]
    [InlineData("a\r\nb", "a↵b")]
    [InlineData("a\tb", "a⇥b")]
    [InlineData("<b>&\"'</b>", "<b>&\"'</b>")]
    [InlineData("]]>", "]]>")]
    [InlineData("नमस्ते 你好 👩‍⚕️ שלום", "नमस्ते 你好 👩‍⚕️ שלום")]
    [InlineData("a\u0000\u0001\uFFFEb", "ab")]
    [InlineData("{{name}}", "{{name}}")]
    public void What_XML_or_Word_could_trip_over_is_safe(string value, string expected)
        => Check.Text("[{{v}}]", $"{{\"v\":{System.Text.Json.JsonSerializer.Serialize(value)}}}", $"[{expected}]");

    [Fact]
    public void A_value_takes_the_formatting_that_the_tags_name_has()
    {
        var body = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{</w:t></w:r>" + WordFile.Run("{na", italic: true) + "<w:proofErr w:type=\"spellStart\"/>" + WordFile.Run("me", italic: true)
            + "<w:r><w:t>}} and on</w:t></w:r></w:p>";
        var docx = Check.Render(WordFile.FromBody(body), """{"name":"Ana"}""");
        var run = WordFile.Part(docx).Descendants(WordFile.W + "r").First(r => r.Value == "Ana");
        Assert.NotNull(run.Element(WordFile.W + "rPr")?.Element(WordFile.W + "i"));
        Assert.Equal("Ana and on", WordFile.TextOf(docx));
    }

    [Fact]
    public void Tags_in_headers_footers_and_text_boxes_are_bound()
    {
        var header = $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:hdr {WordFile.Names}><w:p>{WordFile.Run("For {{name}}")}</w:p></w:hdr>";
        var body = "<w:p><w:r><w:t>Body {{name}}</w:t></w:r></w:p><w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId1\"/></w:sectPr>";
        var file = WordFile.FromBody("", ("word/header1.xml", header), ("word/document.xml", $"<w:document {WordFile.Names}><w:body>{body}</w:body></w:document>"));
        var docx = Check.Render(file, """{"name":"Ana"}""");
        Assert.Equal("For Ana", WordFile.TextOf(docx, "word/header1.xml"));
        Assert.Equal("Body Ana", WordFile.TextOf(docx));
    }

    [Fact]
    public void A_missing_field_is_refused_by_name_and_row()
        => Assert.Equal(["value-missing surname", "value-missing city"], Check.Refusals("{{name}} {{surname}} {{city}} {{surname}}", """{"name":"Ana"}"""));

    [Theory]
    [InlineData(MissingData.Blank, "[]")]
    [InlineData(MissingData.Keep, "[{{surname}}]")]
    [InlineData(MissingData.Highlight, "[[surname]]")]
    public void A_missing_field_follows_the_policy(MissingData policy, string expected)
        => Check.Text("[{{surname}}]", "{}", expected, Check.Options with { MissingData = policy });

    [Fact]
    public void A_value_of_the_wrong_kind_is_refused_with_its_kind_and_without_its_value()
    {
        var refused = Assert.IsType<RenderResult.Refused>(Check.Result("{{born | date:\"yyyy\"}}", """{"born":"not a date at all"}"""));
        var problem = Assert.Single(refused.Problems);
        Assert.Equal(("value-kind-mismatch", "born", "text", 1L), (problem.Code, problem.Field, problem.ValueKind, problem.Row));
        Assert.DoesNotContain("not a date", problem.Message + problem.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_of_a_template_are_reported_at_once_with_their_places()
        => Assert.Equal(
            ["tag-never-ends @ body, paragraph 1", "unknown-formatter @ body, paragraph 2", "section-never-ends @ body, paragraph 3", "section-never-starts @ body, table 1, row 1, column 2"],
            Check.Problems("a {{name\n{{name | uper}}\n{{#if x}}\n| a | {{/each}} |").Order(StringComparer.Ordinal).OrderBy(p => p.Split('@')[1], StringComparer.Ordinal));

    [Fact]
    public void Delimiters_can_be_changed()
    {
        var compiled = Check.Compile(WordFile.FromText("<<name>> {{name}}"), new TemplateOptions { TagOpen = "<<", TagClose = ">>" });
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        compiled.RenderDocx(Check.Record("""{"name":"Ana"}"""), Check.Options, output);
        Assert.Equal("Ana {{name}}", WordFile.TextOf(output.WrittenSpan.ToArray()));
    }

    [Fact]
    public void Fields_are_listed_in_order_with_their_kind()
        => Assert.Equal(
            ["name Text", "visits List", "visits.on Date", "insured Text"],
            Check.Compile(WordFile.FromText("{{name}}\n{{#each visits}}\n{{on | date:\"d\"}}\n{{/each}}\n{{#if insured}}x{{/if}}")).Fields.Select(field => $"{field.Name} {field.Type}"));

    [Fact]
    public void Columns_that_nothing_reads_are_found()
        => Assert.Equal(
            ["shoe size", "note.author"],
            Check.Compile(WordFile.FromText("{{name}} {{address.city}} {{#each visits}}{{on}}{{/each}}")).FindUnusedColumns(["Name", "address.city", "visits", "shoe size", "note.author"]));

    [Fact]
    public void A_template_without_tags_gives_itself()
        => Check.Text("Nothing to see", "{}", "Nothing to see");

    [Fact]
    public void One_compiled_template_serves_many_threads()
    {
        var compiled = Check.Compile(WordFile.FromText("{{name}}: {{#each visits}}{{on}} {{/each}}"));
        var texts = new string[200];
        Parallel.For(0, texts.Length, i =>
        {
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            compiled.RenderDocx(Check.Record($"{{\"name\":\"P{i}\",\"visits\":[{{\"on\":{i}}},{{\"on\":{i + 1}}}]}}"), Check.Options, output);
            texts[i] = WordFile.TextOf(output.WrittenSpan.ToArray());
        });
        Assert.Equal(Enumerable.Range(0, texts.Length).Select(i => $"P{i}: {i} {i + 1} "), texts);
    }
}
