using UglyToad.PdfPig;

namespace ClinicFlow.Cli.Tests;

/// <summary>With the real LibreOffice.</summary>
public sealed class PdfTests
{
    [Fact]
    public async Task Makes_pdfs_and_nothing_else_by_default()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", 5);

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--name", "{{name}}");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(Enumerable.Range(1, 5).Select(i => $"Person {i}.pdf"), folder.Files("made"));
        Assert.All(folder.Files("made"), file => Assert.True(IsPdf(folder[$"made/{file}"])));
    }

    [Fact]
    public async Task Makes_both_into_a_zip()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", 3);

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--name", "{{name}}", "--format", "both", "--zip");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["Person 1.docx", "Person 1.pdf", "Person 2.docx", "Person 2.pdf", "Person 3.docx", "Person 3.pdf"], folder.ZipNames("made/letter.zip"));
        Assert.Equal("Person 2", folder.ZippedDocxText("made/letter.zip", "Person 2.docx"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Joins_all_pdfs_in_the_order_of_the_data(bool zip)
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", 4);
        string[] command = ["generate", "letter.docx", "people.csv", "-o", "made", "--name", "{{name}}", "--merged", "--json"];

        var result = await Cli.RunAsync(folder.Path, zip ? [.. command, "--zip"] : command);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(folder["made/letter merged.pdf"], result.Json.GetProperty("merged").GetString());
        using var merged = PdfDocument.Open(folder["made/letter merged.pdf"]);
        Assert.Equal(["Person 1", "Person 2", "Person 3", "Person 4"], merged.GetPages().Select(page => page.Text.Trim()));
        Assert.Equal(zip ? ["letter merged.pdf", "letter.zip"] : ["Person 1.pdf", "Person 2.pdf", "Person 3.pdf", "Person 4.pdf", "letter merged.pdf"], folder.Files("made"));
    }

    [Fact]
    public async Task A_second_ctrl_c_ends_at_once_and_the_run_can_still_go_on()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", 60);
        string[] command = ["generate", "letter.docx", "people.csv", "-o", "made", "--name", "{{name}}"];
        using var first = Cli.Start(folder.Path, command);
        Assert.True(await first.UntilAsync(() => File.Exists(folder["made/.clinicflow/names"])), "It ended before it could be stopped.");

        first.Signal("INT");
        first.Signal("INT");
        var stopped = await first.EndAsync();
        var resumed = await Cli.RunAsync(folder.Path, [.. command, "--resume", "--json"]);

        Assert.Equal(130, stopped.ExitCode);
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(60, folder.Files("made").Count);
    }

    [Fact]
    public async Task Converts_plain_word_files_and_replaces_none_unasked()
    {
        using var folder = new TestFolder();
        folder.Template("Brief Müller.docx", "one");
        folder.Template("two.docx", "two");

        var first = await Cli.RunAsync(folder.Path, "convert", "Brief Müller.docx", "two.docx", "-o", "made", "--json");
        var again = await Cli.RunAsync(folder.Path, "convert", "two.docx", "-o", "made");

        Assert.Equal(0, first.ExitCode);
        Assert.Equal(2, first.Json.GetProperty("documents").GetInt32());
        Assert.Equal(["Brief Müller.pdf", "two.pdf"], folder.Files("made"));
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("file-exists", again.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_converted_does_not_stop_the_others()
    {
        using var folder = new TestFolder();
        folder.Template("good.docx", "good");
        folder.Text("bad.docx", "no Word document");

        var result = await Cli.RunAsync(folder.Path, "convert", "bad.docx", "good.docx", "-o", "made", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.True(IsPdf(folder["made/good.pdf"]));
        Assert.Contains("bad.docx", result.Json.GetProperty("problems")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static bool IsPdf(string path) => File.ReadAllBytes(path).AsSpan().StartsWith("%PDF-"u8);
}
