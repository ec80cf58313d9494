using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using MimeKit;
using Xunit;

namespace ClinicFlow.Batch.Tests.Delivery;

/// <summary>
/// A real mail server, Debian's python3-aiosmtpd, on three loopback ports: plain, STARTTLS with login, TLS with login. It
/// ends with this process at the latest, for it ends when its standard input does. A recipient called after a number, such
/// as <c>550@clinic.example</c>, is answered with that number.
/// </summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    public const string User = "documents";
    public const string Password = "s3cret & lang";

    private const string Script = """
        import asyncio, base64, json, logging, ssl, sys
        from aiosmtpd.smtp import SMTP, AuthResult

        logging.disable(logging.CRITICAL)

        plain_port, certificate, key, user, password = sys.argv[1:6]

        def say(value):
            print(json.dumps(value), flush=True)

        class Handler:
            async def handle_RCPT(self, server, session, envelope, address, options):
                local = address.split("@")[0]
                if local.isdigit():
                    return local + " No, not " + address
                envelope.rcpt_tos.append(address)
                return "250 OK"

            async def handle_DATA(self, server, session, envelope):
                say({
                    "From": envelope.mail_from, "To": envelope.rcpt_tos, "IsLoggedIn": bool(session.authenticated),
                    "IsEncrypted": session.ssl is not None or getattr(server, "implicit", False),
                    "Data": base64.b64encode(envelope.content).decode()})
                return "250 Taken"

        def check(server, session, envelope, mechanism, data):
            right = mechanism in ("LOGIN", "PLAIN") and data.login.decode() == user and data.password.decode() == password
            return AuthResult(success=right, handled=False)

        async def main():
            loop = asyncio.get_running_loop()
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)

            def plain():
                return SMTP(Handler(), hostname="localhost", enable_SMTPUTF8=True, loop=loop)

            def starttls():
                return SMTP(Handler(), hostname="localhost", tls_context=context, require_starttls=True, auth_required=True, authenticator=check, loop=loop)

            def tls():
                server = SMTP(Handler(), hostname="localhost", auth_required=True, auth_require_tls=False, authenticator=check, loop=loop)
                server.implicit = True
                return server

            servers = [
                await loop.create_server(plain, "127.0.0.1", int(plain_port)),
                await loop.create_server(starttls, "127.0.0.1", 0),
                await loop.create_server(tls, "127.0.0.1", 0, ssl=context)]
            say([server.sockets[0].getsockname()[1] for server in servers])
            await loop.run_in_executor(None, sys.stdin.read)

        asyncio.run(main())
        """;

    private readonly Process _process;
    private readonly Channel<ReceivedEmail> _received = Channel.CreateUnbounded<ReceivedEmail>();
    private readonly Task _reading;
    private bool _isOver;

    private SmtpServer(Process process, int[] ports)
    {
        _process = process;
        (PlainPort, StartTlsPort, TlsPort) = (ports[0], ports[1], ports[2]);
        _reading = ReadAsync();
    }

    public int PlainPort { get; }

    public int StartTlsPort { get; }

    public int TlsPort { get; }

    /// <summary>Starts a server, with its plain port where it is told.</summary>
    public static async Task<SmtpServer> StartAsync(TestCertificate certificate, int plainPort = 0)
    {
        // Debian's packages are for Debian's own Python, whichever comes first in the path.
        var start = new ProcessStartInfo(File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        string[] arguments = ["-W", "ignore", "-c", Script, $"{plainPort}", certificate.CertificatePath, certificate.KeyPath, User, Password];
        Array.ForEach(arguments, start.ArgumentList.Add);

        var process = Process.Start(start)!;
        var ports = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException("The mail server did not start. Is python3-aiosmtpd installed?");
        return new SmtpServer(process, JsonSerializer.Deserialize<int[]>(ports)!);
    }

    /// <summary>A port at which nobody listens.</summary>
    public static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The next e-mail that came in.</summary>
    public async Task<ReceivedEmail> NextAsync() => await _received.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Ends the server and returns what came in and was not read.</summary>
    public async Task<IReadOnlyList<ReceivedEmail>> StopAsync()
    {
        await DisposeAsync();
        return await _received.Reader.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _process.StandardInput.Close();
        await _reading;
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _received.Writer.TryWrite(JsonSerializer.Deserialize<ReceivedEmail>(line)!);
        }

        _received.Writer.Complete();
    }
}

/// <summary>An e-mail as the server got it.</summary>
internal sealed record ReceivedEmail(string From, string[] To, bool IsLoggedIn, bool IsEncrypted, byte[] Data)
{
    public MimeMessage Read() => MimeMessage.Load(new MemoryStream(Data));
}
