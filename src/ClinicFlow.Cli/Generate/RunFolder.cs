using System.Globalization;
using ClinicFlow.Documents;

namespace ClinicFlow.Cli.Generate;

/// <summary>What became of opening the output folder.</summary>
internal abstract record RunFolderResult
{
    private RunFolderResult()
    {
    }

    /// <summary>The run can start or go on.</summary>
    internal sealed record Opened(RunFolder Folder) : RunFolderResult;

    /// <summary>The run that was to go on is finished already.</summary>
    internal sealed record AlreadyFinished(JournalState State) : RunFolderResult;

    /// <summary>The folder holds something that must not be touched, or what was asked for does not fit it.</summary>
    internal sealed record Refused(Problem Problem) : RunFolderResult;
}

/// <summary>
/// The output folder of one run, locked against a second one. Beside the documents it holds <c>.clinicflow</c>: the
/// journal, files being written, and the documents that wait for the ZIP.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string HiddenFolder = ".clinicflow";

    private readonly FileStream _lock;
    private readonly Journal _journal;
    private readonly DocumentSpool? _spool;

    private RunFolder(string path, FileStream @lock, Journal journal, JournalState state)
    {
        Path = path;
        _lock = @lock;
        _journal = journal;
        State = state;
        _spool = state.Head.ZipFile is null ? null : new DocumentSpool(Hidden("documents"), state.Entries.Select(entry => entry.SpoolEnd).DefaultIfEmpty(0).Max());
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What earlier sessions of this run have done.</summary>
    public JournalState State { get; }

    /// <summary>The names in the list that is kept for building the ZIP and the merged PDF: one line a row.</summary>
    public string NamesFile => Hidden("names");

    /// <summary>The failed rows while the run goes.</summary>
    public string FailedPart => Hidden("failed.part");

    /// <summary>Opens the folder, makes it where it is not there, and decides between starting and going on.</summary>
    /// <param name="settings">The run's settings.</param>
    /// <param name="head">What a new run is started with.</param>
    public static RunFolderResult Open(GenerateSettings settings, JournalHead head)
    {
        var hidden = System.IO.Path.Combine(settings.OutputFolder, HiddenFolder);
        Directory.CreateDirectory(hidden);
        FileStream @lock;
        try
        {
            @lock = new FileStream(System.IO.Path.Combine(hidden, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return new RunFolderResult.Refused(new Problem("folder-in-use", "Another run is at work in the output folder.")
            {
                Advice = "Wait until it has ended, or choose another folder with -o.",
            });
        }

        var isKept = false;
        try
        {
            var result = Decide(settings, head, hidden, @lock);
            isKept = result is RunFolderResult.Opened;
            return result;
        }
        finally
        {
            if (!isKept)
            {
                @lock.Dispose();
            }
        }
    }

    /// <summary>Writes the files of a document, each whole or not at all. Safe for concurrent calls.</summary>
    /// <param name="job">The document.</param>
    /// <param name="docx">The Word file; null where none was asked for.</param>
    /// <param name="pdf">The PDF; null where none was asked for.</param>
    public JournalEntry Write(DocumentJob job, ReadOnlyMemory<byte>? docx, ReadOnlyMemory<byte>? pdf)
    {
        var entry = new JournalEntry(job.Index, job.Rows.Count, docx is { } word ? FileMark.Of(word.Span) : null, pdf is { } portable ? FileMark.Of(portable.Span) : null, 0);
        if (_spool is not null)
        {
            return entry with { SpoolOffset = _spool.Append(docx, pdf) };
        }

        foreach (var (extension, content) in new[] { (".docx", docx), (".pdf", pdf) })
        {
            if (content is { } bytes)
            {
                var part = Hidden(string.Create(CultureInfo.InvariantCulture, $"{job.Index}{extension}.part"));
                File.WriteAllBytes(part, bytes.Span);
                File.Move(part, System.IO.Path.Combine(Path, job.Name + extension), overwrite: true);
            }
        }

        return entry;
    }

    /// <summary>Whether a document's files are on the disk as the journal says; after a power cut they may not be.</summary>
    public bool IsWhole(JournalEntry entry, string name)
    {
        try
        {
            return (entry.Docx is not { } docx || FileMark.Of(ReadDocx(entry, name)) == docx) && (entry.Pdf is not { } pdf || FileMark.Of(ReadPdf(entry, name)) == pdf);
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Reads the Word file of a document.</summary>
    public byte[] ReadDocx(JournalEntry entry, string name)
        => _spool?.Read(entry.SpoolOffset, entry.Docx!.Value.LengthBytes) ?? File.ReadAllBytes(System.IO.Path.Combine(Path, name + ".docx"));

    /// <summary>Reads the PDF of a document.</summary>
    public byte[] ReadPdf(JournalEntry entry, string name)
        => _spool?.Read(entry.SpoolEnd - entry.Pdf!.Value.LengthBytes, entry.Pdf!.Value.LengthBytes) ?? File.ReadAllBytes(System.IO.Path.Combine(Path, name + ".pdf"));

    /// <summary>The PDF of a document as a file. Out of the spool it is there only until the next one is asked for.</summary>
    public string PdfFileOf(JournalEntry entry, string name)
    {
        if (_spool is null)
        {
            return System.IO.Path.Combine(Path, name + ".pdf");
        }

        var path = Hidden("joining.pdf");
        File.WriteAllBytes(path, ReadPdf(entry, name));
        return path;
    }

    /// <summary>Adds a document to the journal. For the run's committer only.</summary>
    public void Commit(JournalEntry entry) => _journal.Add(entry);

    /// <summary>Notes that an earlier document is no longer whole. For the run's committer only.</summary>
    public void CommitLost(long index) => _journal.AddLost(index);

    /// <summary>Puts on the disk what was committed: first the documents, then the journal that speaks of them.</summary>
    public void Flush()
    {
        _spool?.Flush();
        _journal.Flush();
    }

    /// <summary>All documents that are done, with their names, in the order of the data. After the reader has ended.</summary>
    public IEnumerable<(JournalEntry Entry, string Name)> Documents()
    {
        var done = new DoneBefore(Journal.Read(Hidden("journal"))!.Entries);
        foreach (var line in File.ReadLines(NamesFile))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (done.Find(long.Parse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture)) is { IsSkipped: false } entry)
            {
                yield return (entry, line[(space + 1)..]);
            }
        }
    }

    /// <summary>A path for something that is being made, to be published by <see cref="Publish"/>.</summary>
    public string PartOf(string fileName) => Hidden(fileName + ".part");

    /// <summary>Gives a part its final name.</summary>
    public string Publish(string part, string fileName)
    {
        var target = System.IO.Path.Combine(Path, fileName);
        File.Move(part, target, overwrite: true);
        return target;
    }

    /// <summary>Notes the end of the run and removes what only the run needed.</summary>
    public void Finish()
    {
        _journal.Finish();
        _spool?.Dispose();
        Clean(System.IO.Path.Combine(Path, HiddenFolder));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _journal.Dispose();
        _spool?.Dispose();
        _lock.Dispose();
    }

    private static RunFolderResult Decide(GenerateSettings settings, JournalHead head, string hidden, FileStream @lock)
    {
        var journalPath = System.IO.Path.Combine(hidden, "journal");
        var earlier = Journal.Read(journalPath);
        if (earlier is not null && settings.Resume)
        {
            if (DifferenceOf(earlier.Head, head) is { } difference)
            {
                return new RunFolderResult.Refused(difference);
            }

            if (earlier.IsFinished)
            {
                Clean(hidden);
                return new RunFolderResult.AlreadyFinished(earlier);
            }

            return new RunFolderResult.Opened(new RunFolder(settings.OutputFolder, @lock, Journal.Append(journalPath), earlier));
        }

        if (earlier is { IsFinished: false } && !settings.Force)
        {
            return new RunFolderResult.Refused(new Problem("run-not-finished", $"The output folder holds a run that was cut off after {earlier.Entries.Count} documents.")
            {
                Advice = "Go on with it with --resume, choose another folder with -o, or throw it away with --force.",
            });
        }

        // What lies in the folder keeps its name: documents that would be called the same get a number.
        Clean(hidden);
        var taken = settings.Force ? [] : Directory.EnumerateFiles(settings.OutputFolder).Select(file => System.IO.Path.GetFileNameWithoutExtension(file)!)
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
        var free = head with
        {
            FailedFile = Free(settings, head.FailedFile),
            ZipFile = head.ZipFile is null ? null : Free(settings, head.ZipFile),
            MergedFile = head.MergedFile is null ? null : Free(settings, head.MergedFile),
        };
        var journal = Journal.Create(journalPath, free, taken);
        return new RunFolderResult.Opened(new RunFolder(settings.OutputFolder, @lock, journal, new JournalState(free, taken, [], false)));
    }

    /// <summary>A name that no file has, unless existing files may be replaced; the input itself never may.</summary>
    private static string Free(GenerateSettings settings, string fileName)
    {
        var stem = System.IO.Path.GetFileNameWithoutExtension(fileName);
        var extension = System.IO.Path.GetExtension(fileName);
        for (var i = 1; ; i++)
        {
            var name = i == 1 ? fileName : $"{stem} ({i}){extension}";
            var path = System.IO.Path.Combine(settings.OutputFolder, name);
            var isInput = path == System.IO.Path.GetFullPath(settings.DataPath) || path == System.IO.Path.GetFullPath(settings.TemplatePath);
            if (!isInput && (settings.Force || !System.IO.Path.Exists(path)))
            {
                return name;
            }
        }
    }

    private static Problem? DifferenceOf(JournalHead earlier, JournalHead now)
    {
        var differences = new List<string>();
        if (earlier.TemplateHash != now.TemplateHash)
        {
            differences.Add("the template");
        }

        if (earlier.DataHash != now.DataHash)
        {
            differences.Add("the data");
        }

        differences.AddRange(earlier.Options.Keys.Union(now.Options.Keys).Order(StringComparer.Ordinal)
            .Where(name => earlier.Options.GetValueOrDefault(name) != now.Options.GetValueOrDefault(name)));
        return differences.Count == 0 ? null
            : new Problem("resume-differs", $"The run in the output folder was started with something else: {string.Join(", ", differences)} changed since.")
            {
                Advice = "Go on with the same template, data and options, or start afresh in another folder (-o), or throw the earlier run away with --force and without --resume.",
            };
    }

    /// <summary>Removes everything of a run but its journal and the lock.</summary>
    private static void Clean(string hidden)
    {
        foreach (var folder in Directory.EnumerateDirectories(hidden))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(hidden))
        {
            if (System.IO.Path.GetFileName(file) is not ("journal" or "lock"))
            {
                File.Delete(file);
            }
        }
    }

    private string Hidden(string name) => System.IO.Path.Combine(Path, HiddenFolder, name);
}
