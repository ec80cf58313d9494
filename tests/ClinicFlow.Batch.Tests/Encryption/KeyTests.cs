using System.Text;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Batch.Tests.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace ClinicFlow.Batch.Tests.Encryption;

/// <summary>The keys in the database, and what can be read without them.</summary>
public abstract class KeyContract : OnBothDatabases
{
    [Fact]
    public async Task What_older_keys_encrypted_stays_readable()
    {
        var database = await NewDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("clinicflow-keys-").FullName;
        try
        {
            await using var clinic = await TestClinic.OpenAsync(database, folder: folder, isStarted: false);
            await using var other = await TestClinic.OpenAsync(database, folder: folder, isStarted: false);
            var ring = Assert.IsType<StoredKeyRing>(clinic.Engine.Keys);
            var old = ring.CurrentKeyId;
            var before = await clinic.CreateAsync(3);

            await ring.AddAsync(Cancellation);
            var after = await clinic.CreateAsync(3);

            Assert.NotEqual(old, ring.CurrentKeyId);
            Assert.Contains(old, Encoding.Latin1.GetString(await DataOfAsync(clinic, before, 0)), StringComparison.Ordinal);
            Assert.Contains(ring.CurrentKeyId, Encoding.Latin1.GetString(await DataOfAsync(clinic, after, 0)), StringComparison.Ordinal);

            // The other host was there before the key was.
            other.Engine.Start();
            Assert.Equal((3, 3), ((await other.EndAsync(before)).Succeeded, (await other.EndAsync(after)).Succeeded));
            Assert.Equal("Dear Patient 2", (await other.ReadArchiveAsync(after))["Letter 2.docx"]);

            await using var restarted = await TestClinic.OpenAsync(database, folder: folder, isStarted: false);
            Assert.Equal(ring.CurrentKeyId, restarted.Engine.Keys.CurrentKeyId);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Hosts_that_start_together_make_one_key()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        await WriteAsync(clinic, db => db.DataKeys.ExecuteDeleteAsync(Cancellation));
        var rings = Enumerable.Range(0, 8).Select(_ => new StoredKeyRing(clinic.Engine.Database, new ConfiguredKeyWrap(Convert.FromBase64String(Key)), TimeProvider.System)).ToArray();

        await Task.WhenAll(rings.Select(ring => Task.Run(() => ring.LoadAsync(Cancellation), Cancellation)));

        Assert.Equal(1, await ReadAsync(clinic, db => db.DataKeys.CountAsync(Cancellation)));
        var cipher = new DataCipher(rings[0]).Encrypt("text", [1]);
        Assert.All(rings, ring => Assert.Equal("text", new DataCipher(ring).Decrypt(cipher, [1])));
    }

    [Fact]
    public async Task Another_master_key_is_refused_before_anything_is_written()
    {
        var database = await NewDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("clinicflow-keys-").FullName;
        try
        {
            Guid id;
            await using (var clinic = await TestClinic.OpenAsync(database, config => config with { EncryptionKey = Key }, folder: folder, isStarted: false))
            {
                id = await clinic.CreateAsync(2);
            }

            var wrong = Convert.ToBase64String(new byte[32]);
            await Assert.ThrowsAsync<EncryptionKeyMissingException>(() => TestClinic.OpenAsync(database, config => config with { EncryptionKey = wrong }, folder: folder));
            await Assert.ThrowsAsync<EncryptionKeyMissingException>(() => TestClinic.OpenAsync(database, folder: folder));

            await using var again = await TestClinic.OpenAsync(database, config => config with { EncryptionKey = Key }, folder: folder);
            Assert.Equal(2, (await again.EndAsync(id)).Succeeded);
            Assert.Equal(1, await ReadAsync(again, db => db.DataKeys.CountAsync(Cancellation)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_folder_of_the_keys_is_its_owners_alone()
    {
        await using var clinic = await OpenAsync(isStarted: false);

        var folder = Path.Combine(clinic.Folder, "keys");

        Assert.NotEmpty(Directory.GetFiles(folder));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Merge_data_cannot_be_read_in_the_files_of_the_database(bool isEncrypted)
    {
        await using var clinic = await OpenAsync(config => config with { EncryptMergeData = isEncrypted }, isStarted: false);
        var marker = $"Zwerenz{Guid.NewGuid():N}";

        // A first job and one that comes in by several batches.
        foreach (var count in (int[])[3, 2_100])
        {
            await clinic.Anna.CreateBatchJobAsync("x", clinic.TemplateId, TestClinic.Requests(count).Select(r => r with { MergeData = new() { ["patientName"] = marker } }), new BatchJobSettings { OutputFormat = OutputFormat.Docx }, cancellation: Cancellation);
        }

        // Where it is not encrypted it is found: the search can find it.
        Assert.Equal(!isEncrypted, await IsInFilesAsync(clinic, marker));
    }

    [Fact]
    public async Task Merge_data_that_was_exchanged_or_changed_fails_and_prints_nobody_elses_letter()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        var id = await clinic.CreateAsync(6);
        var other = await clinic.CreateAsync(6);
        await WriteAsync(clinic, async db =>
        {
            // Two of a job exchanged, one from the same place of another job, one with a bit changed.
            var rows = await db.RequestData.AsTracking().Where(r => r.JobId == id).OrderBy(r => r.RequestIndex).ToListAsync(Cancellation);
            var foreign = await db.RequestData.Where(r => r.JobId == other && r.RequestIndex == 3).Select(r => r.MergeData).SingleAsync(Cancellation);
            (rows[0].MergeData, rows[1].MergeData) = (rows[1].MergeData, rows[0].MergeData);
            rows[3].MergeData = foreign;
            var changed = rows[4].MergeData.ToArray();
            changed[^20] ^= 1;
            rows[4].MergeData = changed;
        });

        clinic.Engine.Start();
        var job = await clinic.EndAsync(id);

        Assert.Equal((JobStatus.Completed, 2, 4), (job.Status, job.Succeeded, job.Failed));
        var failed = (await clinic.Anna.GetRequestsAsync(id, RequestState.Failed, cancellation: Cancellation))!.Requests;
        Assert.Equal([(0, "merge-data-damaged", 1), (1, "merge-data-damaged", 1), (3, "merge-data-damaged", 1), (4, "merge-data-damaged", 1)], failed.Select(r => (r.Index, r.ErrorCode, r.Attempts)));
        Assert.All(failed, r => Assert.DoesNotContain("Patient", r.ErrorMessage, StringComparison.Ordinal));
        var files = await clinic.ReadArchiveAsync(id);
        Assert.Equal(["Letter 2.docx", "Letter 5.docx", "errors.csv", "manifest.json"], files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("Dear Patient 2", "Dear Patient 5"), (files["Letter 2.docx"], files["Letter 5.docx"]));
    }

    [Fact]
    public async Task Merge_data_whose_key_is_gone_fails_by_the_name_of_the_key()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        var id = await clinic.CreateAsync(2);
        var keyId = clinic.Engine.Keys.CurrentKeyId;
        await WriteAsync(clinic, async db =>
        {
            var row = await db.RequestData.AsTracking().SingleAsync(r => r.JobId == id && r.RequestIndex == 0, Cancellation);
            var data = row.MergeData.ToArray();
            Encoding.ASCII.GetBytes(new string('0', keyId.Length), data.AsSpan(2));
            row.MergeData = data;
        });

        clinic.Engine.Start();
        await clinic.EndAsync(id);

        Assert.Equal("encryption-key-missing", Assert.Single((await clinic.Anna.GetRequestsAsync(id, RequestState.Failed, cancellation: Cancellation))!.Requests).ErrorCode);
    }

    private protected abstract Task<bool> IsInFilesAsync(TestClinic clinic, string marker);

    private static Task<byte[]> DataOfAsync(TestClinic clinic, Guid id, int index) => ReadAsync(clinic, db => db.RequestData.Where(r => r.JobId == id && r.RequestIndex == index).Select(r => r.MergeData).SingleAsync(Cancellation));
}

public sealed class SqliteKeyTests : KeyContract
{
    protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);

    private protected override async Task<bool> IsInFilesAsync(TestClinic clinic, string marker)
    {
        var isThere = false;
        foreach (var file in Directory.GetFiles(clinic.Folder, "clinicflow.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var content = new byte[stream.Length];
            await stream.ReadExactlyAsync(content, Cancellation);
            isThere |= content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(marker)) >= 0;
        }

        return isThere;
    }
}

public sealed class PostgresKeyTests(PostgresFixture postgres) : KeyContract
{
    protected override async Task<string?> NewDatabaseAsync() => await postgres.NewDatabaseAsync();

    private protected override async Task<bool> IsInFilesAsync(TestClinic clinic, string marker)
    {
        await using var super = await PostgresSession.OpenAsync(PostgresServer.SuperUserOf(clinic.Engine.Config.ConnectionString!));
        await super.ExecuteAsync("checkpoint");
        return await super.ReadAsync<bool>($"""
            select position('{marker}'::bytea in pg_read_binary_file(pg_relation_filepath('batch_request_data'))) > 0
                or exists (select from pg_ls_waldir() w where position('{marker}'::bytea in pg_read_binary_file('pg_wal/' || w.name)) > 0)
            """);
    }
}
