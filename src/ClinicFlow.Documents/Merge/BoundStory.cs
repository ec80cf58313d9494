using System.Buffers;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// A record bound to a merge program: the list of segments and value chunks that make the part's XML, in order. Not
/// yet one byte run, because segments are deflated once per template. Reused from document to document by one thread.
/// </summary>
internal sealed class BoundStory : IBufferWriter<byte>
{
    private int[] _ops = new int[256];
    private byte[] _bytes = new byte[4096];
    private (int Offset, int Length)[] _chunks = new (int, int)[128];
    private int _chunkStart;

    /// <summary>At or above 0 a segment's index; below 0 the complement of a chunk's.</summary>
    public ReadOnlySpan<int> Ops => _ops.AsSpan(0, OpCount);

    public int OpCount { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, ByteCount);

    public int ByteCount { get; private set; }

    public ReadOnlySpan<(int Offset, int Length)> Chunks => _chunks.AsSpan(0, ChunkCount);

    public int ChunkCount { get; private set; }

    /// <summary>What is bound; valid until the next document.</summary>
    public StoryContent Content => new(_ops.AsMemory(0, OpCount), _bytes.AsMemory(0, ByteCount), _chunks.AsMemory(0, ChunkCount));

    /// <summary>The length of the XML so far, in bytes; what was taken back is still counted.</summary>
    public long Length { get; private set; }

    public void Clear()
    {
        OpCount = 0;
        ByteCount = 0;
        ChunkCount = 0;
        Length = 0;

        // One record with a huge value must not keep its memory for the rest of the job.
        if (_bytes.Length > 1 << 20)
        {
            _bytes = new byte[4096];
        }
    }

    public void Literal(int segment, int length)
    {
        if (OpCount == _ops.Length)
        {
            Array.Resize(ref _ops, _ops.Length * 2);
        }

        _ops[OpCount++] = segment;
        Length += length;
    }

    /// <summary>Starts a chunk: what is written until <see cref="EndChunk"/> stands at this place.</summary>
    public void BeginChunk() => _chunkStart = ByteCount;

    public void EndChunk()
    {
        var length = ByteCount - _chunkStart;
        if (length == 0)
        {
            return;
        }

        if (ChunkCount == _chunks.Length)
        {
            Array.Resize(ref _chunks, _chunks.Length * 2);
        }

        _chunks[ChunkCount] = (_chunkStart, length);
        Literal(~ChunkCount++, length);
    }

    /// <summary>Keeps a place for a chunk that is written later; gives the chunk's index.</summary>
    public int Reserve()
    {
        if (ChunkCount == _chunks.Length)
        {
            Array.Resize(ref _chunks, _chunks.Length * 2);
        }

        _chunks[ChunkCount] = (ByteCount, 0);
        Literal(~ChunkCount, 0);
        return ChunkCount++;
    }

    /// <summary>Ends the writing of a chunk whose place was kept.</summary>
    public void EndReserved(int chunk)
    {
        _chunks[chunk] = (_chunkStart, ByteCount - _chunkStart);
        Length += ByteCount - _chunkStart;
    }

    /// <summary>The bytes of one entry.</summary>
    public ReadOnlySpan<byte> BytesOf(int index, byte[][] segments)
    {
        var op = _ops[index];
        return op >= 0 ? segments[op] : Bytes.Slice(_chunks[~op].Offset, _chunks[~op].Length);
    }

    /// <summary>Takes back all after the first <paramref name="opCount"/> entries.</summary>
    public void TakeBackTo(int opCount) => OpCount = opCount;

    public void Advance(int count) => ByteCount += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(ByteCount);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(ByteCount);
    }

    private void Reserve(int size)
    {
        var needed = ByteCount + Math.Max(size, 1);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }
    }

    /// <summary>The XML of a program that holds nothing but literals.</summary>
    public static byte[] Literals(MergeProgram program) => [.. program.Ops.SelectMany(op => program.Segments[op.A])];

    /// <summary>The XML as one run of bytes: for tests, and for parts that are not deflated by splicing.</summary>
    public byte[] ToBytes(byte[][] segments)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var op in Ops)
        {
            output.Write(op >= 0 ? segments[op] : Bytes.Slice(_chunks[~op].Offset, _chunks[~op].Length));
        }

        return output.WrittenSpan.ToArray();
    }
}
