using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ClinicFlow.Documents.Data;

/// <summary>
/// Makes the values of one record after the other from JSON: the same values and problems as
/// <see cref="MergeObjectJson.TryParse"/> makes, sooner where records have the same names in the same order, which then
/// share them. Keeps names, never a value. For one thread at a time.
/// </summary>
public sealed class MergeObjectReader
{
    private readonly JsonShape _shape = new();

    /// <summary>Makes the values from a JSON object. Comments and trailing commas are allowed.</summary>
    /// <param name="utf8">The object as UTF-8; it is not kept.</param>
    /// <param name="values">The values; null where it cannot be done.</param>
    /// <param name="problem">What is wrong with it, by field names or the line; null where nothing is.</param>
    /// <returns>Whether it could be done.</returns>
    public bool TryRead(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out MergeObject? values, [NotNullWhen(false)] out Problem? problem)
    {
        if (_shape.TryReadAgain(utf8.Span, out values))
        {
            problem = null;
            return true;
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, JsonRecords.DocumentOptions);
            return _shape.TryRead(document.RootElement, out values, out problem);
        }
        catch (JsonException e)
        {
            values = null;
            problem = MergeObjectJson.BrokenProblem(e);
            return false;
        }
    }
}
