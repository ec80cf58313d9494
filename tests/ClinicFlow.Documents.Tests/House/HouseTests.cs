using System.Text.RegularExpressions;
using Xunit;

namespace ClinicFlow.Documents.Tests.House;

/// <summary>What holds for the whole repository.</summary>
public sealed partial class HouseTests
{
    // Each may use those before it; the root is the front door and uses all.
    private static readonly string[] Order = ["Data", "Package", "Content", "Tags", "Fields", "Merge", "Docx", "Engines"];

    private static string Root { get; } = FindRoot();

    [Fact]
    public void Folders_of_the_library_depend_one_way()
        => Assert.Empty(Offences(Directory.EnumerateFiles(Path.Combine(Root, "src", "ClinicFlow.Documents"), "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path.GetRelativePath(Path.Combine(Root, "src", "ClinicFlow.Documents"), file), File.ReadAllText(file)))));

    [Fact]
    public void A_folder_that_uses_a_later_one_would_be_found()
        => Assert.Equal(["Data/X.cs uses Merge"], Offences([("Data/X.cs", "using ClinicFlow.Documents.Merge;\nnamespace ClinicFlow.Documents.Data;")]));

    [Fact]
    public void The_architecture_names_every_folder_and_package()
    {
        var text = File.ReadAllText(Path.Combine(Root, "ARCHITECTURE.md"));
        var folders = Directory.EnumerateDirectories(Path.Combine(Root, "src", "ClinicFlow.Documents")).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj"));
        Assert.Equal(Order.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
        Assert.All(Order, folder => Assert.Contains($"- **{folder}**", text, StringComparison.Ordinal));
        Assert.All(Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension), project => Assert.Contains($"`src/{project}`", text, StringComparison.Ordinal));
        var packages = Packages().Matches(File.ReadAllText(Path.Combine(Root, "Directory.Packages.props"))).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.Contains(package, text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_architecture_names_no_type_that_is_gone()
    {
        var source = string.Concat(Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var named = Code().Matches(File.ReadAllText(Path.Combine(Root, "ARCHITECTURE.md"))).Select(match => match.Groups[1].Value).Distinct().ToArray();
        Assert.NotEmpty(named);
        Assert.Equal([], named.Where(name => !Regex.IsMatch(source, $@"\b{Regex.Escape(name.Split((char)46)[^1])}\b")));
    }

    [Fact]
    public void No_file_names_a_place_of_the_machine_it_was_written_on()
    {
        var wrong = Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".md" or ".csproj" or ".props" or ".json" or ".mjs" or ".slnx" or "" or ".sh")
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "artifacts" or "out" or "node_modules" or ".git"))
            .Where(file => File.ReadAllText(file).Contains("/wo" + "rk/", StringComparison.Ordinal));
        Assert.Empty(wrong);
    }

    private static List<string> Offences(IEnumerable<(string File, string Text)> files)
    {
        var offences = new List<string>();
        foreach (var (file, text) in files)
        {
            var own = Array.IndexOf(Order, file.Split(Path.DirectorySeparatorChar, '/')[0]);
            if (own < 0)
            {
                continue;
            }

            foreach (Match match in Uses().Matches(text))
            {
                if (Array.IndexOf(Order, match.Groups[1].Value) > own)
                {
                    offences.Add($"{file.Replace('\\', '/')} uses {match.Groups[1].Value}");
                }
            }
        }

        return offences;
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ClinicFlow.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    [GeneratedRegex(@"^using ClinicFlow\.Documents\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Uses();

    [GeneratedRegex("<PackageVersion Include=\"([^\"]+)\"")]
    private static partial Regex Packages();

    // `TypeName` or `Type.Member` in backticks.
    [GeneratedRegex("`([A-Z][a-z]+[A-Za-z]*(?:\\.[A-Z][A-Za-z]*)?)`")]
    private static partial Regex Code();
}
