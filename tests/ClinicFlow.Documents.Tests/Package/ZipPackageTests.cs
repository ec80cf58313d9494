using System.Text;
using ClinicFlow.Documents.Package;
using Xunit;

namespace ClinicFlow.Documents.Tests.Package;

public sealed class ZipPackageTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(i => $"line {i * i}\n")));

    [Fact]
    public void Entries_are_read_as_they_were_written()
    {
        var zip = Open(new RawZip().Add("a.xml", Text).Add("folder/", []).Add("folder/b.bin", [1, 2, 3], entry => entry with { Method = 0, Data = [1, 2, 3], Compressed = 3 }).Add("empty", []));

        Assert.Equal(["a.xml", "folder/b.bin", "empty"], zip.Entries.Select(entry => entry.Name));
        Assert.Equal(Text, zip.Read(zip.Find("A.XML")!));
        Assert.Equal([1, 2, 3], zip.Read(zip.Find("folder/b.bin")!));
        Assert.Empty(zip.Read(zip.Find("empty")!));
        Assert.Equal(RawZip.Deflate(Text), zip.CompressedBytes(zip.Find("a.xml")!).ToArray());
        Assert.Null(zip.Find("folder"));
    }

    [Fact]
    public void Lengths_behind_the_data_backslashes_and_a_comment_are_taken()
    {
        var zip = Open(new RawZip { Comment = "made by a PK\u0005\u0006 program" }.Add(@"word\document.xml", Text, entry => entry with { HasDescriptor = true, Flags = 8 }).Add("b", Text));

        Assert.Equal(Text, zip.Read(zip.Find("word/document.xml")!));
        Assert.Equal(Text, zip.Read(zip.Find("b")!));
    }

    [Fact]
    public void A_zip64_file_is_read()
    {
        var zip = Open(new RawZip { IsZip64 = true }.Add("a", Text).Add("b", [7]));

        Assert.Equal(Text, zip.Read(zip.Find("a")!));
        Assert.Equal([7], zip.Read(zip.Find("b")!));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("word/../../evil")]
    [InlineData(@"..\evil")]
    [InlineData("/etc/passwd")]
    [InlineData(@"\\host\share")]
    [InlineData("a//b")]
    [InlineData("./a")]
    [InlineData("a/.")]
    [InlineData("")]
    [InlineData("a\0.xml")]
    [InlineData("a\n.xml")]
    public void A_name_that_leads_elsewhere_is_refused(string name) => Refused("damaged", new RawZip().Add(name, Text));

    [Fact]
    public void A_name_without_end_is_refused() => Refused("damaged", new RawZip().Add(new string('a', 501), Text));

    [Theory]
    [InlineData("a.xml", "a.xml")]
    [InlineData("a.xml", "A.XML")]
    [InlineData("w/a.xml", @"w\a.xml")]
    public void Two_entries_of_one_name_are_refused(string first, string second)
        => Refused("damaged", new RawZip().Add(first, Text).Add(second, Text));

    [Fact]
    public void An_encrypted_entry_is_refused()
        => Refused("password-protected", new RawZip().Add("a", Text, entry => entry with { Flags = 1 }));

    [Theory]
    [InlineData(1)] // shrunk
    [InlineData(9)] // deflate64
    [InlineData(12)] // bzip2
    [InlineData(99)] // AES
    public void A_method_that_Word_does_not_use_is_refused(ushort method)
        => Refused("damaged", new RawZip().Add("a", Text, entry => entry with { Method = method }));

    [Fact]
    public void Entries_that_share_their_data_are_refused()
        => Refused("damaged", new RawZip().Add("a", Text).Add("b", Text, entry => entry with { SharesDataOf = 0 }));

    [Fact]
    public void An_entry_whose_data_holds_another_one_is_refused()
    {
        // The quoted-overlap bomb: the local header of the second is inside the stored data of the first.
        var inner = new RawZip().Add("b", Text).Bytes();
        var zip = new RawZip().Add("a", inner, entry => entry with { Method = 0, Data = inner, Compressed = (uint)inner.Length })
            .Add("b", Text, entry => entry with { SharesDataOf = 0, PlaceOffBy = 31 });

        Refused("damaged", zip);
    }

    [Fact]
    public void An_entry_whose_header_lies_in_another_ones_data_is_refused()
    {
        // Only the header overlaps: its name and data come after the first entry's end.
        byte[] header = [.. "PK\u0003\u0004"u8, .. new byte[26]];
        var zip = new RawZip().Add("a", header, entry => entry with { Method = 0, Data = header, Compressed = 30 })
            .Add("b", [], entry => entry with { SharesDataOf = 0, PlaceOffBy = 31, Method = 0, Data = [], Compressed = 0 });

        Refused("damaged", zip);
    }

    [Fact]
    public void An_entry_that_reaches_into_the_directory_is_refused()
        => Refused("damaged", new RawZip().Add("a", Text, entry => entry with { Method = 0, Compressed = (uint)entry.Data.Length + 9, Length = (uint)entry.Data.Length + 9 }));

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    [InlineData(int.MinValue)]
    public void An_entry_that_is_not_where_the_directory_says_is_refused(int offBy)
        => Refused("damaged", new RawZip().Add("a", Text).Add("b", Text, entry => entry with { PlaceOffBy = offBy }));

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(500_000)]
    public void A_length_that_lies_is_refused(int offBy)
        => Refused("damaged", new RawZip().Add("a", Text, entry => entry with { Length = (uint)(entry.Length + offBy) }));

    [Theory]
    [InlineData(-3)]
    [InlineData(100_000)]
    [InlineData(int.MaxValue)]
    public void A_compressed_length_that_lies_is_refused(int offBy)
        => Refused("damaged", new RawZip().Add("a", Text, entry => entry with { Compressed = (uint)(entry.Compressed + offBy) }));

    [Fact]
    public void A_stored_entry_of_two_lengths_is_refused()
        => Refused("damaged", new RawZip().Add("a", Text, entry => entry with { Method = 0 }));

    [Fact]
    public void A_checksum_that_lies_is_refused()
        => Refused("damaged", new RawZip().Add("a", Text, entry => entry with { Crc = entry.Crc ^ 1 }));

    [Fact]
    public void Deflated_data_without_an_end_is_refused()
    {
        // All bytes come out of it and their checksum is right, but the last block never ends: no copy of it would open.
        byte[] open = [0, 3, 0, 0xFC, 0xFF, .. "abc"u8];
        Refused("damaged", new RawZip().Add("a", "abc"u8.ToArray(), entry => entry with { Data = open, Compressed = (uint)open.Length }));
    }

    [Fact]
    public void More_entries_than_allowed_are_refused()
    {
        var zip = new RawZip();
        for (var i = 0; i < 11; i++)
        {
            zip.Add($"e{i}", []);
        }

        Assert.Equal(11, Open(zip, new PackageLimits { MaxEntries = 11 }).Entries.Count);
        Refused("too-many-entries", zip, new PackageLimits { MaxEntries = 10 });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_number_of_entries_that_lies_is_refused(bool isZip64)
    {
        Refused("damaged", new RawZip { Count = 3, IsZip64 = isZip64 }.Add("a", Text).Add("b", Text));
        Refused("too-many-entries", new RawZip { Count = 65535, IsZip64 = isZip64 }.Add("a", Text).Add("b", Text));
    }

    [Fact]
    public void A_file_over_its_limit_is_refused_before_it_is_read_to_the_end()
    {
        using var endless = new EndlessStream();
        var refusal = Assert.Throws<TemplatePackageException>(() => ZipPackage.Open(endless, new PackageLimits { MaxFileBytes = 1 << 20 }));

        Assert.Equal("too-large", refusal.Code);
        Assert.True(endless.Position <= 2 << 20, "it read on");
    }

    [Fact]
    public void Parts_that_are_too_large_together_are_refused()
    {
        var zip = new RawZip().Add("a", new byte[600_000]).Add("b", new byte[400_000]);

        Assert.Equal(2, Open(zip, new PackageLimits { MaxInflatedBytes = 1_000_000 }).Entries.Count);
        Refused("inflates-too-much", zip, new PackageLimits { MaxInflatedBytes = 999_999 });
    }

    [Fact]
    public void A_part_that_inflates_out_of_proportion_is_refused()
        => Refused("inflates-too-much", new RawZip().Add("a", new byte[2 << 20]));

    [Fact]
    public void A_bomb_that_states_a_small_length_is_stopped_at_that_length()
        => Refused("damaged", new RawZip().Add("a", new byte[64 << 20], entry => entry with { Length = 1 << 20 }));

    [Fact]
    public void A_stated_length_costs_no_memory_before_the_data_proves_it()
    {
        var noise = new byte[3 << 20];
        new Random(5).NextBytes(noise);
        var file = new RawZip().Add("a", noise, entry => entry with { Length = 500 << 20 }).Bytes();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused("damaged", file);

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 50 << 20, "the stated length was allocated");
    }

    [Fact]
    public void A_file_that_is_cut_off_anywhere_is_refused()
    {
        var file = new RawZip().Add("[Content_Types].xml", Text).Add("word/document.xml", Text).Bytes();
        for (var length = 0; length < file.Length; length++)
        {
            var refusal = Assert.Throws<TemplatePackageException>(() => ZipPackage.Open(new MemoryStream(file, 0, length), PackageLimits.Default));
            Assert.True(refusal.Code is "damaged" or "not-a-zip", $"cut at {length}: {refusal.Code}");
        }
    }

    [Theory]
    [InlineData("", "not-a-zip", "empty")]
    [InlineData("hello, this is plain text and no ZIP file", "not-a-zip", "no Word document")]
    [InlineData("{\\rtf1\\ansi Dear patient, this is an old letter}", "not-a-zip", "RTF")]
    [InlineData("%PDF-1.7 and so on and on", "not-a-zip", "PDF")]
    public void Other_files_are_named(string content, string code, string word)
        => Assert.Contains(word, Refused(code, Encoding.ASCII.GetBytes(content)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("WordDocument", "legacy-doc", ".doc")]
    [InlineData("EncryptedPackage", "password-protected", "password")]
    [InlineData("Workbook", "not-a-docx", "Excel")]
    [InlineData("PowerPoint Document", "not-a-docx", "PowerPoint")]
    [InlineData("Contents", "legacy-doc", "old Office")]
    public void Old_Office_files_are_told_apart(string stream, string code, string word)
    {
        byte[] file = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[504], .. Encoding.Unicode.GetBytes(stream), .. new byte[100]];

        Assert.Contains(word, Refused(code, file).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_shows_no_more_of_a_name_than_is_safe()
    {
        var message = Refused("damaged", new RawZip().Add("../\u001b[31m\r\n" + new string('x', 400), Text)).Message;

        Assert.DoesNotContain(message, char.IsControl);
        Assert.True(message.Length < 300);
    }

    private static ZipPackage Open(RawZip zip, PackageLimits? limits = null) => ZipPackage.Open(new MemoryStream(zip.Bytes()), limits ?? PackageLimits.Default);

    private static TemplatePackageException Refused(string code, RawZip zip, PackageLimits? limits = null) => Refused(code, zip.Bytes(), limits);

    private static TemplatePackageException Refused(string code, byte[] file, PackageLimits? limits = null)
    {
        var refusal = Assert.Throws<TemplatePackageException>(() => ZipPackage.Open(new MemoryStream(file), limits ?? PackageLimits.Default));
        Assert.Equal(code, refusal.Code);
        return refusal;
    }

    /// <summary>A ZIP file's start, and then zeros without end.</summary>
    private sealed class EndlessStream : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _position; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Clear();
            if (_position == 0)
            {
                "PK\u0003\u0004"u8.CopyTo(buffer.AsSpan(offset));
            }

            _position += count;
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
