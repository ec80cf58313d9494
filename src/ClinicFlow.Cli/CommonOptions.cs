using System.CommandLine;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Cli;

/// <summary>Options that several commands have in the same form.</summary>
internal static class CommonOptions
{
    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Write the result as one JSON object on standard output, and nothing else there." };

    /// <summary><c>--quiet</c>.</summary>
    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "No progress and no notes; problems and the result are still shown." };

    /// <summary><c>--delimiters</c>.</summary>
    public static Option<string?> Delimiters() => new("--delimiters") { Description = "What opens and closes a tag, with a space between.", HelpName = "\"<< >>\"" };

    /// <summary><c>--allow-macros</c>.</summary>
    public static Option<bool> AllowMacros() => new("--allow-macros") { Description = "Take a template with macros (.docm). They are never run, and stay in the documents." };

    /// <summary><c>--engine</c>.</summary>
    public static Option<string> Engine() => new("--engine") { Description = "native, libreoffice, or auto: native where it renders the whole document as Word does, else LibreOffice.", HelpName = "ENGINE", DefaultValueFactory = _ => "auto" };

    /// <summary>Which PDF engine is asked for, or what is wrong with the word.</summary>
    /// <param name="word">What was given.</param>
    /// <param name="problems">Receives what is wrong.</param>
    public static PdfEngineKind ToEngine(string? word, List<Problem> problems)
    {
        switch (word)
        {
            case "native":
                return PdfEngineKind.Native;
            case "libreoffice":
                return PdfEngineKind.LibreOffice;
            case not "auto":
                problems.Add(new Problem("usage", "--engine must be native, libreoffice or auto."));
                break;
        }

        return PdfEngineKind.Auto;
    }

    /// <summary>Makes template options, or says what is wrong with them.</summary>
    /// <param name="delimiters">The two delimiters; null for the defaults.</param>
    /// <param name="allowMacros">Whether macros are taken.</param>
    /// <param name="problems">Receives what is wrong.</param>
    public static TemplateOptions ToTemplateOptions(string? delimiters, bool allowMacros, List<Problem> problems)
    {
        var options = TemplateOptions.Default with { AllowMacros = allowMacros };
        if (delimiters is null)
        {
            return options;
        }

        var parts = delimiters.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2 || parts.Any(part => part.Length > 4 || part.Any(c => char.IsLetterOrDigit(c) || char.IsControl(c) || char.IsSurrogate(c) || c is '"' or '\'')))
        {
            problems.Add(new Problem("usage", "--delimiters needs two groups of 1 to 4 signs with a space between.") { Advice = "For example --delimiters \"<< >>\"." });
            return options;
        }

        return options with { TagOpen = parts[0], TagClose = parts[1] };
    }
}
