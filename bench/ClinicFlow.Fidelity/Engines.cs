namespace ClinicFlow.Fidelity;

/// <summary>The engines that are measured.</summary>
internal static class Engines
{
    public static string[] Names { get; } = ["libreoffice"];

    /// <summary>Renders one document with an engine of our own.</summary>
    public static Task<Rendering> RenderAsync(string engine, string docx, string folder)
        => throw new NotSupportedException($"{engine} does not render {docx} into {folder}.");
}
