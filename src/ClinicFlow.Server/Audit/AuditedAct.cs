namespace ClinicFlow.Server.Audit;

/// <summary>On an endpoint: what is done by it, as the audit log calls it. Who is refused it is written down as well as who does it.</summary>
/// <param name="Action">What: <c>job.pause</c>, <c>user.change</c> …</param>
/// <param name="SubjectRoute">Which part of the address names what it is done to.</param>
internal sealed record AuditedAct(string Action, string SubjectRoute);

/// <summary>Says of endpoints what they do.</summary>
internal static class AuditedActs
{
    /// <summary>Refusals of this endpoint go to the audit log (<see cref="RefusalAudit"/>).</summary>
    public static TBuilder Audits<TBuilder>(this TBuilder endpoint, string action, string subjectRoute = "id")
        where TBuilder : IEndpointConventionBuilder
        => endpoint.WithMetadata(new AuditedAct(action, subjectRoute));
}
