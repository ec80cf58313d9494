namespace ClinicFlow.Cli.Tests;

public sealed class ResumeTests
{
    private const int Count = 6000;

    [Fact]
    public async Task A_killed_run_goes_on_and_makes_every_document_once_under_the_same_name()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{number}} {{name}}");
        folder.Text("people.csv", ["number,name", .. Enumerable.Range(1, Count).Select(i => $"{i},Person {i % 7}")]);
        string[] command = ["generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--name", "{{name}}"];
        using (var first = Cli.Start(folder.Path, command))
        {
            Assert.True(await first.UntilAsync(() => JournalLength(folder) > 20_000), "It ended before it could be killed.");
            first.Kill();
            await first.EndAsync();
        }

        var half = folder.Files("made").Count;
        var refused = await Cli.RunAsync(folder.Path, command);
        var resumed = await Cli.RunAsync(folder.Path, [.. command, "--resume", "--json"]);

        Assert.InRange(half, 1, Count - 1);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--resume", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(Count, resumed.Json.GetProperty("documents").GetInt32());
        Assert.InRange(resumed.Json.GetProperty("resumed").GetInt32(), 1, half);

        // The names are those of the data's order: the 3rd person of a name is "name (3)".
        Assert.Equal(Enumerable.Range(1, Count).Select(i => NameOf(i) + ".docx").Order(StringComparer.Ordinal), folder.Files("made"));
        foreach (var i in Enumerable.Range(1, Count).Where(i => i % 97 == 0 || i < 10))
        {
            Assert.Equal($"{i} Person {i % 7}", folder.DocxText($"made/{NameOf(i)}.docx"));
        }
    }

    [Fact]
    public async Task A_killed_run_finishes_its_zip()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", Count);
        string[] command = ["generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--name", "{{name}}", "--zip"];
        using (var first = Cli.Start(folder.Path, command))
        {
            Assert.True(await first.UntilAsync(() => JournalLength(folder) > 20_000), "It ended before it could be killed.");
            first.Kill();
            await first.EndAsync();
        }

        var resumed = await Cli.RunAsync(folder.Path, [.. command, "--resume", "--json"]);

        Assert.Equal(0, resumed.ExitCode);
        Assert.True(resumed.Json.GetProperty("resumed").GetInt32() > 0);
        Assert.Equal(["letter.zip"], folder.Files("made"));
        Assert.Equal(Enumerable.Range(1, Count).Select(i => $"Person {i}.docx"), folder.ZipNames("made/letter.zip"));
        Assert.Equal("Person 5", folder.ZippedDocxText("made/letter.zip", "Person 5.docx"));
        Assert.Equal($"Person {Count}", folder.ZippedDocxText("made/letter.zip", $"Person {Count}.docx"));
    }

    [Fact]
    public async Task A_finished_run_is_not_made_again()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", 3);
        string[] command = ["generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--resume", "--json"];
        await Cli.RunAsync(folder.Path, command);
        var written = Directory.GetLastWriteTimeUtc(folder["made/letter 000002.docx"]);

        var again = await Cli.RunAsync(folder.Path, command);

        Assert.Equal(0, again.ExitCode);
        Assert.Equal(3, again.Json.GetProperty("resumed").GetInt32());
        Assert.Equal(written, Directory.GetLastWriteTimeUtc(folder["made/letter 000002.docx"]));
        Assert.Equal(3, folder.Files("made").Count);
    }

    [Theory]
    [InlineData("data", "the data")]
    [InlineData("template", "the template")]
    [InlineData("option", "--culture")]
    public async Task Refuses_to_go_on_with_something_else(string changed, string expected)
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", 3);
        List<string> command = ["generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--resume"];
        await Cli.RunAsync(folder.Path, [.. command]);
        switch (changed)
        {
            case "data":
                folder.People("people.csv", 4);
                break;
            case "template":
                folder.Template("letter.docx", "Dear {{name}}");
                break;
            default:
                command.AddRange(["--culture", "de-AT"]);
                break;
        }

        var result = await Cli.RunAsync(folder.Path, [.. command]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("resume-differs", result.Errors, StringComparison.Ordinal);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_a_power_cut_damaged_is_made_again()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", 3);
        string[] command = ["generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--resume", "--json"];
        await Cli.RunAsync(folder.Path, command);
        var journal = folder["made/.clinicflow/journal"];
        var lines = await File.ReadAllTextAsync(journal, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(journal, lines.Replace("finished\n", "done 1 1 12:", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder["made/letter 000003.docx"], [], TestContext.Current.CancellationToken);
        File.Delete(folder["made/letter 000004.docx"]);

        var result = await Cli.RunAsync(folder.Path, command);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(1, result.Json.GetProperty("resumed").GetInt32());
        Assert.Equal("Person 2", folder.DocxText("made/letter 000003.docx"));
        Assert.Equal("Person 3", folder.DocxText("made/letter 000004.docx"));
    }

    [Fact]
    public async Task Ctrl_c_ends_cleanly_and_says_how_to_go_on()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", Count);
        string[] command = ["generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--name", "{{name}}"];
        using var first = Cli.Start(folder.Path, command);
        Assert.True(await first.UntilAsync(() => JournalLength(folder) > 20_000), "It ended before it could be stopped.");

        first.Signal("INT");
        var stopped = await first.EndAsync();
        var half = folder.Files("made").Count;
        var resumed = await Cli.RunAsync(folder.Path, [.. command, "--resume", "--json"]);

        Assert.Equal(130, stopped.ExitCode);
        Assert.Contains("--resume", stopped.Output, StringComparison.Ordinal);
        Assert.InRange(half, 1, Count - 1);
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(half, resumed.Json.GetProperty("resumed").GetInt32());
        Assert.Equal(Count, folder.Files("made").Count);
    }

    [Fact]
    public async Task Force_throws_a_half_done_run_away()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.People("people.csv", Count);
        string[] command = ["generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--name", "{{name}}"];
        using (var first = Cli.Start(folder.Path, command))
        {
            Assert.True(await first.UntilAsync(() => JournalLength(folder) > 2_000), "It ended before it could be killed.");
            first.Kill();
            await first.EndAsync();
        }

        folder.People("people.csv", 2);
        var result = await Cli.RunAsync(folder.Path, [.. command, "--force", "--json"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(2, result.Json.GetProperty("documents").GetInt32());
        Assert.Equal(0, result.Json.GetProperty("resumed").GetInt32());
    }

    private static string NameOf(int i)
    {
        var number = ((i - 1) / 7) + 1;
        return number == 1 ? $"Person {i % 7}" : $"Person {i % 7} ({number})";
    }

    private static long JournalLength(TestFolder folder)
    {
        var file = new FileInfo(folder["made/.clinicflow/journal"]);
        return file.Exists ? file.Length : 0;
    }
}
