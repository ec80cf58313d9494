using System.Globalization;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags;

/// <summary>
/// A condition of <c>if</c>, <c>where</c> or <c>checkbox</c>. Immutable. A missing field counts as empty, and a value
/// that does not fit a formatter as false.
/// </summary>
internal abstract class Condition
{
    /// <summary>Whether it holds. Never throws for what a record holds.</summary>
    public abstract bool Holds(Scope scope, FormatContext context);

    /// <summary>All paths that are read.</summary>
    public abstract IEnumerable<FieldPath> Paths { get; }

    /// <summary>
    /// The value's own truth: <see cref="MergeValue.IsTrue"/>. A checkbox also reads the words no, nein, n … of a CSV
    /// file as false (<paramref name="readsWords"/>): a consent that says "no" must not come out ticked.
    /// </summary>
    internal sealed class Truth(Expression expression, bool readsWords) : Condition
    {
        public override IEnumerable<FieldPath> Paths => expression.Paths;

        public override bool Holds(Scope scope, FormatContext context)
        {
            var evaluated = expression.Evaluate(scope, context);
            return evaluated.Expected is null
                && (readsWords && ValueReader.TryTruth(evaluated.Value, out var truth) ? truth : evaluated.Value.IsTrue);
        }
    }

    /// <summary><c>not a</c>.</summary>
    internal sealed class Not(Condition inner) : Condition
    {
        public override IEnumerable<FieldPath> Paths => inner.Paths;

        public override bool Holds(Scope scope, FormatContext context) => !inner.Holds(scope, context);
    }

    /// <summary><c>a and b and c</c>, or the same with <c>or</c>.</summary>
    internal sealed class Several(IReadOnlyList<Condition> parts, bool all) : Condition
    {
        public override IEnumerable<FieldPath> Paths => parts.SelectMany(part => part.Paths);

        public override bool Holds(Scope scope, FormatContext context)
        {
            foreach (var part in parts)
            {
                if (part.Holds(scope, context) != all)
                {
                    return !all;
                }
            }

            return all;
        }
    }

    /// <summary><c>a = b</c> and its like.</summary>
    internal sealed class Comparison(Expression left, ComparisonSign sign, Expression right) : Condition
    {
        public override IEnumerable<FieldPath> Paths => left.Paths.Concat(right.Paths);

        public override bool Holds(Scope scope, FormatContext context)
        {
            var a = left.Evaluate(scope, context);
            var b = right.Evaluate(scope, context);
            if (a.Expected is not null || b.Expected is not null)
            {
                return false;
            }

            return sign switch
            {
                ComparisonSign.Equal => ValueComparison.AreEqual(a.Value, b.Value, context.Culture),
                ComparisonSign.NotEqual => !ValueComparison.AreEqual(a.Value, b.Value, context.Culture),
                ComparisonSign.Contains => ValueComparison.Contains(a.Value, b.Value, context.Culture),
                ComparisonSign.In => ValueComparison.IsIn(a.Value, b.Value, context.Culture),
                _ => ValueComparison.TryCompare(a.Value, b.Value, context.Culture, out var difference) && sign switch
                {
                    ComparisonSign.Less => difference < 0,
                    ComparisonSign.LessOrEqual => difference <= 0,
                    ComparisonSign.Greater => difference > 0,
                    _ => difference >= 0,
                },
            };
        }
    }

    /// <summary><c>a in ("x", "y")</c>.</summary>
    internal sealed class OneOf(Expression left, IReadOnlyList<Expression> choices) : Condition
    {
        public override IEnumerable<FieldPath> Paths => left.Paths.Concat(choices.SelectMany(choice => choice.Paths));

        public override bool Holds(Scope scope, FormatContext context)
        {
            var value = left.Evaluate(scope, context);
            if (value.Expected is not null)
            {
                return false;
            }

            foreach (var choice in choices)
            {
                var one = choice.Evaluate(scope, context);
                if (one.Expected is null && ValueComparison.AreEqual(value.Value, one.Value, context.Culture))
                {
                    return true;
                }
            }

            return false;
        }
    }
}

/// <summary>How a <see cref="Condition.Comparison"/> compares.</summary>
internal enum ComparisonSign
{
    /// <summary><c>=</c>, <c>==</c>.</summary>
    Equal,

    /// <summary><c>!=</c>, <c>&lt;&gt;</c>.</summary>
    NotEqual,

    /// <summary><c>&lt;</c>.</summary>
    Less,

    /// <summary><c>&lt;=</c>.</summary>
    LessOrEqual,

    /// <summary><c>&gt;</c>.</summary>
    Greater,

    /// <summary><c>&gt;=</c>.</summary>
    GreaterOrEqual,

    /// <summary><c>contains</c>: a list an item, a text a part.</summary>
    Contains,

    /// <summary><c>in</c>: an item of a list, or of a text that lists them with commas, semicolons or bars.</summary>
    In,
}

/// <summary>
/// Compares values: as numbers where both are (text that reads as one counts), as dates where both are, as truths
/// where one is and the other reads as one, else as text without regard to case.
/// </summary>
internal static class ValueComparison
{
    /// <summary>Whether two values are the same. Empty equals empty, whatever its kind; lists and groups equal nothing.</summary>
    public static bool AreEqual(MergeValue a, MergeValue b, CultureInfo culture)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return a.IsEmpty && b.IsEmpty;
        }

        if (ValueReader.TryNumber(a, culture, out var number) && ValueReader.TryNumber(b, culture, out var otherNumber))
        {
            return number == otherNumber;
        }

        if (a.Kind == MergeValueKind.Boolean || b.Kind == MergeValueKind.Boolean)
        {
            return ValueReader.TryTruth(a, out var truth) && ValueReader.TryTruth(b, out var otherTruth) && truth == otherTruth;
        }

        if (ValueReader.TryDate(a, culture, out var date) && ValueReader.TryDate(b, culture, out var otherDate))
        {
            return date == otherDate;
        }

        return ValueText.TryPrint(a, culture, out var text) && ValueText.TryPrint(b, culture, out var otherText)
            && string.Equals(text, otherText, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Which of two values comes first; false where they have no order: an empty one, a list, a date beside text.</summary>
    public static bool TryCompare(MergeValue a, MergeValue b, CultureInfo culture, out int difference)
    {
        difference = 0;
        if (a.IsEmpty || b.IsEmpty)
        {
            return false;
        }

        if (ValueReader.TryNumber(a, culture, out var number) && ValueReader.TryNumber(b, culture, out var otherNumber))
        {
            difference = number.CompareTo(otherNumber);
            return true;
        }

        if (ValueReader.TryDate(a, culture, out var date) && ValueReader.TryDate(b, culture, out var otherDate))
        {
            difference = date.CompareTo(otherDate);
            return true;
        }

        // "n/a" < 5 has no answer; two texts have.
        if (a.Kind != MergeValueKind.Text || b.Kind != MergeValueKind.Text)
        {
            return false;
        }

        difference = culture.CompareInfo.Compare(a.Text, b.Text, CompareOptions.IgnoreCase);
        return true;
    }

    /// <summary>Whether a list has an item, or a text a part.</summary>
    public static bool Contains(MergeValue whole, MergeValue part, CultureInfo culture)
    {
        if (whole.Kind == MergeValueKind.List)
        {
            foreach (var item in whole.List)
            {
                if (AreEqual(item, part, culture))
                {
                    return true;
                }
            }

            return false;
        }

        return !part.IsEmpty && ValueText.TryPrint(whole, culture, out var text) && ValueText.TryPrint(part, culture, out var otherText)
            && text.Contains(otherText, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a value is an item of a list, or of a text that lists them.</summary>
    public static bool IsIn(MergeValue item, MergeValue list, CultureInfo culture)
    {
        if (list.Kind == MergeValueKind.List)
        {
            return Contains(list, item, culture);
        }

        if (item.IsEmpty || !ValueText.TryPrint(list, culture, out var text))
        {
            return false;
        }

        foreach (var range in text.AsSpan().SplitAny(',', ';', '|'))
        {
            if (AreEqual(MergeValue.From(text[range].Trim()), item, culture))
            {
                return true;
            }
        }

        return false;
    }
}
