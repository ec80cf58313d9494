namespace ClinicFlow.Cli.Tests;

public sealed class TemplateCommandTests
{
    [Fact]
    public async Task Check_says_every_problem_with_its_place()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "Dear {{name}},", "{{#each visits}} no end", "{{fee | frobnicate}}");

        var plain = await Cli.RunAsync(folder.Path, "template", "check", "letter.docx");
        var json = await Cli.RunAsync(folder.Path, "template", "check", "letter.docx", "--json");

        Assert.Equal(1, plain.ExitCode);
        Assert.Contains("body, paragraph 2", plain.Errors, StringComparison.Ordinal);
        Assert.Contains("body, paragraph 3", plain.Errors, StringComparison.Ordinal);
        var problems = json.Json.GetProperty("problems").EnumerateArray().ToList();
        Assert.Equal(["section-never-ends", "unknown-formatter"], problems.Select(problem => problem.GetProperty("code").GetString()).Order(StringComparer.Ordinal));
        Assert.All(problems, problem => Assert.Equal("body", problem.GetProperty("part").GetString()));
        Assert.False(json.Json.GetProperty("canRender").GetBoolean());
    }

    [Fact]
    public async Task Check_ends_with_0_where_all_is_well()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "Dear {{name}}, {{fee | number:\"0.00\"}}");

        var result = await Cli.RunAsync(folder.Path, "template", "check", "letter.docx");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("No problems.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_write_a_csv_header_that_generate_takes()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{last name}} {{address.city}} {{fee | number:\"0.00\"}}".Replace("last name", "last_name", StringComparison.Ordinal));

        var result = await Cli.RunAsync(folder.Path, "template", "fields", "letter.docx", "--csv");
        folder.Text("people.csv", result.Output.TrimEnd(), "Huber,Graz,5");
        var made = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--name", "x");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("last_name,address.city,fee", result.Output.TrimEnd());
        Assert.Equal(0, made.ExitCode);
        Assert.Equal("Huber Graz 5.00", folder.DocxText("made/x.docx"));
    }
}
