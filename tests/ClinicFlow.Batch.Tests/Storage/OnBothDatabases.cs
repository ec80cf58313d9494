using ClinicFlow.Batch.Storage;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace ClinicFlow.Batch.Tests.Storage;

/// <summary>Tests that hold on whichever database: a contract inherits this, and has a class for each.</summary>
public abstract class OnBothDatabases
{
    // Hosts of one database share it, wherever their folders are.
    private protected static readonly string Key = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray());

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The connection string of a fresh PostgreSQL database; null for SQLite.</summary>
    protected abstract Task<string?> NewDatabaseAsync();

    private protected async Task<TestClinic> OpenAsync(Func<BatchProcessingConfig, BatchProcessingConfig>? with = null, BatchEngineParts? parts = null, bool isStarted = true)
        => await TestClinic.OpenAsync(await NewDatabaseAsync(), with, parts, isStarted: isStarted);

    /// <summary>Runs statements as whoever owns the tables.</summary>
    private protected static async Task ExecuteAsOwnerAsync(TestClinic clinic, string sql)
    {
        if (clinic.Engine.Config.ConnectionString is { } connectionString)
        {
            await PostgresServer.ExecuteAsync(connectionString, sql, Cancellation);
        }
        else
        {
            await WriteAsync(clinic, db => db.Database.ExecuteSqlRawAsync(sql, Cancellation));
        }
    }

    private protected static Task<T> ReadAsync<T>(TestClinic clinic, Func<BatchDb, Task<T>> read) => clinic.Engine.Database.ReadAsync(null, read, Cancellation);

    private protected static Task WriteAsync(TestClinic clinic, Func<BatchDb, Task> write) => clinic.Engine.Database.WriteAsync(
        null,
        async db =>
        {
            await write(db);
            await db.SaveChangesAsync(Cancellation);
            return (true, true);
        },
        Cancellation);
}
