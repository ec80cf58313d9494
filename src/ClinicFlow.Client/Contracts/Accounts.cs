namespace ClinicFlow.Client.Contracts;

/// <summary>Who is signed in.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Name">The user's name.</param>
/// <param name="Roles">What the user may do: <c>user</c>, <c>operator</c>, <c>administrator</c>.</param>
/// <param name="Scopes">What an API key may do; null for a person.</param>
/// <param name="AntiforgeryToken">To be sent as <c>X-XSRF-TOKEN</c> with every change that a cookie signs; null for keys and tokens.</param>
/// <param name="MustChangePassword">Whether the password was given for one use.</param>
public sealed record SessionView(string Id, string Name, IReadOnlyList<string> Roles, IReadOnlyList<string>? Scopes, string? AntiforgeryToken, bool MustChangePassword);

/// <summary>A sign-in by password.</summary>
/// <param name="UserName">The user's name.</param>
/// <param name="Password">The password.</param>
public sealed record SignInRequest(string UserName, string Password);

/// <summary>A change of one's own password.</summary>
/// <param name="CurrentPassword">The one that holds now.</param>
/// <param name="NewPassword">The one that is to hold: at least 12 characters.</param>
public sealed record ChangePasswordRequest(string CurrentPassword, string NewPassword);

/// <summary>A user to create.</summary>
/// <param name="UserName">The name: letters, digits and <c>-._@</c>.</param>
/// <param name="Email">Where to reach the user; may be empty.</param>
/// <param name="Roles">What the user may do.</param>
public sealed record CreateUser(string UserName, string? Email, IReadOnlyList<string> Roles);

/// <summary>A user.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="UserName">The name.</param>
/// <param name="Email">Where to reach the user.</param>
/// <param name="Roles">What the user may do.</param>
/// <param name="IsLockedOut">Whether too many wrong passwords, or an administrator, locked the user out.</param>
public sealed record UserView(string Id, string UserName, string? Email, IReadOnlyList<string> Roles, bool IsLockedOut);

/// <summary>A user that was created.</summary>
/// <param name="User">The user.</param>
/// <param name="OneTimePassword">Holds until the first sign-in, where it must be changed; never shown again.</param>
public sealed record UserCreated(UserView User, string OneTimePassword);

/// <summary>New roles of a user.</summary>
/// <param name="Roles">What the user may do.</param>
/// <param name="IsLockedOut">Whether the user is locked out.</param>
public sealed record ChangeUser(IReadOnlyList<string>? Roles, bool? IsLockedOut);

/// <summary>An API key to create.</summary>
/// <param name="Name">What it is for: 1 to 100 characters.</param>
/// <param name="Scopes">What it may do: <c>jobs:read</c>, <c>jobs:write</c>, <c>templates:read</c>, <c>templates:write</c>, <c>queue:read</c>, <c>audit:read</c>.</param>
/// <param name="ExpiresInDays">For how many days it holds: 1 to 730.</param>
public sealed record CreateApiKey(string Name, IReadOnlyList<string> Scopes, int ExpiresInDays = 90);

/// <summary>An API key.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Prefix">How it begins, to know it again.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Until when it holds.</param>
/// <param name="LastUsedAt">When it was used last, to the hour.</param>
/// <param name="RevokedAt">When it was revoked.</param>
public sealed record ApiKeyView(Guid Id, string Name, string Prefix, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

/// <summary>An API key that was created.</summary>
/// <param name="Key">The key itself; never shown again.</param>
/// <param name="ApiKey">What is known of it.</param>
public sealed record ApiKeyCreated(string Key, ApiKeyView ApiKey);

/// <summary>An entry of the audit log.</summary>
/// <param name="Sequence">Its number, without gaps.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Origin">From where: an address, or <c>engine</c>.</param>
/// <param name="Action">What was done, such as <c>job.cancel</c>.</param>
/// <param name="Subject">To what, by its id.</param>
/// <param name="Outcome">How it went: <c>done</c> or a code.</param>
/// <param name="Detail">Counts and codes; no merge data.</param>
/// <param name="Hash">Chains it to the one before.</param>
public sealed record AuditEntryView(long Sequence, DateTimeOffset At, string Actor, string Origin, string Action, string Subject, string Outcome, string Detail, string Hash);

/// <summary>A page of the audit log.</summary>
/// <param name="Items">The entries, the newest first.</param>
/// <param name="NextBefore">Before which number the next page is; null where this is the last.</param>
public sealed record AuditList(IReadOnlyList<AuditEntryView> Items, long? NextBefore);

/// <summary>What a check of the audit log found.</summary>
/// <param name="IsIntact">Whether nothing was changed, removed, reordered or cut off.</param>
/// <param name="Entries">How many entries were checked.</param>
/// <param name="FirstWrong">The number of the first that is wrong; null where none is.</param>
/// <param name="Message">What is wrong.</param>
public sealed record AuditCheck(bool IsIntact, long Entries, long? FirstWrong, string Message);
