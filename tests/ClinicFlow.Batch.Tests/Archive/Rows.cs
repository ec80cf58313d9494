using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Tests.Archive;

/// <summary>Jobs and requests as the store gives them.</summary>
internal static class Rows
{
    public static BatchJob Job(int succeeded = 1, int failed = 1) => new()
    {
        Id = Guid.Parse("0c0ffee0-0000-4000-8000-000000000001"),
        CreatedBy = "station 3",
        Name = "Einwilligungen \"März\"",
        TemplateId = Guid.Parse("0c0ffee0-0000-4000-8000-000000000002"),
        Priority = JobPriority.Normal,
        Status = JobStatus.Completed,
        Settings = new BatchJobSettings(),
        Total = succeeded + failed,
        Succeeded = succeeded,
        Failed = failed,
        Retrying = 0,
        CreatedAt = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero),
        StartedAt = new DateTimeOffset(2026, 3, 1, 8, 0, 1, TimeSpan.Zero),
        UpdatedAt = new DateTimeOffset(2026, 3, 1, 8, 5, 0, TimeSpan.Zero),
        TemplateVersionId = Guid.Empty,
        Measures = JobMeasures.None,
        Active = TimeSpan.Zero,
        Timeout = TimeSpan.FromMinutes(30),
        Epoch = 1,
    };

    public static RequestRow Done(int index, string name, params ArchiveSlice[] slices)
        => new(index, $"r{index}", name, $"p{index}", RequestState.Succeeded, 1, null, null, null, slices, 2, TimeSpan.FromSeconds(1));

    public static RequestRow Failed(int index, string name, string? patient, string message)
        => new(index, $"r{index}", name, patient, RequestState.Failed, 3, "missing-field", message, null, [], null, null);

    public static ArchiveSlice Slice(string name) => new(name, 0, 50, 10, 20, true, 1, new string('a', 64));
}
