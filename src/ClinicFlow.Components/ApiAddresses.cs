using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Components;

/// <summary>
/// Where the reader's browser fetches files from: the API itself, signed in by the reader's own cookie. A ZIP of gigabytes
/// goes straight to the disk that way, and never through the page's connection.
/// </summary>
public sealed class ApiAddresses
{
    private readonly string _root;

    /// <summary>Makes addresses under a root.</summary>
    /// <param name="root">Where the server is, as the browser sees it; empty for the page's own.</param>
    public ApiAddresses(string root = "")
    {
        ArgumentNullException.ThrowIfNull(root);
        _root = root.TrimEnd('/') + "/api/v1";
    }

    /// <summary>All documents of an ended job as one ZIP.</summary>
    public string Archive(Guid jobId) => $"{_root}/batch-jobs/{jobId}/archive";

    /// <summary>All documents of an ended job as one PDF to print.</summary>
    public string Merged(Guid jobId) => $"{_root}/batch-jobs/{jobId}/merged";

    /// <summary>One document of a job.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="requestId">The document's id in the job.</param>
    /// <param name="format">Which of its files; what it has where null.</param>
    public string Document(Guid jobId, string requestId, OutputFormat? format = null)
        => $"{_root}/batch-jobs/{jobId}/documents/{Uri.EscapeDataString(requestId)}/file{(format is { } only ? "?format=" + (only == OutputFormat.Docx ? "docx" : "pdf") : "")}";

    /// <summary>The Word file of a template's version.</summary>
    public string Template(Guid templateId, Guid versionId) => $"{_root}/templates/{templateId}/versions/{versionId}/file";
}
