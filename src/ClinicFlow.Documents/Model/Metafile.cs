using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model;

/// <summary>What a metafile draws, in painting order.</summary>
internal sealed record Metafile(ImmutableArray<MetafileShape> Shapes);

/// <summary>A line, outline or area of a metafile.</summary>
/// <param name="Path">In parts of the picture's width and height: 0,0 is the top left and 1,1 the bottom right corner.</param>
/// <param name="Fill">Null for none.</param>
/// <param name="Line">Null for none.</param>
/// <param name="LineWidth">In parts of the picture's width; 0 for as thin as can be.</param>
internal sealed record MetafileShape(ImmutableArray<PathStep> Path, Rgb? Fill, Rgb? Line, double LineWidth);
