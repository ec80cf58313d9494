using System.Collections.Concurrent;
using ClinicFlow.Documents.Docx;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Model.Reading;
using ClinicFlow.Documents.Package;
using ClinicFlow.Documents.Pdf.Compression;

namespace ClinicFlow.Documents.Engines;

/// <summary>The layouts of one template: as many as threads work on it at once, each used by one of them at a time.</summary>
internal sealed class TemplateLayouts(DocxTemplate template, FontLibrary fonts, PackageLimits limits)
{
    private readonly ConcurrentBag<TemplateLayout> _idle = [];
    private readonly TemplateParagraphs[] _paragraphs = [.. template.Stories.Select(story => new TemplateParagraphs(story.Program))];

    /// <summary>Streams that come again in its documents.</summary>
    public StreamCache Streams { get; } = new();

    /// <summary>Takes one. After a failure it must not be put back: what it holds is not to be trusted.</summary>
    public TemplateLayout Take() => _idle.TryTake(out var layout) ? layout : new TemplateLayout(template, _paragraphs, fonts, limits);

    public void Put(TemplateLayout layout)
    {
        if (!layout.IsWorn)
        {
            _idle.Add(layout);
        }
    }
}
