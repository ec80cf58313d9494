using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;

namespace ClinicFlow.Documents.Tests.Merge;

/// <summary>What every document must be, whatever it holds.</summary>
internal static class Validity
{
    /// <summary>Asserts that the Open XML SDK finds nothing wrong with a document.</summary>
    public static void Assert(byte[] docx)
    {
        using var stream = new MemoryStream(docx);
        using var document = WordprocessingDocument.Open(stream, isEditable: false);
        var errors = new OpenXmlValidator(FileFormatVersions.Microsoft365).Validate(document)
            .Select(error => $"{error.Part?.Uri} {error.Path?.XPath}: {error.Description}").Take(10).ToArray();
        Xunit.Assert.True(errors.Length == 0, string.Join('\n', errors));
    }
}
