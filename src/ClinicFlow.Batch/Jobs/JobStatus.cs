namespace ClinicFlow.Batch.Jobs;

/// <summary>Where a job is in its life. The names are those of the specification, in lower case in the database.</summary>
public enum JobStatus
{
    /// <summary>It waits for its turn.</summary>
    Queued,

    /// <summary>Documents are being made.</summary>
    Processing,

    /// <summary>Somebody stopped it for now; documents in flight were finished.</summary>
    Paused,

    /// <summary>Every document is done; some may have failed.</summary>
    Completed,

    /// <summary>No document succeeded, the job ran over its time, or the job itself broke.</summary>
    Failed,

    /// <summary>Somebody ended it; what was done is kept.</summary>
    Cancelled,
}

/// <summary>How urgent a job is. A higher one is always started before a lower one.</summary>
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

/// <summary>Where a request is: one document of a job.</summary>
public enum RequestState
{
    /// <summary>Not yet tried, or to be tried again without having failed.</summary>
    Pending,

    /// <summary>In flight. Recorded only where a runner has died before, to find the request that kills runners.</summary>
    Rendering,

    /// <summary>It failed for a reason that may pass, and waits for its next attempt.</summary>
    Retrying,

    /// <summary>Its document is in the archive.</summary>
    Succeeded,

    /// <summary>It failed for good.</summary>
    Failed,
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
