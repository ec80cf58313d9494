using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ClinicFlow.Documents.Merge;

/// <summary>An image that a record brings into the document.</summary>
/// <param name="PartName">The part's name in the package, without a leading slash.</param>
/// <param name="Bytes">The file.</param>
internal readonly record struct MediaFile(string PartName, ReadOnlyMemory<byte> Bytes);

/// <summary>What a record adds to the relationships of one part.</summary>
/// <param name="Xml">The elements.</param>
/// <param name="Images">The same: of each image its id and its part's name, without a leading slash.</param>
internal sealed record AddedRelationships(byte[] Xml, ImmutableArray<(string Id, string PartName)> Images);

/// <summary>The relationships that a record adds to one part. Reused from document to document.</summary>
/// <param name="imageType">The relationship type of images, in the document's own dialect.</param>
/// <param name="idPrefix">How the ids begin; no relationship of the template begins so.</param>
internal sealed class RelationshipList(string imageType, string idPrefix)
{
    private readonly StringBuilder _xml = new();
    private readonly List<(string Id, string PartName)> _images = [];

    /// <summary>What was added; null where nothing was.</summary>
    public AddedRelationships? Added => _images.Count == 0 ? null : new(Encoding.UTF8.GetBytes(_xml.ToString()), [.. _images]);

    public void Clear()
    {
        _xml.Clear();
        _images.Clear();
    }

    /// <summary>Adds an image; gives the relationship's id.</summary>
    public string AddImage(string partName)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{idPrefix}{_images.Count + 1}");
        _images.Add((id, partName));
        _xml.Append(CultureInfo.InvariantCulture, $"<Relationship Id=\"{id}\" Type=\"{imageType}\" Target=\"/{partName}\"/>");
        return id;
    }
}
