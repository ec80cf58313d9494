using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClinicFlow.Batch.Delivery;

/// <summary>
/// The signature of a webhook after the Standard Webhooks convention 1.0.0: HMAC-SHA256 over id, time and body with full
/// stops between them, one <c>v1,…</c> for each secret.
/// </summary>
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";

    /// <summary>The keys that stand in a setting, with spaces between them; null where one is not a secret of 24 to 64 bytes, or none stands there.</summary>
    public static IReadOnlyList<byte[]>? ReadSecrets(string? setting)
    {
        var keys = new List<byte[]>();
        foreach (var secret in (setting ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var key = new byte[64];
            if (!secret.StartsWith(Prefix, StringComparison.Ordinal)
                || !Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length)
                || length < 24)
            {
                return null;
            }

            keys.Add(key[..length]);
        }

        return keys.Count > 0 ? keys : null;
    }

    /// <summary>The value of the header <c>webhook-signature</c>.</summary>
    public static string Sign(IEnumerable<byte[]> keys, string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}."));
        byte[] content = [.. head, .. body];
        return string.Join(' ', keys.Select(key => "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, content))));
    }
}
