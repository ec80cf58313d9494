using System.Text.Json.Nodes;

namespace ClinicFlow.Client.Contracts;

/// <summary>What a user may do.</summary>
public enum Role
{
    /// <summary>Sees and controls the user's own jobs.</summary>
    User,

    /// <summary>Sees and controls all jobs, without merge data.</summary>
    Operator,

    /// <summary>An operator who also manages users and reads the audit log.</summary>
    Administrator,
}

/// <summary>Who is signed in.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="UserName">The user's name.</param>
/// <param name="Role">What the user may do.</param>
/// <param name="Scopes">What this sign-in may do: all there is for a person, fewer for an API key.</param>
/// <param name="MustChangePassword">Whether the password must be changed before anything else.</param>
/// <param name="AntiforgeryToken">To send as <c>X-XSRF-TOKEN</c> with each change, where the sign-in is a cookie; null otherwise.</param>
public sealed record Session(string Id, string UserName, Role Role, IReadOnlyList<string> Scopes, bool MustChangePassword, string? AntiforgeryToken);

/// <summary>A sign-in by password.</summary>
/// <param name="UserName">The user's name.</param>
/// <param name="Password">The password.</param>
/// <param name="IsPersistent">Whether the sign-in outlives the browser.</param>
public sealed record SignIn(string UserName, string Password, bool IsPersistent = false)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(SignIn);
}

/// <summary>A change of one's own password.</summary>
/// <param name="CurrentPassword">The password until now.</param>
/// <param name="NewPassword">The new one.</param>
public sealed record PasswordChange(string CurrentPassword, string NewPassword)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(PasswordChange);
}

/// <summary>A user.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="UserName">The user's name.</param>
/// <param name="Email">Where to write to; null where nobody said.</param>
/// <param name="Role">What the user may do.</param>
/// <param name="IsLockedOut">Whether the user cannot sign in now, because of too many wrong passwords or because an administrator said so.</param>
/// <param name="Passkeys">How many passkeys the user has.</param>
/// <param name="CreatedAt">Since when the user is known.</param>
/// <param name="LastSignInAt">When the user signed in last; null for never.</param>
public sealed record User(string Id, string UserName, string? Email, Role Role, bool IsLockedOut, int Passkeys, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt);

/// <summary>A user to make.</summary>
/// <param name="UserName">The name: 1 to 100 characters.</param>
/// <param name="Email">Where to write to.</param>
/// <param name="Role">What the user may do.</param>
/// <param name="Password">A first password, to be changed at the first sign-in; one is made where null.</param>
public sealed record NewUser(string UserName, string? Email = null, Role Role = Role.User, string? Password = null)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(NewUser);
}

/// <summary>A user who was made, or whose password was set anew.</summary>
/// <param name="User">The user.</param>
/// <param name="OneTimePassword">The password for the first sign-in, shown this once; null where it was given.</param>
public sealed record UserCredentials(User User, string? OneTimePassword)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(UserCredentials);
}

/// <summary>A change of a user; what is null stays.</summary>
/// <param name="Email">Where to write to.</param>
/// <param name="Role">What the user may do.</param>
/// <param name="IsLockedOut">Whether the user is kept from signing in.</param>
/// <param name="ResetPassword">Whether a new one-time password is made.</param>
public sealed record UserChange(string? Email = null, Role? Role = null, bool? IsLockedOut = null, bool ResetPassword = false);

/// <summary>An API key, without the key.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Prefix">The first characters of the key, to tell keys apart.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends to work.</param>
/// <param name="LastUsedAt">When it was used last, to about a minute; null for never.</param>
/// <param name="RevokedAt">When it was revoked; null where it was not.</param>
public sealed record ApiKey(Guid Id, string Name, string Prefix, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

/// <summary>An API key to make.</summary>
/// <param name="Name">What it is for: 1 to 100 characters.</param>
/// <param name="Scopes">What it may do, see <see cref="Contracts.Scopes"/>; never more than its user.</param>
/// <param name="ExpiresInDays">After how many days it ends to work, 1 to 366. Default 90.</param>
public sealed record NewApiKey(string Name, IReadOnlyList<string> Scopes, int ExpiresInDays = 90);

/// <summary>An API key that was made.</summary>
/// <param name="ApiKey">What is known of it later.</param>
/// <param name="Key">The key itself, shown this once.</param>
public sealed record ApiKeyCredentials(ApiKey ApiKey, string Key)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(ApiKeyCredentials);
}

/// <summary>A passkey.</summary>
/// <param name="Id">Its credential id, in Base64Url.</param>
/// <param name="Name">What its user calls it.</param>
/// <param name="CreatedAt">Since when it is known.</param>
public sealed record Passkey(string Id, string Name, DateTimeOffset CreatedAt);

/// <summary>What a browser answered to a passkey's options.</summary>
/// <param name="Credential">The answer of <c>navigator.credentials</c>, as its <c>toJSON()</c> gives it.</param>
/// <param name="Name">What the user calls the passkey, where it is a new one.</param>
public sealed record PasskeyAnswer(JsonObject Credential, string? Name = null);

/// <summary>What an API key can be allowed to do.</summary>
public static class Scopes
{
    /// <summary>To see jobs, the queue and metrics, and to fetch documents.</summary>
    public const string JobsRead = "jobs:read";

    /// <summary>To create, control and delete jobs.</summary>
    public const string JobsWrite = "jobs:write";

    /// <summary>To see and fetch templates, and to preview documents.</summary>
    public const string TemplatesRead = "templates:read";

    /// <summary>To add, publish and archive templates.</summary>
    public const string TemplatesWrite = "templates:write";

    /// <summary>To read the audit log, for an administrator.</summary>
    public const string AuditRead = "audit:read";

    /// <summary>To manage users and one's own keys and password.</summary>
    public const string Accounts = "accounts";

    /// <summary>All there are.</summary>
    public static IReadOnlyList<string> All { get; } = [JobsRead, JobsWrite, TemplatesRead, TemplatesWrite, AuditRead, Accounts];
}
