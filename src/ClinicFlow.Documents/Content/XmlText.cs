using System.Buffers;
using System.Text.Unicode;

namespace ClinicFlow.Documents.Content;

/// <summary>
/// Writes UTF-16 text as UTF-8 XML text. What comes out is well-formed XML 1.0 for any input: characters that
/// XML cannot hold (clause 2.2 of XML 1.0: controls, U+FFFE, U+FFFF, lone surrogates) are left out.
/// </summary>
internal static class XmlText
{
    // The one search over every value looks for ASCII only, because such sets have the fastest vectorised form.
    // The few special characters beyond ASCII are looked for only in pieces that turned out not to be ASCII.
    private static readonly SearchValues<char> MustEscape = SearchValues.Create(
        "\0\x01\x02\x03\x04\x05\x06\x07\b\t\n\v\f\r\x0E\x0F\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1A\x1B\x1C\x1D\x1E\x1F<>&\"");

    private const int ChunkChars = 8192;

    /// <summary>
    /// Writes text for the inside of an element or of an attribute in double quotes. Tab and line ends become
    /// character references, so that a reader's normalisation (XML 1.0 clauses 2.11 and 3.3.3) leaves them alone.
    /// </summary>
    public static void WriteEscaped(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        while (text.IndexOfAny(MustEscape) is >= 0 and var at)
        {
            WritePlain(text[..at], output, breaksLines: false);
            output.Write(text[at] switch
            {
                '<' => "&lt;"u8,
                '>' => "&gt;"u8,
                '&' => "&amp;"u8,
                '"' => "&quot;"u8,
                '\t' => "&#9;"u8,
                '\n' => "&#10;"u8,
                '\r' => "&#13;"u8,
                _ => [],
            });
            text = text[(at + 1)..];
        }

        WritePlain(text, output, breaksLines: false);
    }

    /// <summary>
    /// Writes a value into an open <c>&lt;w:t xml:space="preserve"&gt;</c>. Line ends (CR LF, LF, CR, vertical tab,
    /// U+2028, U+2029) and tabs close the text, write <c>w:br</c> or <c>w:tab</c> (ECMA-376 Part 1 §17.3.3.1,
    /// §17.3.3.32) and open it again, so the caller's end tag always fits.
    /// </summary>
    public static void WriteRunText(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        // Nearly every value holds nothing special: then this is one vectorised search and one transcoding.
        while (text.IndexOfAny(MustEscape) is >= 0 and var at)
        {
            WritePlain(text[..at], output, breaksLines: true);
            var length = 1;
            switch (text[at])
            {
                case '<': output.Write("&lt;"u8); break;
                case '>': output.Write("&gt;"u8); break;
                case '&': output.Write("&amp;"u8); break;
                case '"': output.Write("\""u8); break;
                case '\t': output.Write(TabInText); break;
                case '\n' or '\v': output.Write(BreakInText); break;
                case '\r':
                    length = text.Length > at + 1 && text[at + 1] == '\n' ? 2 : 1;
                    output.Write(BreakInText);
                    break;
            }

            text = text[(at + length)..];
        }

        WritePlain(text, output, breaksLines: true);
    }

    private static ReadOnlySpan<byte> BreakInText => "</w:t><w:br/><w:t xml:space=\"preserve\">"u8;

    private static ReadOnlySpan<byte> TabInText => "</w:t><w:tab/><w:t xml:space=\"preserve\">"u8;

    /// <summary>Transcodes text without ASCII specials.</summary>
    private static void WritePlain(ReadOnlySpan<char> text, IBufferWriter<byte> output, bool breaksLines)
    {
        while (!text.IsEmpty)
        {
            var length = text.Length;
            if (length > ChunkChars)
            {
                // A surrogate pair is never cut in two.
                length = char.IsHighSurrogate(text[ChunkChars - 1]) ? ChunkChars - 1 : ChunkChars;
            }

            var chunk = text[..length];
            var target = output.GetSpan(length * 3);
            var status = Utf8.FromUtf16(chunk, target, out _, out var written, replaceInvalidSequences: false);

            // As many bytes as characters: all ASCII, and so nothing more to look for.
            if (status != OperationStatus.Done || (written != length && HasWideSpecial(chunk, breaksLines)))
            {
                WriteWide(chunk, output, breaksLines);
            }
            else
            {
                output.Advance(written);
            }

            text = text[length..];
        }
    }

    private static bool HasWideSpecial(ReadOnlySpan<char> text, bool breaksLines)
        => text.IndexOfAnyInRange('\uFFFE', '\uFFFF') >= 0
            || (breaksLines && text.IndexOfAnyInRange('\u2028', '\u2029') >= 0);

    private static void WriteWide(ReadOnlySpan<char> text, IBufferWriter<byte> output, bool breaksLines)
    {
        var start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var isBreak = breaksLines && text[at] is ('\u2028' or '\u2029');
            if (!isBreak && text[at] is not ('\uFFFE' or '\uFFFF'))
            {
                continue;
            }

            WriteUtf8(text[start..at], output);
            if (isBreak)
            {
                output.Write(BreakInText);
            }

            start = at + 1;
        }

        WriteUtf8(text[start..], output);
    }

    private static void WriteUtf8(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            var status = Utf8.FromUtf16(text, output.GetSpan(text.Length * 3), out var read, out var written, replaceInvalidSequences: false);
            output.Advance(written);

            // What stopped the transcoding is a surrogate without its partner. It is left out.
            text = text[(status == OperationStatus.Done ? text.Length : Math.Min(text.Length, read + 1))..];
        }
    }
}
