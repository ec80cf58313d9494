using System.Buffers;
using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Xunit;

namespace ClinicFlow.Documents.Tests.Content;

/// <summary>A minimal document around what is written, and the Open XML SDK's verdict on it.</summary>
internal static class WordFile
{
    private const string Main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    /// <summary>The 1×1 PNG that stands for every picture.</summary>
    public static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    public static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(output.WrittenSpan);
    }

    /// <summary>A document with a body, a picture <c>rIdP</c> and the rich content's numbering.</summary>
    public static byte[] Make(string body, string numbering = "")
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "[Content_Types].xml", """
                <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/></Types>
                """);
            Add(zip, "_rels/.rels", """
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>
                """);
            Add(zip, "word/_rels/document.xml.rels", """
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/><Relationship Id="rIdP" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/p.png"/></Relationships>
                """);
            Add(zip, "word/document.xml", $"""<w:document xmlns:w="{Main}"><w:body>{body}<w:sectPr/></w:body></w:document>""");
            Add(zip, "word/numbering.xml", $"""<w:numbering xmlns:w="{Main}">{numbering}</w:numbering>""");
            using var picture = zip.CreateEntry("word/media/p.png").Open();
            picture.Write(Png);
        }

        return stream.ToArray();
    }

    /// <summary>Asserts that the SDK finds nothing wrong.</summary>
    public static void AssertValid(string body, string numbering = "")
    {
        using var document = WordprocessingDocument.Open(new MemoryStream(Make(body, numbering)), isEditable: false);
        var errors = new OpenXmlValidator(FileFormatVersions.Office2019).Validate(document, TestContext.Current.CancellationToken)
            .Select(error => $"{error.Path?.XPath}: {error.Description}")
            .Take(5);
        Assert.Empty(errors);
    }

    private static void Add(ZipArchive zip, string name, string content)
    {
        using var entry = zip.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes(content.Trim()));
    }
}
