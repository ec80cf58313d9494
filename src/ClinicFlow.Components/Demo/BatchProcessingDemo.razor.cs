using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Components.Demo;
using ClinicFlow.Components.Words;
using Microsoft.AspNetCore.Components;

namespace ClinicFlow.Components;

/// <summary>Makes a job of fictional patients and shows all the components at work on it.</summary>
public sealed partial class BatchProcessingDemo
{
    private int _patients = 20;
    private Guid? _jobId;
    private Trouble? _trouble;
    private string _ended = "";
    private bool _isStarting;
    private bool _isAlive;
    private bool _showsProcessor;
    private bool _showsQueue;

    [Inject]
    private ClinicFlowClient Client { get; set; } = null!;

    private int Patients => _patients;

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        // A page that was made before its connection is there does nothing yet when it is clicked.
        if (firstRender)
        {
            _isAlive = true;
            StateHasChanged();
        }
    }

    private async Task StartAsync()
    {
        (_isStarting, _trouble, _ended) = (true, null, "");
        StateHasChanged();
        try
        {
            _jobId = (await DemoClinic.StartAsync(Client, _patients)).Id;
        }
        catch (Exception e) when (Trouble.IsOne(e))
        {
            _trouble = Trouble.Of(e);
        }
        finally
        {
            _isStarting = false;
        }
    }

    private void Completed(Job job) => _ended = job.Progress.Failed == 0 ? $"All {job.Progress.Succeeded} documents are done." : $"{job.Progress.Succeeded} documents are done, {job.Progress.Failed} failed.";

    private void Failed(JobError error) => _ended = "";

    private void Created(Job job) => Select(job.Id);

    private void Select(Guid id) => (_jobId, _ended) = (id, "");
}
