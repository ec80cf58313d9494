using System.Globalization;
using System.Security.Claims;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ClinicFlow.Server.Accounts;

/// <summary>The claims of a sign-in: the same kinds, however somebody signed in.</summary>
internal static class SignInClaims
{
    /// <summary>The user's stamp when the cookie was made.</summary>
    public const string Stamp = "clinicflow:stamp";

    /// <summary>Which sign-in of the user's a cookie is of: it ends when the user signs out, with all copies of the cookie.</summary>
    public const string Session = "clinicflow:session";

    /// <summary>When a sign-in ends whatever happens.</summary>
    public static Claim Until(DateTimeOffset end) => new(CallerClaims.Until, end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    /// <summary>The claims of a user.</summary>
    /// <param name="id">The lasting id.</param>
    /// <param name="name">The name.</param>
    /// <param name="role">What the user may do.</param>
    /// <param name="scopes">What this sign-in may do.</param>
    /// <param name="mustChangePassword">Whether the password is to be changed first.</param>
    /// <param name="scheme">How somebody signed in.</param>
    public static ClaimsIdentity Of(string id, string name, Role role, IEnumerable<string> scopes, bool mustChangePassword, string scheme)
    {
        var identity = new ClaimsIdentity(scheme, ClaimTypes.Name, CallerClaims.Role);
        identity.AddClaim(new Claim(CallerClaims.Id, id));
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        identity.AddClaim(new Claim(CallerClaims.Role, role.ToString()));
        identity.AddClaims(scopes.Select(scope => new Claim(CallerClaims.Scope, scope)));
        if (mustChangePassword)
        {
            identity.AddClaim(new Claim(CallerClaims.PasswordChange, "true"));
        }

        return identity;
    }

    /// <summary>Looks whether the user of a cookie is still who he was; what he may do is looked up anew.</summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var directory = context.HttpContext.RequestServices.GetRequiredService<UserDirectory>();
        if (context.Principal?.FindFirstValue(CallerClaims.Id) is not { } id
            || await directory.FindAsync(id, context.HttpContext.RequestAborted) is not { } user
            || !IsStillGood(context.Principal, user))
        {
            context.RejectPrincipal();
            return;
        }

        context.ReplacePrincipal(new ClaimsPrincipal(Local(user, context.Principal.FindFirstValue(Session)!)));
    }

    /// <summary>Whether a cookie's sign-in goes on: the account is open, nothing about it has changed since, and the user has not signed out.</summary>
    public static bool IsStillGood(ClaimsPrincipal cookie, KnownUser user)
        => !user.IsClosed && cookie.FindFirstValue(Stamp) == user.Stamp && cookie.FindFirstValue(Session) is { } session && !user.EndedSessions.Contains(session);

    /// <summary>Whether a person signed in here, with a cookie to show for it: neither an API key nor a token of a provider.</summary>
    public static bool IsInPerson(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true, AuthenticationType: var type } && type == IdentityConstants.ApplicationScheme;

    /// <summary>The claims of a cookie.</summary>
    public static ClaimsIdentity Local(KnownUser user, string session)
    {
        var identity = Of(user.Id, user.Name, user.Role, Scopes.All, user.MustChangePassword, IdentityConstants.ApplicationScheme);
        identity.AddClaim(new Claim(Stamp, user.Stamp));
        identity.AddClaim(new Claim(Session, session));
        return identity;
    }

    /// <summary>Makes the claims of a cookie when somebody signs in.</summary>
    public sealed class Factory(UserManager<ClinicFlowUser> users, IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<ClinicFlowUser>(users, options)
    {
        /// <inheritdoc/>
        public override Task<ClaimsPrincipal> CreateAsync(ClinicFlowUser user)
            => Task.FromResult(new ClaimsPrincipal(Local(new KnownUser(user.Id, user.UserName!, user.Role, user.SecurityStamp!, user.IsClosed, user.MustChangePassword, []), Guid.NewGuid().ToString("N"))));
    }
}
