using Microsoft.Playwright;

namespace ClinicFlow.Web.Tests.Browser;

/// <summary>Pictures of the pages, for people to look at: under <c>artifacts/screenshots</c>.</summary>
internal static class Screenshots
{
    private static readonly string Folder = Checkout.PathOf("artifacts", "screenshots");

    /// <summary>Takes one.</summary>
    public static async Task TakeAsync(IPage page, string name)
    {
        Directory.CreateDirectory(Folder);

        // What is fixed to the window, as the navigation is, reaches down the whole picture.
        var size = page.ViewportSize!;
        var height = await page.EvaluateAsync<int>("document.documentElement.scrollHeight");
        if (height > size.Height)
        {
            await page.SetViewportSizeAsync(size.Width, Math.Min(height, 4_000));
        }

        var picture = await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, name + ".png"), Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide });
        await page.SetViewportSizeAsync(size.Width, size.Height);
        Assert.True(picture.Length > 2_000);
    }

    /// <summary>Takes one of what fits into the window.</summary>
    public static async Task TakeTopAsync(IPage page, string name)
    {
        Directory.CreateDirectory(Folder);
        var picture = await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, name + ".png"), Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide });
        Assert.True(picture.Length > 2_000);
    }
}
