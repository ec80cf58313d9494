using System.Text;

namespace ClinicFlow.SampleMaker;

/// <summary>The texts that lie beside the code: the parts of the template that never change, and the lists patients are made from.</summary>
internal static class Resources
{
    /// <summary>The lines of a file, without the empty ones.</summary>
    public static string[] ReadLines(string name) => Read(name).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The whole text of a file, with line feeds only.</summary>
    public static string Read(string name)
    {
        var stream = typeof(Resources).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The file {name} is not built into the program.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
