using System.Globalization;
using System.Text;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags;

/// <summary>
/// A place in a tag made plain by <see cref="TagSource"/>, from which words, signs, texts and numbers are taken. The first
/// thing wrong is kept in <see cref="Problem"/>.
/// </summary>
internal sealed class TagCursor(string source)
{
    private int _at;

    /// <summary>The first thing wrong; null while all is well.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>Where it stands, for <see cref="GoBackTo"/> and <see cref="Since"/>.</summary>
    public int Position => _at;

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
    public void Fail(string message, string advice) => Fail(new Problem(ProblemCode.TagNotUnderstood, message) { Advice = advice });

    /// <summary>Says what is wrong, unless something was wrong before.</summary>
    public void Fail(Problem? problem) => Problem ??= problem;

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

    /// <summary>Forgets what was taken since it stood there.</summary>
    public void GoBackTo(int position) => _at = position;

    /// <summary>What was taken since it stood there.</summary>
    public string Since(int position) => source[position.._at];

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

    /// <summary>Whether a word comes next.</summary>
    public bool HasWord => !Word().IsEmpty;

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

    /// <summary>Whether this sign comes next.</summary>
    public bool Peek(char sign)
    {
        SkipSpaces();
        return _at < source.Length && source[_at] == sign;
    }

    /// <summary>Whether this sign comes next, and is not the first of two that mean something else.</summary>
    public bool PeekAlone(char sign, char second) => Peek(sign) && (_at + 1 == source.Length || source[_at + 1] != second);

    /// <summary>The first sign behind the one that comes next, spaces left out; null where there is none.</summary>
    public char? PeekSecond()
    {
        SkipSpaces();
        var next = _at + 1;
        while (next < source.Length && source[next] == ' ')
        {
            next++;
        }

        return next < source.Length ? source[next] : null;
    }

    /// <summary>Whether the word that comes next goes on behind a point.</summary>
    public bool IsPathAfterWord()
    {
        var end = _at + Word().Length;
        return end < source.Length && source[end] == '.';
    }

    /// <summary>Takes a word if it comes next.</summary>
    public bool TakeKeyword(string word)
    {
        if (!PeekWord(word))
        {
            return false;
        }

        TakeWord();
        return true;
    }

    /// <summary>Takes a sign of several characters if it comes next.</summary>
    public bool TakeSign(string sign)
    {
        SkipSpaces();
        if (string.CompareOrdinal(source, _at, sign, 0, sign.Length) != 0)
        {
            return false;
        }

        _at += sign.Length;
        return true;
    }

    /// <summary>Takes the name of a clock if it comes next.</summary>
    public bool TakeClock(string name)
    {
        if (!source.AsSpan(_at).StartsWith(name, StringComparison.OrdinalIgnoreCase)
            || (_at + name.Length < source.Length && FieldPath.IsNameCharacter(source[_at + name.Length])))
        {
            return false;
        }

        _at += name.Length;
        return true;
    }

    /// <summary>Takes a number if it comes next: digits with at most one point; 2nd_visit and 1.2.2024 are none.</summary>
    public bool TryTakeNumber(out decimal number)
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

    /// <summary>Takes a text in quotation marks, at the first of which it stands. <see cref="TagSource"/> has closed every one.</summary>
    public string TakeQuoted()
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

    /// <summary>Takes what a path can be made of, up to the first other sign; empty where there is none.</summary>
    public string TakePath()
    {
        SkipSpaces();
        var start = _at;
        while (_at < source.Length && (FieldPath.IsNameCharacter(source[_at]) || source[_at] is '.' or '/' or '@'))
        {
            _at++;
        }

        return source[start.._at];
    }

    /// <summary>Takes a point and the name behind it, if they come next without a space; otherwise null.</summary>
    public string? TakePart()
    {
        if (_at + 1 >= source.Length || source[_at] != '.' || !FieldPath.IsNameCharacter(source[_at + 1]))
        {
            return null;
        }

        _at++;
        return TakeWord();
    }

    /// <summary>Takes a name in square brackets, at the first of which it stands. Null where it is empty or has no partner.</summary>
    public string? TakeBracketed()
    {
        var end = source.IndexOf(']', _at);
        var name = end < 0 ? "" : source[(_at + 1)..end].Trim();
        if (name.Length == 0)
        {
            return null;
        }

        _at = end + 1;
        return name;
    }

    /// <summary>Takes an argument that is not quoted, up to a space or the first sign that means something; empty where there is none.</summary>
    public string TakeArgument()
    {
        var start = _at;
        while (_at < source.Length && source[_at] is not (' ' or '|' or ',' or ':' or ')' or '(' or '"' or '=' or '<' or '>' or '!' or '&'))
        {
            _at++;
        }

        return source[start.._at];
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
}
