using System.Text;

namespace ClinicFlow.Batch.Encryption;

/// <summary>How merge data is kept in the database: encrypted where that is switched on; what was kept otherwise before is still read.</summary>
/// <param name="keys">The keys.</param>
/// <param name="encrypts">Whether new data is encrypted.</param>
internal sealed class MergeDataVault(IKeyRing keys, bool encrypts)
{
    /// <summary>Marks data that is not encrypted; a <see cref="DataCipher"/>'s own begins with its version, from 1.</summary>
    private const byte Plain = 0;

    private readonly DataCipher _cipher = new(keys);

    /// <summary>Makes a request's merge data ready to be kept.</summary>
    public byte[] Seal(Guid jobId, int requestIndex, string json)
    {
        if (encrypts)
        {
            return _cipher.Encrypt(json, DataCipher.PlaceOf(jobId, requestIndex));
        }

        var data = new byte[1 + Encoding.UTF8.GetByteCount(json)];
        data[0] = Plain;
        Encoding.UTF8.GetBytes(json, data.AsSpan(1));
        return data;
    }

    /// <summary>Reads a request's merge data.</summary>
    /// <exception cref="EncryptedDataDamagedException">It was changed, or belongs to another request.</exception>
    /// <exception cref="EncryptionKeyMissingException">Its key is not there.</exception>
    public string Open(Guid jobId, int requestIndex, byte[] data)
        => data.Length > 0 && data[0] == Plain ? Encoding.UTF8.GetString(data.AsSpan(1)) : _cipher.Decrypt(data, DataCipher.PlaceOf(jobId, requestIndex));
}
