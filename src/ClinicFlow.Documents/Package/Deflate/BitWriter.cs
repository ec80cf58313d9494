using System.Runtime.CompilerServices;

namespace ClinicFlow.Documents.Package.Deflate;

/// <summary>
/// Writes bits to memory, lowest first. The caller has reserved what is written and 16 bytes more: whole words are
/// stored and those behind overwrite what was too much.
/// </summary>
internal ref struct BitWriter
{
    private readonly ref byte _start;
    private ref byte _at;
    private ulong _pending;
    private int _count;

    public BitWriter(ref byte start)
    {
        _start = ref start;
        _at = ref start;
    }

    /// <summary>Adds at most 48 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong bits, int count)
    {
        // Fewer than 8 bits are pending here.
        _pending |= bits << _count;
        _count += count;
        Unsafe.WriteUnaligned(ref _at, _pending);
        var bytes = _count >> 3;
        _at = ref Unsafe.Add(ref _at, bytes);
        _pending >>= bytes << 3;
        _count &= 7;
    }

    /// <summary>Adds 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddWord(ulong bits)
    {
        Unsafe.WriteUnaligned(ref _at, _pending | (bits << _count));
        _at = ref Unsafe.Add(ref _at, 8);

        // Two shifts, because one by 64 does nothing.
        _pending = bits >> 1 >> (63 - _count);
    }

    /// <summary>Adds 1 to 63 bits; the bits above are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddUpTo64(ulong bits, int count)
    {
        if (count > 48)
        {
            Add(bits & 0xFFFFFFFF, 32);
            Add(bits >> 32, count - 32);
        }
        else
        {
            Add(bits, count);
        }
    }

    /// <summary>How many bits were added.</summary>
    public readonly int Bits => ((int)Unsafe.ByteOffset(in _start, in _at) * 8) + _count;

    /// <summary>Fills the last byte up; gives the number of bytes written.</summary>
    public int Finish()
    {
        Unsafe.WriteUnaligned(ref _at, _pending);
        return (int)Unsafe.ByteOffset(ref _start, ref _at) + (_count > 0 ? 1 : 0);
    }
}
