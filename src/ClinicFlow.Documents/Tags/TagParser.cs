namespace ClinicFlow.Documents.Tags;

/// <summary>
/// Parses what stands between the delimiters of a tag. Never throws; whatever is wrong comes back as a problem
/// without a place. The grammar of expressions and conditions is <see cref="TagGrammar"/>'s.
/// </summary>
internal sealed class TagParser
{
    /// <summary>The longest tag, in characters.</summary>
    public const int MaxLength = 4_096;

    private static readonly string[] Sections = ["each", "if", "unless"];

    private readonly TagCursor _cursor;
    private readonly TagGrammar _grammar;

    private TagParser(TagCursor cursor) => (_cursor, _grammar) = (cursor, new TagGrammar(cursor));

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

        var cursor = new TagCursor(plain);
        var tag = new TagParser(cursor).ParseTag();
        if (tag is not null)
        {
            cursor.End();
        }

        return cursor.Problem is { } problem ? new TagParse(null, problem)
            : tag is not null ? new TagParse(tag, null)
            : new TagParse(null, new Problem(ProblemCode.TagNotUnderstood, "A tag is not understood."));
    }

    private Tag? ParseTag()
    {
        if (_cursor.IsAtEnd)
        {
            _cursor.Fail("A tag is empty.", "Write the name of a field in it.");
            return null;
        }

        if (_cursor.Take('/'))
        {
            return ParseEnd();
        }

        if (_cursor.Take('^'))
        {
            return _cursor.IsAtEnd ? new Tag.Else() : Section(inverted: true);
        }

        if (_cursor.Take('#'))
        {
            return ParseSection();
        }

        if (_cursor.PeekWord("else", "elseif", "elif"))
        {
            return ParseElse();
        }

        if (_cursor.PeekWord("pagebreak"))
        {
            return _cursor.TakeWordAlone() ? new Tag.PageBreak() : Value();
        }

        // A field may be called image or html: a keyword is one only with something to draw behind it.
        if (_cursor.TakeWordBeforeOperand("image"))
        {
            return _grammar.Drawing(out var size) is { } image ? new Tag.Image(image, size) : null;
        }

        if (_cursor.TakeWordBeforeOperand("qr"))
        {
            return _grammar.Drawing(out var size) is { } qr ? new Tag.Qr(qr, size) : null;
        }

        if (_cursor.TakeWordBeforeOperand("barcode"))
        {
            return ParseBarcode();
        }

        if (_cursor.TakeWordBeforeOperand("html"))
        {
            return _grammar.Expression() is { } html ? new Tag.Html(html) : null;
        }

        if (_cursor.TakeWordBeforeOperand("markdown"))
        {
            return _grammar.Expression() is { } markdown ? new Tag.Markdown(markdown) : null;
        }

        if (_cursor.TakeWordBeforeOperand("checkbox"))
        {
            return _grammar.CheckboxCondition() is { } condition ? new Tag.Checkbox(condition) : null;
        }

        if (_cursor.PeekWord("endif", "endeach", "endfor"))
        {
            _cursor.Fail("A section does not end like this.", "Did you mean {{/if}} or {{/each}}?");
            return null;
        }

        return _grammar.StartsLikeSection() is { } keyword ? Missing(keyword) : Value();
    }

    private Tag.Value? Value() => _grammar.Expression() is { } expression ? new Tag.Value(expression) : null;

    private Tag.Section? Section(bool inverted) => _grammar.Expression() is { } expression ? new Tag.Section(expression, inverted) : null;

    private Tag? Missing(string keyword)
    {
        _cursor.Fail($"The tag {{{{{keyword} \u2026}}}} has no #.", $"Did you mean {{{{#{keyword} \u2026}}}}?");
        return null;
    }

    private Tag? ParseElse()
    {
        var isIf = !_cursor.PeekWord("else");
        _cursor.TakeWord();
        if (!isIf && _cursor.PeekWord("if"))
        {
            _cursor.TakeWord();
            isIf = true;
        }

        if (isIf)
        {
            return _grammar.Condition() is { } condition ? new Tag.ElseIf(condition) : null;
        }

        if (_cursor.IsAtEnd)
        {
            return new Tag.Else();
        }

        _cursor.Fail("Something stands after else.", "Write {{else}} alone, or {{else if \u2026}} with a condition.");
        return null;
    }

    private Tag.End? ParseEnd()
    {
        if (_cursor.IsAtEnd)
        {
            return new Tag.End("");
        }

        if (_cursor.PeekWord("each", "for"))
        {
            // {{/each visits}} repeats the name for the reader's sake.
            _cursor.TakeWord();
            _cursor.SkipAll();
            return new Tag.End("each");
        }

        if (_cursor.PeekWord("if", "unless"))
        {
            _cursor.TakeWord();
            _cursor.SkipAll();
            return new Tag.End("if");
        }

        return _grammar.Path() is { } path ? new Tag.End(path.ToString()) : null;
    }

    private Tag? ParseSection()
    {
        if (_cursor.PeekWord("else", "elseif", "elif"))
        {
            return ParseElse();
        }

        if (_cursor.TakeWordBeforeOperand("each"))
        {
            return ParseEach();
        }

        if (_cursor.TakeWordBeforeOperand("if"))
        {
            return _grammar.Condition() is { } condition ? new Tag.If(condition) : null;
        }

        if (_cursor.TakeWordBeforeOperand("unless"))
        {
            return _grammar.Condition() is { } condition ? new Tag.If(new Condition.Not(condition)) : null;
        }

        if (_cursor.PeekWord("each", "if"))
        {
            _cursor.Fail("A section says neither what to repeat nor what to look at.", "Write the name of a field: {{#each visits}}, {{#if insured}}.");
            return null;
        }

        // Two words are no name of a list as mustache knows it, but probably a keyword with a slip of the pen.
        if (_cursor.PeekTwoWords() is { } first && (DidYouMean.Find(first, Sections) ?? (first.ToUpperInvariant() is "FOR" or "FOREACH" or "LOOP" or "REPEAT" ? "each" : null)) is { } near)
        {
            _cursor.Fail($"There is no section {{{{#{first} \u2026}}}}.", $"Did you mean {{{{#{near} \u2026}}}}?");
            return null;
        }

        return Section(inverted: false);
    }

    private Tag.Each? ParseEach()
    {
        if (_grammar.List() is not { } list)
        {
            return null;
        }

        if (_cursor.PeekWord("in"))
        {
            _cursor.Fail("A list is repeated without a name for its items.", "Write {{#each visits}}, and inside it the items' own fields: {{date}}.");
            return null;
        }

        Condition? where = null;
        OrderBy? order = null;
        var columns = false;
        while (!_cursor.IsAtEnd && _cursor.Problem is null)
        {
            if (where is null && _cursor.PeekWord("where"))
            {
                _cursor.TakeWord();
                where = _grammar.Condition();
            }
            else if (order is null && _cursor.TakeOrderBy())
            {
                order = _grammar.OrderKeys();
            }
            else if (!columns && _cursor.PeekWord("columns", "as"))
            {
                if (_cursor.TakeWord().Equals("as", StringComparison.OrdinalIgnoreCase) && !_cursor.PeekWord("columns"))
                {
                    _cursor.Fail("Only columns can stand after as.", "Write {{#each visits as columns}}, or leave it out.");
                    return null;
                }

                if (_cursor.PeekWord("columns"))
                {
                    _cursor.TakeWord();
                }

                columns = true;
            }
            else
            {
                _cursor.Unexpected("Behind a list there can stand: where, order by, as columns.");
                return null;
            }
        }

        return _cursor.Problem is null ? new Tag.Each(list, where, order, columns) : null;
    }

    private Tag.Barcode? ParseBarcode()
    {
        var name = _cursor.TakeWord();
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
            _cursor.Fail($"There is no barcode \"{name}\".", DidYouMean.Find(name, kinds) is { } near ? $"Did you mean {near}?" : $"There are {string.Join(", ", kinds)}. Write {{{{barcode code128 name}}}}.");
            return null;
        }

        return _grammar.Drawing(out var size) is { } expression ? new Tag.Barcode(kind.Value, expression, size) : null;
    }
}
