using System.Data;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Batch.Storage.Sqlite;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Npgsql;

namespace ClinicFlow.Server.Accounts;

/// <summary>The local accounts and their API keys: in a file of their own beside the engine's, or in a schema of their own in its PostgreSQL.</summary>
internal abstract class AccountsDb(DbContextOptions options) : IdentityUserContext<ClinicFlowUser>(options)
{
    private const int MaxTries = 10;

    /// <summary>The API keys.</summary>
    public DbSet<ApiKeyEntity> ApiKeys => Set<ApiKeyEntity>();

    /// <summary>Brings the tables up to date, under a lock, so that hosts that start together wait for each other.</summary>
    /// <exception cref="StorageException">The database is newer than this program (<c>database-too-new</c>).</exception>
    public abstract Task MigrateAsync(TimeProvider time, CancellationToken cancellation);

    /// <summary>
    /// Does something as if nobody else did anything meanwhile: two administrators must not take the role from each other.
    /// Where PostgreSQL cannot have it so, it is done again from the beginning.
    /// </summary>
    public async Task<T> AloneAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var transaction = await Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);
                var result = await work();
                await transaction.CommitAsync(cancellation);
                return result;
            }
            catch (Exception e) when (tries < MaxTries && IsConflict(e))
            {
                ChangeTracker.Clear();
            }
        }
    }

    /// <summary>What the tool that writes the migrations needs to know: which of Identity's tables there are.</summary>
    protected static IServiceProvider DesignServices()
        => new ServiceCollection().Configure<IdentityOptions>(identity => identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3).BuildServiceProvider();

    private static bool IsConflict(Exception? e)
        => e is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } || e is not null && IsConflict(e.InnerException);

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<ClinicFlowUser>(user =>
        {
            user.ToTable("users");
            user.Property(u => u.Role).HasConversion<string>().HasMaxLength(20);
        });
        builder.Entity<ApiKeyEntity>(key =>
        {
            key.ToTable("api_keys");
            key.HasIndex(k => k.Hash).IsUnique();
            key.HasIndex(k => k.UserId);
            key.HasOne<ClinicFlowUser>().WithMany().HasForeignKey(k => k.UserId).OnDelete(DeleteBehavior.Cascade);
            key.Property(k => k.Name).HasMaxLength(100);
            key.Property(k => k.Hash).HasMaxLength(64);
        });
        builder.Entity<IdentityUserClaim<string>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<string>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<string>>().ToTable("user_tokens");
        builder.Entity<IdentityUserPasskey<string>>().ToTable("user_passkeys");
    }
}

/// <summary>The accounts in SQLite.</summary>
internal sealed class SqliteAccountsDb(DbContextOptions<SqliteAccountsDb> options) : AccountsDb(options)
{
    /// <summary>The name of the file in the data folder.</summary>
    public const string FileName = "accounts.db";

    /// <inheritdoc/>
    public override async Task MigrateAsync(TimeProvider time, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(Database.GetDbConnection().DataSource);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // The lock of the operating system ends with the process that holds it; the migrator's row in a table would stay.
        await using var hold = await MigrationLock.TakeAsync(path + ".lock", time, cancellation);
        await Database.OpenConnectionAsync(cancellation);
        await Database.ExecuteSqlRawAsync("pragma journal_mode = wal", cancellation);
        await MigrationOrder.CheckAsync(this, cancellation);
        foreach (var script in await MigrationOrder.PendingScriptsAsync(this, cancellation))
        {
            await using var command = Database.GetDbConnection().CreateCommand();
            command.CommandText = script;
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
        => configurationBuilder.Properties<DateTimeOffset>().HaveConversion<SqliteBatchDb.Microseconds>();

    /// <summary>For the tool that writes the migrations.</summary>
    public sealed class DesignTime : IDesignTimeDbContextFactory<SqliteAccountsDb>
    {
        /// <inheritdoc/>
        public SqliteAccountsDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<SqliteAccountsDb>().UseSqlite("Data Source=design").UseApplicationServiceProvider(DesignServices()).Options);
    }
}

/// <summary>The accounts in PostgreSQL.</summary>
internal sealed class PostgresAccountsDb(DbContextOptions<PostgresAccountsDb> options) : AccountsDb(options)
{
    /// <summary>The schema: the engine's restricted role has no access to it.</summary>
    public const string Schema = "accounts";

    private const long Lock = 0x636c696e41636374;

    /// <inheritdoc/>
    public override async Task MigrateAsync(TimeProvider time, CancellationToken cancellation)
    {
        Database.SetCommandTimeout(TimeSpan.FromHours(1));
        await Database.OpenConnectionAsync(cancellation);

        // A lock of the session: it ends with the connection, whatever becomes of this process.
        await Database.ExecuteSqlAsync($"select pg_advisory_lock({Lock})", cancellation);
        await MigrationOrder.CheckAsync(this, cancellation);
        await Database.MigrateAsync(cancellation);
        await Database.ExecuteSqlAsync($"select pg_advisory_unlock({Lock})", cancellation);
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema(Schema);
    }

    /// <summary>For the tool that writes the migrations.</summary>
    public sealed class DesignTime : IDesignTimeDbContextFactory<PostgresAccountsDb>
    {
        /// <inheritdoc/>
        public PostgresAccountsDb CreateDbContext(string[] args)
            => new(new DbContextOptionsBuilder<PostgresAccountsDb>().UseNpgsql("Host=design", npgsql => npgsql.MigrationsHistoryTable("__EFMigrationsHistory", Schema)).UseApplicationServiceProvider(DesignServices()).Options);
    }
}
