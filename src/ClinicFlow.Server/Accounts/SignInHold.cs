using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Security.Claims;
using ClinicFlow.Server.Access;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Server.Accounts;

/// <summary>
/// Looks every few seconds whether a sign-in still holds, for what goes on after its request was let in: a live connection
/// ends with the sign-in, the account, the role or the key that it was opened by.
/// </summary>
internal sealed class SignInHold(UserDirectory directory, IServiceScopeFactory scopes, TimeProvider time)
{
    private const int MaxKnownKeys = 10_000;

    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<Guid, (bool IsGood, DateTimeOffset Until)> _keys = new();

    /// <summary>Waits until a sign-in does not hold any more.</summary>
    /// <param name="user">The sign-in.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Whether it ended; false where the wait was cancelled.</returns>
    public async Task<bool> EndsAsync(ClaimsPrincipal user, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(CheckEvery, time, cancellation);
                if (!await HoldsAsync(user, cancellation))
                {
                    return true;
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return false;
            }
            catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException and not ObjectDisposedException)
            {
                // The database is away: nothing is sent then, and it is asked again.
            }
        }

        return false;
    }

    /// <summary>Whether a sign-in holds.</summary>
    public async Task<bool> HoldsAsync(ClaimsPrincipal user, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (user.FindFirstValue(CallerClaims.Id) is not { } id
            || user.FindFirstValue(CallerClaims.Until) is { } until && long.Parse(until, CultureInfo.InvariantCulture) <= now.ToUnixTimeSeconds())
        {
            return false;
        }

        var isKey = Guid.TryParse(user.FindFirstValue(CallerClaims.Key), out var key);
        if (!isKey && !SignInClaims.IsInPerson(user))
        {
            // A token of a provider: nobody but its end says that it is over.
            return true;
        }

        return await directory.FindAsync(id, cancellation) is { IsClosed: false } known
            && known.Role == CallerClaims.RoleOf(user)
            && (isKey ? await IsGoodAsync(key, now, cancellation) : SignInClaims.IsStillGood(user, known));
    }

    private async Task<bool> IsGoodAsync(Guid id, DateTimeOffset now, CancellationToken cancellation)
    {
        if (_keys.TryGetValue(id, out var known) && known.Until > now)
        {
            return known.IsGood;
        }

        await using var scope = scopes.CreateAsyncScope();
        var isGood = await scope.ServiceProvider.GetRequiredService<AccountsDb>().ApiKeys.AnyAsync(key => key.Id == id && key.RevokedAt == null, cancellation);
        if (_keys.Count >= MaxKnownKeys)
        {
            _keys.Clear();
        }

        _keys[id] = (isGood, now + CheckEvery);
        return isGood;
    }
}
