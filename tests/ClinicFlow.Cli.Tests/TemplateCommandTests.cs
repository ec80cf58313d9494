using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using DocumentFormat.OpenXml.Wordprocessing;

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
    public async Task A_field_named_like_a_formula_is_none_in_the_header_and_is_found_again()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "Dear {{-name}} {{plain}}");

        var result = await Cli.RunAsync(folder.Path, "template", "fields", "letter.docx", "--csv");
        Assert.Equal((0, "'-name,plain"), (result.ExitCode, result.Output.Trim()));
        folder.Text("people.csv", result.Output.Trim(), "Anna,x");
        var made = await Cli.RunAsync(folder.Path, "generate", "letter.docx", "people.csv", "-o", "made", "--format", "docx", "--name", "letter");

        Assert.Equal(0, made.ExitCode);
        Assert.Equal("Dear Anna x", folder.DocxText("made/letter.docx"));
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

    [Fact]
    public async Task Annotate_writes_the_problems_as_comments_where_they_are()
    {
        using var folder = new TestFolder();
        folder.Template("letter.docx", "Dear {{name}},", "{{#each visits}} no end", "good", "{{fee | frobnicate}}");
        AddTable(folder["letter.docx"], "{{a | nothing}}");

        var result = await Cli.RunAsync(folder.Path, "template", "check", "letter.docx", "--annotate", "notes.docx");
        var again = await Cli.RunAsync(folder.Path, "template", "check", "notes.docx", "--annotate", "notes2.docx");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(1, again.ExitCode);
        using var notes = WordprocessingDocument.Open(folder["notes.docx"], isEditable: false);
        var main = notes.MainDocumentPart!;
        var comments = main.WordprocessingCommentsPart!.Comments!.Elements<Comment>().ToDictionary(comment => comment.Id!.Value!, comment => comment.InnerText);
        var commented = main.Document!.Body!.Descendants<CommentReference>()
            .Select(reference => (reference.Ancestors<Paragraph>().First().InnerText, comments[reference.Id!.Value!])).ToList();
        Assert.Equal(["{{#each visits}} no end", "{{fee | frobnicate}}", "{{a | nothing}}"], commented.Select(pair => pair.InnerText));
        Assert.Contains("{{/each}}", commented[0].Item2, StringComparison.Ordinal);
        Assert.Contains("frobnicate", commented[1].Item2, StringComparison.Ordinal);
        Assert.Empty(new OpenXmlValidator().Validate(notes, TestContext.Current.CancellationToken).Select(error => error.Description));
        using var twice = WordprocessingDocument.Open(folder["notes2.docx"], isEditable: false);
        Assert.Equal(6, twice.MainDocumentPart!.WordprocessingCommentsPart!.Comments!.Elements<Comment>().Select(comment => comment.Id!.Value).Distinct().Count());
    }

    private static void AddTable(string path, string text)
    {
        using var document = WordprocessingDocument.Open(path, isEditable: true);
        document.MainDocumentPart!.Document!.Body!.Append(
            new Table(
                new TableProperties(),
                new TableGrid(new GridColumn()),
                new TableRow(new TableCell(new Paragraph(new Run(new Text("plain"))), new Paragraph(new Run(new Text(text)))))),
            new Paragraph());
    }
}
