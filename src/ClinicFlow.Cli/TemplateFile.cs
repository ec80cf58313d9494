using ClinicFlow.Documents;

namespace ClinicFlow.Cli;

/// <summary>Reads template files for the commands.</summary>
internal static class TemplateFile
{
    /// <summary>Compiles a template file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Delimiters, limits, macros.</param>
    /// <param name="problems">Receives the template's problems, or the one reason why it is no template.</param>
    /// <returns>The template; null where the file is none.</returns>
    public static CompiledTemplate? Compile(string path, TemplateOptions options, List<Problem> problems)
    {
        try
        {
            using var file = File.OpenRead(path);
            var template = TemplateCompiler.Compile(file, options);
            problems.AddRange(template.Problems);
            return template;
        }
        catch (TemplatePackageException e)
        {
            problems.Add(new Problem(e.Code, $"The template {Path.GetFileName(path)} cannot be used: {e.Message}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem("cannot-open", $"The template {Path.GetFileName(path)} cannot be read.")
            {
                Advice = "Check that the file is there, that it may be read, and that Word does not hold it open.",
            });
        }

        return null;
    }
}
