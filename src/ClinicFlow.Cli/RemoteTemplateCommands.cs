using System.CommandLine;
using System.Globalization;
using ClinicFlow.Cli.Output;
using ClinicFlow.Cli.Remote;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents;
using Spectre.Console;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow template upload</c>, <c>list</c> and <c>publish</c>: the templates of a server.</summary>
internal static class RemoteTemplateCommands
{
    /// <summary>Makes <c>upload</c>.</summary>
    public static Command CreateUpload()
    {
        var file = new Argument<string>("FILE") { Description = "The Word template (.docx)." };
        var name = new Option<string?>("--name") { Description = "What it is called on the server. Default: the file's name. A template of yours with that name gets a new version.", HelpName = "NAME" };
        var description = new Option<string>("--description") { Description = "What it is for.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var draft = new Option<bool>("--draft") { Description = "Do not publish it: jobs go on with the version before." };
        var command = new Command("upload", "Upload a template to the server and publish it.") { file, name, description, draft };
        new ServerOptions().Give(command, "template upload", async (session, parsed)
            => End(session.Output, "template upload", await TemplateLookup.BringAsync(session, parsed.GetValue(file)!, parsed.GetValue(name), parsed.GetValue(description)!, !parsed.GetValue(draft))));
        return command;
    }

    /// <summary>Makes <c>list</c>.</summary>
    public static Command CreateList()
    {
        var command = new Command("list", "List the server's templates by name.");
        new ServerOptions().Give(command, "template list", async (session, _) =>
        {
            var templates = await session.Client.Templates.ListAsync(session.Asked);
            Show(session.Output, templates);
            session.Output.Json(new { Command = "template list", ExitCode = ExitCodes.Done, Templates = templates, Problems = Array.Empty<ProblemJson>() });
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Makes <c>publish</c>.</summary>
    public static Command CreatePublish()
    {
        var argument = new Argument<string>("TEMPLATE") { Description = "The template: its name or its id." };
        var number = new Option<int?>("--version") { Description = "The number of the version. Default: the newest.", HelpName = "N" };
        var command = new Command("publish", "Publish a version of a template: new jobs use the newest that is published.") { argument, number };
        new ServerOptions().Give(command, "template publish", async (session, parsed) =>
        {
            var template = await TemplateLookup.FindAsync(session, parsed.GetValue(argument)!);
            var version = parsed.GetValue(number) is { } wanted ? template.Versions.FirstOrDefault(version => version.Version == wanted) : template.Versions.MaxBy(version => version.Version);
            return version is null
                ? throw new CommandProblemException(new Problem("version-unknown", $"The template has no such version; it has {template.Versions.Count}."))
                : End(session.Output, "template publish", await session.Client.Templates.PublishAsync(template.Id, version.Id, session.Asked));
        });
        return command;
    }

    private static int End(CommandOutput output, string command, Template template)
    {
        output.Result(string.Join('\t', Cells(template)));
        output.Json(new { Command = command, ExitCode = ExitCodes.Done, Template = template, Problems = Array.Empty<ProblemJson>() });
        return ExitCodes.Done;
    }

    private static void Show(CommandOutput output, IReadOnlyList<Template> templates)
    {
        if (output.IsTerminal && templates.Count > 0)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("Template", "Name", "Published", "Versions", "Changed");
            foreach (var template in templates)
            {
                table.AddRow([.. Cells(template).Select(cell => Markup.Escape(cell))]);
            }

            output.Terminal.Write(table);
            return;
        }

        foreach (var template in templates)
        {
            output.Result(string.Join('\t', Cells(template)));
        }
    }

    private static string[] Cells(Template template) =>
    [
        template.Id.ToString(), TerminalText.Clean(template.Name), TemplateLookup.Published(template) is { } published ? string.Create(CultureInfo.InvariantCulture, $"version {published.Version}") : "draft",
        template.Versions.Count.ToString(CultureInfo.InvariantCulture), template.UpdatedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
    ];
}
