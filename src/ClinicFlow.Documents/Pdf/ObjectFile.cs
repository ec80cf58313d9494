using System.Buffers;
using System.IO.Hashing;
using ClinicFlow.Documents.Pdf.Compression;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// The file as objects: streams go out as they come, all other objects are packed into object streams, and the cross-reference stream at the
/// end says where each is (ISO 32000-1, 7.5.7 and 7.5.8). Nothing is held but what is packed. One thread uses it at a time; <see cref="Begin"/> starts a new file.
/// </summary>
internal sealed class ObjectFile
{
    private const int MaxPacked = 2000;
    private const int SmallTable = 2048; // bytes
    private const int SmallPack = 1024;  // bytes

    private readonly ObjectStream _objects = new();
    private readonly ObjectStream _group = new();
    private readonly PdfBuffer _scratch = new(16 * 1024);
    private readonly PdfBuffer _compressed = new(16 * 1024);
    private readonly PdfBuffer _head = new(16 * 1024);
    private readonly FastDeflate _deflate = new();
    private readonly List<Place> _places = [];
    private readonly XxHash128 _hash = new();
    private IBufferWriter<byte> _output = null!;
    private long _position;
    private ObjectStream _current = null!;
    private StreamCache? _cache;

    // Objects that will go into one object stream.
    private sealed class ObjectStream
    {
        public readonly PdfBuffer Bytes = new(16 * 1024);
        public readonly List<(int Number, int Offset)> Objects = [];
        public int Into;

        public void Clear()
        {
            Bytes.Clear();
            Objects.Clear();
            Into = 0;
        }
    }

    // Where an object is: in the file at an offset (kind 1), or in an object stream at an index (kind 2). Kind 0: never written.
    private readonly record struct Place(byte Kind, long Where, int Index);

    /// <summary>Starts a file.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="cache">For streams that come again; null for none.</param>
    public void Begin(IBufferWriter<byte> output, StreamCache? cache = null)
    {
        (_output, _cache, _current) = (output, cache, _objects);
        _position = 0;
        _places.Clear();
        _places.Add(default); // object 0 is none
        _objects.Clear();
        _group.Clear();
        _hash.Reset();

        // Four bytes above 127 tell programs that move files that this is not text.
        Put("%PDF-1.7\n%"u8);
        Put([0xE2, 0xE3, 0xCF, 0xD3, (byte)'\n']);
    }

    /// <summary>A number for an object that will be written.</summary>
    public int Allocate()
    {
        _places.Add(default);
        return _places.Count - 1;
    }

    /// <summary>Begins an object that is no stream; its value is to be written into the buffer before any other call.</summary>
    public PdfBuffer Pack(int number)
    {
        if (_current.Objects.Count == MaxPacked)
        {
            Flush(_current, _current == _group ? _cache : null);
        }

        if (_current.Into == 0)
        {
            _current.Into = Allocate();
        }

        _places[number] = new(2, _current.Into, _current.Objects.Count);
        _current.Objects.Add((number, _current.Bytes.Length));
        return _current.Bytes.WriteByte((byte)' ');
    }

    /// <summary>Objects that follow hold no text and come again in other files: they go into streams of their own, which are compressed once.</summary>
    public void BeginGroup() => _current = _group;

    /// <summary>Ends such objects.</summary>
    public void EndGroup()
    {
        Flush(_group, _cache);
        _current = _objects;
    }

    /// <summary>Writes a stream whose data is ready.</summary>
    /// <param name="number">The object's number.</param>
    /// <param name="entries">Its dictionary without <c>/Length</c>.</param>
    /// <param name="data">Its data, encoded as the dictionary says.</param>
    public void PutStream(int number, ReadOnlySpan<byte> entries, ReadOnlySpan<byte> data)
    {
        _places[number] = new(1, _position, 0);
        _scratch.Clear();
        _scratch.Write(number).Write(" 0 obj\n<<"u8).Write(entries).Write("/Length "u8).Write(data.Length).Write(">>\nstream\n"u8);
        Put(_scratch.Written);
        Put(data);
        Put("\nendstream\nendobj\n"u8);
    }

    /// <summary>Compresses data and writes it as a stream.</summary>
    /// <param name="number">The object's number.</param>
    /// <param name="entries">Its dictionary without <c>/Length</c> and <c>/Filter</c>.</param>
    /// <param name="data">Its data.</param>
    /// <param name="comesAgain">It holds nothing of one record, and will probably stand in other files of the template.</param>
    /// <param name="page">Codes for it, where it is a page that they are good for.</param>
    public void PutDeflated(int number, ReadOnlySpan<byte> entries, ReadOnlySpan<byte> data, bool comesAgain = false, PageCodes? page = null)
    {
        var cache = comesAgain ? _cache : null;
        _scratch.Clear();
        _scratch.Write(entries).Write("/Filter/FlateDecode"u8);
        Span<byte> all = stackalloc byte[_scratch.Length];
        _scratch.Written.CopyTo(all);
        if (cache?.Find(data) is { } known)
        {
            PutStream(number, all, known);
            return;
        }

        _compressed.Clear();
        _deflate.Compress(data, _compressed, page);
        cache?.Add(data, _compressed.Written);
        PutStream(number, all, _compressed.Written);
    }

    /// <summary>Writes what is still packed, the cross-references and the end.</summary>
    /// <param name="root">The catalog.</param>
    /// <param name="info">The information dictionary.</param>
    public void End(int root, int info)
    {
        Flush(_objects, null);
        var number = Allocate();
        var start = _position;
        _places[number] = new(1, start, 0);

        var table = _objects.Bytes;
        table.Clear();
        var wide = start > uint.MaxValue ? 8 : 4;
        foreach (var place in _places)
        {
            table.WriteByte(place.Kind);
            for (var shift = (wide - 1) * 8; shift >= 0; shift -= 8)
            {
                table.WriteByte((byte)(place.Where >> shift));
            }

            // Numbers that were never used are free, and never to be used again.
            var index = place.Kind == 0 ? ushort.MaxValue : place.Index;
            table.WriteByte((byte)(index >> 8)).WriteByte((byte)index);
        }

        // The file's name for itself follows from its bytes.
        Span<byte> id = stackalloc byte[16];
        _hash.GetCurrentHash(id);
        var hex = Convert.ToHexString(id);
        var entries = new PdfBuffer(256);
        entries.Write("/Type/XRef/Size "u8).Write(_places.Count).Write("/W[1 "u8).Write(wide).Write(" 2]/Root"u8).Reference(root).Write("/Info"u8).Reference(info)
            .Write("/ID[<"u8).Ascii8(hex).Write("><"u8).Ascii8(hex).Write(">]"u8);

        // A small table is hardly smaller compressed, for the time that it takes.
        if (table.Length <= SmallTable)
        {
            PutStream(number, entries.Written, table.Written);
        }
        else
        {
            PutDeflated(number, entries.Written, table.Written);
        }

        _scratch.Clear();
        Put(_scratch.Write("startxref\n"u8).Write(start).Write("\n%%EOF\n"u8).Written);
        table.Clear();
    }

    private void Flush(ObjectStream pack, StreamCache? cache)
    {
        if (pack.Objects.Count == 0)
        {
            return;
        }

        // Pairs of number and offset, then the objects.
        var head = _head;
        head.Clear();
        foreach (var (number, offset) in pack.Objects)
        {
            head.Write(number).WriteByte((byte)' ').Write(offset).WriteByte((byte)' ');
        }

        var first = head.Length;
        head.Write(pack.Bytes.Written);
        var entries = new PdfBuffer(64);
        entries.Write("/Type/ObjStm/N "u8).Write(pack.Objects.Count).Write("/First "u8).Write(first);
        if (pack == _objects && head.Length <= SmallPack)
        {
            // As for the table of cross-references.
            PutStream(pack.Into, entries.Written, head.Written);
        }
        else
        {
            PutDeflated(pack.Into, entries.Written, head.Written, comesAgain: cache is not null);
        }

        pack.Clear();
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        _hash.Append(bytes);
        _position += bytes.Length;
    }
}
