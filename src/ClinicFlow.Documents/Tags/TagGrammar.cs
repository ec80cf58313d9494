using System.Globalization;
using System.Text;
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
/// The first thing wrong is kept in <see cref="Problem"/>, and all methods answer null from then on. One tag, one instance.
/// </summary>
internal sealed class TagGrammar(string source)
{
    private const int MaxDepth = 32;
    private const int MaxArguments = 16;

    // A word that ends a name of several words.
    private static readonly string[] Keywords = ["and", "or", "not", "in", "contains", "where", "order", "asc", "desc", "ascending", "descending", "as", "columns"];

    private int _at;
    private int _depth;
    private bool _readsWords;
    private bool _hasKeywords;
    private Commas _commas;

    /// <summary>The first thing wrong; null while all is well.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>Whether nothing but white space is left.</summary>
    public bool IsAtEnd
    {
        get
        {
            SkipSpaces();
            return _at == source.Length;
        }
    }

    /// <summary>Says what is wrong, unless something was wrong before.</summary>
    public void Fail(string message, string advice) => Problem ??= new Problem(ProblemCode.TagNotUnderstood, message) { Advice = advice };

    /// <summary>Says that what comes next does not belong there.</summary>
    public void Unexpected(string advice)
    {
        SkipSpaces();
        if (_at == source.Length)
        {
            Fail("A tag ends too early.", advice);
            return;
        }

        var end = _at + 1;
        while (end < source.Length && end - _at < 20 && FieldPath.IsNameCharacter(source[_at]) && FieldPath.IsNameCharacter(source[end]))
        {
            end++;
        }

        Fail($"A tag is not understood from \"{source[_at..end]}\" on.", advice);
    }

    /// <summary>Complains if something is left.</summary>
    public void End()
    {
        if (Problem is null && !IsAtEnd)
        {
            Unexpected(source[_at] is '=' or '<' or '>' or '!' or '&' || PeekWord("and", "or", "contains", "in")
                ? "A condition needs {{#if \u2026}}."
                : source[_at] is '.' or '/' or '(' or '%' ? "Write the name of a column with such signs in square brackets: [Tel. no.]."
                : "Put texts and pictures with spaces or signs in quotation marks, and | before a formatter.");
        }
    }

    /// <summary>Goes to the end.</summary>
    public void SkipAll() => _at = source.Length;

    /// <summary>Takes a sign if it comes next.</summary>
    public bool Take(char sign)
    {
        SkipSpaces();
        if (_at < source.Length && source[_at] == sign)
        {
            _at++;
            return true;
        }

        return false;
    }

    /// <summary>Whether one of these words comes next, letter case apart.</summary>
    public bool PeekWord(params ReadOnlySpan<string> words)
    {
        var word = Word();
        foreach (var one in words)
        {
            if (word.Equals(one, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the next word; empty where there is none.</summary>
    public string TakeWord()
    {
        var word = Word();
        _at += word.Length;
        return word.ToString();
    }

    /// <summary>Takes the next word if nothing stands behind it.</summary>
    public bool TakeWordAlone()
    {
        var start = _at;
        TakeWord();
        if (IsAtEnd)
        {
            return true;
        }

        _at = start;
        return false;
    }

    /// <summary>Takes a keyword if it comes next and something to work on behind it.</summary>
    public bool TakeWordBeforeOperand(string keyword)
    {
        var start = _at;
        if (PeekWord(keyword))
        {
            TakeWord();

            // image.name is a field; image ../name draws.
            var isPath = _at < source.Length && source[_at] == '.';
            SkipSpaces();
            if (!isPath && _at < source.Length && (source[_at] is '"' or '@' or '[' or '(' or '!' or '.' or '-' || FieldPath.IsNameCharacter(source[_at])))
            {
                return true;
            }
        }

        _at = start;
        return false;
    }

    /// <summary>Takes <c>order by</c> if it comes next.</summary>
    public bool TakeOrderBy()
    {
        var start = _at;
        if (PeekWord("order"))
        {
            TakeWord();
            if (PeekWord("by"))
            {
                TakeWord();
                return true;
            }
        }

        _at = start;
        return false;
    }

    /// <summary>The keyword of a section whose # was forgotten: <c>each visits</c>, <c>endif</c>. Null where it is none.</summary>
    public string? StartsLikeSection()
    {
        var first = PeekTwoWords();
        return first?.ToUpperInvariant() switch
        {
            "EACH" => "each",
            "IF" => "if",
            "UNLESS" => "unless",
            _ => null,
        };
    }

    /// <summary>The first of two words with nothing but space between them; null where there are not two.</summary>
    public string? PeekTwoWords()
    {
        var start = _at;
        var first = TakeWord();
        SkipSpaces();
        var isTwo = first.Length > 0 && _at < source.Length && FieldPath.IsNameCharacter(source[_at]);
        _at = start;
        return isTwo ? first : null;
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

            var descending = PeekWord("desc", "descending");
            if (descending || PeekWord("asc", "ascending"))
            {
                TakeWord();
            }

            keys.Add((key, descending));
        }
        while (Take(','));
        _commas = Commas.SeparateArguments;
        return new OrderBy(keys);
    }

    /// <summary>A path of one or more words, or a name in brackets.</summary>
    public FieldPath? Path()
    {
        SkipSpaces();
        var start = _at;
        if (_at < source.Length && source[_at] == '[')
        {
            return Bracketed();
        }

        while (_at < source.Length && (FieldPath.IsNameCharacter(source[_at]) || source[_at] is '.' or '/' or '@'))
        {
            _at++;
        }

        var text = source[start.._at];

        // Columns have spaces in their names: {{First Name}} is First_Name, the same to the data. Where no keyword can
        // follow, one is a word like others: {{Notes and remarks}}.
        while (text.Length > 0 && text[0] != '@' && !Word().IsEmpty && !(_hasKeywords && PeekWord(Keywords)))
        {
            text = $"{text}_{TakeWord()}";
            while (_at + 1 < source.Length && source[_at] == '.' && FieldPath.IsNameCharacter(source[_at + 1]))
            {
                _at++;
                text = $"{text}.{TakeWord()}";
            }
        }

        if (FieldPath.TryParse(Canonical(text), out var path))
        {
            return path;
        }

        _at = start;
        if (text.StartsWith('@'))
        {
            Fail($"There is no \"{text}\".", "There are @index, @count, @first, @last, @root, @today and @now.");
        }
        else
        {
            Unexpected(text.Length == 0 ? "Write the name of a field." : "A name is made of letters, digits, _ and -, with points between its parts; write any other in square brackets: [Tel. no.].");
        }

        return null;
    }

    private FieldPath? Bracketed()
    {
        var end = source.IndexOf(']', _at);
        var name = end < 0 ? "" : source[(_at + 1)..end].Trim();
        if (name.Length == 0)
        {
            Fail("A square bracket holds no name or has no partner.", "Write the name of a column between them: [Tel. no.].");
            return null;
        }

        _at = end + 1;
        return FieldPath.OfName(name);
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
        while (isOr ? TakeKeyword("or") || TakeSign("||") : TakeKeyword("and") || TakeSign("&&") || TakeSign("&"));
        return parts.Count == 1 ? parts[0] : new Condition.Several(parts, all: !isOr);
    }

    private Condition? Test()
    {
        if (_depth == MaxDepth)
        {
            Fail($"A condition is nested more than {MaxDepth} deep.", "Make it simpler, or use sections inside each other.");
            return null;
        }

        _depth++;
        try
        {
            if (TakeNot())
            {
                return Test() is { } inner ? new Condition.Not(inner) : null;
            }

            if (Take('('))
            {
                var inner = Chain(isOr: true);
                if (inner is not null && !Take(')'))
                {
                    Fail("A bracket in a condition has no partner.", "Put ) where it ends.");
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
        if (TakeWordBeforeOperand("not"))
        {
            return true;
        }

        SkipSpaces();
        if (_at < source.Length && source[_at] == '!' && (_at + 1 == source.Length || source[_at + 1] != '='))
        {
            _at++;
            return true;
        }

        return false;
    }

    private Condition? Comparison()
    {
        if (Expression() is not { } left)
        {
            return null;
        }

        var isNegated = false;
        if (PeekWord("not"))
        {
            TakeWord();
            if (!PeekWord("in", "contains"))
            {
                Unexpected("Write not before the whole condition, or \"not in\", \"not contains\".");
                return null;
            }

            isNegated = true;
        }

        if (TakeComparison() is not { } sign)
        {
            return new Condition.Truth(left, _readsWords);
        }

        Condition? comparison = sign == ComparisonSign.In && Take('(') ? Choices(left)
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
        while (Take(',') || Take(';'));
        _commas = Commas.SeparateArguments;
        if (!Take(')'))
        {
            Fail("A bracket in a condition has no partner.", "Put ) where it ends.");
            return null;
        }

        return new Condition.OneOf(left, choices);
    }

    private ComparisonSign? TakeComparison()
        => TakeKeyword("contains") ? ComparisonSign.Contains
            : TakeKeyword("in") ? ComparisonSign.In
            : TakeSign("==") || TakeSign("=") ? ComparisonSign.Equal
            : TakeSign("!=") || TakeSign("<>") ? ComparisonSign.NotEqual
            : TakeSign("<=") ? ComparisonSign.LessOrEqual
            : TakeSign(">=") ? ComparisonSign.GreaterOrEqual
            : TakeSign("<") ? ComparisonSign.Less
            : TakeSign(">") ? ComparisonSign.Greater
            : null;

    private bool TakeKeyword(string word)
    {
        if (!PeekWord(word))
        {
            return false;
        }

        TakeWord();
        return true;
    }

    private bool TakeSign(string sign)
    {
        SkipSpaces();
        if (string.CompareOrdinal(source, _at, sign, 0, sign.Length) != 0)
        {
            return false;
        }

        _at += sign.Length;
        return true;
    }

    private Head? Operand()
    {
        SkipSpaces();
        if (_at == source.Length)
        {
            Unexpected("Write the name of a field.");
            return null;
        }

        var start = _at;
        if (source[_at] == '"')
        {
            var text = Quoted();
            return new Head(MergeValue.From(text), source[start.._at]);
        }

        if (TryNumber(out var number))
        {
            return new Head(MergeValue.From(number), source[start.._at]);
        }

        if (PeekWord("true", "false", "null") && !IsPathAfterWord())
        {
            var word = TakeWord().ToUpperInvariant();
            return new Head(word == "NULL" ? MergeValue.Null : MergeValue.From(word == "TRUE"), word.ToLowerInvariant());
        }

        if (TakeClock("@today") || TakeClock("@now"))
        {
            return new Head(null, default, "", source.AsSpan(start).StartsWith("@now", StringComparison.OrdinalIgnoreCase));
        }

        return Path() is { } path ? new Head(path, default, path.ToString(), null) : null;
    }

    private bool IsPathAfterWord()
    {
        var end = _at + Word().Length;
        return end < source.Length && source[end] == '.';
    }

    private bool TakeClock(string name)
    {
        if (!source.AsSpan(_at).StartsWith(name, StringComparison.OrdinalIgnoreCase)
            || (_at + name.Length < source.Length && FieldPath.IsNameCharacter(source[_at + name.Length])))
        {
            return false;
        }

        _at += name.Length;
        return true;
    }

    // A number is digits with at most one point; 2nd_visit and 1.2.2024 are none.
    private bool TryNumber(out decimal number)
    {
        number = 0;
        var end = _at + (source[_at] is '-' or '+' ? 1 : 0);
        var digits = end;
        while (end < source.Length && (char.IsAsciiDigit(source[end]) || source[end] == '.'))
        {
            end++;
        }

        if (end == digits || !char.IsAsciiDigit(source[digits]) || (end < source.Length && FieldPath.IsNameCharacter(source[end]))
            || !decimal.TryParse(source.AsSpan(_at, end - _at), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number))
        {
            return false;
        }

        _at = end;
        return true;
    }

    // The normalized source closes every quote.
    private string Quoted()
    {
        var text = new StringBuilder();
        for (_at++; _at < source.Length; _at++)
        {
            if (source[_at] == '"')
            {
                if (_at + 1 == source.Length || source[_at + 1] != '"')
                {
                    _at++;
                    break;
                }

                _at++;
            }

            text.Append(source[_at]);
        }

        return text.ToString();
    }

    // Reads | name:argument … into chain, and the sizes of a drawing into sizes where that is not null.
    private bool Formatters(List<BoundFormatter> chain, List<(string Name, List<string> Arguments)>? sizes)
    {
        while (PeekBar())
        {
            _at++;
            var name = TakeWord();
            if (name.Length == 0)
            {
                Unexpected("Behind | there stands the name of a formatter, such as upper.");
                return false;
            }

            var arguments = new List<string>();
            if (Take(':') && !Arguments(arguments))
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
                Problem ??= problem;
                return false;
            }
        }

        return true;
    }

    private bool PeekBar()
    {
        SkipSpaces();
        return _at < source.Length && source[_at] == '|' && (_at + 1 == source.Length || source[_at + 1] != '|');
    }

    private bool Arguments(List<string> arguments)
    {
        do
        {
            SkipSpaces();
            if (_at < source.Length && source[_at] == '"')
            {
                arguments.Add(Quoted());
            }
            else
            {
                var start = _at;
                while (_at < source.Length && source[_at] is not (' ' or '|' or ',' or ':' or ')' or '(' or '"' or '=' or '<' or '>' or '!' or '&'))
                {
                    _at++;
                }

                if (start == _at)
                {
                    Unexpected("Behind a colon there stands what the formatter needs; texts in quotation marks.");
                    return false;
                }

                arguments.Add(source[start.._at]);
            }

            if (arguments.Count > MaxArguments)
            {
                Fail($"A formatter has more than {MaxArguments} arguments.", "Put a picture that holds commas in quotation marks.");
                return false;
            }
        }
        while (TakeArgumentComma() || Take(':'));
        return true;
    }

    // Behind a formatter a comma brings its next argument, but among keys and choices mostly the next of these; colons
    // always bring arguments. No key is a quoted text or a number, so such a one is an argument there too.
    private bool TakeArgumentComma()
    {
        SkipSpaces();
        if (_at == source.Length || source[_at] != ',' || _commas == Commas.SeparateChoices)
        {
            return false;
        }

        var next = _at + 1;
        while (next < source.Length && source[next] == ' ')
        {
            next++;
        }

        if (_commas == Commas.SeparateKeys && (next == source.Length || !(source[next] == '"' || char.IsAsciiDigit(source[next]))))
        {
            return false;
        }

        _at++;
        return true;
    }

    private bool TrySize(List<(string Name, List<string> Arguments)> sizes, out DrawingSize size)
    {
        size = default;
        foreach (var (name, arguments) in sizes)
        {
            var isPair = arguments.Count == 2 && (name is "fit" or "size");
            if ((arguments.Count != 1 && !isPair) || !DrawingSize.TryReadLength(arguments[0], out var first) || !DrawingSize.TryReadLength(arguments[^1], out var second))
            {
                Problem ??= new Problem(ProblemCode.FormatterArgument, $"The size \"{name}\" is not understood.")
                {
                    Advice = "Write lengths of up to 22 inches in mm, cm, in, pt or px, like this: fit:40mm,30mm or width:4cm.",
                };
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

    private ReadOnlySpan<char> Word()
    {
        SkipSpaces();
        var end = _at;
        while (end < source.Length && FieldPath.IsNameCharacter(source[end]))
        {
            end++;
        }

        return source.AsSpan(_at, end - _at);
    }

    private void SkipSpaces()
    {
        while (_at < source.Length && source[_at] == ' ')
        {
            _at++;
        }
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
