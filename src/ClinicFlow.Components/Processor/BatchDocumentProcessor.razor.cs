using ClinicFlow.Client.Contracts;
using Microsoft.AspNetCore.Components;

namespace ClinicFlow.Components;

/// <summary>From a template and a table of patients to a running job, in one flow.</summary>
public sealed partial class BatchDocumentProcessor
{
    /// <summary>A job was created and waits for its turn.</summary>
    [Parameter]
    public EventCallback<Job> OnJobCreated { get; set; }
}
