using ClinicFlow.Client.Connection;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Client;

/// <summary>
/// Templates: add, look into, preview, publish. Every call throws <see cref="ClinicFlowApiException"/> where the server says
/// no (404 <c>not-found</c> also for changes of somebody else's template) and <see cref="HttpRequestException"/> where it cannot be reached.
/// </summary>
public sealed class TemplatesClient
{
    private readonly ApiConnection _api;

    internal TemplatesClient(ApiConnection api) => _api = api;

    /// <summary>Lists all templates by name.</summary>
    public async Task<IReadOnlyList<Template>> ListAsync(CancellationToken cancellation = default) => (await _api.GetAsync<Page<Template>>("templates", cancellation).ConfigureAwait(false)).Items;

    /// <summary>Reads a template.</summary>
    public Task<Template> GetAsync(Guid id, CancellationToken cancellation = default) => _api.GetAsync<Template>($"templates/{id}", cancellation);

    /// <summary>Adds a template with its first version.</summary>
    /// <param name="docx">The Word file.</param>
    /// <param name="fileName">What it is called.</param>
    /// <param name="name">What the template is called; as the file where null.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="publish">Whether jobs may use it at once. A version with errors is refused then, and stays as a draft.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="ClinicFlowApiException">422 where the file is no usable Word document, 409 where it has errors and was to be published, 413 <c>too-large</c>.</exception>
    public Task<Template> AddAsync(Stream docx, string fileName, string? name = null, string description = "", bool publish = false, CancellationToken cancellation = default)
        => _api.UploadAsync<Template>("templates", Form(docx, fileName, name, description, publish), null, isRepeatable: false, cancellation);

    /// <summary>Adds a version; the same file again gives the version that it is already.</summary>
    /// <inheritdoc cref="AddAsync" path="/exception"/>
    public Task<Template> AddVersionAsync(Guid id, Stream docx, string fileName, bool publish = false, CancellationToken cancellation = default)
        => _api.UploadAsync<Template>($"templates/{id}/versions", Form(docx, fileName, null, "", publish), null, isRepeatable: false, cancellation);

    /// <summary>Fetches the Word file of a version.</summary>
    public Task<Download> OpenFileAsync(Guid id, Guid versionId, CancellationToken cancellation = default) => Download.OpenAsync(_api, $"templates/{id}/versions/{versionId}/file", null, cancellation);

    /// <summary>Reads what a version needs, and what is wrong with it.</summary>
    public Task<TemplateDetails> GetDetailsAsync(Guid id, Guid versionId, CancellationToken cancellation = default)
        => _api.GetAsync<TemplateDetails>($"templates/{id}/versions/{versionId}/details", cancellation);

    /// <summary>Makes one document with given data, to look at. Nothing is kept.</summary>
    /// <exception cref="ClinicFlowApiException">422 where template and data do not fit, 409 <c>pdf-engine-missing</c>.</exception>
    public async Task<Download> PreviewAsync(Guid id, Guid versionId, PreviewOrder order, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(order);
        var path = $"templates/{id}/versions/{versionId}/preview";
        var response = await _api.OpenAsync(() => _api.Make(HttpMethod.Post, path, ApiConnection.Json(order)), cancellation).ConfigureAwait(false);
        return await Download.OfAsync(_api, path, response, cancellation).ConfigureAwait(false);
    }

    /// <summary>Publishes a version: new jobs use the newest that is published.</summary>
    /// <exception cref="ClinicFlowApiException">409 where it has errors.</exception>
    public Task<Template> PublishAsync(Guid id, Guid versionId, CancellationToken cancellation = default)
        => _api.ReadAsync<Template>(HttpMethod.Post, $"templates/{id}/versions/{versionId}/publish", null, isRepeatable: true, cancellation);

    /// <summary>Archives a version: new jobs do not use it any more; jobs that use it already go on.</summary>
    public Task<Template> ArchiveAsync(Guid id, Guid versionId, CancellationToken cancellation = default)
        => _api.ReadAsync<Template>(HttpMethod.Post, $"templates/{id}/versions/{versionId}/archive", null, isRepeatable: true, cancellation);

    private static Func<HttpContent> Form(Stream docx, string fileName, string? name, string description, bool publish)
    {
        ArgumentNullException.ThrowIfNull(docx);
        ArgumentException.ThrowIfNullOrWhiteSpace(fileName);
        return () =>
        {
            var form = new MultipartFormDataContent
            {
                { new StringContent(publish ? "true" : "false"), "publish" },
                { new StringContent(description), "description" },
                { new StreamContent(new KeptOpen(docx), 1 << 16), "file", Path.GetFileName(fileName) },
            };
            if (name is not null)
            {
                form.Add(new StringContent(name), "name");
            }

            return form;
        };
    }
}
