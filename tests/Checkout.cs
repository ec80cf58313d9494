namespace ClinicFlow.Tests;

/// <summary>
/// The folder of the sources that these tests were built from. It is looked for from the built program upwards,
/// as the compiler does not write the real paths into a deterministic build.
/// </summary>
internal static class Checkout
{
    /// <summary>The folder that holds <c>ClinicFlow.slnx</c>.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file or folder of the sources.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ClinicFlow.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds ClinicFlow.slnx: the tests read files of the checkout and run from its artifacts folder.");
        }

        return folder;
    }
}
