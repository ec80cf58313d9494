using System.Text;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents;

/// <summary>
/// A line of text with value tags, such as the name of a file: <c>{{lastName}} consent</c>. Values and formatters are
/// those of documents; sections are not for lines. Immutable, and safe for concurrent calls.
/// </summary>
public sealed class TextTemplate
{
    private readonly (string Literal, Expression? Expression)[] _pieces;

    private TextTemplate((string Literal, Expression? Expression)[] pieces, IReadOnlyList<Problem> problems)
    {
        _pieces = pieces;
        Problems = problems;
    }

    /// <summary>What is wrong with the text, all at once. With a problem it cannot be rendered.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>The fields it reads, in order, each once.</summary>
    public IReadOnlyList<string> Fields => [.. _pieces.SelectMany(piece => piece.Expression?.Paths ?? [])
        .Where(path => path.Root == FieldPathRoot.Name).Select(path => string.Join('.', path.Names)).Distinct(FieldNameComparer.Instance)];

    /// <summary>Parses a text.</summary>
    /// <param name="text">The text with its tags.</param>
    /// <param name="options">The delimiters; the defaults where null.</param>
    public static TextTemplate Parse(string text, TemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        options ??= TemplateOptions.Default;
        var pieces = new List<(string, Expression?)>();
        var problems = new List<Problem>();
        var at = 0;
        while (text.IndexOf(options.TagOpen, at, StringComparison.Ordinal) is >= 0 and var start)
        {
            var end = text.IndexOf(options.TagClose, start + options.TagOpen.Length, StringComparison.Ordinal);
            if (end < 0)
            {
                problems.Add(new Problem(ProblemCode.TagNeverEnds, $"A tag starts with {options.TagOpen} and never ends with {options.TagClose}.")
                {
                    Advice = $"Write {options.TagClose} after the name.",
                    Place = new Place("name", "", "", text[start..]),
                });
                break;
            }

            pieces.Add((text[at..start], null));
            var raw = text[start..(end + options.TagClose.Length)];
            var parsed = TagParser.Parse(text[(start + options.TagOpen.Length)..end]);
            switch (parsed.Tag)
            {
                case Tag.Value value:
                    pieces.Add(("", value.Expression));
                    break;
                case Tag.Comment:
                    break;
                default:
                    problems.Add((parsed.Problem ?? new Problem(ProblemCode.TagNotUnderstood, $"{raw} cannot stand here; only a value can.")) with { Place = new Place("name", "", "", raw) });
                    break;
            }

            at = end + options.TagClose.Length;
        }

        pieces.Add((text[at..], null));
        return new TextTemplate([.. pieces], problems);
    }

    /// <summary>Renders the text for a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="options">The job's options; a missing field is nothing where they say <see cref="MissingData.Blank"/>, else a problem.</param>
    /// <param name="problems">Receives what is wrong with the record.</param>
    /// <exception cref="InvalidOperationException">The text has problems of its own.</exception>
    public string Render(MergeRecord record, RenderOptions options, ICollection<Problem>? problems = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(options);
        if (Problems.Count > 0)
        {
            throw new InvalidOperationException("The text has problems and cannot be rendered.");
        }

        var scope = new Scope(MergeValue.From(record.Values));
        var context = new FormatContext(options.Culture, options.JobTime);
        var text = new StringBuilder();
        foreach (var (literal, expression) in _pieces)
        {
            text.Append(literal);
            if (expression is null)
            {
                continue;
            }

            var evaluated = expression.Evaluate(scope, context);
            if (evaluated.MissingField is { } missing)
            {
                if (options.MissingData == MissingData.Error)
                {
                    problems?.Add(new Problem(ProblemCode.ValueMissing, $"The record has no field {missing}.")
                    {
                        Advice = "Add a column of that name to the data, or correct the name.",
                        Field = missing,
                        Row = record.Row,
                    });
                }

                continue;
            }

            var printed = evaluated.Expected is null ? ValueText.Print(evaluated.Value, options.Culture) : default;
            if ((evaluated.Expected ?? printed.Expected) is { } expected)
            {
                problems?.Add(new Problem(ProblemCode.ValueKindMismatch, $"{expression.Source} must be {expected}, but the record has {evaluated.Value.KindName} there.")
                {
                    Advice = "Correct the value in the data, or the format in the name.",
                    Field = expression.Source,
                    ValueKind = evaluated.Value.KindName,
                    Row = record.Row,
                });
                continue;
            }

            text.Append(printed.Value.Text);
        }

        return text.ToString();
    }
}
