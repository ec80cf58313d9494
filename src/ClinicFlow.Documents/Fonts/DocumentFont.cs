using System.Collections.Immutable;

namespace ClinicFlow.Documents.Fonts;

/// <summary>The kind of letters, as <c>w:family</c> in a font table tells it.</summary>
internal enum FontGenus : byte
{
    Unknown,
    Serif,
    Sans,
    Monospaced,
    Script,
    Decorative,
}

/// <summary>What a document says of a font that it names (ECMA-376 Part 1, 17.8.3.10): how to find or replace it.</summary>
/// <param name="Name">The name by which runs ask for it.</param>
internal sealed record DocumentFont(string Name)
{
    /// <summary>Another name of the same font (<c>w:altName</c>); null where there is none.</summary>
    public string? AlternativeName { get; init; }

    /// <summary>PANOSE classification, ten bytes; empty where there is none.</summary>
    public ImmutableArray<byte> Panose { get; init; } = [];

    public FontGenus Genus { get; init; }

    /// <summary>All characters are as wide (<c>w:pitch w:val="fixed"</c>).</summary>
    public bool IsFixedPitch { get; init; }

    /// <summary>Faces that lie in the document.</summary>
    public ImmutableArray<EmbeddedFace> Embedded { get; init; } = [];
}

/// <summary>A font file in a document.</summary>
/// <param name="Style">Which face of the family.</param>
/// <param name="Bytes">The part.</param>
/// <param name="Key"><c>w:fontKey</c>: where set, the first 32 bytes are obfuscated with it (17.8.1).</param>
internal sealed record EmbeddedFace(FontStyle Style, ReadOnlyMemory<byte> Bytes, Guid? Key)
{
    /// <summary>The font; null where it is none that can be used.</summary>
    public FontFace? Open()
    {
        var bytes = Bytes.ToArray();
        if (Key is { } key)
        {
            // The key's digits, read from the end, as two times sixteen bytes.
            Span<byte> mask = stackalloc byte[16];
            key.TryWriteBytes(mask, bigEndian: true, out _);
            for (var i = 0; i < Math.Min(32, bytes.Length); i++)
            {
                bytes[i] ^= mask[15 - (i % 16)];
            }
        }

        return FontFace.Read(bytes);
    }
}
