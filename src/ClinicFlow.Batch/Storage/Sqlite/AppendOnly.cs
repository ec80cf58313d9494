namespace ClinicFlow.Batch.Storage.Sqlite;

/// <summary>The audit log is added to, and never changed. Run by the first migration; never changed once released.
/// REPLACE deletes what is in its way without a word to the trigger of DELETE, so it has one of its own.</summary>
internal static class AppendOnly
{
    /// <summary>Makes the triggers.</summary>
    public const string Create = """
        create trigger audit_log_no_update before update on audit_log begin select raise(abort, 'audit_log is append-only'); end;
        create trigger audit_log_no_delete before delete on audit_log begin select raise(abort, 'audit_log is append-only'); end;
        create trigger audit_log_no_replace before insert on audit_log when exists (select 1 from audit_log where sequence = new.sequence)
            begin select raise(abort, 'audit_log is append-only'); end;
        """;
}
