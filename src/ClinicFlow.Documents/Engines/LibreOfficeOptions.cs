namespace ClinicFlow.Documents.Engines;

/// <summary>How LibreOffice is run.</summary>
public sealed record LibreOfficeOptions
{
    /// <summary>The program; where null, <c>soffice</c> is looked for on the path and where it is usually installed.</summary>
    public string? Executable { get; init; }

    /// <summary>How many processes work at once. Default: one a processor, at most 8. Each takes some 200 MiB.</summary>
    public int Processes { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 8);

    /// <summary>How many documents a process is given at once; starting it takes longer than a document. Default 24.</summary>
    public int BatchSize { get; init; } = 24;

    /// <summary>How long a batch waits for more documents. Default 50 ms.</summary>
    public TimeSpan BatchDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long one document may take; the process is then ended and the document tried once more. Default 60 s.</summary>
    public TimeSpan DocumentTimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the process may take to start. Default 60 s.</summary>
    public TimeSpan StartTimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where profiles and documents lie while they are worked on; the system's temporary folder where null.</summary>
    public string? TemporaryFolder { get; init; }
}
