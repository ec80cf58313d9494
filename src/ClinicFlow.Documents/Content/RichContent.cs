using System.Collections.Immutable;

namespace ClinicFlow.Documents.Content;

/// <summary>How a piece of rich text looks, apart from what stands around it.</summary>
[Flags]
internal enum TextStyles
{
    /// <summary>As the text around it.</summary>
    None = 0,

    /// <summary>Bold.</summary>
    Bold = 1,

    /// <summary>Italic.</summary>
    Italic = 2,

    /// <summary>Underlined.</summary>
    Underline = 4,

    /// <summary>Struck through.</summary>
    Strike = 8,

    /// <summary>Below the line and small.</summary>
    Subscript = 16,

    /// <summary>Above the line and small.</summary>
    Superscript = 32,
}

/// <summary>A piece of text in one look.</summary>
/// <param name="Text">The text; <c>\n</c> breaks the line.</param>
/// <param name="Styles">The look.</param>
/// <param name="Link">Where it leads, made safe by <see cref="SafeLink"/>; null where nowhere.</param>
internal readonly record struct RichText(string Text, TextStyles Styles, string? Link);

/// <summary>A block of rich content: the common model of HTML and Markdown.</summary>
internal abstract record RichBlock
{
    private RichBlock()
    {
    }

    /// <summary>A paragraph, or a heading where the level is 1 to 6.</summary>
    internal sealed record Paragraph(ImmutableArray<RichText> Texts, int HeadingLevel = 0) : RichBlock;

    /// <summary>A list; each item is blocks of its own.</summary>
    internal sealed record List(bool IsOrdered, int Start, ImmutableArray<ImmutableArray<RichBlock>> Items) : RichBlock;

    /// <summary>A table.</summary>
    internal sealed record Table(ImmutableArray<RichRow> Rows) : RichBlock;
}

/// <summary>A row of a table.</summary>
internal sealed record RichRow(ImmutableArray<RichCell> Cells);

/// <summary>A cell of a table.</summary>
internal sealed record RichCell(ImmutableArray<RichBlock> Blocks, bool IsHeader, int ColumnSpan, int RowSpan);

/// <summary>
/// Formatted text that a record holds as HTML or Markdown, made safe: no scripts, no fetching, bounded depth and size.
/// Every text can be read; what is too large or too deep keeps its words and loses its structure.
/// </summary>
/// <param name="Blocks">The blocks from top to bottom.</param>
internal sealed record RichContent(ImmutableArray<RichBlock> Blocks)
{
    /// <summary>The most characters that are read as HTML or Markdown; longer text becomes plain paragraphs.</summary>
    public const int MaxChars = 1_000_000;

    /// <summary>How deep blocks may be nested before they are flattened.</summary>
    public const int MaxDepth = 60;

    /// <summary>Reads HTML: the body's b, strong, i, em, u, s, sub, sup, p, br, ul, ol, a, h1–h6 and tables; of all else the text.</summary>
    public static RichContent FromHtml(string html) => HtmlReader.Read(html);

    /// <summary>Reads CommonMark with pipe tables and strike-through. HTML in it is shown as it is written.</summary>
    public static RichContent FromMarkdown(string markdown) => MarkdownReader.Read(markdown);

    /// <summary>Text without structure: a paragraph for each line.</summary>
    public static RichContent FromText(string text)
    {
        var builder = new RichBuilder();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!line.IsWhiteSpace())
            {
                builder.AddText(line, TextStyles.None, null);
                builder.EndParagraph();
            }
        }

        return new RichContent(builder.ToBlocks());
    }
}

/// <summary>Gathers text into paragraphs and collapses white space as HTML does (CSS Text 3 §4.1.1).</summary>
internal sealed class RichBuilder
{
    private readonly ImmutableArray<RichBlock>.Builder _blocks = ImmutableArray.CreateBuilder<RichBlock>();
    private readonly List<RichText> _texts = [];
    private readonly System.Text.StringBuilder _piece = new();
    private bool _spacePending;
    private bool _atLineStart = true;

    /// <summary>Adds text; runs of white space become one space, and none at a line's start and end.</summary>
    public void AddText(ReadOnlySpan<char> text, TextStyles styles, string? link)
    {
        _piece.Clear();
        foreach (var character in text)
        {
            if (character is ' ' or '\t' or '\n' or '\r' or '\f')
            {
                _spacePending = !_atLineStart;
                continue;
            }

            if (_spacePending)
            {
                _piece.Append(' ');
            }

            _piece.Append(character);
            _spacePending = _atLineStart = false;
        }

        Add(_piece.ToString(), styles, link);
    }

    /// <summary>Adds text as it is, line breaks too.</summary>
    public void AddVerbatim(string text, TextStyles styles, string? link)
    {
        if (text.Length == 0)
        {
            return;
        }

        Add((_spacePending ? " " : "") + text, styles, link);
        _spacePending = false;
        _atLineStart = text[^1] == '\n';
    }

    /// <summary>Breaks the line.</summary>
    public void AddBreak()
    {
        Add("\n", TextStyles.None, null);
        _spacePending = false;
        _atLineStart = true;
    }

    /// <summary>Ends the paragraph, if there is one.</summary>
    public void EndParagraph(int headingLevel = 0)
    {
        _spacePending = false;
        _atLineStart = true;
        if (_texts.Count == 0)
        {
            return;
        }

        // A break at the end of a block ends the line that the block's end would end anyway.
        if (_texts[^1].Text.EndsWith('\n'))
        {
            _texts[^1] = _texts[^1] with { Text = _texts[^1].Text[..^1] };
        }

        _blocks.Add(new RichBlock.Paragraph([.. _texts.Where(text => text.Text.Length > 0)], headingLevel));
        _texts.Clear();
    }

    /// <summary>Adds a block that is no paragraph.</summary>
    public void AddBlock(RichBlock block)
    {
        EndParagraph();
        _blocks.Add(block);
    }

    /// <summary>All blocks.</summary>
    public ImmutableArray<RichBlock> ToBlocks()
    {
        EndParagraph();
        return _blocks.ToImmutable();
    }

    private void Add(string text, TextStyles styles, string? link)
    {
        if (text.Length > 0)
        {
            _texts.Add(new RichText(text, styles, link));
        }
    }
}

/// <summary>Lets through the links that only lead somewhere when a reader follows them: http, https and mailto.</summary>
internal static class SafeLink
{
    private const int MaxChars = 2_000;

    /// <summary>The link in a form that can stand in quotes in a field's instruction, or null.</summary>
    public static string? Of(string? link)
    {
        if (link is null || link.Length > MaxChars
            || !Uri.TryCreate(link.Trim(), UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeMailto))
        {
            return null;
        }

        // A quote would end the argument, a backslash would start a switch, a control has no place in a link.
        var safe = uri.AbsoluteUri
            .Replace("\"", "%22", StringComparison.Ordinal)
            .Replace("\\", "%5C", StringComparison.Ordinal);
        return safe.Length > MaxChars || safe.Any(char.IsControl) ? null : safe;
    }
}
