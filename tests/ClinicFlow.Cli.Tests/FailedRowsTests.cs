using System.Text.Json;

namespace ClinicFlow.Cli.Tests;

public sealed class FailedRowsTests
{
    [Fact]
    public async Task Failed_rows_are_mended_and_fed_again()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}} {{fee | number:\"0.0\"}}");
        folder.Text("people.csv", "name,fee,note", "Anna,1,\"a, \"\"b\"\"\"", "李雷,much,\"two\nlines\"", "Zoë,0012,x");
        string[] options = ["--format", "docx", "--name", "{{name}}"];

        var first = await Cli.RunAsync(folder.Path, ["generate", "letter.docx", "people.csv", "-o", "made", .. options]);
        var failed = await File.ReadAllTextAsync(folder["made/failed.csv"], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["made/failed.csv"], failed.Replace(",much,", ",3,", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var second = await Cli.RunAsync(folder.Path, ["generate", "letter.docx", "made/failed.csv", "-o", "made", "--json", .. options]);

        Assert.Equal(1, first.ExitCode);
        Assert.Equal(
            "clinicflow:row,clinicflow:document,clinicflow:reason,name,fee,note\r\n"
            + "3,李雷,\"value-kind-mismatch: fee must be a number, but the record has text there.\",李雷,much,\"two\nlines\"\r\n",
            failed.TrimStart('\uFEFF'));
        Assert.Equal(0, second.ExitCode);
        Assert.Equal(["note"], second.Json.GetProperty("unusedColumns").EnumerateArray().Select(column => column.GetString()));
        Assert.Equal("李雷 3.0", folder.DocxText("made/李雷.docx"));
    }

    [Fact]
    public async Task A_spreadsheet_calculates_nothing_in_failed_rows_and_their_values_come_back_as_they_were()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}|{{phone}}|{{note}}|{{fee | number:\"0.0\"}}");
        folder.Text("people.csv", "name,phone,note,fee,-extra", "=1+1,+49 30 1,'=2,much,@SUM(A1)");
        string[] options = ["--format", "docx", "--name", "{{name}}"];

        await Cli.RunAsync(folder.Path, ["generate", "letter.docx", "people.csv", "-o", "made", .. options]);
        var failed = (await File.ReadAllTextAsync(folder["made/failed.csv"], TestContext.Current.CancellationToken)).TrimStart('\uFEFF');
        await Cli.RunAsync(folder.Path, ["generate", "letter.docx", "made/failed.csv", "-o", "again", .. options]);
        var again = (await File.ReadAllTextAsync(folder["again/failed.csv"], TestContext.Current.CancellationToken)).TrimStart('\uFEFF');
        folder.Text("mended.csv", failed.TrimEnd().Replace(",much,", ",3,", StringComparison.Ordinal));
        var last = await Cli.RunAsync(folder.Path, ["generate", "letter.docx", "mended.csv", "-o", "done", .. options]);

        Assert.Equal(
            "clinicflow:row,clinicflow:document,clinicflow:reason,name,phone,note,fee,'-extra\r\n"
            + "2,'=1+1,\"value-kind-mismatch: fee must be a number, but the record has text there.\",'=1+1,'+49 30 1,''=2,much,'@SUM(A1)\r\n",
            failed);
        Assert.Equal(failed, again);
        Assert.Equal(0, last.ExitCode);
        Assert.Equal("=1+1|+49 30 1|'=2|3.0", folder.DocxText("done/=1+1.docx"));
    }

    [Fact]
    public async Task Rows_that_fail_again_do_not_gather_our_columns()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{fee | number:\"0.0\"}}");
        folder.Text("people.csv", "name,fee", "Anna,much");

        await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "one", "--format", "docx");
        var second = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "one/failed.csv", "-o", "two", "--format", "docx");

        Assert.Equal(1, second.ExitCode);
        var header = (await File.ReadAllLinesAsync(folder["two/failed.csv"], TestContext.Current.CancellationToken))[0];
        Assert.Equal("clinicflow:row,clinicflow:document,clinicflow:reason,name,fee", header.TrimStart('\uFEFF'));
    }

    [Fact]
    public async Task Failed_rows_stand_in_the_order_of_the_data()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{fee | number:\"0.0\"}}");
        folder.Text("people.csv", ["name,fee", .. Enumerable.Range(1, 500).Select(i => i % 3 == 0 ? $"P{i},x" : $"P{i},{i}")]);

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--concurrency", "4", "--json");

        var rows = (await File.ReadAllLinesAsync(folder["made/failed.csv"], TestContext.Current.CancellationToken)).Skip(1).Select(line => line.Split(',')[0]);
        Assert.Equal(166, result.Json.GetProperty("failed").GetInt32());
        Assert.Equal(334, result.Json.GetProperty("documents").GetInt32());
        Assert.Equal(Enumerable.Range(1, 166).Select(i => $"{(3 * i) + 1}"), rows);
    }

    [Fact]
    public async Task No_value_of_a_record_is_said_or_put_into_json()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{fee | number:\"0.0\"}} {{when | date:\"yyyy\"}}");
        folder.Text("people.csv", "name,fee,when", "SECRET1,SECRET2,SECRET3");

        var plain = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "one", "--format", "docx", "--name", "{{name}}");
        var json = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "two", "--format", "docx", "--name", "{{name}}", "--json");

        Assert.Equal(1, plain.ExitCode);
        Assert.DoesNotContain("SECRET", plain.Output + plain.Errors + json.Output + json.Errors, StringComparison.Ordinal);
        var failures = json.Json.GetProperty("failures").EnumerateArray().ToList();
        Assert.Equal(["fee", "when"], failures.Select(failure => failure.GetProperty("field").GetString()));
        Assert.All(failures, failure => Assert.Equal(2, failure.GetProperty("row").GetInt32()));
        Assert.DoesNotContain("SECRET", await File.ReadAllTextAsync(folder["two/.clinicflow/journal"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_fail_and_the_others_go_on()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}}");
        folder.Text("people.csv", "name,fee", "Anna,1", "Bo,1,2,3", "Cy,3");

        var result = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--name", "{{name}}", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["Anna.docx", "Cy.docx", "failed.csv"], folder.Files("made"));
        Assert.Equal("row-not-readable", result.Json.GetProperty("failures")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Json_records_fail_into_json_lines()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{who.name}} {{fee | number:\"0.0\"}}");
        folder.Text("people.json", """[{"who":{"name":"Anna"},"fee":1.50},{"who":{"name":"李雷","tags":["a",true,null]},"fee":"much"}]""");

        var first = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.json", "-o", "made", "--format", "docx", "--name", "{{who.name}}");
        var line = await File.ReadAllTextAsync(folder["made/failed.ndjson"], TestContext.Current.CancellationToken);
        folder.Text("mended.ndjson", line.Replace("\"much\"", "7", StringComparison.Ordinal).TrimEnd());
        var second = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "mended.ndjson", "-o", "made", "--format", "docx", "--name", "{{who.name}}");

        Assert.Equal(1, first.ExitCode);
        using var record = JsonDocument.Parse(line);
        Assert.Equal("""{"name":"李雷","tags":["a",true,null]}""", record.RootElement.GetProperty("who").GetRawText());
        Assert.Equal(0, second.ExitCode);
        Assert.Equal("李雷 7.0", folder.DocxText("made/李雷.docx"));
    }
}
