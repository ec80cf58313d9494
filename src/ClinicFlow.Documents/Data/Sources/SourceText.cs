using System.Text;
using System.Text.Unicode;

namespace ClinicFlow.Documents.Data;

/// <summary>Turns the bytes of a text source into UTF-8, whatever they are written in.</summary>
internal static class SourceText
{
    /// <summary>
    /// Stands in the text where bytes were that are not of its encoding: U+FFFE, which Unicode keeps out of text for ever.
    /// A row that holds it is refused; nothing is printed with a character missing.
    /// </summary>
    public const string Broken = "\uFFFE";

    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>Whether a piece of the text holds bytes that could not be decoded.</summary>
    public static bool IsBroken(ReadOnlySpan<byte> utf8) => utf8.IndexOf("\uFFFE"u8) >= 0;

    /// <summary>What to tell the person whose row <see cref="IsBroken"/>.</summary>
    public static RecordRead.Bad BrokenRow(long row, string encoding, IReadOnlyList<string>? cells = null) => RecordRead.Bad.Because(
        row,
        $"Line {row} holds bytes that are not {encoding}.",
        "Save the file as \"CSV UTF-8\", or give the encoding it is written in.",
        cells);

    /// <summary>Decides on the encoding and opens the text, without its byte order mark.</summary>
    public static (Stream Utf8, Encoding Encoding) Open(SourceStream source, Encoding? given)
    {
        var (encoding, markLength) = Decide(source.Peek(RecordLimits.SampleBytes), source.IsWhole, given);
        if (markLength > 0)
        {
            source.ReadExactly(new byte[markLength]);
        }

        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = new DecoderReplacementFallback(Broken);
        return (Encoding.CreateTranscodingStream(source, strict, new UTF8Encoding(false), leaveOpen: false), encoding);
    }

    /// <summary>The encoding of a text, told from its start, and the length of its byte order mark.</summary>
    public static (Encoding Encoding, int MarkLength) Decide(ReadOnlySpan<byte> start, bool isWhole, Encoding? given)
    {
        foreach (var marked in (ReadOnlySpan<Encoding>)[Encoding.UTF8, Encoding.UTF32, Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            if (start.StartsWith(marked.Preamble))
            {
                return (marked, marked.Preamble.Length);
            }
        }

        if (given is not null)
        {
            return (given, 0);
        }

        // Separators and line ends have a zero byte in UTF-16, before or after them, whatever the script; other text has none.
        var (zerosAtEven, zerosAtOdd) = (0, 0);
        for (var i = 0; i < start.Length; i++)
        {
            if (start[i] == 0)
            {
                _ = (i & 1) == 0 ? zerosAtEven++ : zerosAtOdd++;
            }
        }

        return (zerosAtEven, zerosAtOdd) switch
        {
            (0, 0) => (IsUtf8(start, isWhole) ? Encoding.UTF8 : Windows1252, 0),
            _ when zerosAtOdd > 4 * zerosAtEven => (Encoding.Unicode, 0),
            _ when zerosAtEven > 4 * zerosAtOdd => (Encoding.BigEndianUnicode, 0),
            _ => throw NotText(),
        };
    }

    /// <summary>What is thrown for a source that is no text.</summary>
    public static RecordSourceException NotText() => new(
        "not-text",
        "The file is not a text file.",
        "Give a CSV, JSON or Excel (.xlsx) file; from another program, export or save in one of these formats.");

    private static bool IsUtf8(ReadOnlySpan<byte> start, bool isWhole)
    {
        // The sample may end inside a character.
        for (var cut = 0; !isWhole && cut < 3 && cut < start.Length; cut++)
        {
            if (start[^(cut + 1)] >= 0xC0)
            {
                return Utf8.IsValid(start[..^(cut + 1)]);
            }
        }

        return Utf8.IsValid(start);
    }
}
