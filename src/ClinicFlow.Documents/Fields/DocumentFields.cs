using System.Globalization;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Fields.Formats;

namespace ClinicFlow.Documents.Fields;

/// <summary>DATE and TIME (ECMA-376 Part 1 §17.16.5.13, §17.16.5.72): the job's date and time, the same in all its documents.</summary>
internal sealed class DateField(FieldSource source) : WordField(source)
{
    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
        => new(scope.JobTime.ToString(Name == "TIME" ? "t" : "d", scope.CultureOf(Language))) { Value = MergeValue.From(scope.JobTime) };
}

/// <summary>CREATEDATE, SAVEDATE, PRINTDATE (§17.16.5.12, .55, .47): when the document was made and saved, which is the job's time; PRINTDATE is never.</summary>
internal sealed class DocumentDateField(FieldSource source) : WordField(source)
{
    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        var date = Name == "PRINTDATE" ? DateTime.MinValue : scope.JobTime;
        return Name == "PRINTDATE" && !Format.IsDate ? new FieldText("") : new FieldText(date.ToString("g", scope.CultureOf(Language))) { Value = MergeValue.From(date) };
    }
}

/// <summary>AUTHOR, TITLE, SUBJECT, KEYWORDS, COMMENTS: a property of the document, or the text that the field gives itself.</summary>
internal sealed class PropertyField(FieldSource source) : WordField(source)
{
    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
        => Instruction.Argument(0) is { } given ? given.Evaluate(scope) : new FieldText(scope.Properties.GetValueOrDefault(Name, ""));
}

/// <summary>DOCPROPERTY (§17.16.5.16): any property by its name.</summary>
internal sealed class DocPropertyField(FieldSource source) : WordField(source)
{
    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        var name = Evaluate(Instruction.Argument(0), scope);
        if (name.Error is not null || name.MissingField is not null)
        {
            return name;
        }

        return scope.Properties.TryGetValue(name.Text.Trim(), out var value) ? DocumentValue.Of(value, scope.CultureOf(Language))
            : FieldProblem.Error(FieldErrors.UnknownProperty, FieldProblem.NotUnderstood(Instruction, $"The document has no property {FieldProblem.Shorten(name.Text)}.",
                Tags.DidYouMean.Find(name.Text, scope.Properties.Keys) is { } near ? $"Did you mean {near}?" : "Add it under File > Info > Properties > Advanced Properties > Custom."));
    }
}

/// <summary>DOCVARIABLE (§17.16.5.17).</summary>
internal sealed class DocVariableField(FieldSource source) : WordField(source)
{
    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        var name = Evaluate(Instruction.Argument(0), scope);
        return name.Error is not null || name.MissingField is not null ? name
            : scope.Variables.TryGetValue(name.Text.Trim(), out var value) ? DocumentValue.Of(value, scope.CultureOf(Language))
            : FieldProblem.Error(FieldErrors.VariableMissing, FieldProblem.NotUnderstood(Instruction, $"The document has no variable {FieldProblem.Shorten(name.Text)}."));
    }
}

/// <summary>FILENAME (§17.16.5.21).</summary>
internal sealed class FileNameField(FieldSource source) : WordField(source)
{
    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope) => new(scope.FileName);
}

/// <summary>Properties and variables are texts that may write a number or a date.</summary>
internal static class DocumentValue
{
    public static FieldText Of(string text, CultureInfo culture)
        => text.Length >= 8 && DateText.TryRead(text, CultureInfo.InvariantCulture, out var date) && char.IsAsciiDigit(text[0]) && text.Contains('-', StringComparison.Ordinal)
            ? new FieldText(date.ToString(date.TimeOfDay == TimeSpan.Zero ? "d" : "g", culture)) { Value = MergeValue.From(date) }
            : new FieldText(text);
}
