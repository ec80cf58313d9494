using System.Text.Json;

namespace ClinicFlow.Cli.Tests;

public sealed class ExitCodeTests
{
    [Fact]
    public async Task All_that_is_wrong_with_the_input_is_said_at_once()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{#each visits}}", "{{name | frobnicate}}");

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "nothing.csv", "--name", "{{name", "--culture", "xx-nowhere", "--missing", "maybe", "--json");

        Assert.Equal(2, result.ExitCode);
        var codes = result.Json.GetProperty("problems").EnumerateArray().Select(problem => problem.GetProperty("code").GetString()).ToList();
        Assert.Equal(2, codes.Count(code => code == "usage"));
        Assert.Contains("section-never-ends", codes);
        Assert.Contains("unknown-formatter", codes);
        Assert.Contains("tag-never-ends", codes);
        Assert.Contains("cannot-open", codes);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task A_name_with_a_field_that_no_row_has_is_refused_before_the_run()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", 3);

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--name", "{{surname}}");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("surname", result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["made"]));
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("generate a.docx b.csv --concurrency many")]
    [InlineData("generate letter.docx people.csv --format docx --merged")]
    [InlineData("generate letter.docx people.csv --concurrency 0")]
    [InlineData("generate letter.docx people.csv --parameter Ward")]
    [InlineData("generate letter.docx people.csv --delimiters ab")]
    [InlineData("generate people.csv people.csv")]
    [InlineData("template check nothing.docx")]
    [InlineData("template check people.csv")]
    [InlineData("convert nothing.docx -o made")]
    [InlineData("frobnicate")]
    public async Task Wrong_usage_and_wrong_input_end_with_2(string command)
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", 1);

        var plain = await Cli.RunAsync(folder.Path, command.Split(' '));
        var json = await Cli.RunAsync(folder.Path, [.. command.Split(' '), "--json"]);

        Assert.Equal(2, plain.ExitCode);
        Assert.NotEqual("", plain.Errors);
        Assert.Equal(2, json.ExitCode);
        Assert.Equal(2, json.Json.GetProperty("exitCode").GetInt32());
        Assert.NotEmpty(json.Json.GetProperty("problems").EnumerateArray());
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_ends_with_3()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", 1);

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "people.csv/made", "--format", "docx", "--json");

        Assert.Equal(3, result.ExitCode);
        Assert.Equal("environmentFailed", result.Json.GetProperty("outcome").GetString());
        Assert.Equal("cannot-write", result.Json.GetProperty("problems")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_help_lists_the_exit_codes()
    {
        using var folder = new TestFolder();

        var result = await Cli.RunAsync(folder.Path, "--help");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("130  interrupted", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_holds_what_a_program_needs_and_nothing_else_is_on_standard_output()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", 3);

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--zip", "--json");

        var json = result.Json;
        Assert.Equal("generate", json.GetProperty("command").GetString());
        Assert.Equal("done", json.GetProperty("outcome").GetString());
        Assert.Equal(0, json.GetProperty("exitCode").GetInt32());
        Assert.Equal(3, json.GetProperty("documents").GetInt32());
        Assert.Equal(0, json.GetProperty("failed").GetInt32());
        Assert.Equal(JsonValueKind.Number, json.GetProperty("seconds").ValueKind);
        Assert.Equal(JsonValueKind.Number, json.GetProperty("documentsPerSecond").ValueKind);
        Assert.Equal(folder["made"], json.GetProperty("outputFolder").GetString());
        Assert.Equal(folder["made/letter.zip"], json.GetProperty("zip").GetString());
        Assert.Equal(["number", "fee"], json.GetProperty("unusedColumns").EnumerateArray().Select(column => column.GetString()));
    }

    [Fact]
    public async Task Two_runs_cannot_share_a_folder()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", 1);
        Directory.CreateDirectory(folder["made/.clinicflow"]);
        using var held = new FileStream(folder["made/.clinicflow/lock"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("folder-in-use", result.Errors, StringComparison.Ordinal);
    }
}
