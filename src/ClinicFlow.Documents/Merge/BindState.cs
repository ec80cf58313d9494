using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Fields;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// The record that a document is bound to, how its values are printed, and what was found wrong with it: what the parts of
/// a <see cref="Binder"/> share. <see cref="Start"/> forgets the document before.
/// </summary>
internal sealed class BindState
{
    private const int MaxProblems = 1000;

    private readonly List<Problem> _problems = [];
    private IEnumerator<MergeRecord>? _records;
    private long _row;

    /// <summary>The job's options.</summary>
    public RenderOptions Options { get; private set; } = null!;

    /// <summary>How values of tags are printed.</summary>
    public FormatContext Format { get; private set; } = null!;

    /// <summary>What Word's fields are worked out from; <see cref="FieldScope.Data"/> is set for each.</summary>
    public FieldScope Fields { get; private set; } = null!;

    /// <summary>The record itself, outside of what is repeated.</summary>
    public Scope Root { get; private set; } = null!;

    /// <summary>Whether NEXT found no further record: then fields stay blank, and none is missing.</summary>
    public bool RanOut { get; private set; }

    /// <summary>The part that is being written.</summary>
    public BoundStory Story { get; private set; } = null!;

    /// <summary>What was found wrong with the record.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Whether an error was found.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Makes ready for a document; its parameters are those of <see cref="Binder.Start"/>.</summary>
    public void Start(TemplateFacts facts, RenderOptions options, MergeRecord record, IEnumerator<MergeRecord>? records, long sequence)
    {
        if (!ReferenceEquals(Options, options))
        {
            Options = options;
            Format = new FormatContext(options.Culture, options.JobTime);
        }

        _problems.Clear();
        (_records, _row) = (records, record.Row);
        (RanOut, HasErrors) = (false, false);
        Root = new Scope(MergeValue.From(record.Values));
        Fields = new FieldScope
        {
            Data = Root,
            Culture = options.Culture,
            JobTime = options.JobTime,
            Parameters = options.Parameters,
            Properties = facts.Properties,
            Variables = facts.Variables,
            MappedFields = options.MappedFields,
            RecordNumber = record.Row,
            MergeSequence = sequence + 1,
            AdvanceRecord = Advance,
        };
    }

    /// <summary>Goes on in another part of the document.</summary>
    public void Enter(BoundStory story) => Story = story;

    /// <summary>Says that the record has no such field; once for each record.</summary>
    public void ReportMissing(Mark mark, string field)
    {
        if (RanOut || _problems.Exists(problem => problem.Code == ProblemCode.ValueMissing && problem.Field == field && problem.Row == _row))
        {
            return;
        }

        Add(new Problem(ProblemCode.ValueMissing, $"The record has no field {field}.")
        {
            Advice = "Add a column of that name to the data, or correct the name in the template.",
            Severity = Options.MissingData == MissingData.Error ? ProblemSeverity.Error : ProblemSeverity.Warning,
            Field = field,
            Place = mark.Place,
            Row = _row,
        });
    }

    /// <summary>Says that a value is not of the kind that its place needs, without the value.</summary>
    public void ReportMismatch(Mark mark, string field, string expected, MergeValue value)
        => Report(new Problem(ProblemCode.ValueKindMismatch, $"{field} must be {expected}, but the record has {value.KindName} there.")
        {
            Advice = "Correct the value in the data, or the format in the template.",
            Field = field,
            ValueKind = value.KindName,
        }, mark);

    /// <summary>Takes a problem up, with its place and row; null is none.</summary>
    public void Report(Problem? problem, Mark mark)
    {
        if (problem is not null)
        {
            Add(problem with { Place = problem.Place == Place.Nowhere ? mark.Place : problem.Place, Row = _row });
        }
    }

    private void Add(Problem problem)
    {
        HasErrors |= problem.Severity == ProblemSeverity.Error;
        if (_problems.Count < MaxProblems)
        {
            _problems.Add(problem);
        }
    }

    private bool Advance()
    {
        if (_records is null || !_records.MoveNext())
        {
            // Labels left over on the last sheet stay blank.
            RanOut = true;
            Root.Current = MergeValue.From(MergeObject.Empty);
            return false;
        }

        Root.Current = MergeValue.From(_records.Current.Values);
        _row = _records.Current.Row;
        Fields.RecordNumber = _row;
        Fields.MergeSequence++;
        return true;
    }
}
