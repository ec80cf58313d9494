using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ClinicFlow.Documents.Docx;

/// <summary>Writing a part that was changed when the template was compiled.</summary>
internal static class XmlBytes
{
    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(false), Indent = false };

    /// <summary>A document as UTF-8 without a byte order mark.</summary>
    public static byte[] Of(XDocument document)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, Settings))
        {
            document.Save(writer);
        }

        return stream.ToArray();
    }
}
