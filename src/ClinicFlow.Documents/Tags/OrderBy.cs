using System.Globalization;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags;

/// <summary>
/// The <c>order by</c> of a list: one or more keys. A key's values are compared as numbers where all that are not
/// empty are numbers, as dates where all are dates, else as text in the document's culture; empty ones come last.
/// </summary>
internal sealed class OrderBy(IReadOnlyList<(Expression Key, bool Descending)> keys)
{
    /// <summary>The keys, the most significant first.</summary>
    public IReadOnlyList<(Expression Key, bool Descending)> Keys { get; } = keys;

    /// <summary>All paths that are read, relative to an item.</summary>
    public IEnumerable<FieldPath> Paths => Keys.SelectMany(key => key.Key.Paths);

    /// <summary>Sorts stably.</summary>
    /// <param name="items">The items.</param>
    /// <param name="around">The scope around the list.</param>
    /// <param name="context">The document's culture and time.</param>
    public IReadOnlyList<MergeValue> Sort(IEnumerable<MergeValue> items, Scope around, FormatContext context)
    {
        var all = items.ToArray();
        var columns = Keys.Select(key => Read(key.Key, key.Descending, all, around, context)).ToArray();
        var order = Enumerable.Range(0, all.Length).ToArray();
        Array.Sort(order, (a, b) =>
        {
            foreach (var column in columns)
            {
                if (column.Compare(a, b) is not 0 and var difference)
                {
                    return difference;
                }
            }

            return a.CompareTo(b);
        });
        return [.. order.Select(index => all[index])];
    }

    private static Column Read(Expression key, bool descending, MergeValue[] items, Scope around, FormatContext context)
    {
        var scope = new Scope(MergeValue.Null, around) { Count = items.Length };
        var values = new MergeValue[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            (scope.Current, scope.Index) = (items[i], i + 1);
            values[i] = key.Evaluate(scope, context).Value;
        }

        var filled = values.Where(value => !ValueText.IsBlank(value));
        if (filled.All(value => ValueReader.TryNumber(value, context.Culture, out _)))
        {
            return new Column<decimal>(descending, values, value => ValueReader.TryNumber(value, context.Culture, out var number) ? number : 0, Comparer<decimal>.Default);
        }

        if (filled.All(value => ValueReader.TryDate(value, context.Culture, out _)))
        {
            return new Column<DateTime>(descending, values, value => ValueReader.TryDate(value, context.Culture, out var date) ? date : default, Comparer<DateTime>.Default);
        }

        return new Column<string>(descending, values, value => ValueText.Print(value, context.Culture).Value.Text,
            StringComparer.Create(context.Culture, CompareOptions.IgnoreCase));
    }

    private abstract class Column
    {
        public abstract int Compare(int a, int b);
    }

    private sealed class Column<T>(bool descending, MergeValue[] values, Func<MergeValue, T> read, IComparer<T> comparer) : Column
    {
        private readonly T[] _keys = [.. values.Select(read)];
        private readonly bool[] _blanks = [.. values.Select(ValueText.IsBlank)];

        public override int Compare(int a, int b)
        {
            if (_blanks[a] || _blanks[b])
            {
                return _blanks[a].CompareTo(_blanks[b]);
            }

            var difference = comparer.Compare(_keys[a], _keys[b]);
            return descending ? -difference : difference;
        }
    }
}
