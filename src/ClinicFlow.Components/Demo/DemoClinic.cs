using System.Reflection;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Components.Demo;

/// <summary>A clinic that does not exist: its consent form and its patients come with the library, and are made into a real job.</summary>
public static class DemoClinic
{
    /// <summary>What the demonstration's template is called; it is looked for by this name, so that it is added once.</summary>
    public const string TemplateName = "Demonstration: informed consent";

    /// <summary>Makes a job of a number of fictional patients.</summary>
    /// <param name="client">The client of the one who sees the demonstration.</param>
    /// <param name="patients">How many, 1 to 100.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<Job> StartAsync(ClinicFlowClient client, int patients, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentOutOfRangeException.ThrowIfLessThan(patients, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(patients, 100);
        var config = await client.Queue.GetConfigAsync(cancellation);
        var template = await FindTemplateAsync(client, cancellation);
        await using var data = Open("patients.csv");
        using var reader = new StreamReader(data);
        var order = new NewImport
        {
            Name = "Demonstration: consent forms for Monday",
            Description = "Fictional patients of a clinic that does not exist.",
            TemplateId = template.Id,
            DocumentName = "{{lastName}} {{firstName}}, consent",
            PatientIdColumn = "mrn",
            Settings = new JobSettings { OutputFormat = config.PdfEngine is null ? OutputFormat.Docx : OutputFormat.Pdf, Culture = "en-GB", MissingData = MissingData.Blank },
            Source = new ImportSource { Format = "csv", Culture = "en-GB" },
        };
        using var some = new MemoryStream(await TakeAsync(reader, patients, cancellation));
        return await client.Jobs.ImportAsync(order, some, "patients.csv", cancellation: cancellation);
    }

    /// <summary>The header and the first rows: in this file no cell has a line end, so a line is a row.</summary>
    private static async Task<byte[]> TakeAsync(StreamReader reader, int patients, CancellationToken cancellation)
    {
        var lines = new List<string>();
        while (lines.Count <= patients && await reader.ReadLineAsync(cancellation) is { } line)
        {
            lines.Add(line);
        }

        return System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
    }

    private static async Task<Template> FindTemplateAsync(ClinicFlowClient client, CancellationToken cancellation)
    {
        if ((await client.Templates.ListAsync(cancellation)).FirstOrDefault(template => template.Name == TemplateName && template.PublishedVersionId is not null) is { } known)
        {
            return known;
        }

        await using var docx = Open("consent-form.docx");
        return await client.Templates.AddAsync(docx, "consent-form.docx", TemplateName, "A form of three pages with a table and conditions.", publish: true, cancellation);
    }

    private static Stream Open(string name) => Assembly.GetExecutingAssembly().GetManifestResourceStream("ClinicFlow.Components.Demo." + name)
        ?? throw new InvalidOperationException($"The library lacks {name}.");
}
