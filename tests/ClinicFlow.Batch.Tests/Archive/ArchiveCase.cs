using System.Text;
using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Tests.Archive;

/// <summary>A folder with an archive, plain or encrypted.</summary>
internal sealed class ArchiveCase(bool isEncrypted) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clinicflow-archive-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "job.zip");

    public Guid JobId { get; } = Guid.NewGuid();

    public IKeyRing? Keys { get; } = isEncrypted ? new TestKeys("2026") : null;

    public static byte[] Bytes(Random random, int length)
    {
        // Half of it deflates, half does not, as it is with real files.
        var bytes = new byte[length];
        random.NextBytes(bytes.AsSpan(0, length / 2));
        return bytes;
    }

    public string In(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public ArchiveWriter Write(ArchiveMark mark = default) => new(Path, mark, JobId, Keys);

    public ArchiveReader Read(ArchiveMark mark) => new(Path, mark, JobId, Keys);

    public static ArchiveSlice Append(ArchiveWriter writer, string name, byte[] bytes, bool compress = true)
    {
        using var entry = ArchiveEntry.Prepare(bytes, compress);
        return writer.Append(name, entry);
    }

    public static ArchiveSlice Append(ArchiveWriter writer, string name, string text) => Append(writer, name, Encoding.UTF8.GetBytes(text));

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>Keys made from their ids.</summary>
internal sealed class TestKeys(params string[] ids) : IKeyRing
{
    public string CurrentKeyId => ids[^1];

    public byte Salt { get; init; }

    public ReadOnlyMemory<byte> Find(string keyId)
        => ids.Contains(keyId) ? System.Security.Cryptography.SHA256.HashData([Salt, .. Encoding.UTF8.GetBytes(keyId)]) : throw new EncryptionKeyMissingException(keyId);
}

/// <summary>A file in memory on a disk that fills up in the middle of a write, and that can refuse to be cut.</summary>
internal sealed class SmallDisk(int roomBytes) : IRawFile
{
    private readonly MemoryStream _bytes = new();

    public int RoomBytes { get; set; } = roomBytes;

    public bool RefusesCuts { get; set; }

    public bool RefusesFlushes { get; set; }

    public int Reads { get; private set; }

    public long Length => _bytes.Length;

    public byte[] ToArray() => _bytes.ToArray();

    public int Read(Span<byte> bytes, long offset)
    {
        Reads++;
        _bytes.Position = offset;
        return _bytes.Read(bytes);
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        _bytes.Position = offset;
        var room = (int)Math.Clamp(RoomBytes - offset, 0, bytes.Length);
        _bytes.Write(bytes[..room]);
        if (room < bytes.Length)
        {
            throw new IOException("No space left on device");
        }
    }

    public void SetLength(long bytes)
    {
        if (RefusesCuts)
        {
            throw new IOException("Input/output error");
        }

        _bytes.SetLength(bytes);
    }

    public void Flush()
    {
        if (RefusesFlushes)
        {
            throw new IOException("Input/output error");
        }
    }

    public void Dispose()
    {
        // Stays readable: the next writer opens the same disk.
    }
}
