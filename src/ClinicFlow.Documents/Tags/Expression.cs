using System.Globalization;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Tags.Formatters;

namespace ClinicFlow.Documents.Tags;

/// <summary>What an <see cref="Expression"/> gives for a record.</summary>
/// <param name="Value">The value; empty where it is missing or could not be formatted. Where <paramref name="Expected"/>
/// is set, the value that did not fit, so that its kind can be named.</param>
/// <param name="MissingField">The field that the record does not have; null where it is there or may be missing.</param>
/// <param name="Expected">What a formatter needed instead of this value, such as <c>a date</c>; null where all is well.</param>
internal readonly record struct Evaluated(MergeValue Value, string? MissingField = null, string? Expected = null);

/// <summary>
/// A path or a literal with the formatters it goes through. Immutable, and safe for concurrent calls. A plain path
/// allocates nothing when it is evaluated.
/// </summary>
internal sealed class Expression
{
    private readonly FieldPath? _path;
    private readonly Func<Scope, FormatContext, Evaluated>? _read;
    private readonly MergeValue _literal;
    private readonly IFormatter[] _formatters;
    private readonly CultureInfo? _culture;

    private Expression(FieldPath? path, Func<Scope, FormatContext, Evaluated>? read, MergeValue literal, string source, IReadOnlyList<BoundFormatter> chain, IReadOnlyList<FieldPath>? paths = null)
    {
        _path = path;
        _read = read;
        _literal = literal;
        Source = source;
        _formatters = [.. chain.Where(formatter => formatter.Formatter is not CultureFormatter).Select(formatter => formatter.Formatter)];
        _culture = chain.Select(formatter => formatter.Formatter).OfType<CultureFormatter>().LastOrDefault()?.Culture;
        IsOptional = _formatters.Any(formatter => formatter is DefaultFormatter);
        Type = chain.FirstOrDefault(formatter => formatter.Kind.Type is not null)?.Kind.Type ?? FieldType.Text;
        Paths = paths ?? (path is null ? [] : [path]);
    }

    /// <summary>The path, where the expression is nothing but one; null with formatters and for literals.</summary>
    public FieldPath? Path => _formatters.Length == 0 && _culture is null ? _path : null;

    /// <summary>The path that is read, as text and without its formatters; what was written for a literal.</summary>
    public string Source { get; }

    /// <summary>Whether the field may be missing, because a <c>default</c> stands in for it.</summary>
    public bool IsOptional { get; }

    /// <summary>What the field probably holds, going by the first formatter that says so.</summary>
    public FieldType Type { get; }

    /// <summary>All paths that are read.</summary>
    public IReadOnlyList<FieldPath> Paths { get; }

    /// <summary>An expression that reads one field, whatever characters its name has.</summary>
    public static Expression OfName(string name)
    {
        var path = FieldPath.OfName(name);
        return new Expression(path, null, default, name, []);
    }

    /// <summary>An expression whose value comes from elsewhere, such as a Word field.</summary>
    /// <param name="source">What a message calls it.</param>
    /// <param name="read">Gives the value; must be safe for concurrent calls.</param>
    /// <param name="paths">The paths that it reads.</param>
    public static Expression OfFunction(string source, Func<Scope, FormatContext, Evaluated> read, IReadOnlyList<FieldPath> paths)
        => new(null, read, default, source, [], paths);

    /// <summary>An expression that reads a path.</summary>
    public static Expression OfPath(FieldPath path, IReadOnlyList<BoundFormatter> chain) => new(path, null, default, path.ToString(), chain);

    /// <summary>An expression that starts from a literal.</summary>
    public static Expression OfLiteral(MergeValue literal, string source, IReadOnlyList<BoundFormatter> chain) => new(null, null, literal, source, chain);

    /// <summary>An expression that starts from the job's time: <c>@today</c>, <c>@now</c>.</summary>
    public static Expression OfClock(bool withTime, IReadOnlyList<BoundFormatter> chain)
        => new(null, (_, context) => new Evaluated(MergeValue.From(withTime ? context.JobTime : context.JobTime.Date)), default, withTime ? "@now" : "@today", chain);

    /// <summary>Evaluates it. Never throws for what a record holds.</summary>
    public Evaluated Evaluate(Scope scope, FormatContext context)
    {
        MergeValue value;
        if (_path is not null)
        {
            if (!scope.TryResolve(_path, out value))
            {
                if (!IsOptional)
                {
                    return new Evaluated(default, Source);
                }

                value = default;
            }
        }
        else if (_read is not null)
        {
            var read = _read(scope, context);
            if (read.Expected is not null || (read.MissingField is not null && !IsOptional))
            {
                return read;
            }

            value = read.Value;
        }
        else
        {
            value = _literal;
        }

        return _formatters.Length == 0 && _culture is null ? new Evaluated(value) : Format(value, context);
    }

    private Evaluated Format(MergeValue value, FormatContext context)
    {
        if (_culture is not null)
        {
            context = context with { Culture = _culture };
        }

        foreach (var formatter in _formatters)
        {
            var formatted = formatter.Format(value, context);
            if (!formatted.IsGood)
            {
                return new Evaluated(value, null, formatted.Expected);
            }

            value = formatted.Value;
        }

        // What is printed outside would take the document's culture: with one of its own it is printed here.
        return new Evaluated(_culture is null ? value : value.Kind switch
        {
            MergeValueKind.Number => MergeValue.From(value.Number.ToString(_culture)),
            MergeValueKind.Date => ValueText.Print(MergeValue.From(value.Date), _culture).Value,
            _ => value,
        });
    }
}
