using System.Globalization;
using ClinicFlow.Documents.Package;

namespace ClinicFlow.Documents;

/// <summary>How a template is read.</summary>
public sealed record TemplateOptions
{
    /// <summary>The defaults.</summary>
    public static TemplateOptions Default { get; } = new();

    /// <summary>What opens a tag; <c>{{</c> by default. 1 to 4 characters, without letters, digits and white space.</summary>
    public string TagOpen { get; init; } = "{{";

    /// <summary>What closes a tag; <c>}}</c> by default.</summary>
    public string TagClose { get; init; } = "}}";

    /// <summary>Bounds on the file, against hostile input.</summary>
    public PackageLimits Limits { get; init; } = PackageLimits.Default;

    /// <summary>Whether a template with macros (.docm) is taken; its macros are never run, and stay in the documents. Default false.</summary>
    public bool AllowMacros { get; init; }
}

/// <summary>What a merge field that a record does not have becomes.</summary>
public enum MissingData
{
    /// <summary>The document fails with a problem for each such field; others go on. The default of a job.</summary>
    Error,

    /// <summary>Nothing is printed.</summary>
    Blank,

    /// <summary>The tag or field stays in the document as it is.</summary>
    Keep,

    /// <summary>The field's name is printed highlighted, for a person to fill in.</summary>
    Highlight,
}

/// <summary>How documents are rendered: the same for all documents of a job. Immutable.</summary>
public sealed record RenderOptions
{
    /// <summary>The culture that numbers and dates are printed in. Default: the invariant culture.</summary>
    public CultureInfo Culture { get; init; } = CultureInfo.InvariantCulture;

    /// <summary>The job's local date and time, for DATE, TIME and <c>age</c>. Required: the library has no clock of its own.</summary>
    public required DateTime JobTime { get; init; }

    /// <summary>What a field without a value becomes. Default <see cref="MissingData.Error"/>.</summary>
    public MissingData MissingData { get; init; }

    /// <summary>Answers to the template's ASK and FILLIN fields, by bookmark name or prompt.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = System.Collections.Frozen.FrozenDictionary<string, string>.Empty;

    /// <summary>What Word's mapped names ("First Name", "Postal Code" …) are called in the data, where it is not the name itself.</summary>
    public IReadOnlyDictionary<string, string> MappedFields { get; init; } = System.Collections.Frozen.FrozenDictionary<string, string>.Empty;

    /// <summary>Opens an image that a record names by file; null answers "there is none". Default: no files.
    /// The name comes from the data: an implementation must not leave its folder.</summary>
    public Func<string, Stream?> OpenImage { get; init; } = static _ => null;

    /// <summary>The largest size of one document's changed parts, inflated, in bytes. Default 64 MiB.</summary>
    public long MaxDocumentBytes { get; init; } = 64L << 20;
}
