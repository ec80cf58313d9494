using System.Buffers;
using System.Globalization;
using ClinicFlow.Documents.Data;
using Xunit;

namespace ClinicFlow.Documents.Tests.Merge;

/// <summary>Cases of merging: the only place in these tests that knows the library's API.</summary>
internal static class Check
{
    public static RenderOptions Options { get; } = new()
    {
        Culture = CultureInfo.GetCultureInfo("en-GB"),
        JobTime = new DateTime(2026, 11, 23, 9, 30, 0),
    };

    /// <summary>A template as text, a record as JSON, the document expected as text; with whole runs and with a run for each character.</summary>
    public static void Text(string template, string json, string expected, RenderOptions? options = null)
    {
        Assert.Equal(expected.ReplaceLineEndings("\n"), WordFile.TextOf(Render(WordFile.FromText(template), json, options)));
        Assert.Equal(expected.ReplaceLineEndings("\n"), WordFile.TextOf(Render(WordFile.FromText(template, WordFile.Cut.EachCharacter), json, options)));
    }

    /// <summary>A template's body as XML.</summary>
    public static void Body(string body, string json, string expected, RenderOptions? options = null)
        => Assert.Equal(expected.ReplaceLineEndings("\n"), WordFile.TextOf(Render(WordFile.FromBody(body), json, options)));

    public static byte[] Render(byte[] template, string json, RenderOptions? options = null)
    {
        var compiled = Compile(template);
        Assert.Empty(compiled.Problems.Where(problem => problem.Severity == ProblemSeverity.Error).Select(problem => $"{problem.Code}: {problem.Message} ({problem.Place})"));
        var output = new ArrayBufferWriter<byte>();
        var result = compiled.RenderDocx(Record(json), options ?? Options, output);
        var rendered = Assert.IsType<RenderResult.Rendered>(result is RenderResult.Refused refused ? throw new InvalidOperationException(string.Join("; ", refused.Problems.Select(p => $"{p.Code}: {p.Message}"))) : result);
        Assert.Equal(output.WrittenCount, rendered.LengthBytes);
        var docx = output.WrittenSpan.ToArray();
        Validity.Assert(docx);
        return docx;
    }

    public static RenderResult Result(string template, string json, RenderOptions? options = null)
        => Compile(WordFile.FromText(template)).RenderDocx(Record(json), options ?? Options, new ArrayBufferWriter<byte>());

    /// <summary>The problems of a record, as <c>code field</c>.</summary>
    public static string[] Refusals(string template, string json, RenderOptions? options = null)
        => [.. Assert.IsType<RenderResult.Refused>(Result(template, json, options)).Problems.Select(problem => $"{problem.Code} {problem.Field}".TrimEnd())];

    /// <summary>The problems of a template, as <c>code @ place</c>.</summary>
    public static string[] Problems(string template)
        => [.. Compile(WordFile.FromText(template)).Problems.Select(problem => $"{problem.Code} @ {problem.Place}")];

    public static CompiledTemplate Compile(byte[] template, TemplateOptions? options = null)
    {
        using var stream = new MemoryStream(template);
        return TemplateCompiler.Compile(stream, options);
    }

    public static MergeRecord Record(string json)
    {
        Assert.True(MergeObjectJson.TryParse(json, out var values, out var problem), problem?.Message);
        return new MergeRecord(values, 1);
    }
}
