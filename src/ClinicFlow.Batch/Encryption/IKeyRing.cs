namespace ClinicFlow.Batch.Encryption;

/// <summary>
/// The keys that data at rest is encrypted with. What is written takes the current key and notes its id; what was
/// written before stays readable for as long as the ring still holds its key, so keys are changed by adding one.
/// </summary>
/// <remarks>Used by many threads at once.</remarks>
public interface IKeyRing
{
    /// <summary>The id of the key for what is written now: 1 to 64 bytes of UTF-8.</summary>
    string CurrentKeyId { get; }

    /// <summary>A key: 32 random bytes.</summary>
    /// <param name="keyId">Its id.</param>
    /// <exception cref="EncryptionKeyMissingException">The ring does not hold it.</exception>
    ReadOnlyMemory<byte> Find(string keyId);
}

/// <summary>Something is encrypted with a key that this installation does not have. Trying again does not help; adding the key does.</summary>
/// <param name="keyId">The id of the key.</param>
public sealed class EncryptionKeyMissingException(string keyId)
    : Exception($"The encryption key \"{keyId}\" is missing. Add it to the keys of this installation.")
{
    /// <summary>The id of the key.</summary>
    public string KeyId { get; } = keyId;
}

/// <summary>What was read is not what was encrypted: it was changed, moved, or belongs elsewhere. It holds no data.</summary>
/// <param name="inner">The cause; null where its form alone gave it away.</param>
public sealed class EncryptedDataDamagedException(Exception? inner = null)
    : Exception("Encrypted data was changed after it was written, or belongs to something else. Restore it from a backup.", inner);
