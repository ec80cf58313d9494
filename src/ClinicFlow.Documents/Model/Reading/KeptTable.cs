namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// A table whose XML comes again in the next document, but for its paragraphs. Of its cells only those have content here in which no record changes anything.
/// </summary>
/// <param name="Table">The table.</param>
/// <param name="Cells">Of each row's cells, where their content is.</param>
internal sealed record KeptTable(Table Table, KeptCell[][] Cells);

/// <summary>A cell of such a table.</summary>
/// <param name="Element">The cell, in the tree that has the table.</param>
/// <param name="Context">Its place in the table.</param>
internal readonly record struct KeptCell(Element Element, TableContext Context);
