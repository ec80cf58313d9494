using ClinicFlow.Client.Contracts;
using Microsoft.AspNetCore.Identity;

namespace ClinicFlow.Server.Accounts;

/// <summary>A local account.</summary>
internal sealed class ClinicFlowUser : IdentityUser
{
    /// <summary>Makes one with a new id.</summary>
    public ClinicFlowUser() => Id = Guid.CreateVersion7().ToString();

    /// <summary>What the user may do.</summary>
    public Role Role { get; set; }

    /// <summary>Whether the password is to be changed before anything else.</summary>
    public bool MustChangePassword { get; set; }

    /// <summary>Whether an administrator keeps the user from signing in, until he says otherwise.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Since when the user is known.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the user signed in last; null for never.</summary>
    public DateTimeOffset? LastSignInAt { get; set; }
}

/// <summary>An API key. The key itself is known to nobody but whoever it was shown to.</summary>
internal sealed class ApiKeyEntity
{
    /// <summary>Its id.</summary>
    public Guid Id { get; set; }

    /// <summary>Whose it is.</summary>
    public required string UserId { get; set; }

    /// <summary>What it is for.</summary>
    public required string Name { get; set; }

    /// <summary>Its first characters.</summary>
    public required string Prefix { get; set; }

    /// <summary>SHA-256 of it: it is random and long, so a slow hash would gain nothing.</summary>
    public required string Hash { get; set; }

    /// <summary>What it may do, parted by spaces.</summary>
    public required string Scopes { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it ends to work.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When it was used last, to about a minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>When it was revoked; null where it was not.</summary>
    public DateTimeOffset? RevokedAt { get; set; }
}
