using System.Diagnostics;
using System.Security.Cryptography;

namespace ClinicFlow.Web.Tests.Browser;

/// <summary>Installs npm packages once: into the user's cache, under the hash of what is to be installed.</summary>
internal static class Npm
{
    /// <summary>The folder with <c>node_modules</c> of what a package.json and its package-lock.json name.</summary>
    /// <param name="name">What they are for: the cache's folder begins with it.</param>
    /// <param name="files">The two files.</param>
    public static async Task<string> InstallAsync(string name, string[] files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(await File.ReadAllBytesAsync(file));
        }

        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given ? given : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folder = Path.Combine(cache, "clinicflow-tests", name + "-" + Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
        if (File.Exists(Path.Combine(folder, "installed")))
        {
            return folder;
        }

        // Another run may install at the same time: each in a folder of its own, and the first to finish wins.
        var fresh = folder + "-" + Guid.NewGuid().ToString("N");
        Directory.CreateDirectory(fresh);
        Array.ForEach(files, file => File.Copy(file, Path.Combine(fresh, Path.GetFileName(file))));
        var info = new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]) { WorkingDirectory = fresh, RedirectStandardError = true, RedirectStandardOutput = true };
        using (var npm = Process.Start(info)!)
        {
            var error = npm.StandardError.ReadToEndAsync();
            await npm.StandardOutput.ReadToEndAsync();
            await npm.WaitForExitAsync();
            Assert.True(npm.ExitCode == 0, $"npm could not install what {name} needs: {await error}");
        }

        await File.WriteAllTextAsync(Path.Combine(fresh, "installed"), "");
        try
        {
            Directory.Move(fresh, folder);
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, "installed")))
        {
            Directory.Delete(fresh, recursive: true);
        }

        return folder;
    }
}
