using System.Buffers;
using System.IO.Compression;
using ClinicFlow.Documents.Data;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Xunit;

namespace ClinicFlow.Documents.Tests.Merge;

/// <summary>Documents that Word and others wrote: the sample, and a folder of real ones where the machine has it.</summary>
public sealed class RealDocumentTests
{
    private static readonly MergeRecord Nothing = new(MergeObject.Empty, 1);
    private static readonly RenderOptions Blank = Check.Options with { MissingData = MissingData.Blank };

    [Fact]
    public void Every_document_compiles_renders_and_is_no_less_valid_than_before()
    {
        var wrong = new List<string>();
        var rendered = 0;
        Parallel.ForEach(Files(), file =>
        {
            var before = File.ReadAllBytes(file);
            try
            {
                var template = TemplateCompiler.Compile(new MemoryStream(before), new TemplateOptions { AllowMacros = true });
                if (!template.CanRender)
                {
                    return;
                }

                var output = new ArrayBufferWriter<byte>();
                if (template.RenderDocx(Nothing, Blank, output) is not RenderResult.Rendered)
                {
                    return;
                }

                Interlocked.Increment(ref rendered);
                var after = output.WrittenSpan.ToArray();
                AssertReadable(after);
                var known = Errors(before);
                var added = Errors(after).Where(error => !known.Contains(error)).Take(3).ToArray();
                if (added.Length > 0)
                {
                    throw new InvalidDataException(string.Join("; ", added));
                }
            }
            catch (TemplatePackageException)
            {
                // A document may be protected or broken: then it is refused with its reason.
            }
            catch (Exception e)
            {
                lock (wrong)
                {
                    wrong.Add($"{Path.GetFileName(file)}: {e.GetType().Name} {e.Message} {string.Join(" | ", (e.StackTrace ?? "").Split((char)10).Take(4))}");
                }
            }
        });
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(rendered > 0, "Nothing was rendered.");
    }

    private static IEnumerable<string> Files()
    {
        yield return Checkout.PathOf("samples", "consent-forms", "consent-form.docx");
        var corpus = Checkout.PathOf("..", "shared", "corpus");
        foreach (var file in Directory.Exists(corpus) ? Directory.EnumerateFiles(corpus, "*.docx", SearchOption.AllDirectories) : [])
        {
            yield return file;
        }
    }

    private static void AssertReadable(byte[] docx)
    {
        using var zip = new ZipArchive(new MemoryStream(docx));
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            stream.CopyTo(Stream.Null);
        }
    }

    private static HashSet<string> Errors(byte[] docx)
    {
        using var document = WordprocessingDocument.Open(new MemoryStream(docx), isEditable: false);
        return [.. new OpenXmlValidator(FileFormatVersions.Microsoft365) { MaxNumberOfErrors = 2000 }.Validate(document).Select(error => $"{error.Part?.Uri} {error.Id} {error.Description}")];
    }
}
