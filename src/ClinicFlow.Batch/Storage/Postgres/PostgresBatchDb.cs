using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ClinicFlow.Batch.Storage.Postgres;

/// <summary>The tables in PostgreSQL, with row-level security (see the first migration).</summary>
internal sealed class PostgresBatchDb(DbContextOptions<PostgresBatchDb> options) : BatchDb(options)
{
    /// <inheritdoc/>
    protected override string JsonType => "jsonb";

    /// <summary>For the tool that writes the migrations.</summary>
    public sealed class DesignTime : IDesignTimeDbContextFactory<PostgresBatchDb>
    {
        /// <inheritdoc/>
        public PostgresBatchDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PostgresBatchDb>().UseNpgsql("Host=design").Options);
    }
}
