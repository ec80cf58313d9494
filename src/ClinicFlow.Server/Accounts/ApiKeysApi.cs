using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Audit;
using ClinicFlow.Server.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Server.Accounts;

/// <summary>One's own API keys.</summary>
internal static class ApiKeysApi
{
    private const int MaxKeys = 50;

    public static void MapApiKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/api-keys").WithTags("API keys");
        keys.MapGet("", async (Caller caller, AccountsDb db, CancellationToken cancellation) =>
        {
            var found = await db.ApiKeys.AsNoTracking().Where(key => key.UserId == caller.Id).ToListAsync(cancellation);
            return ETagged.Json(new Page<ApiKey>([.. found.OrderByDescending(key => key.CreatedAt).Select(Of)], null));
        }).Needs(Scopes.Accounts).WithName("ListApiKeys").WithSummary("Lists one's own API keys, without the keys.").Fails(401);
        keys.MapPost("", CreateAsync).Needs(Scopes.Accounts).WithName("CreateApiKey").Audits("api-key.create").WithSummary("Makes an API key; it is shown this once.").Produces<ApiKeyCredentials>(201).Fails(400, 401, 403, 422);
        keys.MapDelete("/{id:guid}", RevokeAsync).Needs(Scopes.Accounts).WithName("RevokeApiKey").Audits("api-key.revoke").WithSummary("Revokes an API key; it ends to work at once.").Produces(204).Fails(401, 403, 404);
    }

    private static async Task<IResult> CreateAsync(NewApiKey order, HttpContext http, Caller caller, AccountsDb db, TimeProvider time, CancellationToken cancellation)
    {
        var problems = new List<ProblemItem>();
        void Require(bool isMet, string path, string message)
        {
            if (!isMet)
            {
                problems.Add(new ProblemItem("key-invalid", message) { Path = path });
            }
        }

        Require(order.Name.Trim().Length is >= 1 and <= 100 && !order.Name.Any(char.IsControl), "name", "must have 1 to 100 characters.");
        Require(order.Scopes.Count > 0 && order.Scopes.All(scope => Scopes.All.Contains(scope)), "scopes", $"must be some of {string.Join(", ", Scopes.All)}.");
        var exceeds = order.Scopes.Any(scope => Scopes.All.Contains(scope) && !http.User.HasClaim(CallerClaims.Scope, scope));
        Require(!exceeds, "scopes", "cannot be more than your own sign-in may do.");
        Require(order.ExpiresInDays is >= 1 and <= 366, "expiresInDays", "must be 1 to 366.");
        if (problems.Count > 0)
        {
            if (exceeds)
            {
                http.Features.Set(new ExceededRight());
            }

            return ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, "key-invalid", "The key cannot be made", "Something about the key is wrong; see errors.", problems);
        }

        if (!await db.Users.AnyAsync(user => user.Id == caller.Id, cancellation))
        {
            return ProblemResult.Of(StatusCodes.Status403Forbidden, "not-allowed", "Not allowed", "API keys are for local accounts; programs of a provider's users get their tokens there.");
        }

        var now = time.GetUtcNow();
        if (await db.ApiKeys.CountAsync(key => key.UserId == caller.Id && key.RevokedAt == null && key.ExpiresAt > now, cancellation) >= MaxKeys)
        {
            return ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, "key-invalid", "The key cannot be made", $"You have {MaxKeys} keys that work; revoke one first.");
        }

        // A key that makes a key cannot make one that outlives it.
        var asked = now.AddDays(order.ExpiresInDays);
        var latest = SignInClaims.IsInPerson(http.User) ? null : http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc;
        var secret = ApiKeySignIn.NewKey();
        var entity = new ApiKeyEntity
        {
            Id = Guid.CreateVersion7(),
            UserId = caller.Id,
            Name = order.Name.Trim(),
            Prefix = secret[..ApiKeySignIn.PrefixLength],
            Hash = ApiKeySignIn.HashOf(secret),
            Scopes = string.Join(' ', order.Scopes.Distinct()),
            CreatedAt = now,
            ExpiresAt = latest is { } end && end < asked ? end : asked,
        };
        db.ApiKeys.Add(entity);
        await db.SaveChangesAsync(cancellation);
        await caller.NoteAsync("api-key.create", entity.Id.ToString(), detail: entity.Scopes, cancellation: CancellationToken.None);
        return Results.Created($"/api/v1/api-keys/{entity.Id}", new ApiKeyCredentials(Of(entity), secret));
    }

    private static async Task<IResult> RevokeAsync(Guid id, Caller caller, AccountsDb db, TimeProvider time, CancellationToken cancellation)
    {
        if (await db.ApiKeys.FirstOrDefaultAsync(key => key.Id == id && key.UserId == caller.Id, cancellation) is not { } key)
        {
            return ProblemResult.NotFound("API key");
        }

        if (key.RevokedAt is null)
        {
            key.RevokedAt = time.GetUtcNow();
            await db.SaveChangesAsync(cancellation);
            await caller.NoteAsync("api-key.revoke", id.ToString(), cancellation: CancellationToken.None);
        }

        return Results.NoContent();
    }

    private static ApiKey Of(ApiKeyEntity key) => new(key.Id, key.Name, key.Prefix, key.Scopes.Split(' '), key.CreatedAt, key.ExpiresAt, key.LastUsedAt, key.RevokedAt);
}
