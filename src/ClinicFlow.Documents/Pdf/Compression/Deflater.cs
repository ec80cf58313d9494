using System.IO.Compression;

namespace ClinicFlow.Documents.Pdf.Compression;

/// <summary>Compresses what is kept, once and well, for the filter FlateDecode. The streams of each document go through <see cref="FastDeflate"/>.</summary>
internal static class Deflater
{
    private static void Compress(ReadOnlySpan<byte> bytes, PdfBuffer output, CompressionLevel level)
    {
        if (bytes.IsEmpty)
        {
            // ZLibStream writes nothing at all where it was given nothing, which is no zlib data.
            output.Write([0x78, 0x9C, 3, 0, 0, 0, 0, 1]);
            return;
        }

        using var target = new BufferStream(output);
        using var zlib = new ZLibStream(target, level);
        zlib.Write(bytes);
    }

    /// <summary>The compressed bytes, for what is kept.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> bytes, CompressionLevel level)
    {
        var output = new PdfBuffer((bytes.Length / 2) + 64);
        Compress(bytes, output, level);
        return output.Written.ToArray();
    }

    private sealed class BufferStream(PdfBuffer target) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => target.Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => target.Write(buffer);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
