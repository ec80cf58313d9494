using ClinicFlow.Documents.Engines;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClinicFlow.Batch;

/// <summary>Puts the engine into a .NET host.</summary>
public static class BatchRegistration
{
    /// <summary>
    /// Adds the engine, which starts and stops with the host; its settings are those of the section <c>BatchProcessing</c>,
    /// checked when the host starts. An <see cref="IPdfConverter"/>, a <see cref="TimeProvider"/> and ASP.NET Data
    /// Protection are taken from the host where it has them. Ask for the <see cref="BatchEngineHost"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The host's configuration.</param>
    public static IServiceCollection AddClinicFlowBatch(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<BatchProcessingConfig>().Bind(configuration.GetSection(BatchProcessingConfig.Section), binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<BatchProcessingConfig>, Validation>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<BatchEngineHost>();
        services.AddHostedService(provider => provider.GetRequiredService<BatchEngineHost>());
        return services;
    }

    private sealed class Validation : IValidateOptions<BatchProcessingConfig>
    {
        public ValidateOptionsResult Validate(string? name, BatchProcessingConfig options)
            => options.Validate() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems.Select(problem => problem.ToString())) : ValidateOptionsResult.Success;
    }
}

/// <summary>The engine of a .NET host: opened when the host starts, stopped with it.</summary>
public sealed class BatchEngineHost : IHostedService, IAsyncDisposable
{
    private readonly IOptions<BatchProcessingConfig> _config;
    private readonly BatchEngineParts _parts;
    private BatchEngine? _engine;

    /// <summary>Prepares the engine; nothing is opened before the host starts.</summary>
    public BatchEngineHost(IOptions<BatchProcessingConfig> config, TimeProvider time, ILoggerFactory loggers, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _config = config;
        _parts = new BatchEngineParts
        {
            Pdf = services.GetService<IPdfConverter>(),
            DataProtection = services.GetService<IDataProtectionProvider>(),
            Time = time,
            Loggers = loggers,
        };
    }

    /// <summary>The engine.</summary>
    /// <exception cref="InvalidOperationException">The host has not started.</exception>
    public BatchEngine Engine => _engine ?? throw new InvalidOperationException("The host has not started.");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _engine = await BatchEngine.OpenAsync(_config.Value, _parts, cancellationToken).ConfigureAwait(false);
        _engine.Start();
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _engine?.StopAsync() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _engine?.DisposeAsync() ?? ValueTask.CompletedTask;
}
