using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Flow;
using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Model;
using Xunit;

namespace ClinicFlow.Documents.Tests.Layout;

/// <summary>Which paragraphs of a template are worked out once, and which are not.</summary>
public sealed class KeptParagraphTests
{
    private readonly LayoutParts _parts = new(Typeset.Document(), Typeset.Fonts, new Shaper());

    [Fact]
    public void A_footer_is_shaped_once_for_each_page_number_and_count_that_it_shows()
    {
        var footer = Footer(FieldKind.Page, FieldKind.PageCount);
        var first = Shape(footer, page: 1, count: 12);
        Assert.Equal("Page 1 of 12", first.Text);
        var set = _parts.Paragraphs.Set(first, new ParagraphPlace(400, 0, null));
        _parts.Paragraphs.NextDocument();

        // 1 of 12 and 11 of 2 have the same digits.
        Assert.Equal("Page 11 of 2", Shape(footer, page: 11, count: 2).Text);
        Assert.Equal("Page 2 of 12", Shape(footer, page: 2, count: 12).Text);
        Assert.Same(first, Shape(footer, page: 1, count: 12));
        Assert.Same(set, _parts.Paragraphs.Set(first, new ParagraphPlace(400, 0, null)));

        // A document of many pages does not fill the memory.
        for (var page = 1; page <= 100; page++)
        {
            Assert.Equal($"Page {page} of 100", Shape(footer, page, count: 100).Text);
        }

        Assert.NotSame(first, Shape(footer, page: 1, count: 12));
    }

    [Fact]
    public void A_paragraph_that_shows_text_of_the_document_is_shaped_anew()
    {
        var header = Footer(FieldKind.StyleReference, FieldKind.Page);
        var first = Shape(header, page: 1, count: 1, "Ada Okafor");
        Assert.Equal("Page Ada Okafor of 1", first.Text);
        _parts.Paragraphs.NextDocument();
        Assert.Equal("Page Bo O'Neill of 1", Shape(header, page: 1, count: 1, "Bo O'Neill").Text);
        Assert.NotSame(first, Shape(header, page: 1, count: 1, "Ada Okafor"));
    }

    [Fact]
    public void A_paragraph_of_one_document_is_not_kept_for_the_next()
    {
        var footer = Footer(FieldKind.Page, FieldKind.PageCount) with { IsOfTemplate = false };
        var first = Shape(footer, page: 1, count: 1);
        _parts.Paragraphs.NextDocument();
        Assert.NotSame(first, Shape(footer, page: 1, count: 1));
    }

    private static Paragraph Footer(FieldKind one, FieldKind other)
    {
        var format = Typeset.Characters();
        return Typeset.Paragraph("") with
        {
            IsOfTemplate = true,
            Inlines =
            [
                new TextRun("Page ") { Format = format }, new LayoutField(one, null, "", "") { Format = format },
                new TextRun(" of ") { Format = format }, new LayoutField(other, null, "", "") { Format = format },
            ],
        };
    }

    private ShapedParagraph Shape(Paragraph paragraph, int page, int count, string? styleText = null)
    {
        _parts.Paragraphs.Fields = new FieldValues { Page = page, PageCount = count, StyleText = _ => styleText };
        return _parts.Paragraphs.Shape(paragraph);
    }
}
