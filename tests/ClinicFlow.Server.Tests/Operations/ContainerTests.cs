using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Servers;
using Xunit;

namespace ClinicFlow.Server.Tests.Operations;

/// <summary>The container image as docs/operations.md makes it, by the SDK, into a file; and the server run from the files in it.</summary>
public sealed partial class ContainerTests : IDisposable
{
    private const string User = "1654";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clinicflow-image-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_image_holds_the_program_and_no_more_and_runs_it_as_a_user_with_few_rights()
    {
        await PublishAsync();
        var (config, layers) = await OpenAsync();

        // What it says of itself.
        var settings = config["config"]!;
        Assert.Equal($"{User}:{User}", (string?)settings["User"]);
        Assert.Equal(["8080/tcp"], settings["ExposedPorts"]!.AsObject().Select(port => port.Key));
        Assert.Equal(["dotnet", "/app/clinicflow-server.dll"], Texts(settings["Entrypoint"]));
        Assert.Null(settings["Cmd"]);
        Assert.Equal("/app", ((string)settings["WorkingDir"]!).TrimEnd('/'));
        Assert.Equal(["ASPNETCORE_URLS=http://+:8080", "BatchProcessing__DataFolder=/home/app/data"], Texts(settings["Env"]).Where(value => !value.StartsWith("PATH=", StringComparison.Ordinal)));
        var labels = settings["Labels"]!.AsObject();
        Assert.Equal(("ClinicFlow Documents", "MIT"), ((string?)labels["org.opencontainers.image.title"], (string?)labels["org.opencontainers.image.licenses"]));
        Assert.Matches(@"^\d+\.\d+\.\d+", (string)labels["org.opencontainers.image.version"]!);

        // What it adds to the base image: the program, which its own user cannot change, and nothing of the machine that made it.
        Assert.Equal(2, layers.Count);
        var files = new List<string>();
        await foreach (var entry in EntriesOf(layers[1]))
        {
            Assert.StartsWith("app", entry.Name.TrimStart('.', '/'), StringComparison.Ordinal);
            Assert.Equal((entry.Name, 0, 0), (entry.Name, entry.Uid, (int)(entry.Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.SetUser | UnixFileMode.SetGroup))));
            files.Add(entry.Name);
        }

        Assert.Contains("app/clinicflow-server.dll", files);
        Assert.Contains(files, file => file.EndsWith("libe_sqlite3.so", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => NeverInImage().IsMatch(file));

        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can change to the files of the image and to its user.");
        await RunAsync(config, layers);
    }

    [GeneratedRegex(@"(\.(db|pfx|p12|key|pem|dylib|env|user)|/(keys|data|outputs)/.*|appsettings\.\w+\.json|/runtimes/win.*|secrets\.json|audit\.head)$", RegexOptions.IgnoreCase)]
    private static partial Regex NeverInImage();

    /// <summary>Unpacks the image, and starts what it says with the rights that it says.</summary>
    private async Task RunAsync(JsonObject config, IReadOnlyList<string> layers)
    {
        var root = _folder.CreateSubdirectory("root").FullName;
        foreach (var layer in layers)
        {
            await CallAsync("tar", "--extract", "--gzip", "--same-owner", "--file", layer, "--directory", root);
        }

        var settings = config["config"]!;
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        const string Enter = """mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && root=$0 folder=$1 user=$2 && shift 2 && exec unshare --root "$root" --wd "$folder" --setgid "$user" --setuid "$user" -- "$@" """;
        var start = new ProcessStartInfo("unshare", ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", Enter, root, (string)settings["WorkingDir"]!, User, .. Texts(settings["Entrypoint"])]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var pair in Texts(settings["Env"]).Append("HOME=/home/app").Append($"ASPNETCORE_URLS={address}"))
        {
            start.Environment[pair[..pair.IndexOf('=', StringComparison.Ordinal)]] = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            while (!await IsReadyAsync(http))
            {
                Assert.False(process.HasExited, process.HasExited ? await output + await errors : "");
                await Task.Delay(100, Cancellation);
            }

            // A page, and a file that it asks for.
            var page = await http.GetStringAsync("sign-in", Cancellation);
            var script = PageScript().Match(page).Groups[1].Value;
            Assert.NotEqual("", script);
            Assert.NotEmpty(await http.GetByteArrayAsync(script, Cancellation));
            using var wrong = await http.PostAsJsonAsync("api/v1/session", new SignIn("admin", "wrong"), Wire.Json, Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);

            var server = (await File.ReadAllTextAsync($"/proc/{process.Id}/task/{process.Id}/children", Cancellation)).Trim();
            var status = await File.ReadAllLinesAsync($"/proc/{server}/status", Cancellation);
            Assert.Equal(["Uid:", User, User, User, User], status.Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t'));
            Assert.Equal("0000000000000000", status.Single(line => line.StartsWith("CapEff:", StringComparison.Ordinal)).Split('\t')[1]);
            Assert.True(File.Exists(Path.Combine(root, "home/app/data/clinicflow.db")));

            await CallAsync("kill", "-TERM", server);
            await process.WaitForExitAsync(Cancellation);
            Assert.True(process.ExitCode == 0, await output + await errors);
            Assert.Contains("The first administrator was made.", await output, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    [GeneratedRegex("<script[^>]+src=\"([^\"]+)\"")]
    private static partial Regex PageScript();

    private async Task PublishAsync()
    {
        await using var image = await BaseImage.StartAsync(_folder.FullName, Cancellation);
        await CallAsync(
            "dotnet", "publish", Checkout.PathOf("src/ClinicFlow.Server"), "-c", "Release", "--os", "linux", "--arch", RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64", "-t:PublishContainer",
            $"-p:ContainerBaseImage={image.Name}", "-p:ContainerArchiveOutputPath=" + Path.Combine(_folder.FullName, "clinicflow.tar.gz"),
            "-p:ArtifactsPath=" + Path.Combine(_folder.FullName, "artifacts"), "-p:RunAnalyzers=false", "--nologo", "-v", "quiet", "--disable-build-servers", "-nodeReuse:false");
    }

    /// <summary>The image's configuration, and the files of its layers from the first on.</summary>
    private async Task<(JsonObject Config, IReadOnlyList<string> Layers)> OpenAsync()
    {
        var image = _folder.CreateSubdirectory("image").FullName;
        await CallAsync("tar", "--extract", "--file", Path.Combine(_folder.FullName, "clinicflow.tar.gz"), "--directory", image);
        string Blob(JsonNode? descriptor) => Path.Combine(image, "blobs", ((string)descriptor!["digest"]!).Replace(':', '/'));
        async Task<JsonObject> ReadAsync(string path) => JsonNode.Parse(await File.ReadAllTextAsync(path, Cancellation))!.AsObject();
        var index = await ReadAsync(Path.Combine(image, "index.json"));
        Assert.EndsWith("clinicflow:latest", (string)index["manifests"]![0]!["annotations"]!["io.containerd.image.name"]!, StringComparison.Ordinal);
        var manifest = await ReadAsync(Blob(index["manifests"]!.AsArray().Single()));
        return (await ReadAsync(Blob(manifest["config"])), [.. manifest["layers"]!.AsArray().Select(Blob)]);
    }

    private static async IAsyncEnumerable<TarEntry> EntriesOf(string layer)
    {
        await using var file = File.OpenRead(layer);
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        while (await tar.GetNextEntryAsync(cancellationToken: Cancellation) is { } entry)
        {
            yield return entry;
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("health/ready", Cancellation);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task CallAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        var said = await output + await errors;
        Assert.True(process.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"{program} ended with {process.ExitCode}: {said}"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list?.AsArray().Select(text => (string)text!) ?? [];
}
