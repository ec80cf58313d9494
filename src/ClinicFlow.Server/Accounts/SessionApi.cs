using System.Security.Claims;
using ClinicFlow.Batch;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Audit;
using ClinicFlow.Server.Problems;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

namespace ClinicFlow.Server.Accounts;

/// <summary>Signing in and out, and one's own password.</summary>
internal static class SessionApi
{
    public static void MapSession(this IEndpointRouteBuilder api)
    {
        var session = api.MapGroup("/session").WithTags("Sign-in");
        session.MapGet("", (HttpContext http, IAntiforgery antiforgery) => Of(http, antiforgery))
            .Needs(null, beforePasswordChange: true).WithName("GetSession").WithSummary("Who is signed in, and the token that changes with a cookie need.").Fails(401);
        session.MapPost("", PasswordSignInAsync).OpenToAll().WithMetadata(new NeedsNoToken()).RequireRateLimiting(AccountsRegistration.SignInLimit)
            .WithName("SignIn").Audits("session.begin").WithSummary("Signs in with a local account; the answer sets a cookie.").Produces<Session>().Fails(400, 401);
        session.MapDelete("", SignOutAsync).Needs(null, beforePasswordChange: true).WithName("SignOut").Audits("session.end").WithSummary("Signs out: the cookie of this sign-in ends.").Produces(204).Fails(400, 401);
        session.MapPut("/password", ChangePasswordAsync).Needs(Scopes.Accounts, beforePasswordChange: true).RequireRateLimiting(AccountsRegistration.SignInLimit)
            .WithName("ChangePassword").Audits("password.change").WithSummary("Changes one's own password; all other sign-ins end.").Produces<Session>().Fails(400, 401, 422);
    }

    /// <summary>Who is signed in.</summary>
    public static Session Of(HttpContext http, IAntiforgery antiforgery)
    {
        var user = http.User;
        return new Session(
            user.FindFirstValue(CallerClaims.Id) ?? "", user.Identity?.Name ?? "", CallerClaims.RoleOf(user), [.. user.FindAll(CallerClaims.Scope).Select(claim => claim.Value)],
            CallerClaims.MustChangePassword(user), SignInClaims.IsInPerson(user) ? antiforgery.GetAndStoreTokens(http).RequestToken : null);
    }

    /// <summary>The answer where somebody could not be signed in. It does not tell whether there is such a user.</summary>
    public static ProblemResult Refused() => ProblemResult.Of(
        StatusCodes.Status401Unauthorized, "sign-in-failed", "Not signed in",
        "The user name or the password is wrong, or the account is closed, or locked for five minutes after five wrong passwords. An administrator can set a new password.");

    /// <summary>Signs a user in who has proved to be the one.</summary>
    public static async Task<Session> SignInAsync(ClinicFlowUser user, bool isPersistent, string how, HttpContext http, SignInManager<ClinicFlowUser> signIn, UserDirectory directory, BatchEngineHost host, TimeProvider time, IAntiforgery antiforgery)
    {
        user.LastSignInAt = time.GetUtcNow();
        await signIn.UserManager.UpdateAsync(user);
        directory.Forget(user.Id);
        http.User = await signIn.CreateUserPrincipalAsync(user);
        await signIn.SignInAsync(user, isPersistent, how);
        await NoteAsync(host, http, user.Id, "session.begin", "done", how);
        return Of(http, antiforgery);
    }

    /// <summary>Writes down what somebody did who was not signed in.</summary>
    public static Task NoteAsync(BatchEngineHost host, HttpContext http, string userId, string action, string outcome, string how)
        => host.Engine.AuditLog.WriteAsync(new Batch.Audit.AuditNote(userId, http.Connection.RemoteIpAddress?.ToString() ?? "unknown", action, userId, outcome, how), http.RequestAborted);

    private static async Task<IResult> PasswordSignInAsync(
        SignIn order, HttpContext http, SignInManager<ClinicFlowUser> signIn, PasswordCheck passwords, UserDirectory directory, BatchEngineHost host, TimeProvider time, IAntiforgery antiforgery)
    {
        // What no account can be called is not asked for: PostgreSQL keeps no text with a NUL.
        var canBeKnown = order.UserName.Length <= 256 && !order.UserName.Any(char.IsControl) && order.Password.Length <= 1_024;
        var user = canBeKnown ? await signIn.UserManager.FindByNameAsync(order.UserName) : null;
        var verdict = await passwords.CheckAsync(user, canBeKnown ? order.Password : "", http.RequestAborted);
        if (verdict != PasswordVerdict.Right || user!.IsClosed)
        {
            await NoteAsync(host, http, user?.Id ?? "unknown", "session.begin", verdict == PasswordVerdict.LockedOut ? "locked-out" : user?.IsClosed == true ? "closed" : "sign-in-failed", "password");
            return Refused();
        }

        return Results.Ok(await SignInAsync(user, order.IsPersistent, "password", http, signIn, directory, host, time, antiforgery));
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, SignInManager<ClinicFlowUser> signIn, Caller caller, AccountsDb db, UserDirectory directory, ServerSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        if (http.User.FindFirstValue(SignInClaims.Session) is { } session)
        {
            await EndedSessions.AddAsync(db, caller.Id, session, time.GetUtcNow(), settings.SignInLifetime, cancellation);
            directory.Forget(caller.Id);
        }

        await signIn.SignOutAsync();
        await caller.NoteAsync("session.end", caller.Id, cancellation: CancellationToken.None);
        return Results.NoContent();
    }

    private static async Task<IResult> ChangePasswordAsync(
        PasswordChange order, HttpContext http, Caller caller, SignInManager<ClinicFlowUser> signIn, PasswordCheck passwords, UserDirectory directory, BatchEngineHost host, TimeProvider time, IAntiforgery antiforgery)
    {
        var users = signIn.UserManager;
        if (!SignInClaims.IsInPerson(http.User) || await users.FindByIdAsync(caller.Id) is not { } user)
        {
            return ProblemResult.Of(StatusCodes.Status403Forbidden, "not-allowed", "Not allowed", "A password is changed by its user, signed in with it.");
        }

        if (order.CurrentPassword.Length > 1_024 || await passwords.CheckAsync(user, order.CurrentPassword, http.RequestAborted) != PasswordVerdict.Right)
        {
            await caller.NoteAsync("password.change", user.Id, "sign-in-failed");
            return ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, "password-wrong", "The password is wrong", "The current password is wrong.", [new ProblemItem("password-wrong", "The current password is wrong.") { Path = "currentPassword" }]);
        }

        if (order.NewPassword == order.CurrentPassword)
        {
            return Weak("newPassword", ["The new password is the old one."]);
        }

        user.MustChangePassword = false;
        var changed = await users.ChangePasswordAsync(user, order.CurrentPassword, order.NewPassword);
        if (!changed.Succeeded)
        {
            return Weak("newPassword", changed.Errors.Select(error => error.Description));
        }

        await caller.NoteAsync("password.change", user.Id);
        return Results.Ok(await SignInAsync(user, isPersistent: false, "password", http, signIn, directory, host, time, antiforgery));
    }

    /// <summary>The answer to a password that is not good enough.</summary>
    public static ProblemResult Weak(string path, IEnumerable<string> reasons)
        => ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, "password-weak", "The password is not good enough", string.Join(" ", reasons), [.. reasons.Select(reason => new ProblemItem("password-weak", reason) { Path = path })]);
}
