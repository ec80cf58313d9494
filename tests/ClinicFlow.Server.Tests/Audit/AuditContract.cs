using System.Globalization;
using System.Net;
using System.Text.Json;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Cli.Tests;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Tests.Accounts;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.VisualBasic.FileIO;
using Xunit;

namespace ClinicFlow.Server.Tests.Audit;

/// <summary>The audit log can be added to and no more, and whoever changes it as the owner of the database is found out: the same on both databases.</summary>
public abstract class AuditContract(OnOneDatabase database)
{
    private const string Columns = "sequence, at, actor, origin, action, subject, outcome, detail, hash";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Statements by which somebody would change the log who is not stopped by rights; {0} is an entry's number.</summary>
    protected abstract IEnumerable<string> Changes { get; }

    [Fact]
    public async Task The_database_refuses_every_change_of_an_entry()
    {
        await using var owned = await StartAsync();
        using var administrator = await TestUser.AdministratorAsync(owned.Server);
        var before = await owned.ReadAsync($"select {Columns} from audit_log order by sequence");
        Assert.NotEmpty(before);

        foreach (var change in Changes)
        {
            var refused = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => owned.ExecuteAsync(change));
            Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, (await owned.ReadAsync($"select {Columns} from audit_log order by sequence")).Take(before.Count));
        Assert.True((await administrator.PostAsync<AuditVerdict>("audit/verify")).IsIntact);
    }

    [Fact]
    public async Task Verify_finds_an_entry_that_was_changed_removed_moved_or_cut_off()
    {
        await using var owned = await StartAsync();
        using var administrator = await TestUser.AdministratorAsync(owned.Server);
        using var anna = await TestUser.NewAsync(owned.Server, "anna");
        await anna.AddTemplateAsync();
        Assert.Equal((0, null), await VerifyAsync(owned, administrator));
        await owned.ExecuteAsync(owned.Database.AllowAuditChanges);
        await owned.ExecuteAsync($"create table audit_copy as select {Columns} from audit_log");
        var last = long.Parse((await owned.ReadAsync("select max(sequence) from audit_copy"))[0], CultureInfo.InvariantCulture);
        Assert.InRange(last, 8, 1_000);
        foreach (var (what, sql, wrong) in new[]
        {
            ("changed actor", "update audit_log set actor = 'somebody' where sequence = 3", 3L),
            ("changed time", "update audit_log set at = (select at from audit_copy where sequence = 1) where sequence = 5", 5),
            ("changed outcome", $"update audit_log set outcome = 'sign-in-failed' where sequence = {last}", last),
            ("text moved to the next column", "update audit_log set actor = actor || origin, origin = '' where sequence = 4", 4),
            ("changed hash", "update audit_log set hash = (select hash from audit_copy where sequence = 1) where sequence = 2", 2),
            ("removed first", "delete from audit_log where sequence = 1", 1),
            ("removed", "delete from audit_log where sequence = 4", 4),
            ("removed, and the others moved up", $"delete from audit_log where sequence = 4; update audit_log set sequence = 4 where sequence = 5; delete from audit_log where sequence = 6; insert into audit_log ({Columns}) select 5, at, actor, origin, action, subject, outcome, detail, hash from audit_copy where sequence = 6", 4),
            ("moved", "update audit_log set sequence = -1 where sequence = 6; update audit_log set sequence = 6 where sequence = 7; update audit_log set sequence = 7 where sequence = -1", 6),
            ("doubled", $"update audit_log set sequence = -1 where sequence = 6; insert into audit_log ({Columns}) select 6, at, actor, origin, action, subject, outcome, detail, hash from audit_copy where sequence = 7; delete from audit_log where sequence = -1", 6),
        })
        {
            await owned.ExecuteAsync(sql);

            Assert.Equal((what, (1, wrong)), (what, await VerifyAsync(owned, administrator)));

            // What was written since is chained to what was there: only what was changed is put back.
            await owned.ExecuteAsync($"delete from audit_log where sequence <= {last}; insert into audit_log ({Columns}) select {Columns} from audit_copy");
            Assert.Equal((what, (0, null)), (what, await VerifyAsync(owned, administrator)));
        }

        // The end is known from outside the database, some seconds after it was written.
        var end = long.Parse((await owned.ReadAsync("select max(sequence) from audit_log"))[0], CultureInfo.InvariantCulture);
        Assert.True(await NoteHeadAsync(owned));
        await owned.ExecuteAsync($"delete from audit_log where sequence > {end - 3}");
        Assert.Equal(end - 2, (await administrator.PostAsync<AuditVerdict>("audit/verify")).FirstWrong);

        // The log grows again, beyond what was known: it stays found out.
        for (var i = 0; i < 6; i++)
        {
            await administrator.PostAsync<AuditVerdict>("audit/verify");
        }

        Assert.False(await NoteHeadAsync(owned));
        Assert.Equal((1, end), await VerifyAsync(owned, administrator));
    }

    [Fact]
    public async Task A_head_that_cannot_be_read_is_told_of_and_not_written_over()
    {
        await using var owned = await StartAsync();
        using var administrator = await TestUser.AdministratorAsync(owned.Server);
        var file = Path.Combine(owned.Server.DataFolder, "audit.head");
        Assert.True(await NoteHeadAsync(owned));

        await File.WriteAllTextAsync(file, "", Cancellation);
        Assert.False(await NoteHeadAsync(owned));

        var verdict = await administrator.PostAsync<AuditVerdict>("audit/verify");
        Assert.Equal((false, verdict.Entries + 1), (verdict.IsIntact, verdict.FirstWrong));
        Assert.Contains("audit.head", verdict.Message, StringComparison.Ordinal);
        Assert.Equal("", await File.ReadAllTextAsync(file, Cancellation));
    }

    [Fact]
    public async Task The_log_is_exported_whole_as_CSV_and_as_lines_of_JSON()
    {
        await using var owned = await StartAsync();
        using var administrator = await TestUser.AdministratorAsync(owned.Server);
        using var person = await Visitor.AdministratorAsync(owned.Server);
        using (var visitor = new Visitor(owned.Server))
        {
            await visitor.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "session", new SignIn("=cmd|' /C calc'!A0", "+1+1"));
        }

        // What a spreadsheet would calculate, in a place that somebody outside can fill.
        await owned.Server.App.Services.GetRequiredService<Batch.BatchEngineHost>().Engine.AuditLog.WriteAsync(new Batch.Audit.AuditNote("=1+1", "@SUM(1)", "test.note", "a \"quoted\", text\nof two lines", "-1", "+2"), Cancellation);

        using var answer = await administrator.Http.GetAsync(new Uri("audit/export?format=ndjson", UriKind.Relative), Cancellation);
        var lines = (await answer.Content.ReadAsStringAsync(Cancellation)).Split('\n');
        var entries = lines[..^1].Select(line => JsonSerializer.Deserialize<AuditEntry>(line, Wire.Json)!).ToArray();

        Assert.Equal(("application/x-ndjson", "audit.ndjson", ""), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.FileName, lines[^1]));
        Assert.Equal(Enumerable.Range(1, entries.Length).Select(i => (long)i), entries.Select(entry => entry.Sequence));
        Assert.Equal((await owned.ReadAsync("select sequence, actor, origin, action, subject, outcome, detail, hash from audit_log order by sequence")).Take(entries.Length), entries.Select(entry => string.Join('|', entry.Sequence, entry.Actor, entry.Origin, entry.Action, entry.Subject, entry.Outcome, entry.Detail, entry.Hash)));
        Assert.Equal((administrator.Id, "audit.export", "ndjson"), (entries[^1].Actor, entries[^1].Action, entries[^1].Subject));

        using var csv = await administrator.Http.GetAsync(new Uri("audit/export", UriKind.Relative), Cancellation);
        Assert.Equal(("text/csv", "audit.csv"), (csv.Content.Headers.ContentType?.MediaType, csv.Content.Headers.ContentDisposition?.FileName));
        var rows = ReadCsv(await csv.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal(entries.Length + 1, rows.Count);
        Assert.Equal(entries.Select(entry => $"{entry.Sequence} {entry.At.UtcTicks} {entry.Action} {entry.Hash}"), rows.SkipLast(1).Select(row => $"{row["sequence"]} {DateTimeOffset.Parse(row["at"], CultureInfo.InvariantCulture).UtcTicks} {row["action"]} {row["hash"]}"));
        var note = rows.Single(row => row["action"] == "test.note");
        Assert.Equal("a \"quoted\", text\nof two lines", note["subject"]);
        foreach (var column in new[] { "actor", "origin", "outcome", "detail" })
        {
            Assert.StartsWith("'", note[column], StringComparison.Ordinal);
        }

        Assert.Equal("request-invalid", (await administrator.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Get, "audit/export?format=xlsx")).Code);
        var exported = await RunAsync(owned, administrator, "audit", "export", "--format", "ndjson");
        Assert.Equal((0, entries[0]), (exported.ExitCode, JsonSerializer.Deserialize<AuditEntry>(exported.Output.Split('\n')[0], Wire.Json)));
        var table = await RunAsync(owned, administrator, "audit", "export", "--output", "audit.csv");
        await using var file = File.OpenRead(Path.Combine(owned.Server.DataFolder, "audit.csv"));
        Assert.Equal(("'=1+1", "'@SUM(1)", "'-1", "'+2"), ReadCsv(file).Where(row => row["action"] == "test.note").Select(row => (row["actor"], row["origin"], row["outcome"], row["detail"])).Single());
        Assert.Equal(0, table.ExitCode);
    }

    [Fact]
    public async Task The_log_is_read_by_what_one_looks_for_page_by_page()
    {
        await using var owned = await StartAsync();
        using var administrator = await TestUser.AdministratorAsync(owned.Server);
        using var anna = await TestUser.NewAsync(owned.Server, "anna");
        var template = await anna.AddTemplateAsync();

        var annas = await administrator.GetAsync<Page<AuditEntry>>("audit?actor=" + anna.Id);
        var about = await administrator.GetAsync<Page<AuditEntry>>("audit?subject=" + template.Id);
        var pages = new List<AuditEntry>();
        for (var next = ""; next is not null;)
        {
            var page = await administrator.GetAsync<Page<AuditEntry>>("audit?count=3" + next);
            Assert.InRange(page.Items.Count, 0, 3);
            pages.AddRange(page.Items);
            next = page.Next is null ? null : "&before=" + page.Next;
        }

        Assert.Equal(["template.published", "template.create", "api-key.create", "session.begin", "password.change", "session.begin"], annas.Items.Select(entry => entry.Action));
        Assert.Equal(["template.published", "template.create"], about.Items.Select(entry => entry.Action));
        Assert.Equal(pages.Select(entry => entry.Sequence).OrderDescending(), pages.Select(entry => entry.Sequence));
        Assert.Equal(1, pages[^1].Sequence);
        Assert.Equal(pages[0].Sequence, pages.Count);
    }

    private Task<OwnedServer> StartAsync() => database.StartAsync(configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf()));

    /// <summary>What the command says, and the server.</summary>
    private static async Task<(int ExitCode, long? FirstWrong)> VerifyAsync(OwnedServer owned, TestUser administrator)
    {
        var verdict = await administrator.PostAsync<AuditVerdict>("audit/verify");
        var result = await RunAsync(owned, administrator, "audit", "verify", "--json");
        var told = result.Json.TryGetProperty("firstWrong", out var wrong) && wrong.ValueKind == JsonValueKind.Number ? wrong.GetInt64() : (long?)null;
        Assert.Equal(verdict.FirstWrong, told);
        Assert.Equal(verdict.IsIntact, result.Json.GetProperty("isIntact").GetBoolean());
        Assert.Equal(verdict.IsIntact, verdict.FirstWrong is null);
        Assert.Equal(verdict.IsIntact ? 0 : 1, result.Json.GetProperty("problems").GetArrayLength());
        return (result.ExitCode, told);
    }

    private static async Task<CliResult> RunAsync(OwnedServer owned, TestUser administrator, params string[] arguments)
    {
        using var running = Cli.Tests.Cli.Start(owned.Server.DataFolder, new Dictionary<string, string> { ["CLINICFLOW_SERVER"] = owned.Server.Address.ToString(), ["CLINICFLOW_API_KEY"] = administrator.Key }, arguments);
        return await running.EndAsync();
    }

    private static List<Dictionary<string, string>> ReadCsv(Stream stream)
    {
        using var parser = new TextFieldParser(stream) { Delimiters = [","], HasFieldsEnclosedInQuotes = true, TrimWhiteSpace = false };
        var names = parser.ReadFields()!;
        var rows = new List<Dictionary<string, string>>();
        while (parser.ReadFields() is { } cells)
        {
            Assert.Equal(names.Length, cells.Length);
            rows.Add(names.Zip(cells).ToDictionary(cell => cell.First, cell => cell.Second));
        }

        return rows;
    }

    /// <summary>Notes outside the database how far the log has come, as the house-keeping does every few seconds.</summary>
    private static Task<bool> NoteHeadAsync(OwnedServer owned) => owned.Server.App.Services.GetRequiredService<Batch.BatchEngineHost>().Engine.Audit.NoteHeadAsync(Cancellation);
}

/// <summary>On SQLite.</summary>
public sealed class SqliteAuditTests() : AuditContract(new OnSqlite())
{
    protected override IEnumerable<string> Changes =>
    [
        "update audit_log set actor = 'somebody' where sequence = 1", "delete from audit_log where sequence = 1", "delete from audit_log",
        "insert or replace into audit_log (sequence, at, actor, origin, action, subject, outcome, detail, hash) select 1, at, 'somebody', origin, action, subject, outcome, detail, hash from audit_log where sequence = 1",
        "replace into audit_log (sequence, at, actor, origin, action, subject, outcome, detail, hash) select 1, at, 'somebody', origin, action, subject, outcome, detail, hash from audit_log where sequence = 1",
        "update or replace audit_log set sequence = 1 where sequence = 2",
        "insert into audit_log (sequence, at, actor, origin, action, subject, outcome, detail, hash) select 1, at, actor, origin, action, subject, outcome, detail, hash from audit_log where sequence = 1 on conflict (sequence) do update set actor = 'somebody'",
    ];
}

/// <summary>On a real PostgreSQL.</summary>
public sealed class PostgresAuditTests(PostgresFixture postgres) : AuditContract(new OnPostgres(postgres))
{
    protected override IEnumerable<string> Changes =>
    [
        "update audit_log set actor = 'somebody' where sequence = 1", "delete from audit_log where sequence = 1", "delete from audit_log", "truncate audit_log",
        "insert into audit_log (sequence, at, actor, origin, action, subject, outcome, detail, hash) select 1, at, actor, origin, action, subject, outcome, detail, hash from audit_log where sequence = 1 on conflict (sequence) do update set actor = 'somebody'",
        "merge into audit_log using (select 1 as one) s on sequence = one when matched then delete",
    ];
}
