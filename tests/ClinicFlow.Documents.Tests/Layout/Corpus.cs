namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Real documents that lie beside the repository on some machines; they are not part of it.</summary>
internal static class Corpus
{
    /// <summary>The folder; null where it is not there.</summary>
    public static string? Folder()
    {
        var corpus = Checkout.PathOf("..", "shared", "corpus");
        return Directory.Exists(corpus) ? corpus : null;
    }

    /// <summary>All of its documents, and the repository's own samples, so that there is always one.</summary>
    public static IEnumerable<string> Documents()
        => new[] { Folder(), Checkout.PathOf("samples") }.OfType<string>().SelectMany(folder => Directory.EnumerateFiles(folder, "*.docx", SearchOption.AllDirectories)).Order(StringComparer.Ordinal);
}
