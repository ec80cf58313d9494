using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ClinicFlow.Batch.Storage;

/// <summary>Which migrations a database has, and which it still needs.</summary>
internal static class MigrationOrder
{
    /// <summary>Refuses a database that a newer program has changed.</summary>
    /// <exception cref="StorageException">It has a migration that this program does not know (<c>database-too-new</c>).</exception>
    public static async Task CheckAsync(DbContext db, CancellationToken cancellation)
    {
        var known = db.Database.GetMigrations().ToHashSet();
        var newer = (await db.Database.GetAppliedMigrationsAsync(cancellation).ConfigureAwait(false)).Where(applied => !known.Contains(applied)).ToArray();
        if (newer.Length > 0)
        {
            throw new StorageException("database-too-new", $"The database was changed by a newer program ({newer[0]}), which this one does not know. Install the newer program again, or restore a backup.", isTransient: false);
        }
    }

    /// <summary>The scripts that bring the database up to date, one a migration; each has its own transaction.</summary>
    public static async Task<IReadOnlyList<string>> PendingScriptsAsync(DbContext db, CancellationToken cancellation)
    {
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellation).ConfigureAwait(false)).ToHashSet();
        var migrator = db.GetService<IMigrator>();
        var scripts = new List<string>();
        var last = applied.Count == 0 ? Migration.InitialDatabase : db.Database.GetMigrations().Last(applied.Contains);
        foreach (var migration in db.Database.GetMigrations().Where(migration => !applied.Contains(migration)))
        {
            scripts.Add(migrator.GenerateScript(last, migration));
            last = migration;
        }

        return scripts;
    }
}
