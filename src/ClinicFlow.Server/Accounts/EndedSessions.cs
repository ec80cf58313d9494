using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Server.Accounts;

/// <summary>
/// The sign-ins that their users have ended, for as long as a copy of the cookie could still be shown. Kept with the user
/// in Identity's table of tokens, so that signing out counts on every host.
/// </summary>
internal static class EndedSessions
{
    private const string Kind = "ended-session";

    /// <summary>Ends a sign-in, and forgets those whose cookies have run out.</summary>
    public static async Task AddAsync(AccountsDb db, string userId, string session, DateTimeOffset now, TimeSpan lifetime, CancellationToken cancellation)
    {
        var known = await db.UserTokens.Where(token => token.UserId == userId && token.LoginProvider == Kind).ToListAsync(cancellation);
        db.UserTokens.RemoveRange(known.Where(token => !DateTimeOffset.TryParse(token.Value, CultureInfo.InvariantCulture, out var until) || until < now));
        if (known.All(token => token.Name != session))
        {
            db.UserTokens.Add(new IdentityUserToken<string> { UserId = userId, LoginProvider = Kind, Name = session, Value = (now + lifetime).ToString("O", CultureInfo.InvariantCulture) });
        }

        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>The sign-ins that a user has ended.</summary>
    public static Task<List<string>> ListAsync(AccountsDb db, string userId, CancellationToken cancellation)
        => db.UserTokens.Where(token => token.UserId == userId && token.LoginProvider == Kind).Select(token => token.Name).ToListAsync(cancellation);
}
