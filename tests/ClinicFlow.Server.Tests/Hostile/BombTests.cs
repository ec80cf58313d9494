using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;
using static ClinicFlow.Server.Tests.Hostile.HostileServer;

namespace ClinicFlow.Server.Tests.Hostile;

/// <summary>Small files that would become large ones, as templates and as data.</summary>
public sealed class BombTests(HostileTest.OneServer server) : HostileTest(server)
{
    private const string Word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    private const string Entities = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]>";
    private const string Outside = "<!DOCTYPE d [<!ENTITY d SYSTEM \"file:///etc/passwd\">]>";

    public static TheoryData<string> Templates => [.. Bombs("word/document.xml", $"<w:document xmlns:w=\"{Word}\"><w:body><w:p><w:r><w:t>", "</w:t></w:r></w:p></w:body></w:document>").Select(bomb => bomb.Name)];

    public static TheoryData<string> Workbooks => [.. WorkbookBombs().Select(bomb => bomb.Name)];

    [Theory]
    [MemberData(nameof(Templates))]
    public async Task A_template_that_is_a_bomb_is_refused_and_leaves_nothing(string bomb)
    {
        var docx = Bombs("word/document.xml", $"<w:document xmlns:w=\"{Word}\"><w:body><w:p><w:r><w:t>", "</w:t></w:r></w:p></w:body></w:document>").Single(one => one.Name == bomb).Make();
        Assert.True(docx.Length < Limit, "The bomb is refused for its size already.");
        var before = await CountAsync();

        foreach (var (path, publish) in new[] { ("/api/v1/templates", true), ("/api/v1/templates", false), ($"/api/v1/templates/{Server.TemplateId}/versions", false) })
        {
            using var answer = await AddTemplateAsync(Server.Anna, docx, "bomb.docx", publish: publish, path: path);
            await RefusedAsync(answer, HttpStatusCode.UnprocessableEntity, "inflates-too-much", "dtd-not-allowed", "nested-too-deep", "bad-xml", "damaged");
        }

        Assert.Equal(before, await CountAsync());
    }

    [Theory]
    [MemberData(nameof(Workbooks))]
    public async Task A_workbook_that_is_a_bomb_is_refused_and_makes_no_job(string bomb)
    {
        var xlsx = WorkbookBombs().Single(one => one.Name == bomb).Make();
        Assert.True(xlsx.Length < Limit, "The bomb is refused for its size already.");

        foreach (var path in new[] { "/api/v1/batch-jobs/import", "/api/v1/batch-jobs/import/preview" })
        {
            using var answer = await Server.ImportAsync(Server.Anna, new JsonObject { ["name"] = "bomb " + bomb }, xlsx, "patients.xlsx", path);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, $"{answer.StatusCode}: {text[..Math.Min(text.Length, 500)]}");
        }

        using var list = await Server.Anna.GetAsync("/api/v1/batch-jobs?text=" + Uri.EscapeDataString("bomb " + bomb), Cancellation);
        Assert.Empty((await JsonAsync(list))["items"]!.AsArray());
        Assert.Empty(new DirectoryInfo(Path.Combine(Server.Server.DataFolder, "uploads")).EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_workbook_that_is_none_works_so_the_bombs_are_refused_for_what_they_are()
    {
        using var answer = await Server.ImportAsync(Server.Anna, [], Workbook("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>patientName</t></is></c></row><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>A</t></is></c></row>"), "patients.xlsx");

        await JsonAsync(answer, HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_picture_that_is_a_bomb_fails_its_document_only()
    {
        using var added = await AddTemplateAsync(Server.Anna, BadFiles.Template("{{image photo}}"), "picture.docx", name: "Picture");
        var order = Server.Job();
        order["templateId"] = (await JsonAsync(added, HttpStatusCode.Created))["id"]!.DeepClone();
        order["requests"]![0]!["mergeData"] = new JsonObject { ["photo"] = "data:image/png;base64," + Convert.ToBase64String(HugePng(60_000)) };
        order["requests"]!.AsArray().Add(new JsonObject { ["documentName"] = "good", ["mergeData"] = new JsonObject { ["photo"] = "data:image/png;base64," + Convert.ToBase64String(HugePng(1)) } });

        var done = await RunAsync(Server.Anna, order);

        Assert.Equal((1, 1), ((int)done["progress"]!["failed"]!, (int)done["progress"]!["succeeded"]!));
    }

    private async Task<int> CountAsync()
    {
        using var answer = await Server.Anna.GetAsync("/api/v1/templates", Cancellation);
        return (await JsonAsync(answer))["items"]!.AsArray().Sum(template => template!["versions"]!.AsArray().Count);
    }

    private static IEnumerable<(string Name, Func<byte[]> Make)> Bombs(string part, string before, string after)
    {
        yield return ("200 MiB of one letter", () => Word1(before + BadFiles.LettersWithoutEnd + after));
        yield return ("entities within entities", () => Word1(Entities + before + "&d;" + after));
        yield return ("an entity from a file", () => Word1(Outside + before + "&d;" + after));
        yield return ("elements without end", () => Word1(before + string.Concat(Enumerable.Repeat("<a>", 20_000))));
        yield return ("a size that is a lie", () => Lie(Word1(before + new string('a', 20 << 20) + after), part));
        yield return ("one entry under a thousand names", () => Overlap(Word1(before + "x" + after), part));
        static byte[] Word1(string xml) => BadFiles.Document(xml);
    }

    private static IEnumerable<(string Name, Func<byte[]> Make)> WorkbookBombs()
    {
        var row = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>patientName</t></is></c></row>";
        yield return ("200 MiB in a cell", () => Workbook(row + "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>" + BadFiles.LettersWithoutEnd + "</t></is></c></row>"));
        yield return ("200 MiB of shared strings", () => Workbook(row, strings: "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>" + BadFiles.LettersWithoutEnd + "</t></si></sst>"));
        yield return ("entities within entities", () => Workbook(row + "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>&d;</t></is></c></row>", Entities));
        yield return ("an entity from a file", () => Workbook(row + "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>&d;</t></is></c></row>", Outside));
        yield return ("a size that is a lie", () => Lie(Workbook(row + new string(' ', 20 << 20)), "xl/worksheets/sheet1.xml"));
        yield return ("a column without end", () => Workbook("<row r=\"1\"><c r=\"ZZZZZZ1\" t=\"inlineStr\"><is><t>patientName</t></is></c></row>"));
    }

    private static byte[] Workbook(string rows, string declaration = "", string? strings = null)
    {
        const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const string Package = "http://schemas.openxmlformats.org/package/2006/relationships";
        List<(string, string)> parts =
        [
            ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>"),
            ("_rels/.rels", $"<Relationships xmlns=\"{Package}\"><Relationship Id=\"r1\" Type=\"{Office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
            ("xl/workbook.xml", $"<workbook xmlns=\"{Main}\" xmlns:r=\"{Office}\"><sheets><sheet name=\"One\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
            ("xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"{Package}\"><Relationship Id=\"r1\" Type=\"{Office}/worksheet\" Target=\"worksheets/sheet1.xml\"/>{(strings is null ? "" : $"<Relationship Id=\"r2\" Type=\"{Office}/sharedStrings\" Target=\"sharedStrings.xml\"/>")}</Relationships>"),
            ("xl/worksheets/sheet1.xml", $"{declaration}<worksheet xmlns=\"{Main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ];
        if (strings is not null)
        {
            parts.Add(("xl/sharedStrings.xml", strings));
        }

        return BadFiles.Zip(parts);
    }

    /// <summary>Makes the directory say that a part is small.</summary>
    private static byte[] Lie(byte[] zip, string part)
    {
        var at = zip.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(part)) - 46;
        Assert.Equal(0x02014b50u, BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(at)));
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(at + 24), 1_000);
        return zip;
    }

    /// <summary>Names one entry many times in the directory.</summary>
    private static byte[] Overlap(byte[] zip, string part)
    {
        var end = zip.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        var directory = (int)BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(end + 16));
        var at = zip.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(part)) - 46;
        var entry = zip.AsSpan(at, 46 + part.Length).ToArray();
        var result = new List<byte>(zip[..end]);
        for (var i = 0; i < 1_000; i++)
        {
            var again = entry.ToArray();
            Encoding.ASCII.GetBytes($"x{i:0000}").CopyTo(again.AsSpan(46));
            result.AddRange(again);
        }

        var size = result.Count - directory;
        var tail = zip[end..];
        var count = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(8)) + 1_000);
        BinaryPrimitives.WriteUInt16LittleEndian(tail.AsSpan(8), count);
        BinaryPrimitives.WriteUInt16LittleEndian(tail.AsSpan(10), count);
        BinaryPrimitives.WriteUInt32LittleEndian(tail.AsSpan(12), (uint)size);
        result.AddRange(tail);
        return [.. result];
    }

    /// <summary>A PNG of one grey, as wide and as high as asked.</summary>
    private static byte[] HugePng(int side)
    {
        using var output = new MemoryStream();
        output.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        header[8] = 8;
        Chunk("IHDR", header);
        using (var pixels = new MemoryStream())
        {
            using (var deflate = new ZLibStream(pixels, CompressionLevel.Optimal, leaveOpen: true))
            {
                deflate.Write(new byte[(int)Math.Min((side + 1L) * side, 1 << 20)]);
            }

            Chunk("IDAT", pixels.ToArray());
        }

        Chunk("IEND", []);
        return output.ToArray();

        void Chunk(string type, byte[] content)
        {
            Span<byte> number = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
            output.Write(number);
            byte[] body = [.. Encoding.ASCII.GetBytes(type), .. content];
            output.Write(body);
            BinaryPrimitives.WriteUInt32BigEndian(number, System.IO.Hashing.Crc32.HashToUInt32(body));
            output.Write(number);
        }
    }
}
