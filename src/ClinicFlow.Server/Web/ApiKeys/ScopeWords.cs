using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Server.Web.ApiKeys;

/// <summary>What a key may do, in words.</summary>
internal static class ScopeWords
{
    /// <summary>The words for a scope; the scope itself where it has none.</summary>
    public static string Of(string scope) => scope switch
    {
        Scopes.JobsRead => "see batches and fetch documents",
        Scopes.JobsWrite => "make and control batches",
        Scopes.TemplatesRead => "see templates",
        Scopes.TemplatesWrite => "change templates",
        Scopes.AuditRead => "read the audit log",
        Scopes.Accounts => "manage users and keys",
        _ => scope,
    };
}
