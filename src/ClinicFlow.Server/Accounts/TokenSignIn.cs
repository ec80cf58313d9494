using System.Security.Claims;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Audit;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace ClinicFlow.Server.Accounts;

/// <summary>Signs in by a token of an OpenID provider (RFC 9068).</summary>
internal static class TokenSignIn
{
    // Only signatures by a key that the provider keeps to itself: never none, never a shared secret.
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>Sets it up.</summary>
    public static void Configure(JwtBearerOptions options, OidcSettings oidc)
    {
        options.Authority = oidc.Issuer;
        options.Audience = oidc.Audience;
        options.MapInboundClaims = false;
        options.RequireHttpsMetadata = !new Uri(oidc.Issuer!).IsLoopback;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = oidc.Issuer,
            ValidAudience = oidc.Audience,
            ValidAlgorithms = Algorithms,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = TimeSpan.FromSeconds(30),
        };
        options.Events = new JwtBearerEvents
        {
            OnAuthenticationFailed = context =>
            {
                // A token ends every few minutes in the normal course of things; a provider that cannot be asked is no refusal.
                if (context.Exception is (SecurityTokenException or SecurityTokenArgumentException) and not SecurityTokenExpiredException)
                {
                    context.HttpContext.Features.Set(new RefusedCredential("token", null));
                }

                return Task.CompletedTask;
            },
            OnTokenValidated = context =>
            {
                if (context.Principal?.FindFirstValue(oidc.UserIdClaim) is not { Length: > 0 and <= 190 } id)
                {
                    context.Fail($"The token lacks the claim {oidc.UserIdClaim}.");
                    return Task.CompletedTask;
                }

                var roles = context.Principal.FindAll(oidc.RoleClaim).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal);
                var role = roles.Contains(oidc.AdministratorRole) ? Role.Administrator : roles.Contains(oidc.OperatorRole) ? Role.Operator : Role.User;

                // The prefix keeps a provider's ids apart from those of local accounts.
                var identity = SignInClaims.Of("oidc:" + id, context.Principal.FindFirstValue(oidc.UserNameClaim) ?? id, role, Scopes.All, mustChangePassword: false, JwtBearerDefaults.AuthenticationScheme);
                identity.AddClaim(SignInClaims.Until(context.SecurityToken.ValidTo));
                context.Principal = new ClaimsPrincipal(identity);
                return Task.CompletedTask;
            },
        };
    }
}
