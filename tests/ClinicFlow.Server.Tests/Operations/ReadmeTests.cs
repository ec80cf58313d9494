using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using ClinicFlow.Server.Tests.Servers;
using Xunit;

namespace ClinicFlow.Server.Tests.Operations;

/// <summary>The way through the server that README.md shows, gone with its very lines.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task The_way_that_the_readme_shows_with_curl_leads_to_documents()
    {
        var section = Section().Match(await File.ReadAllTextAsync(Checkout.PathOf("README.md"), TestContext.Current.CancellationToken));
        Assert.True(section.Success, "README.md has no section \"As a server\".");
        var script = string.Join('\n', Script().Matches(section.Value).Select(match => match.Groups[1].Value));
        await using var server = await TestServer.StartAsync();
        script = Replace(script, "URL", new Uri(server.Address, "/api/v1").ToString());
        script = Replace(script, "FIRST", TestServer.AdministratorPassword);
        script = Replace(script, "PASSWORD", "seven wet herons");

        var folder = Directory.CreateTempSubdirectory("clinicflow-readme-");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "samples", "consent-forms"));
            foreach (var name in new[] { "consent-form.docx", "patients.csv" })
            {
                File.Copy(Checkout.PathOf("samples", "consent-forms", name), Path.Combine(folder.FullName, "samples", "consent-forms", name));
            }

            var (code, output, errors) = await RunAsync(folder.FullName, "set -euo pipefail\nunset http_proxy HTTP_PROXY\n" + script);

            Assert.True(code == 0, errors);
            Assert.Contains("event: progress", output, StringComparison.Ordinal);
            Assert.Contains("\"status\":\"completed\"", output, StringComparison.Ordinal);
            await using var zip = await ZipFile.OpenReadAsync(Path.Combine(folder.FullName, "consent-forms.zip"), TestContext.Current.CancellationToken);
            Assert.Equal(100, zip.Entries.Count(entry => entry.Name.EndsWith(".docx", StringComparison.Ordinal)));
            Assert.Contains(zip.Entries, entry => entry.Name == "manifest.json");
            Assert.False(File.Exists(Path.Combine(folder.FullName, "cookies")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Replace(string script, string name, string value)
    {
        var line = new Regex($"^{name}=.*$", RegexOptions.Multiline);
        Assert.Single(line.Matches(script));
        return line.Replace(script, $"{name}='{value}'");
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string folder, string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (bash.ExitCode, await output, await errors);
    }

    [GeneratedRegex("^## As a server$.*?(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex("^```bash\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Script();
}
