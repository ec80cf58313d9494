namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>
/// Arrays for the paragraphs of one document, which serve again for the next: a job makes thousands. What is handed out holds nothing but zeros, and may be longer than
/// was asked for. Used by one thread at a time.
/// </summary>
internal sealed class ArrayStore<T>
    where T : unmanaged
{
    // Longer ones are rare, and would keep a huge document's memory.
    private const int Longest = 4096;
    private const int Step = 64;
    private const int MostKept = 4096;

    private readonly Stack<T[]>?[] _free = new Stack<T[]>?[(Longest / Step) + 1];
    private readonly List<T[]> _lent = [];

    /// <summary>An array of zeros, at least so long; the store's own again after <see cref="TakeBack"/>.</summary>
    public T[] Lend(int length)
    {
        if (length > Longest)
        {
            return new T[length];
        }

        var size = (length + Step - 1) / Step;
        var array = _free[size] is { Count: > 0 } free ? free.Pop() : new T[size * Step];
        if (_lent.Count < MostKept)
        {
            _lent.Add(array);
        }

        return array;
    }

    /// <summary>The document is done with: nobody may look at its arrays any more. They are cleared.</summary>
    public void TakeBack()
    {
        foreach (var array in _lent)
        {
            Array.Clear(array);
            (_free[array.Length / Step] ??= new()).Push(array);
        }

        _lent.Clear();
    }
}
