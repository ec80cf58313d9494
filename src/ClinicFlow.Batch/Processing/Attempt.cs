using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Queue;

namespace ClinicFlow.Batch.Processing;

/// <summary>A file that an attempt made.</summary>
/// <param name="Ending">Its ending: <c>docx</c> or <c>pdf</c>.</param>
/// <param name="Entry">The file, ready for the archive.</param>
internal readonly record struct MadeFile(string Ending, ArchiveEntry Entry);

/// <summary>What one attempt at a request gave. It owns the buffers of its files.</summary>
internal abstract record Attempt(DueRequest Request, TimeSpan Elapsed) : IDisposable
{
    /// <summary>How many bytes it holds.</summary>
    public virtual long Bytes => 0;

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Files were made.</summary>
    public sealed record Made(DueRequest Request, TimeSpan Elapsed, IReadOnlyList<MadeFile> Files, int? Pages) : Attempt(Request, Elapsed)
    {
        /// <inheritdoc/>
        public override long Bytes
        {
            get
            {
                var bytes = 0L;
                for (var i = 0; i < Files.Count; i++)
                {
                    bytes += Files[i].Entry.Bytes;
                }

                return bytes;
            }
        }

        /// <inheritdoc/>
        public override void Dispose()
        {
            base.Dispose();
            for (var i = 0; i < Files.Count; i++)
            {
                Files[i].Entry.Dispose();
            }
        }
    }

    /// <summary>The template leaves this record out (SKIPIF): that is a success without a file.</summary>
    public sealed record LeftOut(DueRequest Request, TimeSpan Elapsed) : Attempt(Request, Elapsed);

    /// <summary>It failed.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Elapsed">How long it took.</param>
    /// <param name="Code">A stable code.</param>
    /// <param name="Message">For people: no merge data, no paths.</param>
    /// <param name="IsTransient">Whether another attempt may help.</param>
    public sealed record Failed(DueRequest Request, TimeSpan Elapsed, string Code, string Message, bool IsTransient) : Attempt(Request, Elapsed);
}
