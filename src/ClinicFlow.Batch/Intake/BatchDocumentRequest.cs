using System.Text.Json.Nodes;

namespace ClinicFlow.Batch.Intake;

/// <summary>One document that a job is to make.</summary>
public sealed record BatchDocumentRequest
{
    /// <summary>The template, where it is not the job's; its published version is taken.</summary>
    public Guid? TemplateId { get; init; }

    /// <summary>What the document is called: 1 to 500 characters. Its file gets a safe and unique name made of it.</summary>
    public required string DocumentName { get; init; }

    /// <summary>The patient's data: what the merge fields are filled with.</summary>
    public JsonObject? MergeData { get; init; }

    /// <summary>The same as JSON text, where it is at hand so; used where <see cref="MergeData"/> is null.</summary>
    public string? MergeDataJson { get; init; }

    /// <summary>Whose document it is, at most 200 characters; null where that does not matter.</summary>
    public string? PatientId { get; init; }

    /// <summary>Its id, unique in the job, at most 200 characters; <c>r1</c>, <c>r2</c> … by their order where it is null.</summary>
    public string? RequestId { get; init; }
}
