namespace ClinicFlow.Documents.Model;

/// <summary>A striped or crossed shading (w:shd): dots of two colours. What is behind the text as one colour, for those that ask for one, stands beside it.</summary>
/// <param name="Dots">Eight rows of eight, the first row and the leftmost dot in the highest bits.</param>
/// <param name="Fore">The dots' colour.</param>
/// <param name="Back">The colour between them.</param>
internal sealed record ShadingDots(ulong Dots, Rgb Fore, Rgb Back);
