using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ClinicFlow.Server.Web.Calls;

/// <summary>Where the server itself can be called from this machine.</summary>
internal sealed class OwnAddress(IServer server)
{
    /// <summary>The address: the first without TLS, or else the first. One that listens on all addresses is called on loopback.</summary>
    public Uri Find()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var found = addresses.Select(BindingAddress.Parse).Where(address => !address.IsUnixPipe && !address.IsNamedPipe).OrderBy(address => address.Scheme == Uri.UriSchemeHttps).FirstOrDefault()
            ?? throw new InvalidOperationException("The server listens on no TCP port, which its pages need: give it one with --urls.");
        var host = found.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : found.Host;
        return new UriBuilder(found.Scheme, host, found.Port).Uri;
    }
}
