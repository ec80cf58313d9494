using System.IO.Compression;
using System.Text;

namespace ClinicFlow.Server.Tests.Hostile;

/// <summary>Makes Word and Excel files, good ones and bad ones.</summary>
internal static class BadFiles
{
    private static readonly string Mebibyte = new('a', 1 << 20);

    private const string Types = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>""";
    private const string Rels = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>""";

    /// <summary>Stands for 200 MiB of one letter in what <see cref="Zip"/> writes, which never holds them as a whole.</summary>
    public const char LettersWithoutEnd = '\uE000';

    /// <summary>A Word document with this text.</summary>
    public static byte[] Template(string text, params (string Name, string Content)[] more)
        => Document($"""<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{System.Security.SecurityElement.Escape(text)}</w:t></w:r></w:p></w:body></w:document>""", more);

    /// <summary>A Word document whose main part is this.</summary>
    public static byte[] Document(string xml, params (string Name, string Content)[] more)
        => Zip([("[Content_Types].xml", Types), ("_rels/.rels", Rels), ("word/document.xml", xml), .. more]);

    /// <summary>A ZIP of texts.</summary>
    public static byte[] Zip(IEnumerable<(string Name, string Content)> entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                var entry = zip.CreateEntry(name);
                entry.LastWriteTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var writer = new StreamWriter(entry.Open(), new UTF8Encoding(false));
                foreach (var (place, piece) in content.Split(LettersWithoutEnd).Index())
                {
                    for (var mebibytes = 0; place > 0 && mebibytes < 200; mebibytes++)
                    {
                        writer.Write(Mebibyte);
                    }

                    writer.Write(piece);
                }
            }
        }

        return stream.ToArray();
    }

    /// <summary>The text of a Word document.</summary>
    public static string TextOf(byte[] docx)
    {
        using var zip = new ZipArchive(new MemoryStream(docx), ZipArchiveMode.Read);
        using var reader = new StreamReader(zip.GetEntry("word/document.xml")!.Open());
        return string.Concat(System.Xml.Linq.XDocument.Parse(reader.ReadToEnd()).Descendants().Where(e => e.Name.LocalName == "t").Select(e => e.Value));
    }
}
