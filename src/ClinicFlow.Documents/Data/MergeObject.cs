using System.Diagnostics.CodeAnalysis;

namespace ClinicFlow.Documents.Data;

/// <summary>The names of an object's values, in order. All records of one table share one instance.</summary>
public sealed class FieldNames
{
    private readonly Dictionary<string, int> _indexes;

    /// <summary>Makes the names. Where two are the same (<see cref="FieldNameComparer"/>), the first one counts.</summary>
    public FieldNames(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        All = [.. names];
        _indexes = new Dictionary<string, int>(All.Count, FieldNameComparer.Instance);
        for (var i = 0; i < All.Count; i++)
        {
            _indexes.TryAdd(All[i], i);
        }
    }

    /// <summary>The names in their order.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>The index of a name, or -1.</summary>
    public int IndexOf(string name) => _indexes.TryGetValue(name, out var index) ? index : -1;
}

/// <summary>Named values in order: a record, or a value that holds others. Immutable.</summary>
public sealed class MergeObject
{
    private readonly MergeValue[] _values;

    /// <summary>Makes an object; <paramref name="values"/> is owned by it from now on and must not be changed.</summary>
    /// <exception cref="ArgumentException">There are not as many values as names.</exception>
    public MergeObject(FieldNames names, MergeValue[] values)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(values);
        if (names.All.Count != values.Length)
        {
            throw new ArgumentException($"There are {names.All.Count} names and {values.Length} values.", nameof(values));
        }

        Names = names;
        _values = values;
    }

    /// <summary>Makes an object from pairs.</summary>
    public MergeObject(IEnumerable<KeyValuePair<string, MergeValue>> pairs)
    {
        var all = pairs.ToArray();
        Names = new FieldNames(all.Select(pair => pair.Key));
        _values = [.. all.Select(pair => pair.Value)];
    }

    /// <summary>An object with nothing in it.</summary>
    public static MergeObject Empty { get; } = new(new FieldNames([]), []);

    /// <summary>The names in order.</summary>
    public FieldNames Names { get; }

    /// <summary>The value at an index of <see cref="Names"/>.</summary>
    public MergeValue this[int index] => _values[index];

    /// <summary>Looks a name up.</summary>
    /// <returns>Whether the object has it; a name with an empty value is had.</returns>
    public bool TryGet(string name, [MaybeNullWhen(false)] out MergeValue value)
    {
        var index = Names.IndexOf(name);
        value = index < 0 ? default : _values[index];
        return index >= 0;
    }
}

/// <summary>One record of a data source: the values for one document (or, with NEXT fields, for a part of one).</summary>
/// <param name="Values">The values.</param>
/// <param name="Row">The number a person finds it under in its source, from 1: the line of a CSV file, the row of a sheet, the index in a JSON array plus one.</param>
public sealed record MergeRecord(MergeObject Values, long Row = 1);
