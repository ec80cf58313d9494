using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Tags.Formatters;

namespace ClinicFlow.Documents.Tags;

/// <summary>
/// Reads expressions and conditions from a tag made plain by <see cref="TagSource"/>, by recursive descent:
/// <code>
/// condition  = all { ("or" | "||") all }         all  = test { ("and" | "&amp;&amp;") test }
/// test       = ("not" | "!") test | "(" condition ")" | expression [ sign expression | "in" "(" expression { "," expression } ")" ]
/// expression = operand { "|" name [ ":" argument { ("," | ":") argument } ] }
/// operand    = path { word } | "[" any column's name "]" | text | number | "true" | "false" | "null" | "@today" | "@now"
/// </code>
/// Where something is wrong, the cursor says what, and all methods answer null from then on. One tag, one instance.
/// </summary>
internal sealed class TagGrammar(TagCursor cursor)
{
    private const int MaxDepth = 32;
    private const int MaxArguments = 16;

    // A word that ends a name of several words.
    private static readonly string[] Keywords = ["and", "or", "not", "in", "contains", "where", "order", "asc", "desc", "ascending", "descending", "as", "columns"];

    private int _depth;
    private bool _readsWords;
    private bool _hasKeywords;
    private Commas _commas;

    /// <summary>The keyword of a section whose # was forgotten: <c>each visits</c>, <c>endif</c>. Null where it is none.</summary>
    public string? StartsLikeSection()
    {
        var first = cursor.PeekTwoWords();
        return first?.ToUpperInvariant() switch
        {
            "EACH" => "each",
            "IF" => "if",
            "UNLESS" => "unless",
            _ => null,
        };
    }

    /// <summary>A condition.</summary>
    public Condition? Condition()
    {
        _hasKeywords = true;
        return Chain(isOr: true);
    }

    /// <summary>A list with its formatters, which keywords may follow.</summary>
    public Expression? List()
    {
        _hasKeywords = true;
        return Expression();
    }

    /// <summary>A condition for a checkbox, which understands what people write for yes and no.</summary>
    public Condition? CheckboxCondition()
    {
        _readsWords = true;
        return Condition();
    }

    /// <summary>An operand with its formatters.</summary>
    public Expression? Expression()
    {
        var chain = new List<BoundFormatter>();
        return Operand() is { } operand && Formatters(chain, null) ? operand.With(chain) : null;
    }

    /// <summary>An operand with formatters and sizes mixed: <c>photo | fit:40mm,30mm</c>.</summary>
    public Expression? Drawing(out DrawingSize size)
    {
        var chain = new List<BoundFormatter>();
        var sizes = new List<(string Name, List<string> Arguments)>();
        size = default;
        if (Operand() is not { } operand || !Formatters(chain, sizes) || !TrySize(sizes, out size))
        {
            return null;
        }

        return operand.With(chain);
    }

    /// <summary>The keys of <c>order by</c>.</summary>
    public OrderBy? OrderKeys()
    {
        var keys = new List<(Expression, bool)>();
        _commas = Commas.SeparateKeys;
        do
        {
            if (Expression() is not { } key)
            {
                return null;
            }

            var descending = cursor.PeekWord("desc", "descending");
            if (descending || cursor.PeekWord("asc", "ascending"))
            {
                cursor.TakeWord();
            }

            keys.Add((key, descending));
        }
        while (cursor.Take(','));
        _commas = Commas.SeparateArguments;
        return new OrderBy(keys);
    }

    /// <summary>A path of one or more words, or a name in brackets.</summary>
    public FieldPath? Path()
    {
        if (cursor.Peek('['))
        {
            return Bracketed();
        }

        var start = cursor.Position;
        var text = cursor.TakePath();

        // Columns have spaces in their names: {{First Name}} is First_Name, the same to the data. Where no keyword can
        // follow, one is a word like others: {{Notes and remarks}}.
        while (text.Length > 0 && text[0] != '@' && cursor.HasWord && !(_hasKeywords && cursor.PeekWord(Keywords)))
        {
            text = $"{text}_{cursor.TakeWord()}";
            while (cursor.TakePart() is { } part)
            {
                text = $"{text}.{part}";
            }
        }

        if (FieldPath.TryParse(Canonical(text), out var path))
        {
            return path;
        }

        cursor.GoBackTo(start);
        if (text.StartsWith('@'))
        {
            cursor.Fail($"There is no \"{text}\".", "There are @index, @count, @first, @last, @root, @today and @now.");
        }
        else
        {
            cursor.Unexpected(text.Length == 0 ? "Write the name of a field." : "A name is made of letters, digits, _ and -, with points between its parts; write any other in square brackets: [Tel. no.].");
        }

        return null;
    }

    private FieldPath? Bracketed()
    {
        if (cursor.TakeBracketed() is { } name)
        {
            return FieldPath.OfName(name);
        }

        cursor.Fail("A square bracket holds no name or has no partner.", "Write the name of a column between them: [Tel. no.].");
        return null;
    }

    // this, @index and their like in any letter case; ".." alone is the item outside.
    private static string Canonical(string text)
    {
        var name = text.LastIndexOf("../", StringComparison.Ordinal) is >= 0 and var up ? up + 3 : 0;
        var rest = text[name..];
        var end = rest.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point ? point : rest.Length;
        return rest == ".." ? $"{text}/this"
            : rest == "." ? $"{text[..name]}this"
            : rest.StartsWith('@') || rest.AsSpan(0, end).Equals("this", StringComparison.OrdinalIgnoreCase)
                ? string.Concat(text.AsSpan(0, name), rest[..end].ToLowerInvariant(), rest.AsSpan(end))
            : text;
    }

    private Condition? Chain(bool isOr)
    {
        var parts = new List<Condition>();
        do
        {
            if ((isOr ? Chain(isOr: false) : Test()) is not { } part)
            {
                return null;
            }

            parts.Add(part);
        }
        while (isOr ? cursor.TakeKeyword("or") || cursor.TakeSign("||") : cursor.TakeKeyword("and") || cursor.TakeSign("&&") || cursor.TakeSign("&"));
        return parts.Count == 1 ? parts[0] : new Condition.Several(parts, all: !isOr);
    }

    private Condition? Test()
    {
        if (_depth == MaxDepth)
        {
            cursor.Fail($"A condition is nested more than {MaxDepth} deep.", "Make it simpler, or use sections inside each other.");
            return null;
        }

        _depth++;
        try
        {
            if (TakeNot())
            {
                return Test() is { } inner ? new Condition.Not(inner) : null;
            }

            if (cursor.Take('('))
            {
                var inner = Chain(isOr: true);
                if (inner is not null && !cursor.Take(')'))
                {
                    cursor.Fail("A bracket in a condition has no partner.", "Put ) where it ends.");
                    return null;
                }

                return inner;
            }

            return Comparison();
        }
        finally
        {
            _depth--;
        }
    }

    // A field called "not" is one where nothing to turn round follows.
    private bool TakeNot()
    {
        if (cursor.TakeWordBeforeOperand("not"))
        {
            return true;
        }

        return cursor.PeekAlone('!', '=') && cursor.Take('!');
    }

    private Condition? Comparison()
    {
        if (Expression() is not { } left)
        {
            return null;
        }

        var isNegated = false;
        if (cursor.PeekWord("not"))
        {
            cursor.TakeWord();
            if (!cursor.PeekWord("in", "contains"))
            {
                cursor.Unexpected("Write not before the whole condition, or \"not in\", \"not contains\".");
                return null;
            }

            isNegated = true;
        }

        if (TakeComparison() is not { } sign)
        {
            return new Condition.Truth(left, _readsWords);
        }

        Condition? comparison = sign == ComparisonSign.In && cursor.Take('(') ? Choices(left)
            : Expression() is { } right ? new Condition.Comparison(left, sign, right)
            : null;
        return comparison is not null && isNegated ? new Condition.Not(comparison) : comparison;
    }

    private Condition.OneOf? Choices(Expression left)
    {
        var choices = new List<Expression>();
        _commas = Commas.SeparateChoices;
        do
        {
            if (Expression() is not { } choice)
            {
                return null;
            }

            choices.Add(choice);
        }
        while (cursor.Take(',') || cursor.Take(';'));
        _commas = Commas.SeparateArguments;
        if (!cursor.Take(')'))
        {
            cursor.Fail("A bracket in a condition has no partner.", "Put ) where it ends.");
            return null;
        }

        return new Condition.OneOf(left, choices);
    }

    private ComparisonSign? TakeComparison()
        => cursor.TakeKeyword("contains") ? ComparisonSign.Contains
            : cursor.TakeKeyword("in") ? ComparisonSign.In
            : cursor.TakeSign("==") || cursor.TakeSign("=") ? ComparisonSign.Equal
            : cursor.TakeSign("!=") || cursor.TakeSign("<>") ? ComparisonSign.NotEqual
            : cursor.TakeSign("<=") ? ComparisonSign.LessOrEqual
            : cursor.TakeSign(">=") ? ComparisonSign.GreaterOrEqual
            : cursor.TakeSign("<") ? ComparisonSign.Less
            : cursor.TakeSign(">") ? ComparisonSign.Greater
            : null;

    private Head? Operand()
    {
        if (cursor.IsAtEnd)
        {
            cursor.Unexpected("Write the name of a field.");
            return null;
        }

        var start = cursor.Position;
        if (cursor.Peek('"'))
        {
            return new Head(MergeValue.From(cursor.TakeQuoted()), cursor.Since(start));
        }

        if (cursor.TryTakeNumber(out var number))
        {
            return new Head(MergeValue.From(number), cursor.Since(start));
        }

        if (cursor.PeekWord("true", "false", "null") && !cursor.IsPathAfterWord())
        {
            var word = cursor.TakeWord().ToUpperInvariant();
            return new Head(word == "NULL" ? MergeValue.Null : MergeValue.From(word == "TRUE"), word.ToLowerInvariant());
        }

        if (cursor.TakeClock("@today"))
        {
            return new Head(null, default, "", ClockWithTime: false);
        }

        if (cursor.TakeClock("@now"))
        {
            return new Head(null, default, "", ClockWithTime: true);
        }

        return Path() is { } path ? new Head(path, default, path.ToString(), null) : null;
    }

    // Reads | name:argument … into chain, and the sizes of a drawing into sizes where that is not null.
    private bool Formatters(List<BoundFormatter> chain, List<(string Name, List<string> Arguments)>? sizes)
    {
        while (cursor.PeekAlone('|', '|'))
        {
            cursor.Take('|');
            var name = cursor.TakeWord();
            if (name.Length == 0)
            {
                cursor.Unexpected("Behind | there stands the name of a formatter, such as upper.");
                return false;
            }

            var arguments = new List<string>();
            if (cursor.Take(':') && !Arguments(arguments))
            {
                return false;
            }

            if (sizes is not null && (name.ToUpperInvariant() is "FIT" or "SIZE" or "WIDTH" or "HEIGHT"))
            {
                sizes.Add((name.ToLowerInvariant(), arguments));
            }
            else if (FormatterTable.TryBind(name, arguments, out var bound, out var problem))
            {
                chain.Add(bound);
            }
            else
            {
                cursor.Fail(problem);
                return false;
            }
        }

        return true;
    }

    private bool Arguments(List<string> arguments)
    {
        do
        {
            var argument = cursor.Peek('"') ? cursor.TakeQuoted() : cursor.TakeArgument() is { Length: > 0 } plain ? plain : null;
            if (argument is null)
            {
                cursor.Unexpected("Behind a colon there stands what the formatter needs; texts in quotation marks.");
                return false;
            }

            arguments.Add(argument);
            if (arguments.Count > MaxArguments)
            {
                cursor.Fail($"A formatter has more than {MaxArguments} arguments.", "Put a picture that holds commas in quotation marks.");
                return false;
            }
        }
        while (TakeArgumentComma() || cursor.Take(':'));
        return true;
    }

    // Behind a formatter a comma brings its next argument, but among keys and choices mostly the next of these; colons
    // always bring arguments. No key is a quoted text or a number, so such a one is an argument there too.
    private bool TakeArgumentComma()
    {
        var isArgument = _commas switch
        {
            Commas.SeparateChoices => false,
            Commas.SeparateKeys => cursor.PeekSecond() is '"' or (>= '0' and <= '9'),
            _ => true,
        };
        return isArgument && cursor.Take(',');
    }

    private bool TrySize(List<(string Name, List<string> Arguments)> sizes, out DrawingSize size)
    {
        size = default;
        foreach (var (name, arguments) in sizes)
        {
            var isPair = arguments.Count == 2 && (name is "fit" or "size");
            if ((arguments.Count != 1 && !isPair) || !DrawingSize.TryReadLength(arguments[0], out var first) || !DrawingSize.TryReadLength(arguments[^1], out var second))
            {
                cursor.Fail(new Problem(ProblemCode.FormatterArgument, $"The size \"{name}\" is not understood.")
                {
                    Advice = "Write lengths of up to 22 inches in mm, cm, in, pt or px, like this: fit:40mm,30mm or width:4cm.",
                });
                return false;
            }

            size = name switch
            {
                "fit" => new DrawingSize(first, second, Fits: true),
                "size" => new DrawingSize(first, second, Fits: arguments.Count == 1),
                "width" => size with { WidthEmu = first, Fits = false },
                _ => size with { HeightEmu = first, Fits = false },
            };
        }

        return true;
    }

    // What a comma behind a formatter's argument can bring.
    private enum Commas
    {
        SeparateArguments,
        SeparateKeys,
        SeparateChoices,
    }

    // What an expression starts from.
    private sealed record Head(FieldPath? Path, MergeValue Literal, string Source, bool? ClockWithTime)
    {
        public Head(MergeValue literal, string source)
            : this(null, literal, source, null)
        {
        }

        public Expression With(List<BoundFormatter> chain)
            => Path is not null ? Tags.Expression.OfPath(Path, chain)
                : ClockWithTime is { } withTime ? Tags.Expression.OfClock(withTime, chain)
                : Tags.Expression.OfLiteral(Literal, Source, chain);
    }
}
