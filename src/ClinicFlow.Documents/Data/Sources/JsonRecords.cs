using System.Text.Json;

namespace ClinicFlow.Documents.Data;

/// <summary>What the two JSON readers share: how a record is made, and the first ones, read ahead for their columns.</summary>
internal sealed class JsonRecords
{
    public const string BrokenAdvice = "Check it with a JSON checker: quotes, commas and brackets.";

    /// <summary>How many rows are read ahead until one can be read.</summary>
    private const int MaxAhead = 100;

    private readonly JsonShape _shape = new();
    private readonly Queue<RecordRead> _ahead = [];
    private bool _wasRead;

    public static JsonDocumentOptions DocumentOptions { get; } = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = RecordLimits.MaxJsonDepth,
    };

    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>Makes a record, or says what is wrong with it.</summary>
    public RecordRead Make(JsonElement element, long row, string what) => _shape.TryRead(element, out var values, out var problem)
        ? new RecordRead.Good(new MergeRecord(values, row), null)
        : new RecordRead.Bad(row, problem with { Message = $"{what} {row}: {problem.Message}", Row = row });

    /// <summary>Reads ahead until a record can be read, for <see cref="Columns"/>.</summary>
    public void ReadAhead(Func<RecordRead?> next)
    {
        while (_ahead.Count < MaxAhead && next() is { } read)
        {
            _ahead.Enqueue(read);
            if (read is RecordRead.Good good)
            {
                var columns = new List<string>();
                AddColumns(good.Record.Values, "", columns);
                Columns = columns;
                return;
            }
        }
    }

    /// <summary>Reads them all, once.</summary>
    public IEnumerable<RecordRead> ReadAll(Func<RecordRead?> next, CancellationToken stop)
    {
        if (_wasRead)
        {
            throw new InvalidOperationException("The records were read before.");
        }

        _wasRead = true;
        return Run();

        IEnumerable<RecordRead> Run()
        {
            while (true)
            {
                stop.ThrowIfCancellationRequested();
                if ((_ahead.TryDequeue(out var read) ? read : next()) is not { } found)
                {
                    yield break;
                }

                yield return found;
            }
        }
    }

    private static void AddColumns(MergeObject values, string path, List<string> columns)
    {
        for (var i = 0; i < values.Names.All.Count && columns.Count < RecordLimits.MaxColumns; i++)
        {
            var name = path + values.Names.All[i];
            if (values[i].Kind == MergeValueKind.Group)
            {
                AddColumns(values[i].Group, name + ".", columns);
            }
            else
            {
                columns.Add(name);
            }
        }
    }
}
