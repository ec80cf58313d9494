namespace ClinicFlow.Documents.Fields;

/// <summary>Word's own texts for what a field cannot do, printed in its place.</summary>
internal static class FieldErrors
{
    public const string TooDeep = "Error! Too many nested fields.";
    public const string UnknownSwitchArgument = "Error! Unknown switch argument.";
    public const string SwitchArgumentMissing = "Error! Switch argument not specified.";
    public const string UnmatchedQuotes = "Error! Picture string contains unmatched quotes.";
    public const string NumberNotRepresentable = "Error! Number cannot be represented in specified format.";
    public const string UnknownOperator = "Error! Unknown op code for conditional.";
    public const string ConditionMissing = "Error! Missing test condition.";
    public const string ReferenceNotFound = "Error! Reference source not found.";
    public const string BookmarkNotDefined = "Error! Bookmark not defined.";
    public const string BookmarkNameMissing = "Error! No bookmark name given.";
    public const string UnknownProperty = "Error! Unknown document property name.";
    public const string VariableMissing = "Error! No document variable supplied.";
    public const string SequenceMissing = "Error! No sequence specified.";
    public const string MergeFieldMissing = "Error! MergeField was not found in header record of data source.";
    public const string BarcodeTypeUnknown = "Error! The barcode type is not supported.";
}

/// <summary>Makes the problems of fields. Messages name fields of the template, never values of a record.</summary>
internal static class FieldProblem
{
    /// <summary>An error text with its problem.</summary>
    public static FieldText Error(string text, Problem problem) => new(text, Error: problem);

    /// <summary>A field whose instruction is not what Word defines.</summary>
    public static Problem NotUnderstood(Instruction instruction, string message, string advice = "")
        => new(ProblemCode.FieldNotUnderstood, message) { Advice = advice, Field = FieldOf(instruction) };

    /// <summary>A field that would fetch from outside.</summary>
    public static Problem NeverFetched(Instruction instruction)
        => new(ProblemCode.FieldNeverFetched, $"{instruction.Name} would fetch from outside the document; it is not run.")
        {
            Advice = "Put the content into the template itself, or into the data.",
            Severity = ProblemSeverity.Warning,
        };

    /// <summary>A value that a picture or number format cannot print; Word prints it unchanged, hence a warning.</summary>
    public static Problem KindMismatch(WordField field, string expected, string kind) => new(ProblemCode.ValueKindMismatch,
        $"{DisplayName(field)} has a format for {expected}, but the value is not {expected}.")
    {
        Advice = "Correct the value in the data, or take the format switch out of the field.",
        Severity = ProblemSeverity.Warning,
        Field = field.ReadsFields.FirstOrDefault() ?? "",
        ValueKind = kind,
    };

    /// <summary>A formula that cannot be calculated.</summary>
    public static Problem Formula(Instruction instruction, string message) => new(ProblemCode.FormulaError, message) { Field = FieldOf(instruction) };

    /// <summary>At most 40 characters of the template's own text.</summary>
    public static string Shorten(string text) => text.Length <= 40 ? text : $"{text.AsSpan(0, 39)}…";

    private static string DisplayName(WordField field)
        => field.ReadsFields.FirstOrDefault() is { } name ? $"{field.Name} \"{Shorten(name)}\"" : $"The field {Shorten(field.Name)}";

    private static string FieldOf(Instruction instruction) => instruction.Nodes.SelectMany(node => node.ReadsFields).FirstOrDefault() ?? "";
}
