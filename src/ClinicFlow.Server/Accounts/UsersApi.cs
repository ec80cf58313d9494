using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Audit;
using ClinicFlow.Server.Problems;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Server.Accounts;

/// <summary>The local accounts, for administrators.</summary>
internal static class UsersApi
{
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        var users = api.MapGroup("/users").WithTags("Users");
        users.MapGet("", ListAsync).Needs(Scopes.Accounts, Role.Administrator).WithName("ListUsers").Audits("user.list").WithSummary("Lists all local accounts by name.").Fails(401, 403);
        users.MapPost("", CreateAsync).Needs(Scopes.Accounts, Role.Administrator).WithName("CreateUser").Audits("user.create").WithSummary("Makes a local account; its one-time password is shown this once.").Produces<UserCredentials>(201).Fails(400, 401, 403, 409, 422);
        users.MapPatch("/{id}", ChangeAsync).Needs(Scopes.Accounts, Role.Administrator).WithName("ChangeUser").Audits("user.change").WithSummary("Changes role or e-mail, closes or opens an account, or makes a new one-time password. The user's sign-ins end.").Produces<UserCredentials>().Fails(400, 401, 403, 404, 409, 422);
        users.MapDelete("/{id}", DeleteAsync).Needs(Scopes.Accounts, Role.Administrator).WithName("DeleteUser").Audits("user.delete").WithSummary("Deletes an account with its API keys. The user's jobs stay, for operators.").Produces(204).Fails(401, 403, 404, 409);
    }

    private static async Task<IResult> ListAsync(AccountsDb db, TimeProvider time, CancellationToken cancellation)
    {
        var found = await db.Users.AsNoTracking().OrderBy(user => user.NormalizedUserName).ToListAsync(cancellation);
        var passkeys = await db.UserPasskeys.GroupBy(passkey => passkey.UserId).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellation);
        return ETagged.Json(new Page<User>([.. found.Select(user => Of(user, passkeys.GetValueOrDefault(user.Id), time))], null));
    }

    private static async Task<IResult> CreateAsync(NewUser order, UserManager<ClinicFlowUser> users, Caller caller, TimeProvider time)
    {
        var name = order.UserName.Trim();
        if (name.Length is 0 or > 100 || name.Any(char.IsControl))
        {
            return ProblemResult.Invalid("userName", "must have 1 to 100 characters.");
        }

        if (!IsEmail(order.Email))
        {
            return ProblemResult.Invalid("email", "is no e-mail address.");
        }

        var password = order.Password ?? FirstAdministrator.NewOneTimePassword();
        var user = new ClinicFlowUser { UserName = name, Email = order.Email, Role = order.Role, MustChangePassword = true, CreatedAt = time.GetUtcNow() };
        var made = await users.CreateAsync(user, password);
        if (!made.Succeeded)
        {
            return made.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.DuplicateUserName))
                ? ProblemResult.Of(StatusCodes.Status409Conflict, "user-exists", "The user exists", "There is a user of that name.")
                : SessionApi.Weak("password", made.Errors.Select(error => error.Description));
        }

        await caller.NoteAsync("user.create", user.Id, detail: user.Role.ToString());
        return Results.Created($"/api/v1/users/{user.Id}", new UserCredentials(Of(user, 0, time), order.Password is null ? password : null));
    }

    private static async Task<IResult> ChangeAsync(string id, UserChange order, UserManager<ClinicFlowUser> users, AccountsDb db, UserDirectory directory, Caller caller, TimeProvider time, CancellationToken cancellation)
    {
        if (!IsEmail(order.Email))
        {
            return ProblemResult.Invalid("email", "is no e-mail address.");
        }

        var (refusal, user, password) = await db.AloneAsync(() => ApplyAsync(id, order, users, db, cancellation), cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        directory.Forget(id);
        await caller.NoteAsync("user.change", id, detail: $"{user!.Role}{(user.IsClosed ? " closed" : "")}{(order.ResetPassword ? " password" : "")}", cancellation: CancellationToken.None);
        return Results.Ok(new UserCredentials(Of(user, (await users.GetPasskeysAsync(user)).Count, time), password));
    }

    private static async Task<(ProblemResult? Refusal, ClinicFlowUser? User, string? Password)> ApplyAsync(string id, UserChange order, UserManager<ClinicFlowUser> users, AccountsDb db, CancellationToken cancellation)
    {
        if (await users.FindByIdAsync(id) is not { } user)
        {
            return (ProblemResult.NotFound("user"), null, null);
        }

        if ((order.Role is { } role && role != Role.Administrator || order.IsLockedOut == true) && await IsLastAdministratorAsync(user, db, cancellation))
        {
            return (LastAdministrator(), null, null);
        }

        user.Email = order.Email ?? user.Email;
        user.Role = order.Role ?? user.Role;
        user.IsClosed = order.IsLockedOut ?? user.IsClosed;
        string? password = null;
        if (order.IsLockedOut == false || order.ResetPassword)
        {
            (user.LockoutEnd, user.AccessFailedCount) = (null, 0);
        }

        if (order.ResetPassword)
        {
            password = FirstAdministrator.NewOneTimePassword();
            user.MustChangePassword = true;
            await users.RemovePasswordAsync(user);
            await users.AddPasswordAsync(user, password);
        }

        await users.UpdateSecurityStampAsync(user);
        return (null, user, password);
    }

    private static async Task<IResult> DeleteAsync(string id, UserManager<ClinicFlowUser> users, AccountsDb db, UserDirectory directory, Caller caller, CancellationToken cancellation)
    {
        var refusal = await db.AloneAsync(() => RemoveAsync(id, users, db, cancellation), cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        directory.Forget(id);
        await caller.NoteAsync("user.delete", id, cancellation: CancellationToken.None);
        return Results.NoContent();
    }

    private static async Task<ProblemResult?> RemoveAsync(string id, UserManager<ClinicFlowUser> users, AccountsDb db, CancellationToken cancellation)
    {
        if (await users.FindByIdAsync(id) is not { } user)
        {
            return ProblemResult.NotFound("user");
        }

        if (await IsLastAdministratorAsync(user, db, cancellation))
        {
            return LastAdministrator();
        }

        await users.DeleteAsync(user);
        return null;
    }

    private static async Task<bool> IsLastAdministratorAsync(ClinicFlowUser user, AccountsDb db, CancellationToken cancellation)
        => user is { Role: Role.Administrator, IsClosed: false } && !await db.Users.AnyAsync(other => other.Role == Role.Administrator && !other.IsClosed && other.Id != user.Id, cancellation);

    private static ProblemResult LastAdministrator()
        => ProblemResult.Of(StatusCodes.Status409Conflict, "last-administrator", "The last administrator", "This is the last administrator. Make another one first.");

    private static bool IsEmail(string? text) => text is null || text.Length <= 254 && !text.Any(char.IsControl) && System.Net.Mail.MailAddress.TryCreate(text, out var address) && address.Address == text;

    private static User Of(ClinicFlowUser user, int passkeys, TimeProvider time)
        => new(user.Id, user.UserName!, user.Email, user.Role, user.IsClosed || user.LockoutEnd > time.GetUtcNow(), passkeys, user.CreatedAt, user.LastSignInAt);
}
