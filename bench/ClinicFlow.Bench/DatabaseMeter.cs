using System.Globalization;
using Npgsql;

namespace ClinicFlow.Bench;

/// <summary>
/// What a database does for a run: the processor time of a PostgreSQL server on this machine, and the bytes that it writes
/// into its log. SQLite works in this process; what it writes is all that the process wrote and that was no archive.
/// </summary>
internal sealed class DatabaseMeter(string? connectionString)
{
    private const double TicksPerSecond = 100;

    private int _postmaster;

    /// <summary>How far it is now: processor seconds of the server, 0 for SQLite, and bytes written.</summary>
    public async Task<(double CpuSeconds, long Bytes)> ReadAsync()
    {
        if (connectionString is null)
        {
            return (0, long.Parse(File.ReadLines("/proc/self/io").Single(line => line.StartsWith("wchar:", StringComparison.Ordinal))[6..], CultureInfo.InvariantCulture));
        }

        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select pg_backend_pid(), pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        _postmaster = _postmaster != 0 ? _postmaster : Stat(reader.GetInt32(0)).Parent;
        return (ServerCpuSeconds(), reader.GetInt64(1));
    }

    /// <summary>The server's process and its children, those that have ended included.</summary>
    private double ServerCpuSeconds()
    {
        var (_, own, ended) = Stat(_postmaster);
        return own + ended + Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(name => Stat(int.Parse(name!, CultureInfo.InvariantCulture))).Where(process => process.Parent == _postmaster).Sum(process => process.Cpu + process.EndedChildren);
    }

    /// <summary>A line of <c>proc(5)</c>'s stat; nothing where the process has ended.</summary>
    private static (int Parent, double Cpu, double EndedChildren) Stat(int pid)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{pid}/stat");

            // The name, in parentheses, may hold anything.
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            double Seconds(int at) => double.Parse(fields[at], CultureInfo.InvariantCulture) / TicksPerSecond;
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), Seconds(11) + Seconds(12), Seconds(13) + Seconds(14));
        }
        catch (IOException)
        {
            return default;
        }
    }
}
