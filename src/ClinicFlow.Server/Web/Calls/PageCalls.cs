using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using ClinicFlow.Server.Accounts;

namespace ClinicFlow.Server.Web.Calls;

/// <summary>
/// A page's calls of the API: they come over loopback from the server itself, with the reader's cookie, and count as
/// coming from where the reader's browser is. The header that says so holds a secret that only this process knows.
/// </summary>
internal sealed class PageCalls
{
    /// <summary>The header.</summary>
    public const string Header = "X-ClinicFlow-Page";

    /// <summary>The claim that carries the cookies of a live connection's handshake into its circuit.</summary>
    private const string CookiesClaim = "clinicflow:page-cookies";

    /// <summary>The claim that carries what the calls are marked with.</summary>
    private const string MarkClaim = "clinicflow:page-mark";

    private readonly byte[] _secret = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64));

    /// <summary>Lets a call from a page count as one of the reader's browser: address, scheme and host.</summary>
    public Task Recognize(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers.TryGetValue(Header, out var values))
        {
            http.Request.Headers.Remove(Header);
            if (values.ToString().Split(' ') is [var secret, var address, var scheme, var host]
                && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(secret), _secret) && IPAddress.TryParse(address, out var from))
            {
                http.Connection.RemoteIpAddress = from;
                http.Request.Scheme = scheme;
                http.Request.Host = new HostString(host);
            }
        }

        return next(http);
    }

    /// <summary>Gives the circuit that a live connection begins what its calls need. Nobody but the circuit sees these claims.</summary>
    public Task Hand(HttpContext http, RequestDelegate next)
    {
        if (SignInClaims.IsInPerson(http.User) && http.Request.Path.StartsWithSegments("/_blazor"))
        {
            var cookies = http.Request.Cookies.Where(cookie => cookie.Key.StartsWith("clinicflow", StringComparison.Ordinal)).Select(cookie => $"{cookie.Key}={cookie.Value}");
            var mark = string.Create(CultureInfo.InvariantCulture, $"{Encoding.ASCII.GetString(_secret)} {http.Connection.RemoteIpAddress ?? IPAddress.Loopback} {http.Request.Scheme} {http.Request.Host.Value}");
            http.User.AddIdentity(new ClaimsIdentity([new Claim(CookiesClaim, string.Join("; ", cookies)), new Claim(MarkClaim, mark)]));
        }

        return next(http);
    }

    /// <summary>What a circuit's calls carry.</summary>
    /// <param name="reader">The user of the circuit.</param>
    public static (string Cookies, string Mark) Of(ClaimsPrincipal reader) => (reader.FindFirstValue(CookiesClaim) ?? "", reader.FindFirstValue(MarkClaim) ?? "");
}
