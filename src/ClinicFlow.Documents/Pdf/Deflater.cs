using System.IO.Compression;

namespace ClinicFlow.Documents.Pdf;

/// <summary>Compresses streams for the filter FlateDecode. One thread uses it at a time.</summary>
internal sealed class Deflater
{
    private readonly BufferStream _target = new();

    /// <summary>Appends the compressed bytes to <paramref name="output"/>.</summary>
    public void Compress(ReadOnlySpan<byte> bytes, PdfBuffer output, CompressionLevel level = CompressionLevel.Fastest)
    {
        if (bytes.IsEmpty)
        {
            // ZLibStream writes nothing at all where it was given nothing, which is no zlib data.
            output.Write([0x78, 0x9C, 3, 0, 0, 0, 0, 1]);
            return;
        }

        _target.Buffer = output;
        using (var zlib = new ZLibStream(_target, level, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        _target.Buffer = null;
    }

    /// <summary>The compressed bytes, for what is kept.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> bytes, CompressionLevel level)
    {
        var output = new PdfBuffer((bytes.Length / 2) + 64);
        new Deflater().Compress(bytes, output, level);
        return output.Written.ToArray();
    }

    private sealed class BufferStream : Stream
    {
        public PdfBuffer? Buffer { get; set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => Buffer!.Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => Buffer!.Write(buffer);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
