using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace ClinicFlow.Documents.Content;

/// <summary>Reads HTML into <see cref="RichContent"/>. The parser is AngleSharp's, which reads any text as browsers do.</summary>
internal static partial class HtmlReader
{
    private const int MaxTags = 20_000;

    // What the parser may be made to build: every open formatting element is built anew in every block after it.
    private const int MaxRebuilt = 4_000_000;
    private const int MaxSpan = 63;

    /// <summary>Reads HTML.</summary>
    public static RichContent Read(string html)
    {
        if (!IsBounded(html))
        {
            return RichContent.FromText(WithoutTags(html));
        }

        using var document = new HtmlParser().ParseDocument(html);
        var builder = new RichBuilder();
        ReadChildren(document.Body ?? document.DocumentElement, builder, TextStyles.None, null, 0);
        return new RichContent(builder.ToBlocks());
    }

    /// <summary>Whether parsing is bounded: by the text's length, its tags, and the formatting elements left open.</summary>
    private static bool IsBounded(string html)
    {
        if (html.Length > RichContent.MaxChars)
        {
            return false;
        }

        long tags = 0;
        long formatting = 0;
        for (var at = html.IndexOf('<'); at >= 0; at = html.IndexOf('<', at + 1))
        {
            tags++;
            formatting += FormattingTag().IsMatch(html.AsSpan(at, Math.Min(10, html.Length - at))) ? 1 : 0;
        }

        return tags <= MaxTags && tags * formatting <= MaxRebuilt;
    }

    // Without attributes at most three of a name are rebuilt (HTML standard, "Noah's Ark clause"), so those do not count.
    [GeneratedRegex(@"\A<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FormattingTag();

    private static string WithoutTags(string html)
    {
        var text = new System.Text.StringBuilder(Math.Min(html.Length, RichContent.MaxChars));
        var rest = html.AsSpan();
        while (!rest.IsEmpty)
        {
            var open = rest.IndexOf('<');
            text.Append(open < 0 ? rest : rest[..open]);
            if (open < 0)
            {
                break;
            }

            rest = rest[open..];
            foreach (var name in (ReadOnlySpan<string>)["script", "style"])
            {
                if (rest[1..].StartsWith(name, StringComparison.OrdinalIgnoreCase))
                {
                    var close = rest.IndexOf("</" + name, StringComparison.OrdinalIgnoreCase);
                    rest = close < 0 ? [] : rest[close..];
                }
            }

            var end = rest.IndexOf('>');
            rest = end < 0 ? [] : rest[(end + 1)..];
            text.Append('\n');
        }

        return WebUtility.HtmlDecode(text.ToString());
    }

    private static void ReadChildren(INode parent, RichBuilder builder, TextStyles styles, string? link, int depth)
    {
        for (var node = parent.FirstChild; node is not null; node = node.NextSibling)
        {
            if (node is IText text)
            {
                builder.AddText(text.Data, styles, link);
            }
            else if (node is IElement element)
            {
                if (depth > RichContent.MaxDepth)
                {
                    ReadFlat(element, builder, styles, link);
                }
                else
                {
                    ReadElement(element, builder, styles, link, depth + 1);
                }
            }
        }
    }

    private static void ReadElement(IElement element, RichBuilder builder, TextStyles styles, string? link, int depth)
    {
        switch (element.LocalName)
        {
            case "script" or "style" or "template" or "head" or "title" or "noscript" or "iframe" or "object" or "svg" or "math":
                return;
            case "br":
                builder.AddBreak();
                return;
            case "b" or "strong":
                ReadChildren(element, builder, styles | TextStyles.Bold, link, depth);
                return;
            case "i" or "em":
                ReadChildren(element, builder, styles | TextStyles.Italic, link, depth);
                return;
            case "u" or "ins":
                ReadChildren(element, builder, styles | TextStyles.Underline, link, depth);
                return;
            case "s" or "strike" or "del":
                ReadChildren(element, builder, styles | TextStyles.Strike, link, depth);
                return;
            case "sub":
                ReadChildren(element, builder, styles | TextStyles.Subscript, link, depth);
                return;
            case "sup":
                ReadChildren(element, builder, styles | TextStyles.Superscript, link, depth);
                return;
            case "a":
                ReadChildren(element, builder, styles, SafeLink.Of(element.GetAttribute("href")) ?? link, depth);
                return;
            case "pre":
                builder.EndParagraph();
                builder.AddVerbatim(element.TextContent.ReplaceLineEndings("\n").Trim('\n'), styles, link);
                builder.EndParagraph();
                return;
            case ['h', >= '1' and <= '6'] heading:
                builder.EndParagraph();
                ReadChildren(element, builder, styles, link, depth);
                builder.EndParagraph(heading[1] - '0');
                return;
            case "ul" or "ol":
                builder.AddBlock(ReadList(element, styles, link, depth));
                return;
            case "table":
                ReadTable(element, builder, styles, link, depth);
                return;
            case "p" or "div" or "li" or "dl" or "dt" or "dd" or "blockquote" or "section" or "article" or "header" or "footer"
                or "main" or "nav" or "aside" or "address" or "figure" or "figcaption" or "form" or "fieldset" or "legend"
                or "center" or "hr" or "details" or "summary" or "option" or "caption":
                builder.EndParagraph();
                ReadChildren(element, builder, styles, link, depth);
                builder.EndParagraph();
                return;
            default:
                ReadChildren(element, builder, styles, link, depth);
                return;
        }
    }

    private static RichBlock.List ReadList(IElement list, TextStyles styles, string? link, int depth)
    {
        var items = ImmutableArray.CreateBuilder<ImmutableArray<RichBlock>>();
        for (var node = list.FirstChild; node is not null; node = node.NextSibling)
        {
            if (node is not IElement element)
            {
                if (node is IText text && !string.IsNullOrWhiteSpace(text.Data))
                {
                    items.Add(RichContent.FromText(text.Data).Blocks);
                }

                continue;
            }

            var builder = new RichBuilder();
            if (element.LocalName == "li")
            {
                ReadChildren(element, builder, styles, link, depth);
                items.Add(builder.ToBlocks());
                continue;
            }

            // A list right inside a list belongs, as browsers show it, to the item before.
            ReadElement(element, builder, styles, link, depth + 1);
            var blocks = builder.ToBlocks();
            if (items.Count > 0)
            {
                items[^1] = items[^1].AddRange(blocks);
            }
            else if (blocks.Length > 0)
            {
                items.Add(blocks);
            }
        }

        var start = int.TryParse(list.GetAttribute("start"), out var number) ? Math.Clamp(number, 0, 32_767) : 1;
        return new RichBlock.List(list.LocalName == "ol", start, items.ToImmutable());
    }

    private static void ReadTable(IElement table, RichBuilder builder, TextStyles styles, string? link, int depth)
    {
        builder.EndParagraph();
        var rows = ImmutableArray.CreateBuilder<RichRow>();
        foreach (var child in table.Children)
        {
            switch (child.LocalName)
            {
                case "tr":
                    rows.Add(ReadRow(child, styles, link, depth + 1));
                    break;
                case "thead" or "tbody" or "tfoot":
                    rows.AddRange(child.Children.Where(row => row.LocalName == "tr").Select(row => ReadRow(row, styles, link, depth + 2)));
                    break;
                case "caption":
                    ReadElement(child, builder, styles, link, depth + 1);
                    break;
            }
        }

        if (rows.Any(row => row.Cells.Length > 0))
        {
            builder.AddBlock(new RichBlock.Table([.. rows.Where(row => row.Cells.Length > 0)]));
        }
    }

    private static RichRow ReadRow(IElement row, TextStyles styles, string? link, int depth)
    {
        var cells = ImmutableArray.CreateBuilder<RichCell>();
        foreach (var cell in row.Children.Where(cell => cell.LocalName is "td" or "th"))
        {
            var isHeader = cell.LocalName == "th";
            var builder = new RichBuilder();
            ReadChildren(cell, builder, isHeader ? styles | TextStyles.Bold : styles, link, depth);
            cells.Add(new RichCell(builder.ToBlocks(), isHeader, Span(cell, "colspan"), Span(cell, "rowspan")));
        }

        return new RichRow(cells.ToImmutable());
    }

    private static int Span(IElement cell, string name)
        => int.TryParse(cell.GetAttribute(name), out var span) ? Math.Clamp(span, 1, MaxSpan) : 1;

    /// <summary>The words below an element, without recursion: this is where hostile depth ends up.</summary>
    private static void ReadFlat(IElement root, RichBuilder builder, TextStyles styles, string? link)
    {
        INode? node = root;
        while (node is not null)
        {
            if (node is IText text)
            {
                builder.AddText(text.Data, styles, link);
            }

            var isDropped = node is IElement { LocalName: "script" or "style" or "template" };
            if (!isDropped && node.FirstChild is { } child)
            {
                node = child;
                continue;
            }

            while (node is not null && node != root && node.NextSibling is null)
            {
                node = node.Parent;
            }

            node = node == root ? null : node?.NextSibling;
        }
    }
}
