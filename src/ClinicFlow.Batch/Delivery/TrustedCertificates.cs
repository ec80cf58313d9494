using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClinicFlow.Batch.Delivery;

/// <summary>
/// Whom encrypted connections are believed: the system's authorities, and those of the clinic's own file. Names and
/// dates count for both; nothing switches the check off.
/// </summary>
internal sealed class TrustedCertificates
{
    private readonly X509Certificate2Collection _own;

    private TrustedCertificates(X509Certificate2Collection own) => _own = own;

    /// <summary>Reads the clinic's authorities; null where the file cannot be read or has none.</summary>
    public static TrustedCertificates? TryRead(string path)
    {
        try
        {
            var own = new X509Certificate2Collection();
            own.ImportFromPemFile(path);
            return own.Count > 0 ? new TrustedCertificates(own) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The check that a TLS connection asks. The system's verdict comes with the call.</summary>
    public bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        // Only an unknown authority can be made up for: a wrong name or no certificate at all stays wrong.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 presented)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_own);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        if (chain is not null)
        {
            foreach (var element in chain.ChainElements)
            {
                own.ChainPolicy.ExtraStore.Add(element.Certificate);
            }
        }

        return own.Build(presented);
    }
}
