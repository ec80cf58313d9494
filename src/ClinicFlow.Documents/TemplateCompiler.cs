namespace ClinicFlow.Documents;

/// <summary>Turns a Word template into a <see cref="CompiledTemplate"/>.</summary>
public static class TemplateCompiler
{
    /// <summary>
    /// Compiles a template. What its author can mend is in <see cref="CompiledTemplate.Problems"/>, all at once;
    /// exceptions are for files that are no usable Word document.
    /// </summary>
    /// <param name="docx">The .docx file; read to its end from where it stands, not closed.</param>
    /// <param name="options">Limits and language; the defaults where null.</param>
    /// <exception cref="TemplatePackageException">The file is no Word document, is damaged, protected, or over a limit.</exception>
    public static CompiledTemplate Compile(Stream docx, TemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(docx);
        throw new NotImplementedException();
    }
}
