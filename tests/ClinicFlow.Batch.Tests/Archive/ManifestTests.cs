using System.Text;
using System.Text.Json;
using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Jobs;
using Xunit;

namespace ClinicFlow.Batch.Tests.Archive;

public sealed class ManifestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_manifest_lists_the_job_and_every_document()
    {
        var done = Rows.Done(0, "Ärztin <A>", Rows.Slice("Ärztin _A_.docx"), Rows.Slice("Ärztin _A_.pdf")) with { Attempts = 2, ErrorCode = "timeout", ErrorMessage = "before" };

        var text = await Manifest(done, Rows.Failed(1, "\uD800 half", null, "Field x is missing."));

        Assert.Equal(
            """
            {
             "format": 1,
             "job": {
              "id": "0c0ffee0-0000-4000-8000-000000000001",
              "name": "Einwilligungen \"März\"",
              "templateId": "0c0ffee0-0000-4000-8000-000000000002",
              "status": "completed",
              "createdAt": "2026-03-01T08:00:00+00:00",
              "startedAt": "2026-03-01T08:00:01+00:00",
              "completedAt": null
             },
             "counts": {
              "total": 2,
              "succeeded": 1,
              "failed": 1
             },
             "documents": [
              {
               "row": 1,
               "requestId": "r0",
               "name": "Ärztin <A>",
               "patientId": "p0",
               "status": "succeeded",
               "attempts": 2,
               "pages": 2,
               "files": [
                {
                 "name": "Ärztin _A_.docx",
                 "bytes": 20,
                 "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                },
                {
                 "name": "Ärztin _A_.pdf",
                 "bytes": 20,
                 "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                }
               ],
               "error": null
              },
              {
               "row": 2,
               "requestId": "r1",
               "name": "� half",
               "patientId": null,
               "status": "failed",
               "attempts": 3,
               "pages": null,
               "files": [],
               "error": {
                "code": "missing-field",
                "message": "Field x is missing."
               }
              }
             ]
            }
            """,
            text.ReplaceLineEndings("\n").Replace("\\uFFFD", "�", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_long_manifest_goes_into_the_archive_as_it_is_written()
    {
        const int Count = 20_000;
        using var archive = new ArchiveCase(isEncrypted: true);
        using var writer = archive.Write();
        var most = 0L;
        var before = 0L;
        async IAsyncEnumerable<RequestRow> Requests()
        {
            for (var i = 0; i < Count; i++)
            {
                most = Math.Max(most, writer.LogicalBytes - before);
                before = writer.LogicalBytes;
                yield return Rows.Done(i, $"Letter {i}", Rows.Slice($"Letter {i}.pdf"));
                await Task.Yield();
            }
        }

        var slice = await writer.AppendAsync(DocumentFileNames.Manifest, (stream, cancellation) => Batch.Archive.Manifest.WriteAsync(stream, Rows.Job(Count, 0), Requests(), cancellation), Token);
        var mark = await writer.FinishAsync(new[] { slice }.ToAsyncEnumerable(), Token);

        // What is held back is a deflater's worth, never the list.
        Assert.InRange(most, 1, 100_000);
        using var json = JsonDocument.Parse(archive.Read(mark).Read(slice, 0));
        Assert.Equal(Count, json.RootElement.GetProperty("documents").GetArrayLength());
    }

    [Fact]
    public async Task Failed_requests_are_a_table()
    {
        var text = await Errors(
            Rows.Done(0, "left out"),
            Rows.Failed(1, "Letter, \"urgent\"", null, "Two\r\nlines; a semicolon"),
            Rows.Failed(2, "Ünï", "p2", "") with { ErrorCode = null });

        Assert.Equal(
            "\uFEFFrow,requestId,documentName,patientId,errorCode,errorMessage,attempts\r\n"
            + "2,r1,\"Letter, \"\"urgent\"\"\",,missing-field,\"Two\r\nlines; a semicolon\",3\r\n"
            + "3,r2,Ünï,p2,,,3\r\n",
            text);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@x", "'@x")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("＝1", "'＝1")]
    [InlineData("=HYPERLINK(\"a\";\"b\")", "\"'=HYPERLINK(\"\"a\"\";\"\"b\"\")\"")]
    [InlineData("a=1", "a=1")]
    public async Task A_cell_that_a_spreadsheet_would_calculate_is_defused(string name, string cell)
        => Assert.Equal($"2,r1,{cell},{cell},missing-field,{cell},3", (await Errors(Rows.Failed(1, name, name, name))).Split("\r\n")[1]);

    private static async Task<string> Manifest(params RequestRow[] rows)
    {
        using var output = new MemoryStream();
        await Batch.Archive.Manifest.WriteAsync(output, Rows.Job(), rows.ToAsyncEnumerable(), Token);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static async Task<string> Errors(params RequestRow[] rows)
    {
        using var output = new MemoryStream();
        await ErrorsCsv.WriteAsync(output, rows.ToAsyncEnumerable(), Token);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
