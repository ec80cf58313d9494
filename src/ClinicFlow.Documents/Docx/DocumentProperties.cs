using ClinicFlow.Documents.Package;

namespace ClinicFlow.Documents.Docx;

/// <summary>The properties of the template, for DOCPROPERTY, AUTHOR, TITLE and their like.</summary>
internal static class DocumentProperties
{
    // The element names of core.xml (ECMA-376 Part 2 §11) under the names that Word's fields use.
    private static readonly Dictionary<string, string> WordNameOf = new(StringComparer.Ordinal)
    {
        ["creator"] = "Author",
        ["title"] = "Title",
        ["subject"] = "Subject",
        ["keywords"] = "Keywords",
        ["description"] = "Comments",
        ["category"] = "Category",
        ["lastModifiedBy"] = "LastSavedBy",
        ["revision"] = "RevisionNumber",
        ["created"] = "CreateTime",
        ["modified"] = "LastSavedTime",
        ["lastPrinted"] = "LastPrinted",
        ["contentStatus"] = "Content status",
    };

    /// <summary>Reads core, extended and custom properties; names compare case-insensitively.</summary>
    public static IReadOnlyDictionary<string, string> Read(OpcPackage package)
    {
        var properties = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var relationship in package.RelationshipsOf(""))
        {
            if (relationship.IsExternal || !package.Has(relationship.Target))
            {
                continue;
            }

            var kind = relationship.Type[(relationship.Type.LastIndexOf('/') + 1)..];
            switch (kind)
            {
                case "core-properties":
                    foreach (var element in package.ReadXml(relationship.Target).Root!.Elements())
                    {
                        properties[WordNameOf.GetValueOrDefault(element.Name.LocalName, element.Name.LocalName)] = element.Value;
                    }

                    break;
                case "extended-properties":
                    foreach (var element in package.ReadXml(relationship.Target).Root!.Elements().Where(element => !element.HasElements))
                    {
                        properties.TryAdd(element.Name.LocalName, element.Value);
                    }

                    break;
                case "custom-properties":
                    foreach (var element in package.ReadXml(relationship.Target).Root!.Elements())
                    {
                        if (element.Attribute("name")?.Value is { } name)
                        {
                            properties[name] = element.Value;
                        }
                    }

                    break;
            }
        }

        return properties;
    }
}
