using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Audit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ClinicFlow.Server.Accounts;

/// <summary>Signs in by an API key: <c>Authorization: Bearer cf_…</c>, or <c>X-Api-Key</c>.</summary>
internal sealed class ApiKeySignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, AccountsDb db, UserDirectory directory, TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "ApiKey";

    /// <summary>What every key starts with, so that leaked ones can be searched for.</summary>
    public const string Start = "cf_";

    /// <summary>How many characters of a key are kept to tell keys apart.</summary>
    public const int PrefixLength = 9;

    private static readonly TimeSpan NoteUseEvery = TimeSpan.FromMinutes(1);

    /// <summary>Makes a key: 256 random bits.</summary>
    public static string NewKey() => Start + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is kept of a key.</summary>
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>The key that a request brings; null where it brings none.</summary>
    public static string? Find(HttpRequest request)
    {
        if (request.Headers["X-Api-Key"].ToString() is { Length: > 0 } key)
        {
            return key;
        }

        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith("Bearer " + Start, StringComparison.OrdinalIgnoreCase) ? authorization["Bearer ".Length..].Trim() : null;
    }

    /// <inheritdoc/>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Find(Request) is not { } key)
        {
            return AuthenticateResult.NoResult();
        }

        var now = time.GetUtcNow();
        var hash = HashOf(key);
        var found = key.Length > 100 ? null : await db.ApiKeys.AsNoTracking().FirstOrDefaultAsync(k => k.Hash == hash, Context.RequestAborted);
        if (found is null || found.RevokedAt is not null || found.ExpiresAt <= now
            || await directory.FindAsync(found.UserId, Context.RequestAborted) is not { IsClosed: false } user)
        {
            Context.Features.Set(new RefusedCredential("api-key", found?.UserId));
            return AuthenticateResult.Fail("The API key is unknown, expired or revoked.");
        }

        if (found.LastUsedAt is not { } used || used + NoteUseEvery < now)
        {
            await db.ApiKeys.Where(k => k.Id == found.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now), Context.RequestAborted);
        }

        // A key was made by somebody who had signed in fully; a reset password does not stop the programs that use it.
        var identity = SignInClaims.Of(user.Id, user.Name, user.Role, found.Scopes.Split(' '), mustChangePassword: false, SchemeName);
        identity.AddClaim(new Claim(CallerClaims.Key, found.Id.ToString()));
        identity.AddClaim(SignInClaims.Until(found.ExpiresAt));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), new AuthenticationProperties { ExpiresUtc = found.ExpiresAt }, SchemeName));
    }
}
