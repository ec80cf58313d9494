using Xunit;

namespace ClinicFlow.Documents.Tests.Merge;

public sealed class SectionTests
{
    private const string Two = """{"items":[{"n":"a"},{"n":"b"}],"none":[],"yes":true,"no":false,"word":"w"}""";

    [Theory]
    [InlineData("{{#each items}}{{n}},{{/each}}", "a,b,")]
    [InlineData("x {{#each items}}{{@index}}{{n}}{{#if not @last}}; {{/if}}{{/each}} y", "x 1a; 2b y")]
    [InlineData("{{#each none}}{{n}}{{else}}nothing{{/each}}", "nothing")]
    [InlineData("{{#if yes}}A{{else}}B{{/if}}", "A")]
    [InlineData("{{#if no}}A{{else}}B{{/if}}", "B")]
    [InlineData("{{#if no}}A{{else if word = \"w\"}}B{{else}}C{{/if}}", "B")]
    [InlineData("{{#if missing}}A{{/if}}|", "|")]
    [InlineData("{{#items}}{{n}}{{/items}}{{^none}}-{{/none}}", "ab-")]
    [InlineData("{{#each items}}{{#each ../items}}{{n}}{{/each}}{{n}} {{/each}}", "aba abb ")]
    [InlineData("{{#each items where n = \"b\"}}{{n}}{{/each}}", "b")]
    [InlineData("{{#each items order by n desc}}{{n}}{{/each}}", "ba")]
    public void Inline_sections_stay_in_their_paragraph(string template, string expected) => Check.Text(template, Two, expected);

    [Fact]
    public void Tags_alone_in_their_paragraphs_take_them_away()
        => Check.Text("before\n{{#each items}}\nItem {{n}}\n{{/each}}\nafter", Two, "before\nItem a\nItem b\nafter");

    [Fact]
    public void A_condition_leaves_whole_paragraphs_out()
        => Check.Text("a\n{{#if no}}\nb\nc\n{{else}}\nd\n{{/if}}\ne", Two, "a\nd\ne");

    [Fact]
    public void Nested_sections_over_paragraphs_work()
        => Check.Text(
            "{{#each visits}}\nVisit {{on}}\n{{#each drugs}}\n- {{name}}\n{{else}}\nno drugs\n{{/each}}\n{{/each}}",
            """{"visits":[{"on":"Mon","drugs":[{"name":"x"},{"name":"y"}]},{"on":"Tue","drugs":[]}]}""",
            "Visit Mon\n- x\n- y\nVisit Tue\nno drugs");

    [Fact]
    public void A_section_may_start_in_the_middle_of_one_paragraph_and_end_in_another()
        => Check.Text("a {{#if yes}}b\nc{{/if}} d\n{{#if no}}x\ny{{/if}}z", Two, "a b\nc d\nz");

    [Fact]
    public void A_row_grows_with_its_list()
        => Check.Text("| Drug | Dose |\n| {{#each items}}{{n}} | {{@index}}{{/each}} |\n| Sum | {{word}} |", Two, "| Drug | Dose |\n| a | 1 |\n| b | 2 |\n| Sum | w |\n");

    [Fact]
    public void Several_rows_grow_together()
        => Check.Text("| {{#each items}}{{n}} | x |\n| y | {{n}}{{/each}} |", Two, "| a | x |\n| y | a |\n| b | x |\n| y | b |\n");

    [Fact]
    public void A_table_all_of_whose_rows_are_gone_is_gone()
        => Check.Text("a\n| {{#each none}}{{n}} | x{{/each}} |\nb", Two, "a\nb");

    [Fact]
    public void Rows_can_depend_on_a_condition()
        => Check.Text("| head |\n| {{#if no}}x{{/if}} |\n| {{#if yes}}y{{/if}} |", Two, "| head |\n|  |\n| y |\n");

    [Fact]
    public void A_cell_all_of_whose_paragraphs_are_gone_keeps_an_empty_one()
        => Check.Text("| a ¶ b | {{#if no}} ¶ c ¶ {{/if}} |", Two, "| a ¶ b |  |\n");

    [Fact]
    public void A_whole_table_is_repeated_by_tags_around_it()
        => Check.Text("{{#each items}}\n| {{n}} |\n{{/each}}\nend", Two, "| a |\n\n| b |\n\nend");

    [Theory]
    [InlineData("{{#each word}}x{{/each}}", "value-kind-mismatch word")]
    [InlineData("{{#each nothere}}x{{/each}}", "value-missing nothere")]
    public void What_is_no_list_is_refused(string template, string expected) => Assert.Equal([expected], Check.Refusals(template, Two));

    [Fact]
    public void A_cell_that_holds_a_list_as_JSON_is_repeated()
        => Check.Text("{{#each drugs}}{{name}} {{/each}}", """{"drugs":"[{\"name\":\"x\"},{\"name\":\"y\"}]"}""", "x y ");

    [Fact]
    public void Bookmarks_and_drawings_in_a_repeated_section_get_ids_of_their_own()
    {
        var body = $"<w:p>{WordFile.Run("{{#each items}}")}</w:p><w:p><w:bookmarkStart w:id=\"7\" w:name=\"here\"/>{WordFile.Run("{{n}}")}<w:bookmarkEnd w:id=\"7\"/></w:p><w:p>{WordFile.Run("{{/each}}")}</w:p>";
        var docx = Check.Render(WordFile.FromBody(body), Two);
        var starts = WordFile.Part(docx).Descendants(WordFile.W + "bookmarkStart").ToArray();
        Assert.Equal(["here", "here_2"], starts.Select(start => start.Attribute(WordFile.W + "name")!.Value));
        Assert.Equal(2, starts.Select(start => start.Attribute(WordFile.W + "id")!.Value).Distinct().Count());
        Assert.Equal(starts.Select(start => start.Attribute(WordFile.W + "id")!.Value), WordFile.Part(docx).Descendants(WordFile.W + "bookmarkEnd").Select(end => end.Attribute(WordFile.W + "id")!.Value));
    }

    [Theory]
    [InlineData("{{#if yes}}\n| a {{/if}} | b |", "section-crosses @ body, table 1, row 1, column 1")]
    [InlineData("{{#each items}}{{n}}", "section-never-ends @ body, paragraph 1")]
    [InlineData("{{else}}", "section-never-starts @ body, paragraph 1")]
    [InlineData("{{#if yes}}{{#each items}}{{/if}}{{/each}}", "section-never-ends @ body, paragraph 1")]
    public void Sections_that_cannot_be_are_reported(string template, string expected) => Assert.Contains(expected, Check.Problems(template));
}
