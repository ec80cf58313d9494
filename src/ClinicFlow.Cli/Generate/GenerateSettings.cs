using System.Globalization;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Cli.Generate;

/// <summary>The formats that documents are written in.</summary>
[Flags]
internal enum OutputFormat
{
    /// <summary>Word.</summary>
    Docx = 1,

    /// <summary>PDF.</summary>
    Pdf = 2,

    /// <summary>Both.</summary>
    Both = Docx | Pdf,
}

/// <summary>What the user chose for one run. Immutable.</summary>
internal sealed record GenerateSettings
{
    /// <summary>The template's path.</summary>
    public required string TemplatePath { get; init; }

    /// <summary>The data file's path.</summary>
    public required string DataPath { get; init; }

    /// <summary>The folder that receives the documents, absolute.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>What is written.</summary>
    public required OutputFormat Format { get; init; }

    /// <summary>The document's name as text with tags; null for the template's name and the row.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the documents go into one ZIP.</summary>
    public bool Zip { get; init; }

    /// <summary>Whether all PDFs are also joined into one.</summary>
    public bool Merged { get; init; }

    /// <summary>Which engine makes PDFs.</summary>
    public PdfEngineKind Engine { get; init; } = PdfEngineKind.Auto;

    /// <summary>How many documents are rendered at the same time.</summary>
    public required int Concurrency { get; init; }

    /// <summary>How often a document is tried again after an error that may pass.</summary>
    public required int Retries { get; init; }

    /// <summary>What a missing field becomes.</summary>
    public required MissingData Missing { get; init; }

    /// <summary>The culture of numbers and dates.</summary>
    public required CultureInfo Culture { get; init; }

    /// <summary>The sheet of a workbook; null for the first.</summary>
    public string? Sheet { get; init; }

    /// <summary>Answers to ASK and FILLIN.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>Delimiters, limits and macros.</summary>
    public required TemplateOptions Template { get; init; }

    /// <summary>Whether a run that was cut off goes on.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether a half-done run is thrown away and existing files are replaced.</summary>
    public bool Force { get; init; }

    /// <summary>The template's name without its ending.</summary>
    public string TemplateName => Path.GetFileNameWithoutExtension(TemplatePath);
}
