namespace ClinicFlow.Documents.Tags;

/// <summary>
/// Parses what stands between the delimiters of a tag. Never throws; whatever is wrong comes back as a problem
/// without a place. The grammar of expressions and conditions is <see cref="TagGrammar"/>'s.
/// </summary>
internal static class TagParser
{
    /// <summary>The longest tag, in characters.</summary>
    public const int MaxLength = 4_096;

    private static readonly string[] Sections = ["each", "if", "unless"];

    /// <summary>Parses a tag.</summary>
    /// <param name="source">The text between the delimiters.</param>
    public static TagParse Parse(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Length > MaxLength)
        {
            return new TagParse(null, new Problem(ProblemCode.TagNotUnderstood, $"A tag is longer than {MaxLength} characters.")
            {
                Advice = "A closing delimiter is probably missing.",
            });
        }

        if (source.AsSpan().TrimStart() is ['!', ..])
        {
            return new TagParse(new Tag.Comment(), null);
        }

        if (!TagSource.TryNormalize(source, out var plain))
        {
            return new TagParse(null, new Problem(ProblemCode.TagNotUnderstood, "A quotation mark in a tag has no partner.")
            {
                Advice = "Put a quotation mark at both ends of the text.",
            });
        }

        var grammar = new TagGrammar(plain);
        var tag = ParseTag(grammar);
        if (tag is not null)
        {
            grammar.End();
        }

        return grammar.Problem is { } problem ? new TagParse(null, problem)
            : tag is not null ? new TagParse(tag, null)
            : new TagParse(null, new Problem(ProblemCode.TagNotUnderstood, "A tag is not understood."));
    }

    private static Tag? ParseTag(TagGrammar grammar)
    {
        if (grammar.IsAtEnd)
        {
            grammar.Fail("A tag is empty.", "Write the name of a field in it.");
            return null;
        }

        if (grammar.Take('/'))
        {
            return ParseEnd(grammar);
        }

        if (grammar.Take('^'))
        {
            return grammar.IsAtEnd ? new Tag.Else() : Section(grammar, inverted: true);
        }

        if (grammar.Take('#'))
        {
            return ParseSection(grammar);
        }

        if (grammar.PeekWord("else", "elseif", "elif"))
        {
            return ParseElse(grammar);
        }

        if (grammar.PeekWord("pagebreak"))
        {
            return grammar.TakeWordAlone() ? new Tag.PageBreak() : Value(grammar);
        }

        // A field may be called image or html: a keyword is one only with something to draw behind it.
        if (grammar.TakeWordBeforeOperand("image"))
        {
            return grammar.Drawing(out var size) is { } image ? new Tag.Image(image, size) : null;
        }

        if (grammar.TakeWordBeforeOperand("qr"))
        {
            return grammar.Drawing(out var size) is { } qr ? new Tag.Qr(qr, size) : null;
        }

        if (grammar.TakeWordBeforeOperand("barcode"))
        {
            return ParseBarcode(grammar);
        }

        if (grammar.TakeWordBeforeOperand("html"))
        {
            return grammar.Expression() is { } html ? new Tag.Html(html) : null;
        }

        if (grammar.TakeWordBeforeOperand("markdown"))
        {
            return grammar.Expression() is { } markdown ? new Tag.Markdown(markdown) : null;
        }

        if (grammar.TakeWordBeforeOperand("checkbox"))
        {
            return grammar.CheckboxCondition() is { } condition ? new Tag.Checkbox(condition) : null;
        }

        if (grammar.PeekWord("endif", "endeach", "endfor"))
        {
            grammar.Fail("A section does not end like this.", "Did you mean {{/if}} or {{/each}}?");
            return null;
        }

        return grammar.StartsLikeSection() is { } keyword ? Missing(grammar, keyword) : Value(grammar);
    }

    private static Tag.Value? Value(TagGrammar grammar) => grammar.Expression() is { } expression ? new Tag.Value(expression) : null;

    private static Tag.Section? Section(TagGrammar grammar, bool inverted) => grammar.Expression() is { } expression ? new Tag.Section(expression, inverted) : null;

    private static Tag? Missing(TagGrammar grammar, string keyword)
    {
        grammar.Fail($"The tag {{{{{keyword} \u2026}}}} has no #.", $"Did you mean {{{{#{keyword} \u2026}}}}?");
        return null;
    }

    private static Tag? ParseElse(TagGrammar grammar)
    {
        var isIf = !grammar.PeekWord("else");
        grammar.TakeWord();
        if (!isIf && grammar.PeekWord("if"))
        {
            grammar.TakeWord();
            isIf = true;
        }

        if (isIf)
        {
            return grammar.Condition() is { } condition ? new Tag.ElseIf(condition) : null;
        }

        if (grammar.IsAtEnd)
        {
            return new Tag.Else();
        }

        grammar.Fail("Something stands after else.", "Write {{else}} alone, or {{else if \u2026}} with a condition.");
        return null;
    }

    private static Tag.End? ParseEnd(TagGrammar grammar)
    {
        if (grammar.IsAtEnd)
        {
            return new Tag.End("");
        }

        if (grammar.PeekWord("each", "for"))
        {
            // {{/each visits}} repeats the name for the reader's sake.
            grammar.TakeWord();
            grammar.SkipAll();
            return new Tag.End("each");
        }

        if (grammar.PeekWord("if", "unless"))
        {
            grammar.TakeWord();
            grammar.SkipAll();
            return new Tag.End("if");
        }

        return grammar.Path() is { } path ? new Tag.End(path.ToString()) : null;
    }

    private static Tag? ParseSection(TagGrammar grammar)
    {
        if (grammar.PeekWord("else", "elseif", "elif"))
        {
            return ParseElse(grammar);
        }

        if (grammar.TakeWordBeforeOperand("each"))
        {
            return ParseEach(grammar);
        }

        if (grammar.TakeWordBeforeOperand("if"))
        {
            return grammar.Condition() is { } condition ? new Tag.If(condition) : null;
        }

        if (grammar.TakeWordBeforeOperand("unless"))
        {
            return grammar.Condition() is { } condition ? new Tag.If(new Condition.Not(condition)) : null;
        }

        if (grammar.PeekWord("each", "if"))
        {
            grammar.Fail("A section says neither what to repeat nor what to look at.", "Write the name of a field: {{#each visits}}, {{#if insured}}.");
            return null;
        }

        // Two words are no name of a list as mustache knows it, but probably a keyword with a slip of the pen.
        if (grammar.PeekTwoWords() is { } first && (DidYouMean.Find(first, Sections) ?? (first.ToUpperInvariant() is "FOR" or "FOREACH" or "LOOP" or "REPEAT" ? "each" : null)) is { } near)
        {
            grammar.Fail($"There is no section {{{{#{first} \u2026}}}}.", $"Did you mean {{{{#{near} \u2026}}}}?");
            return null;
        }

        return Section(grammar, inverted: false);
    }

    private static Tag.Each? ParseEach(TagGrammar grammar)
    {
        if (grammar.List() is not { } list)
        {
            return null;
        }

        if (grammar.PeekWord("in"))
        {
            grammar.Fail("A list is repeated without a name for its items.", "Write {{#each visits}}, and inside it the items' own fields: {{date}}.");
            return null;
        }

        Condition? where = null;
        OrderBy? order = null;
        var columns = false;
        while (!grammar.IsAtEnd && grammar.Problem is null)
        {
            if (where is null && grammar.PeekWord("where"))
            {
                grammar.TakeWord();
                where = grammar.Condition();
            }
            else if (order is null && grammar.TakeOrderBy())
            {
                order = grammar.OrderKeys();
            }
            else if (!columns && grammar.PeekWord("columns", "as"))
            {
                if (grammar.TakeWord().Equals("as", StringComparison.OrdinalIgnoreCase) && !grammar.PeekWord("columns"))
                {
                    grammar.Fail("Only columns can stand after as.", "Write {{#each visits as columns}}, or leave it out.");
                    return null;
                }

                if (grammar.PeekWord("columns"))
                {
                    grammar.TakeWord();
                }

                columns = true;
            }
            else
            {
                grammar.Unexpected("Behind a list there can stand: where, order by, as columns.");
                return null;
            }
        }

        return grammar.Problem is null ? new Tag.Each(list, where, order, columns) : null;
    }

    private static Tag.Barcode? ParseBarcode(TagGrammar grammar)
    {
        var name = grammar.TakeWord();
        BarcodeKind? kind = name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant() switch
        {
            "CODE128" => BarcodeKind.Code128,
            "CODE39" => BarcodeKind.Code39,
            "EAN13" => BarcodeKind.Ean13,
            "EAN8" => BarcodeKind.Ean8,
            "UPCA" => BarcodeKind.UpcA,
            "ITF14" => BarcodeKind.Itf14,
            "QR" => BarcodeKind.Qr,
            _ => null,
        };
        if (kind is null)
        {
            string[] kinds = ["code128", "code39", "ean13", "ean8", "upca", "itf14", "qr"];
            grammar.Fail($"There is no barcode \"{name}\".", DidYouMean.Find(name, kinds) is { } near ? $"Did you mean {near}?" : $"There are {string.Join(", ", kinds)}. Write {{{{barcode code128 name}}}}.");
            return null;
        }

        return grammar.Drawing(out var size) is { } expression ? new Tag.Barcode(kind.Value, expression, size) : null;
    }
}
