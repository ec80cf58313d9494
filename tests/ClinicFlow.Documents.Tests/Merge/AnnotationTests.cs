using System.Buffers;
using Xunit;

namespace ClinicFlow.Documents.Tests.Merge;

public sealed class AnnotationTests
{
    [Fact]
    public void Problems_are_written_as_comments_at_their_paragraphs()
    {
        var template = WordFile.FromText("Fine\n{{name | uper}}\n| a | {{/each}} |");
        var compiled = Check.Compile(template);
        var output = new ArrayBufferWriter<byte>();
        TemplateCompiler.Annotate(new MemoryStream(template), compiled.Problems, new DateTime(2026, 11, 23), output);
        var docx = output.WrittenSpan.ToArray();
        Validity.Assert(docx);
        var comments = WordFile.Part(docx, "word/comments.xml").Root!.Elements().ToArray();
        Assert.Equal(["unknown-formatter", "section-never-starts"], comments.Select(comment => comment.Elements().Last().Value));
        Assert.Contains("upper", comments[0].Value, StringComparison.Ordinal);
        var marked = WordFile.Part(docx).Descendants(WordFile.W + "commentRangeStart").Select(start => string.Concat(start.Parent!.Descendants(WordFile.W + "t").Select(t => t.Value)));
        Assert.Equal(["{{name | uper}}", "{{/each}}"], marked);
    }

    [Fact]
    public void Annotating_twice_adds_to_the_comments_that_are_there()
    {
        var template = WordFile.FromText("{{name | uper}}");
        var problems = Check.Compile(template).Problems;
        var once = new ArrayBufferWriter<byte>();
        TemplateCompiler.Annotate(new MemoryStream(template), problems, default, once);
        var twice = new ArrayBufferWriter<byte>();
        TemplateCompiler.Annotate(new MemoryStream(once.WrittenSpan.ToArray()), problems, default, twice);
        Validity.Assert(twice.WrittenSpan.ToArray());
        Assert.Equal(["0", "1"], WordFile.Part(twice.WrittenSpan.ToArray(), "word/comments.xml").Root!.Elements().Select(comment => comment.Attribute(WordFile.W + "id")!.Value));
    }
}
