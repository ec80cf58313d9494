using System.Globalization;
using System.Text;
using System.Text.Json;
using ClinicFlow.Batch.Audit;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Cli.Tests;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Audit;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using AuditEntry = ClinicFlow.Client.Contracts.AuditEntry;

namespace ClinicFlow.Server.Tests.Audit;

/// <summary>An exported log, and the log of a data folder, are checked without a server; what was done to them is found, and what cannot be found is said.</summary>
public sealed class AuditFileTests(PostgresFixture postgres) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clinicflow-audit-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_export_that_was_changed_anywhere_is_found_out_by_its_key_and_by_the_server()
    {
        await using var server = await StartAsync();
        using var administrator = await TestUser.AdministratorAsync(server);
        var first = await ExportAsync(administrator);
        using (var anna = await TestUser.NewAsync(server, "anna"))
        {
            await anna.AddTemplateAsync();
        }

        var lines = await ExportAsync(administrator);
        await using var audit = await LocalAudit.OpenAsync(new Batch.BatchProcessingConfig { DataFolder = server.DataFolder }, Cancellation);
        var (count, last) = (lines.Length, Parse(lines[^1]));
        Assert.InRange(count, first.Length + 5, 100);
        foreach (var (what, changed, wrong) in new (string, IEnumerable<string>, int?)[]
        {
            ("nothing", lines, null),
            ("line ends of Windows", lines.Select(line => line + "\r"), null),
            ("actor", In(4, line => With(line, "actor", "somebody")), 4),
            ("time", In(5, line => With(line, "at", "2020-01-01T00:00:00+00:00")), 5),
            ("time by less than the chain sees", In(5, line => With(line, "at", Parse(line).At.AddTicks(1).ToString("O", CultureInfo.InvariantCulture))), 5),
            ("detail", In(2, line => With(line, "detail", "x")), 2),
            ("outcome of the last", In(count, line => With(line, "outcome", "refused")), count),
            ("hash", In(3, line => With(line, "hash", new string('0', 64))), 3),
            ("actor to nothing", In(4, line => With(line, "actor", null)), 4),
            ("text moved to the next column", In(1, line => With(With(line, "actor", Parse(line).Actor + Parse(line).Origin), "origin", "")), 1),
            ("a property more", In(3, line => line[..^1] + ",\"note\":\"x\"}"), 3),
            ("a property twice", In(3, line => line[..^1] + ",\"actor\":\"x\"}"), 3),
            ("two in a line", In(3, line => line + line), 3),
            ("no JSON", In(6, _ => "x"), 6),
            ("an empty line", In(6, line => "\n" + line), 6),
            ("a line without an end", In(2, _ => new string(' ', 1 << 20)), 2),
            ("first removed", lines.Skip(1), 1),
            ("removed", lines.Where((_, i) => i != 4), 5),
            ("removed, the numbers closed up", lines.Where((_, i) => i != 4).Select((line, i) => With(line, "sequence", i + 1)), 5),
            ("moved", [.. lines[..3], lines[4], lines[3], .. lines[5..]], 4),
            ("doubled", [.. lines[..3], lines[2], .. lines[3..]], 4),
            ("cut off before its first export", lines[..(first.Length - 1)], first.Length),
            ("empty", [], 1),
            ("one more at its end", [.. lines, With(lines[^1], "sequence", count + 1)], count + 1),
        })
        {
            var byKey = await AuditFile.VerifyAsync(FileOf(changed), audit.Key, null, Cancellation);
            using var log = FileOf(lines);
            var byServer = await AuditFile.CompareAsync(FileOf(changed), log, null, Cancellation);

            Assert.Equal((what, wrong), (what, (int?)byKey.FirstWrong));
            Assert.Equal((what, wrong), (what, (int?)byServer.FirstWrong));
            Assert.Equal((what, wrong is null), (what, byKey.Message.Length == 0));
            Assert.Equal((what, (long)(wrong - 1 ?? count)), (what, byKey.Entries));
        }

        // The end alone does not show: the file itself says until when it goes, and an entry that is known shows it.
        var cut = lines[..first.Length];
        foreach (var known in new[] { new KnownEntry(last.Sequence, last.Hash), new KnownEntry(null, last.Hash) })
        {
            Assert.Null((await AuditFile.VerifyAsync(FileOf(lines), audit.Key, known, Cancellation)).FirstWrong);
            var found = await AuditFile.VerifyAsync(FileOf(cut), audit.Key, known, Cancellation);
            Assert.Equal((first.Length, first.Length + 1), (found.Entries, found.FirstWrong));
            Assert.Contains("cut off", found.Message, StringComparison.Ordinal);
            Assert.Equal(first.Length + 1, (await AuditFile.CompareAsync(FileOf(cut), FileOf(lines), known, Cancellation)).FirstWrong);
        }

        var unseen = await AuditFile.VerifyAsync(FileOf(cut), audit.Key, null, Cancellation);
        Assert.Equal((null, Parse(first[^1])), (unseen.FirstWrong, unseen.LastExport));
        Assert.Equal(1, (await AuditFile.VerifyAsync(FileOf(lines), new byte[32], null, Cancellation)).FirstWrong);

        IEnumerable<string> In(int number, Func<string, string> change) => lines.Select((line, i) => i == number - 1 ? change(line) : line);
    }

    [Fact]
    public async Task The_command_checks_an_export_by_a_key_by_a_data_folder_and_by_the_server()
    {
        string head;
        await using (var server = await StartAsync(Directory.CreateDirectory(At("data")).FullName))
        {
            using var administrator = await TestUser.AdministratorAsync(server);
            var environment = new Dictionary<string, string> { ["CLINICFLOW_SERVER"] = server.Address.ToString(), ["CLINICFLOW_API_KEY"] = administrator.Key };
            Task<CliResult> RemoteAsync(params string[] arguments) => RunAsync(_folder.FullName, environment, arguments);
            Assert.Equal(0, (await RemoteAsync("audit", "export", "--format", "ndjson", "-o", "old.ndjson")).ExitCode);
            await administrator.AddTemplateAsync();
            Assert.Equal(0, (await RemoteAsync("audit", "export", "--format", "ndjson", "-o", "audit.ndjson")).ExitCode);
            head = Parse((await File.ReadAllLinesAsync(At("audit.ndjson"), Cancellation))[^1]).Hash;
            await File.WriteAllTextAsync(At("changed.ndjson"), (await File.ReadAllTextAsync(At("audit.ndjson"), Cancellation)).Replace("template.create", "template.delete", StringComparison.Ordinal), Cancellation);

            // While the server works, and by comparing with it.
            var compared = await RemoteAsync("audit", "verify", "--file", "audit.ndjson");
            Assert.Equal((0, true), (compared.ExitCode, compared.Output.Contains("as the server has them", StringComparison.Ordinal)));
            Assert.Equal(1, (await RemoteAsync("audit", "verify", "--file", "changed.ndjson")).ExitCode);
            Assert.Equal(1, (await RemoteAsync("audit", "verify", "--file", "old.ndjson", "--head", head)).ExitCode);
            Assert.Equal(0, (await RemoteAsync("audit", "verify", "--data", "data")).ExitCode);
            Assert.Equal(0, (await RemoteAsync("audit", "key", "--data", "data", "--output", "audit.key")).ExitCode);
        }

        Task<CliResult> LocalAsync(params string[] arguments) => RunAsync(_folder.FullName, [], arguments);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("audit.key")));
        }

        var again = await LocalAsync("audit", "key", "--data", "data", "--output", "audit.key", "--json");
        Assert.Equal((2, "file-exists"), (again.ExitCode, again.Json.GetProperty("problems")[0].GetProperty("code").GetString()));

        var good = await LocalAsync("audit", "verify", "--file", "audit.ndjson", "--key-file", "audit.key", "--json");
        var plain = await LocalAsync("audit", "verify", "--file", "audit.ndjson", "--data", "data");
        var known = await LocalAsync("audit", "verify", "--file", "audit.ndjson", "--key-file", "audit.key", "--head", head, "--json");
        var changed = await LocalAsync("audit", "verify", "--file", "changed.ndjson", "--key-file", "audit.key", "--json");
        var cut = await LocalAsync("audit", "verify", "--file", "old.ndjson", "--key-file", "audit.key", "--head", head);

        Assert.Equal((0, true, false), (good.ExitCode, good.Json.GetProperty("isIntact").GetBoolean(), good.Json.GetProperty("isEndKnown").GetBoolean()));
        Assert.Equal(good.Json.GetProperty("entries").GetInt64(), good.Json.GetProperty("lastExport").GetProperty("sequence").GetInt64());
        Assert.Equal(0, plain.ExitCode);
        Assert.Contains("Not shown: whether its end was cut off.", plain.Output, StringComparison.Ordinal);
        Assert.Equal((0, true), (known.ExitCode, known.Json.GetProperty("isEndKnown").GetBoolean()));
        Assert.Equal((1, false), (changed.ExitCode, changed.Json.GetProperty("isIntact").GetBoolean()));
        Assert.Equal(1, cut.ExitCode);
        Assert.Contains("cut off", cut.Errors, StringComparison.Ordinal);
        foreach (var wrong in new string[][]
        {
            ["--key-file", "audit.key"], ["--file", "audit.ndjson", "--key-file", "audit.key", "--data", "data"], ["--head", head], ["--file", "audit.ndjson", "--key-file", "audit.key", "--head", "x"],
            ["--file", "audit.ndjson", "--key-file", "audit.ndjson"], ["--file", "none", "--key-file", "audit.key"], ["--data", "none"],
        })
        {
            Assert.Equal((string.Join(' ', wrong), 2), (string.Join(' ', wrong), (await LocalAsync(["audit", "verify", .. wrong])).ExitCode));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_log_of_a_data_folder_is_checked_without_its_server_and_without_a_change_of_it(bool isPostgres)
    {
        OnOneDatabase database = isPostgres ? new OnPostgres(postgres) : new OnSqlite();
        await using var owned = await database.StartAsync(configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf()));
        using var administrator = await TestUser.AdministratorAsync(owned.Server);
        await administrator.AddTemplateAsync();
        var config = new Batch.BatchProcessingConfig { DataFolder = owned.Server.DataFolder, ConnectionString = owned.ConnectionString };
        await using var audit = await LocalAudit.OpenAsync(config, Cancellation);
        var keys = Directory.GetFiles(Path.Combine(owned.Server.DataFolder, "keys"));

        var intact = await audit.VerifyAsync(null, Cancellation);
        var last = (await administrator.GetAsync<Page<AuditEntry>>("audit?count=1")).Items[0];
        await owned.ExecuteAsync(owned.Database.AllowAuditChanges);
        await owned.ExecuteAsync($"delete from audit_log where sequence = {last.Sequence}");
        var cut = await audit.VerifyAsync(new KnownEntry(last.Sequence, last.Hash), Cancellation);
        await owned.ExecuteAsync("update audit_log set actor = 'somebody' where sequence = 2");
        var changed = await audit.VerifyAsync(null, Cancellation);

        Assert.Equal((last.Sequence, null, last.Sequence, 2L), (intact.Entries, intact.FirstWrong, cut.FirstWrong, changed.FirstWrong));
        Assert.Equal(keys, Directory.GetFiles(Path.Combine(owned.Server.DataFolder, "keys")));
        if (!isPostgres)
        {
            var path = Path.Combine(owned.Server.DataFolder, "nothing.db");
            await Assert.ThrowsAsync<FileNotFoundException>(() => LocalAudit.OpenAsync(config with { DataFolder = Path.GetDirectoryName(path)! + "/none" }, Cancellation));
            Assert.False(Directory.Exists(owned.Server.DataFolder + "/none"));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private static Task<TestServer> StartAsync(string? folder = null) => TestServer.StartAsync(dataFolder: folder, configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf()));

    private static async Task<string[]> ExportAsync(TestUser administrator)
        => (await administrator.Http.GetStringAsync(new Uri("audit/export?format=ndjson", UriKind.Relative), Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static MemoryStream FileOf(IEnumerable<string> lines) => new(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    private static AuditEntry Parse(string line) => JsonSerializer.Deserialize<AuditEntry>(line, Wire.Json)!;

    private static string With(string line, string name, object? value)
    {
        var entry = System.Text.Json.Nodes.JsonNode.Parse(line)!.AsObject();
        entry[name] = JsonSerializer.SerializeToNode(value);
        return entry.ToJsonString();
    }

    private static async Task<CliResult> RunAsync(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        using var running = Cli.Tests.Cli.Start(folder, environment, arguments);
        return await running.EndAsync();
    }
}
