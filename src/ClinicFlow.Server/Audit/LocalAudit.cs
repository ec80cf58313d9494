using ClinicFlow.Batch;
using ClinicFlow.Batch.Audit;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace ClinicFlow.Server.Audit;

/// <summary>
/// The audit log of the data folder of this machine, without its server, which may work meanwhile: to check it, and for the
/// key by which exports are checked elsewhere. Nothing is changed.
/// </summary>
internal sealed class LocalAudit : IAsyncDisposable
{
    private readonly AuditStore _audit;
    private readonly IBatchDatabase _database;

    private LocalAudit(AuditStore audit, byte[] key, IBatchDatabase database) => (_audit, Key, _database) = (audit, key, database);

    /// <summary>The key of the chain. Whoever has it can also make a log that passes the check; it opens no patient's data.</summary>
    public byte[] Key { get; }

    /// <summary>Opens it.</summary>
    /// <param name="config">The settings of the server.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="FileNotFoundException">There is no data of a server in the folder.</exception>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    /// <exception cref="EncryptionKeyMissingException">The keys in the database were protected by another key.</exception>
    public static async Task<LocalAudit> OpenAsync(BatchProcessingConfig config, CancellationToken cancellation)
    {
        config = config with { DataFolder = Path.GetFullPath(config.DataFolder) };
        if (string.IsNullOrEmpty(config.ConnectionString) && !File.Exists(Path.Combine(config.DataFolder, "clinicflow.db")))
        {
            throw new FileNotFoundException("There is no data of a server in the data folder.");
        }

        // The server's keys as it set them up (ServerHost), and no new one where they are old.
        var keys = DataProtectionProvider.Create(new DirectoryInfo(Path.Combine(config.DataFolder, "keys")), builder => builder.SetApplicationName("ClinicFlow").DisableAutomaticKeyGeneration());
        var (audit, key, database) = await BatchEngine.OpenAuditAsync(config, new BatchEngineParts { DataProtection = keys }, cancellation);
        return new LocalAudit(audit, key, database);
    }

    /// <summary>Checks the log in the database, against <c>audit.head</c> and against an entry that is known from elsewhere.</summary>
    public Task<AuditVerdict> VerifyAsync(KnownEntry? known, CancellationToken cancellation) => _audit.VerifyAsync(cancellation, known is null ? [] : [known]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
