using MudBlazor;

namespace ClinicFlow.Components;

/// <summary>
/// The look that pages and components share: calm, few colours, room for text. Every pair of text and ground that is
/// used together has a contrast of at least 4.5 : 1, and every border that shows a control one of 3 : 1, light and dark
/// (WCAG 2.2, 1.4.3 and 1.4.11); a test computes it.
/// </summary>
public static class ClinicTheme
{
    private static readonly string[] Fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"];

    /// <summary>The theme, for <see cref="MudThemeProvider"/>.</summary>
    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b6770",
            PrimaryContrastText = "#ffffff",
            Secondary = "#4a5b8c",
            SecondaryContrastText = "#ffffff",
            Tertiary = "#6b4f8a",
            TertiaryContrastText = "#ffffff",
            Info = "#1c5f9e",
            InfoContrastText = "#ffffff",
            Success = "#1f6b3a",
            SuccessContrastText = "#ffffff",
            Warning = "#8a5200",
            WarningContrastText = "#ffffff",
            Error = "#b3261e",
            ErrorContrastText = "#ffffff",
            Dark = "#26323a",
            DarkContrastText = "#ffffff",
            Background = "#f4f7f8",
            BackgroundGray = "#e9eef0",
            Surface = "#ffffff",
            AppbarBackground = "#0d4f57",
            AppbarText = "#ffffff",
            DrawerBackground = "#ffffff",
            DrawerText = "#1d2a30",
            DrawerIcon = "#4a5a62",
            TextPrimary = "#1d2a30",
            TextSecondary = "#4a5a62",
            TextDisabled = "#69777e",
            ActionDefault = "#4a5a62",
            ActionDisabled = "#69777e",
            ActionDisabledBackground = "#e1e7ea",
            LinesDefault = "#d5dde1",
            LinesInputs = "#77868e",
            TableLines = "#d5dde1",
            TableStriped = "#f4f7f8",
            TableHover = "#e9f2f3",
            Divider = "#d5dde1",
            DividerLight = "#e9eef0",
            OverlayDark = "rgba(16,28,33,0.55)",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#6cc5cc",
            PrimaryContrastText = "#06282c",
            Secondary = "#a9b8e8",
            SecondaryContrastText = "#141d38",
            Tertiary = "#cdb4ec",
            TertiaryContrastText = "#27163c",
            Info = "#8fc4f4",
            InfoContrastText = "#06233e",
            Success = "#86d3a0",
            SuccessContrastText = "#06280f",
            Warning = "#f0bd6c",
            WarningContrastText = "#2f1d00",
            Error = "#ffb0a8",
            ErrorContrastText = "#3c0603",
            Dark = "#0c1417",
            DarkContrastText = "#e6edef",
            Background = "#10181b",
            BackgroundGray = "#223037",
            Surface = "#182327",
            AppbarBackground = "#0d2c31",
            AppbarText = "#e6edef",
            DrawerBackground = "#142024",
            DrawerText = "#e6edef",
            DrawerIcon = "#a9b8be",
            TextPrimary = "#e6edef",
            TextSecondary = "#b3c0c5",
            TextDisabled = "#8b9aa0",
            ActionDefault = "#b3c0c5",
            ActionDisabled = "#8b9aa0",
            ActionDisabledBackground = "#26343a",
            LinesDefault = "#31424a",
            LinesInputs = "#7f9098",
            TableLines = "#31424a",
            TableStriped = "#1c282d",
            TableHover = "#20333a",
            Divider = "#31424a",
            DividerLight = "#26343a",
            OverlayDark = "rgba(0,0,0,0.6)",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = "1rem", LineHeight = "1.5", LetterSpacing = "normal" },
            H1 = new H1Typography { FontFamily = Fonts, FontSize = "1.75rem", FontWeight = "600", LineHeight = "1.25", LetterSpacing = "normal" },
            H2 = new H2Typography { FontFamily = Fonts, FontSize = "1.375rem", FontWeight = "600", LineHeight = "1.3", LetterSpacing = "normal" },
            H3 = new H3Typography { FontFamily = Fonts, FontSize = "1.125rem", FontWeight = "600", LineHeight = "1.35", LetterSpacing = "normal" },
            H4 = new H4Typography { FontFamily = Fonts, FontSize = "1rem", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = Fonts, FontSize = "1rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Fonts, FontSize = ".875rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Fonts, FontSize = ".9375rem", FontWeight = "600", TextTransform = "none", LetterSpacing = "normal" },
        },
    };
}
