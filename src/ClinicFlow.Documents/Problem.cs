namespace ClinicFlow.Documents;

/// <summary>How much a <see cref="Problem"/> matters.</summary>
public enum ProblemSeverity
{
    /// <summary>Documents are made; the author should look.</summary>
    Warning,

    /// <summary>No document is made from this template, or from this record, until it is mended.</summary>
    Error,
}

/// <summary>
/// One thing that is wrong with a template or with a record, with its place and its cure. Problems are
/// collected and reported all at once. They name fields, rows and columns, and never hold a merge value.
/// </summary>
/// <param name="Code">A stable code of <see cref="ProblemCode"/>, for programs to switch on.</param>
/// <param name="Message">One sentence: what is wrong.</param>
public sealed record Problem(string Code, string Message)
{
    /// <summary>What to do about it, in the words of somebody who knows Word; empty where the message says it.</summary>
    public string Advice { get; init; } = "";

    /// <summary>Whether documents can be made all the same.</summary>
    public ProblemSeverity Severity { get; init; } = ProblemSeverity.Error;

    /// <summary>Where in the template; <see cref="Place.Nowhere"/> for a problem of the data alone.</summary>
    public Place Place { get; init; } = Place.Nowhere;

    /// <summary>The merge field concerned, as the template writes it; empty where none is.</summary>
    public string Field { get; init; } = "";

    /// <summary>The number of the record in its source (a line or row a person can go to), counted from 1; 0 where none is concerned.</summary>
    public long Row { get; init; }

    /// <summary>What kind of value stood there (<c>text</c>, <c>number</c>, <c>list</c> …); empty where no value is concerned. Never the value.</summary>
    public string ValueKind { get; init; } = "";
}

/// <summary>
/// A place in a template that holds whatever the page size: the part, the paragraph or table cell in it,
/// the heading it stands under and the text around it.
/// </summary>
/// <param name="Part">The story: <c>body</c>, <c>header 1</c>, <c>footer 2</c>, <c>footnotes</c> …; empty for nowhere.</param>
/// <param name="Position">The position in the story, such as <c>paragraph 12</c> or <c>table 2, row 3, column 1</c>.</param>
/// <param name="Heading">The nearest heading above, or empty.</param>
/// <param name="Text">The template's own text around the place, at most some 60 characters, or empty.</param>
public sealed record Place(string Part, string Position, string Heading = "", string Text = "")
{
    /// <summary>No place in the template.</summary>
    public static Place Nowhere { get; } = new("", "");

    /// <inheritdoc/>
    public override string ToString() => (Part, Position) switch
    {
        ("", _) => "",
        (_, "") => Part,
        _ => $"{Part}, {Position}",
    };
}
