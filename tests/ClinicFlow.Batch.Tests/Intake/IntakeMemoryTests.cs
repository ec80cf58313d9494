using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Batch.Tests.Storage;
using Xunit;

namespace ClinicFlow.Batch.Tests.Intake;

/// <summary>Tests that measure this process, and so have it for themselves.</summary>
[CollectionDefinition(nameof(MeasuresMemory), DisableParallelization = true)]
public sealed class MeasuresMemory;

/// <summary>A job of any length comes in with the memory of a few thousand requests.</summary>
public abstract class IntakeMemoryContract : OnBothDatabases
{
    private const int DataBytes = 1_000;

    [Fact]
    public async Task Memory_does_not_grow_with_the_number_of_documents()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        await PeakAsync(clinic, 3_000);

        var small = await PeakAsync(clinic, 10_000);
        var large = await PeakAsync(clinic, 100_000);

        // Ninety thousand more are ninety megabytes more of data. What may stay of each is the sixteen bytes that tell its id
        // from others, in a table that doubles: a tenth of the data is far above that, and far below the data.
        Assert.True(large - small < 90_000L * DataBytes / 10, $"10,000 documents: {small >> 20} MiB, 100,000: {large >> 20} MiB");
    }

    private static async Task<long> PeakAsync(TestClinic clinic, int count)
    {
        var (peak, data) = (0L, new string('x', DataBytes));
        async IAsyncEnumerable<BatchDocumentRequest> Requests()
        {
            for (var i = 0; i < count; i++)
            {
                if (i % (count / 20) == 0)
                {
                    peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
                }

                yield return new BatchDocumentRequest { DocumentName = "Letter", MergeDataJson = $"{{\"patientName\":\"{i}{data}\"}}" };
            }

            await Task.CompletedTask;
        }

        await clinic.Anna.CreateBatchJobAsync("Many", clinic.TemplateId, Requests(), new BatchJobSettings { OutputFormat = OutputFormat.Docx }, cancellation: Cancellation);
        return peak;
    }
}

[Collection(nameof(MeasuresMemory))]
public sealed class SqliteIntakeMemoryTests : IntakeMemoryContract
{
    protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}

[Collection(nameof(MeasuresMemory))]
public sealed class PostgresIntakeMemoryTests(PostgresFixture postgres) : IntakeMemoryContract
{
    protected override async Task<string?> NewDatabaseAsync() => await postgres.NewDatabaseAsync();
}
