using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ClinicFlow.Cli.Generate;

/// <summary>What a run was started with. A run goes on only where all of it is still the same.</summary>
/// <param name="TemplateHash">SHA-256 of the template.</param>
/// <param name="DataHash">SHA-256 of the data.</param>
/// <param name="JobTime">The date and time that documents print.</param>
/// <param name="Options">The options that shape documents, by their name on the command line; answers as hashes.</param>
/// <param name="FailedFile">The name of the file of failed rows, in the folder.</param>
/// <param name="ZipFile">The name of the ZIP, in the folder; null for none.</param>
/// <param name="MergedFile">The name of the merged PDF, in the folder; null for none.</param>
internal sealed record JournalHead(
    string TemplateHash, string DataHash, DateTime JobTime, IReadOnlyDictionary<string, string> Options, string FailedFile, string? ZipFile, string? MergedFile);

/// <summary>One file of a document: enough to know that it is whole.</summary>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Hash">The first 64 bits of its SHA-256.</param>
internal readonly record struct FileMark(long LengthBytes, ulong Hash)
{
    /// <summary>The mark of some bytes.</summary>
    public static FileMark Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return new FileMark(content.Length, System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(hash));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LengthBytes}:{Hash:x16}");

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out FileMark mark)
    {
        mark = default;
        var colon = text.IndexOf(':');
        if (colon < 0 || !long.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || !ulong.TryParse(text[(colon + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash))
        {
            return false;
        }

        mark = new FileMark(length, hash);
        return true;
    }
}

/// <summary>A document that is done: written, or left out by a SKIPIF field.</summary>
/// <param name="Index">The position of its first record among all rows of the data, from 0.</param>
/// <param name="Records">How many records it took (more than one on label sheets).</param>
/// <param name="Docx">The Word file; null where none was asked for.</param>
/// <param name="Pdf">The PDF; null where none was asked for.</param>
/// <param name="SpoolOffset">Where they start in the spool; 0 where there is none.</param>
internal readonly record struct JournalEntry(long Index, int Records, FileMark? Docx, FileMark? Pdf, long SpoolOffset)
{
    /// <summary>Where its files end in the spool.</summary>
    public long SpoolEnd => SpoolOffset + (Docx?.LengthBytes ?? 0) + (Pdf?.LengthBytes ?? 0);

    /// <summary>Whether the template left the record out.</summary>
    public bool IsSkipped => Docx is null && Pdf is null;
}

/// <summary>What a journal holds.</summary>
/// <param name="Head">What the run was started with.</param>
/// <param name="TakenNames">The names that lay in the folder before.</param>
/// <param name="Entries">The documents that are done, by index.</param>
/// <param name="IsFinished">Whether nothing is left to do.</param>
internal sealed record JournalState(JournalHead Head, IReadOnlyList<string> TakenNames, IReadOnlyList<JournalEntry> Entries, bool IsFinished);

/// <summary>
/// The memory of a run: lines appended to a file and flushed to the disk in batches. It holds positions and checksums,
/// never a value of a record; the names of the documents follow from the data. A line that a crash cut off counts as
/// never written: its document is then made again, under the same name.
/// </summary>
internal sealed class Journal : IDisposable
{
    private const string Magic = "clinicflow run 1";

    private readonly FileStream _file;
    private readonly StringBuilder _pending = new();

    private Journal(FileStream file) => _file = file;

    /// <summary>Starts a journal, on the disk when this returns.</summary>
    public static Journal Create(string path, JournalHead head, IEnumerable<string> takenNames)
    {
        var journal = new Journal(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read));
        journal._pending.Append(Magic).Append('\n').Append("head ").Append(JsonSerializer.Serialize(head)).Append('\n');
        foreach (var name in takenNames)
        {
            journal._pending.Append("taken ").Append(JsonSerializer.Serialize(name)).Append('\n');
        }

        journal._pending.Append("start\n");
        journal.Flush();
        return journal;
    }

    /// <summary>Goes on with a journal.</summary>
    public static Journal Append(string path)
    {
        // A line that was cut off stays as it is; the new ones begin after a line end, so that it joins none of them.
        var journal = new Journal(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read));
        journal._pending.Append('\n');
        journal.Flush();
        return journal;
    }

    /// <summary>Reads a journal; null where there is none, or one in which nothing was started.</summary>
    public static JournalState? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        JournalHead? head = null;
        var taken = new List<string>();
        var entries = new List<JournalEntry>();
        var isStarted = false;
        var isFinished = false;

        // The run's own journal is open for writing while the ZIP is built from it.
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            var (word, rest) = line.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var space ? (line[..space], line[(space + 1)..]) : (line, "");
            switch (word)
            {
                case "head" when TryReadJson<JournalHead>(rest, out var read):
                    head = read;
                    break;
                case "taken" when TryReadJson<string>(rest, out var name):
                    taken.Add(name);
                    break;
                case "start":
                    isStarted = true;
                    break;
                case "done" when TryReadEntry(rest, out var entry):
                    entries.Add(entry);
                    break;
                case "lost" when long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var lost):
                    entries.Add(new JournalEntry(lost, 0, null, null, 0));
                    break;
                case "finished":
                    isFinished = true;
                    break;
            }
        }

        return head is null || !isStarted ? null : new JournalState(head, taken, LastOfEach(entries), isFinished);
    }

    /// <summary>Adds a document. It counts after the next <see cref="Flush"/>.</summary>
    public void Add(JournalEntry entry)
        => _pending.Append(CultureInfo.InvariantCulture, $"done {entry.Index} {entry.Records} {Text(entry.Docx)} {Text(entry.Pdf)} {entry.SpoolOffset} .\n");

    /// <summary>Notes that a document that was done is no longer whole.</summary>
    public void AddLost(long index) => _pending.Append(CultureInfo.InvariantCulture, $"lost {index}\n");

    /// <summary>Notes that nothing is left to do, on the disk when this returns.</summary>
    public void Finish()
    {
        _pending.Append("finished\n");
        Flush();
    }

    /// <summary>Writes what was added, and returns when it is on the disk.</summary>
    public void Flush()
    {
        if (_pending.Length == 0)
        {
            return;
        }

        _file.Write(Encoding.UTF8.GetBytes(_pending.ToString()));
        _file.Flush(flushToDisk: true);
        _pending.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Sorted by index; of several lines about one document the last counts.</summary>
    private static List<JournalEntry> LastOfEach(List<JournalEntry> entries)
    {
        var last = new List<JournalEntry>(entries.Count);
        foreach (var entry in entries.OrderBy(entry => entry.Index)) // a stable sort
        {
            if (last.Count > 0 && last[^1].Index == entry.Index)
            {
                last[^1] = entry;
            }
            else
            {
                last.Add(entry);
            }
        }

        last.RemoveAll(entry => entry.Records == 0);
        return last;
    }

    private static string Text(FileMark? mark) => mark?.ToString() ?? "-";

    private static bool TryReadEntry(string text, out JournalEntry entry)
    {
        entry = default;
        var parts = text.Split(' ');

        // The full stop at the end tells a whole line from one that was cut off inside its last checksum.
        if (parts.Length != 6 || parts[5] != "."
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var records)
            || !TryReadMark(parts[2], out var docx) || !TryReadMark(parts[3], out var pdf)
            || !long.TryParse(parts[4], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return false;
        }

        entry = new JournalEntry(index, records, docx, pdf, offset);
        return true;
    }

    private static bool TryReadMark(string text, out FileMark? mark)
    {
        mark = null;
        if (text == "-")
        {
            return true;
        }

        var isRead = FileMark.TryParse(text, out var read);
        mark = read;
        return isRead;
    }

    private static bool TryReadJson<T>(string json, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? value)
    {
        try
        {
            value = JsonSerializer.Deserialize<T>(json);
        }
        catch (JsonException)
        {
            value = default;
        }

        return value is not null;
    }
}
