using Xunit.Sdk;
using Xunit.v3;

namespace ClinicFlow.Web.Tests.Browser;

/// <summary>Begins with the flows, which take minutes, so that the short tests of pages fill what is left beside the last of them. No test needs an order.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
        => [.. testCollections.OrderBy(tests => tests.TestCollectionDisplayName.Contains(".Flows.", StringComparison.Ordinal) ? 0 : 1).ThenBy(tests => tests.TestCollectionDisplayName, StringComparer.Ordinal)];
}
