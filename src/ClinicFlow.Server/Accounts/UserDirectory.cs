using System.Collections.Concurrent;
using ClinicFlow.Client.Contracts;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Server.Accounts;

/// <summary>What is known of a user, a few seconds old at most.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Name">The user's name.</param>
/// <param name="Role">What the user may do.</param>
/// <param name="Stamp">Changes with the password, the role and the like: an older sign-in ends.</param>
/// <param name="IsClosed">Whether an administrator keeps the user out.</param>
/// <param name="MustChangePassword">Whether the password is to be changed first.</param>
/// <param name="EndedSessions">The sign-ins that the user has ended and whose cookies have not run out.</param>
internal sealed record KnownUser(string Id, string Name, Role Role, string Stamp, bool IsClosed, bool MustChangePassword, IReadOnlyList<string> EndedSessions);

/// <summary>
/// The users, for every request: so that a closed account, a new role or a new password counts at once here, and within
/// seconds on every other host.
/// </summary>
internal sealed class UserDirectory(IServiceScopeFactory scopes, TimeProvider time)
{
    private const int MaxKnown = 10_000;

    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, (KnownUser? User, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>Finds a user; null where there is none.</summary>
    public async Task<KnownUser?> FindAsync(string id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_known.TryGetValue(id, out var known) && known.Until > now)
        {
            return known.User;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDb>();
        var found = await db.Users.AsNoTracking().Where(user => user.Id == id)
            .Select(user => new KnownUser(user.Id, user.UserName!, user.Role, user.SecurityStamp!, user.IsClosed, user.MustChangePassword, Array.Empty<string>())).FirstOrDefaultAsync(cancellation);
        if (found is not null)
        {
            found = found with { EndedSessions = await EndedSessions.ListAsync(db, id, cancellation) };
        }

        if (_known.Count >= MaxKnown)
        {
            _known.Clear();
        }

        _known[id] = (found, now + KnownFor);
        return found;
    }

    /// <summary>Something about a user has changed.</summary>
    public void Forget(string id) => _known.TryRemove(id, out _);
}

/// <summary>The names of users, to be shown with what is theirs.</summary>
internal sealed class UserNames(UserDirectory directory)
{
    /// <summary>A user's name; null where no local account has the id.</summary>
    public async Task<string?> FindAsync(string id, CancellationToken cancellation) => (await directory.FindAsync(id, cancellation))?.Name;

    /// <summary>The names of several users, by id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindAsync(IEnumerable<string> ids, CancellationToken cancellation)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            if (!names.ContainsKey(id) && await FindAsync(id, cancellation) is { } name)
            {
                names[id] = name;
            }
        }

        return names;
    }
}
