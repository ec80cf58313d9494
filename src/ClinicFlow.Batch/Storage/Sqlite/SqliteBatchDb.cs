using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ClinicFlow.Batch.Storage.Sqlite;

/// <summary>The tables in SQLite. Times are microseconds since 1970, so that they sort; JSON is text.</summary>
internal sealed class SqliteBatchDb(DbContextOptions<SqliteBatchDb> options) : BatchDb(options)
{
    /// <inheritdoc/>
    protected override string JsonType => "TEXT";

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<Microseconds>();
    }

    internal sealed class Microseconds() : Microsoft.EntityFrameworkCore.Storage.ValueConversion.ValueConverter<DateTimeOffset, long>(time => SqliteTime.ToNumber(time), number => SqliteTime.FromNumber(number));

    /// <summary>For the tool that writes the migrations.</summary>
    public sealed class DesignTime : IDesignTimeDbContextFactory<SqliteBatchDb>
    {
        /// <inheritdoc/>
        public SqliteBatchDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<SqliteBatchDb>().UseSqlite("Data Source=design").Options);
    }
}

/// <summary>How SQLite keeps times.</summary>
internal static class SqliteTime
{
    /// <summary>Microseconds since 1970.</summary>
    public static long ToNumber(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The time of a number of microseconds since 1970.</summary>
    public static DateTimeOffset FromNumber(long number) => DateTimeOffset.UnixEpoch.AddTicks(number * TimeSpan.TicksPerMicrosecond);
}
