using System.IO.Compression;
using ClinicFlow.Documents.Model.Metafiles;
using Xunit;

namespace ClinicFlow.Documents.Tests.Model.Metafiles;

/// <summary>Metafiles that Word itself wrote: the small pictures of a document's first page that some files carry, where the machine has such files.</summary>
public sealed class WordMetafileTests
{
    [Fact]
    public void What_Word_draws_of_a_page_is_drawn_and_its_words_are_text()
    {
        var refused = new List<string>();
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, file) in Files())
        {
            var result = name.EndsWith("emf", StringComparison.Ordinal) ? MetafileReader.ReadEmf(file) : MetafileReader.ReadWmf(file);
            if (result.Reason is { } reason)
            {
                refused.Add($"{name}: {reason}");
                continue;
            }

            words.UnionWith(result.Drawing!.Items.OfType<MetafileText>().SelectMany(text => text.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }

        Assert.Empty(refused);
        Assert.Contains("Example", words);
    }

    // One of our own, so that there is always one.
    private static IEnumerable<(string Name, byte[] File)> Files()
    {
        yield return ("own.emf", new EmfFile(400, 300).Font(1, -16, "Arial").Text(10, 10, "Example").File());
        foreach (var path in Layout.Corpus.Folder() is { } corpus ? Directory.EnumerateFiles(corpus, "*.docx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray() : [])
        {
            foreach (var picture in Pictures(path))
            {
                yield return picture;
            }
        }
    }

    private static List<(string Name, byte[] File)> Pictures(string path)
    {
        var pictures = new List<(string, byte[])>();
        try
        {
            using var zip = ZipFile.OpenRead(path);
            foreach (var entry in zip.Entries.Where(entry => entry.FullName.EndsWith(".emf", StringComparison.OrdinalIgnoreCase) || entry.FullName.EndsWith(".wmf", StringComparison.OrdinalIgnoreCase)))
            {
                using var file = new MemoryStream();
                using var stream = entry.Open();
                stream.CopyTo(file);
                pictures.Add(($"{Path.GetFileName(path)} {entry.FullName.ToLowerInvariant()}", file.ToArray()));
            }
        }
        catch (InvalidDataException)
        {
            // No ZIP: other tests look at those.
        }

        return pictures;
    }
}
