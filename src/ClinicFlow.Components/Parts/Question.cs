namespace ClinicFlow.Components.Parts;

/// <summary>Something that is asked before it is done.</summary>
/// <param name="Title">The question.</param>
/// <param name="Text">What is lost, and what is not.</param>
/// <param name="Yes">The button that does it, named after what it does.</param>
/// <param name="No">The button that leaves all as it is.</param>
internal sealed record Question(string Title, string Text, string Yes, string No);
