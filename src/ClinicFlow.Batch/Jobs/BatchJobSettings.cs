using ClinicFlow.Documents;

namespace ClinicFlow.Batch.Jobs;

/// <summary>What the user of a job chose. Names, ranges and defaults are the specification's. Immutable.</summary>
public sealed record BatchJobSettings
{
    /// <summary>How many documents of the job are made at once: 1 to 10. Default 5.</summary>
    public int MaxConcurrentProcessing { get; init; } = 5;

    /// <summary>Whether a document that failed for a reason that may pass is tried again. Default true.</summary>
    public bool RetryFailedDocuments { get; init; } = true;

    /// <summary>How often it is tried again: 1 to 5. Default 3.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>Whether an e-mail is sent when the job ends. Default false.</summary>
    public bool NotifyOnCompletion { get; init; }

    /// <summary>Where to; required where <see cref="NotifyOnCompletion"/> is on.</summary>
    public string? NotificationEmail { get; init; }

    /// <summary>What is made. Default <see cref="OutputFormat.Pdf"/>.</summary>
    public OutputFormat OutputFormat { get; init; }

    /// <summary>Whether PDFs are deflated in the archive; a DOCX is compressed already. Default true.</summary>
    public bool CompressionEnabled { get; init; } = true;

    /// <summary>Whether the archive can be fetched as one ZIP; the documents can be fetched singly in any case. Default true.</summary>
    public bool GenerateZipArchive { get; init; } = true;

    /// <summary>The culture that numbers and dates are printed in, such as <c>de-AT</c>. Default: the engine's.</summary>
    public string? Culture { get; init; }

    /// <summary>What a merge field that a record does not have becomes. Default <see cref="MissingData.Error"/>.</summary>
    public MissingData MissingData { get; init; }
}
