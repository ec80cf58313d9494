using System.Diagnostics;

namespace ClinicFlow.Web.Tests.Browser;

/// <summary>Somebody else's web site, with the sample of <c>samples/embed</c>: a copy in a folder of its own, served by the sample's own server on another port of loopback.</summary>
internal sealed class EmbedSite : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private EmbedSite(DirectoryInfo folder, Process process, Uri address) => (_folder, _process, Address) = (folder, process, address);

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>What the server has to name, so that pages of this site may call it.</summary>
    public string Origin => Address.GetLeftPart(UriPartial.Authority);

    /// <summary>A started site.</summary>
    /// <param name="withReact">Whether the React page is built, with what npm has to fetch for it.</param>
    public static async Task<EmbedSite> StartAsync(bool withReact = false)
    {
        var folder = Directory.CreateTempSubdirectory("clinicflow-embed-");
        var sample = folder.CreateSubdirectory("samples/embed");
        var component = folder.CreateSubdirectory("src/ClinicFlow.Components/wwwroot");
        foreach (var file in Directory.GetFiles(Checkout.PathOf("samples", "embed")))
        {
            File.Copy(file, Path.Combine(sample.FullName, Path.GetFileName(file)));
        }

        File.Copy(Checkout.PathOf("src", "ClinicFlow.Components", "wwwroot", "clinicflow-components.js"), Path.Combine(component.FullName, "clinicflow-components.js"));
        if (withReact)
        {
            var packages = await Npm.InstallAsync("embed", [Path.Combine(sample.FullName, "package.json"), Path.Combine(sample.FullName, "package-lock.json")]);
            Directory.CreateSymbolicLink(Path.Combine(sample.FullName, "node_modules"), Path.Combine(packages, "node_modules"));
            using var build = Start(sample.FullName, "npm", "run", "build");
            var said = await build.StandardOutput.ReadToEndAsync() + await build.StandardError.ReadToEndAsync();
            await build.WaitForExitAsync();
            Assert.True(build.ExitCode == 0, said);
        }

        var process = Start(sample.FullName, "node", "serve.mjs", "0");
        var line = await process.StandardOutput.ReadLineAsync();
        return line is { Length: > 0 } ? new EmbedSite(folder, process, new Uri(line.Split(' ')[0])) : throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Process Start(string folder, string program, params string[] arguments)
        => Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
}
