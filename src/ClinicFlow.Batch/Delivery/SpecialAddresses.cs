using System.Net;
using System.Net.Sockets;

namespace ClinicFlow.Batch.Delivery;

/// <summary>
/// Which addresses do not lead to the public internet: this machine, the clinic's network, a cloud's metadata service,
/// tunnels that end in one of these, and all that is reserved.
/// </summary>
/// <remarks>
/// Source: IANA's registries of special-purpose IPv4 and IPv6 addresses (RFC 6890 and its successors). Of IPv6 only
/// 2000::/3 has been given out (RFC 4291 §2.4), so all outside it is special: ::1, mapped IPv4, NAT64, link-local, unique
/// local, multicast.
/// </remarks>
internal static class SpecialAddresses
{
    private static readonly IPNetwork[] Ipv4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this network
        IPNetwork.Parse("10.0.0.0/8"), // private
        IPNetwork.Parse("100.64.0.0/10"), // carrier-grade NAT
        IPNetwork.Parse("127.0.0.0/8"), // loopback
        IPNetwork.Parse("169.254.0.0/16"), // link-local, metadata of clouds
        IPNetwork.Parse("172.16.0.0/12"), // private
        IPNetwork.Parse("192.0.0.0/24"), // protocol assignments
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays, abandoned
        IPNetwork.Parse("192.168.0.0/16"), // private
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, broadcast
    ];

    private static readonly IPNetwork PublicIpv6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Ipv6 =
    [
        IPNetwork.Parse("2001::/23"), // protocol assignments, Teredo, benchmarks, ORCHID
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4: carries any IPv4 address
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    /// <summary>Whether an address is none of the public internet.</summary>
    public static bool IsSpecial(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => Ipv4.Any(network => network.Contains(address)),
        AddressFamily.InterNetworkV6 => address.IsIPv4MappedToIPv6 || !PublicIpv6.Contains(address) || Ipv6.Any(network => network.Contains(address)),
        _ => true,
    };

    /// <summary>Whether a URL says already by itself that it leads there. Names are looked up only when connecting.</summary>
    public static bool IsSpecialHost(Uri url)
    {
        var host = url.IdnHost.TrimEnd('.');
        return IPAddress.TryParse(host, out var address)
            ? IsSpecial(address)
            : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }
}
