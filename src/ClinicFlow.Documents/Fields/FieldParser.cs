using System.Collections.Frozen;
using ClinicFlow.Documents.Fields.Formula;

namespace ClinicFlow.Documents.Fields;

/// <summary>What becomes of a field when a document is made.</summary>
internal enum FieldKind
{
    /// <summary>Its result replaces it.</summary>
    Computed,

    /// <summary>It marks a section or an image by its name (<c>MERGEFIELD TableStart:Visits</c>); see <see cref="MergeField.Region"/>.</summary>
    Region,

    /// <summary>A picture named by the record (INCLUDEPICTURE); see <see cref="IncludePictureField"/>.</summary>
    Picture,

    /// <summary>A barcode; see <see cref="BarcodeField"/>.</summary>
    Barcode,

    /// <summary>A legacy form field, filled by its bookmark name: FORMTEXT, FORMCHECKBOX, FORMDROPDOWN.</summary>
    FormField,

    /// <summary>It stays in the DOCX, for Word or the layout to compute.</summary>
    Live,

    /// <summary>It would fetch from outside, and is never run: it keeps its last result.</summary>
    NeverFetched,

    /// <summary>Nothing the library knows.</summary>
    Unknown,
}

/// <summary>A field, understood.</summary>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Instruction">Its instruction, taken apart.</param>
/// <param name="Node">What yields its text: one of the typed fields, or a <see cref="PassiveField"/>.</param>
/// <param name="Problem">What is wrong with it as the template has it, without a place; null where nothing is.</param>
internal sealed record ParsedField(FieldKind Kind, Instruction Instruction, WordField Node, Problem? Problem);

/// <summary>Turns an instruction into a typed field. Total: every input gives a <see cref="ParsedField"/>.</summary>
internal static class FieldParser
{
    /// <summary>How deep fields may be nested, against hostile templates. Word's own limit is 20.</summary>
    public const int MaxDepth = 64;

    /// <summary>All computed fields; a new one is its file and its line here.</summary>
    private static readonly FrozenDictionary<string, Func<FieldSource, WordField>> Makers = new Dictionary<string, Func<FieldSource, WordField>>
    {
        ["="] = source => new FormulaField(source),
        ["ADDRESSBLOCK"] = source => new AddressBlockField(source),
        ["ASK"] = source => new AskField(source),
        ["AUTHOR"] = source => new PropertyField(source),
        ["COMMENTS"] = source => new PropertyField(source),
        ["COMPARE"] = source => new CompareField(source),
        ["CREATEDATE"] = source => new DocumentDateField(source),
        ["DATE"] = source => new DateField(source),
        ["DISPLAYBARCODE"] = source => new BarcodeField(source),
        ["DOCPROPERTY"] = source => new DocPropertyField(source),
        ["DOCVARIABLE"] = source => new DocVariableField(source),
        ["FILENAME"] = source => new FileNameField(source),
        ["FILLIN"] = source => new FillInField(source),
        ["GREETINGLINE"] = source => new GreetingLineField(source),
        ["IF"] = source => new IfField(source),
        ["INCLUDEPICTURE"] = source => new IncludePictureField(source),
        ["KEYWORDS"] = source => new PropertyField(source),
        ["MERGEBARCODE"] = source => new BarcodeField(source),
        ["MERGEFIELD"] = source => new MergeField(source),
        ["MERGEREC"] = source => new MergeRecField(source),
        ["MERGESEQ"] = source => new MergeSeqField(source),
        ["NEXT"] = source => new NextField(source),
        ["NEXTIF"] = source => new NextIfField(source),
        ["PRINTDATE"] = source => new DocumentDateField(source),
        ["QUOTE"] = source => new QuoteField(source),
        ["REF"] = source => new RefField(source),
        ["SAVEDATE"] = source => new DocumentDateField(source),
        ["SEQ"] = source => new SeqField(source),
        ["SET"] = source => new SetField(source),
        ["SKIPIF"] = source => new SkipIfField(source),
        ["SUBJECT"] = source => new PropertyField(source),
        ["TIME"] = source => new DateField(source),
        ["TITLE"] = source => new PropertyField(source),
    }.ToFrozenDictionary();

    /// <summary>The names of the computed fields.</summary>
    public static IEnumerable<string> ComputedNames => Makers.Keys.Where(name => name != "=");

    /// <summary>Understands a field.</summary>
    /// <param name="parts">Its instruction, nested fields parsed already.</param>
    /// <param name="language">The language tag of its runs, in which numbers and dates are printed; null for the document's culture.</param>
    public static ParsedField Parse(IReadOnlyList<InstructionPart> parts, string? language = null)
    {
        var instruction = Instruction.Parse(parts);
        var source = new FieldSource(instruction, language);
        if (source.Depth > MaxDepth)
        {
            return Passive(FieldKind.Unknown, source, FieldProblem.NotUnderstood(instruction, $"Fields are nested more than {MaxDepth} deep.",
                "Build the text in steps with SET fields."));
        }

        if (FieldCatalog.KindOf(instruction.Name) is { } kind)
        {
            return Passive(kind, source, kind == FieldKind.NeverFetched ? FieldProblem.NeverFetched(instruction) : null);
        }

        if (Makers.TryGetValue(instruction.Name, out var make))
        {
            return Understood(make(source), source);
        }

        return RefField.IsBookmarkName(instruction.WrittenName) && instruction.Arguments.Count == 0
            ? Understood(new RefField(source), source)
            : Passive(FieldKind.Unknown, source, UnknownField(instruction));
    }

    private static ParsedField Understood(WordField field, FieldSource source)
    {
        // A reference to a heading, note or numbered item belongs to the layout.
        if (field is RefField { NeedsLayout: true } or SeqField { NeedsLayout: true })
        {
            return Passive(FieldKind.Live, source, null);
        }

        var kind = field switch
        {
            MergeField { Region: not MergeRegion.None } => FieldKind.Region,
            IncludePictureField => FieldKind.Picture,
            BarcodeField => FieldKind.Barcode,
            _ => FieldKind.Computed,
        };
        return new ParsedField(kind, source.Instruction, field, field.Problem ?? field.Format.Problem);
    }

    private static ParsedField Passive(FieldKind kind, FieldSource source, Problem? problem)
        => new(kind, source.Instruction, new PassiveField(source, kind, problem), problem);

    private static Problem UnknownField(Instruction instruction)
    {
        if (instruction.Name.Length == 0)
        {
            return FieldProblem.NotUnderstood(instruction, "A field has no name.",
                "Delete the empty braces, or insert the field again with Insert > Quick Parts > Field.");
        }

        var near = Tags.DidYouMean.Find(instruction.Name, FieldCatalog.Names);
        return FieldProblem.NotUnderstood(instruction, $"There is no field \"{FieldProblem.Shorten(instruction.WrittenName)}\".",
            near is null ? "Check the spelling of the field's name." : $"Did you mean {near}?");
    }
}
