using System.Globalization;
using System.Text;

namespace ClinicFlow.Documents.Merge;

/// <summary>An image that a record brings into the document.</summary>
/// <param name="PartName">The part's name in the package, without a leading slash.</param>
/// <param name="Bytes">The file.</param>
internal readonly record struct MediaFile(string PartName, ReadOnlyMemory<byte> Bytes);

/// <summary>The relationships that a record adds to one part. Reused from document to document.</summary>
/// <param name="imageType">The relationship type of images, in the document's own dialect.</param>
/// <param name="idPrefix">How the ids begin; no relationship of the template begins so.</param>
internal sealed class RelationshipList(string imageType, string idPrefix)
{
    private readonly StringBuilder _xml = new();
    private int _count;

    public bool IsEmpty => _count == 0;

    public void Clear()
    {
        _xml.Clear();
        _count = 0;
    }

    /// <summary>Adds an image; gives the relationship's id.</summary>
    public string AddImage(string partName)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{idPrefix}{++_count}");
        _xml.Append(CultureInfo.InvariantCulture, $"<Relationship Id=\"{id}\" Type=\"{imageType}\" Target=\"/{partName}\"/>");
        return id;
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_xml.ToString());
}
