using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Clients;
using Xunit;

namespace ClinicFlow.Server.Tests.Operations;

/// <summary>The server as a process of its own, told to stop while it works.</summary>
public sealed class DrainTests : IDisposable
{
    private const string Password = "first-Administrator-1";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clinicflow-drain-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task A_server_that_is_told_to_stop_or_is_killed_loses_nothing_and_makes_nothing_twice(string signal)
    {
        const int Letters = 20_000, Prints = 12;
        string key;
        Guid letters, prints;
        using (var first = await StartAsync())
        {
            await using var administrator = new ClinicFlowClient(first.Address);
            await administrator.Session.SignInAsync(new SignIn("admin", Password), Cancellation);
            key = (await administrator.ApiKeys.CreateAsync(new NewApiKey("tests", Scopes.All), Cancellation)).Key;
            await using var client = new ClinicFlowClient(first.Address, key);
            var template = await client.Templates.AddAsync(new MemoryStream(ClientClinic.Docx("Dear {{name}}")), "letter.docx", "Letter", publish: true, cancellation: Cancellation);
            prints = (await client.Jobs.CreateAsync(Order(template.Id, Prints, OutputFormat.Pdf), cancellation: Cancellation)).Id;
            letters = (await client.Jobs.CreateAsync(Order(template.Id, Letters, OutputFormat.Docx), cancellation: Cancellation)).Id;
            Job now;
            while ((now = await client.Jobs.GetAsync(letters, Cancellation)).Progress.Succeeded == 0)
            {
                Assert.True(now.Status is JobStatus.Queued or JobStatus.Processing, now.Status.ToString());
                await Task.Delay(10, Cancellation);
            }

            Assert.Equal(JobStatus.Processing, now.Status);
            await first.SignalAsync(signal);

            // The promise of ten seconds is the bench's to measure; here it is that the process ends by itself.
            Assert.True(first.Process.WaitForExit(TimeSpan.FromSeconds(20)), "The server did not end by itself within 20 seconds.");
            if (signal == "TERM")
            {
                Assert.True(first.Process.ExitCode == 0, first.Errors);
            }
        }

        using var second = await StartAsync();
        await using var again = new ClinicFlowClient(second.Address, key);
        foreach (var (id, count, ending) in new[] { (letters, Letters, ".docx"), (prints, Prints, ".pdf") })
        {
            JobProgress? last = null;
            await foreach (var step in again.Jobs.WatchAsync(id, Cancellation))
            {
                last = step;
            }

            Assert.Equal((JobStatus.Completed, count, 0), (last!.Status, last.Succeeded, last.Failed));
            await using var download = await again.Jobs.OpenArchiveAsync(id, cancellation: Cancellation);
            using var whole = new MemoryStream();
            await download.Content.CopyToAsync(whole, Cancellation);
            await using var zip = new ZipArchive(whole, ZipArchiveMode.Read);
            var names = zip.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith(ending, StringComparison.Ordinal)).ToArray();
            Assert.Equal(count, names.Distinct().Count());
            Assert.Equal(count, names.Length);
            if (ending == ".docx")
            {
                Assert.Equal("Dear Person 4711", Hostile.BadFiles.TextOf(await ReadAsync(zip.GetEntry("Letter 4711.docx")!)));
            }
        }

        await second.SignalAsync("TERM");
        Assert.True(second.Process.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, second.Process.ExitCode);
    }

    private static NewJob Order(Guid templateId, int count, OutputFormat format) => new()
    {
        Name = "Drain",
        TemplateId = templateId,
        Settings = new JobSettings { OutputFormat = format, MaxConcurrentProcessing = 2 },
        Requests = [.. Enumerable.Range(1, count).Select(i => new DocumentRequest { DocumentName = string.Create(CultureInfo.InvariantCulture, $"Letter {i}"), MergeData = new JsonObject { ["name"] = string.Create(CultureInfo.InvariantCulture, $"Person {i}") } })],
    };

    private static async Task<byte[]> ReadAsync(ZipArchiveEntry entry)
    {
        await using var content = await entry.OpenAsync(Cancellation);
        using var whole = new MemoryStream();
        await content.CopyToAsync(whole, Cancellation);
        return whole.ToArray();
    }

    private async Task<ServerProcess> StartAsync()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}");
        free.Stop();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "clinicflow-server.dll"), "--urls", address.ToString(), "--BatchProcessing:DataFolder", Path.Combine(_folder.FullName, "data"), "--BatchProcessing:LeaseDuration", "00:00:05", "--Server:RequestsPerMinute", "1000000"])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Server__FirstAdministratorPassword"] = Password;
        var server = new ServerProcess(Process.Start(start)!, address);
        using var http = new HttpClient { BaseAddress = address };
        while (true)
        {
            Assert.False(server.Process.HasExited, server.Errors);
            try
            {
                using var ready = await http.GetAsync("/health/ready", Cancellation);
                if (ready.IsSuccessStatusCode)
                {
                    return server;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50, Cancellation);
        }
    }

    private sealed class ServerProcess : IDisposable
    {
        private readonly StringBuilder _output = new();

        public ServerProcess(Process process, Uri address)
        {
            (Process, Address) = (process, address);
            process.OutputDataReceived += Keep;
            process.ErrorDataReceived += Keep;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public Process Process { get; }

        public Uri Address { get; }

        public string Errors
        {
            get
            {
                lock (_output)
                {
                    return _output.ToString();
                }
            }
        }

        public async Task SignalAsync(string name)
        {
            using var kill = Process.Start("kill", [$"-{name}", Process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(Cancellation);
        }

        public void Dispose()
        {
            if (!Process.HasExited)
            {
                Process.Kill(entireProcessTree: true);
            }

            Process.Dispose();
        }

        private void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (_output)
            {
                _output.AppendLine(line.Data);
            }
        }
    }
}
