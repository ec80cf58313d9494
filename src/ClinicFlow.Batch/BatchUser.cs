namespace ClinicFlow.Batch;

/// <summary>Who asks the engine for something.</summary>
/// <param name="Id">The user's id, 1 to 200 characters, as whoever signs users in knows it.</param>
/// <param name="SeesAll">Whether the user is an operator, who sees and controls the jobs of all. Merge data is shown to nobody.</param>
public sealed record BatchUser(string Id, bool SeesAll = false)
{
    /// <summary>Whose rows the user sees; null for all.</summary>
    internal string? Scope => SeesAll ? null : Id;
}
