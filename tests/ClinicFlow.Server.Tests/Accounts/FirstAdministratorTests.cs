using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Cli.Tests;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.Data.Sqlite;
using Xunit;

namespace ClinicFlow.Server.Tests.Accounts;

/// <summary>The first start of a server, as a process.</summary>
public sealed partial class FirstAdministratorTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_start_prints_a_one_time_password_once_and_keeps_it_nowhere()
    {
        var folder = Directory.CreateTempSubdirectory("clinicflow-first-").FullName;
        try
        {
            var first = await ServeAsync(folder, _ => Task.CompletedTask);
            var password = Assert.Single(Password().Matches(first.Output)).Groups[1].Value;
            Assert.Single(Regex.Matches(first.Output + first.Errors, Regex.Escape(password)));
            Assert.DoesNotContain(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories), file => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(password)) >= 0);

            var second = await ServeAsync(folder, async client =>
            {
                var session = await client.Session.SignInAsync(new SignIn("admin", password), Cancellation);
                Assert.Equal((Role.Administrator, true), (session.Role, session.MustChangePassword));
                var early = await Assert.ThrowsAsync<ClinicFlowApiException>(() => client.Users.ListAsync(Cancellation));
                Assert.Equal((HttpStatusCode.Forbidden, "password-change-required"), (early.Status, early.Code));
                Assert.False((await client.Session.ChangePasswordAsync(new PasswordChange(password, "four grey geese fly"), Cancellation)).MustChangePassword);
                Assert.Equal("admin", Assert.Single(await client.Users.ListAsync(Cancellation)).UserName);
            });
            Assert.DoesNotContain("password", second.Output, StringComparison.OrdinalIgnoreCase);

            var third = await ServeAsync(folder, async client =>
            {
                var over = await Assert.ThrowsAsync<ClinicFlowApiException>(() => client.Session.SignInAsync(new SignIn("admin", password), Cancellation));
                Assert.Equal((HttpStatusCode.Unauthorized, "sign-in-failed"), (over.Status, over.Code));
                Assert.False((await client.Session.SignInAsync(new SignIn("admin", "four grey geese fly"), Cancellation)).MustChangePassword);
            });
            Assert.DoesNotContain("password", third.Output, StringComparison.OrdinalIgnoreCase);
            Assert.InRange(await PasswordRoundsAsync(Path.Combine(folder, "kept", "accounts.db")), 100_000, int.MaxValue);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Hosts_that_start_together_make_one_administrator()
    {
        var database = await postgres.NewDatabaseAsync();
        (string, string)[] settings = [("BatchProcessing:EncryptionKey", Convert.ToBase64String(new byte[32]))];

        var servers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TestServer.StartAsync(database, settings)));

        foreach (var server in servers)
        {
            using var administrator = await Visitor.AdministratorAsync(server);
            Assert.Equal("admin", Assert.Single((await administrator.GetAsync<Page<User>>("users")).Items).UserName);
        }

        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>How often the kept password was hashed: it stands in ASP.NET Core Identity's form, after the version and the kind of hash.</summary>
    private static async Task<int> PasswordRoundsAsync(string database)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "select PasswordHash from users";
        var hash = Convert.FromBase64String((string)(await command.ExecuteScalarAsync(Cancellation))!);
        Assert.Equal(1, hash[0]);
        return BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5));
    }

    private static async Task<CliResult> ServeAsync(string folder, Func<ClinicFlowClient, Task> use)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        using var server = Cli.Tests.Cli.Start(folder, "serve", "--urls", address.ToString(), "--data", "kept");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        while (!await IsReadyAsync(http, address))
        {
            Assert.False(server.HasEnded);
            await Task.Delay(50, Cancellation);
        }

        await using (var client = new ClinicFlowClient(address))
        {
            await use(client);
        }

        server.Signal("TERM");
        var result = await server.EndAsync();
        Assert.Equal(0, result.ExitCode);
        return result;
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, Uri address)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "/health/ready"), Cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"user name  admin\s+password   (\S{20})\s")]
    private static partial Regex Password();
}
