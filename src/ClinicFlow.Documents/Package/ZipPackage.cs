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
    private const uint Zip64Locator = 0x07064b50;
    private const int Zip64LocatorLength = 20;
    private const uint Zip64End = 0x06064b50;
    private const int Zip64EndLength = 56;

    private readonly byte[] _file;
    private readonly Dictionary<string, ZipEntry> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ZipEntry> _entries = [];
    private readonly List<Extent> _extents = [];

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

    /// <summary>An entry's bytes, inflated; they were verified when the file was opened.</summary>
    public byte[] Read(ZipEntry entry)
    {
        var bytes = new byte[entry.Length];
        using var compressed = new EntryData(_file, entry);
        using var data = entry.Method == 0 ? (Stream)compressed : new DeflateStream(compressed, CompressionMode.Decompress);
        data.ReadExactly(bytes);
        return bytes;
    }

    private static byte[] ReadAll(Stream stream, long limit)
    {
        limit = Math.Min(limit, Array.MaxLength);
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
            throw OleFile(file);
        }

        if (file.Length < EndOfDirectoryLength || !(file.StartsWith("PK\x03\x04"u8) || file.StartsWith("PK\x05\x06"u8)))
        {
            throw new TemplatePackageException("not-a-zip", file.IsEmpty ? "The file is empty. It may not have been copied or downloaded to the end."
                : file.StartsWith("{\\rtf"u8) ? "The file is an RTF file. Open it in Word and save it as a Word document (.docx)."
                : file.StartsWith("%PDF"u8) ? "The file is a PDF, not a Word document (.docx)."
                : "The file is no Word document (.docx).");
        }
    }

    // The names of the streams tell what made the file ([MS-DOC] 2.1, [MS-XLS] 2.1, [MS-PPT] 2.1); they stand in UTF-16.
    private static TemplatePackageException OleFile(ReadOnlySpan<byte> file)
        => HasStream(file, "EncryptedPackage") ? new TemplatePackageException("password-protected", "The file is protected by a password. Remove it in Word (File > Info > Protect Document > Encrypt with Password) and save it again.")
            : HasStream(file, "WordDocument") ? new TemplatePackageException("legacy-doc", "The file is in the old .doc format. Open it in Word and save it as a Word document (.docx).")
            : HasStream(file, "Workbook") ? new TemplatePackageException("not-a-docx", "The file is no Word document (.docx) but an Excel workbook in the old format.")
            : HasStream(file, "PowerPoint Document") ? new TemplatePackageException("not-a-docx", "The file is no Word document (.docx) but a PowerPoint presentation in the old format.")
            : new TemplatePackageException("legacy-doc", "The file is in an old Office format. Open it in Word and save it as a Word document (.docx).");

    private static bool HasStream(ReadOnlySpan<byte> file, string name) => file.IndexOf(Encoding.Unicode.GetBytes(name)) >= 0;

    private void ReadDirectory(PackageLimits limits)
    {
        var end = FindEnd();
        if (end.Count > limits.MaxEntries)
        {
            throw new TemplatePackageException("too-many-entries", $"The file has {end.Count:N0} parts; a template may have {limits.MaxEntries:N0}.");
        }

        var at = end.Directory;
        var total = 0L;
        for (var i = 0L; i < end.Count; i++)
        {
            if (at + 46 > end.At || ReadUInt32(at) != DirectoryEntry)
            {
                throw Damaged("its directory is broken");
            }

            at += ReadEntry((int)at, end.At, limits, ref total);
        }

        RefuseOverlaps(end.Directory);
        var buffer = new byte[64 << 10];
        foreach (var entry in _entries)
        {
            Verify(entry, buffer);
        }
    }

    /// <summary>Finds the end of the directory: the last record of its kind whose comment fits (APPNOTE 4.3.16).</summary>
    private End FindEnd()
    {
        for (var at = _file.Length - EndOfDirectoryLength; at >= Math.Max(0, _file.Length - EndOfDirectoryLength - ushort.MaxValue); at--)
        {
            if (ReadUInt32(at) == EndOfDirectory && at + EndOfDirectoryLength + ReadUInt16(at + 20) <= _file.Length)
            {
                return ReadEnd(at);
            }
        }

        throw Damaged("its end is missing; it may not have been copied or downloaded to the end");
    }

    /// <summary>Reads the end, of a ZIP64 file from its own record (APPNOTE 4.3.14, 4.3.15). Some programs write every file as
    /// ZIP64.</summary>
    private End ReadEnd(int at)
    {
        var (count, directory) = (ReadUInt16(at + 10), ReadUInt32(at + 16));
        if (count != ushort.MaxValue && directory != uint.MaxValue)
        {
            return new End(at, count, directory);
        }

        var locator = at - Zip64LocatorLength;
        if (locator < 0 || ReadUInt32(locator) != Zip64Locator)
        {
            // Nothing is wrong with 65,535 entries but their number.
            return new End(at, count, directory);
        }

        var record = ReadUInt64(locator + 8);
        if (record > (ulong)Math.Max(0, locator - Zip64EndLength) || ReadUInt32((long)record) != Zip64End)
        {
            throw Damaged("its directory is broken");
        }

        var (count64, directory64) = (ReadUInt64((long)record + 32), ReadUInt64((long)record + 48));
        return directory64 <= record
            ? new End((int)record, (long)Math.Min(count64, long.MaxValue), (long)directory64)
            : throw Damaged("its directory is broken");
    }

    private int ReadEntry(int at, int end, PackageLimits limits, ref long total)
    {
        int nameLength = ReadUInt16(at + 28);
        int extraLength = ReadUInt16(at + 30);
        var size = 46 + nameLength + extraLength + ReadUInt16(at + 32);
        if (at + size > end)
        {
            throw Damaged("its directory is broken");
        }

        var name = Encoding.UTF8.GetString(_file.AsSpan(at + 46, nameLength)).Replace('\\', '/');
        var (length, compressed, local) = ReadExtents(at, _file.AsSpan(at + 46 + nameLength, extraLength));
        if ((ReadUInt16(at + 8) & 1) != 0)
        {
            throw new TemplatePackageException("password-protected", $"The part {Shown(name)} of the file is encrypted. Remove the password and save the file again.");
        }

        if (name.EndsWith('/') && length == 0)
        {
            return size;
        }

        var method = ReadUInt16(at + 10);
        if (method is not (0 or 8))
        {
            throw Damaged($"the part {Shown(name)} is compressed in a way that Word does not use");
        }

        if (name.Length is 0 or > 500 || name[0] == '/' || name.Any(char.IsControl) || name.Split('/').Any(part => part is "" or "." or ".."))
        {
            throw Damaged($"it has a part with the forbidden name {Shown(name)}");
        }

        RefuseTooMuch(name, length, compressed, limits, ref total);
        if (local > (ulong)Math.Max(0, _file.Length - 30) || ReadUInt32((long)local) != LocalEntry)
        {
            throw Damaged($"the part {Shown(name)} is not where the directory says");
        }

        var data = (int)local + 30 + ReadUInt16((long)local + 26) + ReadUInt16((long)local + 28);
        if (compressed > (ulong)Math.Max(0, _file.Length - data))
        {
            throw Damaged($"the part {Shown(name)} is cut off");
        }

        if (method == 0 && compressed != length)
        {
            throw Damaged($"the part {Shown(name)} has two lengths");
        }

        var entry = new ZipEntry(name, method, ReadUInt32(at + 16), data, (int)compressed, (int)length);
        if (!_byName.TryAdd(name, entry))
        {
            throw Damaged($"it has two parts of the name {Shown(name)}");
        }

        _entries.Add(entry);
        _extents.Add(new((int)local, data + (int)compressed, name));
        return size;
    }

    /// <summary>The lengths and the place of an entry. What does not fit into 32 bits stands in the ZIP64 field, in this order
    /// and only then (APPNOTE 4.5.3).</summary>
    private (ulong Length, ulong Compressed, ulong Local) ReadExtents(int at, ReadOnlySpan<byte> extra)
    {
        ulong length = ReadUInt32(at + 24);
        ulong compressed = ReadUInt32(at + 20);
        ulong local = ReadUInt32(at + 42);
        while (extra.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            var field = extra[4..Math.Min(extra.Length, 4 + BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]))];
            extra = extra[(4 + field.Length)..];
            if (id == 1)
            {
                Widen(ref length, ref field);
                Widen(ref compressed, ref field);
                Widen(ref local, ref field);
                break;
            }
        }

        return (length, compressed, local);

        static void Widen(ref ulong value, ref ReadOnlySpan<byte> field)
        {
            if (value == uint.MaxValue && field.Length >= 8)
            {
                value = BinaryPrimitives.ReadUInt64LittleEndian(field);
                field = field[8..];
            }
        }
    }

    // What the directory states is held against the data afterwards, so it is enough to judge the statement.
    private static void RefuseTooMuch(string name, ulong length, ulong compressed, PackageLimits limits, ref long total)
    {
        if (length > (ulong)Array.MaxLength || (total += (long)length) > limits.MaxInflatedBytes)
        {
            throw new TemplatePackageException("inflates-too-much", $"The file's parts are larger than {limits.MaxInflatedBytes:N0} bytes together when they are unpacked. This is no ordinary Word document.");
        }

        if (length > 1 << 20 && (length - 1) / (ulong)Math.Max(1, limits.MaxRatio) >= Math.Max(1, compressed))
        {
            throw new TemplatePackageException("inflates-too-much", $"The part {Shown(name)} unpacks to more than {limits.MaxRatio} times its size. This is no ordinary Word document.");
        }
    }

    // Where a part's headers and data lie in the file.
    private sealed record Extent(int Start, int End, string Name);

    // Entries that share data make small files inflate without end.
    private void RefuseOverlaps(long directory)
    {
        var end = 0;
        _extents.Sort((one, other) => one.Start.CompareTo(other.Start));
        foreach (var extent in _extents)
        {
            if (extent.Start < end || extent.End > directory)
            {
                throw Damaged($"the part {Shown(extent.Name)} lies over another one");
            }

            end = extent.End;
        }

        _extents.Clear();
    }

    private void Verify(ZipEntry entry, Span<byte> buffer)
    {
        var crc = new Crc32();
        var length = 0L;
        using var compressed = new EntryData(_file, entry);
        try
        {
            using var data = entry.Method == 0 ? (Stream)compressed : new DeflateStream(compressed, CompressionMode.Decompress);
            int read;
            while ((read = data.Read(buffer)) > 0)
            {
                crc.Append(buffer[..read]);
                length += read;
                if (length > entry.Length)
                {
                    throw Damaged($"the part {Shown(entry.Name)} is longer than the directory says");
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw Damaged($"the part {Shown(entry.Name)} cannot be unpacked", e);
        }

        // All bytes can be there and right though the last block has no end; documents get a copy of the data, so it matters.
        if (entry.Method == 8 && entry.CompressedLength > 0 && compressed.IsReadBeyondItsEnd)
        {
            throw Damaged($"the part {Shown(entry.Name)} is cut off");
        }

        if (length != entry.Length || crc.GetCurrentHashAsUInt32() != entry.Crc32)
        {
            throw Damaged($"the part {Shown(entry.Name)} is not what was saved");
        }
    }

    private ushort ReadUInt16(long at) => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan((int)at));

    private uint ReadUInt32(long at) => BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan((int)at));

    private ulong ReadUInt64(long at) => BinaryPrimitives.ReadUInt64LittleEndian(_file.AsSpan((int)at));

    internal static string Shown(string name) => $"\"{new string([.. name.Take(80).Select(c => char.IsControl(c) ? '?' : c)])}\"";

    private static TemplatePackageException Damaged(string how, Exception? inner = null)
        => new("damaged", $"The file is damaged: {how}. Open it in Word, let Word repair it, and save it again.", inner);

    /// <summary>Where the record that ends the directory is, how many entries it counts, and where the directory starts.</summary>
    private readonly record struct End(int At, long Count, long Directory);

    /// <summary>An entry's data, which notes when more is asked for: the inflater does so only where it has seen no end.</summary>
    private sealed class EntryData(byte[] file, ZipEntry entry) : MemoryStream(file, entry.DataOffset, entry.CompressedLength, writable: false)
    {
        public bool IsReadBeyondItsEnd { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            IsReadBeyondItsEnd |= Position == Length;
            return base.Read(buffer, offset, count);
        }

        public override int Read(Span<byte> buffer)
        {
            IsReadBeyondItsEnd |= Position == Length;
            return base.Read(buffer);
        }
    }
}
