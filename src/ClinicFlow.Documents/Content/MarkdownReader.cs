using System.Collections.Immutable;
using System.Globalization;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace ClinicFlow.Documents.Content;

/// <summary>Reads Markdown into <see cref="RichContent"/>. The parser is Markdig's.</summary>
internal static class MarkdownReader
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough)
        .DisableHtml()
        .Build();

    /// <summary>Reads Markdown.</summary>
    public static RichContent Read(string markdown)
    {
        if (markdown.Length > RichContent.MaxChars)
        {
            return RichContent.FromText(markdown);
        }

        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(markdown, Pipeline);
        }
        catch (ArgumentException)
        {
            // How Markdig says that blocks or inlines are nested too deeply.
            return RichContent.FromText(markdown);
        }

        var builder = new RichBuilder();
        ReadBlocks(document, builder, TextStyles.None, 0);
        return new RichContent(builder.ToBlocks());
    }

    private static void ReadBlocks(ContainerBlock container, RichBuilder builder, TextStyles styles, int depth)
    {
        foreach (var block in container)
        {
            ReadBlock(block, builder, styles, depth + 1);
        }
    }

    private static void ReadBlock(Block block, RichBuilder builder, TextStyles styles, int depth)
    {
        switch (block)
        {
            case HeadingBlock heading:
                builder.EndParagraph();
                ReadInlines(heading.Inline, builder, styles, null, depth);
                builder.EndParagraph(Math.Clamp(heading.Level, 1, 6));
                break;
            case CodeBlock code:
                builder.EndParagraph();
                builder.AddVerbatim(code.Lines.ToString().ReplaceLineEndings("\n"), styles, null);
                builder.EndParagraph();
                break;
            case LeafBlock leaf:
                builder.EndParagraph();
                ReadInlines(leaf.Inline, builder, styles, null, depth);
                builder.EndParagraph();
                break;
            case LinkReferenceDefinitionGroup:
                break;
            case ListBlock list when depth < RichContent.MaxDepth:
                builder.AddBlock(ReadList(list, styles, depth));
                break;
            case Table table when depth < RichContent.MaxDepth:
                ReadTable(table, builder, styles, depth);
                break;
            case ContainerBlock container:
                builder.EndParagraph();
                ReadBlocks(container, builder, styles, depth);
                builder.EndParagraph();
                break;
        }
    }

    private static RichBlock.List ReadList(ListBlock list, TextStyles styles, int depth)
    {
        var items = ImmutableArray.CreateBuilder<ImmutableArray<RichBlock>>();
        foreach (var item in list.OfType<ContainerBlock>())
        {
            var builder = new RichBuilder();
            ReadBlocks(item, builder, styles, depth);
            items.Add(builder.ToBlocks());
        }

        var start = int.TryParse(list.OrderedStart, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Math.Clamp(number, 0, 32_767)
            : 1;
        return new RichBlock.List(list.IsOrdered, start, items.ToImmutable());
    }

    private static void ReadTable(Table table, RichBuilder builder, TextStyles styles, int depth)
    {
        var rows = ImmutableArray.CreateBuilder<RichRow>();
        foreach (var row in table.OfType<TableRow>())
        {
            var cells = ImmutableArray.CreateBuilder<RichCell>();
            foreach (var cell in row.OfType<TableCell>())
            {
                var content = new RichBuilder();
                ReadBlocks(cell, content, row.IsHeader ? styles | TextStyles.Bold : styles, depth);
                cells.Add(new RichCell(content.ToBlocks(), row.IsHeader, Math.Max(1, cell.ColumnSpan), Math.Max(1, cell.RowSpan)));
            }

            if (cells.Count > 0)
            {
                rows.Add(new RichRow(cells.ToImmutable()));
            }
        }

        if (rows.Count > 0)
        {
            builder.AddBlock(new RichBlock.Table(rows.ToImmutable()));
        }
    }

    private static void ReadInlines(ContainerInline? container, RichBuilder builder, TextStyles styles, string? link, int depth)
    {
        for (var inline = container?.FirstChild; inline is not null; inline = inline.NextSibling)
        {
            ReadInline(inline, builder, styles, link, depth + 1);
        }
    }

    private static void ReadInline(Inline inline, RichBuilder builder, TextStyles styles, string? link, int depth)
    {
        switch (inline)
        {
            case LiteralInline literal:
                builder.AddText(literal.Content.AsSpan(), styles, link);
                break;
            case HtmlEntityInline entity:
                builder.AddText(entity.Transcoded.AsSpan(), styles, link);
                break;
            case CodeInline code:
                builder.AddVerbatim(code.Content, styles, link);
                break;
            case AutolinkInline auto:
                builder.AddText(auto.Url, styles, SafeLink.Of(auto.IsEmail ? "mailto:" + auto.Url : auto.Url) ?? link);
                break;
            case LineBreakInline { IsHard: true }:
                builder.AddBreak();
                break;
            case LineBreakInline:
                builder.AddText(" ", styles, link);
                break;
            case EmphasisInline emphasis:
                var added = (emphasis.DelimiterChar, emphasis.DelimiterCount) switch
                {
                    ('~', _) => TextStyles.Strike,
                    (_, 1) => TextStyles.Italic,
                    _ => TextStyles.Bold,
                };
                ReadInlines(emphasis, builder, styles | added, link, depth);
                break;
            case LinkInline { IsImage: false } target:
                ReadInlines(target, builder, styles, SafeLink.Of(target.Url) ?? link, depth);
                break;
            case ContainerInline other when depth < 2 * RichContent.MaxDepth:
                ReadInlines(other, builder, styles, link, depth);
                break;
        }
    }
}
