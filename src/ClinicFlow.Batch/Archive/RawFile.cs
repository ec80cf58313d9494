using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClinicFlow.Batch.Archive;

/// <summary>A file as the disk has it. A test's stand-in fails where a disk would.</summary>
internal interface IRawFile : IDisposable
{
    long Length { get; }

    /// <summary>Reads as much as there is; fewer only at the end.</summary>
    int Read(Span<byte> bytes, long offset);

    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Writes parts one behind the other.</summary>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> parts, long offset)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            Write(parts[i].Span, offset);
            offset += parts[i].Length;
        }
    }

    void SetLength(long bytes);

    /// <summary>Writes through to the disk.</summary>
    void Flush();
}

/// <summary>A file on a disk.</summary>
internal sealed partial class DiskFile : IRawFile
{
    private readonly SafeFileHandle _file;
    private readonly FileStream? _writing;
    private long _cachedFrom = long.MaxValue;

    private DiskFile(SafeFileHandle file, FileStream? writing) => (_file, _writing) = (file, writing);

    public long Length => RandomAccess.GetLength(_file);

    public static DiskFile OpenToRead(string path)
        => new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess), null);

    /// <summary>Opens or makes a file that one process at a time writes. The lock goes with the process, also where it is killed.</summary>
    public static DiskFile OpenToWrite(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);

        // A lock on the file itself would also keep out its readers.
        var writing = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        try
        {
            return new DiskFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), writing);
        }
        catch
        {
            writing.Dispose();
            throw;
        }
    }

    public int Read(Span<byte> bytes, long offset)
    {
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(_file, bytes[read..], offset + read) is > 0 and var count)
        {
            read += count;
        }

        return read;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        _cachedFrom = Math.Min(_cachedFrom, offset);
        RandomAccess.Write(_file, bytes, offset);
    }

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> parts, long offset)
    {
        _cachedFrom = Math.Min(_cachedFrom, offset);
        RandomAccess.Write(_file, parts, offset);
    }

    public void SetLength(long bytes) => RandomAccess.SetLength(_file, bytes);

    public void Flush()
    {
        RandomAccess.FlushToDisk(_file);

        // What is on the disk and is not read again soon need not push the database out of the machine's memory. It is
        // also faster: the next megabytes get the same pages again instead of new ones (docs/benchmarks.md).
        if (OperatingSystem.IsLinux() && _cachedFrom != long.MaxValue)
        {
            _ = Advise(_file, _cachedFrom, 0, DontNeed);
            _cachedFrom = long.MaxValue;
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _writing?.Dispose();
    }

    // POSIX_FADV_DONTNEED of fcntl.h. Advice only: whatever it answers, the file is as it was.
    private const int DontNeed = 4;

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
