using System.Runtime.CompilerServices;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Batch.Archive;

/// <summary>A job's print file.</summary>
/// <param name="Documents">How many documents it holds.</param>
/// <param name="Pages">How many pages it has.</param>
/// <param name="Mark">How long it is: what <see cref="MergedPdf.OpenRead"/> needs.</param>
public sealed record MergedPdfFile(int Documents, int Pages, ArchiveMark Mark);

/// <summary>
/// Makes one PDF of all documents of a job, in the order of its requests, with a bookmark for each. One document is read
/// at a time; where the archive is encrypted, so is the print file.
/// </summary>
public static class MergedPdf
{
    private const string PartEnding = ".part";

    /// <summary>After this time without a byte nobody makes a file any more: whoever did was ended.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    /// <summary>Makes the print file beside its place and moves it there when it is whole.</summary>
    /// <param name="archive">Where the documents are.</param>
    /// <param name="requests">The requests in their order; those without a PDF are left out.</param>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="jobId">Whose it is.</param>
    /// <param name="keys">Encrypts it.</param>
    /// <param name="cancellation">Ends the work; what was at its place before stays.</param>
    /// <returns>What was made; null where there is no PDF at all, and no file then.</returns>
    /// <exception cref="PdfConversionException">A document cannot be merged; the message names its number among the PDFs.</exception>
    /// <exception cref="ArchiveDamagedException">A document is damaged.</exception>
    /// <exception cref="ArchiveException">The print file cannot be written.</exception>
    public static async Task<MergedPdfFile?> WriteAsync(
        ArchiveReader archive, IAsyncEnumerable<RequestRow> requests, string path, Guid jobId, IKeyRing? keys, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(requests);

        // Another host may make the same file at the same time: each has a part of its own, and the one that is whole last stays.
        var part = FormattableString.Invariant($"{path}.{Guid.NewGuid():N}{PartEnding}");
        try
        {
            var documents = 0;
            int pages;
            ArchiveMark mark;
            using (var file = new ArchiveFile(ArchiveWriter.Open(part), default, jobId, keys))
            {
                RemoveLeftovers(path, part);
                pages = await PdfMerge.MergeAsync(ReadAsync(archive, requests, () => documents++, cancellation), new AppendStream(file), cancellationToken: cancellation).ConfigureAwait(false);
                mark = file.Flush();
            }

            if (documents == 0)
            {
                return null;
            }

            Guard(() => File.Move(part, path, overwrite: true));
            return new MergedPdfFile(documents, pages, mark);
        }
        finally
        {
            // Gone already where it was moved.
            Guard(() => File.Delete(part));
        }
    }

    /// <summary>Opens a print file: seekable, decrypted as it is read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mark">How long it is.</param>
    /// <param name="jobId">Whose it is.</param>
    /// <param name="keys">For an encrypted one.</param>
    /// <exception cref="ArchiveDamagedException">It is gone, or was changed.</exception>
    /// <exception cref="EncryptionKeyMissingException">Its key is not there.</exception>
    public static Stream OpenRead(string path, ArchiveMark mark, Guid jobId, IKeyRing? keys) => new ArchiveReader(path, mark, jobId, keys).OpenZip();

    private static async IAsyncEnumerable<PdfMergeBytes> ReadAsync(
        ArchiveReader archive, IAsyncEnumerable<RequestRow> requests, Action count, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var request in requests.WithCancellation(cancellation).ConfigureAwait(false))
        {
            var pdf = request.State == RequestState.Succeeded ? request.Slices.FirstOrDefault(slice => slice.FileName.EndsWith(".pdf", StringComparison.Ordinal)) : null;
            if (pdf is not null)
            {
                count();
                yield return new PdfMergeBytes(request.DocumentName, archive.Read(pdf, request.Index));
            }
        }
    }

    // The time is that of the disk, which also dates what other hosts write there.
    private static void RemoveLeftovers(string path, string mine) => Guard(() =>
    {
        var now = File.GetLastWriteTimeUtc(mine);
        foreach (var part in Directory.EnumerateFiles(Path.GetDirectoryName(mine)!, Path.GetFileName(path) + ".*" + PartEnding))
        {
            if (now - File.GetLastWriteTimeUtc(part) > Abandoned)
            {
                File.Delete(part);
            }
        }
    });

    private static void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ArchiveException.Of(e);
        }
    }
}
