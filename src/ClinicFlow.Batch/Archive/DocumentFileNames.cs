using ClinicFlow.Documents.Package;

namespace ClinicFlow.Batch.Archive;

/// <summary>
/// Gives the documents of a job their file names: safe, unique whatever the letter case, and the same stem for each
/// format of a document. It keeps 8-byte hashes, not names. After a restart it is rebuilt from the committed rows with
/// <see cref="Reclaim"/>; a document that was not committed then may get another number.
/// </summary>
/// <remarks>Used by the runner's commit loop only. The rules are those of <see cref="FileNames"/>.</remarks>
public sealed class DocumentFileNames
{
    /// <summary>The list of all documents in an archive.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>The list of the failed requests in an archive.</summary>
    public const string Errors = "errors.csv";

    private readonly FileNames _names = new();
    private readonly Dictionary<int, string> _uncommitted = [];

    /// <summary>Starts with nothing but the archive's own files taken.</summary>
    public DocumentFileNames()
    {
        Reclaim(Manifest);
        Reclaim(Errors);
    }

    /// <summary>The name of a document's file. Asked again for the same request, also for another attempt, it is the same stem.</summary>
    /// <param name="requestIndex">The request's place in the job.</param>
    /// <param name="documentName">What its creator called the document: any text, also with the ending.</param>
    /// <param name="ending">The ending of the format, such as <c>.pdf</c>.</param>
    public string NameOf(int requestIndex, string documentName, string ending)
    {
        ArgumentNullException.ThrowIfNull(documentName);
        ArgumentException.ThrowIfNullOrEmpty(ending);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ending.Length, FileNames.EndingRoom, nameof(ending));
        if (!_uncommitted.TryGetValue(requestIndex, out var stem))
        {
            stem = _names.Claim(WithoutEnding(documentName.AsSpan().Trim()).ToString());
            _uncommitted.Add(requestIndex, stem);
        }

        return stem + ending;
    }

    /// <summary>Forgets a request that is committed, or has failed for good; its name stays taken.</summary>
    /// <param name="requestIndex">The request's place in the job.</param>
    public void Settle(int requestIndex) => _uncommitted.Remove(requestIndex);

    /// <summary>Takes the name of a file that is committed.</summary>
    /// <param name="fileName">Its name in the archive.</param>
    public void Reclaim(string fileName)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        var dot = fileName.LastIndexOf('.');
        _names.Reserve(dot > 0 ? fileName[..dot] : fileName);
    }

    private static ReadOnlySpan<char> WithoutEnding(ReadOnlySpan<char> name)
    {
        foreach (var ending in (ReadOnlySpan<string>)[".pdf", ".docx"])
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return name[..^ending.Length];
            }
        }

        return name;
    }
}
