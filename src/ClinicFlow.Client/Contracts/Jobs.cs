using System.Text.Json.Nodes;

namespace ClinicFlow.Client.Contracts;

/// <summary>Where a job is in its life.</summary>
public enum JobStatus
{
    /// <summary>It waits for its turn.</summary>
    Queued,

    /// <summary>Documents are being made.</summary>
    Processing,

    /// <summary>Somebody stopped it for now.</summary>
    Paused,

    /// <summary>Every document is done; some may have failed.</summary>
    Completed,

    /// <summary>Nothing succeeded, it ran over its time, or it broke.</summary>
    Failed,

    /// <summary>Somebody ended it.</summary>
    Cancelled,
}

/// <summary>How urgent a job is.</summary>
public enum JobPriority
{
    /// <summary>When nothing else waits.</summary>
    Low,

    /// <summary>The default.</summary>
    Normal,

    /// <summary>Before normal ones.</summary>
    High,

    /// <summary>Before all others.</summary>
    Urgent,
}

/// <summary>What is asked of a job.</summary>
public enum JobControl
{
    /// <summary>Finish what is in flight, then wait.</summary>
    Pause,

    /// <summary>Go on.</summary>
    Resume,

    /// <summary>End, and keep what is done.</summary>
    Cancel,
}

/// <summary>Where a document is.</summary>
public enum DocumentState
{
    /// <summary>Not yet tried.</summary>
    Pending,

    /// <summary>Being made.</summary>
    Rendering,

    /// <summary>It failed, and is tried again.</summary>
    Retrying,

    /// <summary>It is in the archive.</summary>
    Succeeded,

    /// <summary>It failed for good.</summary>
    Failed,
}

/// <summary>What a job makes of each request.</summary>
public enum OutputFormat
{
    /// <summary>PDF.</summary>
    Pdf,

    /// <summary>DOCX.</summary>
    Docx,

    /// <summary>Both.</summary>
    Both,
}

/// <summary>What a merge field without a value becomes.</summary>
public enum MissingData
{
    /// <summary>The document fails.</summary>
    Error,

    /// <summary>Nothing is printed.</summary>
    Blank,

    /// <summary>The field stays as it is.</summary>
    Keep,

    /// <summary>The field's name is printed highlighted.</summary>
    Highlight,
}

/// <summary>How a job is made. What is not set has the specification's default.</summary>
public sealed record JobSettings
{
    /// <summary>How many documents are made at once: 1 to 10. Default 5.</summary>
    public int MaxConcurrentProcessing { get; init; } = 5;

    /// <summary>Whether a document that failed for a reason that may pass is tried again. Default true.</summary>
    public bool RetryFailedDocuments { get; init; } = true;

    /// <summary>How often: 1 to 5. Default 3.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>Whether an e-mail is sent when the job ends. Default false.</summary>
    public bool NotifyOnCompletion { get; init; }

    /// <summary>Where to.</summary>
    public string? NotificationEmail { get; init; }

    /// <summary>What is made. Default PDF.</summary>
    public OutputFormat OutputFormat { get; init; }

    /// <summary>Whether PDFs are deflated in the archive. Default true.</summary>
    public bool CompressionEnabled { get; init; } = true;

    /// <summary>Whether the documents can be fetched as one ZIP. Default true.</summary>
    public bool GenerateZipArchive { get; init; } = true;

    /// <summary>The culture of numbers and dates, such as <c>de-AT</c>.</summary>
    public string? Culture { get; init; }

    /// <summary>What a merge field without a value becomes. Default: the document fails.</summary>
    public MissingData MissingData { get; init; }
}

/// <summary>One document of a job to create.</summary>
public sealed record DocumentRequest
{
    /// <summary>The template, where it is not the job's.</summary>
    public Guid? TemplateId { get; init; }

    /// <summary>What the document is called: 1 to 500 characters.</summary>
    public string DocumentName { get; init; } = "";

    /// <summary>The patient's data.</summary>
    public JsonObject? MergeData { get; init; }

    /// <summary>Whose document it is.</summary>
    public string? PatientId { get; init; }

    /// <summary>Its id, unique in the job.</summary>
    public string? RequestId { get; init; }
}

/// <summary>A job to create.</summary>
public sealed record CreateJob
{
    /// <summary>Its name: 1 to 200 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>Its template; the version that is published now is used to the end.</summary>
    public Guid TemplateId { get; init; }

    /// <summary>How urgent it is.</summary>
    public JobPriority Priority { get; init; } = JobPriority.Normal;

    /// <summary>How it is made.</summary>
    public JobSettings Settings { get; init; } = new();

    /// <summary>Its documents.</summary>
    public IReadOnlyList<DocumentRequest> Requests { get; init; } = [];
}

/// <summary>A job to create from a file of records: CSV, XLSX, JSON or JSON lines.</summary>
public sealed record ImportJob
{
    /// <summary>Its name: 1 to 200 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>Its template.</summary>
    public Guid TemplateId { get; init; }

    /// <summary>How urgent it is.</summary>
    public JobPriority Priority { get; init; } = JobPriority.Normal;

    /// <summary>How it is made.</summary>
    public JobSettings Settings { get; init; } = new();

    /// <summary>What each document is called, with fields: <c>{{lastName}} consent</c>. The row's number where it is empty.</summary>
    public string DocumentName { get; init; } = "";

    /// <summary>The column with the patient's id; none where it is empty.</summary>
    public string PatientIdColumn { get; init; } = "";

    /// <summary>The merge field that each column fills, where it is not called so itself: column to field. A column that goes to an empty name is left out.</summary>
    public IReadOnlyDictionary<string, string> Mapping { get; init; } = new Dictionary<string, string>();
}

/// <summary>A job that was created.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Job">The job as it stands.</param>
public sealed record JobCreated(Guid Id, JobView Job);

/// <summary>How far a job is.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Status">Where it is.</param>
/// <param name="Requested">What was asked of it and is not acted on yet.</param>
/// <param name="Total">How many documents it is to make.</param>
/// <param name="Processed">How many are done, one way or the other.</param>
/// <param name="Succeeded">How many succeeded.</param>
/// <param name="Failed">How many failed for good.</param>
/// <param name="Retrying">How many wait for another attempt.</param>
/// <param name="Pending">How many wait for their first.</param>
/// <param name="InFlight">How many are being made.</param>
/// <param name="CurrentDocument">The document begun last.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="DocumentsPerMinute">The smoothed rate.</param>
/// <param name="RemainingSeconds">How long it will still take; null where nothing is known.</param>
/// <param name="ElapsedSeconds">For how long it has been processed.</param>
/// <param name="StartedAt">When its first document was begun.</param>
/// <param name="CompletedAt">When it ended.</param>
/// <param name="Message">What holds it up or broke it.</param>
public sealed record JobProgress(
    Guid JobId, JobStatus Status, JobControl? Requested, int Total, int Processed, int Succeeded, int Failed, int Retrying, int Pending, int InFlight, string? CurrentDocument,
    double Percent, double DocumentsPerMinute, double? RemainingSeconds, double ElapsedSeconds, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, string? Message);

/// <summary>A job.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for.</param>
/// <param name="TemplateId">Its template.</param>
/// <param name="TemplateVersionId">The version it pinned.</param>
/// <param name="Priority">How urgent it is.</param>
/// <param name="Status">Where it is.</param>
/// <param name="Settings">How it is made.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="ErrorCode">What broke it.</param>
/// <param name="ErrorMessage">The same for people.</param>
/// <param name="CreatedBy">Whose it is.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="StartedAt">When its first document was begun.</param>
/// <param name="CompletedAt">When it ended.</param>
/// <param name="UpdatedAt">When it last changed.</param>
/// <param name="PurgedAt">When its outputs and data were removed.</param>
/// <param name="Allowed">What can be asked of it: <c>pause</c>, <c>resume</c>, <c>cancel</c>, <c>priority</c>, <c>retry</c>, <c>delete</c>.</param>
/// <param name="Outputs">What can be fetched: <c>archive</c>, <c>merged</c>.</param>
public sealed record JobView(
    Guid Id, string Name, string Description, Guid TemplateId, Guid TemplateVersionId, JobPriority Priority, JobStatus Status, JobSettings Settings, JobProgress Progress,
    string? ErrorCode, string? ErrorMessage, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, DateTimeOffset UpdatedAt,
    DateTimeOffset? PurgedAt, IReadOnlyList<string> Allowed, IReadOnlyList<string> Outputs);

/// <summary>A page of jobs.</summary>
/// <param name="Items">The jobs, the newest first.</param>
/// <param name="NextCursor">For the next page; null where this is the last.</param>
public sealed record JobList(IReadOnlyList<JobView> Items, string? NextCursor);

/// <summary>A file of a document.</summary>
/// <param name="Name">Its name in the archive.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Sha256">Its SHA-256 in hexadecimal.</param>
public sealed record DocumentFile(string Name, long Bytes, string Sha256);

/// <summary>A document of a job.</summary>
/// <param name="Row">Its place in the job, from 1.</param>
/// <param name="RequestId">Its id.</param>
/// <param name="DocumentName">What it is called.</param>
/// <param name="PatientId">Whose it is.</param>
/// <param name="State">Where it is.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="ErrorCode">Why it failed last.</param>
/// <param name="ErrorMessage">The same for people.</param>
/// <param name="RetryAt">When it is tried again.</param>
/// <param name="Files">Its files.</param>
/// <param name="Pages">How many pages it has.</param>
/// <param name="ElapsedMs">How long the last attempt took.</param>
public sealed record DocumentView(
    int Row, string RequestId, string DocumentName, string? PatientId, DocumentState State, int Attempts, string? ErrorCode, string? ErrorMessage, DateTimeOffset? RetryAt,
    IReadOnlyList<DocumentFile> Files, int? Pages, double? ElapsedMs);

/// <summary>A page of documents.</summary>
/// <param name="Items">The documents, in their order.</param>
/// <param name="NextFrom">From which row the next page starts; null where this is the last.</param>
public sealed record DocumentList(IReadOnlyList<DocumentView> Items, int? NextFrom);

/// <summary>Which failed documents to try again.</summary>
public sealed record RetryRequest
{
    /// <summary>Which; all where it is null.</summary>
    public IReadOnlyList<string>? RequestIds { get; init; }

    /// <summary>New merge data, by request.</summary>
    public IReadOnlyDictionary<string, JsonObject>? CorrectedData { get; init; }
}

/// <summary>A new urgency.</summary>
/// <param name="Priority">The urgency.</param>
public sealed record PriorityRequest(JobPriority Priority);
