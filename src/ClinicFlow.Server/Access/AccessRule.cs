using System.Security.Claims;
using ClinicFlow.Client.Contracts;
using Microsoft.AspNetCore.Authorization;

namespace ClinicFlow.Server.Access;

/// <summary>Who may use an endpoint or a hub method. Every one has exactly one.</summary>
/// <param name="Scope">What the sign-in must be allowed to do; null for nothing.</param>
/// <param name="LeastRole">Which role the user must have at least; null where nobody need be signed in.</param>
internal sealed record AccessRule(string? Scope, Role? LeastRole)
{
    /// <summary>Whether a user who must change the password first may use it.</summary>
    public bool BeforePasswordChange { get; init; }

    /// <summary>The name of the rule as a policy, for attributes.</summary>
    public override string ToString() => LeastRole is { } role ? $"{role}:{Scope}" : "anyone";
}

/// <summary>Puts rules on endpoints.</summary>
internal static class AccessRules
{
    /// <summary>A signed-in user, whose sign-in may do this.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, string? scope, Role role = Role.User, bool beforePasswordChange = false)
        where TBuilder : IEndpointConventionBuilder
    {
        var rule = new AccessRule(scope, role) { BeforePasswordChange = beforePasswordChange };
        endpoint.WithMetadata(rule);
        endpoint.RequireAuthorization(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new AccessRequirement(rule)).Build());
        return endpoint;
    }

    /// <summary>Anybody, without a sign-in.</summary>
    public static TBuilder OpenToAll<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.WithMetadata(new AccessRule(null, null)).AllowAnonymous();
}

/// <summary>A rule as ASP.NET Core asks for it.</summary>
/// <param name="Rule">The rule.</param>
internal sealed record AccessRequirement(AccessRule Rule) : IAuthorizationRequirement;

/// <summary>Decides by the claims that every kind of sign-in gives (<see cref="CallerClaims"/>).</summary>
internal sealed class AccessHandler : AuthorizationHandler<AccessRequirement>
{
    /// <summary>Why an access was refused: put among the failure reasons.</summary>
    public const string PasswordChangeRequired = "password-change-required";

    /// <inheritdoc/>
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AccessRequirement requirement)
    {
        var (user, rule) = (context.User, requirement.Rule);
        if (CallerClaims.MustChangePassword(user) && !rule.BeforePasswordChange)
        {
            context.Fail(new AuthorizationFailureReason(this, PasswordChangeRequired));
        }
        else if (CallerClaims.RoleOf(user) >= rule.LeastRole && (rule.Scope is null || user.HasClaim(CallerClaims.Scope, rule.Scope)))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

/// <summary>The claims by which the server knows who calls, however the caller signed in.</summary>
internal static class CallerClaims
{
    /// <summary>The user's lasting id.</summary>
    public const string Id = ClaimTypes.NameIdentifier;

    /// <summary>The user's <see cref="Role"/>, by its name.</summary>
    public const string Role = ClaimTypes.Role;

    /// <summary>What the sign-in may do; one claim for each of <see cref="Scopes"/>.</summary>
    public const string Scope = "clinicflow:scope";

    /// <summary>The id of the API key that was signed in with; none where it was something else.</summary>
    public const string Key = "clinicflow:key";

    /// <summary>When the sign-in ends whatever happens, in seconds since 1970; none where nobody knows.</summary>
    public const string Until = "clinicflow:until";

    /// <summary>There where the password must be changed before anything else.</summary>
    public const string PasswordChange = "clinicflow:password-change";

    /// <summary>The user's role: the highest there is; a user where none is.</summary>
    public static Role RoleOf(ClaimsPrincipal user)
    {
        var highest = Client.Contracts.Role.User;
        foreach (var claim in user.FindAll(Role))
        {
            if (Enum.TryParse<Role>(claim.Value, ignoreCase: true, out var role) && Enum.IsDefined(role) && role > highest)
            {
                highest = role;
            }
        }

        return highest;
    }

    /// <summary>Whether the password must be changed first.</summary>
    public static bool MustChangePassword(ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == PasswordChange);
}
