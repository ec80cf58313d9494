using Microsoft.AspNetCore.Identity;

namespace ClinicFlow.Server.Accounts;

/// <summary>What a password must be like (after NIST SP 800-63B, 3.1.1): long, and none that everybody tries.</summary>
internal sealed class PasswordRules : IPasswordValidator<ClinicFlowUser>
{
    /// <summary>How long it must be at least.</summary>
    public const int LeastLength = 12;

    private const int MaxLength = 256;

    private static readonly string[] Common =
    [
        "password", "passwort", "kennwort", "qwertz", "qwerty", "123456", "111111", "abcdef", "asdfgh", "letmein", "welcome", "willkommen", "administrator", "clinicflow", "iloveyou", "changeme",
    ];

    /// <inheritdoc/>
    public Task<IdentityResult> ValidateAsync(UserManager<ClinicFlowUser> manager, ClinicFlowUser user, string? password)
    {
        var text = password ?? "";
        var reason = text switch
        {
            { Length: < LeastLength or > MaxLength } => $"The password must have {LeastLength} to {MaxLength} characters.",
            _ when user.UserName is { Length: > 0 } name && text.Contains(name, StringComparison.OrdinalIgnoreCase) && text.Replace(name, "", StringComparison.OrdinalIgnoreCase).Length < 8 => "The password must be more than the user name.",
            _ when text.Distinct().Count() < 5 => "The password repeats too few characters.",
            _ when Array.Exists(Common, common => text.Contains(common, StringComparison.OrdinalIgnoreCase) && text.Length - common.Length < 6) => "The password is one that is tried first. A few unrelated words are better.",
            _ => null,
        };
        return Task.FromResult(reason is null ? IdentityResult.Success : IdentityResult.Failed(new IdentityError { Code = "password-weak", Description = reason }));
    }
}
