using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary>A formatter as the language knows it.</summary>
/// <param name="Name">Its name in lower case.</param>
/// <param name="MinArguments">How many arguments it needs.</param>
/// <param name="MaxArguments">How many it can take.</param>
/// <param name="Example">How it is written, for messages.</param>
/// <param name="Type">What kind of field it hints at; null where it says nothing.</param>
/// <param name="Bind">Makes the formatter, or refuses its arguments through <see cref="FormatterArguments.Refuse"/>.</param>
internal sealed record FormatterKind(string Name, int MinArguments, int MaxArguments, string Example, FieldType? Type, Func<FormatterArguments, IFormatter?> Bind);

/// <summary>A formatter of a tag with its arguments, and the kind it is of.</summary>
internal sealed record BoundFormatter(FormatterKind Kind, IFormatter Formatter);

/// <summary>The arguments of one formatter in a tag. Used by the one call that binds it.</summary>
internal sealed class FormatterArguments(IReadOnlyList<string> all)
{
    /// <summary>How many there are.</summary>
    public int Count => all.Count;

    /// <summary>What is wrong with them, as the end of a sentence; null where nothing is.</summary>
    public string? Complaint { get; private set; }

    /// <summary>The argument at an index from 0; null where it is not given.</summary>
    public string? this[int index] => index < all.Count ? all[index] : null;

    /// <summary>Says what is wrong: "needs …".</summary>
    public IFormatter? Refuse(string complaint)
    {
        Complaint = complaint;
        return null;
    }

    /// <summary>Reads a whole number; <paramref name="otherwise"/> where the argument is not given.</summary>
    public bool TryWhole(int index, int otherwise, int min, int max, out int number)
    {
        number = otherwise;
        return this[index] is not { } text
            || (int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && number >= min && number <= max);
    }
}

/// <summary>All formatters of the language, by name.</summary>
internal static class FormatterTable
{
    /// <summary>The formatters in the order of the manual.</summary>
    public static IReadOnlyList<FormatterKind> All { get; } =
    [
        DateFormatter.Kind, TimeFormatter.Kind, AgeFormatter.Kind,
        NumberFormatter.Kind, CurrencyFormatter.Kind, PercentFormatter.Kind, RoundFormatter.Kind, AbsFormatter.Kind,
        OrdinalFormatter.Kind, WordsFormatter.Kind,
        UpperFormatter.Kind, LowerFormatter.Kind, TitleFormatter.Kind, TrimFormatter.Kind, ReplaceFormatter.Kind,
        TruncateFormatter.Kind, PadFormatter.Kind, MaskFormatter.Kind, InitialsFormatter.Kind, PhoneFormatter.Kind,
        DefaultFormatter.Kind, MapFormatter.Kind, YesNoFormatter.Kind,
        JoinFormatter.Kind, FirstFormatter.Kind, LastFormatter.Kind, CountFormatter.Kind, SumFormatter.Kind,
        CultureFormatter.Kind,
    ];

    private static readonly FrozenDictionary<string, FormatterKind> ByName = All.ToFrozenDictionary(kind => kind.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes a formatter from what a tag writes; on failure the problem, without a place.</summary>
    public static bool TryBind(string name, IReadOnlyList<string> arguments, [NotNullWhen(true)] out BoundFormatter? bound, out Problem? problem)
    {
        bound = null;
        problem = null;
        if (!ByName.TryGetValue(name, out var kind))
        {
            problem = new Problem(ProblemCode.UnknownFormatter, $"There is no formatter \"{name}\".")
            {
                Advice = name.ToUpperInvariant() is "FIT" or "SIZE" or "WIDTH" or "HEIGHT" ? "A size can be given to image, qr and barcode only."
                    : DidYouMean.Find(name, ByName.Keys.Order(StringComparer.Ordinal)) is { } near ? $"Did you mean \"{near}\"?"
                    : "See the list of formatters in the manual of the template language.",
            };
            return false;
        }

        if (arguments.Count < kind.MinArguments || arguments.Count > kind.MaxArguments)
        {
            problem = Wrong(kind, arguments.Count < kind.MinArguments ? arguments.Count == 0 ? "needs something after a colon" : $"needs {kind.MinArguments} arguments"
                : kind.MaxArguments == 0 ? "takes nothing after a colon" : $"takes at most {kind.MaxArguments} {(kind.MaxArguments == 1 ? "argument" : "arguments")}");
            return false;
        }

        var given = new FormatterArguments(arguments);
        if (kind.Bind(given) is not { } formatter)
        {
            problem = Wrong(kind, given.Complaint ?? "cannot use what stands after its colon");
            return false;
        }

        bound = new BoundFormatter(kind, formatter);
        return true;
    }

    private static Problem Wrong(FormatterKind kind, string complaint) => new(ProblemCode.FormatterArgument, $"The formatter \"{kind.Name}\" {complaint}.")
    {
        Advice = $"Write it like this: {kind.Example}.",
    };
}

/// <summary>What several formatters say of a value that does not fit.</summary>
internal static class Expecting
{
    public static Formatted SingleValue { get; } = new(MergeValue.Null, "a single value");

    public static Formatted Number { get; } = new(MergeValue.Null, "a number");

    public static Formatted WholeNumber { get; } = new(MergeValue.Null, "a whole number");

    public static Formatted Date { get; } = new(MergeValue.Null, "a date");

    public static Formatted List { get; } = new(MergeValue.Null, "a list");

    /// <summary>A result would be longer than any document needs: chained formatters must not multiply a text without bound.</summary>
    public static Formatted ShorterText { get; } = new(MergeValue.Null, "a shorter text");

    /// <summary>The longest text that a formatter makes.</summary>
    public const int MaxTextLength = 1_000_000;
}
