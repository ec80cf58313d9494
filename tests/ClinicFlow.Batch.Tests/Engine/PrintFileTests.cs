using System.Security.Cryptography;
using ClinicFlow.Batch.Jobs;
using Xunit;

namespace ClinicFlow.Batch.Tests.Engine;

public sealed class PrintFileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_who_ask_at_once_get_one_file_also_where_the_first_of_them_leaves()
    {
        await using var clinic = await TestClinic.OpenAsync(null, parts: new BatchEngineParts { Pdf = new FaultyPdf() });
        var id = await clinic.CreateAsync(400, new BatchJobSettings());
        var job = await clinic.EndAsync(id);
        var path = clinic.Engine.Files.PrintFileOf(id, job.Epoch);
        for (var round = 0; round < 5; round++)
        {
            // One makes it and leaves; of those who waited for it one makes it anew, and then others come.
            using var leaves = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var first = Task.Run(() => HashAsync(clinic, id, leaves.Token), Cancellation);
            await BeingMadeAsync(path, first);
            var others = Ask(3);
            await leaves.CancelAsync();
            await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await BeingMadeAsync(path, others[0]);
            others.AddRange(Ask(9));
            Assert.Single((await Task.WhenAll(others)).Distinct());
            Assert.Equal([path, path + ".mark"], Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*").Order(StringComparer.Ordinal));
            File.Delete(path + ".mark");
        }

        List<Task<string>> Ask(int count) => [.. Enumerable.Range(0, count).Select(_ => Task.Run(() => HashAsync(clinic, id, Cancellation), Cancellation))];
    }

    private static async Task BeingMadeAsync(string path, Task asked)
    {
        while (Directory.GetFiles(Path.GetDirectoryName(path)!, "*.part").Length == 0 && !asked.IsCompleted)
        {
            await Task.Yield();
        }
    }

    private static async Task<string> HashAsync(TestClinic clinic, Guid id, CancellationToken cancellation)
    {
        using var print = await clinic.Anna.OpenMergedPdfAsync(id, cancellation);
        Assert.NotNull(print);
        return Convert.ToHexString(await SHA256.HashDataAsync(print.Content, cancellation));
    }
}
