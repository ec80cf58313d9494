using System.Buffers.Text;
using ClinicFlow.Batch;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Audit;
using ClinicFlow.Server.Problems;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

namespace ClinicFlow.Server.Accounts;

/// <summary>Passkeys (WebAuthn): one's own, and signing in with one.</summary>
internal static class PasskeysApi
{
    private const int MaxPasskeys = 20;

    public static void MapPasskeys(this IEndpointRouteBuilder api)
    {
        var session = api.MapGroup("/session").WithTags("Sign-in");
        session.MapGet("/passkeys", ListAsync).Needs(Scopes.Accounts).WithName("ListPasskeys").WithSummary("Lists one's own passkeys.").Produces<Page<Passkey>>().Fails(401, 403);
        session.MapPost("/passkeys/options", CreationOptionsAsync).Needs(Scopes.Accounts).WithName("PasskeyCreationOptions").WithSummary("What a browser needs to make a passkey (PublicKeyCredentialCreationOptionsJSON).").Produces<object>().Fails(400, 401, 403, 422);
        session.MapPost("/passkeys", AddAsync).Needs(Scopes.Accounts).WithName("AddPasskey").Audits("passkey.add").WithSummary("Keeps a passkey that a browser made.").Produces<Passkey>(201).Fails(400, 401, 403, 422);
        session.MapDelete("/passkeys/{id}", RemoveAsync).Needs(Scopes.Accounts).WithName("RemovePasskey").Audits("passkey.remove").WithSummary("Removes a passkey.").Produces(204).Fails(400, 401, 403, 404);
        session.MapPost("/passkey-options", async (SignInManager<ClinicFlowUser> signIn) => Results.Content(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json"))
            .OpenToAll().WithMetadata(new NeedsNoToken()).RequireRateLimiting(AccountsRegistration.SignInLimit)
            .WithName("PasskeyRequestOptions").WithSummary("What a browser needs to sign in with a passkey (PublicKeyCredentialRequestOptionsJSON).").Produces<object>().Fails(400);
        session.MapPost("/passkey", SignInAsync).OpenToAll().WithMetadata(new NeedsNoToken()).RequireRateLimiting(AccountsRegistration.SignInLimit)
            .WithName("SignInWithPasskey").Audits("session.begin").WithSummary("Signs in with what a browser answered; the answer sets a cookie.").Produces<Session>().Fails(400, 401);
    }

    private static async Task<IResult> ListAsync(Caller caller, UserManager<ClinicFlowUser> users)
        => await users.FindByIdAsync(caller.Id) is { } user
            ? ETagged.Json(new Page<Passkey>([.. (await users.GetPasskeysAsync(user)).Select(Of)], null))
            : ETagged.Json(new Page<Passkey>([], null));

    private static async Task<IResult> CreationOptionsAsync(HttpContext http, Caller caller, SignInManager<ClinicFlowUser> signIn)
    {
        if (!SignInClaims.IsInPerson(http.User) || await signIn.UserManager.FindByIdAsync(caller.Id) is not { } user)
        {
            return LocalOnly();
        }

        if ((await signIn.UserManager.GetPasskeysAsync(user)).Count >= MaxPasskeys)
        {
            return ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, "passkey-invalid", "No more passkeys", $"You have {MaxPasskeys} passkeys; remove one first.");
        }

        return Results.Content(await signIn.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity { Id = user.Id, Name = user.UserName!, DisplayName = user.UserName! }), "application/json");
    }

    private static async Task<IResult> AddAsync(PasskeyAnswer answer, HttpContext http, Caller caller, SignInManager<ClinicFlowUser> signIn)
    {
        // An API key that may do little must not make itself a sign-in that may do all.
        if (!SignInClaims.IsInPerson(http.User) || await signIn.UserManager.FindByIdAsync(caller.Id) is not { } user)
        {
            return LocalOnly();
        }

        if (answer.Name is { } given && (given.Length > 100 || given.Any(char.IsControl)))
        {
            return ProblemResult.Invalid("name", "must have 1 to 100 characters.");
        }

        PasskeyAttestationResult attestation;
        try
        {
            attestation = await signIn.PerformPasskeyAttestationAsync(answer.Credential.ToJsonString());
        }
        catch (InvalidOperationException)
        {
            // Nobody asked for options before.
            return Invalid();
        }

        if (!attestation.Succeeded || attestation.UserEntity.Id != user.Id)
        {
            await caller.NoteAsync("passkey.add", user.Id, "passkey-invalid");
            return Invalid();
        }

        attestation.Passkey.Name = answer.Name is { Length: > 0 } name ? name : "Passkey";
        if (!(await signIn.UserManager.AddOrUpdatePasskeyAsync(user, attestation.Passkey)).Succeeded)
        {
            return Invalid();
        }

        await caller.NoteAsync("passkey.add", user.Id);
        return Results.Json(Of(attestation.Passkey), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RemoveAsync(string id, Caller caller, UserManager<ClinicFlowUser> users)
    {
        byte[] credential;
        try
        {
            credential = Base64Url.DecodeFromChars(id);
        }
        catch (FormatException)
        {
            return ProblemResult.NotFound("passkey");
        }

        if (await users.FindByIdAsync(caller.Id) is not { } user || await users.GetPasskeyAsync(user, credential) is null)
        {
            return ProblemResult.NotFound("passkey");
        }

        await users.RemovePasskeyAsync(user, credential);
        await caller.NoteAsync("passkey.remove", user.Id);
        return Results.NoContent();
    }

    private static async Task<IResult> SignInAsync(
        PasskeyAnswer answer, HttpContext http, SignInManager<ClinicFlowUser> signIn, UserDirectory directory, BatchEngineHost host, TimeProvider time, IAntiforgery antiforgery)
    {
        PasskeyAssertionResult<ClinicFlowUser> assertion;
        try
        {
            assertion = await signIn.PerformPasskeyAssertionAsync(answer.Credential.ToJsonString());
        }
        catch (InvalidOperationException)
        {
            return SessionApi.Refused();
        }

        if (!assertion.Succeeded || assertion.User.IsClosed)
        {
            await SessionApi.NoteAsync(host, http, assertion.User?.Id ?? "unknown", "session.begin", "sign-in-failed", "passkey");
            return SessionApi.Refused();
        }

        await signIn.UserManager.AddOrUpdatePasskeyAsync(assertion.User, assertion.Passkey);
        return Results.Ok(await SessionApi.SignInAsync(assertion.User, isPersistent: false, "passkey", http, signIn, directory, host, time, antiforgery));
    }

    private static Passkey Of(UserPasskeyInfo passkey) => new(Base64Url.EncodeToString(passkey.CredentialId), passkey.Name ?? "Passkey", passkey.CreatedAt);

    private static ProblemResult LocalOnly() => ProblemResult.Of(StatusCodes.Status403Forbidden, "not-allowed", "Not allowed", "A passkey is made by its user, signed in with a local account.");

    private static ProblemResult Invalid() => ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, "passkey-invalid", "The passkey cannot be kept", "What the browser answered is not what was asked for. Ask for new options and try again.");
}
