using System.Buffers;
using ClinicFlow.Documents;

namespace ClinicFlow.Cli;

/// <summary>Writes problems into a copy of a template, as Word comments where they are.</summary>
internal static class TemplateAnnotations
{
    /// <summary>Writes the copy; a copy that is there is replaced once the new one is whole.</summary>
    /// <param name="template">The template.</param>
    /// <param name="copy">The copy.</param>
    /// <param name="problems">What is wrong with the template.</param>
    public static void Write(string template, string copy, IReadOnlyList<Problem> problems)
    {
        var annotated = new ArrayBufferWriter<byte>();
        using (var file = File.OpenRead(template))
        {
            TemplateCompiler.Annotate(file, problems, DateTime.Now, annotated, new TemplateOptions { AllowMacros = true });
        }

        var part = copy + ".part";
        try
        {
            using (var file = File.Create(part))
            {
                file.Write(annotated.WrittenSpan);
            }

            File.Move(part, copy, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
