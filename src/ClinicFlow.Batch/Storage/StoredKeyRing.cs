using System.Collections.Concurrent;
using System.Security.Cryptography;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Storage.Tables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Batch.Storage;

/// <summary>
/// The keys that merge data and outputs are encrypted with: random, kept in the database, each itself protected by a key
/// that is not there (ASP.NET Data Protection, or one from the configuration). All are kept for what they encrypted; the
/// newest encrypts.
/// </summary>
internal sealed class StoredKeyRing : IKeyRing
{
    private readonly IBatchDatabase _database;
    private readonly IKeyWrap _wrap;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, byte[]> _keys = new(StringComparer.Ordinal);
    private string? _current;
    private string? _first;

    /// <summary>Names where the keys are; <see cref="LoadAsync"/> reads them.</summary>
    public StoredKeyRing(IBatchDatabase database, IKeyWrap wrap, TimeProvider time) => (_database, _wrap, _time) = (database, wrap, time);

    /// <inheritdoc/>
    public string CurrentKeyId => _current ?? throw new InvalidOperationException("The keys were not loaded.");

    /// <summary>The oldest key: what must stay the same under rotation is derived from it.</summary>
    public string FirstKeyId => _first ?? throw new InvalidOperationException("The keys were not loaded.");

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Find(string keyId)
    {
        if (!_keys.TryGetValue(keyId, out var key))
        {
            // Another host may have made it after this one was started.
            key = _database.ReadAsync(null, db => db.DataKeys.SingleOrDefaultAsync(k => k.Id == keyId), CancellationToken.None).GetAwaiter().GetResult() is { } row
                ? Unwrap(row) : throw new EncryptionKeyMissingException(keyId);
            _keys[keyId] = key;
        }

        return key;
    }

    /// <summary>Reads the keys, and makes the first where there is none. Hosts that start together end with one.</summary>
    /// <exception cref="EncryptionKeyMissingException">The key that protects them is another one than before.</exception>
    /// <param name="cancellation">Ends the call.</param>
    /// <param name="isReadOnly">Whether none is made.</param>
    public async Task LoadAsync(CancellationToken cancellation, bool isReadOnly = false)
    {
        var rows = await _database.ReadAsync(null, db => db.DataKeys.OrderBy(k => k.CreatedAt).ThenBy(k => k.Id).ToListAsync(cancellation), cancellation).ConfigureAwait(false);
        if (rows.Count == 0)
        {
            if (isReadOnly)
            {
                throw new StorageException("database-empty", "The database is there, and no server has used it yet.", isTransient: false);
            }

            await AddAsync(onlyAsFirst: true, cancellation).ConfigureAwait(false);
            rows = await _database.ReadAsync(null, db => db.DataKeys.OrderBy(k => k.CreatedAt).ThenBy(k => k.Id).ToListAsync(cancellation), cancellation).ConfigureAwait(false);
        }

        foreach (var row in rows)
        {
            _keys[row.Id] = Unwrap(row);
        }

        _current = rows[^1].Id;
        _first = rows[0].Id;
    }

    /// <summary>Adds a key, which encrypts from now on. Data of older keys stays readable.</summary>
    public Task AddAsync(CancellationToken cancellation) => AddAsync(onlyAsFirst: false, cancellation);

    private byte[] Unwrap(DataKeyEntity row)
    {
        try
        {
            return _wrap.Unwrap(row.ProtectedKey);
        }
        catch (CryptographicException)
        {
            throw new EncryptionKeyMissingException(row.Id);
        }
    }

    private async Task AddAsync(bool onlyAsFirst, CancellationToken cancellation)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var row = new DataKeyEntity { Id = Guid.CreateVersion7(_time.GetUtcNow()).ToString("N"), ProtectedKey = _wrap.Wrap(key), CreatedAt = _time.GetUtcNow() };
        var isAdded = await _database.WriteAsync(null, async db =>
        {
            // The queue's lock serves here too: of hosts that start together, only the first finds no key.
            await _database.LockQueueAsync(db, cancellation).ConfigureAwait(false);
            if (onlyAsFirst && await db.DataKeys.AnyAsync(cancellation).ConfigureAwait(false))
            {
                return (false, false);
            }

            db.DataKeys.Add(row);
            await db.SaveChangesAsync(cancellation).ConfigureAwait(false);
            return (true, true);
        }, cancellation).ConfigureAwait(false);
        if (isAdded)
        {
            _keys[row.Id] = key;
            _current = row.Id;
        }
    }
}

/// <summary>Protects the keys that are kept in the database.</summary>
internal interface IKeyWrap
{
    /// <summary>Protects a key.</summary>
    string Wrap(byte[] key);

    /// <summary>Gives it back.</summary>
    /// <exception cref="CryptographicException">It was protected by another key, or changed.</exception>
    byte[] Unwrap(string wrapped);
}

/// <summary>Protects keys by ASP.NET Data Protection, whose own keys lie where its host says.</summary>
internal sealed class DataProtectionKeyWrap(IDataProtectionProvider provider) : IKeyWrap
{
    private readonly IDataProtector _protector = provider.CreateProtector("ClinicFlow.Batch.DataKeys.v1");

    /// <inheritdoc/>
    public string Wrap(byte[] key) => Convert.ToBase64String(_protector.Protect(key));

    /// <inheritdoc/>
    public byte[] Unwrap(string wrapped) => _protector.Unprotect(Convert.FromBase64String(wrapped));
}

/// <summary>Protects keys by a key of the configuration (AES-256-GCM).</summary>
internal sealed class ConfiguredKeyWrap(byte[] masterKey) : IKeyWrap
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <inheritdoc/>
    public string Wrap(byte[] key)
    {
        var wrapped = new byte[NonceBytes + key.Length + TagBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(masterKey, TagBytes);
        aes.Encrypt(wrapped.AsSpan(0, NonceBytes), key, wrapped.AsSpan(NonceBytes, key.Length), wrapped.AsSpan(NonceBytes + key.Length));
        return Convert.ToBase64String(wrapped);
    }

    /// <inheritdoc/>
    public byte[] Unwrap(string wrapped)
    {
        var data = Convert.FromBase64String(wrapped);
        if (data.Length <= NonceBytes + TagBytes)
        {
            throw new CryptographicException("The key is too short.");
        }

        var key = new byte[data.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(masterKey, TagBytes);
        aes.Decrypt(data.AsSpan(0, NonceBytes), data.AsSpan(NonceBytes, key.Length), data.AsSpan(NonceBytes + key.Length), key);
        return key;
    }
}
