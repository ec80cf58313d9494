using ClinicFlow.Documents.Tests.Merge;
using Xunit;

namespace ClinicFlow.Documents.Tests.Charts;

/// <summary>No record fills in what stands in a chart or diagram: a tag there is told, and not printed.</summary>
public sealed class ChartTagTests
{
    private const string Types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

    [Theory]
    [InlineData("Visits of {{na", "me}}", "x,y", true)]
    [InlineData("Visits", " by year", "x,{{year}}", true)]
    [InlineData("Visits {", "a}", "x,y", false)]
    public void A_tag_in_a_chart_is_an_error(string begin, string end, string categories, bool isTold)
    {
        var title = $"<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:t>{begin}</a:t></a:r><a:r><a:t>{end}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val=\"0\"/></c:title>";
        var part = ChartFile.Part(ChartFile.Columns(ChartFile.Series(0, "A", "4472C4", categories, [1, 2])), before: title);

        Assert.Equal(isTold ? ["tag-in-drawing @ body, paragraph 1"] : [], Problems(ChartFile.Docx(part)));
    }

    [Theory]
    [InlineData("Ask {{name}}", true)]
    [InlineData("Ask", false)]
    public void A_tag_in_a_diagram_is_an_error(string text, bool isTold)
    {
        var body = "<w:p><w:r><w:t>{{name}}</w:t></w:r></w:p><w:p><w:r><w:drawing><wp:inline><wp:extent cx=\"900000\" cy=\"900000\"/><wp:docPr id=\"1\" name=\"d\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/diagram\">"
            + "<dgm:relIds xmlns:dgm=\"http://schemas.openxmlformats.org/drawingml/2006/diagram\" r:dm=\"rIdD\" r:lo=\"rIdL\" r:qs=\"rIdQ\" r:cs=\"rIdS\"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>";
        var data = "<dgm:dataModel xmlns:dgm=\"http://schemas.openxmlformats.org/drawingml/2006/diagram\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\">"
            + $"<dgm:ptLst><dgm:pt modelId=\"1\"><dgm:t><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>";
        var related = $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rIdD\" Type=\"{Types}diagramData\" Target=\"diagrams/data1.xml\"/></Relationships>";

        Assert.Equal(isTold ? ["tag-in-drawing @ body, paragraph 2"] : [], Problems(WordFile.FromBody(body, ("word/diagrams/data1.xml", data), ("word/_rels/document.xml.rels", related))));
    }

    private static IEnumerable<string> Problems(byte[] docx) => TemplateCompiler.Compile(new MemoryStream(docx)).Problems.Select(problem => $"{problem.Code} @ {problem.Place.Part}, {problem.Place.Position}");
}
