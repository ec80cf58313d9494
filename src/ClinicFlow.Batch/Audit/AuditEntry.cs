namespace ClinicFlow.Batch.Audit;

/// <summary>What is to be written down.</summary>
/// <param name="Actor">Who: a user's id, or <c>engine</c>.</param>
/// <param name="Origin">From where: an address, or <c>engine</c>.</param>
/// <param name="Action">What: <c>job.create</c>, <c>job.download</c>, <c>session.begin</c> …</param>
/// <param name="Subject">To what, by its id.</param>
/// <param name="Outcome">How it went: <c>done</c>; <c>refused</c>, with the stable code in the detail; or a stable code.</param>
/// <param name="Detail">Counts and codes; never merge data, names of patients or documents.</param>
public sealed record AuditNote(string Actor, string Origin, string Action, string Subject, string Outcome = "done", string Detail = "");

/// <summary>What was written down.</summary>
/// <param name="Sequence">Its number, from 1, without gaps.</param>
/// <param name="At">When.</param>
/// <param name="Note">What.</param>
/// <param name="Hash">Chains it to the one before (<see cref="AuditChain"/>).</param>
public sealed record AuditEntry(long Sequence, DateTimeOffset At, AuditNote Note, string Hash);

/// <summary>What a check of the log found.</summary>
/// <param name="Entries">How many entries were checked.</param>
/// <param name="FirstWrong">The number of the first that is wrong or missing; null where the log is as it was written.</param>
/// <param name="Message">What is wrong with it; empty where nothing is.</param>
public sealed record AuditVerdict(long Entries, long? FirstWrong, string Message);
