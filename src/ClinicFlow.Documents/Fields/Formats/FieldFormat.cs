using System.Globalization;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Fields.Formats;

/// <summary>
/// The general switches of a field: <c>\#</c>, <c>\@</c>, <c>\*</c>. Values become text first (picture, numeric style),
/// then letters change case, in the order written. ECMA-376 Part 1 §17.16.4. Immutable.
/// </summary>
internal sealed class FieldFormat
{
    private enum LetterCase
    {
        Upper,
        Lower,
        Caps,
        FirstCap,
    }

    private readonly string? _language;
    private readonly InstructionArgument? _numberArgument;
    private readonly InstructionArgument? _dateArgument;
    private readonly NumberPicture? _numberPicture;
    private readonly DatePicture? _datePicture;
    private readonly NumberStyle? _style;
    private readonly List<LetterCase> _cases = [];
    private readonly string? _errorText;

    private FieldFormat(FieldSource source)
    {
        _language = source.Language;
        foreach (var one in source.Instruction.Switches)
        {
            var error = one switch
            {
                { Name: @"\*" or @"\#" or @"\@", Argument: null } => FieldErrors.SwitchArgumentMissing,
                { Name: @"\*", Argument.Constant: { } name } => AddNamed(name, ref _style),
                { Name: @"\#", Argument: { } argument } => AddPicture(argument, ref _numberArgument, ref _numberPicture, NumberPicture.TryParse),
                { Name: @"\@", Argument: { } argument } => AddPicture(argument, ref _dateArgument, ref _datePicture, DatePicture.TryParse),
                _ => null,
            };
            if (error is not null && _errorText is null)
            {
                _errorText = error;
                Problem = FieldProblem.NotUnderstood(source.Instruction, $"The switch {one.Name} of {FieldProblem.Shorten(source.Instruction.Name)} is not one that Word knows.",
                    "Correct what follows the switch, or delete the switch.");
            }
        }
    }

    /// <summary>What is wrong with the switches; null where nothing is.</summary>
    public Problem? Problem { get; }

    /// <summary><c>\* CHARFORMAT</c>: the result is formatted like the first letter of the field's name.</summary>
    public bool UsesCharFormat { get; private set; }

    /// <summary><c>\* MERGEFORMAT</c>: the result keeps the formatting of the last result.</summary>
    public bool UsesMergeFormat { get; private set; }

    /// <summary>Whether a numeric format (<c>\#</c>, <c>\* roman</c> …) is there.</summary>
    public bool IsNumeric => _numberArgument is not null || _style is not null;

    /// <summary>Whether a date picture is there.</summary>
    public bool IsDate => _dateArgument is not null;

    /// <summary>Reads the general switches of a field.</summary>
    public static FieldFormat Parse(FieldSource source) => new(source);

    /// <summary>Prints a value. Errors and missing fields pass through unchanged.</summary>
    public FieldText Apply(FieldText given, FieldScope scope, WordField field)
    {
        if (_errorText is not null)
        {
            return FieldProblem.Error(_errorText, Problem!);
        }

        if (given.Error is not null || given.MissingField is not null || !(IsNumeric || IsDate || _cases.Count > 0))
        {
            return given;
        }

        var culture = scope.CultureOf(_language);
        var printed = string.IsNullOrWhiteSpace(given.Text) ? given
            : IsDate ? PrintDate(given, scope, culture, field)
            : IsNumeric ? PrintNumber(given, scope, culture, field)
            : given;
        return _cases.Count == 0 ? printed : printed with { Text = _cases.Aggregate(printed.Text, (text, letterCase) => Change(text, letterCase, culture)) };
    }

    private FieldText PrintDate(FieldText given, FieldScope scope, CultureInfo culture, WordField field)
    {
        if (given.Value.Kind is not MergeValueKind.Date && !DateText.TryRead(given.Text, culture, out _))
        {
            return given with { Error = FieldProblem.KindMismatch(field, "a date", KindOf(given)) };
        }

        var date = given.Value.Kind == MergeValueKind.Date ? given.Value.Date : DateText.TryRead(given.Text, culture, out var read) ? read : default;
        var picture = _datePicture;
        if (picture is null && DatePicture.TryParse(_dateArgument!.Evaluate(scope).Text, out picture) is { } error)
        {
            return FieldProblem.Error(error, FieldProblem.NotUnderstood(field.Instruction, @"The picture that \@ is given is none."));
        }

        return new FieldText(picture!.Format(date, culture, scope.Sequences));
    }

    private FieldText PrintNumber(FieldText given, FieldScope scope, CultureInfo culture, WordField field)
    {
        decimal number;
        if (given.Value.Kind == MergeValueKind.Number)
        {
            number = given.Value.Number;
        }
        else if (given.Value.Kind != MergeValueKind.Null || !NumberText.TryRead(given.Text, culture, out number))
        {
            return given with { Error = FieldProblem.KindMismatch(field, "a number", KindOf(given)) };
        }

        if (_numberArgument is null)
        {
            return _style!.Print(number, culture) is { } styled ? new FieldText(styled)
                : FieldProblem.Error(FieldErrors.NumberNotRepresentable, FieldProblem.KindMismatch(field, "a number of the format's range", "number"));
        }

        var picture = _numberPicture;
        if (picture is null && NumberPicture.TryParse(_numberArgument.Evaluate(scope).Text, out picture) is { } error)
        {
            return FieldProblem.Error(error, FieldProblem.NotUnderstood(field.Instruction, @"The picture that \# is given is none."));
        }

        return new FieldText(picture!.Format(number, culture, scope.Sequences));
    }

    private delegate string? Parser<T>(string text, out T? picture);

    private static string? AddPicture<T>(InstructionArgument argument, ref InstructionArgument? kept, ref T? picture, Parser<T> parse)
        where T : class
    {
        // Of several pictures Word takes the first.
        if (kept is not null)
        {
            return null;
        }

        kept = argument;
        return argument.Constant is null ? null : parse(argument.Constant, out picture);
    }

    private string? AddNamed(string name, ref NumberStyle? style)
    {
        switch (name.ToUpperInvariant())
        {
            case "MERGEFORMAT":
                UsesMergeFormat = true;
                return null;
            case "CHARFORMAT":
                UsesCharFormat = true;
                return null;
            case "MERGEFORMATINET":
                return null;
            case "UPPER":
                _cases.Add(LetterCase.Upper);
                return null;
            case "LOWER":
                _cases.Add(LetterCase.Lower);
                return null;
            case "CAPS":
                _cases.Add(LetterCase.Caps);
                return null;
            case "FIRSTCAP":
                _cases.Add(LetterCase.FirstCap);
                return null;
        }

        style ??= NumberStyle.Find(name);
        return NumberStyle.Find(name) is null ? FieldErrors.UnknownSwitchArgument : null;
    }

    private static string Change(string text, LetterCase letterCase, CultureInfo culture)
    {
        if (letterCase is LetterCase.Upper or LetterCase.Lower)
        {
            return letterCase == LetterCase.Upper ? culture.TextInfo.ToUpper(text) : culture.TextInfo.ToLower(text);
        }

        var letters = text.ToCharArray();
        var startsWord = true;
        for (var i = 0; i < letters.Length; i++)
        {
            if (startsWord && char.IsLetterOrDigit(letters[i]))
            {
                letters[i] = culture.TextInfo.ToUpper(letters[i]);
                if (letterCase == LetterCase.FirstCap)
                {
                    break;
                }
            }

            startsWord = char.IsWhiteSpace(letters[i]) || (startsWord && !char.IsLetterOrDigit(letters[i])) || letters[i] is '-' or '/';
        }

        return new string(letters);
    }

    private static string KindOf(FieldText given) => given.Value.Kind == MergeValueKind.Null ? "text" : given.Value.KindName;
}
