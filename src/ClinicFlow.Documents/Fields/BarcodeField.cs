using System.Globalization;

namespace ClinicFlow.Documents.Fields;

/// <summary>DISPLAYBARCODE and MERGEBARCODE ([MS-OI29500] 3.1.3.2.1): a barcode of a text, or of a merge field.</summary>
internal sealed class BarcodeField : WordField
{
    private static readonly Dictionary<string, Tags.BarcodeKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["QR"] = Tags.BarcodeKind.Qr,
        ["CODE128"] = Tags.BarcodeKind.Code128,
        ["CODE39"] = Tags.BarcodeKind.Code39,
        ["EAN13"] = Tags.BarcodeKind.Ean13,
        ["JAN13"] = Tags.BarcodeKind.Ean13,
        ["EAN8"] = Tags.BarcodeKind.Ean8,
        ["JAN8"] = Tags.BarcodeKind.Ean8,
        ["UPCA"] = Tags.BarcodeKind.UpcA,
        ["ITF14"] = Tags.BarcodeKind.Itf14,
        ["CASE"] = Tags.BarcodeKind.Itf14,
    };

    private readonly MergeField? _field;

    public BarcodeField(FieldSource source)
        : base(source)
    {
        var type = Instruction.Argument(1)?.Constant?.Trim() ?? "";
        if (Kinds.TryGetValue(type, out var kind))
        {
            Kind = kind;
        }
        else
        {
            Problem = FieldProblem.NotUnderstood(Instruction, $"{Name} cannot draw a code of the type {FieldProblem.Shorten(type)}.",
                Tags.DidYouMean.Find(type, Kinds.Keys) is { } near ? $"Did you mean {near}?" : "Use one of QR, CODE128, CODE39, EAN13, EAN8, UPCA, ITF14.");
        }

        if (Name == "MERGEBARCODE" && Instruction.Argument(0)?.Constant is { Length: > 0 } name)
        {
            _field = new MergeField(new FieldSource(Instruction.Parse([new InstructionPart.Text($"MERGEFIELD \"{name.Replace("\"", "", StringComparison.Ordinal)}\"")]), source.Language));
        }

        ShowsText = Instruction.Has(@"\t");
        HeightTwips = Number(@"\h", 0, 20_000);
        ScalePercent = Number(@"\s", 10, 1000);
    }

    /// <summary>Which code.</summary>
    public Tags.BarcodeKind Kind { get; }

    /// <summary>Whether the text stands below the bars.</summary>
    public bool ShowsText { get; }

    /// <summary>The size that the field asks for.</summary>
    public Tags.DrawingSize Size => Kind == Tags.BarcodeKind.Qr
        ? new Tags.DrawingSize(0, 0, false)
        : new Tags.DrawingSize(0, (HeightTwips ?? 0) * 635L, false);

    /// <summary>The height of the bars in twips; null where the field does not say.</summary>
    public int? HeightTwips { get; }

    /// <summary>The scaling of a QR code in percent; null where the field does not say.</summary>
    public int? ScalePercent { get; }

    /// <inheritdoc/>
    public override Problem? Problem { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> ReadsFields => _field is null ? base.ReadsFields : [.. _field.ReadsFields, .. base.ReadsFields];

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope) => Problem is not null ? FieldProblem.Error(FieldErrors.BarcodeTypeUnknown, Problem)
        : _field is not null ? _field.Evaluate(scope)
        : Evaluate(Instruction.Argument(0), scope);

    private int? Number(string name, int least, int most)
        => int.TryParse(Instruction.ArgumentOf(name)?.Constant, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
}
