using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents;

/// <summary>
/// A line of text with value tags, such as the name of a file: <c>{{lastName}} consent</c>. Values and formatters are
/// those of documents; sections are not for lines. Immutable, and safe for concurrent calls.
/// </summary>
public sealed class TextTemplate
{
    private TextTemplate()
    {
    }

    /// <summary>What is wrong with the text, all at once. With a problem it cannot be rendered.</summary>
    public IReadOnlyList<Problem> Problems { get; } = [];

    /// <summary>The fields it reads, in order, each once.</summary>
    public IReadOnlyList<string> Fields { get; } = [];

    /// <summary>Parses a text.</summary>
    /// <param name="text">The text with its tags.</param>
    /// <param name="options">The delimiters; the defaults where null.</param>
    public static TextTemplate Parse(string text, TemplateOptions? options = null) => throw new NotImplementedException();

    /// <summary>Renders the text for a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="options">The job's options; a missing field is nothing where they say <see cref="MissingData.Blank"/>, else a problem.</param>
    /// <param name="problems">Receives what is wrong with the record.</param>
    /// <exception cref="InvalidOperationException">The text has problems of its own.</exception>
    public string Render(MergeRecord record, RenderOptions options, ICollection<Problem>? problems = null) => throw new NotImplementedException();
}
