namespace ClinicFlow.Documents.Model.Reading;

/// <summary>What is kept of one paragraph of the template: the model, once for each place in a table that it was met in. Owned by one reader.</summary>
internal sealed class KeptParagraph
{
    // Table styles with bands have a handful of places; a table that has more is read anew.
    private const int MostPlaces = 16;

    private readonly List<Reading> _readings = [];

    /// <param name="Table">The place in a table.</param>
    /// <param name="Paragraph">The model.</param>
    /// <param name="Findings">What was found while it was read.</param>
    internal sealed record Reading(TableContext Table, Paragraph Paragraph, ConstructScan.Finding[] Findings);

    public Reading? Find(TableContext table)
    {
        foreach (var reading in _readings)
        {
            if (ReferenceEquals(reading.Table, table))
            {
                return reading;
            }
        }

        return null;
    }

    public void Add(Reading reading)
    {
        if (_readings.Count < MostPlaces)
        {
            _readings.Add(reading);
        }
    }
}
