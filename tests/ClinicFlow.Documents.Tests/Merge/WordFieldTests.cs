using Xunit;

namespace ClinicFlow.Documents.Tests.Merge;

public sealed class WordFieldTests
{
    [Theory]
    [InlineData("Dear «MERGEFIELD Name»,", """{"name":"Ana"}""", "Dear Ana,")]
    [InlineData("«MERGEFIELD First_Name»", """{"First Name":"Ana"}""", "Ana")]
    [InlineData("«MERGEFIELD Name \\* Upper»", """{"name":"Ana"}""", "ANA")]
    [InlineData("«MERGEFIELD Name \\b \"(\" \\f \")\"»", """{"name":"Ana"}""", "(Ana)")]
    [InlineData("x«MERGEFIELD Name \\b \"(\" \\f \")\"»", """{"name":""}""", "x")]
    [InlineData("«MERGEFIELD Price \\# \"#,##0.00\"»", """{"price":1234.5}""", "1,234.50")]
    [InlineData("«MERGEFIELD Born \\@ \"d MMMM yyyy\"»", """{"born":"1980-03-07"}""", "7 March 1980")]
    [InlineData("«IF 1 = 1 \"yes\" \"no\"»", "{}", "yes")]
    [InlineData("«IF a = b \"yes\" \"no\"»", "{}", "no")]
    [InlineData("«IF \"{{sex}}\" = \"f\" \"Ms\" \"Mr\"»", """{"sex":"f"}""", "Ms")]
    [InlineData("«= 2 + 3 * 4»", "{}", "14")]
    [InlineData("«SET who \"Ana\"»«REF who»", "{}", "Ana")]
    [InlineData("«DATE \\@ \"yyyy-MM-dd\"»", "{}", "2026-11-23")]
    [InlineData("«MERGEREC»/«MERGESEQ»", "{}", "1/1")]
    public void A_field_is_replaced_by_its_result(string template, string json, string expected) => Check.Text(template, json, expected);

    [Fact]
    public void Layout_fields_stay_live()
        => Check.Text("Page «PAGE» of «NUMPAGES»", "{}", "Page {PAGE|result} of {NUMPAGES|result}");

    [Fact]
    public void A_paragraph_of_blank_merge_fields_vanishes()
        => Check.Text("«MERGEFIELD a»\n«MERGEFIELD b» «MERGEFIELD c»\n«MERGEFIELD d»", """{"a":"A","b":"","c":"","d":"D"}""", "A\nD");

    [Fact]
    public void A_nested_field_is_evaluated_first()
    {
        const string begin = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>";
        const string end = "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
        var body = "<w:p>" + begin + WordFile.Run(" IF ", "instrText") + begin + WordFile.Run(" MERGEFIELD sex ", "instrText") + end + WordFile.Run(" = \"f\" \"Dear Ms ", "instrText")
            + begin + WordFile.Run(" MERGEFIELD name ", "instrText") + end + WordFile.Run("\" \"Dear Mr\" ", "instrText") + end + "</w:p>";
        Check.Body(body, """{"sex":"f","name":"Ana"}""", "Dear Ms Ana");
        Check.Body(body, """{"sex":"m","name":"Ana"}""", "Dear Mr");
    }

    [Fact]
    public void A_branch_of_IF_may_hold_paragraphs_with_their_formatting()
    {
        const string begin = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>";
        const string end = "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
        var body = "<w:p>" + begin + WordFile.Run(" IF ", "instrText") + begin + WordFile.Run(" MERGEFIELD x ", "instrText") + end + WordFile.Run(" = 1 \"one", "instrText") + "</w:p><w:p>"
            + WordFile.Run("two", "instrText", italic: true) + WordFile.Run("\" \"none\" ", "instrText") + end + WordFile.Run(" tail") + "</w:p>";
        Check.Body(body, """{"x":1}""", "one\ntwo tail");
        Check.Body(body, """{"x":2}""", "none tail");
    }

    [Fact]
    public void Simple_fields_are_fields_too()
        => Check.Body($"<w:p>{WordFile.Run("a ")}<w:fldSimple w:instr=\" MERGEFIELD name \\* Upper \">{WordFile.Run("«name»")}</w:fldSimple>{WordFile.Run(" b")}</w:p>", """{"name":"Ana"}""", "a ANA b");

    [Fact]
    public void Regions_of_other_libraries_repeat_rows()
        => Check.Text("| «MERGEFIELD TableStart:Visits»«MERGEFIELD On» | «MERGEFIELD Doc»«MERGEFIELD TableEnd:Visits» |", """{"visits":[{"on":"Mon","doc":"A"},{"on":"Tue","doc":"B"}]}""", "| Mon | A |\n| Tue | B |\n");

    [Fact]
    public void NEXT_takes_the_next_record_into_the_same_document()
    {
        var compiled = Check.Compile(WordFile.FromText("| «MERGEFIELD n» | «NEXT»«MERGEFIELD n» |\n| «NEXT»«MERGEFIELD n» | «NEXT»«MERGEFIELD n» |"));
        Assert.True(compiled.UsesNextRecord);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        using var records = Enumerable.Range(1, 6).Select(i => Check.Record($"{{\"n\":\"{i}\"}}")).GetEnumerator();
        Assert.IsType<RenderResult.Rendered>(compiled.RenderDocx(records, 0, Check.Options, output));
        Assert.Equal("| 1 | 2 |\n| 3 | 4 |\n", WordFile.TextOf(output.WrittenSpan.ToArray()));
        output.ResetWrittenCount();
        Assert.IsType<RenderResult.Rendered>(compiled.RenderDocx(records, 4, Check.Options, output));
        Assert.Equal("| 5 | 6 |\n|  |  |\n", WordFile.TextOf(output.WrittenSpan.ToArray()));
        Assert.Null(compiled.RenderDocx(records, 6, Check.Options, output));
    }

    [Fact]
    public void SKIPIF_leaves_the_record_out()
        => Assert.IsType<RenderResult.Skipped>(Check.Result("«SKIPIF {{dead}} = yes»Dear", """{"dead":"yes"}"""));

    [Fact]
    public void ASK_and_FILLIN_are_parameters_with_a_default()
    {
        var compiled = Check.Compile(WordFile.FromText("«ASK who \"Who signs?\" \\d \"Dr. A\"»«REF who» «FILLIN \"Which room?\" \\d \"12\"»"));
        Assert.Equal([("who", "Who signs?", "Dr. A"), ("Which room?", "Which room?", "12")], compiled.Parameters.Select(p => (p.Name, p.Prompt, p.Default)));
        Check.Text("«ASK who \"Who signs?\" \\d \"Dr. A\"»«REF who»", "{}", "Dr. A");
        Check.Text("«ASK who \"Who signs?\" \\d \"Dr. A\"»«REF who»", "{}", "Dr. B", Check.Options with { Parameters = new Dictionary<string, string> { ["who"] = "Dr. B" } });
    }

    [Fact]
    public void A_sum_over_the_rows_above_counts_what_was_bound()
        => Check.Text("| {{#each items}}a | {{p}}{{/each}} |\n| Sum | «=SUM(ABOVE)» |", """{"items":[{"p":2},{"p":3.5}]}""", "| a | 2 |\n| a | 3.5 |\n| Sum | 5.5 |\n");

    [Fact]
    public void A_condition_over_the_rows_above_counts_what_was_bound()
    {
        const string begin = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>";
        const string end = "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
        var condition = begin + WordFile.Run("IF ", "instrText") + begin + WordFile.Run("=SUM(ABOVE)", "instrText") + end + WordFile.Run(" > 5 \"much\" \"little\"", "instrText") + end;
        var table = WordFile.BodyOf("| {{#each items}}a | {{p}}{{/each}} |\n| x | here |").Replace("<w:r><w:t xml:space=\"preserve\">here</w:t></w:r>", condition, StringComparison.Ordinal);
        Check.Body(table, """{"items":[{"p":2},{"p":3.5}]}""", "| a | 2 |\n| a | 3.5 |\n| x | much |\n");
        Check.Body(table, """{"items":[{"p":2},{"p":1}]}""", "| a | 2 |\n| a | 1 |\n| x | little |\n");
    }

    [Theory]
    [InlineData("«MERGEFEILD name»", "field-not-understood @ body, paragraph 1")]
    [InlineData("«INCLUDETEXT \"c:\\\\secret.docx\"»", "field-never-fetched @ body, paragraph 1")]
    public void Fields_that_cannot_be_are_reported(string template, string expected) => Assert.Contains(expected, Check.Problems(template));

    [Theory]
    [InlineData("<m:r><m:t>x={{name}}</m:t></m:r>", true)]
    [InlineData("<m:r><m:t>x={</m:t></m:r><m:r><m:t>{name}}</m:t></m:r>", true)]
    [InlineData("<m:r><w:t>{{name}}</w:t></m:r>", true)]
    [InlineData("<m:r><w:fldChar w:fldCharType=\"begin\"/></m:r><m:r><w:instrText> MERGEFIELD name </w:instrText></m:r><m:r><w:fldChar w:fldCharType=\"separate\"/></m:r><m:r><m:t>42</m:t></m:r><m:r><w:fldChar w:fldCharType=\"end\"/></m:r>", true)]
    [InlineData("<w:fldSimple w:instr=\"MERGEFIELD name\"><m:r><m:t>42</m:t></m:r></w:fldSimple>", true)]
    [InlineData("<m:r><m:t>x={a}</m:t></m:r>", false)]
    [InlineData("<w:fldSimple w:instr=\"SEQ Equation\"><m:r><m:t>1</m:t></m:r></w:fldSimple>", false)]
    [InlineData("<w:r><w:t>{{name}}</w:t></w:r>", false)]
    public void What_no_record_fills_in_within_an_equation_is_reported(string runs, bool isReported)
    {
        var docx = WordFile.FromBody($"<w:p><m:oMath xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\">{runs}</m:oMath></w:p>");
        var problems = TemplateCompiler.Compile(new MemoryStream(docx)).Problems;
        Assert.Equal(isReported ? ["tag-in-equation @ body, paragraph 1"] : [], problems.Select(problem => $"{problem.Code} @ {problem.Place.Part}, {problem.Place.Position}"));
    }
}
