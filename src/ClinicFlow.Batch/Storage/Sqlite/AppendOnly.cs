namespace ClinicFlow.Batch.Storage.Sqlite;

/// <summary>The audit log is added to, and never changed. Run by the first migration; never changed once released.</summary>
internal static class AppendOnly
{
    /// <summary>Makes the triggers.</summary>
    public const string Create = """
        create trigger audit_log_no_update before update on audit_log begin select raise(abort, 'audit_log is append-only'); end;
        create trigger audit_log_no_delete before delete on audit_log begin select raise(abort, 'audit_log is append-only'); end;
        """;
}
