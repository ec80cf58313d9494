using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace ClinicFlow.Documents.Package;

/// <summary>An entry of a ZIP file as its central directory states it, verified against the data.</summary>
/// <param name="Name">The name with forward slashes.</param>
/// <param name="Method">0 for stored, 8 for deflated (APPNOTE 4.4.5).</param>
/// <param name="Crc32">The CRC-32 of the inflated bytes.</param>
/// <param name="DataOffset">Where its data starts in the file.</param>
/// <param name="CompressedLength">The length of its data, in bytes.</param>
/// <param name="Length">The inflated length, in bytes.</param>
internal sealed record ZipEntry(string Name, ushort Method, uint Crc32, int DataOffset, int CompressedLength, int Length);

/// <summary>
/// A ZIP file read into memory under <see cref="PackageLimits"/>. Its own reader and not the framework's, because the
/// entries' compressed bytes are copied into documents as they are. Source: PKWARE APPNOTE 6.3.10.
/// </summary>
internal sealed class ZipPackage
{
    private const uint EndOfDirectory = 0x06054b50;
    private const uint DirectoryEntry = 0x02014b50;
    private const uint LocalEntry = 0x04034b50;
    private const int EndOfDirectoryLength = 22;

    private readonly byte[] _file;
    private readonly Dictionary<string, ZipEntry> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ZipEntry> _entries = [];

    private ZipPackage(byte[] file) => _file = file;

    /// <summary>The entries in the order of the directory, folders left out.</summary>
    public IReadOnlyList<ZipEntry> Entries => _entries;

    /// <summary>Reads a ZIP file and verifies every entry.</summary>
    /// <exception cref="TemplatePackageException">It is no ZIP file, is damaged, encrypted, or over a limit.</exception>
    public static ZipPackage Open(Stream stream, PackageLimits limits)
    {
        var file = ReadAll(stream, limits.MaxFileBytes);
        RefuseOtherFormats(file);
        var package = new ZipPackage(file);
        package.ReadDirectory(limits);
        return package;
    }

    /// <summary>Finds an entry; names are compared without case, as OPC part names are (ECMA-376 Part 2 §6.2.2.3).</summary>
    public ZipEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>An entry's data as it stands in the file.</summary>
    public ReadOnlySpan<byte> CompressedBytes(ZipEntry entry) => _file.AsSpan(entry.DataOffset, entry.CompressedLength);

    /// <summary>An entry's bytes, inflated.</summary>
    public byte[] Read(ZipEntry entry)
    {
        var bytes = new byte[entry.Length];
        Inflate(entry, bytes);
        return bytes;
    }

    private static byte[] ReadAll(Stream stream, long limit)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        int read;
        while ((read = stream.Read(chunk)) > 0)
        {
            if (buffer.Length + read > limit)
            {
                throw new TemplatePackageException("too-large", $"The file is larger than {limit:N0} bytes. Use a smaller template: compress its pictures in Word.");
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    private static void RefuseOtherFormats(ReadOnlySpan<byte> file)
    {
        // [MS-CFB] 2.2: Word 97-2003 files, and the envelope of encrypted Open XML files ([MS-OFFCRYPTO] 1.3).
        if (file.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]))
        {
            throw file.IndexOf(Encoding.Unicode.GetBytes("EncryptedPackage")) >= 0
                ? new TemplatePackageException("password-protected", "The file is protected by a password. Remove it in Word (File > Info > Protect Document > Encrypt with Password) and save it again.")
                : new TemplatePackageException("legacy-doc", "The file is in the old .doc format. Open it in Word and save it as a Word document (.docx).");
        }

        if (file.Length < EndOfDirectoryLength || !(file.StartsWith("PK\x03\x04"u8) || file.StartsWith("PK\x05\x06"u8)))
        {
            throw new TemplatePackageException("not-a-zip", file.StartsWith("{\\rtf"u8) ? "The file is an RTF file. Open it in Word and save it as a Word document (.docx)."
                : file.StartsWith("%PDF"u8) ? "The file is a PDF, not a Word document (.docx)."
                : "The file is no Word document (.docx).");
        }
    }

    private void ReadDirectory(PackageLimits limits)
    {
        var end = FindEnd();
        var count = BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(end + 10));
        var directory = BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan(end + 16));
        if (count == 0xFFFF || directory == 0xFFFFFFFF)
        {
            throw new TemplatePackageException("too-many-entries", $"The file is a ZIP of more than 65,534 parts; a template may have {limits.MaxEntries:N0}.");
        }

        if (count > limits.MaxEntries)
        {
            throw new TemplatePackageException("too-many-entries", $"The file has {count:N0} parts; a template may have {limits.MaxEntries:N0}.");
        }

        var at = (long)directory;
        var total = 0L;
        for (var i = 0; i < count; i++)
        {
            if (at + 46 > end || BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan((int)at)) != DirectoryEntry)
            {
                throw Damaged("its directory is broken");
            }

            at += ReadEntry((int)at, end, limits, ref total);
        }

        RefuseOverlaps((int)Math.Min(directory, int.MaxValue));
        foreach (var entry in _entries)
        {
            Verify(entry);
        }
    }

    private int FindEnd()
    {
        for (var at = _file.Length - EndOfDirectoryLength; at >= Math.Max(0, _file.Length - EndOfDirectoryLength - ushort.MaxValue); at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan(at)) == EndOfDirectory)
            {
                return at;
            }
        }

        throw Damaged("its end is missing; it may not have been copied or downloaded to the end");
    }

    private int ReadEntry(int at, int end, PackageLimits limits, ref long total)
    {
        var header = _file.AsSpan(at);
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        var method = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]);
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
        var compressed = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        var size = 46 + nameLength + BinaryPrimitives.ReadUInt16LittleEndian(header[30..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
        var local = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);
        if (at + size > end)
        {
            throw Damaged("its directory is broken");
        }

        var name = Encoding.UTF8.GetString(header.Slice(46, nameLength)).Replace('\\', '/');
        if ((flags & 1) != 0)
        {
            throw new TemplatePackageException("password-protected", $"The part {Shown(name)} of the file is encrypted. Remove the password and save the file again.");
        }

        if (name.EndsWith('/') && length == 0)
        {
            return size;
        }

        if (method is not (0 or 8))
        {
            throw Damaged($"the part {Shown(name)} is compressed in a way that Word does not use");
        }

        if (name.Length is 0 or > 500 || name[0] == '/' || name.Split('/').Any(part => part is "" or "." or "..") || name.Contains('\0', StringComparison.Ordinal))
        {
            throw Damaged($"it has a part with the forbidden name {Shown(name)}");
        }

        total += length;
        if (total > limits.MaxInflatedBytes)
        {
            throw new TemplatePackageException("inflates-too-much", $"The file's parts are larger than {limits.MaxInflatedBytes:N0} bytes together when they are unpacked. This is no ordinary Word document.");
        }

        if (length > 1 << 20 && length / Math.Max(1, compressed) > limits.MaxRatio)
        {
            throw new TemplatePackageException("inflates-too-much", $"The part {Shown(name)} unpacks to more than {limits.MaxRatio} times its size. This is no ordinary Word document.");
        }

        if (local + 30L > _file.Length || BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan((int)local)) != LocalEntry)
        {
            throw Damaged($"the part {Shown(name)} is not where the directory says");
        }

        var localHeader = _file.AsSpan((int)local);
        var data = local + 30L + BinaryPrimitives.ReadUInt16LittleEndian(localHeader[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(localHeader[28..]);
        if (data + compressed > _file.Length)
        {
            throw Damaged($"the part {Shown(name)} is cut off");
        }

        var entry = new ZipEntry(name, method, crc, (int)data, (int)compressed, (int)length);
        if (!_byName.TryAdd(name, entry))
        {
            throw Damaged($"it has two parts of the name {Shown(name)}");
        }

        _entries.Add(entry);
        return size;
    }

    // Entries that share data make small files inflate without end.
    private void RefuseOverlaps(int directory)
    {
        var end = 0;
        foreach (var entry in _entries.OrderBy(entry => entry.DataOffset))
        {
            if (entry.DataOffset < end || entry.DataOffset + entry.CompressedLength > directory)
            {
                throw Damaged($"the part {Shown(entry.Name)} lies over another one");
            }

            end = entry.DataOffset + entry.CompressedLength;
        }
    }

    private void Verify(ZipEntry entry)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(entry.Length + 1);
        try
        {
            Inflate(entry, buffer.AsSpan(0, entry.Length));
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Inflate(ZipEntry entry, Span<byte> target)
    {
        try
        {
            if (entry.Method == 0)
            {
                if (entry.CompressedLength != entry.Length)
                {
                    throw Damaged($"the part {Shown(entry.Name)} has two lengths");
                }

                CompressedBytes(entry).CopyTo(target);
            }
            else
            {
                using var deflate = new DeflateStream(new MemoryStream(_file, entry.DataOffset, entry.CompressedLength, writable: false), CompressionMode.Decompress);
                deflate.ReadExactly(target);
                if (deflate.ReadByte() >= 0)
                {
                    throw Damaged($"the part {Shown(entry.Name)} is longer than the directory says");
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Damaged($"the part {Shown(entry.Name)} cannot be unpacked", e);
        }

        if (Crc32.HashToUInt32(target) != entry.Crc32)
        {
            throw Damaged($"the part {Shown(entry.Name)} is not what was saved");
        }
    }

    internal static string Shown(string name) => $"\"{new string([.. name.Take(80).Select(c => char.IsControl(c) ? '?' : c)])}\"";

    private static TemplatePackageException Damaged(string how, Exception? inner = null)
        => new("damaged", $"The file is damaged: {how}. Open it in Word, let Word repair it, and save it again.", inner);
}
