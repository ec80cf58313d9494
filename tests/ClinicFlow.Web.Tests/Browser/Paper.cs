using System.IO.Compression;
using System.Security;
using System.Text;
using System.Text.Json.Nodes;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Web.Tests.Browser;

/// <summary>Templates, lists of patients and jobs, as tests need them.</summary>
internal static class Paper
{
    /// <summary>A Word file of paragraphs.</summary>
    public static byte[] Word(params string[] paragraphs)
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(zip, "[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>""");
            Write(zip, "_rels/.rels", """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>""");
            var body = string.Concat(paragraphs.Select(text => $"<w:p><w:r><w:t xml:space=\"preserve\">{SecurityElement.Escape(text)}</w:t></w:r></w:p>"));
            Write(zip, "word/document.xml", $"""<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>""");
        }

        return file.ToArray();
    }

    /// <summary>An Excel workbook of sheets, each of rows of text cells; a sheet whose name begins with <c>(hidden)</c> is not shown.</summary>
    public static byte[] Workbook(params (string Name, string[][] Rows)[] sheets)
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            var numbers = Enumerable.Range(1, sheets.Length).ToArray();
            Write(zip, "[Content_Types].xml", $"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{string.Concat(numbers.Select(i => $"<Override PartName=\"/xl/worksheets/sheet{i}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"))}</Types>""");
            Write(zip, "_rels/.rels", """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
            Write(zip, "xl/workbook.xml", $"""<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{string.Concat(numbers.Select(i => $"<sheet name=\"{SecurityElement.Escape(sheets[i - 1].Name)}\" sheetId=\"{i}\" {(sheets[i - 1].Name.StartsWith("(hidden)", StringComparison.Ordinal) ? "state=\"hidden\" " : "")}r:id=\"rId{i}\"/>"))}</sheets></workbook>""");
            Write(zip, "xl/_rels/workbook.xml.rels", $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{string.Concat(numbers.Select(i => $"<Relationship Id=\"rId{i}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>"))}</Relationships>""");
            foreach (var i in numbers)
            {
                var rows = sheets[i - 1].Rows.Select((cells, row) => $"<row r=\"{row + 1}\">{string.Concat(cells.Select((cell, column) => $"<c r=\"{(char)('A' + column)}{row + 1}\" t=\"inlineStr\"><is><t>{SecurityElement.Escape(cell)}</t></is></c>"))}</row>");
                Write(zip, $"xl/worksheets/sheet{i}.xml", $"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{string.Concat(rows)}</sheetData></worksheet>""");
            }
        }

        return file.ToArray();
    }

    /// <summary>What a Word file says.</summary>
    public static string TextOf(Stream word)
    {
        using var zip = new ZipArchive(word);
        using var reader = new StreamReader(zip.GetEntry("word/document.xml")!.Open());
        return reader.ReadToEnd();
    }

    /// <summary>A published template.</summary>
    public static async Task<Template> AddTemplateAsync(ClinicFlowClient client, string name, params string[] paragraphs)
        => await client.Templates.AddAsync(new MemoryStream(Word(paragraphs)), "letter.docx", name, publish: true);

    /// <summary>A job of letters.</summary>
    public static Task<Job> CreateAsync(ClinicFlowClient client, Guid templateId, string name, int count, OutputFormat format = OutputFormat.Docx, int without = 0, int atOnce = 5)
        => client.Jobs.CreateAsync(new NewJob
        {
            Name = name,
            TemplateId = templateId,
            Settings = new JobSettings { OutputFormat = format, MaxConcurrentProcessing = atOnce },
            Requests = [.. Enumerable.Range(1, count).Select(i => new DocumentRequest
            {
                DocumentName = $"Letter {i:000}",
                PatientId = $"P-{i:000}",
                MergeData = i <= without ? [] : new JsonObject { ["firstName"] = $"Ada{i}", ["lastName"] = $"Testperson{i}" },
            })],
        });

    /// <summary>Waits for the end of a job.</summary>
    public static async Task<JobProgress> EndAsync(ClinicFlowClient client, Guid id)
    {
        JobProgress? last = null;
        await foreach (var step in client.Jobs.WatchAsync(id))
        {
            last = step;
        }

        return last!;
    }

    private static void Write(ZipArchive zip, string name, string text)
    {
        var entry = zip.CreateEntry(name);
        entry.LastWriteTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var writer = new StreamWriter(entry.Open(), new UTF8Encoding(false));
        writer.Write(text);
    }
}
