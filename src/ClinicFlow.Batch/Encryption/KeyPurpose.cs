using System.Security.Cryptography;
using System.Text;

namespace ClinicFlow.Batch.Encryption;

/// <summary>
/// Derives one AES-256 key for each purpose from a key of the ring, so that no two kinds of data share a key and its
/// budget of random nonces (NIST SP 800-38D §8.3: 2^32). Source: RFC 5869.
/// </summary>
internal static class KeyPurpose
{
    public const int KeyBytes = 32;
    public const int NonceBytes = 12;
    public const int TagBytes = 16;
    public const int MaxKeyIdBytes = 64;

    public static AesGcm Derive(IKeyRing keys, string keyId, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> purpose)
    {
        var master = keys.Find(keyId).Span;
        if (master.Length != KeyBytes)
        {
            throw new ArgumentException($"An encryption key has {master.Length} bytes; it must have {KeyBytes}.", nameof(keys));
        }

        Span<byte> key = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, key, salt, purpose);
        try
        {
            return new AesGcm(key, TagBytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public static byte[] IdBytes(string keyId)
    {
        var bytes = Encoding.UTF8.GetBytes(keyId);
        return bytes.Length is > 0 and <= MaxKeyIdBytes ? bytes : throw new ArgumentException($"The id of an encryption key must have 1 to {MaxKeyIdBytes} bytes.", nameof(keyId));
    }
}
