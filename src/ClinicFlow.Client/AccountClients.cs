using System.Text.Json.Nodes;
using ClinicFlow.Client.Connection;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Client;

/// <summary>Who is signed in, and signing in by password. Every call throws <see cref="ClinicFlowApiException"/> where the server says no (401 <c>not-signed-in</c>, 403 <c>password-change-required</c>) and <see cref="HttpRequestException"/> where it cannot be reached.</summary>
public sealed class SessionClient
{
    private readonly ApiConnection _api;

    internal SessionClient(ApiConnection api) => _api = api;

    /// <summary>Says who is signed in.</summary>
    public async Task<Session> GetAsync(CancellationToken cancellation = default) => Keep(await _api.GetAsync<Session>("session", cancellation).ConfigureAwait(false));

    /// <summary>Signs in by password; the client keeps the cookie. For a client with a given <see cref="HttpClient"/> its handler must keep cookies.</summary>
    /// <exception cref="ClinicFlowApiException">401 where name or password is wrong, 429 after too many attempts.</exception>
    public async Task<Session> SignInAsync(SignIn signIn, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(signIn);
        return Keep(await _api.ReadAsync<Session>(HttpMethod.Post, "session", signIn, isRepeatable: false, cancellation).ConfigureAwait(false));
    }

    /// <summary>Signs out.</summary>
    public async Task SignOutAsync(CancellationToken cancellation = default)
    {
        await _api.DoAsync(HttpMethod.Delete, "session", null, isRepeatable: false, cancellation).ConfigureAwait(false);
        _api.AntiforgeryToken = null;
    }

    /// <summary>Changes one's own password.</summary>
    public async Task<Session> ChangePasswordAsync(PasswordChange change, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Keep(await _api.ReadAsync<Session>(HttpMethod.Put, "session/password", change, isRepeatable: false, cancellation).ConfigureAwait(false));
    }

    /// <summary>Lists one's own passkeys.</summary>
    public async Task<IReadOnlyList<Passkey>> ListPasskeysAsync(CancellationToken cancellation = default) => (await _api.GetAsync<Page<Passkey>>("session/passkeys", cancellation).ConfigureAwait(false)).Items;

    /// <summary>What a browser needs to make a passkey (<c>PublicKeyCredentialCreationOptionsJSON</c>).</summary>
    public Task<JsonObject> GetPasskeyCreationOptionsAsync(CancellationToken cancellation = default) => _api.ReadAsync<JsonObject>(HttpMethod.Post, "session/passkeys/options", null, isRepeatable: false, cancellation);

    /// <summary>Keeps a passkey that a browser made.</summary>
    public Task<Passkey> AddPasskeyAsync(PasskeyAnswer answer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return _api.ReadAsync<Passkey>(HttpMethod.Post, "session/passkeys", answer, isRepeatable: false, cancellation);
    }

    /// <summary>Removes a passkey.</summary>
    public Task RemovePasskeyAsync(string id, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return _api.DoAsync(HttpMethod.Delete, $"session/passkeys/{Uri.EscapeDataString(id)}", null, isRepeatable: true, cancellation);
    }

    /// <summary>What a browser needs to sign in with a passkey (<c>PublicKeyCredentialRequestOptionsJSON</c>).</summary>
    public Task<JsonObject> GetPasskeyRequestOptionsAsync(CancellationToken cancellation = default) => _api.ReadAsync<JsonObject>(HttpMethod.Post, "session/passkey-options", null, isRepeatable: false, cancellation);

    /// <summary>Signs in with what a browser answered.</summary>
    /// <exception cref="ClinicFlowApiException">401 where it is not right.</exception>
    public async Task<Session> SignInWithPasskeyAsync(PasskeyAnswer answer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Keep(await _api.ReadAsync<Session>(HttpMethod.Post, "session/passkey", answer, isRepeatable: false, cancellation).ConfigureAwait(false));
    }

    private Session Keep(Session session)
    {
        _api.AntiforgeryToken = session.AntiforgeryToken;
        return session;
    }
}

/// <summary>One's own API keys. Every call throws <see cref="ClinicFlowApiException"/> where the server says no and <see cref="HttpRequestException"/> where it cannot be reached.</summary>
public sealed class ApiKeysClient
{
    private readonly ApiConnection _api;

    internal ApiKeysClient(ApiConnection api) => _api = api;

    /// <summary>Lists one's keys, without the keys themselves.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation = default) => (await _api.GetAsync<Page<ApiKey>>("api-keys", cancellation).ConfigureAwait(false)).Items;

    /// <summary>Makes a key; it is shown this once.</summary>
    public Task<ApiKeyCredentials> CreateAsync(NewApiKey key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _api.ReadAsync<ApiKeyCredentials>(HttpMethod.Post, "api-keys", key, isRepeatable: false, cancellation);
    }

    /// <summary>Revokes a key.</summary>
    public Task RevokeAsync(Guid id, CancellationToken cancellation = default) => _api.DoAsync(HttpMethod.Delete, $"api-keys/{id}", null, isRepeatable: true, cancellation);
}

/// <summary>The users, for administrators. Every call throws <see cref="ClinicFlowApiException"/> where the server says no (403 <c>not-allowed</c>) and <see cref="HttpRequestException"/> where it cannot be reached.</summary>
public sealed class UsersClient
{
    private readonly ApiConnection _api;

    internal UsersClient(ApiConnection api) => _api = api;

    /// <summary>Lists the users by name.</summary>
    public async Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellation = default) => (await _api.GetAsync<Page<User>>("users", cancellation).ConfigureAwait(false)).Items;

    /// <summary>Makes a user; a password that was made is shown this once.</summary>
    public Task<UserCredentials> CreateAsync(NewUser user, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        return _api.ReadAsync<UserCredentials>(HttpMethod.Post, "users", user, isRepeatable: false, cancellation);
    }

    /// <summary>Changes a user.</summary>
    public Task<UserCredentials> ChangeAsync(string id, UserChange change, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(change);
        return _api.ReadAsync<UserCredentials>(HttpMethod.Patch, $"users/{Uri.EscapeDataString(id)}", change, isRepeatable: false, cancellation);
    }

    /// <summary>Deletes a user.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return _api.DoAsync(HttpMethod.Delete, $"users/{Uri.EscapeDataString(id)}", null, isRepeatable: true, cancellation);
    }
}
