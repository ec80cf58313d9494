namespace ClinicFlow.Client.Contracts;

/// <summary>An entry of the audit log.</summary>
/// <param name="Sequence">Its number, from 1, without gaps.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who, by id; <c>engine</c> for the server itself.</param>
/// <param name="Origin">From where.</param>
/// <param name="Action">What, such as <c>job.create</c>.</param>
/// <param name="Subject">To what, by its id.</param>
/// <param name="Outcome">How it went: <c>done</c>, or a stable code.</param>
/// <param name="Detail">Counts and codes.</param>
/// <param name="Hash">Chains it to the one before.</param>
public sealed record AuditEntry(long Sequence, DateTimeOffset At, string Actor, string Origin, string Action, string Subject, string Outcome, string Detail, string Hash);

/// <summary>What a check of the audit log found.</summary>
/// <param name="IsIntact">Whether the log is as it was written.</param>
/// <param name="Entries">How many entries were checked.</param>
/// <param name="FirstWrong">The number of the first that is wrong or missing; null where none is.</param>
/// <param name="Message">What is wrong; empty where nothing is.</param>
public sealed record AuditVerdict(bool IsIntact, long Entries, long? FirstWrong, string Message);
