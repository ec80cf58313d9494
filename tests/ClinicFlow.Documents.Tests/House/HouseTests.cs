using System.Text.RegularExpressions;
using Xunit;

namespace ClinicFlow.Documents.Tests.House;

/// <summary>What holds for the whole repository.</summary>
public sealed partial class HouseTests
{
    // Each may use those before it; the root is the front door and uses all.
    private static readonly Dictionary<string, string[]> Orders = new()
    {
        ["Documents"] = ["Data", "Package", "Content", "Tags", "Fields", "Merge", "Hyphenation", "Model", "Unicode", "Fonts", "Layout", "Pdf", "Docx", "Engines"],
        ["Components"] = ["Browser", "Words", "Parts", "Processor", "Tracker", "Queue", "Demo"],
        ["Batch"] = ["Jobs", "Progress", "Encryption", "Archive", "Templates", "Queue", "Delivery", "Audit", "Storage", "Intake", "Processing", "Retention"],
    };

    // Folders are resources here, and use one another.
    private static readonly string[] Hosts = ["Client", "Server", "Cli"];

    private static string Root => Checkout.Root;

    [Theory]
    [InlineData("Documents")]
    [InlineData("Batch")]
    [InlineData("Components")]
    public void Folders_of_a_project_depend_one_way(string project)
    {
        var folder = Path.Combine(Root, "src", "ClinicFlow." + project);
        Assert.Empty(Offences(project, Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Select(file => (Path.GetRelativePath(folder, file), File.ReadAllText(file)))));
    }

    [Fact]
    public void A_folder_that_uses_a_later_one_would_be_found()
    {
        Assert.Equal(["Data/X.cs uses Merge"], Offences("Documents", [("Data/X.cs", "using ClinicFlow.Documents.Merge;\nnamespace ClinicFlow.Documents.Data;")]));
        Assert.Equal(["Jobs/X.cs uses Storage"], Offences("Batch", [("Jobs/X.cs", "using ClinicFlow.Batch.Storage.Tables;\nnamespace ClinicFlow.Batch.Jobs;")]));
    }

    [Fact]
    public void The_architecture_names_every_folder_and_package()
    {
        var text = File.ReadAllText(Path.Combine(Root, "ARCHITECTURE.md"));
        foreach (var (project, order) in Orders)
        {
            Assert.Equal(order.Order(StringComparer.Ordinal), FoldersOf(project).Order(StringComparer.Ordinal));
            Assert.All(order, folder => Assert.Contains($"- **{folder}**", text, StringComparison.Ordinal));
        }

        foreach (var project in Hosts)
        {
            var section = ProjectSection(text, project);
            var folders = FoldersOf(project).ToArray();
            Assert.NotEmpty(folders);
            Assert.All(folders, folder => Assert.Contains($"- **{folder}**", section, StringComparison.Ordinal));
            Assert.Equal([], NamedFolder().Matches(section).Select(match => match.Groups[1].Value).Except(folders));
        }

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

    // A build that is deterministic, as that of .ci/run is, has /_/ where the checkout is.
    [Fact]
    public void No_test_looks_for_a_file_where_the_compiler_says_that_its_source_is()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories).ToArray();
        Assert.NotEmpty(tests);
        Assert.All(tests, file => Assert.DoesNotContain("Caller" + "FilePath", File.ReadAllText(file), StringComparison.Ordinal));
    }

    private static List<string> Offences(string project, IEnumerable<(string File, string Text)> files)
    {
        var order = Orders[project];
        var offences = new List<string>();
        foreach (var (file, text) in files)
        {
            var own = Array.IndexOf(order, file.Split(Path.DirectorySeparatorChar, '/')[0]);
            if (own < 0)
            {
                continue;
            }

            foreach (Match match in Uses().Matches(text))
            {
                if (match.Groups[1].Value == project && Array.IndexOf(order, match.Groups[2].Value) > own)
                {
                    offences.Add($"{file.Replace('\\', '/')} uses {match.Groups[2].Value}");
                }
            }
        }

        return offences;
    }

    private static IEnumerable<string> FoldersOf(string project)
        => Directory.EnumerateDirectories(Path.Combine(Root, "src", "ClinicFlow." + project)).Select(folder => Path.GetFileName(folder)!).Where(name => name is not ("bin" or "obj" or "wwwroot"));

    /// <summary>What ARCHITECTURE.md says of a project: from its heading to the next.</summary>
    private static string ProjectSection(string text, string project)
    {
        var heading = project switch { "Client" => "## The client, folder by folder", "Server" => "## The server, folder by folder", _ => "## The command" };
        var begin = text.IndexOf(heading, StringComparison.Ordinal);
        Assert.True(begin >= 0, $"ARCHITECTURE.md lacks \"{heading}\".");
        var end = text.IndexOf("\n## ", begin + 1, StringComparison.Ordinal);
        return end < 0 ? text[begin..] : text[begin..end];
    }

    [GeneratedRegex(@"^using ClinicFlow\.(\w+)\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Uses();

    [GeneratedRegex("<PackageVersion Include=\"([^\"]+)\"")]
    private static partial Regex Packages();

    [GeneratedRegex(@"^- \*\*([A-Za-z]+)\*\*", RegexOptions.Multiline)]
    private static partial Regex NamedFolder();

    // `TypeName` or `Type.Member` in backticks.
    [GeneratedRegex("`([A-Z][a-z]+[A-Za-z]*(?:\\.[A-Z][A-Za-z]*)?)`")]
    private static partial Regex Code();
}
