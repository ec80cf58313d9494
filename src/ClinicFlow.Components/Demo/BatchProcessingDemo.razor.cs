namespace ClinicFlow.Components;

/// <summary>Makes a job of fictional patients and shows all the components at work on it.</summary>
public sealed partial class BatchProcessingDemo;
