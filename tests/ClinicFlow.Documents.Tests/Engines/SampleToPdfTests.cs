using System.Buffers;
using System.Globalization;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Engines;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>The sample as a user gets it: merged, valid, and three pages in LibreOffice.</summary>
public sealed class SampleToPdfTests
{
    [Fact]
    public async Task Patients_of_all_scripts_get_a_valid_form_of_three_pages()
    {
        var folder = Checkout.PathOf("samples", "consent-forms");
        using var file = File.OpenRead(Path.Combine(folder, "consent-form.docx"));
        var template = TemplateCompiler.Compile(file);
        Assert.Empty(template.Problems);
        using var reader = RecordSource.Open(Path.Combine(folder, "patients.csv"));
        Assert.Empty(template.FindUnusedColumns(reader.Columns));
        var options = new RenderOptions { Culture = CultureInfo.GetCultureInfo("en-GB"), JobTime = new DateTime(2026, 11, 23) };
        await using var converter = new LibreOfficeConverter(new LibreOfficeOptions { Processes = 1 });
        var stop = TestContext.Current.CancellationToken;
        var scratch = Directory.CreateTempSubdirectory("clinicflow-sample-").FullName;
        try
        {
            var pages = await Task.WhenAll(reader.Read(stop).Cast<RecordRead.Good>().Where((_, i) => i % 9 == 0).Select(async read =>
            {
                var docx = new ArrayBufferWriter<byte>();
                Assert.IsType<RenderResult.Rendered>(template.RenderDocx(read.Record, options, docx));
                Merge.Validity.Assert(docx.WrittenSpan.ToArray());
                var path = Path.Combine(scratch, $"{read.Record.Row}.pdf");
                await File.WriteAllBytesAsync(path, await converter.ConvertAsync(new PdfSource($"row {read.Record.Row}", docx.WrittenMemory), stop), stop);
                return PdfMerge.CountPages(new PdfMergePart($"row {read.Record.Row}", path));
            }));
            Assert.Equal(12, pages.Length);
            Assert.All(pages, count => Assert.Equal(3, count));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }
}
