using ClinicFlow.Documents.Docx;

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
    /// <exception cref="ArgumentException">The delimiters of <paramref name="options"/> cannot be used.</exception>
    public static CompiledTemplate Compile(Stream docx, TemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(docx);
        options ??= TemplateOptions.Default;
        CheckDelimiter(options.TagOpen);
        CheckDelimiter(options.TagClose);
        return new CompiledTemplate(DocxCompiler.Compile(docx, options));
    }

    private static void CheckDelimiter(string delimiter)
    {
        if (delimiter.Length is < 1 or > 4 || delimiter.Any(c => char.IsLetterOrDigit(c) || char.IsWhiteSpace(c) || c is '"' or '\'' || char.IsSurrogate(c) || char.IsControl(c)))
        {
            throw new ArgumentException($"\"{delimiter}\" cannot open or close a tag: use 1 to 4 signs such as {{{{, << or [[.");
        }
    }
}
