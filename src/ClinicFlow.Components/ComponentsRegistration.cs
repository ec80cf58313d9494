using ClinicFlow.Client;
using ClinicFlow.Components.Browser;
using ClinicFlow.Components.Words;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor.Services;

namespace ClinicFlow.Components;

/// <summary>How the components fit into an app.</summary>
public sealed record ClinicFlowComponentsOptions
{
    /// <summary>Where the server is, as the reader's browser sees it, for downloads; empty, the default, where the app is the server's own.</summary>
    public string ServerAddress { get; init; } = "";

    /// <summary>How large a file of patients' data may be that is given to the page, in bytes. Default 256 MiB.</summary>
    public long MaxDataBytes { get; init; } = 256L << 20;

    /// <summary>How large a template may be, in bytes. Default 64 MiB, the most that a server takes.</summary>
    public long MaxTemplateBytes { get; init; } = 64L << 20;

    /// <summary>For how long a batch that was not started is kept in the reader's browser. Default one day.</summary>
    public TimeSpan DraftLifetime { get; init; } = TimeSpan.FromDays(1);
}

/// <summary>Puts the components into an app.</summary>
public static class ComponentsRegistration
{
    /// <summary>
    /// Adds what the components need. The app itself adds a <see cref="ClinicFlowClient"/> that is signed in as the
    /// reader: scoped, so that no reader ever gets another's. MudBlazor's services come with it.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="options">What is not as usual.</param>
    public static IServiceCollection AddClinicFlowComponents(this IServiceCollection services, ClinicFlowComponentsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        options ??= new ClinicFlowComponentsOptions();
        services.AddMudServices();
        services.AddSingleton(options);
        services.AddSingleton(new ApiAddresses(options.ServerAddress));
        services.AddScoped<BrowserPage>();
        services.AddScoped<Reader>();
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }
}
