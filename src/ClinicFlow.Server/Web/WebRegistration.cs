using System.Globalization;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Web.Calls;
using ClinicFlow.Server.Web.Shell;
using Microsoft.AspNetCore.Localization;
using ClinicFlow.Components;

namespace ClinicFlow.Server.Web;

/// <summary>Puts the web app into the server: pages that a live connection moves, over the same API as everybody uses.</summary>
internal static class WebRegistration
{
    /// <summary>The largest message of a browser; what is longer comes as a stream.</summary>
    private const long MaxMessageBytes = 128 << 10;

    public static void AddWeb(this WebApplicationBuilder builder)
    {
        var services = builder.Services;

        // Files of pages lie beside the program, wherever it is started. While it is not published they are where the build found them.
        builder.WebHost.UseStaticWebAssets();

        // Files are served as they were built. Watching for changed ones would add an endpoint for every name, which no rule could be put on.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(10);
            circuits.DisconnectedCircuitMaxRetained = 200;
        }).AddHubOptions(hub => hub.MaximumReceiveMessageSize = MaxMessageBytes);
        services.AddCascadingAuthenticationState();
        services.AddPageRules();
        services.AddClinicFlowComponents();
        services.AddSingleton<PageCalls>().AddSingleton<OwnAddress>();
        services.AddScoped<PageClient>().AddScoped(provider => provider.GetRequiredService<PageClient>().Client);
        services.AddScoped<Reader>();
    }

    /// <summary>What comes first of all: a page's call is made to count as the reader's.</summary>
    public static void UsePageCalls(this WebApplication app) => app.Use(app.Services.GetRequiredService<PageCalls>().Recognize);

    /// <summary>What pages need of a request, after it is known who asks.</summary>
    public static void UseWeb(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<PageCalls>().Hand);
        app.UseAntiforgery();
        app.UseWhen(http => PageRules.IsForPage(http) || http.Request.Path.StartsWithSegments("/_blazor"), pages => pages.UseRequestLocalization(ReadersCulture()));
    }

    public static void MapWeb(this WebApplication app)
    {
        app.MapStaticAssets().OpenToAll().DisableRateLimiting();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null).Add(PageRules.Put);
    }

    /// <summary>Numbers and dates as the reader's browser asks for them; the words are English.</summary>
    private static RequestLocalizationOptions ReadersCulture() => new()
    {
        DefaultRequestCulture = new RequestCulture(CultureInfo.GetCultureInfo("en-GB"), CultureInfo.GetCultureInfo("en")),
        SupportedCultures = CultureInfo.GetCultures(CultureTypes.SpecificCultures),
        SupportedUICultures = [CultureInfo.GetCultureInfo("en")],
        RequestCultureProviders = [new AcceptLanguageHeaderRequestCultureProvider()],
    };
}
