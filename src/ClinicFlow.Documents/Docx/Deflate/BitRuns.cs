namespace ClinicFlow.Documents.Docx.Deflate;

/// <summary>Collects runs of bits when a template is compiled; each starts at a whole word of the pool.</summary>
internal sealed class BitRuns
{
    private readonly List<ulong> _words = [];
    private int _start;
    private int _bits;

    /// <summary>Starts a run.</summary>
    public void Begin()
    {
        _start = _words.Count;
        _bits = 0;
    }

    /// <summary>Adds bits to the run, lowest first.</summary>
    public void Add(ulong bits, int count)
    {
        if (count == 0)
        {
            return;
        }

        var at = _bits & 63;
        if (at == 0)
        {
            _words.Add(bits);
        }
        else
        {
            _words[^1] |= bits << at;
            if (at + count > 64)
            {
                _words.Add(bits >> (64 - at));
            }
        }

        _bits += count;
    }

    /// <summary>Adds a symbol of a code.</summary>
    public void Add(HuffmanCode code, int symbol) => Add(code.Bits[symbol], code.Lengths[symbol]);

    /// <summary>Ends the run; gives its first word and its number of bits.</summary>
    public (int Start, int Bits) End() => (_start, _bits);

    /// <summary>All runs' words.</summary>
    public ulong[] ToArray() => [.. _words];
}
