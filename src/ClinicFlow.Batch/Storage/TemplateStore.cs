using System.Security.Cryptography;
using ClinicFlow.Batch.Storage.Tables;
using ClinicFlow.Batch.Templates;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Batch.Storage;

/// <summary>Templates and their versions. All of a clinic use them; only who made a template changes it, or an operator (null).</summary>
internal sealed class TemplateStore(IBatchDatabase database, AuditStore audit, TimeProvider time)
{
    /// <summary>Adds a template with its first version, a draft.</summary>
    public Task<DocumentTemplate> CreateAsync(BatchUser user, string name, string description, string fileName, byte[] content, CancellationToken cancellation) => database.WriteAsync(user.Id, async db =>
    {
        var now = time.GetUtcNow();
        var template = new TemplateEntity { Id = Guid.CreateVersion7(now), Name = name, Description = description, CreatedBy = user.Id, CreatedAt = now, UpdatedAt = now };
        db.Templates.Add(template);
        var version = VersionOf(template.Id, 1, user.Id, fileName, content, now);
        db.TemplateVersions.Add(version);
        await db.SaveChangesAsync(cancellation).ConfigureAwait(false);
        await audit.AppendAsync(db, user.Note("template.create", template.Id.ToString(), version.ContentHash), cancellation).ConfigureAwait(false);
        return (Read(template, [Read(version)]), true);
    }, cancellation);

    /// <summary>Adds a version, a draft. The same file again gives the version that it is already.</summary>
    public Task<TemplateOutcome> AddVersionAsync(Guid templateId, BatchUser user, string fileName, byte[] content, CancellationToken cancellation) => ChangeAsync(templateId, user, "template.add-version", async (db, template) =>
    {
        var hash = Hash(content);
        if (await db.TemplateVersions.Where(v => v.TemplateId == templateId && v.ContentHash == hash).Select(v => (Guid?)v.Id).SingleOrDefaultAsync(cancellation).ConfigureAwait(false) is { } same)
        {
            return (same, null);
        }

        var now = time.GetUtcNow();
        var last = await db.TemplateVersions.Where(v => v.TemplateId == templateId).MaxAsync(v => (int?)v.Version, cancellation).ConfigureAwait(false) ?? 0;
        var version = VersionOf(templateId, last + 1, user.Id, fileName, content, now);
        db.TemplateVersions.Add(version);
        return (version.Id, null);
    }, cancellation);

    /// <summary>Moves a version on: a draft is published, a published one archived; an archived one may be published again.</summary>
    public Task<TemplateOutcome> SetStatusAsync(Guid templateId, Guid versionId, TemplateStatus status, BatchUser user, CancellationToken cancellation) => ChangeAsync(templateId, user, $"template.{Names.Of(status)}", async (db, _) =>
    {
        var version = await db.TemplateVersions.AsTracking().SingleOrDefaultAsync(v => v.Id == versionId && v.TemplateId == templateId, cancellation).ConfigureAwait(false);
        if (version is null)
        {
            return (null, null);
        }

        if (version.Status != status && status == TemplateStatus.Draft)
        {
            return (null, new TemplateOutcome.Refused("template-version-published", "A version that was published does not become a draft again. Upload the file as a new version."));
        }

        version.Status = status;
        version.PublishedAt ??= status == TemplateStatus.Published ? time.GetUtcNow() : null;
        return (versionId, null);
    }, cancellation);

    /// <summary>Reads a template; null where there is none.</summary>
    public Task<DocumentTemplate?> FindAsync(Guid id, CancellationToken cancellation) => database.ReadAsync(null, async db
        => (await ReadAsync(db, db.Templates.Where(t => t.Id == id), cancellation).ConfigureAwait(false)).SingleOrDefault(), cancellation);

    /// <summary>Lists templates by name.</summary>
    public Task<IReadOnlyList<DocumentTemplate>> ListAsync(CancellationToken cancellation) => database.ReadAsync(null, db => ReadAsync(db, db.Templates, cancellation), cancellation);

    /// <summary>Reads the file of a version; null where there is none.</summary>
    public Task<byte[]?> ReadContentAsync(Guid versionId, CancellationToken cancellation) => database.ReadAsync(null, db
        => db.TemplateVersions.Where(v => v.Id == versionId).Select(v => v.Content).SingleOrDefaultAsync(cancellation), cancellation);

    private static async Task<IReadOnlyList<DocumentTemplate>> ReadAsync(BatchDb db, IQueryable<TemplateEntity> templates, CancellationToken cancellation)
    {
        var rows = await templates.OrderBy(t => t.Name).ThenBy(t => t.Id).ToListAsync(cancellation).ConfigureAwait(false);
        var versions = await templates.Join(db.TemplateVersions, t => t.Id, v => v.TemplateId, (t, v)
            => new TemplateVersion(v.Id, v.TemplateId, v.Version, v.Status, v.ContentHash, v.FileName, v.CreatedBy, v.CreatedAt, v.PublishedAt)).ToListAsync(cancellation).ConfigureAwait(false);
        var byTemplate = versions.ToLookup(v => v.TemplateId);
        return [.. rows.Select(t => Read(t, [.. byTemplate[t.Id].OrderByDescending(v => v.Version)]))];
    }

    private static DocumentTemplate Read(TemplateEntity t, IReadOnlyList<TemplateVersion> versions) => new(t.Id, t.Name, t.Description, t.CreatedBy, t.CreatedAt, t.UpdatedAt, versions);

    private static TemplateVersion Read(TemplateVersionEntity v) => new(v.Id, v.TemplateId, v.Version, v.Status, v.ContentHash, v.FileName, v.CreatedBy, v.CreatedAt, v.PublishedAt);

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static TemplateVersionEntity VersionOf(Guid templateId, int number, string user, string fileName, byte[] content, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        TemplateId = templateId,
        Version = number,
        Status = TemplateStatus.Draft,
        ContentHash = Hash(content),
        FileName = fileName,
        Content = content,
        CreatedBy = user,
        CreatedAt = now,
    };

    private Task<TemplateOutcome> ChangeAsync(Guid id, BatchUser user, string action, Func<BatchDb, TemplateEntity, Task<(Guid? Version, TemplateOutcome? Refusal)>> change, CancellationToken cancellation) => database.WriteAsync<TemplateOutcome>(user.Scope, async db =>
    {
        var scope = user.Scope;
        var now = time.GetUtcNow();

        // Writes first, so that two who add a version at once get one number each.
        if (await db.Templates.Where(t => t.Id == id && (scope == null || t.CreatedBy == scope)).ExecuteUpdateAsync(set => set.SetProperty(t => t.UpdatedAt, now), cancellation).ConfigureAwait(false) == 0)
        {
            return (new TemplateOutcome.NotFound(), false);
        }

        var template = await db.Templates.SingleAsync(t => t.Id == id, cancellation).ConfigureAwait(false);
        var (versionId, refusal) = await change(db, template).ConfigureAwait(false);
        if (refusal is not null || versionId is null)
        {
            return (refusal ?? new TemplateOutcome.NotFound(), false);
        }

        await db.SaveChangesAsync(cancellation).ConfigureAwait(false);
        await audit.AppendAsync(db, user.Note(action, id.ToString(), versionId.ToString()!), cancellation).ConfigureAwait(false);
        var after = (await ReadAsync(db, db.Templates.Where(t => t.Id == id), cancellation).ConfigureAwait(false)).Single();
        return (new TemplateOutcome.Done(after, after.Versions.Single(v => v.Id == versionId)), true);
    }, cancellation);
}
