using Microsoft.AspNetCore.Components;

namespace ClinicFlow.Components;

/// <summary>What runs, what waits and in which order, how fast it goes, and what was done.</summary>
public sealed partial class BatchJobQueueManager
{
    /// <summary>Somebody wants to see a job.</summary>
    [Parameter]
    public EventCallback<Guid> OnJobSelected { get; set; }

    /// <summary>How often the lists are read again where nothing was pushed: one second to ten minutes. Default 5 seconds.</summary>
    [Parameter]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(5);
}
