using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Fields.Formats;

namespace ClinicFlow.Documents.Fields;

/// <summary>What a MERGEFIELD's name makes of it, as users of commercial libraries write templates.</summary>
internal enum MergeRegion
{
    /// <summary>An ordinary merge field.</summary>
    None,

    /// <summary><c>TableStart:Visits</c>.</summary>
    TableStart,

    /// <summary><c>TableEnd:Visits</c>.</summary>
    TableEnd,

    /// <summary><c>BeginGroup:Address</c>.</summary>
    GroupStart,

    /// <summary><c>EndGroup:Address</c>.</summary>
    GroupEnd,

    /// <summary><c>Image:Photo</c>.</summary>
    Image,
}

/// <summary>MERGEFIELD (ECMA-376 Part 1 §17.16.5.35): a value of the record; <c>\b</c> and <c>\f</c> add text before and after a value that is not blank.</summary>
internal sealed class MergeField : WordField
{
    private static readonly (string Prefix, MergeRegion Region)[] Regions =
    [
        ("TableStart:", MergeRegion.TableStart), ("TableEnd:", MergeRegion.TableEnd), ("BeginGroup:", MergeRegion.GroupStart),
        ("EndGroup:", MergeRegion.GroupEnd), ("Image:", MergeRegion.Image),
    ];

    private readonly InstructionArgument? _before;
    private readonly InstructionArgument? _after;
    private readonly FieldPath? _path;
    private readonly bool _isMapped;

    public MergeField(FieldSource source)
        : base(source)
    {
        var name = Instruction.Argument(0);
        FieldName = name?.Constant?.Trim() ?? "";
        foreach (var (prefix, region) in Regions)
        {
            if (FieldName.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && FieldName.Length > prefix.Length)
            {
                Region = region;
                RegionName = FieldName[prefix.Length..].Trim();
            }
        }

        // An unquoted name of several words is all of them: Word reads { MERGEFIELD First Name } so.
        if (Region == MergeRegion.None && Instruction.Arguments.Count > 1 && Instruction.Arguments.All(argument => argument is { IsQuoted: false, Constant: not null }))
        {
            FieldName = string.Join(' ', Instruction.Arguments.Select(argument => argument.Constant));
        }

        _path = FieldName.Length > 0 ? FieldPath.OfName(FieldName) : null;
        _before = Instruction.ArgumentOf(@"\b");
        _after = Instruction.ArgumentOf(@"\f");
        _isMapped = Instruction.Has(@"\m");
        Problem = _path is null && name?.Nodes is not { Count: > 0 } ? FieldProblem.NotUnderstood(Instruction, "A MERGEFIELD has no field name.", "Insert the merge field again with Mailings > Insert Merge Field.") : null;
    }

    /// <summary>The name of the merge field; empty where nested fields make it.</summary>
    public string FieldName { get; }

    /// <summary>What the name makes of it.</summary>
    public MergeRegion Region { get; }

    /// <summary>The name of the region or image.</summary>
    public string RegionName { get; } = "";

    /// <inheritdoc/>
    public override Problem? Problem { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> ReadsFields => Region != MergeRegion.None ? [] : FieldName.Length > 0 ? [FieldName, .. base.ReadsFields] : base.ReadsFields;

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        var path = _path;
        if (path is null)
        {
            var name = Evaluate(Instruction.Argument(0), scope);
            if (name.Error is not null || name.MissingField is not null || name.Text.Trim().Length == 0)
            {
                return name.Text.Trim().Length == 0 && Problem is not null ? FieldProblem.Error(FieldErrors.MergeFieldMissing, Problem) : name;
            }

            path = FieldPath.OfName(name.Text.Trim());
        }

        if (_isMapped && scope.MappedFields.TryGetValue(FieldName, out var mapped))
        {
            path = FieldPath.OfName(mapped);
        }

        if (!scope.Data.TryResolve(path, out var value))
        {
            return new FieldText("", string.Join('.', path.Names));
        }

        if (value.Kind == MergeValueKind.Group)
        {
            return FieldProblem.Error("", new Problem(ProblemCode.ValueKindMismatch, $"{FieldName} must be a single value, but the record has a group there.")
            {
                Advice = "Name one value of the group, such as address.city.",
                Field = FieldName,
                ValueKind = value.KindName,
            });
        }

        return new FieldText(PlainText.Of(value, scope.CultureOf(Language))) { Value = value.Kind is MergeValueKind.Text or MergeValueKind.List ? default : value };
    }

    /// <inheritdoc/>
    protected override FieldText Finish(FieldText formatted, FieldScope scope)
    {
        if ((_before is null && _after is null) || formatted.Error is not null || formatted.MissingField is not null || string.IsNullOrWhiteSpace(formatted.Text))
        {
            return formatted;
        }

        return new FieldText(string.Concat(Evaluate(_before, scope).Text, formatted.Text, Evaluate(_after, scope).Text));
    }
}
