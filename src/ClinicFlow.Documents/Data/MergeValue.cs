using System.Diagnostics;

namespace ClinicFlow.Documents.Data;

/// <summary>What a <see cref="MergeValue"/> is.</summary>
public enum MergeValueKind : byte
{
    /// <summary>Nothing: an empty cell, a JSON null.</summary>
    Null,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A date, a time or both.</summary>
    Date,

    /// <summary>A list of values.</summary>
    List,

    /// <summary>Named values.</summary>
    Group,
}

/// <summary>
/// One value of a record. Immutable. A number or date may carry the text its source shows for it
/// (<see cref="Shown"/>): what an Excel cell shows is what a plain field prints, while formatters and
/// comparisons use the value.
/// </summary>
public readonly struct MergeValue
{
    private readonly object? _held;
    private readonly decimal _number;

    private MergeValue(MergeValueKind kind, object? held, decimal number = 0)
    {
        Kind = kind;
        _held = held;
        _number = number;
    }

    /// <summary>The empty value.</summary>
    public static MergeValue Null => default;

    /// <summary>What this value is.</summary>
    public MergeValueKind Kind { get; }

    /// <summary>Makes a text value; null gives <see cref="Null"/>.</summary>
    public static MergeValue From(string? text) => text is null ? default : new(MergeValueKind.Text, text);

    /// <summary>Makes a number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="shown">The text its source shows for it, if it shows one.</param>
    public static MergeValue From(decimal number, string? shown = null) => new(MergeValueKind.Number, shown, number);

    /// <summary>Makes a truth value.</summary>
    public static MergeValue From(bool truth) => new(MergeValueKind.Boolean, null, truth ? 1 : 0);

    /// <summary>Makes a date (local, without a zone).</summary>
    /// <param name="date">The date and time of day.</param>
    /// <param name="shown">The text its source shows for it, if it shows one.</param>
    public static MergeValue From(DateTime date, string? shown = null) => new(MergeValueKind.Date, shown, date.Ticks);

    /// <summary>Makes a list.</summary>
    public static MergeValue From(IReadOnlyList<MergeValue> list) => new(MergeValueKind.List, list);

    /// <summary>Makes an object value.</summary>
    public static MergeValue From(MergeObject named) => new(MergeValueKind.Group, named);

    /// <summary>The text of a text value.</summary>
    public string Text => Kind == MergeValueKind.Text ? (string)_held! : throw Wrong();

    /// <summary>The number of a number value.</summary>
    public decimal Number => Kind == MergeValueKind.Number ? _number : throw Wrong();

    /// <summary>The truth of a boolean value.</summary>
    public bool Boolean => Kind == MergeValueKind.Boolean ? _number != 0 : throw Wrong();

    /// <summary>The date of a date value.</summary>
    public DateTime Date => Kind == MergeValueKind.Date ? new DateTime((long)_number) : throw Wrong();

    /// <summary>The items of a list value.</summary>
    public IReadOnlyList<MergeValue> List => Kind == MergeValueKind.List ? (IReadOnlyList<MergeValue>)_held! : throw Wrong();

    /// <summary>The named values of an object value.</summary>
    public MergeObject Group => Kind == MergeValueKind.Group ? (MergeObject)_held! : throw Wrong();

    /// <summary>What the source shows for a number or date; null where it shows nothing of its own.</summary>
    public string? Shown => Kind is MergeValueKind.Number or MergeValueKind.Date ? (string?)_held : null;

    /// <summary>Whether there is nothing to print: null, empty text, an empty list. White space is not empty.</summary>
    public bool IsEmpty => Kind switch
    {
        MergeValueKind.Null => true,
        MergeValueKind.Text => ((string)_held!).Length == 0,
        MergeValueKind.List => ((IReadOnlyList<MergeValue>)_held!).Count == 0,
        _ => false,
    };

    /// <summary>Whether a condition on this value holds: null, blank text, <c>false</c>, 0 and an empty list do not.
    /// Nor do the texts that files write for them: <c>false</c>, <c>0</c>, <c>no</c>, <c>n</c>, <c>nein</c>, <c>non</c>
    /// (trimmed, in any letter case): a consent that says "No" must not print as given.</summary>
    public bool IsTrue => Kind switch
    {
        MergeValueKind.Null => false,
        MergeValueKind.Text => ((string)_held!).AsSpan().Trim() is { Length: > 0 } text
            && !(text.Length <= 5 && IsNo(text)),
        MergeValueKind.Number or MergeValueKind.Boolean => _number != 0,
        MergeValueKind.List => ((IReadOnlyList<MergeValue>)_held!).Count > 0,
        _ => true,
    };

    private static bool IsNo(ReadOnlySpan<char> text) => text is "0"
        || text.Equals("no", StringComparison.OrdinalIgnoreCase) || text.Equals("n", StringComparison.OrdinalIgnoreCase)
        || text.Equals("false", StringComparison.OrdinalIgnoreCase)
        || text.Equals("nein", StringComparison.OrdinalIgnoreCase) || text.Equals("non", StringComparison.OrdinalIgnoreCase);

    /// <summary>The kind as a message names it: <c>nothing</c>, <c>text</c>, <c>number</c>, <c>yes/no</c>, <c>date</c>, <c>list</c>, <c>group</c>.</summary>
    public string KindName => Kind switch
    {
        MergeValueKind.Null => "nothing",
        MergeValueKind.Text => "text",
        MergeValueKind.Number => "number",
        MergeValueKind.Boolean => "yes/no",
        MergeValueKind.Date => "date",
        MergeValueKind.List => "list",
        MergeValueKind.Group => "group",
        _ => throw new UnreachableException($"{Kind}"),
    };

    /// <summary>The kind only: a value never prints itself into a log.</summary>
    public override string ToString() => $"({KindName})";

    private InvalidOperationException Wrong() => new($"The value is {KindName}.");
}
