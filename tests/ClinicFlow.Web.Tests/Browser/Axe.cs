using System.Text.Json;
using Microsoft.Playwright;

namespace ClinicFlow.Web.Tests.Browser;

/// <summary>axe-core, run in the page: what it finds against WCAG 2.2 A and AA, and the usual practice.</summary>
public sealed class Axe
{
    private readonly Lazy<Task<string>> _script = new(() => Task.Run(async ()
        => await File.ReadAllTextAsync(Path.Combine(await Npm.InstallAsync("axe", Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Browser", "axe")).Order(StringComparer.Ordinal).ToArray()), "node_modules", "axe-core", "axe.min.js"))));

    /// <summary>Holds a page to the rules.</summary>
    public async Task CheckAsync(IPage page, string what)
    {
        var found = await FindAsync(page);

        Assert.True(found.Count == 0, $"{what}:\n{string.Join('\n', found)}");
    }

    /// <summary>What is wrong with a page.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(IPage page)
    {
        await page.EvaluateAsync(await _script.Value + "\n;undefined");
        var result = await page.EvaluateAsync<JsonElement>(
            """
            async () => {
                const { violations, passes } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] });
                return { passed: passes.length, violations: violations.map(v => `${v.id} (${v.impact}): ${v.help}\n  ${v.nodes.slice(0, 4).map(n => n.html.slice(0, 220) + '\n    ' + (n.failureSummary ?? '').replaceAll('\n', ' ')).join('\n  ')}`) };
            }
            """);

        // A run that looked at nothing finds nothing.
        Assert.True(result.GetProperty("passed").GetInt32() > 5);
        return [.. result.GetProperty("violations").EnumerateArray().Select(violation => violation.GetString()!)];
    }
}
