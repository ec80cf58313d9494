using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace ClinicFlow.Documents.Tests.Merge;

/// <summary>One patient's data is never in another's document.</summary>
public sealed partial class IsolationTests
{
    private const string Template = """
        {{name}} «MERGEFIELD name» «SET who "{{name}}"»«REF who» {{#if odd}}{{secret}}{{/if}}
        {{#each items}}
        {{n}} {{#each sub}}{{this}} {{/each}}
        {{/each}}
        | {{#each items}}{{n}} | {{name}}{{/each}} |
        | Sum | «=COUNT(ABOVE)» |
        {{html note}}
        {{markdown note}}
        {{qr name}}{{checkbox odd}}{{wrong | number:"0"}}
        """;

    [Fact]
    public void Every_document_holds_its_own_patients_marks_and_no_others()
    {
        var compiled = Check.Compile(WordFile.FromText(Template));
        var wrong = 0;
        var rendered = 0;
        Parallel.For(0, 3000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, patient =>
        {
            var random = new Random(patient);
            var output = new ArrayBufferWriter<byte>();
            var result = compiled.RenderDocx(Check.Record(Json(patient, random)), Check.Options, output);
            if (result is not RenderResult.Rendered)
            {
                // Every seventh record is unfit, and must leave nothing behind for the next one.
                Assert.Equal(0, patient % 7);
                Assert.Equal(0, output.WrittenCount);
                return;
            }

            Interlocked.Increment(ref rendered);
            using var zip = new ZipArchive(new MemoryStream(output.WrittenSpan.ToArray()));
            foreach (var entry in zip.Entries)
            {
                using var reader = new StreamReader(entry.Open());
                foreach (Match mark in Mark().Matches(reader.ReadToEnd()))
                {
                    wrong += mark.Groups[1].Value == $"{patient}" ? 0 : 1;
                }
            }
        });
        Assert.Equal(0, wrong);
        Assert.Equal(3000 - (3000 / 7) - 1, rendered);
    }

    private static string Json(int patient, Random random)
    {
        var mark = $"P{patient}Q";
        var items = string.Join(',', Enumerable.Range(0, random.Next(0, 6)).Select(n => $"{{\"n\":\"{mark}{new string('x', random.Next(0, 200))}\",\"sub\":[{string.Join(',', Enumerable.Repeat($"\"{mark}\"", random.Next(0, 4)))}]}}"));
        var note = new StringBuilder();
        for (var n = random.Next(0, 5); n > 0; n--)
        {
            note.Append("<p>").Append(mark).Append("</p><ul><li>").Append(mark).Append("</li></ul>");
        }

        return $"{{\"name\":\"{mark}\",\"secret\":\"{mark}\",\"odd\":{(patient % 2 == 1 ? "true" : "false")},\"items\":[{items}],\"note\":\"{note}\",\"wrong\":{(patient % 7 == 0 ? $"\"{mark}\"" : "1")}}}";
    }

    [GeneratedRegex("P(\\d+)Q")]
    private static partial Regex Mark();
}
