using System.Globalization;
using System.Net.Mail;
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

    /// <summary>Whether PDFs of LibreOffice are deflated in the archive; a DOCX and a PDF of the native engine are compressed already, and stored as they are. Default true.</summary>
    public bool CompressionEnabled { get; init; } = true;

    /// <summary>Whether the documents can be fetched together as one ZIP; each can be fetched on its own in any case. Default true.</summary>
    public bool GenerateZipArchive { get; init; } = true;

    /// <summary>The culture that numbers and dates are printed in, such as <c>de-AT</c>. Default: the engine's.</summary>
    public string? Culture { get; init; }

    /// <summary>What a merge field that a record does not have becomes. Default <see cref="MissingData.Error"/>.</summary>
    public MissingData MissingData { get; init; }

    /// <summary>How often a document is tried again, with <see cref="RetryFailedDocuments"/> in mind.</summary>
    internal int Retries => RetryFailedDocuments ? MaxRetries : 0;

    /// <summary>All that is wrong, each with its JSON path beneath <c>settings</c>.</summary>
    public IReadOnlyList<(string Path, string Message)> Validate()
    {
        var problems = new List<(string, string)>();
        void Require(bool isMet, string name, string message)
        {
            if (!isMet)
            {
                problems.Add(($"settings.{name}", message));
            }
        }

        Require(MaxConcurrentProcessing is >= 1 and <= 10, "maxConcurrentProcessing", string.Create(CultureInfo.InvariantCulture, $"must be 1 to 10, and is {MaxConcurrentProcessing}."));
        Require(MaxRetries is >= 1 and <= 5, "maxRetries", string.Create(CultureInfo.InvariantCulture, $"must be 1 to 5, and is {MaxRetries}. To try nothing again, set retryFailedDocuments to false."));
        Require(Enum.IsDefined(OutputFormat), "outputFormat", "must be pdf, docx or both.");
        Require(Enum.IsDefined(MissingData), "missingData", "must be error, blank, keep or highlight.");
        Require(!NotifyOnCompletion || !string.IsNullOrWhiteSpace(NotificationEmail), "notificationEmail", "is needed where notifyOnCompletion is true.");
        Require(string.IsNullOrWhiteSpace(NotificationEmail) || IsAddress(NotificationEmail), "notificationEmail", "is no e-mail address.");
        Require(Culture is null || FindCulture(Culture) is not null, "culture", "must name a culture such as de-AT.");
        return problems;
    }

    /// <summary>A culture by its name; the invariant one for an empty name, null where there is none.</summary>
    internal static CultureInfo? FindCulture(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name, predefinedOnly: true);
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }

    private static bool IsAddress(string text) => text.Length <= 254 && !text.Any(char.IsControl) && MailAddress.TryCreate(text, out var address) && address.Address == text.Trim();
}
