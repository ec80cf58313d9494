using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Batch.Encryption;

/// <summary>How merge data is kept in the database: encrypted where that is switched on; what was kept otherwise before is still read.</summary>
/// <param name="keys">The keys.</param>
/// <param name="encrypts">Whether new data is encrypted.</param>
internal sealed class MergeDataVault(IKeyRing keys, bool encrypts)
{
    /// <summary>Marks data that is not encrypted; a <see cref="DataCipher"/>'s own begins with its version, from 1.</summary>
    private const byte Plain = 0;

    private readonly DataCipher _cipher = new(keys);

    /// <summary>Makes a request's merge data, JSON as UTF-8, ready to be kept.</summary>
    public byte[] Seal(Guid jobId, int requestIndex, ReadOnlySpan<byte> json)
    {
        if (encrypts)
        {
            Span<byte> place = stackalloc byte[DataCipher.PlaceBytes];
            DataCipher.WritePlace(jobId, requestIndex, place);
            return _cipher.Encrypt(json, place);
        }

        var data = new byte[1 + json.Length];
        data[0] = Plain;
        json.CopyTo(data.AsSpan(1));
        return data;
    }

    /// <summary>Reads a request's merge data.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="requestIndex">The request's place in the job.</param>
    /// <param name="data">The data as it is kept.</param>
    /// <param name="json">Receives the JSON as UTF-8; at least as long as the data.</param>
    /// <returns>How long the JSON is, in bytes.</returns>
    /// <exception cref="EncryptedDataDamagedException">It was changed, or belongs to another request.</exception>
    /// <exception cref="EncryptionKeyMissingException">Its key is not there.</exception>
    public int Open(Guid jobId, int requestIndex, ReadOnlySpan<byte> data, Span<byte> json)
    {
        if (data is [Plain, .. var plain])
        {
            plain.CopyTo(json);
            return plain.Length;
        }

        Span<byte> place = stackalloc byte[DataCipher.PlaceBytes];
        DataCipher.WritePlace(jobId, requestIndex, place);
        return _cipher.Decrypt(data, place, json);
    }
}

/// <summary>Reads the merge data of one request after the other. For one thread at a time.</summary>
/// <param name="vault">Opens it.</param>
/// <param name="jobId">Whose it is.</param>
internal sealed class MergeDataReader(MergeDataVault vault, Guid jobId)
{
    private readonly MergeObjectReader _reader = new();
    private byte[] _json = [];

    /// <summary>Reads a request's merge data.</summary>
    /// <param name="requestIndex">The request's place in the job.</param>
    /// <param name="data">The data as it is kept.</param>
    /// <param name="values">The values; null where there is a problem.</param>
    /// <param name="problem">What is wrong with the JSON; null where nothing is.</param>
    /// <exception cref="EncryptedDataDamagedException">It was changed, or belongs to another request.</exception>
    /// <exception cref="EncryptionKeyMissingException">Its key is not there.</exception>
    public bool TryRead(int requestIndex, ReadOnlySpan<byte> data, [NotNullWhen(true)] out MergeObject? values, [NotNullWhen(false)] out Problem? problem)
    {
        if (_json.Length < data.Length)
        {
            _json = new byte[data.Length];
        }

        var length = 0;
        try
        {
            length = vault.Open(jobId, requestIndex, data, _json);
            return _reader.TryRead(_json.AsMemory(0, length), out values, out problem);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(_json.AsSpan(0, length));
        }
    }
}
