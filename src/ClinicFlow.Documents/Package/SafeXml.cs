using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ClinicFlow.Documents.Package;

/// <summary>Reading XML of unknown origin: no DTD, nothing from outside, bounded depth.</summary>
internal static class SafeXml
{
    // A document of a thousand pages has some 500,000; a tree of a million takes some 200 MB.
    private const int MaxElements = 1_000_000;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    };

    /// <summary>Loads a part.</summary>
    /// <param name="bytes">The part.</param>
    /// <param name="partName">Its name, for messages.</param>
    /// <param name="maxDepth">How deep elements may nest.</param>
    /// <exception cref="TemplatePackageException">It is no XML, has a DTD, or nests too deep.</exception>
    public static XDocument Load(byte[] bytes, string partName, int maxDepth)
    {
        var hasElement = false;
        var elements = 0;
        try
        {
            // Depth first, with a reader that keeps nothing: the tree is only built of what is not too deep.
            using (var reader = XmlReader.Create(new MemoryStream(bytes, writable: false), Settings))
            {
                while (reader.Read())
                {
                    hasElement |= reader.NodeType == XmlNodeType.Element;
                    if (reader.NodeType == XmlNodeType.Element && ++elements > MaxElements)
                    {
                        throw new TemplatePackageException("too-large", $"The part {ZipPackage.Shown(partName)} has more than {MaxElements:N0} elements. Use a smaller template.");
                    }

                    if (reader.Depth > maxDepth)
                    {
                        throw new TemplatePackageException("nested-too-deep", $"The part {ZipPackage.Shown(partName)} nests elements more than {maxDepth} deep. This is no ordinary Word document.");
                    }
                }
            }

            using var again = XmlReader.Create(new MemoryStream(bytes, writable: false), Settings);
            return XDocument.Load(again, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException e) when (!hasElement && HasDocumentType(bytes))
        {
            throw new TemplatePackageException("dtd-not-allowed", $"The part {ZipPackage.Shown(partName)} holds a document type definition, which no Word document has.", e);
        }
        catch (XmlException e)
        {
            throw new TemplatePackageException("bad-xml", $"The part {ZipPackage.Shown(partName)} is no well-formed XML (line {e.LineNumber}, column {e.LinePosition}). Open the file in Word, let Word repair it, and save it again.", e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            // An encoding that is not known or not allowed.
            throw new TemplatePackageException("bad-xml", $"The part {ZipPackage.Shown(partName)} is no XML that can be read.", e);
        }
    }

    private static bool HasDocumentType(ReadOnlySpan<byte> bytes)
        => bytes.IndexOf("<!DOCTYPE"u8) >= 0 || bytes.IndexOf(Encoding.Unicode.GetBytes("<!DOCTYPE")) >= 0 || bytes.IndexOf(Encoding.BigEndianUnicode.GetBytes("<!DOCTYPE")) >= 0;
}
