using System.Security.Cryptography;
using ClinicFlow.Cli.Output;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents;

namespace ClinicFlow.Cli.Remote;

/// <summary>Finds a server's template by what a person types, or brings it there.</summary>
internal static class TemplateLookup
{
    /// <summary>Finds a template by its id or its name, letter case aside.</summary>
    /// <exception cref="CommandProblemException">There is none, or more than one.</exception>
    public static async Task<Template> FindAsync(ServerSession session, string text)
    {
        if (Guid.TryParse(text, out var id))
        {
            return await session.Client.Templates.GetAsync(id, session.Asked);
        }

        var templates = await session.Client.Templates.ListAsync(session.Asked);
        Template[] found = [.. templates.Where(template => template.Name.Equals(text, StringComparison.OrdinalIgnoreCase))];
        return found switch
        {
            [var only] => only,
            [] => throw new CommandProblemException(new Problem("template-unknown", $"The server has no template of that name; it has {templates.Count}.") { Advice = "clinicflow template list lists them. The name of a file ends with .docx." }),
            _ => throw new CommandProblemException(new Problem("template-ambiguous", $"{found.Length} templates have that name: {string.Join(", ", found.Take(5).Select(template => template.Id))}.") { Advice = "Give the id." }),
        };
    }

    /// <summary>
    /// Brings a file to the server, so that jobs use it, unless a template that is published is that very file. A template
    /// of one's own with the file's name gets it as a new version.
    /// </summary>
    public static async Task<Template> BringAsync(ServerSession session, string path, string? name, string description, bool publish)
    {
        await using var file = OpenFile(path, "template");
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, session.Asked));
        file.Position = 0;
        var templates = await session.Client.Templates.ListAsync(session.Asked);
        var called = name ?? Path.GetFileNameWithoutExtension(path);
        if (publish && templates.FirstOrDefault(template => Published(template)?.ContentHash == hash && (name is null || Is(template, called))) is { } same)
        {
            session.Output.Note($"Template: {TerminalText.Clean(same.Name)}, version {Published(same)!.Version}, is this file already.");
            return same;
        }

        var user = (await session.Client.Session.GetAsync(session.Asked)).Id;
        var own = templates.Where(template => template.CreatedBy == user && Is(template, called)).MaxBy(template => template.UpdatedAt);
        var brought = own is null
            ? await session.Client.Templates.AddAsync(file, Path.GetFileName(path), called, description, publish, session.Asked)
            : await session.Client.Templates.AddVersionAsync(own.Id, file, Path.GetFileName(path), publish, session.Asked);
        session.Output.Note($"Template: {TerminalText.Clean(brought.Name)}, version {brought.Versions[0].Version}, uploaded{(publish ? " and published" : " as a draft")}.");
        return brought;
    }

    /// <summary>The version that new jobs use; null where none is published.</summary>
    public static TemplateVersion? Published(Template template) => template.Versions.FirstOrDefault(version => version.Id == template.PublishedVersionId);

    /// <summary>Opens a file that the user named.</summary>
    /// <exception cref="CommandProblemException">It cannot be read.</exception>
    public static FileStream OpenFile(string path, string what)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandProblemException(new Problem("cannot-open", $"The {what} {Path.GetFileName(path)} cannot be read.") { Advice = "Check that the file is there, that it may be read, and that no program holds it open." });
        }
    }

    private static bool Is(Template template, string name) => template.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
