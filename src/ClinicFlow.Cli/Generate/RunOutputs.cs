using System.IO.Compression;

namespace ClinicFlow.Cli.Generate;

/// <summary>
/// What is built from the documents at the end of a run: the ZIP, the merged PDF, the failed rows. They are built from
/// the files on the disk, in the order of the data, and get their names when they are whole. So a run that is cut off
/// at any moment, also while these are built, needs no repair: it builds them again.
/// </summary>
internal sealed class RunOutputs(RunFolder folder, RunCounters counters)
{
    /// <summary>The ZIP; null where there is none.</summary>
    public string? ZipPath { get; private set; }

    /// <summary>The merged PDF; null where there is none.</summary>
    public string? MergedPath { get; private set; }

    /// <summary>Gives the failed rows their name; removes those of an earlier session where none failed now.</summary>
    public string? PublishFailed(bool hasFailed)
    {
        var name = folder.State.Head.FailedFile;
        if (hasFailed)
        {
            return folder.Publish(folder.FailedPart, name);
        }

        File.Delete(Path.Combine(folder.Path, name));
        return null;
    }

    /// <summary>Builds what was asked for.</summary>
    /// <param name="jobTime">The time that the entries of the ZIP carry.</param>
    /// <param name="stop">Gives up; the next session builds it.</param>
    /// <returns>Whether all is built.</returns>
    public bool Build(DateTime jobTime, CancellationToken stop)
    {
        var head = folder.State.Head;
        if (head.MergedFile is { } mergedFile && folder.Documents().Any())
        {
            counters.Phase = "Joining the PDFs";
            var part = folder.PartOf(mergedFile);
            if (!PdfEngines.Merge(folder.Documents().Select(document => (document.Name, folder.PdfFileOf(document.Entry, document.Name))), part, stop))
            {
                return false;
            }

            MergedPath = folder.Publish(part, mergedFile);
        }

        if (head.ZipFile is { } zipFile)
        {
            counters.Phase = "Building the ZIP";
            var part = folder.PartOf(zipFile);
            if (!BuildZip(part, jobTime, stop))
            {
                return false;
            }

            ZipPath = folder.Publish(part, zipFile);
        }

        return !stop.IsCancellationRequested;
    }

    private bool BuildZip(string path, DateTime jobTime, CancellationToken stop)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        foreach (var (entry, name) in folder.Documents())
        {
            if (stop.IsCancellationRequested)
            {
                return false;
            }

            if (entry.Docx is not null)
            {
                Add(name + ".docx", folder.ReadDocx(entry, name));
            }

            if (entry.Pdf is not null)
            {
                Add(name + ".pdf", folder.ReadPdf(entry, name));
            }
        }

        return true;

        void Add(string name, byte[] content)
        {
            // DOCX and PDF are compressed inside: storing them is quicker and loses next to nothing.
            var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
            entry.LastWriteTime = jobTime;
            using var target = entry.Open();
            target.Write(content);
        }
    }
}
