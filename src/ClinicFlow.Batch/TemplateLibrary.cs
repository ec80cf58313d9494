using ClinicFlow.Batch.Processing;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Batch.Templates;
using ClinicFlow.Documents;

namespace ClinicFlow.Batch;

/// <summary>The templates of a clinic, as one user works with them: everybody uses all of them, and changes one's own.</summary>
public sealed class TemplateLibrary
{
    private const int MaxBytes = 64 << 20;

    private readonly BatchEngine _engine;
    private readonly BatchUser _user;

    internal TemplateLibrary(BatchEngine engine, BatchUser user) => (_engine, _user) = (engine, user);

    /// <summary>Adds a template with its first version, a draft.</summary>
    /// <param name="name">Its name, 1 to 200 characters.</param>
    /// <param name="docx">The Word file.</param>
    /// <param name="fileName">What the file is called.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="TemplatePackageException">The file is no usable Word document.</exception>
    /// <exception cref="ArgumentException">The name is empty or too long, or a text holds NUL or half of a surrogate pair.</exception>
    public async Task<DocumentTemplate> AddAsync(string name, ReadOnlyMemory<byte> docx, string fileName = "", string description = "", CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, 200, nameof(name));
        ThrowUnlessText(name, nameof(name));
        ThrowUnlessText(fileName, nameof(fileName));
        ThrowUnlessText(description, nameof(description));
        var content = Check(docx);
        return await _engine.Templates.CreateAsync(_user, name.Trim(), description, Path.GetFileName(fileName), content, cancellation).ConfigureAwait(false);
    }

    /// <summary>Adds a version, a draft; the same file again gives the version that it is already.</summary>
    /// <exception cref="TemplatePackageException">The file is no usable Word document.</exception>
    /// <exception cref="ArgumentException">The file's name holds NUL or half of a surrogate pair.</exception>
    public async Task<TemplateOutcome> AddVersionAsync(Guid templateId, ReadOnlyMemory<byte> docx, string fileName = "", CancellationToken cancellation = default)
    {
        ThrowUnlessText(fileName, nameof(fileName));
        return await _engine.Templates.AddVersionAsync(templateId, _user, Path.GetFileName(fileName), Check(docx), cancellation).ConfigureAwait(false);
    }

    /// <summary>Publishes a version: new jobs use the newest that is published. Refused where it has errors.</summary>
    public async Task<TemplateOutcome> PublishAsync(Guid templateId, Guid versionId, CancellationToken cancellation = default)
    {
        try
        {
            await _engine.TemplateCache.GetAsync(versionId, cancellation).ConfigureAwait(false);
        }
        catch (TemplateUnusableException e)
        {
            return e.Code == "template-version-gone" ? new TemplateOutcome.NotFound() : new TemplateOutcome.Refused(e.Code, e.Message);
        }

        return await _engine.Templates.SetStatusAsync(templateId, versionId, TemplateStatus.Published, _user, cancellation).ConfigureAwait(false);
    }

    /// <summary>Archives a version: new jobs do not use it any more; jobs that pinned it go on.</summary>
    public Task<TemplateOutcome> ArchiveAsync(Guid templateId, Guid versionId, CancellationToken cancellation = default)
        => _engine.Templates.SetStatusAsync(templateId, versionId, TemplateStatus.Archived, _user, cancellation);

    /// <summary>Reads a template; null where there is none.</summary>
    public Task<DocumentTemplate?> FindAsync(Guid templateId, CancellationToken cancellation = default) => _engine.Templates.FindAsync(templateId, cancellation);

    /// <summary>Lists all templates by name.</summary>
    public Task<IReadOnlyList<DocumentTemplate>> ListAsync(CancellationToken cancellation = default) => _engine.Templates.ListAsync(cancellation);

    /// <summary>Reads the Word file of a version; null where there is none.</summary>
    public Task<byte[]?> ReadFileAsync(Guid versionId, CancellationToken cancellation = default) => _engine.Templates.ReadContentAsync(versionId, cancellation);

    /// <summary>Adds a template and publishes it, where it has no errors.</summary>
    /// <exception cref="TemplateUnusableException">It has errors; it stays a draft.</exception>
    /// <exception cref="TemplatePackageException">The file is no usable Word document.</exception>
    public async Task<DocumentTemplate> AddAndPublishAsync(string name, ReadOnlyMemory<byte> docx, string fileName = "", CancellationToken cancellation = default)
    {
        var template = await AddAsync(name, docx, fileName, cancellation: cancellation).ConfigureAwait(false);
        return await PublishAsync(template.Id, template.Versions[0].Id, cancellation).ConfigureAwait(false) switch
        {
            TemplateOutcome.Done done => done.Template,
            TemplateOutcome.Refused refused => throw new TemplateUnusableException(refused.Code, refused.Message),
            _ => throw new TemplateUnusableException("template-version-gone", "The template was removed in the meantime."),
        };
    }

    private static void ThrowUnlessText(string text, string name)
    {
        if (!StoredText.CanKeep(text))
        {
            throw new ArgumentException("The text holds NUL or half of a surrogate pair.", name);
        }
    }

    private static byte[] Check(ReadOnlyMemory<byte> docx)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(docx.Length, MaxBytes, nameof(docx));
        var content = docx.ToArray();
        TemplateCompiler.Compile(new MemoryStream(content, writable: false));
        return content;
    }
}
