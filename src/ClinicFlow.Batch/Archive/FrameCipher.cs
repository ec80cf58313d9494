using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ClinicFlow.Batch.Encryption;

namespace ClinicFlow.Batch.Archive;

/// <summary>A frame of an encrypted archive: a run of its ZIP.</summary>
/// <param name="FileOffset">Where it starts in the file.</param>
/// <param name="Number">How many are before it.</param>
/// <param name="LogicalOffset">Where its run starts in the ZIP.</param>
/// <param name="Bytes">How long its run is.</param>
/// <param name="JumpOffset">Where an earlier frame starts in the file, to find any frame from the last one; its own start for the first.</param>
internal readonly record struct Frame(long FileOffset, int Number, long LogicalOffset, int Bytes, long JumpOffset)
{
    public long LogicalEnd => LogicalOffset + Bytes;

    public long FileEnd => FileOffset + FrameCipher.Overhead + Bytes;
}

/// <summary>
/// The form of an encrypted archive: a header, then frames of up to 1 MiB, each sealed with AES-256-GCM to its job and
/// its place, so that none can be changed, exchanged, moved or taken to another job. One thread at a time.
/// </summary>
/// <remarks>
/// File header: magic (8 bytes), version (1), length of the key id (1), key id, salt (32). The file's own key is derived
/// from the key and the salt. Frame: bytes (4), number (4), logical offset (8), jump (8), nonce (12), ciphertext, tag
/// (16), bytes again (4), all big-endian. The jumps make a list that is searched backwards in O(log n) reads, from the
/// committed end and without an index (E. Myers, "An applicative random-access stack", 1983).
/// </remarks>
internal sealed class FrameCipher : IDisposable
{
    public const int MaxFrameBytes = 1 << 20;
    public const int HeadBytes = 24 + KeyPurpose.NonceBytes;
    public const int FootBytes = KeyPurpose.TagBytes + 4;
    public const int Overhead = HeadBytes + FootBytes;

    private const int BoundBytes = 24;
    private const int SaltBytes = 32;
    private const byte Version = 1;

    private readonly AesGcm _aes;
    private readonly byte[] _associated = new byte[16 + BoundBytes];

    private FrameCipher(byte[] header, AesGcm aes, Guid jobId)
    {
        (Header, _aes) = (header, aes);
        jobId.TryWriteBytes(_associated, bigEndian: true, out _);
    }

    /// <summary>What the file starts with.</summary>
    public byte[] Header { get; }

    private static ReadOnlySpan<byte> Magic => "CFARCHIV"u8;

    /// <summary>For a new file.</summary>
    public static FrameCipher Create(IKeyRing keys, Guid jobId)
    {
        var keyId = keys.CurrentKeyId;
        var id = KeyPurpose.IdBytes(keyId);
        byte[] header = [.. Magic, Version, (byte)id.Length, .. id, .. RandomNumberGenerator.GetBytes(SaltBytes)];
        return new FrameCipher(header, Derive(keys, keyId, header), jobId);
    }

    /// <summary>For a file that is there.</summary>
    /// <exception cref="ArchiveDamagedException">It does not start as an encrypted archive does.</exception>
    /// <exception cref="EncryptionKeyMissingException">Its key is not there.</exception>
    public static FrameCipher Read(IRawFile file, IKeyRing? keys, Guid jobId)
    {
        var start = new byte[Magic.Length + 2 + KeyPurpose.MaxKeyIdBytes + SaltBytes];
        var read = file.Read(start, 0);
        var idStart = Magic.Length + 2;
        if (read < idStart || !start.AsSpan().StartsWith(Magic) || start[Magic.Length] != Version
            || start[idStart - 1] is 0 or > KeyPurpose.MaxKeyIdBytes || read < idStart + start[idStart - 1] + SaltBytes)
        {
            throw ArchiveDamagedException.Of();
        }

        var header = start[..(idStart + start[idStart - 1] + SaltBytes)];
        var keyId = Encoding.UTF8.GetString(header.AsSpan()[idStart..^SaltBytes]);
        return new FrameCipher(header, Derive(keys ?? throw new EncryptionKeyMissingException(keyId), keyId, header), jobId);
    }

    /// <summary>The frame behind another.</summary>
    public Frame Next(IRawFile file, Frame? last, int bytes)
    {
        if (last is not { } before)
        {
            return new Frame(Header.Length, 0, 0, bytes, Header.Length);
        }

        // Two jumps of one length become one of twice the length and one more.
        var jump = ReadHead(file, before.JumpOffset);
        var far = ReadHead(file, jump.JumpOffset);
        var target = before.Number - jump.Number == jump.Number - far.Number ? far.FileOffset : before.FileOffset;
        return new Frame(before.FileEnd, before.Number + 1, before.LogicalEnd, bytes, target);
    }

    /// <summary>Encrypts a frame in place.</summary>
    /// <param name="frame">Where it goes.</param>
    /// <param name="buffer">Room for its head, its bytes, and room for its foot.</param>
    public void Seal(Frame frame, Span<byte> buffer)
    {
        BinaryPrimitives.WriteInt32BigEndian(buffer, frame.Bytes);
        BinaryPrimitives.WriteInt32BigEndian(buffer[4..], frame.Number);
        BinaryPrimitives.WriteInt64BigEndian(buffer[8..], frame.LogicalOffset);
        BinaryPrimitives.WriteInt64BigEndian(buffer[16..], frame.JumpOffset);
        var nonce = buffer[BoundBytes..HeadBytes];
        RandomNumberGenerator.Fill(nonce);
        buffer[..BoundBytes].CopyTo(_associated.AsSpan(16));
        var data = buffer.Slice(HeadBytes, frame.Bytes);
        _aes.Encrypt(nonce, data, data, buffer.Slice(HeadBytes + frame.Bytes, KeyPurpose.TagBytes), _associated);
        BinaryPrimitives.WriteInt32BigEndian(buffer[(HeadBytes + frame.Bytes + KeyPurpose.TagBytes)..], frame.Bytes);
    }

    /// <summary>Reads and decrypts a frame.</summary>
    /// <param name="file">The file.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="buffer">Room for <see cref="MaxFrameBytes"/> and <see cref="Overhead"/>; its bytes are behind <see cref="HeadBytes"/> then.</param>
    /// <exception cref="ArchiveDamagedException">It is not what was sealed for this place.</exception>
    public void Open(IRawFile file, Frame frame, Span<byte> buffer)
    {
        var whole = buffer[..(frame.Bytes + Overhead)];
        if (file.Read(whole, frame.FileOffset) != whole.Length)
        {
            throw ArchiveDamagedException.Of();
        }

        // What was looked up may not be what is read now: the place that is sealed is the place that was asked for.
        BinaryPrimitives.WriteInt32BigEndian(_associated.AsSpan(16), frame.Bytes);
        BinaryPrimitives.WriteInt32BigEndian(_associated.AsSpan(20), frame.Number);
        BinaryPrimitives.WriteInt64BigEndian(_associated.AsSpan(24), frame.LogicalOffset);
        BinaryPrimitives.WriteInt64BigEndian(_associated.AsSpan(32), frame.JumpOffset);
        var data = whole.Slice(HeadBytes, frame.Bytes);
        try
        {
            _aes.Decrypt(whole[BoundBytes..HeadBytes], data, whole.Slice(HeadBytes + frame.Bytes, KeyPurpose.TagBytes), data, _associated);
        }
        catch (CryptographicException e)
        {
            throw ArchiveDamagedException.Of(e);
        }
    }

    /// <summary>The last frame before a mark; null where there is none.</summary>
    public Frame? ReadLast(IRawFile file, ArchiveMark mark)
    {
        if (mark.FileBytes == 0)
        {
            return null;
        }

        var last = ReadBefore(file, mark.FileBytes);
        return last.LogicalEnd == mark.LogicalBytes ? last : throw ArchiveDamagedException.Of();
    }

    /// <summary>The frame that holds a place of the ZIP.</summary>
    /// <param name="file">The file.</param>
    /// <param name="last">The last frame, or any behind that place.</param>
    /// <param name="logicalOffset">The place.</param>
    public Frame Find(IRawFile file, Frame last, long logicalOffset)
    {
        var frame = last;
        while (frame.LogicalOffset > logicalOffset)
        {
            var jump = ReadHead(file, frame.JumpOffset);
            var next = jump.LogicalOffset > logicalOffset ? jump : ReadBefore(file, frame.FileOffset);
            frame = next.FileOffset < frame.FileOffset ? next : throw ArchiveDamagedException.Of();
        }

        return logicalOffset < frame.LogicalEnd ? frame : throw ArchiveDamagedException.Of();
    }

    /// <summary>What the head of a frame says. Nothing of it is to be trusted before the frame was opened.</summary>
    public Frame ReadHead(IRawFile file, long offset)
    {
        Span<byte> head = stackalloc byte[BoundBytes];
        if (offset < Header.Length || file.Read(head, offset) != head.Length)
        {
            throw ArchiveDamagedException.Of();
        }

        var frame = new Frame(
            offset, BinaryPrimitives.ReadInt32BigEndian(head[4..]), BinaryPrimitives.ReadInt64BigEndian(head[8..]),
            BinaryPrimitives.ReadInt32BigEndian(head), BinaryPrimitives.ReadInt64BigEndian(head[16..]));
        return frame.Bytes is > 0 and <= MaxFrameBytes && frame.LogicalOffset >= 0 ? frame : throw ArchiveDamagedException.Of();
    }

    public void Dispose() => _aes.Dispose();

    private static AesGcm Derive(IKeyRing keys, string keyId, byte[] header)
        => KeyPurpose.Derive(keys, keyId, header.AsSpan()[^SaltBytes..], "ClinicFlow archive 1"u8);

    private Frame ReadBefore(IRawFile file, long fileEnd)
    {
        Span<byte> foot = stackalloc byte[4];
        if (fileEnd < Header.Length + Overhead || file.Read(foot, fileEnd - 4) != foot.Length)
        {
            throw ArchiveDamagedException.Of();
        }

        var bytes = BinaryPrimitives.ReadInt32BigEndian(foot);
        var frame = ReadHead(file, fileEnd - Overhead - bytes);
        return frame.Bytes == bytes ? frame : throw ArchiveDamagedException.Of();
    }
}
