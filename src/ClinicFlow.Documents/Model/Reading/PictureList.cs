using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// The pictures of a document by their numbers. Those of a template keep theirs from one of its documents to the next; those that a record brings are gone with its
/// document, and their numbers are the next record's.
/// </summary>
internal sealed class PictureList
{
    private static readonly ImageFile None = new("", ImageKind.Unknown, []);

    private readonly List<ImageFile> _all = [];
    private readonly Dictionary<string, int> _ofTemplate = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _ofRecord = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<int> _recordNumbers = [];

    /// <summary>All of them.</summary>
    public ImmutableArray<ImageFile> All => [.. _all];

    /// <summary>How many there are, of records as many as the one that brought most.</summary>
    public int Count => _all.Count;

    /// <summary>One of them.</summary>
    public ImageFile this[int number] => _all[number];

    /// <summary>Forgets what the record before brought.</summary>
    public void NextDocument()
    {
        _ofRecord.Clear();
        foreach (var number in _recordNumbers)
        {
            _all[number] = None;
        }
    }

    /// <summary>The number of a picture; read where it is new.</summary>
    /// <param name="part">Its part.</param>
    /// <param name="isOfRecord">Whether the record at hand brings it.</param>
    /// <param name="read">Reads it.</param>
    public int NumberOf(string part, bool isOfRecord, Func<string, ImageFile> read)
    {
        var known = isOfRecord ? _ofRecord : _ofTemplate;
        if (known.TryGetValue(part, out var number))
        {
            return number;
        }

        var file = read(part);
        if (isOfRecord && _ofRecord.Count < _recordNumbers.Count)
        {
            number = _recordNumbers[_ofRecord.Count];
            _all[number] = file;
        }
        else
        {
            number = _all.Count;
            _all.Add(file);
            if (isOfRecord)
            {
                _recordNumbers.Add(number);
            }
        }

        known.Add(part, number);
        return number;
    }
}
