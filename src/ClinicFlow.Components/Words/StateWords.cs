using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Components.Words;

/// <summary>States and urgencies in the words of those who read them.</summary>
internal static class StateWords
{
    public static string Of(JobStatus status) => status switch
    {
        JobStatus.Queued => "Waiting",
        JobStatus.Processing => "Running",
        JobStatus.Paused => "Paused",
        JobStatus.Completed => "Finished",
        JobStatus.Failed => "Failed",
        _ => "Cancelled",
    };

    /// <summary>Where a job is, with whether all went well: one that ended with failures is not just finished.</summary>
    public static string Of(JobProgress progress) => progress is { Status: JobStatus.Completed, Failed: > 0 } ? "Finished, some failed" : Of(progress.Status);

    public static string Of(JobPriority priority) => priority switch
    {
        JobPriority.Low => "Low",
        JobPriority.Normal => "Normal",
        JobPriority.High => "High",
        _ => "Urgent",
    };

    public static string Of(DocumentState state) => state switch
    {
        DocumentState.Pending => "Waiting",
        DocumentState.Rendering => "Being made",
        DocumentState.Retrying => "Will be tried again",
        DocumentState.Succeeded => "Done",
        _ => "Failed",
    };

    public static string Of(OutputFormat format) => format switch
    {
        OutputFormat.Pdf => "PDF",
        OutputFormat.Docx => "Word",
        _ => "PDF and Word",
    };
}
