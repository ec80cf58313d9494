using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Tests.Merge;
using ClinicFlow.Documents.Tests.Pdf;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>
/// A program that uses the library can be compiled ahead of time: nothing in it, nor in what it stands on, is found by reflection and then missing. The yardstick are
/// the bytes that the library makes here.
/// </summary>
public sealed class AheadOfTimeTests
{
    // The tests are built into a folder of that name.
    private static readonly string Configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    private static readonly RenderOptions Options = new() { Culture = CultureInfo.GetCultureInfo("en-GB"), JobTime = new DateTime(2026, 11, 23, 9, 0, 0), MissingData = MissingData.Blank };

    // What other libraries do for ours: spreadsheet formats, numbers in words, telephone numbers, Markdown, HTML, QR codes, pictures.
    private const string Tags = """
        {{born | date:"d MMMM yyyy"}}, {{born | age}}, the {{visits | ordinal}} visit of {{visits | words}}
        {{mobile | phone:AT}} {{fee | currency:"EUR" | culture:"de-AT"}} {{fee | number:"#,##0.0"}}
        {{markdown note}}
        {{html letter}}
        {{qr mrn | size:20mm}}
        {{barcode code128 mrn | size:50mm,12mm}}
        {{image photo | fit:20mm,20mm}}
        {{#each risks}}{{this}}{{#if not @last}}, {{/if}}{{/each}}
        {{checkbox agrees}} {{name}}
        """;

    [Fact]
    public async Task A_program_compiled_ahead_of_time_makes_the_same_documents_byte_for_byte()
    {
        var folder = Directory.CreateTempSubdirectory("ahead-of-time-").FullName;
        try
        {
            var sample = Checkout.PathOf("samples", "consent-forms");
            var rich = Path.Combine(folder, "rich.docx");
            await File.WriteAllBytesAsync(rich, WordFile.FromText(Tags), TestContext.Current.CancellationToken);
            var data = Path.Combine(folder, "rich.json");
            await File.WriteAllTextAsync(data, Records(), TestContext.Current.CancellationToken);
            var cases = new[] { (Path.Combine(sample, "consent-form.docx"), Path.Combine(sample, "patients.csv")), (rich, data) }.Select(files => (files, Made(files.Item1, files.Item2))).ToList();

            // The library is taken as it was built; warnings of the compiler are errors here too.
            var kind = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
            await RunAsync("dotnet", "publish", Checkout.PathOf("bench", "ClinicFlow.ColdStart"), "-c", Configuration, "-r", kind, "-p:PublishAot=true", "-p:BuildProjectReferences=false", "-o", folder, "-v", "q", "--nologo");

            foreach (var ((template, records), made) in cases)
            {
                await RunAsync(Path.Combine(folder, "cold-start"), template, records, folder);
                foreach (var (number, docx, pdf) in made)
                {
                    Assert.Equal(docx, await File.ReadAllBytesAsync(Path.Combine(folder, $"{number}.docx"), TestContext.Current.CancellationToken));
                    Assert.Equal(pdf, await File.ReadAllBytesAsync(Path.Combine(folder, $"{number}.pdf"), TestContext.Current.CancellationToken));
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<(int Number, byte[] Docx, byte[] Pdf)> Made(string template, string records)
    {
        var compiled = TemplateCompiler.Compile(new MemoryStream(File.ReadAllBytes(template)));
        using var source = File.OpenRead(records);
        using var reader = RecordSource.Open(source, Path.GetFileName(records));
        var made = new List<(int Number, byte[] Docx, byte[] Pdf)>();
        foreach (var read in reader.Read(TestContext.Current.CancellationToken).Take(2))
        {
            var bind = compiled.Bind(((RecordRead.Good)read).Record, Options);
            Assert.True(bind is BindResult.Bound, string.Join('\n', ((bind as BindResult.Refused)?.Problems ?? []).Select(problem => $"{problem.Code} {problem.Place}")));
            var bound = ((BindResult.Bound)bind).Document;
            made.Add((made.Count + 1, bound.ToDocx().ToArray(), new NativeEngine().Convert(bound).Pdf.ToArray()));
        }

        Assert.Equal(2, made.Count);
        return made;
    }

    private static string Records()
    {
        string[] names = ["Zoë Đặng", "محمد علي"];
        return new JsonArray([.. names.Select((name, i) => new JsonObject
        {
            ["name"] = name, ["born"] = "1980-03-15", ["visits"] = 21 + i, ["mobile"] = "+431588002" + i, ["fee"] = 1234.5 + i, ["mrn"] = $"SA-{i}", ["agrees"] = i == 0,
            ["note"] = "# Advice\n\nTake **two** a day:\n\n- morning\n- evening", ["letter"] = "<p>Dear <b>patient</b></p><table><tr><td>a</td><td>b</td></tr></table>",
            ["photo"] = Convert.ToBase64String(PictureMaker.Png(kind: 2, bits: 8)), ["risks"] = new JsonArray("bleeding", "infection"),
        })]).ToJsonString();
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, string.Concat(said));
    }
}
