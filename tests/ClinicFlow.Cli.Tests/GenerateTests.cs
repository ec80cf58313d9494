namespace ClinicFlow.Cli.Tests;

public sealed class GenerateTests
{
    [Fact]
    public async Task Makes_a_document_for_every_record()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "Dear {{name}},", "the fee is {{fee | number:\"0.00\"}}.");
        folder.People("people.csv", 3);

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["letter 000002.docx", "letter 000003.docx", "letter 000004.docx"], folder.Files("made"));
        Assert.Equal("Dear Person 2,\nthe fee is 2.50.", folder.DocxText("made/letter 000003.docx"));
    }

    [Fact]
    public async Task Names_documents_in_every_script_and_numbers_those_that_are_the_same()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{number}}");
        folder.Text("people.csv", "number,name", "1,Müller", "2,李雷", "3,müller", "4,محمد", "5,Müller", "6,a/b:c", "7,../../up", "8,CON");

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--name", "{{name}}");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            new[] { "Müller.docx", "李雷.docx", "müller (2).docx", "محمد.docx", "Müller (3).docx", "a_b_c.docx", "_.._up.docx", "_CON.docx" }.Order(StringComparer.Ordinal),
            folder.Files("made"));
        Assert.Equal("5", folder.DocxText("made/Müller (3).docx"));
    }

    [Fact]
    public async Task Leaves_files_alone_that_were_there_before()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{number}}");
        folder.Text("people.csv", "number,name", "1,Anna");
        Directory.CreateDirectory(folder["made"]);
        folder.Text("made/Anna.docx", "somebody's own file");

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--name", "{{name}}");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("somebody's own file\n", await File.ReadAllTextAsync(folder["made/Anna.docx"], TestContext.Current.CancellationToken));
        Assert.Equal("1", folder.DocxText("made/Anna (2).docx"));
    }

    [Fact]
    public async Task Puts_documents_into_a_zip_in_the_order_of_the_data()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", 300);

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--name", "{{name}}", "--zip", "--concurrency", "4");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["letter.zip"], folder.Files("made"));
        Assert.Equal(Enumerable.Range(1, 300).Select(i => $"Person {i}.docx"), folder.ZipNames("made/letter.zip"));
        Assert.Equal("Person 77", folder.ZippedDocxText("made/letter.zip", "Person 77.docx"));
    }

    [Fact]
    public async Task Reads_nested_records_from_json_lines()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{patient.name}}: {{#each visits}}{{day}} {{/each}}");
        folder.Text("people.ndjson", """{"patient":{"name":"Anna"},"visits":[{"day":"Mo"},{"day":"Tu"}]}""", """{"patient":{"name":"Bo"},"visits":[]}""");

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.ndjson", "-o", "made", "--format", "docx", "--name", "{{patient.name}}");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("Anna: Mo Tu ", folder.DocxText("made/Anna.docx"));
        Assert.Equal("Bo: ", folder.DocxText("made/Bo.docx"));
    }

    [Fact]
    public async Task Prints_numbers_in_the_culture_that_was_asked_for()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{fee | number:\"0.00\"}}");
        folder.People("people.csv", 1);

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--name", "x", "--culture", "de-AT");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("1,50", folder.DocxText("made/x.docx"));
    }

    [Fact]
    public async Task Takes_other_delimiters()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "<<name>> {{name}}");
        folder.People("people.csv", 1);

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--name", "<<name>>", "--delimiters", "<< >>");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("Person 1 {{name}}", folder.DocxText("made/Person 1.docx"));
    }

    [Theory]
    [InlineData("blank", "[]")]
    [InlineData("keep", "[{{gone}}]")]
    [InlineData("highlight", "[gone]")]
    public async Task Does_with_missing_fields_as_it_is_told(string policy, string expected)
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "[{{gone}}]");
        folder.People("people.csv", 1);

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--name", "x", "--missing", policy);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(expected[1..^1], folder.DocxText("made/x.docx"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_unused_columns_once()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", 50);

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx");

        Assert.Equal(2, result.Output.Split("number, fee").Length);
    }
}
