using System.Globalization;
using System.Security;
using System.Text;
using System.Xml;
using ClinicFlow.Documents.Layout.Pages;

namespace ClinicFlow.Documents.Pdf;

/// <summary>What the file says of itself, twice: as XMP, which archives read, and as the information dictionary, which must agree (ISO 19005-2, 6.6.2).</summary>
internal static class Metadata
{
    private const string Producer = "ClinicFlow Documents";

    public static byte[] Xmp(DocumentFacts facts, PdfOptions options)
    {
        var xmp = new StringBuilder();
        xmp.Append("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">")
            .Append("<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">")
            .Append("<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance><dc:format>application/pdf</dc:format>");
        Add("<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">", facts.Title, "</rdf:li></rdf:Alt></dc:title>");
        Add("<dc:creator><rdf:Seq><rdf:li>", facts.Author, "</rdf:li></rdf:Seq></dc:creator>");
        Add("<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">", facts.Subject, "</rdf:li></rdf:Alt></dc:description>");
        Add("<pdf:Keywords>", facts.Keywords, "</pdf:Keywords>");
        Add("<dc:language><rdf:Bag><rdf:li>", facts.Language, "</rdf:li></rdf:Bag></dc:language>");
        Add("<pdf:Producer>", Producer, "</pdf:Producer>");
        if (options.Created is { } created)
        {
            Add("<xmp:CreateDate>", created.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture), "</xmp:CreateDate>");
        }

        xmp.Append("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>");
        return Encoding.UTF8.GetBytes(xmp.ToString());

        void Add(string before, string? value, string after)
        {
            if (Clean(value) is { Length: > 0 } text)
            {
                xmp.Append(before).Append(SecurityElement.Escape(text)).Append(after);
            }
        }
    }

    public static void WriteInfo(PdfBuffer output, DocumentFacts facts, PdfOptions options)
    {
        output.Write("<<"u8);
        Add("/Title"u8, facts.Title);
        Add("/Author"u8, facts.Author);
        Add("/Subject"u8, facts.Subject);
        Add("/Keywords"u8, facts.Keywords);
        Add("/Producer"u8, Producer);
        if (options.Created is { } created)
        {
            Add("/CreationDate"u8, created.ToString("'D:'yyyyMMddHHmmss", CultureInfo.InvariantCulture) + created.ToString("zzz", CultureInfo.InvariantCulture).Replace(':', '\'') + "'");
        }

        output.Write(">>"u8);

        void Add(ReadOnlySpan<byte> name, string? value)
        {
            if (Clean(value) is { Length: > 0 } text)
            {
                output.Write(name).Text(text);
            }
        }
    }

    // What XML cannot hold, neither says.
    private static string? Clean(string? value) => value is null || value.All(c => XmlConvert.IsXmlChar(c)) ? value?.Trim()
        : string.Concat(value.EnumerateRunes().Where(rune => rune.Value >= 0x20 && rune.Value is not (0xFFFE or 0xFFFF)).Select(rune => rune.ToString())).Trim();
}
