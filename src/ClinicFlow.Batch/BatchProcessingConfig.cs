using System.Globalization;
using ClinicFlow.Batch.Delivery;
using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch;

/// <summary>
/// How the engine works: the specification's settings by their names, and those beyond it. Binds to the section
/// <c>BatchProcessing</c> of .NET configuration and is checked at start.
/// </summary>
public sealed record BatchProcessingConfig
{
    /// <summary>The name of the section.</summary>
    public const string Section = "BatchProcessing";

    /// <summary>How many jobs may wait: 1 to 1,000,000. Default 100.</summary>
    public int MaxQueueSize { get; init; } = 100;

    /// <summary>How many jobs run at once, over all hosts: 1 to 100. Default 3.</summary>
    public int MaxConcurrentJobs { get; init; } = 3;

    /// <summary>For how long a job may be processed, pauses not counted: 1 second to 7 days. Default 30 minutes (<c>00:30:00</c>).</summary>
    public TimeSpan DefaultJobTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The delay before a failed document's second attempt, in milliseconds: 0 to 600,000. Default 5,000. It doubles with each further one.</summary>
    public int RetryDelayMs { get; init; } = 5_000;

    /// <summary>After how many days the merge data and outputs of an ended job are removed: 1 to 3,650. Default 30.</summary>
    public int CleanupCompletedJobsAfterDays { get; init; } = 30;

    /// <summary>Whether progress is pushed as it happens. Default true.</summary>
    public bool EnableRealTimeUpdates { get; init; } = true;

    /// <summary>Where the outputs lie, and the database where it is a SQLite file. Default <c>data</c>.</summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>The connection string of a PostgreSQL database; a SQLite file in <see cref="DataFolder"/> where it is empty.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>A login of its own for users' work in PostgreSQL, a member of the role <c>{database}_app</c>; the first login under that role where it is empty.</summary>
    public string? AppConnectionString { get; init; }

    /// <summary>For how long one document may take: 1 second to 1 hour. Default 2 minutes.</summary>
    public TimeSpan DocumentTimeLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>For how long a host has a job without saying that it lives: 1 second to 10 minutes. Default 10 seconds. After that another takes the job.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long of waiting a job counts as one priority higher; zero for never, the default.</summary>
    public TimeSpan QueueAgeing { get; init; }

    /// <summary>Whether owners take turns within a priority, so that one's ten jobs do not hold up another's one. Default false: first come, first served.</summary>
    public bool OwnersTakeTurns { get; init; }

    /// <summary>Whether merge data is encrypted in the database. Default true.</summary>
    public bool EncryptMergeData { get; init; } = true;

    /// <summary>Whether the outputs are encrypted on disk. Default false.</summary>
    public bool EncryptOutputs { get; init; }

    /// <summary>A key of 32 bytes in Base64 that protects the keys in the database; ASP.NET Data Protection does where it is empty.</summary>
    public string? EncryptionKey { get; init; }

    /// <summary>How many threads render; 0, the default, for one a processor. At most 256.</summary>
    public int RenderThreads { get; init; }

    /// <summary>How many documents a job may have: 1 to 10,000,000. Default 1,000,000.</summary>
    public int MaxDocumentsPerJob { get; init; } = 1_000_000;

    /// <summary>How large the merge data of one document may be as JSON, in bytes: 1,024 to 67,108,864. Default 1 MiB.</summary>
    public int MaxMergeDataBytes { get; init; } = 1 << 20;

    /// <summary>The culture that numbers and dates are printed in where a job names none, such as <c>de-AT</c>. Default: the invariant culture.</summary>
    public string Culture { get; init; } = "";

    /// <summary>The clinic's time zone, such as <c>Europe/Vienna</c>: what DATE prints. Default: that of the machine.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>Where messages at the end of jobs go.</summary>
    public NotificationSettings Notifications { get; init; } = new();

    /// <summary>The clinic's time zone.</summary>
    internal TimeZoneInfo Zone => TimeZone.Length == 0 ? TimeZoneInfo.Local : TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    /// <summary>All that is wrong with it; empty where nothing is.</summary>
    public IReadOnlyList<SettingProblem> Validate()
    {
        var problems = new List<SettingProblem>();
        void Require(bool isMet, string name, string message)
        {
            if (!isMet)
            {
                problems.Add(new SettingProblem($"{Section}:{name}", message));
            }
        }

        void Range(long value, long from, long to, string name) => Require(value >= from && value <= to, name, string.Create(CultureInfo.InvariantCulture, $"must be {from} to {to}, and is {value}."));
        void Time(TimeSpan value, TimeSpan from, TimeSpan to, string name) => Require(value >= from && value <= to, name, $"must be {from:c} to {to:c} (days.hours:minutes:seconds), and is {value:c}.");

        Range(MaxQueueSize, 1, 1_000_000, nameof(MaxQueueSize));
        Range(MaxConcurrentJobs, 1, 100, nameof(MaxConcurrentJobs));
        Time(DefaultJobTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), nameof(DefaultJobTimeout));
        Range(RetryDelayMs, 0, 600_000, nameof(RetryDelayMs));
        Range(CleanupCompletedJobsAfterDays, 1, 3_650, nameof(CleanupCompletedJobsAfterDays));
        Require(DataFolder.Length > 0, nameof(DataFolder), "must name a folder.");
        Time(DocumentTimeLimit, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), nameof(DocumentTimeLimit));
        Time(LeaseDuration, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), nameof(LeaseDuration));
        Time(QueueAgeing, TimeSpan.Zero, TimeSpan.FromDays(365), nameof(QueueAgeing));
        Require(EncryptionKey is null or "" || IsKey(EncryptionKey), nameof(EncryptionKey), "must be 32 bytes in Base64; make one with: openssl rand -base64 32");
        Range(RenderThreads, 0, 256, nameof(RenderThreads));
        Range(MaxDocumentsPerJob, 1, 10_000_000, nameof(MaxDocumentsPerJob));
        Range(MaxMergeDataBytes, 1_024, 64 << 20, nameof(MaxMergeDataBytes));
        Require(BatchJobSettings.FindCulture(Culture) is not null, nameof(Culture), "must name a culture such as de-AT.");
        Require(TimeZone.Length == 0 || TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _), nameof(TimeZone), "must name a time zone such as Europe/Vienna.");
        Require(ConnectionString is null or "" || IsConnection(ConnectionString), nameof(ConnectionString), "must be a connection string of PostgreSQL that names a database, such as Host=127.0.0.1;Database=clinicflow;Username=clinicflow;Password=….");
        Require(AppConnectionString is null or "" || IsConnection(AppConnectionString), nameof(AppConnectionString), "must be a connection string of PostgreSQL that names a database.");
        Require(AppConnectionString is null or "" || ConnectionString is not (null or ""), nameof(AppConnectionString), $"is of no use without {nameof(ConnectionString)}.");
        problems.AddRange(Notifications.Validate().Select(problem => new SettingProblem(problem.Path, problem.Message)));
        return problems;
    }

    /// <summary>The culture of a job's documents.</summary>
    internal CultureInfo CultureOf(BatchJobSettings settings) => BatchJobSettings.FindCulture(settings.Culture ?? Culture) ?? CultureInfo.InvariantCulture;

    private static bool IsConnection(string text)
    {
        try
        {
            return new Npgsql.NpgsqlConnectionStringBuilder(text).Database is { Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsKey(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == 32;
    }
}

/// <summary>A setting that is wrong.</summary>
/// <param name="Path">Which: sections parted by colons.</param>
/// <param name="Message">What it must be.</param>
public sealed record SettingProblem(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path} {Message}";
}
