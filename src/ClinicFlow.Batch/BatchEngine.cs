using System.Globalization;
using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Delivery;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Processing;
using ClinicFlow.Batch.Progress;
using ClinicFlow.Batch.Retention;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Batch.Storage.Postgres;
using ClinicFlow.Batch.Storage.Sqlite;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Engines;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicFlow.Batch;

/// <summary>The settings of the engine are wrong.</summary>
public sealed class BatchConfigException : ClinicFlowException
{
    internal BatchConfigException(IReadOnlyList<SettingProblem> problems)
        : base("config-invalid", string.Create(CultureInfo.InvariantCulture, $"{problems.Count} {(problems.Count == 1 ? "setting is" : "settings are")} wrong:\n{string.Join("\n", problems)}"))
        => Problems = problems;

    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<SettingProblem> Problems { get; }
}

/// <summary>What was found of a database.</summary>
/// <param name="Kind"><c>SQLite</c> or <c>PostgreSQL</c>.</param>
/// <param name="IsNew">Whether it has no tables yet: the first start makes them.</param>
/// <param name="PendingMigrations">How many steps the next start brings it up to date by.</param>
/// <param name="ClockDifference">By how much its clock is ahead of this machine's.</param>
public sealed record DatabaseCheck(string Kind, bool IsNew, int PendingMigrations, TimeSpan ClockDifference);

/// <summary>What a host gives the engine.</summary>
public sealed record BatchEngineParts
{
    /// <summary>Makes PDFs; null where there is no PDF engine. Not disposed by the engine.</summary>
    public IPdfConverter? Pdf { get; init; }

    /// <summary>Protects the keys in the database where the settings have no key; files beneath the data folder where null.</summary>
    public IDataProtectionProvider? DataProtection { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where jitter comes from.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>The log.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}

/// <summary>
/// The batch engine of one host: storage, queue, runners, notifications and house-keeping. Several engines, in one process
/// or on many machines, may work on one database and one folder of outputs; who holds a job's latest epoch commits to it.
/// </summary>
public sealed class BatchEngine : IAsyncDisposable
{
    private readonly IBatchDatabase _database;
    private readonly RenderThreads _threads;
    private readonly Scheduler _scheduler;
    private readonly Housekeeper _housekeeper;
    private readonly OutboxSender _outbox;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = [];
    private readonly EngineMeter _meter;
    private int _isDisposed;

    private BatchEngine(BatchProcessingConfig config, BatchEngineParts parts, IBatchDatabase database, StoredKeyRing keys)
    {
        (Config, Time, _database) = (config, parts.Time, database);
        _meter = new EngineMeter(parts.Time);
        IReadOnlyList<Storage.Tables.OutboxEntity> NoticesOf(Jobs.BatchJob job) => OutboxStore.NoticesOf(job, config.Notifications, parts.Time);
        var log = parts.Loggers.CreateLogger("ClinicFlow.Batch");
        var vault = new MergeDataVault(keys, config.EncryptMergeData);
        Audit = new AuditStore(database, keys, Path.Combine(config.DataFolder, "audit.head"), parts.Time);
        var templates = new TemplateStore(database, Audit, parts.Time);
        var intake = new IntakeStore(database, Audit, parts.Time);
        Templates = templates;
        TemplateCache = new TemplateCache(templates);
        Intake = new JobIntake(config, intake, templates, vault, parts.Time);
        Reader = new JobReader(database);
        Controls = new ControlStore(database, Audit, parts.Time, NoticesOf);
        Files = new OutputFolder(Path.Combine(config.DataFolder, "outputs"));
        OutputKeys = config.EncryptOutputs ? keys : null;
        Keys = keys;
        PrintFiles = new PrintFiles(Files, Reader, keys, OutputKeys);
        _threads = new RenderThreads(config.RenderThreads > 0 ? config.RenderThreads : Environment.ProcessorCount);
        Runner = new RunnerStore(database, Audit, parts.Time, NoticesOf);
        _scheduler = new Scheduler(new RunnerParts(config, Runner, Reader, TemplateCache, vault, OutputKeys, _threads, parts.Pdf, Files, Progress, _meter, parts.Random, parts.Time, log), $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}");
        _housekeeper = new Housekeeper(config, new RetentionStore(database, Audit, parts.Time), intake, Audit, Files, parts.Time, log);
        _outbox = new OutboxSender(
            new OutboxStore(database, parts.Time), new SmtpEmailSender(config.Notifications, parts.Time), new WebhookSender(config.Notifications, parts.Time),
            config.Notifications, parts.Time, parts.Random, parts.Loggers.CreateLogger<OutboxSender>());
    }

    /// <summary>How it works.</summary>
    public BatchProcessingConfig Config { get; }

    /// <summary>Tells how jobs move that run on this host.</summary>
    public ProgressFeed Progress { get; } = new();

    /// <summary>What this host did since it was opened.</summary>
    public EngineTotals Totals => _meter.Totals;

    internal TimeProvider Time { get; }

    /// <summary>The audit log, for those who may see it. It shows all; whoever asks must have been found to be allowed to.</summary>
    public AuditLog AuditLog => new(Audit);

    internal AuditStore Audit { get; }

    internal TemplateStore Templates { get; }

    internal TemplateCache TemplateCache { get; }

    internal JobIntake Intake { get; }

    internal JobReader Reader { get; }

    internal ControlStore Controls { get; }

    internal RunnerStore Runner { get; }

    internal OutputFolder Files { get; }

    internal IKeyRing Keys { get; }

    internal PrintFiles PrintFiles { get; }

    internal IKeyRing? OutputKeys { get; }

    internal Scheduler Scheduler => _scheduler;

    internal Housekeeper Housekeeper => _housekeeper;

    internal OutboxSender Outbox => _outbox;

    internal IBatchDatabase Database => _database;

    /// <summary>Opens the engine: brings the database up to date and loads the keys. Nothing runs yet; see <see cref="Start"/>.</summary>
    /// <param name="config">How it works.</param>
    /// <param name="parts">What the host gives; the defaults where null.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="BatchConfigException">The settings are wrong.</exception>
    /// <exception cref="StorageException">The database cannot be reached, or is newer than this program.</exception>
    /// <exception cref="EncryptionKeyMissingException">The keys in the database were protected by another key.</exception>
    public static async Task<BatchEngine> OpenAsync(BatchProcessingConfig config, BatchEngineParts? parts = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Validate() is { Count: > 0 } problems)
        {
            throw new BatchConfigException(problems);
        }

        parts ??= new BatchEngineParts();
        config = config with { DataFolder = Path.GetFullPath(config.DataFolder) };
        IBatchDatabase database = config.ConnectionString is { Length: > 0 } connection
            ? new PostgresDatabase(connection, config.AppConnectionString is { Length: > 0 } app ? app : null, parts.Time)
            : new SqliteDatabase(Path.Combine(config.DataFolder, "clinicflow.db"), parts.Time);
        try
        {
            await database.MigrateAsync(cancellation).ConfigureAwait(false);
            var keys = new StoredKeyRing(database, KeyWrapOf(config, parts), parts.Time);
            await keys.LoadAsync(cancellation).ConfigureAwait(false);
            return new BatchEngine(config, parts, database, keys);
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Opens the audit log alone, without an engine, and changes nothing: a server may work on it meanwhile.</summary>
    /// <param name="config">The settings, without problems.</param>
    /// <param name="parts">What the host gives.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The log, the key of its chain, and the database, which is the caller's to dispose.</returns>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    /// <exception cref="EncryptionKeyMissingException">The keys in the database were protected by another key.</exception>
    internal static async Task<(AuditStore Audit, byte[] Key, IBatchDatabase Database)> OpenAuditAsync(BatchProcessingConfig config, BatchEngineParts parts, CancellationToken cancellation)
    {
        IBatchDatabase database = config.ConnectionString is { Length: > 0 } connection
            ? new PostgresDatabase(connection, config.AppConnectionString is { Length: > 0 } app ? app : null, parts.Time)
            : new SqliteDatabase(Path.Combine(config.DataFolder, "clinicflow.db"), parts.Time, isReadOnly: true);
        try
        {
            var keys = new StoredKeyRing(database, KeyWrapOf(config, parts), parts.Time);
            await keys.LoadAsync(cancellation, isReadOnly: true).ConfigureAwait(false);
            return (new AuditStore(database, keys, Path.Combine(config.DataFolder, "audit.head"), parts.Time), AuditStore.KeyOf(keys), database);
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Looks at the database that settings name, and changes nothing there.</summary>
    /// <param name="config">The settings, without problems.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="StorageException">The database cannot be reached.</exception>
    public static async Task<DatabaseCheck> CheckDatabaseAsync(BatchProcessingConfig config, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        var isPostgres = config.ConnectionString is { Length: > 0 };
        var file = Path.Combine(Path.GetFullPath(config.DataFolder), "clinicflow.db");
        if (!isPostgres && !File.Exists(file))
        {
            return new DatabaseCheck("SQLite", IsNew: true, 0, TimeSpan.Zero);
        }

        IBatchDatabase database = isPostgres ? new PostgresDatabase(config.ConnectionString!, null, TimeProvider.System) : new SqliteDatabase(file, TimeProvider.System);
        await using (database.ConfigureAwait(false))
        {
            // As the login itself: before the first start the roles that the engine works under are not there.
            return await (database is PostgresDatabase postgres ? postgres.InspectAsync(LookAsync, cancellation) : database.ReadAsync(null, LookAsync, cancellation)).ConfigureAwait(false);

            async Task<DatabaseCheck> LookAsync(BatchDb db)
            {
                var applied = await db.Database.GetAppliedMigrationsAsync(cancellation).ConfigureAwait(false);
                var pending = await db.Database.GetPendingMigrationsAsync(cancellation).ConfigureAwait(false);
                var now = await database.NowAsync(db, cancellation).ConfigureAwait(false);
                return new DatabaseCheck(isPostgres ? "PostgreSQL" : "SQLite", !applied.Any(), pending.Count(), now - TimeProvider.System.GetUtcNow());
            }
        }
    }

    /// <summary>Starts to run jobs, to send messages and to keep house.</summary>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public void Start()
    {
        if (_loops.Count > 0)
        {
            throw new InvalidOperationException("The engine was started before.");
        }

        _loops.Add(Task.Run(() => _scheduler.RunAsync(TimeSpan.FromSeconds(8), _stopping.Token)));
        _loops.Add(Task.Run(() => _outbox.RunAsync(_stopping.Token)));
        _loops.Add(Task.Run(() => _housekeeper.RunAsync(_stopping.Token)));
    }

    /// <summary>Stops: what is in flight is finished where that takes a few seconds at most, and jobs are put back for whoever goes on.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_loops).ConfigureAwait(false);
        await _housekeeper.EndAsync().ConfigureAwait(false);
    }

    /// <summary>The operations of a user.</summary>
    public BatchDocumentService ServiceFor(BatchUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new BatchDocumentService(this, user);
    }

    /// <summary>The templates, for a user.</summary>
    public TemplateLibrary TemplatesFor(BatchUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new TemplateLibrary(this, user);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A host may have it under two names.
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await StopAsync().ConfigureAwait(false);
        _threads.Dispose();
        _meter.Dispose();
        _stopping.Dispose();
        await _database.DisposeAsync().ConfigureAwait(false);
    }

    private static IKeyWrap KeyWrapOf(BatchProcessingConfig config, BatchEngineParts parts)
    {
        if (config.EncryptionKey is { Length: > 0 } key)
        {
            return new ConfiguredKeyWrap(Convert.FromBase64String(key));
        }

        return new DataProtectionKeyWrap(parts.DataProtection ?? FilesBeneath(config.DataFolder));
    }

    /// <summary>Data Protection of a host that has none: its keys are files that only this user may read.</summary>
    private static IDataProtectionProvider FilesBeneath(string dataFolder)
    {
        var folder = Directory.CreateDirectory(Path.Combine(dataFolder, "keys"));
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("ClinicFlow").PersistKeysToFileSystem(folder);
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
    }
}
