using System.Buffers;
using System.IO.Compression;
using Xunit;

namespace ClinicFlow.Documents.Tests.Merge;

public sealed class CommonStartTests
{
    [Fact]
    public void All_documents_of_a_template_begin_with_the_parts_that_no_record_changes()
    {
        var template = WordFile.FromText("Dear {{name}}, {{#each visits}}{{on}} {{/each}}");
        var compiled = Check.Compile(template);
        var start = compiled.CommonStart.ToArray();

        foreach (var json in new[] { """{"name":"Ana","visits":[]}""", """{"name":"Ben","visits":[{"on":1},{"on":2}]}""" })
        {
            var output = new ArrayBufferWriter<byte>();
            Assert.IsType<RenderResult.Rendered>(compiled.RenderDocx(Check.Record(json), Check.Options, output));

            Assert.Equal(start, output.WrittenSpan[..start.Length].ToArray());
            using var zip = new ZipArchive(new MemoryStream(output.WrittenSpan.ToArray()));
            using var original = new ZipArchive(new MemoryStream(template));
            Assert.Equal("[Content_Types].xml", zip.Entries[0].FullName);
            Assert.Equal(original.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal), zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
            Assert.True(start.AsSpan().IndexOf("word/document.xml"u8) < 0, "What a record changes is not in common.");
        }

        Assert.True(start.AsSpan().IndexOf("[Content_Types].xml"u8) > 0, "The start holds the first part.");
    }
}
