using System.Xml.Linq;
using ClinicFlow.Documents.Merge;

namespace ClinicFlow.Documents.Docx;

/// <summary>Writing a part that was changed when the template was compiled.</summary>
internal static class XmlBytes
{
    /// <summary>A document as UTF-8 without a byte order mark.</summary>
    public static byte[] Of(XDocument document)
        => [.. "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"u8, .. ProgramWriter.Serialize(document.Root!)];
}
