using Xunit.Sdk;
using Xunit.v3;

namespace ClinicFlow.Tests;

/// <summary>
/// Begins with the classes that take minutes, so that short ones fill what is left beside the last of them. No test needs an order;
/// what each took, a run with <c>-result-xml FILE</c> tells.
/// </summary>
internal sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [".AheadOfTimeTests", ".PostgresCrashTests", ".SqliteCrashTests", ".ContainerTests", ".DrainTests", ".SlowTests", ".EmbedTests", ".TypingTests", ".RestartTests", ".LongWorkTests", ".EveryPageTests", ".BatchFlowTests", ".TabsTests"];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
        => [.. testCollections.OrderBy(tests => Array.FindIndex(Long, name => tests.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) is >= 0 and var place ? place : int.MaxValue)];
}
