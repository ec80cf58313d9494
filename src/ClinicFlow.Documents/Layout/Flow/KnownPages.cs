namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>What an earlier layout of the same document found, for fields that show it.</summary>
/// <param name="Pages">Its pages; empty where there was none.</param>
/// <param name="SectionPages">How many pages each section has.</param>
/// <param name="Styles">Styles whose text is asked for.</param>
internal sealed record KnownPages(IReadOnlyList<FlowPage> Pages, IReadOnlyList<int> SectionPages, IReadOnlySet<string> Styles)
{
    /// <summary>What STYLEREF shows on a page: the first paragraph of the style there, else the last one before.</summary>
    public Func<string, string?>? StyleTextOn(int page)
    {
        if (Styles.Count == 0 || page >= Pages.Count)
        {
            return null;
        }

        return style =>
        {
            if (Pages[page].StyleTexts.TryGetValue(style, out var here))
            {
                return here.First;
            }

            for (var i = page - 1; i >= 0; i--)
            {
                if (Pages[i].StyleTexts.TryGetValue(style, out var before))
                {
                    return before.Last;
                }
            }

            return null;
        };
    }
}
