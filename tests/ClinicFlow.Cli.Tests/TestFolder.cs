using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace ClinicFlow.Cli.Tests;

/// <summary>A folder of its own for one test, removed at its end.</summary>
internal sealed class TestFolder : IDisposable
{
    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("clinicflow-cli-").FullName;

    /// <summary>A path in the folder.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a Word template with one paragraph a text.</summary>
    public void Template(string name, params string[] paragraphs)
    {
        using var document = WordprocessingDocument.Create(this[name], WordprocessingDocumentType.Document);
        var body = new Body(paragraphs.Select(text => new Paragraph(new Run(new Text(text) { Space = SpaceProcessingModeValues.Preserve }))));
        document.AddMainDocumentPart().Document = new Document(body);
    }

    /// <summary>Writes a text file as UTF-8.</summary>
    public void Text(string name, params string[] lines) => File.WriteAllText(this[name], string.Join('\n', lines) + "\n", new UTF8Encoding(false));

    /// <summary>Writes a CSV of people: number, name, fee.</summary>
    public void People(string name, int count)
        => Text(name, ["number,name,fee", .. Enumerable.Range(1, count).Select(i => $"{i},Person {i},{i}.5")]);

    /// <summary>The files of a folder by name, hidden ones and folders left out.</summary>
    public IReadOnlyList<string> Files(string folder)
        => [.. Directory.EnumerateFiles(this[folder]).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>The text of a document.</summary>
    public string DocxText(string name)
    {
        using var file = File.OpenRead(this[name]);
        return DocxText(file);
    }

    /// <summary>The text of a document.</summary>
    public static string DocxText(Stream docx)
    {
        using var document = WordprocessingDocument.Open(docx, isEditable: false);
        return string.Join('\n', document.MainDocumentPart!.Document!.Body!.Elements<Paragraph>().Select(paragraph => paragraph.InnerText));
    }

    /// <summary>The names in a ZIP, in its order.</summary>
    public IReadOnlyList<string> ZipNames(string name)
    {
        using var zip = ZipFile.OpenRead(this[name]);
        return [.. zip.Entries.Select(entry => entry.FullName)];
    }

    /// <summary>The text of a document in a ZIP.</summary>
    public string ZippedDocxText(string name, string entry)
    {
        using var zip = ZipFile.OpenRead(this[name]);
        using var copy = new MemoryStream();
        using (var source = zip.GetEntry(entry)!.Open())
        {
            source.CopyTo(copy);
        }

        copy.Position = 0;
        return DocxText(copy);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
