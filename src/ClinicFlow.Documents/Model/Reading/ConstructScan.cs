using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Gathers what stands in a document, with the first place and the count of each. Owned by one read.</summary>
internal sealed class ConstructScan
{
    // A document that is nothing but strange has a report that can still be read.
    private const int MaxDetails = 200;

    private readonly Dictionary<(string Code, string Detail), (Construct Construct, Place Place, int Count)> _found = [];

    private readonly List<Finding> _log = [];

    /// <summary>Something found. What is kept for the next document brings its findings with it.</summary>
    internal readonly record struct Finding(Construct Construct, string Detail, Place? Place = null);

    /// <summary>Where the reader is; said only when something is found.</summary>
    public Func<Place> Here { get; set; } = () => Place.Nowhere;

    /// <summary>How much was found so far, for <see cref="Since"/>.</summary>
    public int Mark => _log.Count;

    /// <summary>What was found since a mark.</summary>
    public Finding[] Since(int mark) => mark == _log.Count ? [] : [.. _log.Skip(mark)];

    /// <summary>Starts the next document.</summary>
    public void Clear()
    {
        _found.Clear();
        _log.Clear();
    }

    /// <summary>The same, each with the place where it stands; for what does not move from document to document.</summary>
    public Finding[] PlacedSince(int mark)
        => [.. Since(mark).Select(finding => finding with { Place = _found.TryGetValue((finding.Construct.Code, finding.Detail), out var known) ? known.Place : null })];

    public void Found(Finding[] findings)
    {
        foreach (var finding in findings)
        {
            Found(finding.Construct, finding.Detail, finding.Place);
        }
    }

    public void Found(Construct construct, string detail = "", Place? place = null)
    {
        _log.Add(new(construct, detail, place));
        (string, string) key = (construct.Code, detail);
        if (_found.TryGetValue(key, out var known))
        {
            _found[key] = known with { Count = known.Count + 1 };
        }
        else if (_found.Count < MaxDetails)
        {
            _found[key] = (construct, place ?? Here(), 1);
        }
        else
        {
            // Beyond that the detail goes, not the finding.
            key.Item2 = "";
            _found[key] = _found.TryGetValue(key, out known) ? known with { Count = known.Count + 1 } : (construct, place ?? Here(), 1);
        }
    }

    public void Found(FoundConstructs? constructs)
    {
        for (var at = constructs; at is not null; at = at.Rest)
        {
            Found(at.Construct, at.Detail);
        }
    }

    /// <summary>What is not rendered faithfully, in the order found.</summary>
    public ImmutableArray<Unfaithful> Unfaithful()
        => _found.Count == 0 ? [] : [.. _found.Values.Zip(_found.Keys, (found, key) => (found, key)).Where(one => !one.found.Construct.IsRendered)
            .Select(one => new Unfaithful(one.key.Code, one.key.Detail.Length > 0 ? $"{one.found.Construct.What}: {one.key.Detail}" : one.found.Construct.What, one.found.Place, one.found.Count))];

    /// <summary>All that was found: code and count.</summary>
    public IReadOnlyDictionary<string, int> Counts()
        => _found.GroupBy(one => one.Key.Code, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Sum(one => one.Value.Count), StringComparer.Ordinal);
}
