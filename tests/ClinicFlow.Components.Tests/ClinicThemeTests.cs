using MudBlazor;
using MudBlazor.Utilities;
using Xunit;

namespace ClinicFlow.Components.Tests;

/// <summary>Contrast as WCAG 2.2 computes it (relative luminance, 1.4.3 and 1.4.11).</summary>
public sealed class ClinicThemeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Everything_that_is_read_has_contrast(bool isDark)
    {
        Palette palette = isDark ? ClinicTheme.Theme.PaletteDark : ClinicTheme.Theme.PaletteLight;
        var low = new List<string>();
        void Check(string what, MudColor text, MudColor ground, double least)
        {
            if (Contrast(text, ground) < least)
            {
                low.Add($"{what}: {Contrast(text, ground):0.00} of {least}");
            }
        }

        foreach (var (name, ground) in new[] { ("surface", palette.Surface), ("background", palette.Background), ("gray", palette.BackgroundGray), ("hover", palette.TableHover), ("stripe", palette.TableStriped), ("drawer", palette.DrawerBackground) })
        {
            foreach (var (kind, text) in new[]
            {
                ("primary text", palette.TextPrimary), ("secondary text", palette.TextSecondary), ("primary", palette.Primary), ("secondary", palette.Secondary), ("tertiary", palette.Tertiary),
                ("info", palette.Info), ("success", palette.Success), ("warning", palette.Warning), ("error", palette.Error), ("action", palette.ActionDefault),
            })
            {
                Check($"{kind} on {name}", text, ground, 4.5);
            }

            Check($"input lines on {name}", palette.LinesInputs, ground, 3);
        }

        foreach (var (name, text, ground) in new[]
        {
            ("primary", palette.PrimaryContrastText, palette.Primary), ("secondary", palette.SecondaryContrastText, palette.Secondary), ("tertiary", palette.TertiaryContrastText, palette.Tertiary),
            ("info", palette.InfoContrastText, palette.Info), ("success", palette.SuccessContrastText, palette.Success), ("warning", palette.WarningContrastText, palette.Warning),
            ("error", palette.ErrorContrastText, palette.Error), ("dark", palette.DarkContrastText, palette.Dark), ("app bar", palette.AppbarText, palette.AppbarBackground), ("drawer", palette.DrawerText, palette.DrawerBackground),
        })
        {
            Check($"text on {name}", text, ground, 4.5);
        }

        Assert.Equal([], low);
    }

    [Fact]
    public void Contrast_is_computed_as_WCAG_says()
    {
        Assert.Equal(21, Contrast(new MudColor("#000000"), new MudColor("#ffffff")), 2);
        Assert.Equal(4.48, Contrast(new MudColor("#777777"), new MudColor("#ffffff")), 2);
    }

    private static double Contrast(MudColor one, MudColor other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(MudColor color) => (0.2126 * Linear(color.R)) + (0.7152 * Linear(color.G)) + (0.0722 * Linear(color.B));

    private static double Linear(byte channel) => channel / 255.0 is var c && c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
}
