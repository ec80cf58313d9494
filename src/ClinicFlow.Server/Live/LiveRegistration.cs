using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;

namespace ClinicFlow.Server.Live;

/// <summary>Puts the hub into the server.</summary>
internal static class LiveRegistration
{
    /// <summary>The rule of the hub and its methods: a user whose sign-in may read jobs.</summary>
    public const string ReadsJobs = "hub:" + Scopes.JobsRead;

    public static void AddLive(this WebApplicationBuilder builder)
    {
        builder.Services.AddAuthorizationBuilder().AddPolicy(ReadsJobs, policy => policy.RequireAuthenticatedUser().AddRequirements(new AccessRequirement(new AccessRule(Scopes.JobsRead, Role.User))));
        builder.Services.AddSignalR(hub =>
        {
            hub.MaximumReceiveMessageSize = 16 << 10;
            hub.MaximumParallelInvocationsPerClient = 16;
            hub.EnableDetailedErrors = false;
        }).AddJsonProtocol(json => Wire.Configure(json.PayloadSerializerOptions));
    }

    public static void MapLive(this WebApplication app)
        => app.MapHub<ProgressHub>(ProgressHub.Path, hub => hub.CloseOnAuthenticationExpiration = true).Needs(Scopes.JobsRead);
}
