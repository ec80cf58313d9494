namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Real documents that lie beside the repository on some machines; they are not part of it.</summary>
internal static class Corpus
{
    /// <summary>The folder; null where it is not there.</summary>
    public static string? Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ClinicFlow.slnx")))
            {
                var corpus = Path.Combine(folder.FullName, "..", "shared", "corpus");
                return Directory.Exists(corpus) ? corpus : null;
            }
        }

        return null;
    }
}
