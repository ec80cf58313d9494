using System.Runtime.CompilerServices;
using Microsoft.Playwright;

namespace ClinicFlow.Web.Tests.Browser;

/// <summary>Pictures of the pages, for people to look at: under <c>artifacts/screenshots</c>.</summary>
internal static class Screenshots
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "artifacts", "screenshots"));

    /// <summary>Takes one.</summary>
    public static async Task TakeAsync(IPage page, string name, bool whole = true)
    {
        Directory.CreateDirectory(Folder);
        var picture = await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, name + ".png"), FullPage = whole, Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide });
        Assert.True(picture.Length > 2_000);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
