namespace ClinicFlow.Documents.Layout.Pages;

/// <summary>An area that leads somewhere when it is clicked. Exactly one of the two targets is set.</summary>
/// <param name="Area">In fragment coordinates.</param>
/// <param name="Uri">An address outside the document.</param>
/// <param name="Destination">Name of a <see cref="Pages.Destination"/>; one that does not exist is ignored.</param>
/// <param name="Structure">Its link node, relative as in <see cref="PageItem.Structure"/>.</param>
internal sealed record LinkArea(Box Area, string? Uri, string? Destination, int Structure);

/// <summary>A named place.</summary>
/// <param name="Name">The bookmark's name.</param>
/// <param name="Page">Index of the page, from 0.</param>
/// <param name="X">From the left edge.</param>
/// <param name="Y">From the top edge.</param>
internal sealed record Destination(string Name, int Page, double X, double Y);

/// <summary>A heading.</summary>
/// <param name="Title">Its text.</param>
/// <param name="Level">1 to 9.</param>
/// <param name="Page">Index of the page, from 0.</param>
/// <param name="Y">From the top edge.</param>
internal sealed record OutlineEntry(string Title, int Level, int Page, double Y);

/// <summary>What a file says of itself.</summary>
/// <param name="Title">Null: none.</param>
/// <param name="Author">Null: none.</param>
/// <param name="Subject">Null: none.</param>
/// <param name="Keywords">Null: none.</param>
/// <param name="Language">BCP 47 tag of most of the text; "" where unknown.</param>
internal sealed record DocumentFacts(string? Title, string? Author, string? Subject, string? Keywords, string Language);
