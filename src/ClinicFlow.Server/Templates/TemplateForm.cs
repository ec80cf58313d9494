using ClinicFlow.Server.Problems;

namespace ClinicFlow.Server.Templates;

/// <summary>An uploaded template.</summary>
/// <param name="Name">What it is to be called; null where nobody said.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Publish">Whether it is to be published at once.</param>
/// <param name="FileName">What the file was called, without folders.</param>
/// <param name="Content">The file.</param>
internal sealed record TemplateForm(string? Name, string Description, bool Publish, string FileName, byte[] Content)
{
    private const int MaxDescriptionLength = 4_000;

    // What the reader of forms says of one that ends too early. A disk that fails has the number of its own failure.
    private const int EndOfForm = unchecked((int)0x80131620);

    /// <summary>Reads it; a problem where it is none.</summary>
    public static async Task<(TemplateForm? Form, ProblemResult? Problem)> ReadAsync(HttpRequest request, ServerSettings settings, CancellationToken cancellation)
    {
        if (!request.HasFormContentType)
        {
            return (null, ProblemResult.Of(StatusCodes.Status415UnsupportedMediaType, "media-type-unsupported", "Unknown content type", "Send multipart/form-data with the Word file as the part file."));
        }

        if (await FindFormAsync(request, cancellation) is not { } form)
        {
            return (null, ProblemResult.Invalid("form", "is cut off, or is none."));
        }

        if (form.Files.GetFile("file") is not { } file)
        {
            return (null, ProblemResult.Invalid("file", "is missing: the Word file is to be sent as a part of that name, with a file name."));
        }

        if (file.Length > settings.MaxTemplateBytes)
        {
            return (null, ProblemResult.Of(StatusCodes.Status413PayloadTooLarge, "too-large", "Too large", $"The template is larger than {settings.MaxTemplateBytes >> 20} MiB."));
        }

        if (form["publish"].ToString() is not ("" or "true" or "false"))
        {
            return (null, ProblemResult.Invalid("publish", "must be true or false."));
        }

        if (form["description"].ToString().Length > MaxDescriptionLength)
        {
            return (null, ProblemResult.Invalid("description", "must have 4,000 characters at most."));
        }

        var content = new byte[file.Length];
        await using (var stream = file.OpenReadStream())
        {
            await stream.ReadExactlyAsync(content, cancellation);
        }

        return (new TemplateForm(form["name"].ToString().Trim(), form["description"].ToString(), form["publish"] == "true", Path.GetFileName(file.FileName.Replace('\\', '/')), content), null);
    }

    private static async Task<IFormCollection?> FindFormAsync(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            return await request.ReadFormAsync(cancellation);
        }
        catch (IOException e) when (e is not BadHttpRequestException && e.HResult == EndOfForm)
        {
            return null;
        }
    }
}
