namespace ClinicFlow.Documents;

/// <summary>What a field's values look like, guessed from how the template uses it.</summary>
public enum FieldType
{
    /// <summary>Text, or anything.</summary>
    Text,

    /// <summary>A number: it has a number format or is calculated with.</summary>
    Number,

    /// <summary>A date: it has a date format.</summary>
    Date,

    /// <summary>Yes or no: a condition or a checkbox.</summary>
    Boolean,

    /// <summary>A list: it is repeated over.</summary>
    List,

    /// <summary>An image.</summary>
    Image,
}

/// <summary>A merge field of a template.</summary>
/// <param name="Name">The name as first written, with its path: <c>patient.name</c>; inside a list <c>visits.date</c>.</param>
/// <param name="Type">The guess of what it holds.</param>
/// <param name="IsOptional">Whether a record without it is fine: a content control or form field that keeps its own content then, or a field with a <c>default</c>.</param>
/// <param name="Places">Where it stands.</param>
public sealed record TemplateField(string Name, FieldType Type, bool IsOptional, IReadOnlyList<Place> Places);

/// <summary>A question that a template asks once a job (ASK, FILLIN).</summary>
/// <param name="Name">The bookmark name, or the prompt where there is none.</param>
/// <param name="Prompt">The question.</param>
/// <param name="Default">The answer where none is given.</param>
public sealed record TemplateParameter(string Name, string Prompt, string Default);
