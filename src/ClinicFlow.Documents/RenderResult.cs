namespace ClinicFlow.Documents;

/// <summary>What became of a render call.</summary>
public abstract record RenderResult
{
    private RenderResult()
    {
    }

    /// <summary>The document is written.</summary>
    /// <param name="LengthBytes">Its length in bytes.</param>
    /// <param name="Warnings">What a person may want to know, such as fields left blank.</param>
    public sealed record Rendered(long LengthBytes, IReadOnlyList<Problem> Warnings) : RenderResult;

    /// <summary>A SKIPIF field left this record out. Nothing is written.</summary>
    public sealed record Skipped : RenderResult;

    /// <summary>The record does not fit the template. Nothing is written.</summary>
    /// <param name="Problems">All that is wrong.</param>
    public sealed record Refused(IReadOnlyList<Problem> Problems) : RenderResult;
}
