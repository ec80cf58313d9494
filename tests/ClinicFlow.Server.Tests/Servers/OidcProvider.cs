using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClinicFlow.Server.Tests.Servers;
using Xunit;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(OidcProviders))]

// What is tested waits for other processes, for limits and for drives: two classes work while a third waits.
[assembly: Parallelization(MaxThreads = 3)]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace ClinicFlow.Server.Tests.Servers;

/// <summary>Installs the provider once: into the user's cache, under the hash of what is to be installed.</summary>
public sealed class OidcProviders
{
    private readonly Lazy<Task<string>> _folder = new(() => Task.Run(InstallAsync));

    /// <param name="cancellation">Gives up.</param>
    /// <param name="clients">The ids of clients beyond those that there always are.</param>
    public async Task<OidcProvider> StartAsync(CancellationToken cancellation, params string[] clients) => await OidcProvider.StartAsync(await _folder.Value, clients, cancellation);

    private static async Task<string> InstallAsync()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Servers", "oidc");
        var files = Directory.GetFiles(source);
        Array.Sort(files, StringComparer.Ordinal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(await File.ReadAllBytesAsync(file));
        }

        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given ? given : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folder = Path.Combine(cache, "clinicflow-tests", "oidc-" + Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
        Directory.CreateDirectory(folder);

        // Another run of the tests may install at the same time.
        await using var alone = await TakeAsync(Path.Combine(folder, "lock"));
        var done = Path.Combine(folder, "installed");
        if (!File.Exists(done))
        {
            Array.ForEach(files, file => File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true));
            var info = new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
            using var npm = Process.Start(info)!;
            var error = npm.StandardError.ReadToEndAsync();
            await npm.StandardOutput.ReadToEndAsync();
            await npm.WaitForExitAsync();
            Assert.True(npm.ExitCode == 0, $"npm could not install the OpenID provider: {await error}");
            await File.WriteAllTextAsync(done, "");
        }

        return folder;
    }

    private static async Task<FileStream> TakeAsync(string path)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < 3_000)
            {
                await Task.Delay(100);
            }
        }
    }
}

/// <summary>A real OpenID provider (npm oidc-provider) on loopback. It ends with this process at the latest, for it ends when its standard input does.</summary>
public sealed class OidcProvider : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private OidcProvider(Process process, string issuer) => (_process, Issuer) = (process, issuer);

    public string Issuer { get; }

    public static async Task<OidcProvider> StartAsync(string folder, string[] clients, CancellationToken cancellation)
    {
        var info = new ProcessStartInfo("node", ["provider.mjs", .. clients]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(info)!;
        var error = new StringBuilder();
        process.ErrorDataReceived += (_, line) => error.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var issuer = await process.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException($"The OpenID provider did not start: {error}");
        return new OidcProvider(process, issuer);
    }

    /// <summary>A token as the provider gives it to one of its clients.</summary>
    public async Task<string> TokenAsync(string client, string audience, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Issuer + "/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["resource"] = audience }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(client + ":secret")));
        using var answer = await _http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        Assert.True(answer.IsSuccessStatusCode, text);
        return (string)JsonNode.Parse(text)!["access_token"]!;
    }

    /// <summary>The key that signs the tokens, as everybody may see it.</summary>
    public async Task<JsonObject> KeyAsync(CancellationToken cancellation)
    {
        var keys = JsonNode.Parse(await _http.GetStringAsync(new Uri(Issuer + "/jwks"), cancellation))!["keys"]!.AsArray();
        return keys.Single(key => (string?)key!["kty"] == "RSA")!.AsObject();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
