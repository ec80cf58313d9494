using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Server.Accounts;

/// <summary>What became of a try with a password.</summary>
internal enum PasswordVerdict
{
    /// <summary>It is the user's.</summary>
    Right,

    /// <summary>It is not, or there is no such user.</summary>
    Wrong,

    /// <summary>It was not asked for: too many wrong ones came before.</summary>
    LockedOut,
}

/// <summary>
/// Checks passwords, and locks an account for five minutes after five wrong ones. A try is counted before it is looked at,
/// in one statement of the database: so five are five, however many come at once and to however many hosts. Every try
/// takes the same work, so that the time tells nobody whether there is such a user.
/// </summary>
internal sealed class PasswordCheck(AccountsDb db, UserManager<ClinicFlowUser> users, IPasswordHasher<ClinicFlowUser> hasher, TimeProvider time)
{
    /// <summary>How many wrong passwords lock an account.</summary>
    public const int MaxWrong = 5;

    /// <summary>For how long.</summary>
    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(5);

    /// <summary>Checks one.</summary>
    /// <param name="user">The user; null where there is none of the name.</param>
    /// <param name="password">What was typed in.</param>
    /// <param name="cancellation">Ends the check.</param>
    public async Task<PasswordVerdict> CheckAsync(ClinicFlowUser? user, string password, CancellationToken cancellation)
    {
        if (user is null)
        {
            hasher.HashPassword(new ClinicFlowUser(), password);
            return PasswordVerdict.Wrong;
        }

        var now = time.GetUtcNow();
        DateTimeOffset? lockedUntil = now + LockedFor;
        var counted = await db.Users.Where(u => u.Id == user.Id && (u.LockoutEnd == null || u.LockoutEnd <= now)).ExecuteUpdateAsync(
            set => set
                .SetProperty(u => u.LockoutEnd, u => u.AccessFailedCount == MaxWrong - 1 ? lockedUntil : null)
                .SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount >= MaxWrong ? 1 : u.AccessFailedCount + 1),
            cancellation);
        var isRight = await users.CheckPasswordAsync(user, password);
        if (counted == 0 || !isRight)
        {
            return counted == 0 ? PasswordVerdict.LockedOut : PasswordVerdict.Wrong;
        }

        await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(
            set => set.SetProperty(u => u.LockoutEnd, u => (DateTimeOffset?)null).SetProperty(u => u.AccessFailedCount, 0), cancellation);
        (user.LockoutEnd, user.AccessFailedCount) = (null, 0);
        return PasswordVerdict.Right;
    }
}
