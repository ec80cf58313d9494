using System.Globalization;
using System.Text.RegularExpressions;
using ClinicFlow.Documents.Fields.Formats;

namespace ClinicFlow.Documents.Fields.Formula;

/// <summary>
/// Reads and calculates a formula in one pass. Signs bind as in Word: comparisons weakest, then + −, * /, ^, and %
/// behind a number. Arguments are separated by a comma, or a semicolon. One use, one thread.
/// </summary>
internal sealed partial class FormulaParser(string text, CultureInfo culture, FieldScope scope)
{
    private const int MaxDepth = 64;
    private const int MaxLength = 8192;
    private const int MaxCells = 20_000;

    private int _at;
    private int _depth;

    private sealed class FormulaException(string text, string message) : Exception(message)
    {
        public string Text { get; } = text;
    }

    /// <summary>Whether a text names cells: A1, ABOVE and its like.</summary>
    public static bool MentionsCells(string text) => Cells().IsMatch(text);

    /// <summary>Calculates the formula.</summary>
    /// <param name="number">The result.</param>
    /// <param name="error">Word's text for what went wrong, and a sentence about it.</param>
    public bool TryEvaluate(out decimal number, out (string Text, string Message) error)
    {
        number = 0;
        error = default;
        try
        {
            if (text.Length > MaxLength)
            {
                throw Syntax("The formula is too long.");
            }

            SkipSpace();
            if (_at < text.Length)
            {
                number = Comparison();
            }

            SkipSpace();
            if (_at < text.Length)
            {
                throw Syntax($"The formula has something at its end that does not belong there (character {_at + 1}).");
            }

            return true;
        }
        catch (FormulaException e)
        {
            error = (e.Text, e.Message);
        }
        catch (OverflowException)
        {
            error = ("!Number too large", "The formula's result is too large.");
        }

        return false;
    }

    private static FormulaException Syntax(string message) => new("!Syntax Error", message);

    private decimal Comparison()
    {
        if (++_depth > MaxDepth)
        {
            throw Syntax($"The formula is nested more than {MaxDepth} deep.");
        }

        var left = Sum();
        while (true)
        {
            SkipSpace();
            var sign = Take("<=", "<>", ">=", "<", ">", "=");
            if (sign is null)
            {
                _depth--;
                return left;
            }

            var right = Sum();
            left = (sign switch
            {
                "<=" => left <= right,
                "<>" => left != right,
                ">=" => left >= right,
                "<" => left < right,
                ">" => left > right,
                _ => left == right,
            }) ? 1 : 0;
        }
    }

    private decimal Sum()
    {
        var left = Product();
        while (true)
        {
            SkipSpace();
            switch (Take("+", "-", "\u2212"))
            {
                case "+":
                    left += Product();
                    break;
                case null:
                    return left;
                default:
                    left -= Product();
                    break;
            }
        }
    }

    private decimal Product()
    {
        var left = Power();
        while (true)
        {
            SkipSpace();
            switch (Take("*", "/"))
            {
                case "*":
                    left *= Power();
                    break;
                case "/":
                    var divisor = Power();
                    left = divisor == 0 ? throw new FormulaException("!Zero Divide", "The formula divides by zero.") : left / divisor;
                    break;
                default:
                    return left;
            }
        }
    }

    private decimal Power()
    {
        var left = Signed();
        SkipSpace();
        while (Take("^") is not null)
        {
            var power = Math.Pow((double)left, (double)Signed());
            left = double.IsFinite(power) ? (decimal)power : throw new OverflowException();
            SkipSpace();
        }

        return left;
    }

    private decimal Signed()
    {
        SkipSpace();
        var negative = false;
        while (Take("-", "+", "\u2212") is { } sign)
        {
            negative ^= sign != "+";
            SkipSpace();
        }

        var value = Atom();
        SkipSpace();
        while (Take("%") is not null)
        {
            value /= 100;
            SkipSpace();
        }

        return negative ? -value : value;
    }

    private decimal Atom()
    {
        if (_at >= text.Length)
        {
            throw Syntax("The formula ends too early.");
        }

        if (Take("(") is not null)
        {
            var inner = Comparison();
            SkipSpace();
            return Take(")") is not null ? inner : throw Syntax("The formula lacks a closing parenthesis.");
        }

        if (char.IsLetter(text[_at]) || text[_at] == '_')
        {
            return Named();
        }

        return Number();
    }

    private decimal Number()
    {
        var start = _at;
        var group = NumberText.UsesDecimalComma(culture) ? '.' : ',';

        // Money signs before a number are nothing to Word.
        while (_at < text.Length && char.GetUnicodeCategory(text[_at]) == UnicodeCategory.CurrencySymbol)
        {
            _at++;
        }

        var digits = _at;
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] is '.' or ',' && IsInNumber(group)))
        {
            _at++;
        }

        return _at > digits && NumberText.TryRead(text.AsSpan(digits, _at - digits), culture, out var number) ? number
            : throw Syntax($"The formula has something at character {start + 1} that is no number, cell or function.");
    }

    // A group separator has three digits behind it, else it separates arguments.
    private bool IsInNumber(char group)
        => _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1])
            && (text[_at] != group || (_at + 3 < text.Length && char.IsAsciiDigit(text[_at + 2]) && char.IsAsciiDigit(text[_at + 3]) && !(_at + 4 < text.Length && char.IsAsciiDigit(text[_at + 4])) && _depth <= 1));

    private decimal Named()
    {
        var start = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '_'))
        {
            _at++;
        }

        var name = text[start.._at];
        var upper = name.ToUpperInvariant();
        SkipSpace();
        if (_at < text.Length && text[_at] == '(')
        {
            _at++;
            return Call(upper, name);
        }

        return upper switch
        {
            "TRUE" => 1,
            "FALSE" => 0,
            _ => CellReference().Match(upper) is { Success: true } cell && scope.Cells is not null ? SingleCell(cell) : Bookmark(name),
        };
    }

    private decimal SingleCell(Match cell)
    {
        var (row, column) = Position(cell);
        return scope.Cells is { } cells && NumberText.TryFind(cells.Text(row, column), culture, out var number) ? number : 0;
    }

    private decimal Bookmark(string name)
    {
        if (name.ToUpperInvariant() is "ABOVE" or "BELOW" or "LEFT" or "RIGHT")
        {
            throw new FormulaException("!The Formula Not In Table", $"The formula names {name.ToUpperInvariant()}, but it stands in no table.");
        }

        if (!scope.Bookmarks.TryGetValue(name, out var value))
        {
            throw new FormulaException($"!Undefined Bookmark, {name.ToUpperInvariant()}", $"The formula names {FieldProblem.Shorten(name)}, which is no function, cell or bookmark.");
        }

        return NumberText.TryRead(value, culture, out var number) ? number : throw Syntax($"The bookmark {FieldProblem.Shorten(name)} in the formula is no number.");
    }

    private decimal Call(string function, string written)
    {
        if (function == "DEFINED")
        {
            return Defined();
        }

        var arguments = new List<decimal>();
        var single = 0;
        SkipSpace();
        if (Take(")") is null)
        {
            do
            {
                SkipSpace();
                if (!TryRange(arguments))
                {
                    arguments.Add(Comparison());
                    single++;
                }

                SkipSpace();
            }
            while (Take(",", ";") is not null);

            if (Take(")") is null)
            {
                throw Syntax($"The formula lacks a closing parenthesis behind {written}.");
            }
        }

        decimal One(int index) => index < arguments.Count ? arguments[index] : throw Syntax($"The function {written} lacks an argument.");
        return function switch
        {
            "ABS" => Math.Abs(One(0)),
            "AND" => One(0) != 0 && One(1) != 0 ? 1 : 0,
            "AVERAGE" => arguments.Count == 0 ? throw new FormulaException("!Zero Divide", "The formula averages nothing.") : arguments.Sum() / arguments.Count,
            "COUNT" => arguments.Count,
            "IF" => One(0) != 0 ? One(1) : One(2),
            "INT" => Math.Floor(One(0)),
            "MAX" => arguments.Count == 0 ? 0 : arguments.Max(),
            "MIN" => arguments.Count == 0 ? 0 : arguments.Min(),
            "MOD" => One(1) == 0 ? throw new FormulaException("!Zero Divide", "The formula divides by zero.") : One(0) - (One(1) * decimal.Truncate(One(0) / One(1))),
            "NOT" => One(0) == 0 ? 1 : 0,
            "OR" => One(0) != 0 || One(1) != 0 ? 1 : 0,
            "PRODUCT" => arguments.Aggregate(1m, (product, one) => product * one),
            "ROUND" => Round(One(0), One(1)),
            "SIGN" => Math.Sign(One(0)),
            "SUM" => arguments.Sum(),
            "TRUE" => 1,
            "FALSE" => 0,
            _ => throw Syntax($"There is no function {FieldProblem.Shorten(written)}."),
        };
    }

    private static decimal Round(decimal number, decimal places)
    {
        if (places is < -20 or > 20)
        {
            throw Syntax("ROUND rounds to at most 20 places.");
        }

        if (places >= 0)
        {
            return Math.Round(number, (int)places, MidpointRounding.AwayFromZero);
        }

        var scale = 1m;
        for (var i = 0; i < -(int)places; i++)
        {
            scale *= 10;
        }

        return Math.Round(number / scale, MidpointRounding.AwayFromZero) * scale;
    }

    // DEFINED(x): whether x can be calculated at all.
    private decimal Defined()
    {
        var start = _at;
        var depth = 1;
        while (_at < text.Length && depth > 0)
        {
            depth += text[_at] switch { '(' => 1, ')' => -1, _ => 0 };
            _at++;
        }

        var argument = text[start..Math.Max(start, _at - 1)].Trim();
        var inner = new FormulaParser(argument, culture, scope) { _depth = _depth + 1 };
        return argument.Length > 0 && inner._depth < MaxDepth && inner.TryEvaluate(out _, out _) ? 1 : 0;
    }

    // ABOVE, A1:B3, 2:2, A:C as arguments: the numbers of the cells, empty ones and texts left out.
    private bool TryRange(List<decimal> arguments)
    {
        var match = Range().Match(text, _at);
        if (!match.Success || scope.Cells is not { } cells)
        {
            return false;
        }

        _at += match.Length;
        var upper = match.Value.ToUpperInvariant().Replace(" ", "", StringComparison.Ordinal);
        switch (upper)
        {
            case "ABOVE":
                AddRun(cells, arguments, Enumerable.Range(1, cells.Row - 1).Reverse().Select(row => (row, cells.Column)));
                break;
            case "BELOW":
                AddRun(cells, arguments, Enumerable.Range(cells.Row + 1, Math.Max(0, cells.RowCount - cells.Row)).Select(row => (row, cells.Column)));
                break;
            case "LEFT":
                AddRun(cells, arguments, Enumerable.Range(1, cells.Column - 1).Reverse().Select(column => (cells.Row, column)));
                break;
            case "RIGHT":
                AddRun(cells, arguments, Enumerable.Range(cells.Column + 1, Math.Max(0, cells.ColumnCount(cells.Row) - cells.Column)).Select(column => (cells.Row, column)));
                break;
            default:
                AddBlock(cells, arguments, upper);
                break;
        }

        return true;
    }

    // Word sums up to the first cell that is blank.
    private void AddRun(IFormulaCells cells, List<decimal> arguments, IEnumerable<(int Row, int Column)> run)
    {
        foreach (var (row, column) in run.Take(MaxCells))
        {
            var shown = cells.Text(row, column);
            if (NumberText.TryFind(shown, culture, out var number))
            {
                arguments.Add(number);
            }
            else if (string.IsNullOrWhiteSpace(shown))
            {
                break;
            }
        }
    }

    private void AddBlock(IFormulaCells cells, List<decimal> arguments, string block)
    {
        var ends = block.Split(':');
        var first = Corner(ends[0], (1, 1));
        var last = Corner(ends[1], (cells.RowCount, 63));
        var count = 0;
        for (var row = Math.Min(first.Row, last.Row); row <= Math.Min(Math.Max(first.Row, last.Row), cells.RowCount); row++)
        {
            for (var column = Math.Min(first.Column, last.Column); column <= Math.Min(Math.Max(first.Column, last.Column), cells.ColumnCount(row)) && count < MaxCells; column++)
            {
                count++;
                if ((row != cells.Row || column != cells.Column) && NumberText.TryFind(cells.Text(row, column), culture, out var number))
                {
                    arguments.Add(number);
                }
            }
        }

        (int Row, int Column) Corner(string name, (int Row, int Column) open)
            => CellReference().Match(name) is { Success: true } cell ? Position(cell)
                : int.TryParse(name, CultureInfo.InvariantCulture, out var row) ? (row, open.Column)
                : (open.Row, name[0] - 'A' + 1);
    }

    private static (int Row, int Column) Position(Match cell)
    {
        var column = cell.Groups[1].Value.Aggregate(0, (value, letter) => (value * 26) + letter - 'A' + 1);
        return (int.Parse(cell.Groups[2].ValueSpan, CultureInfo.InvariantCulture), column);
    }

    private string? Take(params ReadOnlySpan<string> signs)
    {
        foreach (var sign in signs)
        {
            if (string.CompareOrdinal(text, _at, sign, 0, sign.Length) == 0)
            {
                _at += sign.Length;
                return sign;
            }
        }

        return null;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && (char.IsWhiteSpace(text[_at]) || text[_at] == '\u200B'))
        {
            _at++;
        }
    }

    [GeneratedRegex(@"^([A-Z]{1,2})(\d{1,4})$", RegexOptions.CultureInvariant)]
    private static partial Regex CellReference();

    [GeneratedRegex(@"\G(?:(?:ABOVE|BELOW|LEFT|RIGHT)\b|[A-Z]{1,2}\d{1,4}\s*:\s*[A-Z]{1,2}\d{1,4}|\d{1,4}\s*:\s*\d{1,4}|[A-Z]\s*:\s*[A-Z](?![A-Z\d]))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(?:ABOVE|BELOW|LEFT|RIGHT|[A-Z]{1,2}\d{1,4}|\d{1,4}\s*:\s*\d{1,4}|[A-Z]\s*:\s*[A-Z])\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Cells();
}
