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

    /// <summary>No document succeeded, the job ran over its time, or the job itself broke.</summary>
    Failed,

    /// <summary>Somebody ended it; what was done is kept.</summary>
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

/// <summary>What a job makes of each request.</summary>
public enum OutputFormat
{
    /// <summary>PDF; the default.</summary>
    Pdf,

    /// <summary>DOCX.</summary>
    Docx,

    /// <summary>Both.</summary>
    Both,
}

/// <summary>What a merge field that a record does not have becomes.</summary>
public enum MissingData
{
    /// <summary>The document fails; the default.</summary>
    Error,

    /// <summary>Nothing.</summary>
    Blank,

    /// <summary>The tag itself.</summary>
    Keep,

    /// <summary>The field's name, highlighted.</summary>
    Highlight,
}

/// <summary>Where a document is.</summary>
public enum DocumentState
{
    /// <summary>Not yet made.</summary>
    Pending,

    /// <summary>Being made.</summary>
    Rendering,

    /// <summary>It failed for a reason that may pass, and waits for its next attempt.</summary>
    Retrying,

    /// <summary>It is in the archive.</summary>
    Succeeded,

    /// <summary>It failed for good.</summary>
    Failed,
}

/// <summary>What somebody has asked of a job that is not done yet.</summary>
public enum JobControl
{
    /// <summary>Finish what is in flight, then wait.</summary>
    Pause,

    /// <summary>Go on.</summary>
    Resume,

    /// <summary>End, and keep what is done.</summary>
    Cancel,
}

/// <summary>What the user of a job chose.</summary>
public sealed record JobSettings
{
    /// <summary>How many documents of the job are made at once: 1 to 10. Default 5.</summary>
    public int MaxConcurrentProcessing { get; init; } = 5;

    /// <summary>Whether a document that failed for a reason that may pass is tried again. Default true.</summary>
    public bool RetryFailedDocuments { get; init; } = true;

    /// <summary>How often it is tried again: 1 to 5. Default 3.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>Whether an e-mail is sent when the job ends. Default false.</summary>
    public bool NotifyOnCompletion { get; init; }

    /// <summary>Where to.</summary>
    public string? NotificationEmail { get; init; }

    /// <summary>What is made. Default PDF.</summary>
    public OutputFormat OutputFormat { get; init; }

    /// <summary>Whether PDFs of LibreOffice are deflated in the archive; other files are compressed already. Default true.</summary>
    public bool CompressionEnabled { get; init; } = true;

    /// <summary>Whether the documents can be fetched together as one ZIP. Default true.</summary>
    public bool GenerateZipArchive { get; init; } = true;

    /// <summary>The culture that numbers and dates are printed in, such as <c>de-AT</c>. Default: the server's.</summary>
    public string? Culture { get; init; }

    /// <summary>What a merge field that a record does not have becomes. Default: the document fails.</summary>
    public MissingData MissingData { get; init; }
}

/// <summary>A job.</summary>
public sealed record Job
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for; empty where nobody said.</summary>
    public string Description { get; init; } = "";

    /// <summary>The id of whose it is.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>The name of whose it is; null where the server does not know one.</summary>
    public string? CreatedByName { get; init; }

    /// <summary>Its template.</summary>
    public required Guid TemplateId { get; init; }

    /// <summary>The version of the template that is used to the end.</summary>
    public required Guid TemplateVersionId { get; init; }

    /// <summary>How urgent it is.</summary>
    public required JobPriority Priority { get; init; }

    /// <summary>Where it is.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>What its creator chose.</summary>
    public required JobSettings Settings { get; init; }

    /// <summary>How far it is.</summary>
    public required JobProgress Progress { get; init; }

    /// <summary>A stable code for what broke the job itself; null where nothing did.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The same for people.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its first document was begun; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When its documents were cleaned up; null before.</summary>
    public DateTimeOffset? PurgedAt { get; init; }

    /// <summary>What can be asked of it now: <c>pause</c>, <c>resume</c>, <c>cancel</c>, <c>retry</c>, <c>priority</c>, <c>delete</c>.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>What can be fetched now: <c>archive</c>, <c>merged</c>.</summary>
    public required IReadOnlyList<string> Downloads { get; init; }
}

/// <summary>How far a job is.</summary>
public sealed record JobProgress
{
    /// <summary>The job.</summary>
    public required Guid JobId { get; init; }

    /// <summary>Where it is.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>What somebody has asked of it that is not done yet; null for nothing.</summary>
    public JobControl? Requested { get; init; }

    /// <summary>How many documents it is to make.</summary>
    public required int Total { get; init; }

    /// <summary>How many are done, one way or the other.</summary>
    public required int Processed { get; init; }

    /// <summary>How many of them succeeded.</summary>
    public required int Succeeded { get; init; }

    /// <summary>How many of them failed for good.</summary>
    public required int Failed { get; init; }

    /// <summary>How many wait for another attempt.</summary>
    public required int Retrying { get; init; }

    /// <summary>How many are being made.</summary>
    public required int InFlight { get; init; }

    /// <summary>How many wait for their first attempt.</summary>
    public required int Pending { get; init; }

    /// <summary>How much is done, 0 to 100; never goes back, and is 100 only when all is done.</summary>
    public required double Percent { get; init; }

    /// <summary>The name of the document begun last; null where none is being made.</summary>
    public string? CurrentDocument { get; init; }

    /// <summary>How many documents a minute are made, smoothed; 0 where nothing is known.</summary>
    public required double DocumentsPerMinute { get; init; }

    /// <summary>When the first document was begun; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>For how many seconds it has been processed; pauses do not count.</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>How many seconds it will still take; null where nothing is known.</summary>
    public double? RemainingSeconds { get; init; }

    /// <summary>What holds it up or broke it; null where nothing does.</summary>
    public string? Message { get; init; }
}

/// <summary>A document of a job.</summary>
public sealed record JobDocument
{
    /// <summary>Its place in the job, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Its id in the job.</summary>
    public required string RequestId { get; init; }

    /// <summary>Its name.</summary>
    public required string DocumentName { get; init; }

    /// <summary>Whose it is; null where nobody said, and for operators, who see no patient's data.</summary>
    public string? PatientId { get; init; }

    /// <summary>Where it is.</summary>
    public required DocumentState State { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>Why it failed last: a stable code; null where it did not.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The same for people.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>When it is tried again; null where it is not.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Its files; empty before it is made.</summary>
    public required IReadOnlyList<DocumentFile> Files { get; init; }

    /// <summary>How many pages its PDF has; null where nobody counted.</summary>
    public int? Pages { get; init; }

    /// <summary>How many milliseconds its last attempt took; null before one.</summary>
    public double? ElapsedMilliseconds { get; init; }
}

/// <summary>A file of a document.</summary>
/// <param name="FileName">Its name in the archive.</param>
/// <param name="Format"><c>pdf</c> or <c>docx</c>.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Sha256">Its SHA-256, in lower-case hexadecimal.</param>
public sealed record DocumentFile(string FileName, string Format, long Bytes, string Sha256);

/// <summary>A document to make.</summary>
public sealed record DocumentRequest
{
    /// <summary>The template, where it is not the job's.</summary>
    public Guid? TemplateId { get; init; }

    /// <summary>What the document is called: 1 to 500 characters.</summary>
    public required string DocumentName { get; init; }

    /// <summary>What the merge fields are filled with.</summary>
    public JsonObject? MergeData { get; init; }

    /// <summary>Whose document it is, at most 200 characters.</summary>
    public string? PatientId { get; init; }

    /// <summary>Its id, unique in the job; <c>r1</c>, <c>r2</c> … by their order where none is given.</summary>
    public string? RequestId { get; init; }
}

/// <summary>A job to create, with its documents.</summary>
public sealed record NewJob
{
    /// <summary>Its name, 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>Its template; the version that is published now is used.</summary>
    public required Guid TemplateId { get; init; }

    /// <summary>How urgent it is.</summary>
    public JobPriority Priority { get; init; } = JobPriority.Normal;

    /// <summary>How it is made.</summary>
    public JobSettings Settings { get; init; } = new();

    /// <summary>The documents.</summary>
    public IReadOnlyList<DocumentRequest> Requests { get; init; } = [];
}

/// <summary>A job to create from a file of records: one document a row.</summary>
public sealed record NewImport
{
    /// <summary>The job's name, 1 to 200 characters; the file's name where none is given.</summary>
    public string? Name { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>Its template; the version that is published now is used.</summary>
    public required Guid TemplateId { get; init; }

    /// <summary>How urgent it is.</summary>
    public JobPriority Priority { get; init; } = JobPriority.Normal;

    /// <summary>How it is made.</summary>
    public JobSettings Settings { get; init; } = new();

    /// <summary>The documents' names, with tags, such as <c>{{lastName}} consent</c>; the template's name and the row's number where none is given.</summary>
    public string? DocumentName { get; init; }

    /// <summary>The column that says whose a document is; none where null.</summary>
    public string? PatientIdColumn { get; init; }

    /// <summary>The column with the requests' ids; <c>r1</c>, <c>r2</c> … where null.</summary>
    public string? RequestIdColumn { get; init; }

    /// <summary>Which merge field takes which column: the field's name, then the column's. A field that is not named takes the column of its own name.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>How the file is written.</summary>
    public ImportSource Source { get; init; } = new();

    /// <summary>The rows that no document is made of, by their numbers in the file.</summary>
    public IReadOnlyList<long> LeaveOut { get; init; } = [];

    /// <summary>What rows say instead of what stands in the file: by the row's number, then by column. Columns that are not named stay; for CSV and Excel.</summary>
    public IReadOnlyDictionary<long, IReadOnlyDictionary<string, string>> Corrections { get; init; } = new Dictionary<long, IReadOnlyDictionary<string, string>>();
}

/// <summary>How a file of records is written; what is not said is found out.</summary>
public sealed record ImportSource
{
    /// <summary><c>csv</c>, <c>xlsx</c>, <c>json</c> or <c>ndjson</c>.</summary>
    public string? Format { get; init; }

    /// <summary>The sheet of a workbook; the first that is not empty where null.</summary>
    public string? Sheet { get; init; }

    /// <summary>What parts the columns of a CSV, such as <c>;</c>.</summary>
    public string? Separator { get; init; }

    /// <summary>The encoding of a text file, such as <c>windows-1252</c>.</summary>
    public string? Encoding { get; init; }

    /// <summary>The culture that dates and numbers of a CSV are written in, such as <c>de-AT</c>.</summary>
    public string? Culture { get; init; }

    /// <summary>Where the list stands in a JSON file, such as <c>patients</c> or <c>data.items</c>: names parted by dots.</summary>
    public string? List { get; init; }
}

/// <summary>What a file of records looks like beside a template, before a job is made of it.</summary>
/// <param name="Description">How the file was understood.</param>
/// <param name="Rows">How many records there are, left out ones too.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Samples">The first records, as merge data.</param>
/// <param name="UnusedColumns">The columns that no field takes.</param>
/// <param name="MissingFields">The fields that find no column.</param>
/// <param name="SuggestedColumns">Columns that may be meant for them, by field.</param>
/// <param name="Names">What the first documents would be called.</param>
/// <param name="Problems">What is wrong with the file, with its rows; up to 1,000.</param>
public sealed record ImportPreview(
    string Description, long Rows, IReadOnlyList<string> Columns, IReadOnlyList<JsonObject> Samples, IReadOnlyList<string> UnusedColumns,
    IReadOnlyList<string> MissingFields, IReadOnlyDictionary<string, string> SuggestedColumns, IReadOnlyList<string> Names, IReadOnlyList<ProblemItem> Problems)
{
    /// <summary>How many records are left out, because the order says so.</summary>
    public long LeftOut { get; init; }

    /// <summary>How many records were tried with the template; fewer than there are where that would have taken too long.</summary>
    public long Tried { get; init; }

    /// <summary>How many rows are wrong, where not all are listed.</summary>
    public long ProblemRows { get; init; }

    /// <summary>The sheets that a workbook shows, in their order; none for other files.</summary>
    public IReadOnlyList<string> Sheets { get; init; } = [];

    /// <summary>The sheet that was read; null for other files.</summary>
    public string? Sheet { get; init; }
}

/// <summary>A row of a file of records, as it would become a document.</summary>
/// <param name="Row">Its number, by which a person finds it in the file.</param>
/// <param name="IsLeftOut">Whether the order leaves it out.</param>
/// <param name="Cells">What stands in it, corrections in place, one for each column; fewer or more where the row cannot be told apart, none for JSON.</param>
/// <param name="DocumentName">What its document would be called; null where that cannot be told.</param>
/// <param name="MergeData">What the merge fields would be filled with; null where the row cannot be read.</param>
/// <param name="Problems">What is wrong with it.</param>
public sealed record ImportRow(long Row, bool IsLeftOut, IReadOnlyList<string> Cells, string? DocumentName, JsonObject? MergeData, IReadOnlyList<ProblemItem> Problems);

/// <summary>Which failed documents are tried again.</summary>
public sealed record RetryOrder
{
    /// <summary>Which; all where null.</summary>
    public IReadOnlyList<string>? RequestIds { get; init; }

    /// <summary>New merge data, by request.</summary>
    public IReadOnlyDictionary<string, JsonObject>? CorrectedData { get; init; }
}

/// <summary>A new urgency.</summary>
/// <param name="Priority">The urgency.</param>
public sealed record PriorityChange(JobPriority Priority);

/// <summary>Which jobs to list, the newest first. What is not set does not narrow.</summary>
public sealed record JobFilter
{
    /// <summary>In which states.</summary>
    public IReadOnlyList<JobStatus> Statuses { get; init; } = [];

    /// <summary>Of which urgency.</summary>
    public IReadOnlyList<JobPriority> Priorities { get; init; } = [];

    /// <summary>Of which template.</summary>
    public Guid? TemplateId { get; init; }

    /// <summary>Whose: for operators.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>What must stand in name or description.</summary>
    public string? Text { get; init; }

    /// <summary>Created from then on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Created before then.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>The cursor that the page before gave.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many, 1 to 200; 50 where null.</summary>
    public int? Count { get; init; }
}

/// <summary>A page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">What is on the page.</param>
/// <param name="Next">What to ask for the next page with (<c>cursor</c> or <c>from</c>); null where this is the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
