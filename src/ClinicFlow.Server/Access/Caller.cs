using System.Security.Claims;
using ClinicFlow.Batch;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Server.Access;

/// <summary>Who calls, and what the engine offers this user. Made once a request from the sign-in.</summary>
internal sealed class Caller
{
    private readonly BatchEngine _engine;
    private readonly string _origin;

    public Caller(BatchEngineHost host, IHttpContextAccessor http)
        : this(host.Engine, http.HttpContext?.User ?? new ClaimsPrincipal(), http.HttpContext?.Connection.RemoteIpAddress?.ToString() ?? "unknown")
    {
    }

    public Caller(BatchEngine engine, ClaimsPrincipal user, string origin)
    {
        (_engine, _origin) = (engine, origin);
        Id = user.FindFirstValue(CallerClaims.Id) ?? "";
        Role = CallerClaims.RoleOf(user);
    }

    /// <summary>The user's lasting id; empty where nobody is signed in.</summary>
    public string Id { get; }

    /// <summary>What the user may do.</summary>
    public Role Role { get; }

    /// <summary>Whether the user sees the jobs of all.</summary>
    public bool SeesAll => Role >= Role.Operator;

    /// <summary>The jobs that the user sees and controls.</summary>
    public BatchDocumentService Jobs => _engine.ServiceFor(Seen(SeesAll));

    /// <summary>The user's own jobs: their documents are opened by nobody else, operators included.</summary>
    public BatchDocumentService OwnJobs => _engine.ServiceFor(Seen(seesAll: false));

    /// <summary>The templates.</summary>
    public TemplateLibrary Templates => _engine.TemplatesFor(Seen(SeesAll));

    /// <summary>Whether a job is the user's own.</summary>
    public bool Owns(string createdBy) => createdBy == Id;

    /// <summary>Writes down what the user did.</summary>
    public Task NoteAsync(string action, string subject, string outcome = "done", string detail = "", CancellationToken cancellation = default)
        => _engine.AuditLog.WriteAsync(new Batch.Audit.AuditNote(Id.Length == 0 ? "anonymous" : Id, _origin, action, subject, outcome, detail), cancellation);

    private BatchUser Seen(bool seesAll) => new(Id, seesAll, _origin);
}
