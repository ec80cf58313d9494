using ClinicFlow.Batch.Audit;

namespace ClinicFlow.Batch;

/// <summary>Who asks the engine for something.</summary>
/// <param name="Id">The user's id, 1 to 200 characters, as whoever signs users in knows it.</param>
/// <param name="SeesAll">Whether the user is an operator, who sees and controls the jobs of all. Merge data is shown to nobody.</param>
/// <param name="Origin">From where the user asks: an address, for the audit log.</param>
public sealed record BatchUser(string Id, bool SeesAll = false, string Origin = "local")
{
    /// <summary>The engine itself.</summary>
    internal static BatchUser Engine { get; } = new("engine", SeesAll: true, "engine");

    /// <summary>Whose rows the user sees; null for all.</summary>
    internal string? Scope => SeesAll ? null : Id;

    /// <summary>What the audit log is to say.</summary>
    internal AuditNote Note(string action, string subject, string detail = "", string outcome = "done") => new(Id, Origin, action, subject, outcome, detail);
}
