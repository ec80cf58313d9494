using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClinicFlow.Server.Tests.Servers;

/// <summary>
/// A base image for containers, made of this machine's own .NET and the libraries that it runs on, and a registry on loopback
/// that has it and nothing else (OCI distribution, pulls only). As Microsoft's images have it: the user <c>app</c>, 1654, with a home.
/// </summary>
internal sealed class BaseImage : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly string[] Variables = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"];
    private static readonly string[] RuntimeFolders = ["host", "shared"];
    private static readonly string[] Loaders = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"];

    private readonly WebApplication _registry;

    private BaseImage(WebApplication registry) => _registry = registry;

    /// <summary>What a build names it by.</summary>
    public string Name => $"localhost:{new Uri(_registry.Urls.First()).Port}/base:1";

    /// <summary>Makes it, in a folder, and starts the registry.</summary>
    public static async Task<BaseImage> StartAsync(string folder, CancellationToken cancellation)
    {
        var layer = Path.Combine(folder, "layer.tar.gz");
        var diff = await WriteLayerAsync(layer, cancellation);
        var config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
            os = "linux",
            config = new { Env = Variables },
            rootfs = new { type = "layers", diff_ids = new[] { diff } },
            history = new[] { new { created = DateTimeOffset.UnixEpoch, created_by = "tests" } },
        });
        await using var file = File.OpenRead(layer);
        var layerDigest = "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = new { mediaType = "application/vnd.oci.image.config.v1+json", size = config.Length, digest = DigestOf(config) },
            layers = new[] { new { mediaType = "application/vnd.oci.image.layer.v1.tar+gzip", size = file.Length, digest = layerDigest } },
        });

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var registry = builder.Build();
        registry.MapGet("/v2/", () => "{}");
        registry.MapGet("/v2/base/manifests/{reference}", (HttpResponse response) =>
        {
            response.Headers["Docker-Content-Digest"] = DigestOf(manifest);
            return Results.Bytes(manifest, ManifestType);
        });
        registry.MapGet("/v2/base/blobs/{digest}", (string digest) => digest == layerDigest ? Results.File(layer) : digest == DigestOf(config) ? Results.Bytes(config) : Results.NotFound());
        await registry.StartAsync(cancellation);
        return new BaseImage(registry);
    }

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    private static string DigestOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Writes the only layer.</summary>
    /// <returns>The digest of what it is without compression.</returns>
    private static async Task<string> WriteLayerAsync(string path, CancellationToken cancellation)
    {
        using var hash = SHA256.Create();
        await using (var file = File.Create(path))
        await using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
        await using (var hashed = new CryptoStream(gzip, hash, CryptoStreamMode.Write))
        await using (var tar = new TarWriter(hashed, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, more, user) in new[] { ("tmp", UnixFileMode.StickyBit | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite, 0), ("proc", UnixFileMode.None, 0), ("dev", UnixFileMode.None, 0), ("home", UnixFileMode.None, 0), ("home/app", UnixFileMode.None, 1654) })
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, name) { Mode = ForAll | more, Uid = user, Gid = user }, cancellation);
            }

            foreach (var (name, target) in new[] { ("lib", "usr/lib"), ("lib64", "usr/lib64"), ("usr/bin/dotnet", "../share/dotnet/dotnet") })
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target }, cancellation);
            }

            foreach (var (name, source) in DotnetFiles().Concat(Libraries()).DistinctBy(pair => pair.Name))
            {
                await using var content = File.OpenRead(source);
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = ForAll }, cancellation);
            }
        }

        return "sha256:" + Convert.ToHexStringLower(hash.Hash!);
    }

    /// <summary>The runtime that runs this test.</summary>
    private static IEnumerable<(string Name, string Source)> DotnetFiles()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        return new[] { Path.Combine(root, "dotnet") }.Concat(RuntimeFolders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories)))
            .Select(file => ("usr/share/dotnet/" + Path.GetRelativePath(root, file), file));
    }

    /// <summary>The libraries of the system that this process has loaded, under each of their names, and what loads them.</summary>
    private static IEnumerable<(string Name, string Source)> Libraries()
    {
        var loaded = File.ReadLines("/proc/self/maps").Select(line => line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries)).Where(parts => parts.Length == 6).Select(parts => parts[5]);
        foreach (var library in loaded.Distinct().Where(path => path.Contains(".so", StringComparison.Ordinal) && (path.StartsWith("/usr/lib/", StringComparison.Ordinal) || path.StartsWith("/lib", StringComparison.Ordinal)) && !path.Contains("/dotnet/", StringComparison.Ordinal)))
        {
            var name = Path.GetFileName(library);
            foreach (var alias in Directory.EnumerateFiles(Path.GetDirectoryName(library)!, name[..name.IndexOf(".so", StringComparison.Ordinal)] + ".so*"))
            {
                if ((new FileInfo(alias).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? alias) == library)
                {
                    yield return (InUsr(alias), library);
                }
            }
        }

        foreach (var loader in Loaders.Where(File.Exists))
        {
            yield return (InUsr(loader), loader);
        }
    }

    private static string InUsr(string path) => path.StartsWith("/usr/", StringComparison.Ordinal) ? path[1..] : "usr" + path;
}
