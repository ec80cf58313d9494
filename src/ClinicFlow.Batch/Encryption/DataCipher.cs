using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ClinicFlow.Batch.Encryption;

/// <summary>
/// Encrypts merge data for the database (AES-256-GCM). Each text is bound to its place, so a row that was changed or
/// exchanged for another is refused instead of printed on the wrong letter. Used by many threads at once.
/// </summary>
/// <remarks>Form: version (1 byte), length of the key id (1), key id, nonce (12), ciphertext, tag (16).</remarks>
/// <param name="keys">The keys.</param>
public sealed class DataCipher(IKeyRing keys)
{
    /// <summary>How long a place is.</summary>
    internal const int PlaceBytes = 20;

    private const byte Version = 1;

    /// <summary>What this thread used last. Deriving a key and making a cipher of it takes longer than a letter's data.</summary>
    [ThreadStatic]
    private static Opened? s_last;

    /// <summary>What binds a text to a request of a job.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="requestIndex">The request's place in the job.</param>
    public static byte[] PlaceOf(Guid jobId, int requestIndex)
    {
        var place = new byte[PlaceBytes];
        WritePlace(jobId, requestIndex, place);
        return place;
    }

    /// <summary>Writes the same to where it is to be.</summary>
    internal static void WritePlace(Guid jobId, int requestIndex, Span<byte> place)
    {
        jobId.TryWriteBytes(place, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(place[16..], requestIndex);
    }

    /// <summary>Encrypts a text with the current key.</summary>
    /// <param name="text">The text, such as a JSON object.</param>
    /// <param name="place">What it belongs to; it is not kept, and needed again to decrypt.</param>
    public byte[] Encrypt(string text, ReadOnlySpan<byte> place)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encrypt(Encoding.UTF8.GetBytes(text), place);
    }

    /// <summary>Encrypts a text that is UTF-8.</summary>
    /// <inheritdoc cref="Encrypt(string, ReadOnlySpan{byte})"/>
    internal byte[] Encrypt(ReadOnlySpan<byte> text, ReadOnlySpan<byte> place)
    {
        var id = KeyPurpose.IdBytes(keys.CurrentKeyId);
        var start = 2 + id.Length;
        var data = new byte[start + KeyPurpose.NonceBytes + text.Length + KeyPurpose.TagBytes];
        data[0] = Version;
        data[1] = (byte)id.Length;
        id.CopyTo(data, 2);
        var nonce = data.AsSpan(start, KeyPurpose.NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        Open(id).Encrypt(nonce, text, data.AsSpan(start + KeyPurpose.NonceBytes, text.Length), data.AsSpan(^KeyPurpose.TagBytes), place);
        return data;
    }

    /// <summary>Decrypts a text with the key it was encrypted with.</summary>
    /// <param name="data">What <see cref="Encrypt(string, ReadOnlySpan{byte})"/> gave.</param>
    /// <param name="place">What it belongs to.</param>
    /// <exception cref="EncryptedDataDamagedException">It was changed, or belongs to another place.</exception>
    /// <exception cref="EncryptionKeyMissingException">Its key is not there.</exception>
    public string Decrypt(ReadOnlySpan<byte> data, ReadOnlySpan<byte> place)
    {
        var text = new byte[data.Length];
        try
        {
            return Encoding.UTF8.GetString(text, 0, Decrypt(data, place, text));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Decrypts a text into a buffer, as UTF-8.</summary>
    /// <param name="data">What <see cref="Encrypt(string, ReadOnlySpan{byte})"/> gave.</param>
    /// <param name="place">What it belongs to.</param>
    /// <param name="text">Receives the text; at least as long as the data.</param>
    /// <returns>How long the text is, in bytes. Where this throws, nothing is in the buffer.</returns>
    /// <inheritdoc cref="Decrypt(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    internal int Decrypt(ReadOnlySpan<byte> data, ReadOnlySpan<byte> place, Span<byte> text)
    {
        if (data.Length < 2 || data[0] != Version || data[1] is 0 or > KeyPurpose.MaxKeyIdBytes)
        {
            throw new EncryptedDataDamagedException();
        }

        var start = 2 + data[1];
        var textBytes = data.Length - start - KeyPurpose.NonceBytes - KeyPurpose.TagBytes;
        if (textBytes < 0)
        {
            throw new EncryptedDataDamagedException();
        }

        try
        {
            Open(data[2..start]).Decrypt(data.Slice(start, KeyPurpose.NonceBytes), data.Slice(start + KeyPurpose.NonceBytes, textBytes), data[^KeyPurpose.TagBytes..], text[..textBytes], place);
            return textBytes;
        }
        catch (CryptographicException e)
        {
            throw new EncryptedDataDamagedException(e);
        }
    }

    /// <summary>The cipher of a key, for this thread alone: an <see cref="AesGcm"/> is not for several.</summary>
    private AesGcm Open(ReadOnlySpan<byte> keyId)
    {
        if (s_last is { } last && ReferenceEquals(last.Keys, keys) && keyId.SequenceEqual(last.KeyId))
        {
            return last.Aes;
        }

        var opened = new Opened(keys, keyId.ToArray(), KeyPurpose.Derive(keys, Encoding.UTF8.GetString(keyId), default, "ClinicFlow merge data 1"u8));
        s_last?.Aes.Dispose();
        s_last = opened;
        return opened.Aes;
    }

    private sealed record Opened(IKeyRing Keys, byte[] KeyId, AesGcm Aes);
}
